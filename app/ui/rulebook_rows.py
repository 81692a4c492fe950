"""The rows of a card of the rulebook: number, name with its conditions, what happens, what then, and a menu.

A row is a button that paints itself: Enter or a click opens it, Alt with the arrows moves it, Del takes it away.
Rows are used again when the list changes, so the keyboard stays where it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts import (
    CHIP_HEIGHT,
    Pressable,
    chip_width,
    paint_chip,
    paint_focus,
    paint_ground,
    paint_text,
    text_width,
)
from app.ui.parts_paint import paint_card
from app.ui.plain import broken, one_line
from app.ui.rulebook_words import Line
from app.ui.theme import RADIUS, SPACE, TEXT, Look

__all__ = ["LineRow", "Rows", "Shown"]

_NUMBER, _MENU = 40, 40
_LINE = 19
_PAD = 9
_CHIP_STEP = CHIP_HEIGHT + 3
_CENTRE = Qt.AlignmentFlag.AlignHCenter


class Shown(NamedTuple):
    """A row: its words, whether it was changed in the draft, what is wrong with it."""

    line: Line
    is_changed: bool = False
    fault: str = ""


class _Laid(NamedTuple):
    """Where everything of a row stands, for a width."""

    left: int
    middle: int
    right: int
    end: int
    chips: tuple[tuple[QRect, str, str], ...]
    detail: tuple[str, ...]
    what: tuple[str, ...]
    then: tuple[str, ...]
    fault: tuple[str, ...]
    height: int


class LineRow(Pressable):
    """One row."""

    moved = Signal(int)
    """Up (−1) or down (1)."""
    removed = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget, *, numbered: bool) -> None:
        super().__init__(parent)
        self.shown = Shown(Line(""))
        self._numbered, self._number, self._last = numbered, 0, False
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)

    def show_line(self, number: int, shown: Shown) -> None:
        """Show this as the row of that number."""
        if (number, shown) == (self._number, self.shown):
            return
        self._number, self.shown = number, shown
        spoken = f"{number}, {shown.line.spoken}" if self._numbered else shown.line.spoken
        self.setAccessibleName(one_line(", ".join(part for part in (spoken, shown.fault) if part)))
        self.updateGeometry()
        self.update()

    # where things stand

    def _laid(self, width: int) -> _Laid:
        line = self.shown.line
        left = _NUMBER if self._numbered else SPACE.gap + 2
        room = width - left - _MENU
        middle = left + round(room * 0.36)
        right = left + round(room * 0.70)
        chips: list[tuple[QRect, str, str]] = []
        x, y = left, _PAD + _LINE + 2
        title_end = left + round(text_width(one_line(line.title, 120), TEXT.body, 600)) + SPACE.small
        for text, tint in line.chips:
            wide = min(chip_width(text), middle - left - SPACE.snug)
            if x > left and x + wide > middle - SPACE.snug:
                x, y = left, y + _CHIP_STEP
            chips.append((QRect(x, y, wide, CHIP_HEIGHT), text, tint))
            x += wide + SPACE.tight
        below = y + _CHIP_STEP if chips else _PAD + _LINE
        column = middle - left - SPACE.snug
        detail = broken(line.detail, TEXT.body, 400, column, 2) if line.detail else ()
        what = broken(line.what, TEXT.body, 400, right - middle - SPACE.snug, 3) if line.what else ()
        then = broken(line.then, TEXT.body, 400, width - _MENU - right, 3) if line.then else ()
        first = below + len(detail) * _LINE + _PAD
        height = max(first, 2 * _PAD + max(len(what), len(then), 1) * _LINE)
        fault = broken(self.shown.fault, TEXT.small, 400, room, 3) if self.shown.fault else ()
        return _Laid(
            left, middle, right, title_end, tuple(chips), detail, what, then, fault, height + len(fault) * 18
        )

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._laid(width).height

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 100 else 640
        return QSize(400, self._laid(width).height)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 2 * _PAD + _LINE)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        laid, line = self._laid(self.width()), self.shown.line
        ground = look.card
        if self.shown.is_changed or self.hovered:
            ground = look.select_tint if self.shown.is_changed else look.hover
            paint_card(painter, self.rect(), ground, ground, RADIUS.control)
        else:
            paint_ground(painter, QRect(0, 0, self.width(), 1), look.line)
        body = self.height() - len(laid.fault) * 18
        if self._numbered:
            spot = QRect(0, 0, 18, body)
            paint_text(painter, spot, str(self._number), look.ink_faint, TEXT.body, 600, _CENTRE)
        self._paint_name(painter, look, laid, line)
        for lines, x, wide, ink in (
            (laid.what, laid.middle, laid.right - laid.middle - SPACE.snug, look.ink),
            (laid.then, laid.right, self.width() - _MENU - laid.right, look.ink_soft),
        ):
            y = (body - len(lines) * _LINE) // 2
            for text in lines:
                paint_text(painter, QRect(x, y, wide, _LINE), text, ink)
                y += _LINE
        if self.isEnabled():
            paint_text(painter, self._menu(), "⋮", look.ink_soft, TEXT.title, 600, _CENTRE)
        y = body - 4
        for text in laid.fault:
            paint_text(
                painter, QRect(laid.left, y, self.width() - laid.left, 18), text, look.danger, TEXT.small
            )
            y += 18
        if self.by_keyboard and self.hasFocus():
            paint_focus(painter, self.rect(), RADIUS.control, ground)

    def _paint_name(self, painter: QPainter, look: Look, laid: _Laid, line: Line) -> None:
        block = self._name_height(laid)
        top = max((self.height() - len(laid.fault) * 18 - block) // 2, 0) - _PAD
        name = QRect(laid.left, top + _PAD, laid.middle - laid.left - SPACE.snug, _LINE)
        mark = self.tr("changed") if self.shown.is_changed else ""
        wide = chip_width(mark) if mark else 0
        name.setWidth(name.width() - wide)
        paint_text(painter, name, one_line(line.title, 120), look.ink, TEXT.body, 600)
        if mark:
            x = min(laid.end, laid.middle - SPACE.snug - wide)
            fg, bg = look.tint("grey")
            paint_chip(painter, QRect(x, name.y(), wide, CHIP_HEIGHT), mark, fg, bg)
        for rect, text, tint in laid.chips:
            fg, bg = look.tint(tint)  # type: ignore[arg-type]
            paint_chip(painter, rect.translated(0, top), text, fg, bg)
        y = (laid.chips[-1][0].y() + _CHIP_STEP if laid.chips else _PAD + _LINE) + top
        for text in laid.detail:
            paint_text(painter, QRect(laid.left, y, name.width() + wide, _LINE), text, look.ink_soft)
            y += _LINE

    def _name_height(self, laid: _Laid) -> int:
        chips = laid.chips[-1][0].bottom() + 1 - _PAD if laid.chips else _LINE
        return chips + len(laid.detail) * _LINE

    def _menu(self) -> QRect:
        return QRect(
            self.width() - _MENU, 0, _MENU - 6, self.height() - len(self._laid(self.width()).fault) * 18
        )

    # pressing

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.isEnabled() and self._menu().contains(event.position().toPoint()):
            self.setDown(False)
            self.menu_wanted.emit(self.mapToGlobal(self._menu().bottomLeft()))
            return
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            mine = bool(self._move_of(event)) or event.key() == Qt.Key.Key_Delete
            event.setAccepted(mine)
            return mine
        return super().event(event)

    def _move_of(self, event: QKeyEvent) -> int:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            return {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        return 0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._move_of(event)
        if step:
            self.moved.emit(step)
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)


class Rows(QWidget):
    """The rows of a card."""

    opened = Signal(int)
    moved = Signal(int, int)
    """A row, and up (−1) or down (1)."""
    removed = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget, *, numbered: bool = False) -> None:
        super().__init__(parent)
        self._numbered = numbered
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.rows: list[LineRow] = []

    @property
    def count(self) -> int:
        return sum(not row.isHidden() for row in self.rows)

    def show_lines(self, lines: Sequence[Shown], may_edit: bool) -> None:
        """Show these."""
        while len(self.rows) < len(lines):
            self._add()
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(lines))
            if number < len(lines):
                row.setEnabled(may_edit)
                row.show_line(number + 1, lines[number])

    def _add(self) -> None:
        row, at = LineRow(self, numbered=self._numbered), len(self.rows)
        row.clicked.connect(lambda: self.opened.emit(at))
        row.moved.connect(lambda step: self._move(at, step))
        row.removed.connect(lambda: self.removed.emit(at))
        row.menu_wanted.connect(lambda where: self.menu_wanted.emit(at, where))
        self.rows.append(row)
        self._column.addWidget(row)

    def _move(self, at: int, step: int) -> None:
        if 0 <= at + step < self.count:
            self.moved.emit(at, step)
            self.rows[at + step].setFocus(Qt.FocusReason.ShortcutFocusReason)
