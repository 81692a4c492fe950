"""The three cards of the first start, and the small form that opens inside a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts_button import Button
from app.ui.parts_paint import paint_card, paint_glow
from app.ui.plain import PlainLabel
from app.ui.theme import RADIUS, SPACE, TEXT

__all__ = ["Cards", "Choice", "Form"]

_BESIDE = 780
"""From this width on the cards stand beside each other."""


class Choice(QFrame):
    """One card: a title, what it means, and at its foot what to press. `lit` is the one we propose."""

    def __init__(self, title: str, text: str, *, lit: bool = False) -> None:
        super().__init__()
        self.lit = lit
        self.inside = QVBoxLayout(self)
        self.inside.setContentsMargins(23, 22, 23, 22)
        self.inside.setSpacing(SPACE.gap)
        self.inside.addWidget(PlainLabel(title, size=TEXT.card, weight=600, wrap=True))
        self.inside.addWidget(PlainLabel(text, size=TEXT.strong, ink="ink_soft", wrap=True))
        self.inside.addStretch(1)
        self.setMinimumHeight(196)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_card(painter, self.rect(), look.card, look.accent if self.lit else look.line, RADIUS.hero)


class Cards(QWidget):
    """The cards beside each other, or above each other in a narrow window; around them room for the glow."""

    def __init__(self, cards: Sequence[Choice]) -> None:
        super().__init__()
        self._cards = tuple(cards)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(SPACE.glow, SPACE.glow, SPACE.glow, SPACE.glow)
        self._row.setSpacing(18)
        for card in cards:
            self._row.addWidget(card, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = self.width() >= _BESIDE
        self._row.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for card in self._cards:
            if card.lit:
                paint_glow(painter, card.geometry(), theme.current().accent_glow, RADIUS.hero, SPACE.glow)


class Form(QWidget):
    """A link that opens into fields with a sentence of trouble and two buttons; Esc closes it again."""

    opened = Signal()

    def __init__(self, opener: str, submit: str, fields: Sequence[QWidget], then: Callable[[], None]) -> None:
        super().__init__()
        self._then = then
        self._fields = tuple(fields)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        self.opener = Button(opener, "link", height=22, size=TEXT.strong, press=self.open_form)
        column.addWidget(self.opener, 0, Qt.AlignmentFlag.AlignLeft)
        self._box = QWidget()
        inside = QVBoxLayout(self._box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE.gap)
        for field in fields:
            if isinstance(field, Button):
                inside.addWidget(field, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                inside.addWidget(field)
        self.trouble = PlainLabel("", wrap=True, lines=4, ink="danger")
        self.trouble.hide()
        inside.addWidget(self.trouble)
        row = QHBoxLayout()
        row.setSpacing(SPACE.gap)
        self.submit_button = Button(submit, "dark", press=then)
        self.cancel_button = Button(self.tr("Cancel"), "quiet", press=self._cancel)
        row.addWidget(self.submit_button)
        row.addWidget(self.cancel_button)
        row.addStretch(1)
        inside.addLayout(row)
        column.addWidget(self._box)
        self._box.hide()

    def is_open(self) -> bool:
        return not self._box.isHidden()

    def open_form(self) -> None:
        """Show the fields and go to the first."""
        self.opener.hide()
        self._box.show()
        self.opened.emit()
        self._fields[0].setFocus(Qt.FocusReason.TabFocusReason)

    def close_form(self) -> None:
        """Show only the link again; what was typed stays."""
        self._box.hide()
        self.opener.show()
        self.say("")

    def say(self, text: str) -> None:
        """What is wrong, as a sentence; "" takes it away."""
        self.trouble.setText(text)
        self.trouble.setAccessibleName(text)
        self.trouble.setVisible(bool(text))

    def _cancel(self) -> None:
        self.close_form()
        self.opener.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.is_open():
            self._then()
        elif event.key() == Qt.Key.Key_Escape and self.is_open():
            self._cancel()
        else:
            super().keyPressEvent(event)
