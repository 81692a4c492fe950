"""What is said of the number one points at: a dark label that floats over the page, plain text only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.parts import paint_card, paint_text, text_width
from app.ui.plain import one_line
from app.ui.theme import RADIUS, TEXT

__all__ = ["Hover"]

_LINE = 19
_PAD = 9
_WIDEST = 460


class Hover(QWidget):
    """One for a page. It takes no focus and no mouse; whoever is pointed at says what stands in it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lines: tuple[str, ...] = ()
        self.hide()

    @property
    def lines(self) -> tuple[str, ...]:
        """What it says; nothing while it is hidden."""
        return () if self.isHidden() else self._lines

    def say(self, over: QWidget, at: QPoint, lines: Sequence[str]) -> None:
        """Say these lines beside a point of the widget `over`; the first is the head. Nothing hides it."""
        self._lines = tuple(one_line(line, 160) for line in lines if line)
        if not self._lines:
            self.hide()
            return
        wide = max(
            text_width(line, TEXT.small, 400 if place else 600) for place, line in enumerate(self._lines)
        )
        self.resize(min(round(wide) + 2 * _PAD + 2, _WIDEST), len(self._lines) * _LINE + 2 * _PAD - 3)
        room = self._room
        spot = room.mapFromGlobal(over.mapToGlobal(at))
        x, y = spot.x() + 14, spot.y() - self.height() - 8
        if x + self.width() > room.width() - 4:
            x = spot.x() - self.width() - 14
        self.move(max(4, x), y if y >= 4 else spot.y() + 18)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_card(painter, self.rect(), look.rail, look.rail_line, RADIUS.control)
        for place, line in enumerate(self._lines):
            box = self.rect().adjusted(_PAD, _PAD - 2 + place * _LINE, -_PAD, 0)
            box.setHeight(_LINE)
            ink = look.on_rail if not place else look.on_rail_soft
            paint_text(painter, box, line, ink, TEXT.small, 400 if place else 600)
