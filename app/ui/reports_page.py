"""One report as a page: its figures, then a card for each table, in rows that fit the width there is.

The page is shown in place: a report of the same tables as before changes the numbers and nothing else moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from app.domain.report import Draw, Report, Table
from app.ui import theme
from app.ui.parts import Button, Card, paint_text, text_width
from app.ui.plain import PlainLabel, one_line
from app.ui.reports_cells import drawn_of
from app.ui.reports_figures import FigureCards
from app.ui.reports_hover import Hover
from app.ui.reports_table import TableView
from app.ui.theme import SPACE, TEXT

__all__ = ["Legend", "ReportPage", "TableCard", "rows_of"]

_NARROW = 860
_CHARTS = (Draw.LINES, Draw.BARS, Draw.BAND)


def weight_of(table: Table, wanted: int, width: int) -> int:
    """How much of a row of 12 a table wants on a page so wide. `wanted`: pixels for all the words of one that is a
    table."""
    if table.draw is Draw.TABLE:
        need = wanted + 2 * SPACE.pad + SPACE.snug
        return next((weight for weight in (4, 6, 8) if width * weight // 12 >= need), 12)
    if table.draw is Draw.HEAT and len(drawn_of(table).columns) > 16:
        return 12
    return 6


def rows_of(weights: Sequence[int], width: int) -> list[list[tuple[int, int]]]:
    """Which tables stand side by side, in their order: (number, weight); on a narrow page each alone."""
    rows: list[list[tuple[int, int]]] = []
    used = 12
    for number, weight in enumerate(weights):
        if width < _NARROW or used + weight > 12:
            rows.append([])
            used = 0
        rows[-1].append((number, weight))
        used += weight
    return rows


class Legend(QWidget):
    """What each line of a chart is, as a stroke and words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self.setFixedHeight(18)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_table(self, table: Table) -> None:
        from app.ui.chart_series import legend_of

        self._table = table
        self.setAccessibleName(", ".join(words for words, _ in legend_of(table, theme.current())))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._table is not None:
            painter = QPainter(self)
            paint_legend(painter, self.rect(), self._table, theme.current())


def paint_legend(painter: QPainter, rect: QRect, table: Table, look: theme.Look) -> None:
    """Strokes and words, on any painter."""
    from app.ui.chart_series import legend_of

    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x = rect.x()
    for words, series in legend_of(table, look):
        wide = round(text_width(words, TEXT.caption)) + 4
        if x + 26 + wide > rect.right() + 1:
            break
        pen = QPen(series.colour, 2)
        if series.published:
            pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawLine(x, rect.center().y() + 1, x + 18, rect.center().y() + 1)
        paint_text(painter, QRect(x + 24, rect.y(), wide, rect.height()), words, look.ink_soft, TEXT.caption)
        x += 24 + wide + SPACE.snug


class TableCard(Card):
    """A table in the way it is meant to be drawn, or as a table."""

    wanted = Signal(str, object)
    """The leads behind a number are wanted."""
    taken = Signal(str, str)
    """The table is to be taken away: its key and how ("csv", "png", "svg")."""
    large_wanted = Signal()

    def __init__(self, table: Table, parent: QWidget, hover: Hover) -> None:
        super().__init__(parent, pad=SPACE.pad)
        self.table = table
        self._hover = hover
        self._as_table = table.draw is Draw.TABLE
        self.inside.setSpacing(SPACE.tight)
        self.inside.setContentsMargins(SPACE.pad, SPACE.snug, SPACE.pad, SPACE.snug)
        head = QHBoxLayout()
        head.setSpacing(SPACE.gap)
        self.title = PlainLabel(table.title, size=TEXT.small, weight=600, ink="ink_mid")
        head.addWidget(self.title, 1)
        self.switch = Button("", "link", self, press=self.turn, height=22, size=TEXT.small)
        head.addWidget(self.switch)
        self.take = Button(
            "⋯", "link", self, press=self._offer, height=22, name=self.tr("More with this table")
        )
        head.addWidget(self.take)
        self.inside.addLayout(head)
        self.legend = Legend(self)
        self.inside.addWidget(self.legend)
        self.chart: QWidget | None = None
        self.view = TableView(self, hover)
        self.view.wanted.connect(self.wanted)
        self.inside.addWidget(self.view)
        self.empty = PlainLabel(self.tr("Not enough data"), ink="ink_faint")
        self.inside.addWidget(self.empty)
        self.inside.addStretch(1)
        self.notes = PlainLabel("", size=TEXT.caption, ink="ink_faint", wrap=True, lines=24)
        self.inside.addWidget(self.notes)
        self.show_table(table)

    def show_table(self, table: Table) -> None:
        """Show this one, drawn as the one before."""
        self.table = table
        self.title.setText(table.title)
        self.notes.setText("\n".join(table.notes))
        self.notes.setVisible(bool(table.notes))
        charted = self.is_charted
        drawn = drawn_of(table)
        is_chart = table.draw in _CHARTS
        if table.draw is not Draw.TABLE and (self._as_table or is_chart):
            drawn = _plain(table)
        self.view.show_table(drawn)
        self.view.setVisible(not charted and bool(table.rows))
        self.empty.setVisible(not table.rows)
        self.switch.setVisible(table.draw is not Draw.TABLE and (not is_chart or self._has_points()))
        self.legend.setVisible(charted)
        if charted:
            from app.ui.charts import Chart

            if self.chart is None:
                chart = Chart(self, self._hover)
                chart.wanted.connect(self.wanted)
                chart.large_wanted.connect(self.large_wanted)
                self.inside.insertWidget(2, chart)
                self.chart = chart
            assert isinstance(self.chart, Chart)
            self.chart.show_table(table)
            self.legend.show_table(table)
        if self.chart is not None:
            self.chart.setVisible(charted)
        words = self.tr("as drawn") if self._as_table else self.tr("as a table")
        self.switch.set_words(words)
        self.switch.setAccessibleName(f"{one_line(table.title, 80)}: {words}")

    @property
    def is_charted(self) -> bool:
        """Whether it is shown as a chart now."""
        return self.table.draw in _CHARTS and not self._as_table and self._has_points()

    def _has_points(self) -> bool:
        from app.ui.chart_series import is_drawn

        return is_drawn(self.table)

    def turn(self) -> None:
        """The other way: drawn, or as a table."""
        self._as_table = not self._as_table
        self.show_table(self.table)
        self.updateGeometry()

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.is_charted:
            menu.addAction(self.tr("Open large")).triggered.connect(
                lambda _checked=False: self.large_wanted.emit()
            )
            menu.addSeparator()
        ways = [("csv", self.tr("Save as CSV…"))]
        if self.table.draw is not Draw.TABLE:
            ways += [
                ("png", self.tr("Save the picture as PNG…")),
                ("svg", self.tr("Save the picture as SVG…")),
            ]
        for way, words in ways:
            entry = menu.addAction(words)
            entry.triggered.connect(lambda _checked=False, way=way: self.taken.emit(self.table.key, way))
        menu.popup(self.take.mapToGlobal(QPoint(0, self.take.height())))


def _plain(table: Table) -> Table:
    from dataclasses import replace

    return replace(table, draw=Draw.TABLE)


class ReportPage(QWidget):
    """The page."""

    wanted = Signal(str, object)
    taken = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report: Report | None = None
        self.cards: dict[str, TableCard] = {}
        self._shape: tuple[object, ...] = ()
        self._laid: list[list[tuple[int, int]]] = []
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, SPACE.gap, SPACE.page, SPACE.page)
        column.setSpacing(SPACE.snug)
        self.figures = FigureCards(self)
        self.figures.wanted.connect(self.wanted)
        column.addWidget(self.figures)
        self._tables = QVBoxLayout()
        self._tables.setSpacing(SPACE.snug)
        column.addLayout(self._tables)
        self.notes = PlainLabel("", size=TEXT.small, ink="ink_soft", wrap=True, lines=12)
        column.addWidget(self.notes)
        column.addStretch(1)
        self.hover = Hover(self)

    def show_report(self, report: Report) -> None:
        """Show it, in the cards there are where it is the same report."""
        shape = (report.name, *((table.key, table.draw, len(table.columns)) for table in report.tables))
        self.hover.hide()
        self.setUpdatesEnabled(False)
        try:
            self.report = report
            self.figures.show_figures(report.figures)
            self.notes.setText("\n".join(report.notes))
            self.notes.setVisible(bool(report.notes))
            if shape == self._shape:
                for table in report.tables:
                    self.cards[table.key].show_table(table)
                if self._rows() != self._laid:
                    self._arrange()
            else:
                self._shape = shape
                self._rebuild(report)
        finally:
            self.setUpdatesEnabled(True)

    def _rebuild(self, report: Report) -> None:
        for card in self.cards.values():
            card.hide()
            card.deleteLater()
        self.cards = {}
        for table in report.tables:
            card = TableCard(table, self, self.hover)
            card.wanted.connect(self.wanted)
            card.taken.connect(self.taken)
            card.large_wanted.connect(partial(self.open_large, table.key))
            self.cards[table.key] = card
        self._arrange()

    def open_large(self, key: str = "") -> None:
        """Open the chart of that key over the whole window; without one that which has the keyboard, else the first."""
        charted = [card for card in self.cards.values() if card.is_charted and key in ("", card.table.key)]
        if not charted:
            return
        focus = QApplication.focusWidget()
        focused = (card for card in charted if focus is not None and card.isAncestorOf(focus))
        meant = next(focused, charted[0])
        from app.ui.chart_large import LargeChart

        self.hover.hide()
        large = LargeChart(meant.table, self.window())
        large.wanted.connect(self.wanted)
        large.appear()

    def sort(self) -> None:
        """Order the table that has the keyboard by the column one stands in; once more turns it round."""
        for card in self.cards.values():
            if card.view.hasFocus() and card.view.currentIndex().isValid():
                card.view.sort_by(card.view.currentIndex().column())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._rows() != self._laid:
            self._arrange()

    def _rows(self) -> list[list[tuple[int, int]]]:
        width = self.width() - 2 * SPACE.page
        cards = self.cards.values()
        return rows_of([weight_of(card.table, card.view.wanted_width, width) for card in cards], width)

    def _arrange(self) -> None:
        if self.report is None:
            return
        self._laid = self._rows()
        cards = list(self.cards.values())
        for card in cards:
            card.setParent(self)
        while (item := self._tables.takeAt(0)) is not None:
            layout = item.layout()
            if layout is not None:
                while layout.takeAt(0) is not None:
                    pass
        for row in self._laid:
            line = QHBoxLayout()
            line.setSpacing(SPACE.snug)
            for number, weight in row:
                line.addWidget(cards[number], weight)
                cards[number].show()
            self._tables.addLayout(line)
        self.hover.raise_()

    def minimumSizeHint(self) -> QSize:
        return QSize(300, super().minimumSizeHint().height())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hover.hide()
