"""What a screen beside the queue is divided into: panes, a row of choices, labelled fields, lines to copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import theme
from app.ui.parts import Button, Card, EmptyState, SectionHead
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT

__all__ = ["Choices", "CopyLines", "Form", "Pane", "Trouble", "mono", "titled"]


def mono(size: int = TEXT.small) -> QFont:
    """The system's fixed-width font."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(size)
    return font


class Pane(QWidget):
    """A part of the screen on the cards' ground, with a line towards the rest at its `edge`."""

    def __init__(
        self, edge: Literal["left", "right", ""], parent: QWidget | None = None, *, pad: int = SPACE.page
    ) -> None:
        super().__init__(parent)
        self._edge = edge
        self.inside = QVBoxLayout(self)
        self.inside.setContentsMargins(pad, pad, pad, pad)
        self.inside.setSpacing(SPACE.gap)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.card)
        if self._edge:
            painter.fillRect(0 if self._edge == "left" else self.width() - 1, 0, 1, self.height(), look.line)


class Choices(QWidget):
    """Some words of which one is chosen."""

    picked = Signal(str)
    """A person chose another one; its key."""

    def __init__(
        self, choices: Sequence[tuple[str, str]], parent: QWidget | None = None, *, name: str
    ) -> None:
        """`choices`: key and word of each; `name` says to a screen reader what is chosen here."""
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.small)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, Button] = {}
        for key, word in choices:
            button = Button(word, "quiet", self, chosen="dark", name=f"{name}: {word}")
            button.clicked.connect(lambda _checked=False, key=key: self.picked.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        row.addStretch(1)

    @property
    def chosen(self) -> str:
        """The key of the chosen one, "" before the first choice."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose without telling."""
        self._buttons[key].setChecked(True)

    def set_words(self, key: str, word: str) -> None:
        self._buttons[key].set_words(word)


class Form(QWidget):
    """Labels over fields, one under the other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE.tight)

    def add(self, label: str, field: QWidget, note: str = "") -> None:
        """A field with its label above it, and a note for the person below it."""
        self._column.addWidget(PlainLabel(label, size=TEXT.small, weight=600, ink="ink_mid"))
        field.setAccessibleName(label)
        self._column.addWidget(field)
        if note:
            self._column.addWidget(PlainLabel(note, size=TEXT.small, ink="ink_faint", wrap=True, lines=3))
        self._column.addSpacing(SPACE.small)

    def line(self, label: str, note: str = "", *, longest: int = 200) -> QLineEdit:
        """Add a field for one line of text."""
        field = QLineEdit(self)
        field.setMaxLength(longest)
        self.add(label, field, note)
        return field

    def text(self, label: str, note: str = "", *, height: int = 96) -> QPlainTextEdit:
        """Add a field for several lines of text."""
        field = QPlainTextEdit(self)
        field.setTabChangesFocus(True)
        field.setFixedHeight(height)
        self.add(label, field, note)
        return field


class CopyLines(QWidget):
    """Texts to be taken away, each with its name at the left and a button that copies it at the right."""

    copied = Signal(str)
    """A text was put on the clipboard; its name."""

    def __init__(self, parent: QWidget | None = None, *, label_width: int = 104) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE.gap)
        self._grid.setVerticalSpacing(SPACE.small)
        self._grid.setColumnMinimumWidth(0, label_width)
        self._grid.setColumnStretch(1, 1)
        self.texts: dict[str, str] = {}

    def add(
        self, name: str, text: str, *, lines: int = 1, also: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        """Add one; `also` is a second button and what it does."""
        row = self._grid.rowCount()
        self.texts[name] = text
        label = PlainLabel(name, ink="ink_faint")
        label.setContentsMargins(0, SPACE.gap, 0, 0)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        shown = _Shown(text, lines, self)
        shown.setAccessibleName(name)
        self._grid.addWidget(shown, row, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(SPACE.tight)
        copy = Button(self.tr("Copy"), "quiet", self, name=self.tr("Copy: {what}").format(what=name))
        copy.clicked.connect(lambda: self._copy(name))
        buttons.addWidget(copy)
        if also is not None:
            buttons.addWidget(Button(also[0], "quiet", self, press=also[1]))
        buttons.addStretch(1)
        self._grid.addLayout(buttons, row, 2)

    def _copy(self, name: str) -> None:
        QGuiApplication.clipboard().setText(self.texts[name])
        self.copied.emit(name)


class _Shown(QPlainTextEdit):
    """Text in a fixed-width font, to be read and marked but not changed."""

    def __init__(self, text: str, lines: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFont(mono())
        self.setTabChangesFocus(True)
        self.setPlainText(text)
        wrap = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(wrap.NoWrap if lines == 1 else wrap.WidgetWidth)
        if lines == 1:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # document margin, padding and frame of the style sheet
        around = 2 * (round(self.document().documentMargin()) + 5 + 1)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + around)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class Trouble(EmptyState):
    """In the place of what could not be loaded: why, and a way to try again."""

    def __init__(self, again: Callable[[], object], parent: QWidget | None = None) -> None:
        tr = QCoreApplication.translate
        title, word = tr("Trouble", "That could not be loaded"), tr("Trouble", "Try again")
        super().__init__("warn", title, "", word, again, parent)

    def tell(self, message: str) -> None:
        """Say why."""
        self.text.setText(message)


def titled(card: Card, left: str, right: str = "") -> SectionHead:
    """Give a card its head line; returned so that it can be changed."""
    head = SectionHead(left, right, strong=True)
    card.inside.addWidget(head)
    return head
