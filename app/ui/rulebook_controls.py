"""The controls of a form of the rulebook: a line or lines to type, a choice, boxes to tick, people with weights."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.routes import Member
from app.ui.plain import one_line
from app.ui.rulebook_ask import Ask, Picked, Shared, Ticked, Typed
from app.ui.rulebook_read import whole_of
from app.ui.theme import SPACE

__all__ = ["Control", "control"]

_COLUMNS = 3
"""Of boxes to tick."""
_LONGEST = 4000


class Control(QWidget):
    """One field. `value` raises ValueError with a sentence for what can't be read."""

    edited = Signal()

    def show_value(self, value: Any) -> None:
        raise NotImplementedError

    def value(self) -> object:
        raise NotImplementedError

    def inner(self) -> QWidget:
        """What takes the focus."""
        return self

    def _fill(self, widget: QWidget) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(widget)
        self.setFocusProxy(widget)


class _TypedControl(Control):
    def __init__(self, ask: Typed, parent: QWidget) -> None:
        super().__init__(parent)
        self._ask = ask
        self._field: QLineEdit | QPlainTextEdit
        if ask.lines > 1:
            self._field = QPlainTextEdit(self)
            self._field.setTabChangesFocus(True)
            self._field.setFixedHeight(ask.lines * 22 + 14)
        else:
            self._field = QLineEdit(self)
            self._field.setMaxLength(_LONGEST)
        self._field.textChanged.connect(lambda *_: self.edited.emit())
        self._fill(self._field)

    def inner(self) -> QWidget:
        return self._field

    def _text(self) -> str:
        return self._field.text() if isinstance(self._field, QLineEdit) else self._field.toPlainText()

    def show_value(self, value: Any) -> None:
        try:
            if self.value() == value:
                return  # what is typed says the same in other words
        except ValueError:
            pass
        text = self._ask.write(value)
        if isinstance(self._field, QLineEdit):
            self._field.setText(text)
            self._field.setCursorPosition(0)
        else:
            self._field.setPlainText(text)

    def value(self) -> object:
        return self._ask.read(self._text())


class _PickedControl(Control):
    def __init__(self, ask: Picked, parent: QWidget) -> None:
        super().__init__(parent)
        self._options = list(ask.options)
        self._box = QComboBox(self)
        for _, word in self._options:
            self._box.addItem(one_line(word, 120))
        self._box.currentIndexChanged.connect(lambda _: self.edited.emit())
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._fill(self._box)

    def inner(self) -> QWidget:
        return self._box

    def show_value(self, value: Any) -> None:
        values = [option for option, _ in self._options]
        if value not in values:  # it names what is there no more: that must be seen
            self._options.append((value, QCoreApplication.translate("rulebook_form", "not there any more")))
            self._box.addItem(self._options[-1][1])
            values.append(value)
        self._box.setCurrentIndex(values.index(value))

    def value(self) -> object:
        return self._options[self._box.currentIndex()][0]


class _TickedControl(Control):
    def __init__(self, ask: Ticked, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        self._boxes: list[tuple[object, QCheckBox]] = []
        for number, (value, word) in enumerate(ask.options):
            box = QCheckBox(one_line(word, 60).replace("&", "&&"), self)
            box.toggled.connect(lambda _: self.edited.emit())
            grid.addWidget(box, number // _COLUMNS, number % _COLUMNS)
            self._boxes.append((value, box))
        self._kept: tuple[object, ...] = ()

    def inner(self) -> QWidget:
        return self._boxes[0][1] if self._boxes else self

    def show_value(self, value: Any) -> None:
        known = {option for option, _ in self._boxes}
        self._kept = tuple(one for one in value if one not in known)
        for option, box in self._boxes:
            box.setChecked(option in value)

    def value(self) -> object:
        return (*(option for option, box in self._boxes if box.isChecked()), *self._kept)


class _SharedControl(Control):
    """People to tick, each with a weight."""

    def __init__(self, ask: Shared, parent: QWidget) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE.gap)
        self._rows: list[tuple[str, QCheckBox, QLineEdit]] = []
        self._order: list[str] = []
        for number, (rep, name) in enumerate(ask.options):
            box = QCheckBox(one_line(name, 60).replace("&", "&&"), self)
            weight = QLineEdit("1", self)
            weight.setFixedWidth(52)
            weight.setAccessibleName(self.tr("Weight of {name}").format(name=one_line(name, 60)))
            box.toggled.connect(weight.setEnabled)
            box.toggled.connect(lambda _: self.edited.emit())
            weight.textChanged.connect(lambda _: self.edited.emit())
            weight.setEnabled(False)
            row, column = number // 2, number % 2 * 3
            grid.addWidget(box, row, column)
            grid.addWidget(weight, row, column + 1)
            grid.setColumnStretch(column, 1)
            self._rows.append((rep, box, weight))
        grid.setColumnMinimumWidth(2, SPACE.pad)

    def inner(self) -> QWidget:
        return self._rows[0][1] if self._rows else self

    def show_value(self, value: Any) -> None:
        weights = {member.rep: member.weight for member in value}
        self._order = list(weights)
        for rep, box, weight in self._rows:
            box.setChecked(rep in weights)
            if rep in weights and weight.text() != str(weights[rep]):
                weight.setText(str(weights[rep]))

    def value(self) -> object:
        ticked = {rep: whole_of(weight.text()) for rep, box, weight in self._rows if box.isChecked()}
        order = [rep for rep in self._order if rep in ticked] + [
            rep for rep in ticked if rep not in self._order
        ]
        return tuple(Member(rep=rep, weight=ticked[rep]) for rep in order)


def control(ask: Ask, parent: QWidget) -> Control:
    match ask:
        case Typed():
            return _TypedControl(ask, parent)
        case Picked():
            return _PickedControl(ask, parent)
        case Ticked():
            return _TickedControl(ask, parent)
        case Shared():
            return _SharedControl(ask, parent)
    raise TypeError(type(ask).__name__)
