"""A form of the rulebook: controls in two columns, each with its label and, beside it, what is wrong with it.

A form shows a value and tells, with each key, the value as it has become. What can't be read is said under its
field and leaves the value as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.parts import Scroller, Sheet
from app.ui.plain import PlainLabel
from app.ui.rulebook_ask import Ask, put, taken
from app.ui.rulebook_controls import control
from app.ui.theme import SPACE, TEXT

__all__ = ["AskForm", "AskSheet"]


class _Cell(QWidget):
    """Label, control, and below it what is wrong, or a note."""

    def __init__(self, ask: Ask, parent: QWidget) -> None:
        super().__init__(parent)
        self.ask = ask
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, SPACE.small)
        column.setSpacing(SPACE.tight)
        self.label = PlainLabel(
            ask.label, self, size=TEXT.small, weight=600, ink="ink_mid", wrap=True, lines=2
        )
        self.control = control(ask, self)
        self.control.inner().setAccessibleName(ask.label)
        self.control.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.note = PlainLabel(ask.note, self, size=TEXT.small, ink="ink_faint", wrap=True, lines=3)
        self.note.setVisible(bool(ask.note))
        self.fault = PlainLabel("", self, size=TEXT.small, ink="danger", wrap=True, lines=4)
        self.fault.hide()
        for widget in (self.label, self.control, self.fault, self.note):
            column.addWidget(widget)
        column.addStretch(1)

    def tell(self, sentence: str) -> None:
        """Say what is wrong with it; "" when nothing is."""
        self.fault.setText(sentence)
        self.fault.setVisible(bool(sentence))
        self.note.setVisible(bool(self.ask.note) and not sentence)
        self.control.inner().setAccessibleDescription(sentence or self.ask.note)


class AskForm(QWidget):
    """The form."""

    said = Signal(str, object)
    """A field was changed: its key, and the whole value as it is now."""
    misread = Signal(str, str)
    """A field can't be read: its key and the sentence that says so; "" when it can again."""

    def __init__(self, asks: Sequence[Ask], parent: QWidget | None = None, *, columns: int = 2) -> None:
        super().__init__(parent)
        self._asks, self._columns = tuple(asks), columns
        self._value: Any = None
        self._showing = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE.pad)
        self._grid.setVerticalSpacing(SPACE.tight)
        for number in range(columns):
            self._grid.setColumnStretch(number, 1)
        self.cells: dict[str, _Cell] = {}
        self._unread: dict[str, str] = {}
        for ask in self._asks:
            cell = self.cells[ask.key] = _Cell(ask, self)
            cell.control.edited.connect(lambda key=ask.key: self._edited(key))
        self._shown: tuple[str, ...] = ()

    def first(self) -> QWidget:
        """What gets the focus first."""
        return next(iter(self.cells.values())).control.inner()

    @property
    def faults(self) -> dict[str, str]:
        """By key, what can't be read."""
        return dict(self._unread)

    def show_value(self, value: Any) -> None:
        """Show this; what is typed in other words for the same value stays as it is typed."""
        self._showing, self._value = True, value
        self._unread.clear()
        for key, cell in self.cells.items():
            cell.control.show_value(taken(value, key))
            cell.tell("")
        self._showing = False
        self._arrange()

    def has(self, at: str) -> bool:
        """Whether a field stands for that place of the value."""
        return any(at == key or at.startswith(f"{key}.") for key in self.cells)

    def tell_all(self, said: Sequence[tuple[str, str]]) -> list[str]:
        """Say beside each field what is wrong with its value, by key; what no field can say is answered."""
        by_key: dict[str, list[str]] = {}
        rest: list[str] = []
        for at, sentence in said:
            key = next((key for key in self._shown if at == key or at.startswith(f"{key}.")), "")
            (by_key.setdefault(key, []) if key else rest).append(sentence)
        for key, cell in self.cells.items():
            if key not in self._unread:
                cell.tell(" ".join(by_key.get(key, ())))
        return rest

    def _edited(self, key: str) -> None:
        if self._showing:
            return
        cell = self.cells[key]
        try:
            value = cell.control.value()
        except ValueError as error:
            self._unread[key] = str(error)
            cell.tell(str(error))
            self.misread.emit(key, str(error))
            return
        if self._unread.pop(key, ""):
            cell.tell("")
            self.misread.emit(key, "")
        if value != taken(self._value, key):
            self._value = put(self._value, key, value)
            self._arrange()
            self.said.emit(key, self._value)

    def _arrange(self) -> None:
        """Only what is asked of this value, row by row."""
        wanted = tuple(ask.key for ask in self._asks if ask.shown(self._value))
        if wanted == self._shown:
            return
        self._shown = wanted
        row = column = 0
        for ask in self._asks:
            cell = self.cells[ask.key]
            self._grid.removeWidget(cell)
            cell.setVisible(ask.key in wanted)
            if ask.key not in wanted:
                continue
            if ask.wide and column:
                row, column = row + 1, 0
            wide = self._columns if ask.wide else 1
            self._grid.addWidget(cell, row, column, 1, wide, Qt.AlignmentFlag.AlignTop)
            column += wide
            if column >= self._columns:
                row, column = row + 1, 0
        self.updateGeometry()


class _Tall(Scroller):
    """As tall as what is in it, where the screen has the room."""

    def __init__(self, inside: QWidget, layout: QVBoxLayout, parent: QWidget) -> None:
        super().__init__(inside, parent)
        self._layout = layout

    def sizeHint(self) -> QSize:
        width = max(self.viewport().width(), 480)
        return QSize(width, self.heightForWidth(width))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._layout.totalHeightForWidth(width - 12) + 2

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 96)


class AskSheet(Sheet):
    """One thing of the rulebook in a sheet. What is wrong with it is said while it is typed."""

    said = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        asks: Sequence[Ask],
        value: object,
        wrong: Callable[[Any], Sequence[tuple[str, str]]],
    ) -> None:
        """`wrong` says what would be wrong with a value: of each the key, "" for none, and the sentence."""
        super().__init__(parent, title, width=640)
        self._wrong, self._value = wrong, value
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE.snug, 0)
        self.form = AskForm(asks, inside)
        self.form.show_value(value)
        self.form.said.connect(self._take)
        self.form.misread.connect(lambda *_: self._settle())
        column.addWidget(self.form)
        column.addStretch(1)
        self.body.addWidget(_Tall(inside, column, self), 1)
        self.fault = PlainLabel("", self, ink="danger", wrap=True, lines=5)
        self.body.addWidget(self.fault)
        self.add_button(self.tr("Cancel"), "quiet", self.reject)
        self.keep_button = self.add_button(self.tr("Keep"), "primary", self._keep, default=True)
        self.form.first().setFocus()
        self._settle()

    def _take(self, _key: str, value: object) -> None:
        self._value = value
        self._settle()

    def _settle(self) -> None:
        unread = self.form.faults
        rest = self.form.tell_all([] if unread else self._wrong(self._value))[:3]
        self.fault.setText("\n".join(rest))
        self.fault.setVisible(bool(rest))
        self.keep_button.setEnabled(not unread)

    def _keep(self) -> None:
        self.said.emit(self._value)
        self.accept()
