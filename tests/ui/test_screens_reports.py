"""The Reports screen on a real floor whose reports are made up: every way to draw, choosing, live, behind, away."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain import roles
from app.domain.lead import Role
from app.domain.report import FEW, By, Cell, Column, Draw, Figure, Segment, Table, Unit
from app.domain.report_periods import Compare, Days, Period
from app.floor.floor import Floor
from app.ui import actions
from app.ui.chart_series import ends_of, is_drawn, legend_of, nice_steps, points_of, series_of
from app.ui.charts import Chart, Plot
from app.ui.plain import PlainLabel
from app.ui.reports_cells import drawn_of
from app.ui.reports_choices import DaysSheet
from app.ui.reports_files import as_pdf, write_table
from app.ui.reports_hover import Hover
from app.ui.reports_page import TableCard, rows_of, weight_of
from app.ui.reports_screen import ReportsScreen
from app.ui.theme import DARK, LIGHT, SPACE
from tests.architecture.tree import ROOT
from tests.ui.desk_kit import Desks, OpenDesk
from tests.ui.queue_desk import people, person
from tests.ui.report_samples import (
    HOSTILE,
    ReportingFloor,
    curve,
    days,
    funnel,
    heat,
    let_leads_read,
    report,
    sources,
)


class Stage:
    """A desk with the screen in front and the floor that answers it."""

    def __init__(self, desk: OpenDesk, floor: ReportingFloor) -> None:
        self.desk, self.floor = desk, floor
        desk.shell.resize(1440, 900)
        desk.shell.show_screen("reports")
        found = desk.shell.findChild(ReportsScreen)
        assert isinstance(found, ReportsScreen)
        self.screen = found
        desk.until(lambda: found.report is not None)

    def open(self, name: str) -> None:
        self.screen.open_report(name)
        self.desk.until(lambda: self.screen.report is not None and self.screen.report.name == name)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(roles, "RIGHTS", dict(roles.RIGHTS))
    let_leads_read(roles.RIGHTS)
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    floors: list[ReportingFloor] = []

    def through(floor: Floor) -> Floor:
        floors.append(ReportingFloor(floor, tuple(people())))
        return floors[0]

    try:
        desk = desks(people(), through=through)
        yield Stage(desk, floors[0])
    finally:
        desks.close()


def test_what_is_shown_is_what_the_report_says(stage: Stage) -> None:
    page = stage.screen.page
    names = [card.accessibleName() for card in page.figures.cards]
    assert (
        names[0] == "Median TTFC: 0:52, ▼ was 41 h 20 min, better, 95% 0:49–0:55 · n 1,893, 12 never called"
    )
    assert "▼ 0.9 points, worse" in names[3]
    rows = page.cards["sources"].view.texts()
    assert rows[0] == [
        "Google Ads · racking",
        "412",
        "9,880",
        "23.98",
        "66.0%",
        "94",
        "105.11",
        "21",
        "148,300",
        "14.0×",
    ]
    assert rows[4][3] == "–"
    chart = page.cards["delay"].chart
    assert isinstance(chart, Chart)
    assert chart.isVisible()
    assert "16–22 Nov" not in stage.screen.filter.about.text()  # it says the days that were asked for
    assert "America/New_York" in stage.screen.filter.about.text()


def test_a_table_sorts_by_its_heads_and_keeps_what_has_no_value_at_the_end(stage: Stage) -> None:
    view = stage.screen.page.cards["sources"].view
    QAbstractItemModelTester(view.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    view.sort_by(9)
    assert [row[9] for row in view.texts()] == ["22.5×", "14.0×", "6.2×", "−0.1×", "–"]
    view.sort_by(9)
    assert [row[9] for row in view.texts()] == ["−0.1×", "6.2×", "14.0×", "22.5×", "–"]
    stage.screen.refresh()
    stage.desk.until(lambda: len(stage.floor.asked) == 2 and not stage.screen._running)
    assert view.texts()[0][9] == "−0.1×"
    assert stage.screen.page.cards["sources"].view is view


def test_a_drawn_table_is_a_table_too_and_back(stage: Stage) -> None:
    card = stage.screen.page.cards["delay"]
    card.switch.click()
    assert card.chart is not None
    assert card.chart.isHidden()
    assert card.view.texts()[0] == ["1 min", "400", "73.0%", "78.0%"]
    card.switch.click()
    assert not card.chart.isHidden()


def test_pointing_says_value_interval_and_number_by_mouse_and_by_keys(stage: Stage) -> None:
    page = stage.screen.page
    chart = page.cards["delay"].chart
    assert isinstance(chart, Chart)
    QTest.mouseMove(chart, QPoint(round(chart.plot.x(4)), 60))
    stage.desk.until(lambda: page.hover.lines)
    assert page.hover.lines == (
        "10 min", "Leads: 280", "Contact: 34.0% · 95% 30.0–38.0% · n 280", "LRM study 2007: 21.0%",
    )  # fmt: skip
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert page.hover.lines[0] == "30 min"
    assert "n 250" in chart.accessibleDescription()
    view = page.cards["hours"].view
    view.setFocus()
    view.setCurrentIndex(view.model().index(2, 5))
    assert page.hover.lines == ("Wed · 12", "–", "n 3 · not enough data")


def test_a_press_on_a_number_shows_the_leads_behind_it_and_one_opens(stage: Stage) -> None:
    screen, behind = stage.screen, stage.screen.behind
    screen.page.figures.cards[0].click()  # nothing is known to be behind the median
    assert behind.isHidden()
    screen.page.figures.cards[1].click()
    stage.desk.until(lambda: behind.list.rows)
    assert stage.floor.behind[-1].segment == Segment(where=(("contact", ("yes",)),))
    assert stage.floor.behind[-1].asked == screen.report.asked  # type: ignore[union-attr]
    assert behind.count.text().startswith("the latest ")
    view = screen.page.cards["sources"].view
    view.setFocus()
    view.setCurrentIndex(view.model().index(1, 1))
    QTest.keyClick(view, Qt.Key.Key_Return)
    stage.desk.until(lambda: stage.floor.behind[-1].segment.where == (("medium", ("Meta · Spring",)),))
    stage.desk.until(lambda: behind.list.rows and not stage.desk.context.relay.busy)
    key = behind.list.key
    behind.open_button.click()
    assert stage.desk.shell.shown == "queue"
    assert stage.desk.context.wanted in ("", key)


def test_days_comparison_grouping_and_filter_are_asked_for(stage: Stage) -> None:
    screen, floor = stage.screen, stage.floor
    screen.choose(replace(screen.chosen, period=Period.LAST_WEEK, compare=Compare.YEAR, by=By.REP))
    stage.desk.until(lambda: len(floor.asked) == 2)
    asked = floor.asked[-1].asked
    assert (asked.until - asked.since).days == 7
    assert asked.was_since is not None
    assert asked.was_since.year == 2025
    assert asked.by is By.REP
    screen.filter._narrow("medium", "google")
    screen.filter._narrow("medium", "meta")
    screen.filter._narrow("won", "yes")
    stage.desk.until(
        lambda: floor.asked[-1].asked.segment.where == (("medium", ("google", "meta")), ("won", ("yes",)))
    )
    assert [chip.accessibleName() for chip in screen.filter.chips] == [
        "Without medium: google / meta",
        "Without won: yes",
    ]
    screen.filter.chips[0].click()
    stage.desk.until(lambda: floor.asked[-1].asked.segment.where == (("won", ("yes",)),))
    stage.desk.until(lambda: not screen._running)
    stage.open("funnel")  # which can't be put together by rep
    assert floor.asked[-1].asked.by is By.TIER


def test_the_menus_offer_what_there_is_and_a_click_chooses(stage: Stage) -> None:
    screen = stage.screen

    def menu_of(press: Any) -> QMenu:
        press()
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    menu = menu_of(screen.tools.open_days)
    next(act for act in menu.actions() if act.text() == "This quarter").trigger()
    assert screen.chosen.period is Period.QUARTER
    menu.close()
    menu = menu_of(screen.filter.open_by)
    assert [act.text() for act in menu.actions()] == ["Source", "Rep"]
    menu.actions()[1].trigger()
    assert screen.chosen.by is By.REP
    menu.close()
    menu = menu_of(screen.filter.open_filter)
    medium = menu.actions()[0].menu()
    assert isinstance(medium, QMenu)
    assert len(medium.actions()) == 3
    QApplication.sendPostedEvents(menu, QEvent.Type.KeyPress)
    assert menu.activeAction() is menu.actions()[0]
    assert not medium.isVisible()
    menu.close()
    menu = menu_of(screen.filter.open_by)
    assert menu.activeAction() is menu.actions()[1], "the keyboard stands on what is chosen"
    menu.close()
    stage.desk.until(lambda: not screen._running)


def test_own_dates_are_asked_in_a_sheet(stage: Stage) -> None:
    stage.screen.tools.own_wanted.emit()
    sheet = stage.screen.findChild(DaysSheet)
    assert isinstance(sheet, DaysSheet)
    sheet.first.setDate(sheet.last.date().addDays(1))
    assert not sheet.go.isEnabled()
    sheet.first.setDate(sheet.last.date().addDays(-1))
    sheet.go.click()
    own = stage.screen.chosen.own
    assert isinstance(own, Days)
    assert (own.until - own.since).days == 2
    stage.desk.until(lambda: stage.floor.asked[-1].asked.until - stage.floor.asked[-1].asked.since
                     == stage.screen._asked.until - stage.screen._asked.since)  # type: ignore[union-attr]  # fmt: skip


def test_who_chooses_again_leaves_a_running_question_and_the_last_one_counts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, asked = threading.Event(), threading.Event()
    real = stage.floor.ask

    def slow(question: Any) -> Any:
        if getattr(question, "name", "") == "funnel":
            asked.set()
            assert going.wait(30)
        return real(question)

    monkeypatch.setattr(stage.floor, "ask", slow)
    before = len(stage.floor.asked)
    try:
        stage.screen.open_report("funnel")
        assert asked.wait(30)
        stage.screen.open_report("hostile")
        stage.screen.open_report("empty")
    finally:
        going.set()
    stage.desk.until(lambda: stage.screen.report is not None and stage.screen.report.name == "empty")
    assert [question.name for question in stage.floor.asked[before:]] == ["funnel", "empty"]


def test_new_leads_are_said_and_nothing_moves_until_one_asks(stage: Stage) -> None:
    screen, desk = stage.screen, stage.desk
    assert screen.filter.fresh.isHidden()
    desk.sample.arrive(person("Zoe Late", ago=1))
    desk.until(screen.filter.fresh.isVisible)
    assert "1 new lead since" in screen.filter.fresh.words()
    shown = screen.report
    assert screen.report is shown
    before = len(stage.floor.asked)
    screen.filter.fresh.click()
    desk.until(lambda: len(stage.floor.asked) == before + 1 and not screen._running)
    assert screen.filter.fresh.isHidden()


def test_a_floor_that_does_not_answer_is_said_with_a_way_to_try_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.domain.errors import Unavailable

    def away(question: Any) -> Any:
        raise Unavailable("The floor's database does not answer.")

    monkeypatch.setattr(stage.floor, "ask", away)
    stage.screen.refresh()
    stage.desk.until(stage.screen._trouble.isVisible)
    monkeypatch.undo()
    stage.screen._trouble.action.click()
    stage.desk.until(stage.screen._scroller.isVisible)


def test_hostile_names_are_plain_text_in_every_drawer(stage: Stage, tmp_path: Path) -> None:
    stage.open("hostile")
    page = stage.screen.page
    assert page.cards["sources"].view.texts()[0][0].startswith("=cmd|")
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.findChildren(PlainLabel))
    assert "\u202e" not in page.cards["sources"].view.texts()[0][0]
    stage.screen.filter._narrow("medium", HOSTILE)
    assert "\u202e" not in stage.screen.filter.chips[0].words()
    page.grab()
    whole = report("hostile")
    assert as_pdf(whole).startswith(b"%PDF")
    write_table(whole, "delay", "svg", tmp_path / "x.svg")
    svg = (tmp_path / "x.svg").read_text()
    assert "<b onmouseover" not in svg
    assert "<img" not in svg
    stage.desk.until(lambda: not stage.screen._running)


def test_a_report_without_data_says_so(stage: Stage) -> None:
    stage.open("empty")
    cards = stage.screen.page.cards
    assert all(card.empty.isVisible() and card.empty.text() == "Not enough data" for card in cards.values())


def test_exports_of_the_screen_are_written_and_a_failure_is_a_sentence(stage: Stage, tmp_path: Path) -> None:
    screen = stage.screen
    for way, start in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfReport"), ("json", b"{")):
        screen.export_to(way, tmp_path / f"r.{way}")
        assert (tmp_path / f"r.{way}").read_bytes().startswith(start)
    screen.table_to("delay", "png", tmp_path / "delay.png")
    assert QImage(str(tmp_path / "delay.png")).width() == 1800
    screen.export_to("csv", tmp_path / "nowhere" / "r.csv")
    said = [label.whole() for label in stage.desk.shell.findChildren(PlainLabel) if label.isVisible()]
    assert any("can't be written" in text for text in said)


@pytest.mark.parametrize("scale", [700, 1060, 2400])
def test_the_page_fits_a_narrow_and_a_wide_window(stage: Stage, scale: int) -> None:
    stage.desk.shell.resize(scale, 700)
    stage.desk.until(lambda: stage.desk.shell.width() == scale)
    page, tools = stage.screen.page, stage.screen.tools
    assert page.width() <= stage.screen.width()
    assert all(card.x() + card.width() <= page.width() for card in page.cards.values())
    figures = page.figures
    stage.desk.until(lambda: max(card.geometry().bottom() for card in figures.cards) < figures.height())
    shown = [button for button in tools.tabs.values() if button.isVisible()]
    assert shown
    assert all(button.geometry().right() <= tools.days.x() for button in shown)
    assert tools.more.isVisible() == (len(shown) < len(tools.tabs))


def test_charts_draw_one_unit_dash_what_is_published_and_leave_gaps(qapp: QApplication) -> None:
    table = curve()
    series = series_of(table, LIGHT)
    assert [(one.place, one.published) for one in series] == [(2, False), (3, True)]
    assert [one.place for one in series_of(days(), LIGHT)] == [1, 2]
    assert nice_steps(0, 0.78, Unit.SHARE) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert nice_steps(0, 3, Unit.COUNT) == [0, 1, 2, 3]
    assert nice_steps(0, 5400, Unit.SPAN)[-1] >= 5400
    for drawn in (
        table,
        days(),
        days(Draw.LINES),
        replace(table, rows=table.rows[:1]),
        replace(table, rows=()),
    ):
        for look in (LIGHT, DARK):
            picture = QImage(400, 240, QImage.Format.Format_RGB32)
            picture.fill(look.card)
            blank = picture.copy()
            painter = QPainter(picture)
            Plot(drawn, picture.rect(), look).paint(painter, 0)
            painter.end()
            assert (picture == blank) == (not drawn.rows)


def test_groups_of_too_few_are_not_drawn_and_lines_that_are_the_same_are_one(qapp: QApplication) -> None:
    table = curve()
    few = replace(table.rows[-1][2], value=1.0, low=0.0, high=1.0, note=FEW)
    loud = replace(table, rows=(*table.rows[:-1], (*table.rows[-1][:2], few, table.rows[-1][3])))
    series = series_of(loud, LIGHT)
    assert len(points_of(loud, 2)) == len(table.rows) - 1
    assert ends_of(loud, series) == ends_of(replace(table, rows=table.rows[:-1]), series)
    twice = replace(
        table,
        columns=(*table.columns, replace(table.columns[2], key="worked", title="Worked")),
        rows=tuple((*row, row[2]) for row in table.rows),
    )
    assert [one.place for one in series_of(twice, LIGHT)] == [2, 3]
    title = table.columns[2].title
    assert legend_of(twice, LIGHT)[0][0] == f"{title} (Worked: the same), with 95% interval"
    nothing = replace(
        table, rows=tuple((row[0], row[1], few, replace(row[3], value=None)) for row in table.rows)
    )
    assert not is_drawn(nothing)
    over = QWidget()
    card = TableCard(nothing, over, Hover(over))
    assert not card.is_charted
    assert card.switch.isHidden()
    assert card.view.texts()[0][2] == "100.0%"
    card.show_table(table)
    assert card.is_charted
    assert not card.switch.isHidden()


def test_a_heat_map_begins_with_its_first_number_and_ends_with_its_last() -> None:
    table = heat()
    blank = Column(key="blank", title="24", unit=Unit.SHARE)
    wide = replace(
        table,
        columns=(table.columns[0], blank, *table.columns[1:], blank),
        rows=tuple((row[0], Cell(value=None), *row[1:], Cell(value=None)) for row in table.rows),
    )
    assert drawn_of(wide) == table
    assert drawn_of(replace(wide, draw=Draw.TABLE)).columns == wide.columns


def test_the_keyboard_comes_back_from_the_leads_and_sorts(stage: Stage) -> None:
    screen, view = stage.screen, stage.screen.page.cards["sources"].view
    view.setFocus()
    view.setCurrentIndex(view.model().index(0, 1))
    stage.desk.until(view.hasFocus)
    QTest.keyClick(view, Qt.Key.Key_Return)
    stage.desk.until(screen.behind.list.hasFocus)
    QTest.keyClick(screen.behind.list, Qt.Key.Key_Escape)
    assert screen.behind.isHidden()
    assert view.hasFocus()
    assert view.currentIndex().column() == 1
    before = [row[1] for row in view.texts()]
    assert actions.run("reports.sort")
    assert [row[1] for row in view.texts()] != before


def test_tables_stand_side_by_side_as_they_have_room() -> None:
    tables = (curve(), heat(), sources(), funnel())
    weights = [weight_of(table, wide, 1300) for table, wide in zip(tables, (0, 0, 900, 0), strict=True)]
    assert weights == [6, 6, 12, 6]
    assert [[number for number, _ in row] for row in rows_of(weights, 1300)] == [[0, 1], [2], [3]]
    assert [len(row) for row in rows_of(weights, 700)] == [1, 1, 1, 1]
    assert [weight_of(sources(), 900, wide) for wide in (1000, 1500, 2000, 3000)] == [12, 8, 6, 4]


def test_a_long_table_goes_on_over_pages_under_its_head_again(qapp: QApplication) -> None:
    from app.ui.reports_paper import flow, table_pieces

    table = sources()
    pages = flow(table_pieces(replace(table, rows=table.rows * 20), 700), 1000)
    assert len(pages) > 2
    heads = [page[0][1] for page in pages[1:]]
    assert all(head is pages[0][1][1] for head in heads)
    assert all(y + piece.height <= 1000 for page in pages for y, piece in page)
    assert as_pdf(report()).count(b"/Type /Page\n") >= 2


def test_nothing_is_cut_on_paper(qapp: QApplication) -> None:
    from app.ui.reports_figures import width_of
    from app.ui.reports_paper import pieces_of, table_pieces

    short = report().figures[-1]
    long = replace(short, title="Time to the very first call, in working time")
    room = 700 // 4 - SPACE.gap
    assert width_of(short) <= room < width_of(long)

    def rows(*figures: Figure) -> int:
        """Of cards: what there is more of than without them."""
        both = (replace(report(), tables=(), notes=(), figures=some) for some in (figures, ()))
        with_them, without = (len(pieces_of(one, 700)) for one in both)
        return with_them - without

    assert rows(*[short] * 7) == 2
    assert rows(*[short] * 6, long) == 3
    words = ("Odds of contact, 5 against 30 minutes", "2007", "6 companies, more than 15,000 leads " * 4)
    table = Table(
        key="words",
        title="Words",
        columns=tuple(Column(key=str(n), title=f"Head {n}", unit=Unit.TEXT) for n in range(3)),
        rows=(tuple(Cell(value=word) for word in words),),
    )
    _, head, row = table_pieces(table, 300)
    assert row.height > 2 * head.height


def test_a_desk_that_shows_its_queue_has_loaded_nothing_of_the_reports() -> None:
    look = (
        "import sys; from app import plugs; plugs.load('app.ui.screens'); import app.ui.desk, app.ui.start;"
        "print(*(name for name in sys.modules if name.startswith(('app.ui.reports', 'app.ui.chart', 'pyqtgraph',"
        " 'numpy', 'openpyxl', 'app.workers.report'))))"
    )
    seen = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=True)
    assert seen.stdout.split() == []


def test_the_floors_own_reports_are_drawn_one_after_the_other(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    try:
        desk = desks(people())
        desk.shell.show_screen("reports")
        screen = desk.shell.findChild(ReportsScreen)
        assert isinstance(screen, ReportsScreen)
        desk.until(lambda: screen.report is not None)
        assert screen.shelf is not None
        for title in screen.shelf.reports:
            screen.open_report(title.name)
            desk.until(lambda title=title: screen.is_settled and screen.report.name == title.name)
            assert set(screen.page.cards) == {table.key for table in screen.report.tables}  # type: ignore[union-attr]
            screen.page.grab()
            assert as_pdf(screen.report).startswith(b"%PDF")  # type: ignore[arg-type]
        card = next(card for card in screen.page.figures.cards if card.figure.now.behind is not None)
        card.click()
        desk.until(lambda: not desk.context.relay.busy)
        assert screen.behind.isVisible()
    finally:
        desks.close()
