"""A chart opened large, over the whole window: to look closer, drag, and read values off it.

Drawn by pyqtgraph, which knows how to zoom and to pan. Nothing else draws with it and it is loaded with this module,
which nobody imports before a chart is opened large: the small charts, pictures and paper are painted by `charts`.
A crosshair stands on the nearest point and says its values. The wheel and + and − zoom, dragging and Ctrl with an arrow
move, Home shows all again; arrows go from point to point, a click or Enter asks for the leads behind one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Any

import pyqtgraph
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.report import Cell, Draw, Segment, Table
from app.domain.report_words import cell_words, place_words, tick_words
from app.ui import theme
from app.ui.chart_series import Series, ends_of, lines_at, nice_steps, points_of, runs_of, series_of
from app.ui.parts import Button, paint_focus, text_width
from app.ui.parts_overlay import Overlay
from app.ui.plain import PlainLabel, one_line
from app.ui.reports_hover import Hover
from app.ui.reports_page import Legend
from app.ui.theme import RADIUS, SPACE, TEXT

__all__ = ["Canvas", "LargeChart"]

_BAR = 0.74
"""How much of its place a group of bars takes."""
_CLOSER, _FARTHER = 0.8, 1.25
_MOST_MARKS = 120
"""With more points than these a line has no mark on each."""
_LINES = 8
_DEEPEST = 40
"""How many times the values can be enlarged."""


class Canvas(QWidget):
    """The chart itself: a pyqtgraph plot in the house's colours, with keys, a crosshair and a name."""

    wanted = Signal(str, object)
    """The leads behind a point are wanted: what it is, and their `Segment`."""

    def __init__(self, table: Table, parent: QWidget) -> None:
        super().__init__(parent)
        self.table = table
        self.at = -1
        """The place of the axis that the crosshair stands on; -1: none."""
        self._series = series_of(table, theme.current())
        self._held: Series | None = None
        self._unit = table.columns[self._series[0].place].unit
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(one_line(table.title, 120))
        self.plot: Any = pyqtgraph.PlotWidget(self)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.viewport().setMouseTracking(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.tight, SPACE.tight, SPACE.tight, SPACE.tight)
        column.addWidget(self.plot)
        self.hover = Hover(self)
        self._box = self.plot.getViewBox()
        self._limit()
        self._across = self._line(angle=90)
        self._along = self._line(angle=0)
        self._mark = pyqtgraph.ScatterPlotItem(size=11, antialias=True)
        self._dress()
        self.reset()
        self._box.sigRangeChanged.connect(self._name_axes)
        self._box.sigResized.connect(self._name_axes)
        self.plot.scene().sigMouseMoved.connect(self._moved)
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        theme.changed.connect(self._dress)

    # what is drawn

    @property
    def is_bars(self) -> bool:
        return self.table.draw is Draw.BARS

    def _limit(self) -> None:
        """How far one can go: not beyond what there is, nor so close that nothing is left to see."""
        count = len(self.table.rows)
        steps = nice_steps(*ends_of(self.table, self._series), self._unit)
        low, high = steps[0], max(steps[-1], steps[0] + 1e-9)
        air = (high - low) * 0.03
        self._whole = (-0.6, count - 0.4, low - air, high + air)
        left, right, bottom, top = self._whole
        self._box.setLimits(
            xMin=left, xMax=right, yMin=bottom, yMax=top, minXRange=min(2.0, right - left),
            minYRange=(top - bottom) / _DEEPEST,
        )  # fmt: skip

    def _line(self, angle: int) -> Any:
        line = pyqtgraph.InfiniteLine(angle=angle, movable=False)
        line.hide()
        return line

    @Slot()
    @Slot(object)
    def _dress(self, _look: object = None) -> None:
        """Draw everything in the look that is worn now."""
        look = theme.current()
        self._series = series_of(self.table, look)
        self._held = None
        self.plot.clear()
        self.plot.setBackground(look.card)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setTickFont(theme.font(TEXT.small))
            axis.setTextPen(look.ink_soft)
            axis.setPen(pyqtgraph.mkPen(look.line))
            axis.setZValue(-1)  # its lines lie under bars
            axis.setStyle(tickTextOffset=8, tickLength=0)
        self.plot.getAxis("left").setGrid(255 if not look.dark else 160)
        own = [series for series in self._series if not series.published]
        for series in reversed(self._series):
            if self.is_bars and not series.published:
                self._draw_bars(series, own.index(series), len(own))
            else:
                self._draw_line(series)
        for line in (self._across, self._along):
            line.setPen(pyqtgraph.mkPen(look.ink_faint, width=1, style=Qt.PenStyle.DotLine))
            self.plot.addItem(line, ignoreBounds=True)
        self.plot.addItem(self._mark, ignoreBounds=True)
        self._name_axes()
        self._stand(self.at, None)

    def _draw_line(self, series: Series) -> None:
        look = theme.current()
        for part in runs_of(series, points_of(self.table, series.place)):
            xs = [float(number) for number, _, _ in part]
            if not series.published:
                self._draw_band(series, [(number, cell) for number, cell, _ in part])
            pen = QPen(series.colour, 1.8 if series.published else 2.4)
            pen.setCosmetic(True)
            if series.published:
                pen.setDashPattern([4, 3])
            marks = {}
            if not series.published and len(xs) <= _MOST_MARKS:
                marks = {
                    "symbol": "o", "symbolSize": 8, "symbolBrush": series.colour,
                    "symbolPen": pyqtgraph.mkPen(look.card, width=1.4),
                }  # fmt: skip
            self.plot.plot(xs, [value for _, _, value in part], pen=pen, antialias=True, **marks)

    def _draw_band(self, series: Series, part: Sequence[tuple[int, Cell]]) -> None:
        known = [(n, c.low, c.high) for n, c in part if c.low is not None and c.high is not None]
        if not known:
            return
        xs = [float(number) for number, _, _ in known]
        lower = pyqtgraph.PlotCurveItem(xs, [low for _, low, _ in known])
        upper = pyqtgraph.PlotCurveItem(xs, [high for _, _, high in known])
        fill = QColor(series.colour)
        fill.setAlpha(56 if theme.current().dark else 40)
        self.plot.addItem(pyqtgraph.FillBetweenItem(lower, upper, brush=fill))

    def _draw_bars(self, series: Series, number: int, count: int) -> None:
        wide = _BAR / count
        points = points_of(self.table, series.place)
        xs = [at - _BAR / 2 + wide * (number + 0.5) for at, _, _ in points]
        bars = pyqtgraph.BarGraphItem(
            x=xs, height=[value for _, _, value in points], width=wide * 0.92, brush=series.colour, pen=None
        )
        self.plot.addItem(bars)
        known = [
            (x, c, v)
            for x, (_, c, v) in zip(xs, points, strict=True)
            if c.low is not None and c.high is not None
        ]
        for x, cell, _ in known:
            pen = pyqtgraph.mkPen(theme.current().ink_soft, width=1.4)
            self.plot.plot([x, x], [cell.low, cell.high], pen=pen, antialias=True)

    @Slot()
    def _name_axes(self, *_: object) -> None:
        """Names and numbers beside the part of the axes that is seen: as many as have room."""
        (left, right), (bottom, top) = self._box.viewRange()
        steps = [step for step in nice_steps(bottom, top, self._unit, _LINES) if bottom <= step <= top]
        self.plot.getAxis("left").setTicks([[(step, tick_words(self._unit, step)) for step in steps]])
        first, last = max(ceil(left), 0), min(floor(right), len(self.table.rows) - 1)
        column = self.table.columns[0]
        names = [one_line(place_words(column, row[0]), 28) for row in self.table.rows]
        widest = max((text_width(name, TEXT.small) for name in names), default=1.0) + 18
        every = max(1, ceil(widest * (right - left) / max(self._box.width(), 1.0)))
        ticks = [(number, names[number]) for number in range(first, last + 1) if number % every == 0]
        self.plot.getAxis("bottom").setTicks([ticks])

    # looking closer

    def reset(self) -> None:
        """Show all of it."""
        left, right, bottom, top = self._whole
        self._box.setRange(xRange=(left, right), yRange=(bottom, top), padding=0)

    def zoom(self, by: float) -> None:
        """Nearer (below 1) or farther, around the crosshair where there is one."""
        held = self._held_at()
        self._box.scaleBy((by, by), center=QPointF(*held) if held is not None else None)

    def pan(self, share: float) -> None:
        """Along the axis by a share of what is seen."""
        (left, right), _ = self._box.viewRange()
        self._box.translateBy(x=(right - left) * share, y=0)

    # the crosshair

    def _held_at(self) -> tuple[float, float] | None:
        if self._held is None or not 0 <= self.at < len(self.table.rows):
            return None
        value = self.table.rows[self.at][self._held.place].value
        return (self._x(self._held, self.at), float(value)) if isinstance(value, int | float) else None

    def _x(self, series: Series, number: int) -> float:
        own = [one for one in self._series if not one.published]
        if not self.is_bars or series.published:
            return float(number)
        return number - _BAR / 2 + _BAR / len(own) * (own.index(series) + 0.5)

    def stand_on(self, number: int) -> None:
        """Put the crosshair on a place of the axis and bring that into view; -1 takes it away."""
        if 0 <= number < len(self.table.rows):
            (left, right), _ = self._box.viewRange()
            if not left <= number <= right:
                self._box.translateBy(x=number - (left + right) / 2, y=0)
        self._stand(number, None)

    def _stand(self, number: int, near: QPointF | None) -> None:
        """`near`: where the pointer is, in values; the line nearest to it is held, else the first."""
        self.at = number if 0 <= number < len(self.table.rows) else -1
        self._held = self._nearest(near) if self.at >= 0 else None
        held = self._held_at()
        for line in (self._across, self._along):
            line.setVisible(held is not None)
        if held is None or self._held is None:
            self._mark.setData([], [])
        else:
            self._across.setPos(held[0])
            self._along.setPos(held[1])
            look = theme.current()
            self._mark.setData(
                [held[0]], [held[1]], brush=self._held.colour, pen=pyqtgraph.mkPen(look.card, width=2)
            )
        if self.at < 0:
            self.hover.hide()
            return
        lines = lines_at(self.table, self.at)
        self.setAccessibleDescription(one_line("; ".join(lines), 400))
        _, (bottom, top) = self._box.viewRange()
        spot = self._box.mapViewToScene(QPointF(*(held or (self.at, (bottom + top) / 2))))
        self.hover.say(self.plot, self.plot.mapFromScene(spot), lines)

    def _nearest(self, near: QPointF | None) -> Series | None:
        """The line or bar at the crosshair's place that is meant."""
        row = self.table.rows[self.at]
        there = [series for series in self._series if isinstance(row[series.place].value, int | float)]
        if near is None or not there:
            return there[0] if there else None
        if self.is_bars:
            return min(there, key=lambda series: abs(self._x(series, self.at) - near.x()))
        return min(there, key=lambda series: abs(float(row[series.place].value or 0) - near.y()))

    @Slot(object)
    def _moved(self, scene: QPointF) -> None:
        if not self._box.sceneBoundingRect().contains(scene):
            self._stand(-1, None)
            return
        near = self._box.mapSceneToView(scene)
        last = len(self.table.rows) - 1
        self._stand(min(max(round(near.x()), 0), last), near)
        behind = self._behind() is not None
        self.plot.viewport().setCursor(
            Qt.CursorShape.PointingHandCursor if behind else Qt.CursorShape.CrossCursor
        )

    @Slot(object)
    def _clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton and not event.double():
            self._moved(event.scenePos())
            self._ask()

    # the leads behind

    def _behind(self) -> tuple[str, Segment] | None:
        """Of the line that is held; else of the first that has some there."""
        if self.at < 0:
            return None
        row = self.table.rows[self.at]
        for series in (self._held, *self._series):
            behind = row[series.place].behind if series is not None else None
            if series is not None and behind is not None:
                column = self.table.columns[series.place]
                return f"{cell_words(self.table.columns[0], row[0])} · {column.title}", behind
        return None

    def _ask(self) -> None:
        found = self._behind()
        if found is not None:
            self.wanted.emit(*found)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, moved = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            if moved:
                self.pan(step * 0.1)
            else:
                self.stand_on(min(max(self.at + step, 0), len(self.table.rows) - 1))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_CLOSER)
        elif key == Qt.Key.Key_Minus:
            self.zoom(_FARTHER)
        elif key == Qt.Key.Key_Home:
            self.reset()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._ask()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            paint_focus(QPainter(self), self.rect(), RADIUS.chip, theme.current().card)


class LargeChart(Overlay):
    """The chart over the window, with its title, its legend and how to move in it."""

    wanted = Signal(str, object)

    def __init__(self, table: Table, parent: QWidget) -> None:
        super().__init__(parent, one_line(table.title, 120), parent.width())
        head = QHBoxLayout()
        head.setSpacing(SPACE.gap)
        head.addWidget(PlainLabel(table.title, size=TEXT.card, weight=700), 1)
        self.reset_button = Button(self.tr("Show all"), "quiet", key="Home")
        head.addWidget(self.reset_button)
        self.close_button = Button(self.tr("Close"), "quiet", key="Esc", press=self.dismiss)
        head.addWidget(self.close_button)
        self.inside.addLayout(head)
        legend = Legend(self.panel)
        legend.show_table(table)
        self.inside.addWidget(legend)
        self.canvas = Canvas(table, self.panel)
        self.reset_button.clicked.connect(self.canvas.reset)
        self.canvas.wanted.connect(self._leads)
        self.inside.addWidget(self.canvas, 1)
        keys = self.tr(
            "Wheel or + − to zoom · drag or Ctrl ← → to move · ← → from point to point · Enter: the leads behind"
        )
        self.inside.addWidget(PlainLabel(keys, size=TEXT.caption, ink="ink_faint"))

    def first(self) -> QWidget:
        return self.canvas

    def place(self) -> None:
        """Nearly the whole window."""
        super().place()
        edge = min(SPACE.page * 2, self.width() // 24)
        self.panel.setGeometry(self.rect().adjusted(edge, edge, -edge, -edge))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Home:
            self.canvas.reset()
        else:
            super().keyPressEvent(event)

    @Slot(str, object)
    def _leads(self, title: str, segment: Segment) -> None:
        self.dismiss()
        self.wanted.emit(title, segment)
