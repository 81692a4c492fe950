"""The import screen with a floor's past: what a file is, how it is read, columns saved and taken again, what came."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.channels.table import Wishes
from app.cli import import_file
from app.clock import HandClock
from app.domain.errors import Unavailable
from app.domain.lead import Role, Stage
from app.domain.mapping import Target
from app.domain.past import ImportKind, Result
from app.domain.questions import Costs, ImportedBefore, Question
from app.domain.report_periods import Period
from app.floor.floor import Floor
from app.floor.local import LocalFloor
from app.store import tables as t
from app.store.book import Book
from app.ui import import_screen
from app.ui.import_reads import Pick
from app.ui.import_screen import ImportScreen
from app.ui.reports_screen import ReportsScreen
from app.workers.importer import Importer
from tests.fresh import fresh_floor
from tests.importing.conftest import Write, screen_of
from tests.ui.desk_kit import Desks, OpenDesk

LEADS = """Lead ID,Name,Email,Created Time,Lead Source
L-1,Dana Fox,dana@x.example,13/04/2024 09:30,Fair
L-2,Tom Bell,tom@x.example,03/04/2024 10:00,Google
L-3,Ana Cruz,ana@x.example,05/04/2024 11:00,Google
"""
DEALS = """Email;Deal stage;Closed on;Amount;Reason
dana@x.example;Closed Won;03.04.2024;1.200,50 €;
tom@x.example;In Verhandlung;04.04.2024;;
ana@x.example;Rückzug;05.04.2024;;too dear
nobody@x.example;Closed Won;06.04.2024;10,00 €;
dana@x.example;Closed Won;soon;5,00 €;
"""
UNTOLD = """Lead ID,Name,Created Time,First call
L-1,Dana Fox,03/04/2024 09:30,04/04/2024 10:00
L-2,Tom Bell,05/06/2024 10:00,07/06/2024 10:00
"""


def take(desk: OpenDesk, screen: ImportScreen, path: Path) -> None:
    """Have a file looked at, until its columns are shown."""
    screen.take(path)
    desk.until(lambda: screen.pages.currentWidget() is screen.preview_page and not screen.job.busy)


def bring(desk: OpenDesk, screen: ImportScreen, path: Path) -> None:
    """Bring a file in as it is proposed."""
    take(desk, screen, path)
    screen.preview_page.confirm()
    desk.until(lambda: screen.pages.currentWidget() is screen.done_page)


def choose(pick: QComboBox, value: object) -> None:
    """As a person chooses in a field, by the keyboard."""
    assert isinstance(pick, Pick)
    pick.setCurrentIndex(pick._values.index(value))
    pick.activated.emit(pick.currentIndex())


def told(widget: QWidget) -> str:
    """All words of a part of the screen."""
    from app.ui.plain import PlainLabel

    return "\n".join(label.whole() for label in widget.findChildren(PlainLabel) if not label.isHidden())


def cells(screen: ImportScreen) -> list[list[object]]:
    model = screen.preview_page.read_table.model()
    return [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def leads(desk: OpenDesk) -> dict[str, Any]:
    with desk.sample.book.reading() as r:
        rows = r.db.execute(select(t.leads).where(t.leads.c.import_id != ""))
        return {row.name: row for row in rows}


def test_leads_with_their_past(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    take(desk, screen, write(LEADS))
    page = screen.preview_page
    assert page.kinds.chosen == "leads"
    assert page.mapping.target("Created Time") is Target.CAPTURED_AT
    assert page.mapping.target("Lead Source") is Target.MEDIUM
    side = told(page.reads)
    assert "“13/04/2024 09:30” can only be read so." in side
    assert "03/04/2024 10:00 → 3 April 2024, 10:00" in side
    assert "13/04/2024 09:30 → 13 April 2024, 09:30" in side
    ModelTester(None).check(page.read_table.model())
    page.turn()
    assert cells(screen)[1] == ["3", "Tom Bell", "tom@x.example", "L-2", "Google", "3 April 2024, 10:00"]
    page.confirm()
    desk.until(lambda: screen.pages.currentWidget() is screen.done_page)
    assert screen.done_page.title.whole() == "3 leads imported"
    assert leads(desk)["Tom Bell"].captured_at == datetime(2024, 4, 3, 10, tzinfo=UTC)


def test_a_result_file_with_decimal_commas_and_words_of_its_own(
    desk_on: Desks, write: Write, qtbot: QtBot
) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    bring(desk, screen, write(LEADS))
    take(desk, screen, write(DEALS, "deals.csv"))
    page = screen.preview_page
    assert page.kinds.chosen == "results"
    side = told(page.reads)
    assert "With points between the numbers the day comes first." in side
    assert "03.04.2024 → 3 April 2024" in side
    assert "1.200,50 € → 1200.50" in side
    assert page.reads.picks["Amount", ""].currentText() == "Decimal comma · 1.234,50"
    assert re.search(r"Closed Won\n3\n", side)
    assert page.reads.picks["Deal stage", "Closed Won"].currentText() == "Won"
    assert page.reads.picks["Deal stage", "Rückzug"].currentText() == "Still open"
    assert page.sentence.whole().startswith(
        "Tells 5 rows of what became of leads that are here; nobody is rung."
    )
    assert "1 of the first 5 rows can't be read" in page.sentence.whole()

    choose(page.reads.picks["Deal stage", "Rückzug"], Result.LOST)
    assert page.reads.picks["Deal stage", "Rückzug"].currentText() == "Lost"
    page.turn()
    assert cells(screen)[2][2] == "Lost"
    page.turn()
    (unread,) = cells(screen)
    assert unread == ["6", "“soon” in “Closed on” is no date with the day first"]

    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    desk.until(lambda: screen.pages.currentWidget() is screen.done_page)
    done = screen.done_page
    assert done.title.whole() == "3 results imported"
    assert done.refused.whole() == (
        "Line 5: no lead on this floor is known by “nobody@x.example”\n"
        "Line 6: “soon” in “Closed on” is no date with the day first"
    )
    here = leads(desk)
    assert (here["Dana Fox"].stage, here["Dana Fox"].amount) == (Stage.WON, 120_050)
    assert (here["Ana Cruz"].stage, here["Ana Cruz"].close_reason) == (Stage.LOST, "too dear")
    assert here["Tom Bell"].stage == Stage.NEW

    assert done.queue.isHidden()
    qtbot.mouseClick(done.report, Qt.MouseButton.LeftButton)
    reports = desk.shell.body.currentWidget()
    assert isinstance(reports, ReportsScreen)
    desk.until(lambda: reports.is_settled and reports.report is not None)
    assert (reports.chosen.name, reports.chosen.period) == ("funnel", Period.EVER)


def test_dates_that_can_not_be_told_are_asked_and_said(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    take(desk, screen, write(UNTOLD))
    page = screen.preview_page
    assert not page.go.isEnabled()
    assert page.sentence.whole() == "Say whether the day or the month stands first in “Created Time”."
    assert "03/04/2024 09:30 → 3 April 2024 or 4 March 2024?" in told(page.reads)
    pick = page.reads.picks["Created Time", ""]
    assert pick.currentText() == "Choose: day or month first?"
    choose(pick, "month-first")
    assert page.go.isEnabled()
    side = told(page.reads)
    assert "03/04/2024 09:30 → 4 March 2024, 09:30" in side
    assert "04/04/2024 10:00 → 4 April 2024, 10:00" in side, "the other column could not be told either"
    assert "As you say." in side
    choose(page.reads.picks["First call", ""], "day-first")
    assert "07/06/2024 10:00 → 7 June 2024, 10:00" in told(page.reads)
    page.confirm()
    desk.until(lambda: screen.pages.currentWidget() is screen.done_page)
    tom = leads(desk)["Tom Bell"]
    assert tom.captured_at == datetime(2024, 5, 6, 10, tzinfo=UTC)
    assert tom.first_call_at == datetime(2024, 6, 7, 10, tzinfo=UTC)


def test_a_zone_is_chosen_or_typed(desk_on: Desks, write: Write, qtbot: QtBot) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    take(desk, screen, write(LEADS))
    page = screen.preview_page
    assert page.reads.zone is not None
    assert page.reads.zone.currentText() == "The floor's: UTC"
    edit = page.reads.zone.lineEdit()
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, "Nowhere/Land")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert page.mapping.zone == ""
    assert page.reads.zone.currentText() == "The floor's: UTC"
    edit.selectAll()
    qtbot.keyClicks(edit, "America/Sao_Paulo")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert page.mapping.zone == "America/Sao_Paulo"
    page.confirm()
    desk.until(lambda: screen.pages.currentWidget() is screen.done_page)
    assert leads(desk)["Tom Bell"].captured_at == datetime(2024, 4, 3, 13, tzinfo=UTC)


def test_what_the_rows_are_can_be_changed_and_changed_back(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    take(desk, screen, write("Email,Call time,Duration (seconds)\ndana@x.example,2024-04-13 10:00,61\n"))
    page = screen.preview_page
    assert page.kinds.chosen == "calls"
    assert page.sentence.whole().startswith("Tells 1 row of calls to leads that are here")
    page.table._picked("Duration (seconds)", Target.OUT)
    page.kinds._buttons["leads"].click()
    desk.until(lambda: page.mapping.kind is ImportKind.LEADS)
    assert page.mapping.target("Email") is Target.EMAIL
    assert page.sentence.whole().startswith("Brings 1 row in as leads")
    page.kinds._buttons["costs"].click()
    desk.until(lambda: page.mapping.kind is ImportKind.COSTS)
    assert page.sentence.whole() == "No column is the amount that was spent. Choose one."
    assert not page.go.isEnabled()
    page.wished.emit(Wishes(encoding="cp1252"))
    desk.until(lambda: screen.pages.currentWidget() is page and not screen.job.busy)
    assert page.kinds.chosen == "costs", "read differently, but taken for what a person said"
    page.kinds._buttons["calls"].click()
    desk.until(lambda: page.mapping.kind is ImportKind.CALLS)
    assert page.mapping.target("Duration (seconds)") is Target.OUT, "what was chosen before stands"


class Away:
    """A floor that does not answer whether a file came in before, once it is away."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.is_away = False

    def ask(self, question: Question[Any]) -> object:
        if self.is_away and isinstance(question, ImportedBefore):
            raise Unavailable("The floor's database does not answer.")
        return self._floor.ask(question)

    def __getattr__(self, name: str) -> object:
        return getattr(self._floor, name)


def test_the_floor_is_away_while_the_rows_are_taken_for_something_else(desk_on: Desks, write: Write) -> None:
    doors: list[Away] = []

    def through(floor: Floor) -> Floor:
        doors.append(Away(floor))
        return doors[0]  # type: ignore[return-value]

    desk = desk_on(through=through)
    screen = screen_of(desk)
    take(desk, screen, write(LEADS))
    page = screen.preview_page
    doors[0].is_away = True
    page.kinds._buttons["costs"].click()
    desk.until(lambda: screen.pages.currentWidget() is screen.failed_page)
    assert screen.failed_page.text.whole() == "The floor's database does not answer."
    screen.failed_page.back.click()
    assert screen.pages.currentWidget() is page
    assert (page.kinds.chosen, page.mapping.kind) == ("leads", ImportKind.LEADS)


def test_an_admin_sees_no_money_and_brings_no_costs_in(desk_on: Desks, write: Write) -> None:
    desk = desk_on(role=Role.ADMIN)
    screen = screen_of(desk)
    take(desk, screen, write("Day,Medium,Cost\n2024-04-01,google,12.50\n"))
    page = screen.preview_page
    assert page.kinds.chosen == "costs"
    assert not page.go.isEnabled()
    assert "enter what leads cost" in page.sentence.whole()
    page.kinds._buttons["leads"].click()
    desk.until(lambda: page.mapping.kind is ImportKind.LEADS)
    bring(desk, screen, write(LEADS))
    assert screen.done_page.report.isHidden()
    assert not screen.done_page.queue.isHidden()


def test_only_targets_of_the_kind_are_offered(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    take(desk, screen, write("Day,Medium,Cost\n2024-04-01,google,12.50\n"))
    table = screen.preview_page.table
    table.open_menu(0)
    assert table.menu is not None
    words = [act.text() for act in table.menu.actions() if not act.isSeparator()]
    table.menu.close()
    assert words == ["Day, or first day", "Last day", "Medium", "Campaign", "Ad", "Amount", "Leave out"]


def test_costs_come_in_and_the_sources_show_them(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    text = 'Month,Medium,Campaign,Cost\n2024-02,google,spring,"1,234.50"\n02/2024,fair,,"-12.00"\n'
    bring(desk, screen, write(text, "spend.csv"))
    assert screen.done_page.title.whole() == "2 costs imported"
    found = desk.sample.floor.ask(Costs()).costs
    assert {(one.first, one.last, one.medium, one.amount) for one in found} == {
        ("2024-02-01", "2024-02-29", "google", 123_450),
        ("2024-02-01", "2024-02-29", "fair", -1_200),
    }
    bring(desk, screen, write(text + "2024-03,fair,,1\n", "spend2.csv"))
    assert screen.done_page.title.whole() == "1 cost imported"
    assert "Told by an earlier file already: 2 rows." in screen.done_page.text.whole()


def test_columns_are_saved_and_taken_for_the_next_file(desk_on: Desks, write: Write, tmp_path: Path) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    take(desk, screen, write(DEALS, "deals.csv"))
    page = screen.preview_page
    choose(page.reads.picks["Deal stage", "Rückzug"], Result.LOST)
    page.table._picked("Reason", Target.OUT)
    screen.open_columns()
    assert screen.columns.menu is not None
    screen.columns.menu.close()
    screen.columns.ask_name()
    sheet = screen.columns.sheet
    assert sheet is not None
    sheet.name.setText(" .. ")
    sheet.keep()
    assert sheet.trouble.text() == "Give the columns a name to find them by."
    sheet.name.setText("Our CRM / deals")
    sheet.keep()
    assert page.saved.whole() == "Columns as saved: “Our CRM deals”"
    saved = page.mapping

    take(desk, screen, write(LEADS))
    assert page.saved.whole() == ""
    take(desk, screen, write(DEALS.replace("2024", "2023"), "deals 2023.csv"))
    assert page.saved.whole() == "Columns as saved: “Our CRM deals”"
    assert page.mapping == saved
    page.table._picked("Reason", Target.REASON)
    assert page.saved.whole() == "“Our CRM deals”, changed"

    screen.open_columns()
    menu = screen.columns.menu
    assert menu is not None
    assert [act.text() for act in menu.actions() if act.isChecked()] == ["As saved: “Our CRM deals”"]
    (proposed,) = (act for act in menu.actions() if act.text() == "As proposed")
    proposed.trigger()
    menu.close()
    assert page.mapping.target("Reason") is Target.REASON
    assert dict(dict(page.mapping.values)["Deal stage"])["Rückzug"] is Result.OPEN
    assert page.saved.whole() == ""

    # the file it lies in is one that the command line takes, and one that the screen reads
    (path,) = (tmp_path / "mappings").glob("*.toml")
    screen.columns.read(path)
    assert page.mapping == saved
    screen.open_columns()
    screen.columns.write(tmp_path / "out.toml")
    assert (tmp_path / "out.toml").read_text() == path.read_text()


def test_saved_columns_say_what_the_rows_are(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    text = "Email,Stage\ndana@x.example,Closed Won\n"
    take(desk, screen, write(text))
    page = screen.preview_page
    assert page.kinds.chosen == "results"
    page.kinds._buttons["leads"].click()
    desk.until(lambda: page.mapping.kind is ImportKind.LEADS)
    screen.open_columns()
    screen.columns.keep("As leads")
    take(desk, screen, write(text + "tom@x.example,Junk\n", "second.csv"))
    assert page.mapping.kind is ImportKind.LEADS
    assert page.kinds.chosen == "leads"
    assert page.saved.whole() == "Columns as saved: “As leads”"
    screen.open_columns()
    screen.columns.forget()
    take(desk, screen, write(text + "ana@x.example,Lost\n", "third.csv"))
    assert page.kinds.chosen == "results"


def test_the_wheel_scrolls_and_never_chooses(desk_on: Desks, write: Write) -> None:
    desk = desk_on()
    screen = screen_of(desk)
    take(desk, screen, write(LEADS))
    pick = screen.preview_page.reads.picks["Created Time", ""]
    before = pick.currentIndex()
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(pick, wheel)
    assert pick.currentIndex() == before


# the same as the command line


Journal = list[tuple[str, str]]


def journal(floor: LocalFloor) -> Journal:
    """What happened, with ids by their order in place of themselves, and without the instant of the import."""
    with floor._book.reading() as r:
        rows = r.db.execute(
            select(t.events.c.kind, t.events.c.lead_id, t.events.c.body).order_by(t.events.c.seq)
        ).all()
    names: dict[str, str] = {}

    def plain(text: str) -> str:
        ids = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
        return re.sub(ids, lambda found: names.setdefault(found[0], f"id{len(names)}"), text)

    return [
        (row.kind, plain(f"{row.lead_id} {row.body}"))
        for row in rows
        if row.kind.startswith(("import", "costs", "rep"))
    ]


Through = Callable[[Path], None]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[LocalFloor, LocalFloor]]:
    """Two floors alike."""
    floors = []
    for name in ("screen", "terminal"):
        (tmp_path / name).mkdir()
        with fresh_floor("sqlite", tmp_path / name, lambda: pytest.fail("no cluster is needed")) as address:
            floors.append(
                LocalFloor(Book(address), HandClock(datetime(2026, 11, 22, 9, tzinfo=UTC)), "admin")
            )
    yield floors[0], floors[1]
    for floor in floors:
        floor.close()


class Unclosed:
    """A floor that stays open when the command line is done with it."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    def __enter__(self) -> Floor:
        return self.floor

    def __exit__(self, *_: object) -> None:
        """Left open."""


def at_the_terminal(floor: Floor, *words: str) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    import_file.add(parser.add_subparsers())
    return import_file.run(parser.parse_args(["import", *words]), lambda: Unclosed(floor))


def at_the_screen(desk: OpenDesk, floor: LocalFloor, path: Path, columns: Path | None) -> None:
    """Bring a file in at a screen whose work goes to `floor`."""
    screen = screen_of(desk)
    screen.job._importer = Importer(floor, HandClock(datetime(2026, 11, 22, 9, tzinfo=UTC)))
    take(desk, screen, path)
    if columns is not None:
        screen.open_columns()
        screen.columns.read(columns)
        desk.until(lambda: not screen.job.busy)
    screen.preview_page.confirm()
    desk.until(lambda: screen.pages.currentWidget() in (screen.done_page, screen.failed_page))
    assert screen.pages.currentWidget() is screen.done_page, screen.failed_page.text.whole()


def test_the_screen_writes_the_same_journal_as_the_command_line(
    desk_on: Desks, write: Write, two: tuple[LocalFloor, LocalFloor]
) -> None:
    desk = desk_on()
    calls = "Email,Call time,Seconds,Status,Called by\ndana@x.example,13/04/2024 10:00,61,connected,Jo\n"
    spend = 'Day,Medium,Cost\n1.4.2024,google,"12,50"\n'
    files: list[tuple[Path, str, Path | None]] = [
        (write(LEADS), "leads", None),
        (write(calls, "calls.csv"), "calls", None),
        (
            write(DEALS, "deals.csv"),
            "results",
            write(
                'as = "results"\nzone = "Europe/Berlin"\n[columns]\nEmail = "email"\n"Deal stage" = "result"\n'
                '"Closed on" = "closed_at"\nAmount = "amount"\n[values."Deal stage"]\n"Rückzug" = "unfit"\n',
                "deals.toml",
            ),
        ),
        (write(spend, "spend.csv"), "costs", None),
    ]
    for path, kind, columns in files:
        more = ["--map", str(columns)] if columns else []
        assert at_the_terminal(two[1], str(path), "--as", kind, "--yes", *more) in (0, 1)
        at_the_screen(desk, two[0], path, columns)
    there = journal(two[1])
    assert journal(two[0]) == there
    assert [kind for kind, _ in there].count("import.finished") == 4


@pytest.mark.parametrize("style", ["", "us-dates/"])
def test_real_deals_and_costs_through_the_screen(
    desk_on: Desks,
    data_dir: Path,
    facts: dict[str, Any],
    style: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(import_screen, "place_for_rejects", lambda path: tmp_path / f"{path.name}.rejects")
    known, folder = facts["olist-funnel"], data_dir / "olist-funnel" / style
    desk = desk_on()
    screen = screen_of(desk)
    bring(desk, screen, folder / "olist_marketing_qualified_leads_dataset.csv")
    assert screen.done_page.title.whole() == f"{known['mqls']:,} leads imported"
    bring(desk, screen, folder / "olist_closed_deals_dataset.csv")
    won = 380 if style else known["closed_deals"]
    assert screen.done_page.title.whole() == f"{won} results imported"
    assert screen.done_page.text.whole() == "Every row is in."
    bring(desk, screen, data_dir / "zoho-crm/Campaigns.csv")
    assert screen.done_page.title.whole() == f"{facts['zoho-crm']['campaigns']} costs imported"
    costs = desk.sample.floor.ask(Costs()).costs
    assert sum(cost.amount for cost in costs) == round(facts["zoho-crm"]["campaign_actual_cost_total"] * 100)
