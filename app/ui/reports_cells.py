"""How the cells of a report's table are painted: numbers, the squares of a heat map, the bars of a funnel.

Pure painting on any painter, so that a screen, a picture and a page of paper show the same.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.domain.report import Cell, Column, Draw, Table, Unit
from app.domain.report_words import cell_words, interval_words
from app.ui.parts import paint_chip, paint_ground, paint_text, text_width
from app.ui.theme import RADIUS, SPACE, TEXT, Look

__all__ = ["ROWS", "SIDE", "Sizes", "drawn_of", "paint_cell", "paint_rule", "scale_of", "sizes_of"]

_RIGHT = Qt.AlignmentFlag.AlignRight
_LEFT = Qt.AlignmentFlag.AlignLeft
_CENTRE = Qt.AlignmentFlag.AlignHCenter
_WIDEST_TEXT = 320
SIDE = 9
ROWS = {Draw.TABLE: 32, Draw.HEAT: 38, Draw.FUNNEL: 40}


def drawn_of(table: Table) -> Table:
    """What is drawn of a table: of a heat map not the columns before the first number and after the last."""
    if table.draw is not Draw.HEAT:
        return table
    there = [
        place
        for place in range(1, len(table.columns))
        if any(row[place].value is not None for row in table.rows)
    ]
    if not there:
        return table
    ends = slice(there[0], there[-1] + 1)
    return replace(
        table,
        columns=(table.columns[0], *table.columns[ends]),
        rows=tuple((row[0], *row[ends]) for row in table.rows),
    )


class Sizes:
    """How wide each column of a table wants to be, and whether its intervals have room beside the numbers."""

    def __init__(self, widths: list[int], least: list[int], beside: list[int]) -> None:
        self.widths, self.least, self.beside = widths, least, beside

    @property
    def least_width(self) -> int:
        """Pixels below which a table scrolls sideways."""
        return sum(self.least)

    def fitted(self, room: int) -> tuple[list[int], list[int]]:
        """The columns' widths in so many pixels, and how much of each is for the interval (0: not shown)."""
        whole = [width + beside for width, beside in zip(self.widths, self.beside, strict=True)]
        beside = self.beside if sum(whole) <= room else [0] * len(self.beside)
        widths = [width + extra for width, extra in zip(self.widths, beside, strict=True)]
        over = sum(widths) - room
        for place, least in enumerate(self.least):
            if over <= 0 or self.least_width > room:  # it scrolls anyway, so nothing need be cut
                break
            given = min(over, widths[place] - least)
            widths[place] -= given
            over -= given
        if over < 0 and widths:
            # The first column, which says whose the numbers are, takes half of what is over; the others share the rest.
            spare = -over
            widths[0] += spare // 2 if len(widths) > 1 else spare
            share, odd = divmod(spare - spare // 2, max(len(widths) - 1, 1))
            for place in range(1, len(widths)):
                widths[place] += share + (place <= odd)
        return widths, beside


def sizes_of(table: Table) -> Sizes:
    """What a table's columns want, by what stands in them."""
    widths, least, beside = [], [], []
    for place, column in enumerate(table.columns):
        words = [cell_words(column, row[place]) for row in table.rows[:200]]
        text = column.unit is Unit.TEXT
        wide = max((text_width(word, TEXT.body, 400 if place else 600) for word in words), default=20)
        wide = min(ceil(wide) + 1, _WIDEST_TEXT)
        head = text_width(column.title, TEXT.small, 600) + 12
        widths.append(ceil(max(wide, head)) + 2 * SIDE)
        # A head is never cut, nor a number; only words give way.
        least.append(min(widths[-1], ceil(max(head, 90)) + 2 * SIDE) if text else widths[-1])
        spans = [interval_words(column.unit, row[place]) for row in table.rows[:200]]
        extra = max((text_width(span, TEXT.caption) for span in spans), default=0)
        beside.append(ceil(extra) + 8 if extra else 0)
    return Sizes(widths, least, beside)


def paint_cell(
    painter: QPainter,
    rect: QRect,
    table: Table,
    place: int,
    cell: Cell,
    look: Look,
    *,
    beside: int = 0,
    scale: tuple[float, float] = (0.0, 1.0),
) -> None:
    """One cell. `beside` pixels at its right are for the interval; `scale` are the least and the most of a heat map,
    or of a funnel's steps."""
    column = table.columns[place]
    if table.draw is Draw.HEAT and place:
        _paint_heat(painter, rect, column, cell, look, scale)
        return
    if table.draw is Draw.FUNNEL and place == 1:
        _paint_step(painter, rect, column, cell, look, scale[1])
        return
    inner = rect.adjusted(SIDE, 0, -SIDE, 0)
    words = cell_words(column, cell)
    if column.unit is Unit.TEXT or not place:
        ink = look.ink_faint if table.draw is Draw.HEAT else look.ink
        size = TEXT.small if table.draw is Draw.HEAT else TEXT.body
        paint_text(painter, inner, words, ink, size, 400 if place or table.draw is Draw.HEAT else 600, _LEFT)
        return
    if beside:
        span = QRect(inner.right() + 1 - beside, inner.y() + 1, beside, inner.height())
        paint_text(
            painter, span, interval_words(column.unit, cell), look.ink_faint, TEXT.caption, 400, _RIGHT
        )
        inner.setRight(inner.right() - beside)
    # Less of a time is no loss.
    minus = column.unit is not Unit.SPAN and isinstance(cell.value, int | float) and cell.value < 0
    foreign = column.key in table.beside
    ink = look.ink_faint if cell.value is None else look.danger if minus else look.ink
    paint_text(painter, inner, words, look.ink_soft if foreign else ink, TEXT.body, 400, _RIGHT)


def heat_words(column: Column, cell: Cell) -> str:
    """A number short enough for a square: shares without their sign, since the head says what they are."""
    if column.unit is Unit.SHARE and isinstance(cell.value, int | float):
        return f"{cell.value * 100:.0f}"
    return cell_words(column, cell)


def heat_colours(look: Look, at: float) -> tuple[QColor, QColor]:
    """Ground and ink of a square that is so far (0 to 1) between the least and the most."""
    low, high = look.card, look.good_mark
    share = 0.06 + 0.68 * min(max(at, 0.0), 1.0)
    ground = QColor.fromRgbF(
        low.redF() + (high.redF() - low.redF()) * share,
        low.greenF() + (high.greenF() - low.greenF()) * share,
        low.blueF() + (high.blueF() - low.blueF()) * share,
    )
    return ground, look.ink


def _paint_heat(
    painter: QPainter, rect: QRect, column: Column, cell: Cell, look: Look, scale: tuple[float, float]
) -> None:
    square = rect.adjusted(2, 2, -2, -2)
    if not isinstance(cell.value, int | float):
        paint_chip(painter, square, cell_words(column, cell), look.ink_faint, look.hover, weight=400)
        return
    least, most = scale
    at = (cell.value - least) / (most - least) if most > least else 0.5
    ground, ink = heat_colours(look, at)
    words = heat_words(column, cell)
    paint_chip(painter, QRectF(square), "", ink, ground)
    paint_text(painter, square, words, ink, TEXT.caption, 500, _CENTRE)  # to its edges: a square may be small


def _paint_step(painter: QPainter, rect: QRect, column: Column, cell: Cell, look: Look, most: float) -> None:
    inner = rect.adjusted(SIDE, 7, -SIDE, -7)
    words = cell_words(column, cell)
    room = round(text_width(words, TEXT.body, 600)) + SPACE.gap
    value = cell.value if isinstance(cell.value, int | float) else 0
    wide = max(round((inner.width() - room) * value / most), 3) if most > 0 else 3
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.select)
    painter.drawRoundedRect(QRectF(inner.x(), inner.y(), wide, inner.height()), RADIUS.cap, RADIUS.cap)
    text = QRect(inner.x() + wide + SPACE.gap, inner.y(), inner.width() - wide, inner.height())
    paint_text(painter, text, words, look.ink, TEXT.body, 600, _LEFT)


def scale_of(table: Table) -> tuple[float, float]:
    """The least and the most number that a heat map or a funnel shows."""
    places = slice(1, 2) if table.draw is Draw.FUNNEL else slice(1, None)
    values = [
        float(cell.value) for row in table.rows for cell in row[places] if isinstance(cell.value, int | float)
    ]
    return (min(values), max(values)) if values else (0.0, 1.0)


def paint_rule(painter: QPainter, rect: QRect, look: Look) -> None:
    """The hair line under a row."""
    paint_ground(painter, QRect(rect.left(), rect.bottom(), rect.width(), 1), look.line)
