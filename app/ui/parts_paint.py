"""Pure painting: text, chips, rings, key caps and frames, for parts and for lists that paint themselves.

Nothing here keeps a widget. Text is shaped once by `plain.elide`.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app.ui import theme
from app.ui.plain import Shaped, elide
from app.ui.theme import RADIUS, TEXT

__all__ = [
    "Shaped",
    "chip_width",
    "elide",
    "keycap_width",
    "paint_avatar",
    "paint_bar",
    "paint_card",
    "paint_chip",
    "paint_focus",
    "paint_glow",
    "paint_ground",
    "paint_keycap",
    "paint_ring",
    "paint_text",
    "text_width",
]

_LEFT = Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignRight
_CENTRE = Qt.AlignmentFlag.AlignHCenter
Box = QRect | QRectF

CAP_HEIGHT = 18
CHIP_HEIGHT = 20


def text_width(text: str, size: int = TEXT.body, weight: int = 400) -> float:
    """How many pixels `text` takes on one line."""
    return elide(text, size, weight).width


def paint_text(
    painter: QPainter,
    rect: Box,
    text: str,
    colour: QColor,
    size: int = TEXT.body,
    weight: int = 400,
    align: Qt.AlignmentFlag = _LEFT,
) -> float:
    """Draw `text` on one line, centred in `rect`'s height, elided to its width; answers the width it took."""
    shaped = elide(text, size, weight, max(int(rect.width()), 1))
    x = float(rect.x())
    if align & _RIGHT:
        x += rect.width() - shaped.width
    elif align & _CENTRE:
        x += (rect.width() - shaped.width) / 2
    y = rect.y() + (rect.height() - shaped.height) / 2
    painter.setFont(theme.font(size, weight))
    painter.setPen(colour)
    painter.drawStaticText(QPointF(round(x), round(y)), shaped.glyphs)
    return shaped.width


def chip_width(text: str, size: int = TEXT.caption, weight: int = 600) -> int:
    """The width of the chip that `paint_chip` draws for `text`."""
    return round(text_width(text, size, weight)) + 14


def paint_chip(
    painter: QPainter,
    rect: Box,
    text: str,
    fg: QColor,
    bg: QColor,
    *,
    size: int = TEXT.caption,
    weight: int = 600,
    radius: float = RADIUS.chip,
    align: Qt.AlignmentFlag = _CENTRE,
) -> None:
    """A filled rounded chip with its text."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(bg)
    painter.drawRoundedRect(rect, radius, radius)
    inset = 7 if rect.width() > 14 else 0
    paint_text(painter, rect.adjusted(inset, 0, -inset + 1, 0), text, fg, size, weight, align)


def keycap_width(text: str) -> int:
    """The width of the key cap that `paint_keycap` draws for `text`."""
    return max(CAP_HEIGHT - 1, round(text_width(text, TEXT.caption, 600)) + 11)


def paint_keycap(painter: QPainter, rect: Box, text: str) -> None:
    """A key cap: a small raised key with its name."""
    look = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    frame = QRectF(rect)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.key_line)
    painter.drawRoundedRect(frame, RADIUS.cap, RADIUS.cap)
    painter.setBrush(look.card)
    painter.drawRoundedRect(frame.adjusted(1, 1, -1, -2), RADIUS.cap - 1, RADIUS.cap - 1)
    paint_text(painter, frame.adjusted(1, 0, -1, -1), text, look.grey, TEXT.caption, 600, _CENTRE)


def paint_ring(
    painter: QPainter,
    rect: Box,
    fraction: float,
    text: str,
    colour: QColor,
    track: QColor,
    text_colour: QColor,
    *,
    thick: float = 8,
    size: int = TEXT.ring,
) -> None:
    """A ring with `fraction` (0 to 1) of itself left, clockwise from the top, and a text in the middle."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(rect.width(), rect.height()) - thick
    arc = QRectF(0, 0, side, side)
    arc.moveCenter(QRectF(rect).center())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(track, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawEllipse(arc)
    left = min(max(fraction, 0.0), 1.0)
    if left > 0:
        painter.setPen(QPen(colour, thick, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawArc(arc, 90 * 16, -round(left * 360 * 16))
    while size > TEXT.caption and text_width(text, size, 700) > side - thick - 14:
        size -= 2
    paint_text(painter, rect, text, text_colour, size, 700, _CENTRE)


def paint_ground(painter: QPainter, rect: Box, colour: QColor) -> None:
    """Fill `rect` with one colour. (`fillRect` would cost the first paint 8 ms: the binding then builds the
    names of all gradients.)"""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRect(rect)


def paint_card(painter: QPainter, rect: Box, fill: QColor, line: QColor, radius: float = RADIUS.card) -> None:
    """A rounded frame of one pixel, filled."""
    corner = ceil(radius) + 1
    ratio = painter.device().devicePixelRatioF()
    if ratio != int(ratio) or isinstance(rect, QRectF) or min(rect.width(), rect.height()) < 2 * corner:
        _draw_card(painter, QRectF(rect), fill, line, radius)
        return
    # Smoothing a long edge that is straight anyway took a millisecond a card: only its corners are laid on, from a
    # picture of them that is kept.
    patch = _corners(fill.rgba(), line.rgba(), radius, ratio)
    left, top, right, bottom = rect.x(), rect.y(), rect.x() + rect.width(), rect.y() + rect.height()
    wide, high = rect.width() - 2 * corner, rect.height() - 2 * corner
    for at_x, from_x in ((left, 0), (right - corner, corner)):
        for at_y, from_y in ((top, 0), (bottom - corner, corner)):
            source = QRectF(from_x * ratio, from_y * ratio, corner * ratio, corner * ratio)
            painter.drawPixmap(QRectF(at_x, at_y, corner, corner), patch, source)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    paint_ground(painter, QRect(left, top + corner, rect.width(), high), fill)
    paint_ground(painter, QRect(left + corner, top, wide, corner), fill)
    paint_ground(painter, QRect(left + corner, bottom - corner, wide, corner), fill)
    if line != fill:
        paint_ground(painter, QRect(left + corner, top, wide, 1), line)
        paint_ground(painter, QRect(left + corner, bottom - 1, wide, 1), line)
        paint_ground(painter, QRect(left, top + corner, 1, high), line)
        paint_ground(painter, QRect(right - 1, top + corner, 1, high), line)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _draw_card(painter: QPainter, rect: QRectF, fill: QColor, line: QColor, radius: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


@lru_cache(maxsize=256)
def _corners(fill: int, line: int, radius: float, ratio: float) -> QPixmap:
    """The four corners of a card, side by side."""
    side = 2 * (ceil(radius) + 1)
    patch = QPixmap(ceil(side * ratio), ceil(side * ratio))
    patch.setDevicePixelRatio(ratio)
    patch.fill(QColor(0, 0, 0, 0))
    painter = QPainter(patch)
    _draw_card(painter, QRectF(0, 0, side, side), QColor.fromRgba(fill), QColor.fromRgba(line), radius)
    painter.end()
    return patch


def paint_glow(painter: QPainter, rect: Box, colour: QColor, radius: float, reach: int) -> None:
    """A soft shadow around `rect`: `colour` at its edge, gone after `reach` pixels, a bit lower.

    It is drawn once for each colour and shape and then laid around any frame in nine pieces: drawing it anew
    took 12 ms, most of what showing a lead costs.
    """
    drop, corner = reach * 3 // 10, _glow_corner(radius, reach)
    around = QRectF(rect).translated(0, drop).adjusted(-reach, -reach, reach, reach)
    if min(around.width(), around.height()) < 2 * corner:
        _draw_glow(painter, QRectF(rect).translated(0, drop), colour, radius, reach)
        return
    ratio = painter.device().devicePixelRatioF()
    patch = _glow_patch(colour.rgba(), radius, reach, ratio)
    columns = _thirds(around.left(), around.width(), corner)
    rows = _thirds(around.top(), around.height(), corner)
    pieces = _thirds(0.0, 2 * corner + 1, corner)
    for (y, height), (top, high) in zip(rows, pieces, strict=True):
        for (x, width), (left, wide) in zip(columns, pieces, strict=True):
            if (left, top) != (corner, corner):  # the middle lies under the card
                source = QRectF(left * ratio, top * ratio, wide * ratio, high * ratio)
                painter.drawPixmap(QRectF(x, y, width, height), patch, source)


def _thirds(start: float, length: float, corner: float) -> tuple[tuple[float, float], ...]:
    """Start and length of a corner, of what lies between, and of the other corner."""
    return (start, corner), (start + corner, length - 2 * corner), (start + length - corner, corner)


def _glow_corner(radius: float, reach: int) -> float:
    return float(ceil(radius) + 2 * reach)


@lru_cache(maxsize=32)
def _glow_patch(rgba: int, radius: float, reach: int, ratio: float) -> QPixmap:
    """The glow of a frame that is all corners, with one pixel between them that can be stretched."""
    side = 2 * _glow_corner(radius, reach) + 1
    patch = QPixmap(ceil(side * ratio), ceil(side * ratio))
    patch.setDevicePixelRatio(ratio)
    patch.fill(QColor(0, 0, 0, 0))
    painter = QPainter(patch)
    frame = QRectF(reach, reach, side - 2 * reach, side - 2 * reach)
    _draw_glow(painter, frame, QColor.fromRgba(rgba), radius, reach)
    painter.end()
    return patch


def _draw_glow(painter: QPainter, frame: QRectF, colour: QColor, radius: float, reach: int) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    drop = reach * 3 // 10
    shade = QColor(colour)
    for far in range(-drop, reach - drop):
        left = 1 - max(far, 0) / (reach - drop)
        shade.setAlphaF(colour.alphaF() * left**1.4)
        painter.setPen(QPen(shade, 1.4))
        away = far + 0.5
        painter.drawRoundedRect(frame.adjusted(-away, -away, away, away), radius + away, radius + away)


def paint_bar(painter: QPainter, rect: Box, fraction: float, colour: QColor, track: QColor) -> None:
    """A thin bar filled from the left to `fraction` (0 to 1)."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    whole = QRectF(rect)
    radius = whole.height() / 2
    painter.setBrush(track)
    painter.drawRoundedRect(whole, radius, radius)
    whole.setWidth(whole.width() * min(max(fraction, 0.0), 1.0))
    if whole.width() > 0:
        painter.setBrush(colour)
        painter.drawRoundedRect(whole, radius, radius)


def paint_avatar(painter: QPainter, rect: Box, initials: str, dot: QColor | None, ground: QColor) -> None:
    """A round with a person's initials and, at its lower right, the dot of the person's status."""
    look = theme.current()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.avatar)
    painter.drawEllipse(rect)
    size = TEXT.caption if rect.width() >= 28 else 9
    paint_text(painter, rect, initials, look.on_fill, size, 600, _CENTRE)
    if dot is not None:
        painter.setPen(Qt.PenStyle.NoPen)
        side = max(rect.width() * 0.25, 7)
        spot = QRectF(rect.right() - side, rect.bottom() - side, side, side)
        painter.setBrush(ground)
        painter.drawEllipse(spot.adjusted(-2, -2, 2, 2))
        painter.setBrush(dot)
        painter.drawEllipse(spot)


def paint_focus(painter: QPainter, rect: Box, radius: float, ground: QColor) -> None:
    """The ring that shows where the keyboard is: the selection's colour outside, a line of the ground
    within."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    frame = QRectF(rect)
    for inset, colour, thick in ((1.0, theme.current().select, 2.0), (2.5, ground, 1.0)):
        painter.setPen(QPen(colour, thick))
        painter.drawRoundedRect(frame.adjusted(inset, inset, -inset, -inset), radius - inset, radius - inset)
