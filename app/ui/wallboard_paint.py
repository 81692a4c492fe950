"""Paints the cells of a wallboard."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.ui import theme
from app.ui.parts_paint import paint_card, paint_chip, paint_focus, paint_text
from app.ui.theme import Look, Tint
from app.ui.times import clock_face
from app.ui.wallboard_plan import Cell, Sort

__all__ = ["paint_cell"]

_CENTRE = Qt.AlignmentFlag.AlignHCenter
_FAR = 4
"""So many times the usual TTFC reaches to the top."""


def paint_cell(painter: QPainter, cell: Cell, unit: float, *, faded: bool) -> None:
    """Draw one cell; `unit` is how many pixels the measure of the board is, `faded` that nothing of it is sure."""
    look = theme.current()
    match cell.sort:
        case Sort.TEXT:
            ink = look.ink_faint if faded and cell.ink not in ("danger", "on_fill") else look.colour(cell.ink)
            paint_text(painter, cell.rect, cell.text, ink, cell.size, cell.weight, cell.align)
        case Sort.CARD:
            paint_card(painter, cell.rect, look.card, look.line if not look.dark else look.card, 11 * unit)
        case Sort.ALARM:
            paint_card(painter, cell.rect, look.accent_fill, look.accent_fill, 11 * unit)
        case Sort.RULE:
            painter.fillRect(cell.rect, look.line)
        case Sort.DOT:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(getattr(look, cell.tint))
            painter.drawEllipse(QRectF(cell.rect))
        case Sort.CHIP:
            tint: Tint = cell.tint  # type: ignore[assignment]
            fg, bg = look.tint(tint)
            paint_chip(
                painter, cell.rect, cell.text, fg, bg, size=cell.size, weight=cell.weight, radius=5 * unit
            )
        case Sort.RING:
            paint_focus(painter, cell.rect, 8 * unit, look.card)
        case Sort.CHART:
            _chart(painter, cell, look, unit)


def _chart(painter: QPainter, cell: Cell, look: Look, unit: float) -> None:
    """A bar an hour for the leads that came in, and a line for how soon they were called; last week's are pale."""
    hours = cell.hours
    if not hours:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    label = cell.size + round(8 * unit)
    area = QRectF(cell.rect).adjusted(0, cell.size + 4 * unit, 0, -label)
    most = max(1, *(max(hour.leads, hour.leads_before) for hour in hours))
    a_bar = min(area.width() / len(hours), 110 * unit)
    wide = a_bar * 0.74
    counts: list[tuple[QRect, str]] = []
    bars = [QRectF(area.x() + n * a_bar + (a_bar - wide) / 2, 0, wide, 0) for n in range(len(hours))]
    for n, (hour, bar) in enumerate(zip(hours, bars, strict=True)):
        before, came = (area.height() * count / most for count in (hour.leads_before, hour.leads))
        if hour.leads_before:
            ghost = QRectF(bar.x(), area.bottom() - before, wide, before)
            _bar(painter, ghost, None, look.check_line if n > cell.now else look.field_line, unit)
        if n <= cell.now and hour.leads:
            full = QRectF(bar.x(), area.bottom() - came, wide, came)
            _bar(painter, full, _blue(look), None, unit)
            spot = QRect(
                round(bar.x()), round(full.y()) - cell.size - round(4 * unit), round(wide), cell.size + 4
            )
            counts.append((spot, str(hour.leads)))
        below = QRect(
            round(bar.x()) - 6, round(area.bottom()) + round(4 * unit), round(wide) + 12, cell.size + 6
        )
        ink = look.ink if n == cell.now else look.ink_soft
        paint_text(
            painter, below, f"{hour.label:02d}", ink, cell.size, 700 if n == cell.now else 400, _CENTRE
        )
    _lines(painter, cell, look, unit, area, [bar.center().x() for bar in bars])
    for spot, count in counts:
        paint_text(painter, spot, count, look.ink_soft, cell.size, 600, _CENTRE)


def _lines(painter: QPainter, cell: Cell, look: Look, unit: float, area: QRectF, places: list[float]) -> None:
    """TTFC today over TTFC a week before, to one measure. A line is not drawn over an hour without a call; an hour in
    which a lead of days ago was called stands at the top and does not press the others flat."""
    today = [hour.ttfc if n <= cell.now else None for n, hour in enumerate(cell.hours)]
    before = [hour.ttfc_before for hour in cell.hours]
    known = sorted(value for value in (*today, *before) if value is not None)
    longest = min(known[-1], _FAR * max(known[len(known) // 2], 1.0)) if known else 0.0
    if not longest:
        return

    def y_of(value: float) -> float:
        return area.bottom() - area.height() * 0.92 * min(value / longest, 1.0)

    painter.setBrush(Qt.BrushStyle.NoBrush)
    for values, colour, thick, dashes in (
        (before, look.ink_faint, 1.2, True),
        (today, look.warm, 2.6, False),
    ):
        pen = QPen(colour, thick * unit)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        if dashes:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        run: list[QPointF] = []
        for x, value in (*zip(places, values, strict=True), (0.0, None)):
            if value is not None:
                run.append(QPointF(x, y_of(value)))
                continue
            if len(run) > 1:
                painter.drawPolyline(run)
            elif run:
                painter.setBrush(colour)
                painter.drawEllipse(run[0], thick * unit, thick * unit)
                painter.setBrush(Qt.BrushStyle.NoBrush)
            run = []
    last = next((n for n in range(len(today) - 1, -1, -1) if today[n] is not None), None)
    if last is not None:
        value = today[last] or 0.0
        spot = QRect(
            round(places[last] + 14 * unit), round(y_of(value)) - cell.size, round(60 * unit), cell.size + 6
        )
        if spot.right() <= cell.rect.right():
            paint_text(painter, spot, clock_face(value), look.warm, cell.size, 700)


def _bar(painter: QPainter, rect: QRectF, fill: QColor | None, line: QColor | None, unit: float) -> None:
    painter.setPen(QPen(line, max(1.0, unit)) if line else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill else Qt.BrushStyle.NoBrush)
    radius = min(3 * unit, rect.height() / 2)
    painter.drawRoundedRect(rect, radius, radius)


def _blue(look: Look) -> QColor:
    return QColor("#2c4fa3") if look.dark else QColor("#8fabf5")
