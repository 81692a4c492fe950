"""A list of rows of two lines, one of which is chosen: inquiries in review, ways in, people.

A row is plain values and paints itself. The chosen row is known by its key and stays chosen when the rows
change; when it goes, the one in its place is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui import theme
from app.ui.parts import (
    CHIP_HEIGHT,
    chip_width,
    paint_avatar,
    paint_chip,
    paint_focus,
    paint_text,
    text_width,
)
from app.ui.plain import one_line
from app.ui.theme import SPACE, TEXT, Tint

__all__ = ["Row", "RowList"]

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_HEIGHT = 58
_AVATAR = 34
_LONGEST = 200
_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the list. Texts may come from outside."""

    key: str
    title: str
    detail: str = ""
    """The second line."""
    right: str = ""
    """At the right of the first line."""
    chip: tuple[str, Tint] | None = None
    """At the right of the second line."""
    initials: str = ""
    """Draws an avatar."""
    dot: Tint | None = None
    """Of the avatar."""
    faint: bool = False
    """Switched off, gone, put aside."""

    @property
    def spoken(self) -> str:
        parts = (self.title, self.detail, self.right, self.chip[0] if self.chip else "")
        return ", ".join(one_line(part, _LONGEST) for part in parts if part)


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(self.rows[index.row()].title, _LONGEST)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.rows[index.row()].spoken
        return None

    def set_rows(self, rows: tuple[Row, ...]) -> bool:
        """Show these; whether the list itself became another one."""
        if [row.key for row in rows] == [row.key for row in self.rows]:
            changed = [number for number, row in enumerate(rows) if row != self.rows[number]]
            self.rows = rows
            if changed:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            return False
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return True


class _Painter(QStyledItemDelegate):
    def __init__(self, model: _Model, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, look = self._model.rows[index.row()], theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, look.select_tint)
            painter.fillRect(rect.x(), rect.y(), 3, rect.height(), look.select)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look.hover)
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, look.line)
        ground = look.select_tint if chosen else look.card
        left, right = rect.x() + SPACE.pad, rect.right() - SPACE.pad
        if row.initials:
            marks = {"good": look.good_mark, "warm": look.warm, "hot": look.accent}
            dot = marks.get(row.dot, look.quote_bar) if row.dot else None
            spot = QRect(left, rect.y() + (_HEIGHT - _AVATAR) // 2, _AVATAR, _AVATAR)
            if row.faint:
                painter.setOpacity(0.5)
            paint_avatar(painter, spot, row.initials, dot, ground)
            painter.setOpacity(1.0)
            left += _AVATAR + SPACE.snug
        first = QRect(left, rect.y() + 9, right - left, 20)
        second = QRect(left, rect.y() + 30, right - left, 18)
        if row.right:
            wide = round(text_width(row.right, TEXT.small)) + 2
            paint_text(painter, first, row.right, look.ink_faint, TEXT.small, 400, _RIGHT)
            first.setRight(right - wide - SPACE.gap)
        if row.chip:
            text, tint = row.chip
            wide = chip_width(text)
            fg, bg = look.tint(tint)
            spot = QRect(right - wide + 1, second.y() - 1, wide, CHIP_HEIGHT)
            paint_chip(painter, spot, text, fg, bg)
            second.setRight(right - wide - SPACE.gap)
        ink = look.ink_soft if row.faint else look.ink
        paint_text(painter, first, one_line(row.title, _LONGEST), ink, TEXT.body, 600)
        paint_text(painter, second, one_line(row.detail, _LONGEST), look.ink_soft, TEXT.small)
        view = self.parent()
        if chosen and isinstance(view, RowList) and view.by_keyboard and view.hasFocus():
            paint_focus(painter, rect.adjusted(3, 0, 0, -1), 4, ground)


class RowList(QListView):
    """The list."""

    chosen = Signal(str)
    """Another row is chosen; its key, "" when there is none any more."""

    def __init__(self, parent: QWidget | None = None, *, name: str) -> None:
        super().__init__(parent)
        self._model = _Model(self)
        self._key = ""
        self.by_keyboard = False
        self.setModel(self._model)
        self.setItemDelegate(_Painter(self._model, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(name)
        self.selectionModel().currentChanged.connect(self._moved)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.by_keyboard = event.reason() in _KEYBOARD
        super().focusInEvent(event)

    @property
    def key(self) -> str:
        """The chosen row's key, "" without one."""
        return self._key

    @property
    def rows(self) -> tuple[Row, ...]:
        return self._model.rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these; the chosen one stays chosen, else the one in its place is."""
        before = self.currentIndex().row()
        known = self._key
        if not self._model.set_rows(tuple(rows)):
            return
        keys = [row.key for row in rows]
        if known in keys:
            self._go(keys.index(known))
        elif keys:
            self._go(min(max(before, 0), len(keys) - 1))
        self._tell()

    def choose(self, key: str) -> None:
        """Choose this row, if it is there."""
        for number, row in enumerate(self._model.rows):
            if row.key == key:
                self._go(number)
                self._tell()

    def _go(self, number: int) -> None:
        index = self._model.index(number)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _moved(self, _new: QModelIndex, _old: QModelIndex) -> None:
        self._tell()

    def _tell(self) -> None:
        row = self.currentIndex().row()
        key = self._model.rows[row].key if 0 <= row < len(self._model.rows) else ""
        if key != self._key:
            self._key = key
            self.chosen.emit(key)
