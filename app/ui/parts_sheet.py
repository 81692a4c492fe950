"""The frame of every dialog: a title, a sentence, room for fields, a row of buttons.

Dialogs open with `open()` and tell their end by `finished`; nothing ever waits in a nested loop.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.parts_button import Button, Kind
from app.ui.parts_paint import paint_ground
from app.ui.plain import PlainLabel, one_line
from app.ui.theme import SPACE, TEXT

__all__ = ["Sheet"]


class Sheet(QDialog):
    """A window-modal dialog in our look. Fields go into `body`; Esc rejects, Enter presses the default
    button."""

    def __init__(self, parent: QWidget | None, title: str, text: str = "", *, width: int = 420) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(one_line(title, 80))
        self.setAccessibleName(one_line(title, 80))
        self.setAccessibleDescription(one_line(text))
        self._default: Button | None = None
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 18)
        column.setSpacing(SPACE.gap)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self.title = PlainLabel(title, size=TEXT.card, weight=700, wrap=True, lines=3)
        self.text = PlainLabel(text, size=TEXT.strong, ink="ink_mid", wrap=True, lines=14)
        self.text.setVisible(bool(text))
        column.addWidget(self.title)
        column.addWidget(self.text)
        self.body = QVBoxLayout()
        self.body.setSpacing(SPACE.gap)
        column.addLayout(self.body)
        column.addSpacing(SPACE.gap)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE.gap)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        self._width = width

    def add_button(
        self, text: str, kind: Kind, press: Callable[[], object], *, key: str = "", default: bool = False
    ) -> Button:
        """Add a button at the right end; Enter anywhere in the sheet presses the default one."""
        button = Button(text, kind, self, key=key, press=press)
        self._buttons.addWidget(button)
        if default:
            self._default = button
            button.setFocus()
        return button

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """As tall as the wrapped text and the fields need at our width, and no taller than the screen."""
        column = self._column
        width = max(self._width, column.minimumSize().width())
        height = (
            column.totalHeightForWidth(width) if column.hasHeightForWidth() else column.sizeHint().height()
        )
        self.setFixedSize(width, min(height, self.screen().availableSize().height() - 80))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._default is not None:
            if self._default.isEnabled():
                self._default.click()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_ground(painter, self.rect(), theme.current().card)
