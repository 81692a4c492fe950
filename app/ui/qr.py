"""A QR code, painted: black on white in every theme, since that is what a camera expects."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

__all__ = ["Code", "code_lines"]

_QUIET = 4
"""Modules of white around the code, as the standard wants it."""


def code_lines(text: str) -> tuple[tuple[bool, ...], ...]:
    """The code of a text, row by row, without the white around it; True is black."""
    import segno

    return tuple(tuple(map(bool, row)) for row in segno.make(text, error="m", micro=False).matrix)


class Code(QWidget):
    """Shows one text as a QR code of about `side` pixels, so that a module has whole ones."""

    def __init__(self, parent: QWidget | None = None, *, side: int = 220) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self._side = side
        self.setFixedSize(side, side)

    def show_text(self, text: str, name: str) -> None:
        """Show this text; `name` says to a screen reader what it is."""
        self._rows = code_lines(text)
        across = len(self._rows) + 2 * _QUIET
        side = max(2, round(self._side / across)) * across
        self.setFixedSize(side, side)
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        across = len(self._rows) + 2 * _QUIET
        ratio = self.devicePixelRatioF()
        module = int(min(self.width(), self.height()) * ratio) // across
        if not self._rows or module < 1:
            return
        painter.scale(1 / ratio, 1 / ratio)  # whole pixels: an edge that is half grey is read badly
        left = (int(self.width() * ratio) - module * len(self._rows)) // 2
        top = (int(self.height() * ratio) - module * len(self._rows)) // 2
        for y, row in enumerate(self._rows):
            for x, black in enumerate(row):
                if black:
                    painter.fillRect(
                        QRect(left + x * module, top + y * module, module, module), Qt.GlobalColor.black
                    )
