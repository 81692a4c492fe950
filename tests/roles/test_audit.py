"""The journal for whoever goes through it: filtered, paged, taken away as a file, and checked by its chain."""

from __future__ import annotations

import csv
import json
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from app.boot import main
from app.clock import HandClock
from app.domain import commands as c
from app.domain import questions as q
from app.domain.errors import AppError, NotAllowed
from app.domain.events import KINDS, JournalExported, LeadAskedAgain, LeadCorrected, NoteAdded
from app.domain.journal import GROUPS, Part, kinds_in
from app.domain.lead import Role
from app.domain.questions import ReadJournal
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor
from app.store.driver import sqlite_module
from app.workers.journal_file import COLUMNS, PAGE, write_journal
from tests.fresh import START
from tests.roles.conftest import Cast


def numbers(page: q.JournalPage) -> list[int]:
    return [entry.seq for entry in page.entries]


def test_every_kind_belongs_to_one_group() -> None:
    kinds = tuple(KINDS)
    grouped = [kind for group in GROUPS for kind in kinds_in(group, kinds)]
    assert sorted(grouped) == sorted(kinds)


def test_pages_follow_on_each_other_without_a_hole(cast: Cast) -> None:
    cast.lead("Dana", Role.REP)
    owner = cast.by(Role.OWNER)
    head = owner.ask(q.FloorFacts(check_chain=False)).head
    seen: list[int] = []
    page = owner.ask(ReadJournal(limit=3))
    while True:
        seen += numbers(page)
        if not page.more:
            break
        page = owner.ask(ReadJournal(limit=3, before=seen[-1]))
    assert seen == list(range(head, 0, -1))
    assert numbers(owner.ask(ReadJournal(oldest_first=True, after=2, limit=2))) == [3, 4]
    assert numbers(owner.ask(ReadJournal(limit=0))) == [head]


def test_a_part_is_what_was_asked_for(cast: Cast) -> None:
    lead, other = cast.lead("Dana", Role.REP), cast.lead("Luis")
    cast.by(Role.REP).do(c.AddNote(lead_id=lead.id, text="first"))
    later = cast.clock.advance(hours=1)
    cast.by(Role.REP).do(c.AddNote(lead_id=lead.id, text="second"))
    owner = cast.by(Role.OWNER)

    def texts(part: Part) -> list[str]:
        page = owner.ask(ReadJournal(part=part))
        return [entry.event.text for entry in page.entries if isinstance(entry.event, NoteAdded)]

    assert texts(Part(since=later)) == ["second"]
    assert texts(Part(until=later)) == ["first"]
    assert texts(Part(kinds=("note.added",))) == ["second", "first"]
    assert texts(Part(kinds=("lead.captured",))) == []
    assert texts(Part(actor=cast.people[Role.REP])) == ["second", "first"]
    assert texts(Part(actor=cast.people[Role.OWNER])) == []
    of_lead = owner.ask(ReadJournal(part=Part(lead_id=lead.id)))
    assert {entry.lead_id for entry in of_lead.entries} == {lead.id}
    assert of_lead.leads == ((lead.id, "Dana"),)
    by_capture = owner.ask(ReadJournal(part=Part(actor="capture")))
    assert {entry.actor for entry in by_capture.entries} == {"capture"}
    assert {lead.id, other.id} <= {entry.lead_id for entry in by_capture.entries}


def test_the_keeper_of_whoevers_desk_is_found_as_the_keeper(cast: Cast) -> None:
    with cast.book.writing("keeper@somebody", cast.clock.now()) as w:
        w.record(NoteAdded(text="by the keeper"))
    with cast.book.writing("keepers", cast.clock.now()) as w:
        w.record(NoteAdded(text="by somebody called so"))
    page = cast.by(Role.OWNER).ask(ReadJournal(part=Part(actor="keeper")))
    assert [entry.actor for entry in page.entries] == ["keeper@somebody"]


def test_who_leads_nobody_reads_no_journal_and_an_admin_reads_no_numbers(cast: Cast) -> None:
    lead = cast.lead("Dana", Role.REP)
    cast.by(Role.REP).do(c.CorrectLead(lead_id=lead.id, changes=(("phone", "+1 303 555 0199"),)))
    with cast.book.writing("capture", cast.clock.now()) as w:
        asked = LeadAskedAgain(inquiry_id="i", channel="json", source="Web", ask="call 5550199 please")
        w.record(asked, lead.id)
    for role in (Role.REP, Role.TEAM_LEAD, Role.PARTNER):
        with pytest.raises(NotAllowed):
            cast.by(role).ask(ReadJournal())
        with pytest.raises(NotAllowed):
            cast.by(role).do(c.ExportJournal())
    part = Part(lead_id=lead.id)
    assert "5550199" in repr(cast.by(Role.MANAGER).ask(ReadJournal(part=part)))
    told = cast.by(Role.ADMIN).ask(ReadJournal(part=part))
    assert "5550199" not in repr(told)
    assert {LeadAskedAgain, LeadCorrected} <= {type(entry.event) for entry in told.entries}


def test_an_export_holds_what_was_asked_for_and_stands_in_the_journal(cast: Cast, tmp_path: Path) -> None:
    lead = cast.lead("=cmd|calc", Role.REP)
    cast.by(Role.REP).do(c.AddNote(lead_id=lead.id, text="=1+1"))
    owner = cast.by(Role.OWNER)
    head = owner.ask(q.FloorFacts(check_chain=False)).head
    out = tmp_path / "journal.csv"
    names = {cast.people[Role.REP]: "@Mara"}
    told: list[tuple[int, int]] = []
    assert write_journal(owner, Part(), out, names, lambda done, of: told.append((done, of))) == head
    assert told == [(head, head)]
    with out.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert tuple(header) == COLUMNS
    assert [int(row[0]) for row in rows] == list(range(1, head + 1))
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    (note,) = [row for row in rows if row[4] == "note.added"]
    assert note[2] == "'@Mara"
    assert note[5] == "'=cmd|calc"
    assert json.loads(note[7])["text"] == "=1+1"
    if sys.platform != "win32":
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
    (entry,) = owner.ask(ReadJournal(part=Part(kinds=("journal.exported",)))).entries
    assert entry.actor == cast.people[Role.OWNER]
    assert entry.event == JournalExported(entries=head, last=head)


def test_an_export_of_many_pages_is_whole(cast: Cast, tmp_path: Path) -> None:
    many = 2 * PAGE + 7
    with cast.book.writing("admin", cast.clock.now()) as w:
        for number in range(many):
            w.record(NoteAdded(text=str(number)))
    out = tmp_path / "journal.csv"
    part = Part(kinds=("note.added",))
    assert write_journal(cast.by(Role.OWNER), part, out, {}) == many
    with out.open(encoding="utf-8-sig", newline="") as file:
        texts = [json.loads(row[7])["text"] for row in list(csv.reader(file))[1:]]
    assert texts == [str(number) for number in range(many)]


def test_who_may_not_export_leaves_no_file_and_a_file_that_cannot_be_written_is_said(
    cast: Cast, tmp_path: Path
) -> None:
    with pytest.raises(NotAllowed):
        write_journal(cast.by(Role.REP), Part(), tmp_path / "j.csv", {})
    with pytest.raises(AppError, match="can't be written"):
        write_journal(cast.by(Role.OWNER), Part(), tmp_path / "nowhere" / "j.csv", {})
    assert not list(tmp_path.rglob("*.csv*"))


def test_a_part_that_ends_is_asked_of_the_time_it_happened(cast: Cast) -> None:
    exported = c.ExportJournal(part=Part(since=START, until=START + timedelta(days=1)))
    done = cast.terminal.do(exported).value
    assert done.entries > 0
    assert cast.terminal.do(c.ExportJournal(part=Part(until=START))).value.entries == 0


# the terminal


@pytest.fixture
def floor_file(tmp_path: Path) -> Path:
    path = tmp_path / "audited.floor"
    start_floor(str(path), "Audited", START)
    return path


def test_verify_says_whether_the_chain_holds(floor_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    floor = LocalFloor(Book(str(floor_file)), HandClock(START), "admin")
    for name in ("Ana", "Bo", "Cy"):
        floor.do(c.AddRep(name=name))
    floor.close()
    assert main(["audit", "verify", "--floor", str(floor_file)]) == 0
    assert "The chain holds" in capsys.readouterr().out
    assert main(["audit", "verify", "--json", "--floor", str(floor_file)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["holds"] is True
    assert len(said["hash"]) == 64
    with sqlite_module().connect(floor_file) as forger:
        forger.execute("DROP TRIGGER events_never_change")
        forger.execute("UPDATE events SET body = replace(body, 'Bo', 'Xx')")
    assert main(["audit", "verify", "--json", "--floor", str(floor_file)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["holds"] is False
    assert "was changed" in said["fault"]
    assert main(["audit", "verify", "--floor", str(floor_file)]) == 1
    assert "The chain is broken" in capsys.readouterr().out


def test_export_from_the_terminal_takes_days(floor_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    at = ["audit", "export", "--out", str(out), "--floor", str(floor_file)]
    assert main(at) == 0
    assert out.exists()
    assert main([*at, "--from", "2001-01-01", "--to", "2001-01-02T08:00+01:00"]) == 0
    assert len(out.read_text(encoding="utf-8-sig").splitlines()) == 1
    with pytest.raises(SystemExit) as ended:
        main([*at, "--from", "yesterday"])
    assert ended.value.code == 2
