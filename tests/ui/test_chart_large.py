"""A chart opened large: loaded when it is opened and not before, read by pointer and keys, looked at closer, left."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyqtgraph
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.domain.report import Cell, Column, Draw, Segment, Table, Unit
from app.ui import theme
from app.ui.chart_large import Canvas, LargeChart
from app.ui.charts import Chart
from app.ui.reports_page import ReportPage
from app.ui.theme import DARK, LIGHT
from tests.architecture.tree import ROOT
from tests.ui.report_samples import curve, days, report


def course() -> Table:
    """Weeks with an interval, and one without data."""
    column = Column(key="week", title="Week", unit=Unit.DAY)
    value = Column(key="median", title="Median wait", unit=Unit.SPAN)
    rows = tuple(
        (
            Cell(value=day),
            Cell(value=wait, low=wait - 9, high=wait + 9, n=40)
            if wait
            else Cell(value=None, note="not enough data"),
        )
        for day, wait in (
            ("2026-10-26", 60.0),
            ("2026-11-02", 52.0),
            ("2026-11-09", None),
            ("2026-11-16", 48.0),
        )
    )
    return Table(key="course", title="By week", columns=(column, value), rows=rows, draw=Draw.BAND)


class Page:
    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.page = ReportPage()
        qtbot.addWidget(self.page)
        self.page.setFixedSize(1200, 800)
        self.page.show_report(replace(report(), tables=(curve(), days(), course())))
        self.page.show()
        self.asked: list[tuple[str, Segment]] = []
        self.page.wanted.connect(lambda title, segment: self.asked.append((title, segment)))

    def chart(self, key: str) -> Chart:
        found = self.page.cards[key].chart
        assert isinstance(found, Chart)
        return found

    def large(self) -> LargeChart:
        self.qtbot.waitUntil(lambda: bool(self.open), timeout=30_000)
        return self.open[0]

    @property
    def open(self) -> list[LargeChart]:
        return [large for large in self.page.findChildren(LargeChart) if large.isVisible()]


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[Page]:
    made = Page(qtbot)
    try:
        yield made
    finally:
        for large in made.open:
            large.dismiss()
        made.page.close()


def items(canvas: Canvas, kind: type) -> list[Any]:
    return [item for item in canvas.plot.getPlotItem().items if isinstance(item, kind)]


def names_of(canvas: Canvas, axis: str) -> list[str]:
    return [words for level in canvas.plot.getAxis(axis)._tickLevels for _, words in level]


def test_the_large_view_is_loaded_only_when_a_chart_is_opened_large() -> None:
    look = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication([]);"
        "from app.ui.reports_page import ReportPage; import app.ui.reports_screen;"
        "from tests.ui.report_samples import report; page = ReportPage(); page.resize(1200, 800);"
        "page.show_report(report()); page.show(); app = QApplication.instance(); app.processEvents(); page.grab();"
        "heavy = lambda: [n for n in ('pyqtgraph', 'numpy', 'app.ui.chart_large') if n in sys.modules];"
        "print(heavy()); page.open_large(); print(heavy())"
    )
    seen = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert seen.stdout.splitlines() == ["[]", "['pyqtgraph', 'numpy', 'app.ui.chart_large']"]


def test_a_double_click_enter_and_the_menu_open_it_and_esc_gives_the_keyboard_back(page: Page) -> None:
    chart = page.chart("delay")
    chart.activateWindow()
    page.qtbot.waitUntil(chart.isActiveWindow, timeout=30_000)
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Return)
    large = page.large()
    assert large.canvas.accessibleName() == curve().title
    page.qtbot.waitUntil(large.canvas.hasFocus, timeout=30_000)
    QTest.keyClick(large.canvas, Qt.Key.Key_Escape)
    assert page.open == []
    assert chart.hasFocus()
    QTest.mouseDClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(120, 60))
    page.large().dismiss()
    assert page.asked == []
    assert not chart._single.isActive()  # the first of the two clicks is no click for leads
    page.page.cards["course"].take.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    assert page.large().canvas.table.key == "course"
    menu.close()


def test_a_click_on_the_small_chart_asks_for_the_leads_behind_a_point(page: Page) -> None:
    chart = page.chart("delay")
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(round(chart.plot.x(3)), 60))
    page.qtbot.waitUntil(lambda: bool(page.asked), timeout=30_000)
    assert page.asked == [("5 min · Contact", Segment().narrowed("delay", "5 min"))]
    assert page.open == []


def test_bands_bars_dashes_and_gaps_are_drawn_in_the_look_that_is_worn(page: Page) -> None:
    page.page.open_large("delay")
    canvas = page.large().canvas
    assert len(items(canvas, pyqtgraph.FillBetweenItem)) == 1
    lines = items(canvas, pyqtgraph.PlotDataItem)
    assert [line.opts["pen"].dashPattern() for line in lines] == [[4.0, 3.0], []]
    assert list(lines[1].yData)[:2] == [0.73, 0.66]
    page.large().dismiss()

    page.page.open_large("days-bars")
    bars = items(page.large().canvas, pyqtgraph.BarGraphItem)
    assert [list(bar.opts["height"]) for bar in bars]
    page.large().dismiss()

    page.page.open_large("course")
    canvas = page.large().canvas
    assert [list(line.xData) for line in items(canvas, pyqtgraph.PlotDataItem)] == [[0, 1], [3]]
    assert names_of(canvas, "bottom") == ["W44 · 26 Oct", "W45 · 2 Nov", "W46 · 9 Nov", "W47 · 16 Nov"]
    assert "1:00" in names_of(canvas, "left")
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = theme.current()
    try:
        for look in (DARK, LIGHT):
            theme.apply(app, look)
            assert canvas.plot.backgroundBrush().color() == look.card
            assert items(canvas, pyqtgraph.PlotDataItem)[0].opts["pen"].color() == look.select
    finally:
        theme.apply(app, before)


def test_the_crosshair_reads_values_with_interval_and_number_by_pointer_and_by_keys(page: Page) -> None:
    page.page.open_large("delay")
    canvas = page.large().canvas
    for _ in range(5):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.at == 4
    assert canvas.hover.lines == (
        "10 min", "Leads: 280", "Contact: 34.0% · 95% 30.0–38.0% · n 280", "LRM study 2007: 21.0%",
    )  # fmt: skip
    assert "n 280" in canvas.accessibleDescription()
    box = canvas.plot.getViewBox()
    for value, held in ((0.35, "contact"), (0.2, "study")):
        canvas._moved(box.mapViewToScene(QPointF(4.2, value)))
        assert canvas.at == 4
        assert canvas._held is not None
        assert canvas.table.columns[canvas._held.place].key == held
    canvas._moved(QPointF(-50, -50))
    assert canvas.hover.lines == ()
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.hover.lines[0] == "1 min"


def test_one_looks_closer_moves_and_home_shows_all_again(page: Page) -> None:
    page.page.open_large("delay")
    canvas = page.large().canvas
    box = canvas.plot.getViewBox()
    whole = box.viewRange()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Plus)
    (left, right), (bottom, top) = box.viewRange()
    assert right - left < 0.6 * (whole[0][1] - whole[0][0])
    assert top - bottom < 0.6 * (whole[1][1] - whole[1][0])
    assert "24 h" not in names_of(canvas, "bottom")
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert box.viewRange()[0][0] > left
    canvas.stand_on(9)  # out of sight: it is brought into view
    assert box.viewRange()[0][1] > 9
    assert "24 h" in names_of(canvas, "bottom")
    QTest.keyClick(canvas, Qt.Key.Key_Home)
    assert box.viewRange() == [pytest.approx(ends) for ends in whole]
    for _ in range(60):
        QTest.keyClick(canvas, Qt.Key.Key_Plus)
        QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert box.viewRange()[0][1] <= whole[0][1] + 1e-6
    page.large().reset_button.click()
    assert box.viewRange() == [pytest.approx(ends) for ends in whole]


def test_enter_and_a_click_show_the_leads_behind_and_leave_the_large_view(page: Page) -> None:
    page.page.open_large("delay")
    canvas = page.large().canvas
    canvas.stand_on(2)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert page.open == []
    page.page.open_large("delay")
    canvas = page.large().canvas
    spot = canvas.plot.mapFromScene(canvas.plot.getViewBox().mapViewToScene(QPointF(5, 0.29)))
    QTest.mouseClick(canvas.plot.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    page.qtbot.waitUntil(lambda: len(page.asked) == 2, timeout=30_000)
    assert page.asked == [
        ("3 min · Contact", Segment().narrowed("delay", "3 min")),
        ("30 min · Contact", Segment().narrowed("delay", "30 min")),
    ]
    assert page.open == []


def test_a_table_has_no_large_view_and_a_left_one_is_gone(page: Page) -> None:
    page.page.cards["delay"].turn()
    page.page.open_large("delay")
    assert page.open == []
    page.page.cards["delay"].turn()
    page.page.open_large()
    page.large().dismiss()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert page.page.findChildren(LargeChart) == []
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = theme.current()
    theme.apply(app, DARK if before is LIGHT else LIGHT)  # nothing of it listens any more
    theme.apply(app, before)
