"""What happened to a lead, newest first: a list with a dot, a line of words and a time for each entry.

An item view with a delegate, so that a screen reader can walk it; it never scrolls by itself but is as tall
as what it shows, within the card's own scroll area. A long history shows its newest part and offers the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.events import ClockBreached, Entry
from app.domain.lag import Lag
from app.domain.sla import ClockKind
from app.ui import theme
from app.ui.event_line import Line
from app.ui.event_words import line_of
from app.ui.lag_words import stages, why_missed
from app.ui.parts import Button, paint_text, text_width
from app.ui.plain import broken
from app.ui.theme import SPACE, TEXT, Tint
from app.ui.wording import day_and_time

__all__ = ["Timeline"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROW = 29
_MORE = 18
_LEFT = 22
_MORE_LINES = 6
SHOWN = 40
"""Entries shown before the person asks for all."""


class _Told(QAbstractListModel):
    """The entries in words, made once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[tuple[Line, str]] = []

    def fill(self, lines: list[tuple[Line, str]]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line, time = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (line.text, line.more[:400], time) if part)
        return None


class _Entry(QStyledItemDelegate):
    """Draws one entry."""

    def __init__(self, told: _Told, view: QListView) -> None:
        super().__init__(view)
        self._told, self._view = told, view

    def _more(self, line: Line, width: int) -> tuple[str, ...]:
        return (
            broken(line.more, TEXT.small, 400, max(width - _LEFT - 4, 60), _MORE_LINES) if line.more else ()
        )

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.viewport().width()
        line, _time = self._told.lines[index.row()]
        more = len(self._more(line, width))
        return QSize(width, _ROW + more * _MORE + (4 if more else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, box = theme.current(), option.rect
        line, time = self._told.lines[index.row()]
        middle = box.y() + _ROW // 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        begin = middle if index.row() == 0 else box.y()
        end = middle if index.row() == len(self._told.lines) - 1 else box.bottom() + 1
        painter.fillRect(QRect(box.x() + 6, begin, 2, end - begin), look.line)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.card)
        painter.drawEllipse(QPointF(box.x() + 7, middle), 6, 6)
        painter.setBrush(_dot(line.tint))
        painter.drawEllipse(QPointF(box.x() + 7, middle), 4.5, 4.5)
        wide = round(text_width(time)) + 2
        right = box.right() - wide
        paint_text(
            painter,
            QRect(right, box.y(), wide, _ROW),
            time,
            look.ink_faint,
            TEXT.body,
            400,
            Qt.AlignmentFlag.AlignRight,
        )
        paint_text(
            painter, QRect(box.x() + _LEFT, box.y(), right - box.x() - _LEFT - 8, _ROW), line.text, look.ink
        )
        for number, words in enumerate(self._more(line, box.width())):
            below = QRect(box.x() + _LEFT, box.y() + _ROW - 3 + number * _MORE, box.width() - _LEFT, _MORE)
            paint_text(painter, below, words, look.ink_soft, TEXT.small)


def _dot(tint: Tint):  # type: ignore[no-untyped-def]
    look = theme.current()
    return {
        "hot": look.accent,
        "danger": look.danger_fill,
        "good": look.good_mark,
        "select": look.select,
        "warm": look.warm,
        "cold": look.select,
    }.get(tint, look.quote_bar)


class _View(QListView):
    """As tall as its entries; the wheel belongs to the card."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.told = _Told(self)
        self.setModel(self.told)
        self.setItemDelegate(_Entry(self.told, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)

    def settle(self) -> None:
        """Take the height that the entries need."""
        delegate, option = self.itemDelegate(), QStyleOptionViewItem()
        high = sum(
            delegate.sizeHint(option, self.told.index(row)).height() for row in range(len(self.told.lines))
        )
        self.setFixedHeight(high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.settle()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyboardSearch(self, search: str) -> None:
        """Letters are the desk's keys."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.current().card)
        painter.end()
        super().paintEvent(event)


class Timeline(QWidget):
    """The list, and the button for the rest of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: Sequence[Entry] = ()
        self._lag: Lag | None = None
        self._now: datetime | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.tight)
        self._view = _View(self)
        self._view.setAccessibleName(self.tr("Timeline"))
        self.all_button = Button("", "link", self, height=24, press=self._show_all)
        column.addWidget(self._view)
        column.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.all_button.hide()

    def show_entries(self, entries: Sequence[Entry], now: datetime, lag: Lag | None = None) -> None:
        """Show these (newest first), times told in this computer's zone; `lag` says why a deadline was missed."""
        self._entries, self._now, self._lag = entries, now, lag
        self._fill(SHOWN)

    @property
    def lines(self) -> list[str]:
        """What stands there."""
        return [line.text for line, _time in self._view.told.lines]

    def _line(self, entry: Entry, now: datetime) -> Line:
        line, lag, event = line_of(entry.event, now), self._lag, entry.event
        if lag is None or not isinstance(event, ClockBreached) or event.clock != ClockKind.FIRST_ATTEMPT:
            return line
        if event.deadline != lag.deadline:
            return line
        return line._replace(
            more="\n".join(text for text in (why_missed(lag), stages(lag), line.more) if text)
        )

    def _show_all(self) -> None:
        self._fill(len(self._entries))

    def _fill(self, most: int) -> None:
        now = self._now
        if now is None:
            return
        shown = self._entries[:most]
        self._view.told.fill([(self._line(entry, now), day_and_time(entry.at, now)) for entry in shown])
        self._view.settle()
        rest = len(self._entries) - len(shown)
        self.all_button.set_words(self.tr("Show all {count}").format(count=len(self._entries)))
        self.all_button.setVisible(rest > 0)
