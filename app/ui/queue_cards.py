"""Paints the cards of the queue's list: headings, frames, the chosen and the hovered row, the lines between.

The rows' own words are drawn by `RowPainter`. Everything is given in; nothing here knows the widget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter

from app.ui import theme
from app.ui.parts import paint_card, paint_focus, paint_text
from app.ui.queue_groups import HEAD, Group, Groups
from app.ui.queue_rows import CLOCK_LEFT, CLOCK_WIDTH, Row, RowPainter
from app.ui.theme import RADIUS, SPACE, TEXT

__all__ = ["Scene", "paint_cards"]

_HEAD_TEXT = 24


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be painted."""

    groups: Groups
    row: Callable[[int], Row]
    """The shaped cells of a row."""
    left: int
    width: int
    """Of the cards, in the viewport."""
    offset: int
    """How far the list is scrolled."""
    chosen: int
    hovered: int
    ringed: bool
    """Whether the keyboard is in the list, to be shown on the chosen row."""
    now: datetime
    live: bool
    ratio: float


def paint_cards(painter: QPainter, dirty: QRect, scene: Scene, rows: RowPainter) -> None:
    """Paint what lies in `dirty`; where that is the countdown column alone, only its words are drawn."""
    look, left = theme.current(), scene.left
    painter.fillRect(dirty, look.paper)
    painter.setClipRect(dirty)
    clock_left = left + CLOCK_LEFT
    clock_only = dirty.left() >= clock_left and dirty.right() < clock_left + CLOCK_WIDTH
    for group in scene.groups.all:
        top, bottom = group.rows_top - scene.offset, group.bottom - scene.offset
        if bottom < dirty.top() or top - HEAD > dirty.bottom():
            continue
        if top > dirty.top():
            _paint_head(painter, group, QRect(left, top - HEAD, scene.width, HEAD))
        # The painter need not know how tall the whole card is.
        card_top, card_bottom = max(top, dirty.top() - 40), min(bottom, dirty.bottom() + 40)
        frame = QRect(left, card_top, scene.width, card_bottom - card_top)
        paint_card(painter, frame, look.card, look.line, RADIUS.card)
        first = max(group.first, group.first + (dirty.top() - top) // SPACE.row)
        last = min(group.end, group.first + (dirty.bottom() - top) // SPACE.row + 1)
        _paint_grounds(painter, group, frame, range(first, last), scene)
        in_sight = [(group.y_of(row) - scene.offset, scene.row(row)) for row in range(first, last)]
        rows.paint(
            painter, in_sight, left, scene.now, clock_only=clock_only, live=scene.live, ratio=scene.ratio
        )


def _paint_head(painter: QPainter, group: Group, box: QRect) -> None:
    look = theme.current()
    line = QRect(box.x() + 2, box.y() + HEAD - _HEAD_TEXT - 8, box.width() - 4, _HEAD_TEXT)
    used = paint_text(painter, line, group.title, look.ink_mid, TEXT.small, 600)
    rest = line.adjusted(round(used) + 16, 0, 0, 0)
    if rest.width() > 40:
        right = Qt.AlignmentFlag.AlignRight
        paint_text(painter, rest, group.aside, look.ink_soft, TEXT.small, 600, right)


def _paint_grounds(painter: QPainter, group: Group, frame: QRect, rows: range, scene: Scene) -> None:
    """The chosen row's tint and bar, the hovered row's tint, the lines between rows."""
    look, inner = theme.current(), frame.adjusted(1, 1, -1, -1)

    def box_of(row: int) -> QRect:
        return QRect(inner.x(), group.y_of(row) - scene.offset, inner.width(), SPACE.row)

    for row, ground in ((scene.hovered, look.hover), (scene.chosen, look.select_tint)):
        if row in rows:
            box = box_of(row).intersected(inner)
            _fill(painter, box, ground, is_first=row == group.first, is_last=row == group.end - 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(look.line)
    for row in range(max(rows.start, group.first + 1), min(rows.stop + 1, group.end)):
        y = group.y_of(row) - scene.offset
        painter.drawLine(inner.left(), y, inner.right(), y)
    if scene.chosen in rows:
        box = box_of(scene.chosen)
        bar = QRect(inner.left() - 1, box.y() + 1, 3, SPACE.row - 1)
        painter.fillRect(bar.intersected(frame), look.select)
        if scene.ringed:
            paint_focus(painter, box, RADIUS.chip, look.select_tint)


def _fill(painter: QPainter, box: QRect, ground: QColor, *, is_first: bool, is_last: bool) -> None:
    """Fill a row's box, with the card's round corners where it is the card's first or last."""
    if not is_first and not is_last:
        painter.fillRect(box, ground)
        return
    radius = RADIUS.card - 1
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    up, down = (0 if is_first else radius), (0 if is_last else radius)
    painter.drawRoundedRect(box.adjusted(0, -up, 0, down), radius, radius)
    painter.restore()
