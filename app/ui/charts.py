"""Lines, bands and bars of a report's table, painted by ourselves on any painter: window, picture, paper.

The first column is the axis, a row a place on it; places stand at equal distances, as the report names them. What is
the floor's own is drawn whole, with a band for its interval; published figures are dashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from app.domain.report import Draw, Segment, Table
from app.domain.report_words import (
    cell_words,
    place_words,
    tick_words,
)
from app.ui import theme
from app.ui.chart_series import Series, ends_of, lines_at, nice_steps, points_of, runs_of, series_of
from app.ui.parts import paint_focus, paint_ground, paint_text, text_width
from app.ui.plain import one_line
from app.ui.reports_hover import Hover
from app.ui.theme import RADIUS, TEXT, Look

__all__ = ["Chart", "Plot"]

HEIGHT = 252
_FLATTEST, _TALLEST = 0.3, 340
_AXIS = 24
_BETWEEN = 8
"""Pixels between two names."""
_SECOND = 14
"""A second line of names below the axis."""


def _halved(name: str) -> tuple[str, str]:
    """A name in two lines, as even as its words let it be."""
    words = name.split(" ")
    ways = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words) + 1)]
    return min(ways, key=lambda both: max(map(len, both)))


class Plot:
    """Where everything of a chart is: made for a table and a rectangle, then painted."""

    def __init__(self, table: Table, rect: QRect, look: Look) -> None:
        self.table, self.look = table, look
        self.series = series_of(table, look)
        self.is_drawn = any(points_of(table, series.place) for series in self.series)
        self.is_bars = table.draw is Draw.BARS
        self.frame = QRectF(rect)
        self.halves: list[tuple[str, str]] = []
        """The names of the bars in two lines, where one has no room for all of them."""
        if not self.is_drawn:
            return
        self.unit = table.columns[self.series[0].place].unit
        self.steps = nice_steps(*ends_of(table, self.series), self.unit)
        labels = [tick_words(self.unit, step) for step in self.steps]
        self.names = [one_line(place_words(table.columns[0], row[0]), 24) for row in table.rows]
        left = ceil(max(text_width(label, TEXT.caption) for label in labels)) + 10
        self.area = QRectF(
            rect.x() + left, rect.y() + 8, max(rect.width() - left - 10, 40), rect.height() - 8 - _AXIS
        )
        if self.is_bars and not self._has_room(self.names):
            halves = [_halved(name) for name in self.names]
            if self._has_room(half for both in halves for half in both):
                self.halves = halves
                self.area.setHeight(self.area.height() - _SECOND)
        self.labels = labels

    def _has_room(self, names: Iterable[str]) -> bool:
        widest = max((text_width(name, TEXT.caption) for name in names), default=0)
        return widest + _BETWEEN <= self.area.width() / len(self.table.rows)

    def x(self, number: float) -> float:
        """Where a place of the axis is."""
        count = len(self.table.rows)
        if self.is_bars:
            return self.area.left() + (number + 0.5) * self.area.width() / count
        if count == 1:
            return self.area.center().x()
        inset = min(16.0, self.area.width() / 20)
        return self.area.left() + inset + number * (self.area.width() - 2 * inset) / (count - 1)

    def y(self, value: float) -> float:
        """Where a value is; one beyond the axis is at its end."""
        low, high = self.steps[0], self.steps[-1] if len(self.steps) > 1 else self.steps[0] + 1
        return self.area.bottom() - (min(value, high) - low) / (high - low) * self.area.height()

    def number_at(self, x: float) -> int:
        """The place of the axis nearest to there; -1 outside."""
        if not self.is_drawn or not self.area.left() - 8 <= x <= self.area.right() + 8:
            return -1
        return min(range(len(self.table.rows)), key=lambda number: abs(self.x(number) - x))

    def paint(self, painter: QPainter, marked: int = -1) -> None:
        """Draw it, with one place marked."""
        if not self.is_drawn and self.table.rows:
            words = QCoreApplication.translate("charts", "Not enough data")
            paint_text(painter, self.frame, words, self.look.ink_faint, align=Qt.AlignmentFlag.AlignHCenter)
        if not self.is_drawn:
            return
        self._paint_axes(painter)
        own = [series for series in self.series if not series.published]
        if marked >= 0:
            painter.setPen(QPen(self.look.field_line, 1))
            painter.drawLine(
                QPointF(self.x(marked), self.area.top()), QPointF(self.x(marked), self.area.bottom())
            )
        for series in reversed(self.series):
            if self.is_bars and not series.published:
                self._paint_bars(painter, series, own.index(series), len(own))
            else:
                self._paint_line(painter, series, marked)

    def _paint_axes(self, painter: QPainter) -> None:
        look, area = self.look, self.area
        for step, label in zip(self.steps, self.labels, strict=True):
            y = round(self.y(step))
            colour = look.field_line if step == 0 else look.line
            paint_ground(painter, QRect(round(area.left()), y, round(area.width()), 1), colour)
            box = QRectF(area.left() - 100, y - 9, 92, 18)
            paint_text(painter, box, label, look.ink_faint, TEXT.caption, 400, Qt.AlignmentFlag.AlignRight)
        names = self.names
        if self.halves:
            for number, both in enumerate(self.halves):
                for line, word in enumerate(both):
                    box = QRectF(self.x(number) - 80, area.bottom() + 5 + line * _SECOND, 160, 18)
                    align = Qt.AlignmentFlag.AlignHCenter
                    paint_text(painter, box, word, look.ink_faint, TEXT.caption, 400, align)
            return
        room = area.width() / len(names)
        every = max(1, ceil((max(text_width(name, TEXT.caption) for name in names) + _BETWEEN) / room))
        for number in range(0, len(names), every):
            half = text_width(names[number], TEXT.caption) / 2 + 2
            # A word at the end is moved inwards rather than cut by the edge of what is painted on.
            x = min(max(self.x(number), self.frame.left() + half), self.frame.right() - half)
            box = QRectF(x - 80, area.bottom() + 5, 160, 18)
            paint_text(
                painter, box, names[number], look.ink_faint, TEXT.caption, 400, Qt.AlignmentFlag.AlignHCenter
            )

    def _paint_line(self, painter: QPainter, series: Series, marked: int) -> None:
        points = points_of(self.table, series.place)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for part in runs_of(series, points):
            band = [
                (self.x(n), c.low, c.high) for n, c, _ in part if c.low is not None and c.high is not None
            ]
            if band and not series.published:
                fill = QColor(series.colour)
                fill.setAlpha(52 if self.look.dark else 38)
                upper = [QPointF(x, self.y(high)) for x, _, high in band]
                lower = [QPointF(x, self.y(low)) for x, low, _ in reversed(band)]
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(fill)
                painter.drawPolygon(QPolygonF([*upper, *lower]))
            pen = QPen(series.colour, 1.6 if series.published else 2.2)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            if series.published:
                pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([QPointF(self.x(n), self.y(value)) for n, _, value in part]))
            painter.setPen(QPen(self.look.card, 1.4))
            painter.setBrush(series.colour)
            for n, _, value in part:
                if n == marked or (not series.published and (len(part) == 1 or len(points) <= 16)):
                    radius = 5.0 if n == marked else 3.6
                    painter.drawEllipse(QPointF(self.x(n), self.y(value)), radius, radius)

    def _paint_bars(self, painter: QPainter, series: Series, number: int, count: int) -> None:
        whole = self.area.width() / len(self.table.rows) * 0.74
        wide = whole / count
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, cell, value in points_of(self.table, series.place):
            x = self.x(at) - whole / 2 + wide * number
            top, base = self.y(max(value, 0.0)), self.y(min(value, 0.0))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(series.colour)
            painter.drawRoundedRect(QRectF(x, top, max(wide * 0.92, 1.0), max(base - top, 1.0)), 1.5, 1.5)
            if cell.low is not None and cell.high is not None:
                middle, bar = x + wide * 0.46, self.y(value)
                for a, b, ink in (
                    (self.y(cell.low), bar, self.look.on_fill),  # on the bar itself
                    (bar, self.y(cell.high), self.look.ink_soft),
                ):
                    painter.setPen(QPen(ink, 1.2))
                    painter.drawLine(QPointF(middle, a), QPointF(middle, b))


class Chart(QWidget):
    """A chart of one table, on the screen. Left and right move along the axis; Enter asks for the leads behind a point,
    and without one opens the chart large, as a double click does."""

    wanted = Signal(str, object)
    """The leads behind a point are wanted: what it is, and their `Segment`."""
    large_wanted = Signal()

    def __init__(self, parent: QWidget | None, hover: Hover) -> None:
        super().__init__(parent)
        self._hover = hover
        self.table = Table(key="", title="", columns=(), rows=())
        self.at = -1
        self._pressed = -1
        # A click waits for a second one: the leads' pane would push the chart away from under it.
        self._single = QTimer(self)
        self._single.setSingleShot(True)
        self._single.timeout.connect(self._ask_pressed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(420, min(max(HEIGHT, round(self.width() * _FLATTEST)), _TALLEST))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()  # a wide one is taller

    @property
    def plot(self) -> Plot:
        return Plot(self.table, self.rect(), theme.current())

    def show_table(self, table: Table) -> None:
        """Draw this one."""
        self.table = table
        self.at = min(self.at, len(table.rows) - 1)
        self.setAccessibleName(one_line(table.title, 120))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.plot.paint(painter, self.at)
        if self.hasFocus():
            paint_focus(painter, self.rect(), RADIUS.chip, theme.current().card)

    # pointing

    def point_at(self, number: int, at: QPoint | None = None) -> None:
        """Mark a place of the axis and say what stands there; -1 takes that away."""
        moved = number != self.at
        self.at = number
        if moved:
            self.update()
        if not 0 <= number < len(self.table.rows):
            self._hover.hide()
            return
        lines = lines_at(self.table, number)
        self.setAccessibleDescription(one_line("; ".join(lines), 400))
        self._hover.say(self, at or QPoint(round(self.plot.x(number)), self.height() // 2), lines)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = self.plot.number_at(event.position().x())
        self.point_at(number, event.position().toPoint())
        behind = number >= 0 and self._behind(number) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if behind else Qt.CursorShape.ArrowCursor)

    def _behind(self, number: int) -> tuple[str, Segment] | None:
        row = self.table.rows[number]
        for series in series_of(self.table, theme.current()):
            behind = row[series.place].behind
            if behind is not None:
                column = self.table.columns[series.place]
                return f"{cell_words(self.table.columns[0], row[0])} · {column.title}", behind
        return None

    def _ask(self, number: int) -> None:
        found = self._behind(number) if 0 <= number < len(self.table.rows) else None
        if found is not None:
            self.wanted.emit(*found)

    @Slot()
    def _ask_pressed(self) -> None:
        self._ask(self._pressed)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self.plot.number_at(event.position().x())
            self._single.start(QApplication.doubleClickInterval())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._single.stop()
            self.large_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self.table.rows) - 1
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and last >= 0:
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self.point_at(min(max(self.at + step, 0), last))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.at < 0:
                self.large_wanted.emit()
            else:
                self._ask(self.at)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.point_at(-1)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.point_at(-1)
