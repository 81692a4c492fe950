"""Room and rows: a pane that scrolls when the window is low, and chips that go on in a second row."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from app.ui import theme
from app.ui.parts_paint import CHIP_HEIGHT, chip_width, paint_chip
from app.ui.plain import one_line
from app.ui.theme import SPACE, Tint

__all__ = ["Chips", "Scroller"]


class Scroller(QScrollArea):
    """Holds a widget that may be taller than the room there is; scrolls only then, never sideways.

    Every pane of a screen belongs into one, since at 200 % a window is half as tall.
    """

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)


class Chips(QWidget):
    """A row of chips that wraps; the reasons of a score, say. One painted widget, not one for each chip."""

    def __init__(self, parent: QWidget | None = None, *, rows: int = 3) -> None:
        super().__init__(parent)
        self._chips: tuple[tuple[str, Tint], ...] = ()
        self._rows = rows
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set(self, chips: Iterable[tuple[str, Tint]]) -> None:
        """Show these words with their tints; what does not fit into the rows is left out."""
        wanted = tuple((one_line(text, 60), tint) for text, tint in chips)
        if wanted != self._chips:
            self._chips = wanted
            self.setAccessibleName(", ".join(text for text, _ in wanted))
            self.updateGeometry()
            self.update()

    def _places(self, width: int) -> list[QRect]:
        places: list[QRect] = []
        x = y = 0
        for text, _ in self._chips:
            wide = min(chip_width(text), max(width, 24))
            if x and x + wide > width:
                x, y = 0, y + CHIP_HEIGHT + SPACE.small
            if y >= self._rows * (CHIP_HEIGHT + SPACE.small):
                break
            places.append(QRect(x, y, wide, CHIP_HEIGHT))
            x += wide + SPACE.small
        return places

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        places = self._places(width)
        return places[-1].bottom() + 1 if places else 0

    def sizeHint(self) -> QSize:
        whole = sum(chip_width(text) + SPACE.small for text, _ in self._chips)
        width = min(max(whole - SPACE.small, 0), 440)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 80), CHIP_HEIGHT if self._chips else 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        for (text, tint), place in zip(self._chips, self._places(self.width()), strict=False):
            fg, bg = look.tint(tint)
            paint_chip(painter, place, text, fg, bg)
