"""A whole file or nothing of it: counts, refused rows, cancelling, the same file again."""

from __future__ import annotations

import csv
import json
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.channels import table
from app.channels.table import NotATable
from app.clock import HandClock, SystemClock
from app.domain.commands import AddImportRows, CancelImport, FinishImport
from app.domain.errors import AppError, Unavailable
from app.domain.inquiry import Inquiry, InquiryState
from app.domain.lead import ClockState, Stage
from app.domain.mapping import Target
from app.domain.questions import FindLeads, FloorFacts, LeadHistory
from app.floor.local import LocalFloor
from app.store.book import Book
from app.workers import importer as importing
from app.workers.importer import Cancelled, ImportedAlready, Importer, NothingToImport, Progress
from app.workers.rejects import safe_cell
from tests.importing.conftest import Write
from tests.importing.memory import MemoryFloor

THREE = "name,e-mail\nDana,dana@x.example\nTom\nLuis,luis@x.example\n"
DAMAGED = "messy-csv/x-education-338-rows-double-quoted.csv"


def many(rows: int) -> str:
    return "name,e-mail\n" + "".join(f"Lead {n},n{n}@x.example\n" for n in range(rows))


def left_over(path: Path) -> list[str]:
    return sorted(other.name for other in path.parent.iterdir() if other.name.startswith(path.name + "."))


# -- looking


def test_a_preview_of_the_damaged_copy(data_dir: Path, importer: Importer) -> None:
    preview = importer.look(data_dir / DAMAGED)
    assert (preview.rows, preview.refused, preview.mended, preview.blank) == (9240, 0, 338, 0)
    assert preview.reading.described == "Comma-separated, UTF-8"
    assert preview.problems == (
        "338 rows were quoted wrongly; what was meant is plain, and is what is read.",
    )
    assert preview.samples(3) == ("Olark Chat", "Organic Search", "Direct Traffic")
    assert preview.unnamed(preview.mapping) == 0
    assert (
        preview.unnamed(preview.mapping.changed("Lead Number", Target.ANSWER)) == len(preview.sample) == 200
    )
    assert preview.before.at is None


def test_a_preview_says_what_is_odd(write: Write, importer: Importer) -> None:
    path = write("Leads of May,\n\nname,city\nA,Rome\nB,Oslo,x\n,\nC\n")
    preview = importer.look(path)
    assert (preview.rows, preview.refused, preview.blank) == (1, 2, 1)
    assert preview.problems == (
        "Line 1 above the table is left out.",
        "2 rows can't be read; the first, in line 5: it has 3 cells, the header has 2.",
    )


def test_a_header_alone_is_nothing_to_import(write: Write, importer: Importer) -> None:
    with pytest.raises(NotATable, match="no rows below the header"):
        importer.look(write("name,e-mail\n"))


def test_looking_can_be_cancelled(write: Write, importer: Importer) -> None:
    stop = threading.Event()
    with pytest.raises(Cancelled):
        importer.look(write(many(20_000)), progress=lambda progress: stop.set(), cancelled=stop)


# -- running, against a floor in memory


def test_rows_arrive_in_lots_with_their_lines(write: Write, importer: Importer, memory: MemoryFloor) -> None:
    path = write(many(1234))
    told: list[Progress] = []
    report = importer.run(path, progress=told.append)
    assert (report.leads, report.rejected, report.rejects_path) == (1234, 0, None)
    assert memory.commands == [
        "BeginImport",
        "AddImportRows",
        "AddImportRows",
        "AddImportRows",
        "FinishImport",
    ]
    assert [row.line for row in memory.rows] == list(range(2, 1236))
    assert memory.rows[0].draft.email == "n0@x.example"
    shares = [progress.share for progress in told if progress.share is not None]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert told[-1].stage == importing.Stage.FINISHING
    assert left_over(path) == []


def test_big_rows_go_in_small_lots(write: Write, importer: Importer, memory: MemoryFloor) -> None:
    importer.run(write("name,note\n" + "".join(f"A{n},{'x' * 900_000}\n" for n in range(7))))
    assert memory.commands.count("AddImportRows") == 3


def test_refused_rows_go_to_the_rejects_file(write: Write, importer: Importer, memory: MemoryFloor) -> None:
    path = write(THREE + 'X,"=cmd()",+1\n,,\n,\nAda,"=HYPERLINK(1)"\n?,-\n')
    report = importer.run(path)
    assert (report.leads, report.rejected, report.blank) == (3, 3, 2)
    assert report.rejects_path == path.with_name("leads.csv.rejects.csv")
    with report.rejects_path.open(newline="", encoding="utf-8-sig") as file:
        assert list(csv.reader(file)) == [
            ["line", "why", "name", "e-mail"],
            ["3", "it has only 1 cell, the header has 2", "Tom"],
            ["5", "it has 3 cells, the header has 2", "X", "'=cmd()", "'+1"],
            ["9", "nothing in this row says who it is: no name, company, e-mail, phone or id", "?", "'-"],
        ]
    assert memory.finished[0].rejected == 3
    assert memory.rows[-1].draft.email == "=HYPERLINK(1)"


def test_the_rejects_file_can_be_mended_and_brought_back(
    write: Write, importer: Importer, memory: MemoryFloor
) -> None:
    path = write(THREE + "-Bo,bo@x.example,x\n")
    rejects = importer.run(path).rejects_path
    assert rejects is not None
    text = rejects.read_text(encoding="utf-8-sig")
    rejects.write_text(text.replace('"Tom"', '"Tom","tom@x.example"').replace(',"x"', ""), encoding="utf-8")
    report = importer.run(rejects)
    assert (report.leads, report.rejected) == (2, 0)
    assert [(row.draft.name, row.draft.email) for row in memory.rows[-2:]] == [
        ("Tom", "tom@x.example"),
        ("-Bo", "bo@x.example"),
    ]
    assert memory.rows[-1].draft.answers == ()


def test_cells_no_spreadsheet_may_run() -> None:
    for evil in (
        "=1+1",
        "+1+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "＝1+1",
        " =1",
        "|x",
        "%0",
    ):
        assert safe_cell(evil) == "'" + evil
    for fine in ("+1 (555) 010-9999", "Dana", "", "a=b", "2026-11-22"):
        assert safe_cell(fine) == fine


def test_another_place_for_the_rejects(write: Write, tmp_path: Path, importer: Importer) -> None:
    elsewhere = tmp_path / "elsewhere.csv"
    assert importer.run(write(THREE), rejects=elsewhere).rejects_path == elsewhere
    assert elsewhere.exists()


def test_rejects_that_can_not_be_written(
    write: Write, tmp_path: Path, importer: Importer, memory: MemoryFloor
) -> None:
    with pytest.raises(AppError, match="can't be written to"):
        importer.run(write(THREE), rejects=tmp_path / "no folder" / "x.csv")
    assert memory.rows == []
    assert memory.staged == {}


def test_a_file_of_which_every_row_is_refused(
    data_dir: Path, tmp_path: Path, importer: Importer, memory: MemoryFloor
) -> None:
    rejects = tmp_path / "r.csv"
    with pytest.raises(NothingToImport, match="No row of this file can become a lead") as error:
        importer.run(data_dir / "messy-csv/csvkit-agate/blanks.csv", rejects=rejects)
    assert error.value.rejects_path == rejects
    assert "nothing in this row says who it is" in rejects.read_text(encoding="utf-8-sig")
    assert memory.commands[-1] == "CancelImport"


@pytest.mark.parametrize("lots", [0, 1, 2])
def test_cancelled_while_rows_are_sent(write: Write, clock: HandClock, lots: int) -> None:
    stop = threading.Event()

    def before(command: object) -> None:
        if isinstance(command, AddImportRows) and len(floor.commands) > lots:
            stop.set()

    floor = MemoryFloor(clock, before)
    path = write(THREE + many(2000).partition("\n")[2])
    with pytest.raises(Cancelled):
        Importer(floor, clock).run(path, cancelled=stop)
    assert (floor.rows, floor.staged, left_over(path)) == ([], {}, [])
    assert floor.commands[-1] == "CancelImport"


def test_cancelled_while_the_floor_finishes(write: Write, clock: HandClock) -> None:
    stop, asked = threading.Event(), threading.Event()

    def before(command: object) -> None:
        if isinstance(command, FinishImport):
            stop.set()
            assert asked.wait(60)  # until the cancel came in by another thread
        elif isinstance(command, CancelImport):
            floor.staged.pop(command.import_id, None)
            asked.set()

    floor = MemoryFloor(clock, before)
    path = write(THREE)
    with pytest.raises(Cancelled):
        Importer(floor, clock).run(path, cancelled=stop)
    assert (floor.rows, floor.staged, left_over(path)) == ([], {}, [])


def test_cancelled_after_the_end_is_too_late(write: Write, clock: HandClock) -> None:
    stop = threading.Event()
    floor = MemoryFloor(clock)
    done = floor._done

    def late(command: Any) -> object:
        result = done(command)
        if isinstance(command, FinishImport):
            stop.set()
        return result

    floor._done = late  # type: ignore[method-assign]
    assert Importer(floor, clock).run(write(THREE), cancelled=stop).leads == 2
    assert len(floor.rows) == 2


def test_an_error_of_the_floor_takes_the_import_back(write: Write, clock: HandClock) -> None:
    def before(command: object) -> None:
        if isinstance(command, AddImportRows) and len(floor.commands) == 3:
            raise Unavailable("The disk is full.")

    floor = MemoryFloor(clock, before)
    path = write(THREE + many(2000).partition("\n")[2])
    with pytest.raises(Unavailable, match="disk is full"):
        Importer(floor, clock).run(path)
    assert (floor.rows, floor.staged, left_over(path)) == ([], {}, [])


def test_a_file_that_changes_in_between(write: Write, importer: Importer, memory: MemoryFloor) -> None:
    path = write(many(10))
    preview = importer.look(path)
    write(many(11))
    with pytest.raises(NotATable, match="changed while it was read"):
        importer.run(path, preview=preview)
    assert (memory.rows, memory.staged) == ([], {})


def test_the_same_file_again_has_to_be_said(write: Write, importer: Importer, memory: MemoryFloor) -> None:
    path = write(THREE)
    importer.run(path)
    with pytest.raises(
        ImportedAlready, match=r"imported before: “leads.csv” on 2026-11-22 09:00 UTC, 2 leads"
    ):
        importer.run(write(THREE, "other name.csv"))
    assert importer.run(path, again=True).leads == 2
    assert len(memory.rows) == 4


# -- running, against the books


def all_leads(floor: LocalFloor, path: Path) -> list[Any]:
    from sqlalchemy import create_engine, text

    with create_engine(f"sqlite:///{path}").connect() as connection:
        return list(connection.execute(text("SELECT * FROM leads")).mappings())


@pytest.mark.parametrize("name", ["x-education/Leads.csv", DAMAGED])
def test_x_education_comes_out_as_its_facts_say(
    data_dir: Path, facts: dict[str, Any], local: LocalFloor, tmp_path: Path, name: str
) -> None:
    report = Importer(local, SystemClock()).run(data_dir / name, rejects=tmp_path / "r.csv")
    assert (report.leads, report.joined, report.rejected) == (9240, 0, 0)
    assert report.mended == (338 if name == DAMAGED else 0)
    leads, known = all_leads(local, tmp_path / "test.floor"), facts["x-education"]
    assert len(leads) == known["rows"]
    assert sum(lead["stage"] == Stage.WON for lead in leads) == known["converted"]
    assert sum(bool(lead["no_call"]) for lead in leads) == known["do_not_call"]
    assert sum(bool(lead["no_email"]) for lead in leads) == known["do_not_email"]
    by_source = Counter(lead["medium"].casefold() or "(blank)" for lead in leads)
    won = Counter(lead["medium"].casefold() or "(blank)" for lead in leads if lead["stage"] == Stage.WON)
    for source, counts in known["by_lead_source_case_folded"].items():
        assert (by_source[source], won[source]) == (counts["n"], counts["won"])
    assert set(by_source) == set(known["by_lead_source_case_folded"])
    answers = [answer for lead in leads for _, answer in json.loads(lead["answers"])]
    assert not any(answer.casefold() == "select" for answer in answers)
    assert local.ask(FloorFacts()).chain_holds


def test_leads_of_a_file_and_their_rows(write: Write, shared: LocalFloor) -> None:
    importer = Importer(shared, SystemClock())
    report = importer.run(write(THREE + "Dana again,DANA@x.example\n"))
    assert (report.leads, report.joined, report.rejected) == (2, 1, 1)
    (lead,) = shared.ask(FindLeads(text="dana@x.example")).leads
    assert (lead.name, lead.channel, lead.clock, lead.stage) == ("Dana", "import", ClockState.NONE, Stage.NEW)
    history = shared.ask(LeadHistory(lead_id=lead.id))
    drafts = {table.read(inquiry).name for inquiry in history.inquiries}
    assert drafts == {"Dana", "Dana again"}
    assert all(isinstance(inquiry, Inquiry) for inquiry in history.inquiries)
    with pytest.raises(ImportedAlready):
        importer.run(write(THREE + "Dana again,DANA@x.example\n"))


def test_hostile_text_comes_in_as_it_is_or_is_refused_by_name(
    data_dir: Path, shared: LocalFloor, tmp_path: Path
) -> None:
    strings = json.loads((data_dir / "text-corpora/blns.json").read_text(encoding="utf-8"))
    path = tmp_path / "naughty.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Name", "E-mail", "Phone", "Message", "Favourite"])
        for text in strings:
            writer.writerow([text, text, text, text, text])
    report = Importer(shared, SystemClock()).run(path)
    blank = sum(not text.strip("\0") or text.isspace() for text in strings)
    assert report.leads + report.joined + report.rejected + report.blank == len(strings)
    assert report.blank <= blank
    assert report.leads > 300
    assert shared.ask(FloorFacts()).leads == report.leads
    if report.rejects_path is not None:
        rejects = report.rejects_path.read_text(encoding="utf-8-sig")
        assert rejects.count("nothing in this row says who it is") == report.rejected


def test_cancelling_leaves_the_books_as_they_were(write: Write, shared: LocalFloor) -> None:
    stop = threading.Event()
    clock = SystemClock()
    asked_at = []

    def tell(progress: Progress) -> None:
        if progress.stage == importing.Stage.SENDING and progress.rows >= 2000 and not stop.is_set():
            asked_at.append(clock.now())
            stop.set()

    before = shared.ask(FloorFacts())
    with pytest.raises(Cancelled):
        Importer(shared, clock).run(write(many(6000)), progress=tell, cancelled=stop)
    assert (clock.now() - asked_at[0]).total_seconds() < 1
    after = shared.ask(FloorFacts())
    assert (after.leads, after.inquiries, after.events) == (before.leads, before.inquiries, before.events)
    assert after.head_hash == before.head_hash


@pytest.mark.parametrize("when", ["lots", "finish"])
def test_a_program_that_dies_leaves_nothing_to_see(
    write: Write, local: LocalFloor, tmp_path: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        """Stands for the end of the process: nothing after it is done, not even the taking back."""

    def dying(act: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def do(command: Any) -> Any:
            if isinstance(command, FinishImport if when == "finish" else CancelImport):
                raise Died
            if when == "lots" and isinstance(command, AddImportRows):
                act(command)
                raise Died
            if isinstance(command, CancelImport):
                raise Died
            return act(command)

        return do

    monkeypatch.setattr(local, "do", dying(local.do))
    with pytest.raises(Died):
        Importer(local, SystemClock()).run(write(many(1200)))
    facts = local.ask(FloorFacts())
    assert facts.open_leads == 0
    local.close()
    reopened = LocalFloor(Book(str(tmp_path / "test.floor")), SystemClock(), "admin")
    try:
        facts = reopened.ask(FloorFacts())
        assert (facts.leads, facts.inquiries) == (0, 0)
        assert dict(facts.by_state).get(InquiryState.LEAD, 0) == 0
    finally:
        reopened.close()
