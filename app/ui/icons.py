"""Our own line icons: SVG files of `resources/icons`, drawn in a wanted colour and kept as pictures.

Qt's SVG module is loaded when the first icon is drawn, not when the program starts. A file holds black
lines; the colour is laid over them. `mark` is the app's own sign and keeps its colours. The pictures are
kept by name, colour and pixel size, so that a change of look or of the screen's scale needs no clearing.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from app.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

__all__ = [
    "app_icon",
    "counted",
    "icon",
    "load",
    "names",
    "paint",
    "paint_mark",
    "picture",
    "ready",
]

_LETTER = (
    (24, 20.5),
    (41, 20.5),
    (41, 26.1),
    (30.2, 26.1),
    (30.2, 31.5),
    (39.8, 31.5),
    (39.8, 36.9),
    (30.2, 36.9),
    (30.2, 43.5),
    (24, 43.5),
)
"""The F of the mark in a square of 64, as in mark.svg."""
_COLOURED = frozenset({"mark", "arrow", "tick"})


def names() -> list[str]:
    """The names of all icons there are."""
    return sorted(path.stem for path in theme.resources("icons").glob("*.svg"))


def ready() -> bool:
    """Is Qt's SVG module loaded? The rail's entries wait for it, so as not to delay the first paint."""
    return "PySide6.QtSvg" in sys.modules


def load() -> None:
    """Load Qt's SVG module now."""
    import PySide6.QtSvg  # noqa: F401 - loading it is the point


@lru_cache(maxsize=512)
def _drawn(name: str, rgba: int, pixels: int) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(str(theme.resources("icons", name + ".svg")))
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    if name not in _COLOURED:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor.fromRgba(rgba))
        painter.drawRect(made.rect())
    painter.end()
    return made


def picture(name: str, colour: QColor, side: int, ratio: float = 1.0) -> QPixmap:
    """The icon as a picture of `side` pixels, sharp on a screen of that pixel ratio."""
    made = QPixmap(_drawn(name, colour.rgba(), max(1, round(side * ratio))))
    made.setDevicePixelRatio(ratio)
    return made


def paint(painter: QPainter, rect: QRect | QRectF, name: str, colour: QColor) -> None:
    """Draw the icon into `rect`, square and centred."""
    side = min(rect.width(), rect.height())
    ratio = painter.device().devicePixelRatioF()
    target = QRectF(0, 0, side, side)
    target.moveCenter(QRectF(rect).center())
    painter.drawPixmap(target.topLeft(), picture(name, colour, round(side), ratio))


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """The icon for native controls such as menus, in the look's text colour unless told otherwise."""
    from PySide6.QtGui import QIcon

    ink = colour or theme.current().ink
    made = QIcon()
    for side in (16, 24, 32, 48):
        made.addPixmap(_drawn(name, ink.rgba(), side))
    return made


def app_icon() -> QIcon:
    """The window's and the tray's icon."""
    from PySide6.QtGui import QIcon

    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_drawn("mark", 0, side))
    return made


def counted(count: int) -> QIcon:
    """The app's icon with a number in its corner; without one for 0."""
    if not count:
        return app_icon()
    from PySide6.QtGui import QIcon

    look, made = theme.current(), QIcon()
    for side in (16, 24, 32, 48, 64):
        drawn = QPixmap(_drawn("mark", 0, side))
        painter = QPainter(drawn)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spot = QRectF(side * 0.36, side * 0.36, side * 0.64, side * 0.64)
        painter.setPen(QPen(look.on_fill, side / 24))
        painter.setBrush(look.danger_fill)
        painter.drawEllipse(spot)
        face = theme.font(8, 700)
        face.setPixelSize(max(7, round(side * (0.46 if count < 10 else 0.36))))
        painter.setFont(face)
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(count) if count < 100 else "99")
        painter.end()
        made.addPixmap(drawn)
    return made


def paint_mark(painter: QPainter, rect: QRect) -> None:
    """The app's tile with the F, painted by hand so that the first paint needs no SVG."""
    look = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.accent)
    radius = rect.width() * 0.27
    painter.drawRoundedRect(rect, radius, radius)
    unit = rect.width() / 64
    letter = QPolygonF([QPointF(rect.x() + x * unit, rect.y() + y * unit) for x, y in _LETTER])
    painter.setBrush(look.on_fill)
    painter.drawPolygon(letter)
