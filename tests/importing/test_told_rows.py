"""Calls and results find the lead they are about, in both databases; nothing is told twice."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.clock import SystemClock
from app.domain.columns_seen import seen
from app.domain.commands import BeginImport, CancelImport, FinishImport
from app.domain.errors import Refused
from app.domain.guessing import completed, guess
from app.domain.lead import AttemptKind, Outcome, Stage
from app.domain.past import ImportKind
from app.floor.local import LocalFloor
from app.store import tables as t
from app.workers.import_rows import rows_of
from app.workers.importer import ImportedAlready, Importer, NothingToImport
from app.workers.importer import Report as Done
from tests.importing.conftest import Write

CALLS, RESULTS = ImportKind.CALLS, ImportKind.RESULTS
LEADS = """Lead ID,Name,Email,Phone,Created Time
L-1,Dana Fox,dana@x.example,+1 212 555 0101,2021-03-01 09:00
L-2,Tom Bell,tom@x.example,+1 212 555 0102,2021-03-02 09:00
L-3,Ana Cruz,ana@x.example,+1 212 555 0103,2021-03-03 09:00
L-4,Bo Lind,bo@x.example,+1 212 555 0104,2021-03-04 09:00
L-5,Eve Ono,eve@x.example,+1 212 555 0105,2021-03-05 09:00
"""
LOG = """Lead ID,Email,Phone,Call Time,Duration (seconds),Call Status,Called by
L-1,,,2021-03-01 09:20,61,connected,Jo Reyes
,TOM@X.example,,2021-03-02 10:00,0,no answer,Al Ito
,,(212) 555-0103,2021-03-03 09:05,12,left voicemail,Jo Reyes
L-1,,,2021-03-01 15:00,5,busy,Jo Reyes
"""
Bring = Callable[..., Done]


@pytest.fixture
def bring(shared: LocalFloor, tmp_path: Path) -> Bring:
    """Import a file as something; refused rows go to refused.csv."""

    def into(path: Path, kind: ImportKind = ImportKind.LEADS, **more: Any) -> Done:
        importer = Importer(shared, SystemClock())
        preview = importer.look(path, kind=kind)
        return importer.run(path, preview=preview, rejects=tmp_path / "refused.csv", **more)

    return into


@pytest.fixture
def known(shared: LocalFloor) -> None:
    """Five leads of the past are on the floor, brought by its commands alone: no process is started to read a file."""
    headers, *rows = csv.reader(LEADS.splitlines())
    columns = seen(len(headers), rows)
    mapping = completed(guess(headers, rows, True, ImportKind.LEADS, columns), columns)
    import_id = shared.do(BeginImport(file="leads.csv", sha256="0" * 64)).value.id
    reader = rows_of(mapping, "UTC", shared, import_id, SystemClock().now())
    for number, cells in enumerate(rows, 2):
        reader.add(number, cells)
    assert reader.send() == ()
    assert shared.do(FinishImport(import_id=import_id, rejected=0)).value.leads == 5


def refused(report: Done) -> list[dict[str, str]]:
    assert report.rejects_path is not None
    with report.rejects_path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def state(floor: LocalFloor) -> tuple[list[Any], list[Any], int]:
    """Leads, attempts and how many events there are."""
    with floor._book.reading() as r:
        leads = r.db.execute(select(t.leads).order_by(t.leads.c.email_key)).all()
        attempts = r.db.execute(select(t.attempts).order_by(t.attempts.c.id)).all()
        return (
            list(leads),
            list(attempts),
            r.db.execute(select(func.count()).select_from(t.pasts)).scalar_one(),
        )


def lead(floor: LocalFloor, email: str) -> Any:
    with floor._book.reading() as r:
        return r.db.execute(select(t.leads).where(t.leads.c.email_key == email)).one()


@pytest.mark.usefixtures("known")
def test_calls_find_their_lead_by_id_by_email_and_by_phone(
    shared: LocalFloor, bring: Bring, write: Write
) -> None:
    report = bring(write(LOG, "calls.csv"), CALLS)
    assert (report.told, report.rejected, report.repeated, report.leads) == (4, 0, 0, 0)
    dana, tom, ana, bo = (lead(shared, f"{name}@x.example") for name in ("dana", "tom", "ana", "bo"))
    assert [one.attempts for one in (dana, tom, ana, bo)] == [2, 1, 1, 0]
    assert dana.first_attempt_at == datetime(2021, 3, 1, 9, 20, tzinfo=UTC)
    assert dana.contact_at == datetime(2021, 3, 1, 9, 20, tzinfo=UTC)
    assert dana.last_attempt_at == datetime(2021, 3, 1, 15, 0, tzinfo=UTC)
    assert (tom.contact_at, tom.last_outcome) == (None, Outcome.NO_ANSWER)
    assert ana.last_outcome == Outcome.VOICEMAIL
    assert bo.stage == Stage.NEW
    with shared._book.reading() as r:
        calls = r.db.execute(select(t.attempts).order_by(t.attempts.c.started_at)).all()
        names = {rep.id: rep.name for rep in r.reps()}
        assert not any(rep.active for rep in r.reps())
    assert [names[call.rep_id] for call in calls] == ["Jo Reyes", "Jo Reyes", "Al Ito", "Jo Reyes"]
    assert {call.kind for call in calls} == {AttemptKind.CALL}
    assert [call.talked for call in calls] == [True, False, False, False]
    assert [(call.ended_at - call.started_at).total_seconds() for call in calls] == [61, 5, 0, 12]


@pytest.mark.usefixtures("known")
def test_results_find_their_lead_by_id_by_email_and_by_phone(
    shared: LocalFloor, bring: Bring, write: Write
) -> None:
    report = bring(
        write(
            "Lead ID,Email,Phone,Stage,Closed on,Amount,Reason\n"
            'L-1,,,Closed Won,2021-03-09,"$1,200.50",\n'
            ",tom@x.example,,Closed Lost,2021-03-10,,too dear\n"
            ",,+12125550103,Junk,2021-03-11,,\n"
            "L-4,,,Negotiation,,,\n",
            "results.csv",
        ),
        RESULTS,
    )
    assert (report.told, report.rejected) == (4, 0)
    dana, tom, ana, bo = (lead(shared, f"{name}@x.example") for name in ("dana", "tom", "ana", "bo"))
    assert [one.stage for one in (dana, tom, ana)] == [Stage.WON, Stage.LOST, Stage.UNFIT]
    assert bo.closed_at is None
    assert (dana.amount, tom.close_reason) == (120_050, "too dear")
    assert dana.closed_at.date().isoformat() == "2021-03-09"


@pytest.mark.usefixtures("known")
def test_rows_that_can_not_be_placed_are_refused_with_a_sentence(
    shared: LocalFloor, bring: Bring, write: Write
) -> None:
    with shared._book.writing("admin", SystemClock().now()) as w:
        w.db.execute(
            t.leads.update().where(t.leads.c.email_key == "bo@x.example").values(phone_key="+12125550105")
        )
    report = bring(
        write(
            "Lead ID,Email,Phone,Call Time\n"
            "L-9,,,2021-03-01 09:20\n"
            ",nobody@x.example,,2021-03-01 09:21\n"
            ",,+1 212 555 0105,2021-03-01 09:22\n"
            ",,,2021-03-01 09:23\n"
            "L-1,,,\n"
            "L-1,,,yesterday\n"
            "L-1,,,2199-01-01 09:00\n"
            ",eve@x.example,+1 212 555 0105,2021-03-01 09:24\n"
            "L-2,,,2021-03-01 09:25\n",
            "calls.csv",
        ),
        CALLS,
    )
    said = {int(row["line"]): row["why"] for row in refused(report)}
    assert said == {
        2: "no lead on this floor is known by “L-9”",
        3: "no lead on this floor is known by “nobody@x.example”",
        4: "2 leads on this floor are known by “+1 212 555 0105”; it can't be told which is meant",
        5: "nothing in this row says which lead it is about: no id, e-mail or phone",
        6: "nothing in this row says when the call was",
        7: "“yesterday” in “Call Time” is no date",
        8: "by its date, 2199-01-01, the call is still to come",
    }
    assert (report.told, report.rejected) == (2, 7)
    assert lead(shared, "eve@x.example").attempts == 1
    assert lead(shared, "bo@x.example").attempts == 0


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("kind", [CALLS, RESULTS])
def test_the_same_rows_again_count_nothing_twice(
    shared: LocalFloor, bring: Bring, write: Write, kind: ImportKind
) -> None:
    rows = LOG if kind is CALLS else "Email,Stage,Closed on,Amount\ndana@x.example,Won,2021-03-09,90\n"
    count = rows.count("\n") - 1
    path = write(rows + rows.splitlines()[-1] + "\n", "told.csv")  # one row stands twice in it
    first = bring(path, kind)
    assert (first.told, first.repeated) == (count, 1)
    before = state(shared)
    with pytest.raises(ImportedAlready):
        bring(path, kind)
    again = bring(path, kind, again=True)
    assert (again.told, again.repeated) == (0, count + 1)
    assert state(shared)[:2] == before[:2]
    other = write(rows, "sent-once-more.csv")  # another file, the same calls
    assert bring(other, kind).told == 0
    assert state(shared)[:2] == before[:2]


@pytest.mark.usefixtures("known")
def test_a_file_of_strangers_brings_nothing_and_says_so(
    shared: LocalFloor, bring: Bring, write: Write
) -> None:
    before = state(shared)
    with pytest.raises(NothingToImport, match="no lead on this floor is known by “X-1”"):
        bring(write("Lead ID,Call Time\nX-1,2021-03-01 09:20\nX-2,2021-03-01 09:21\n", "calls.csv"), CALLS)
    assert state(shared) == before


@pytest.mark.usefixtures("known")
def test_a_cancelled_file_of_calls_tells_nothing_and_can_come_again(
    shared: LocalFloor, bring: Bring, write: Write
) -> None:
    before = state(shared)[:2]
    headers, *rows = csv.reader(LOG.splitlines())
    columns = seen(len(headers), rows)
    mapping = completed(guess(headers, rows, True, CALLS, columns), columns)
    import_id = shared.do(BeginImport(file="calls.csv", sha256="1" * 64, kind=CALLS)).value.id
    reader = rows_of(mapping, "UTC", shared, import_id, SystemClock().now())
    for number, cells in enumerate(rows, 2):
        reader.add(number, cells)
    assert reader.send() == ()
    assert state(shared)[:2] == before, "rows are told before their file is finished"
    shared.do(CancelImport(import_id=import_id))
    assert state(shared)[:2] == before
    with pytest.raises(Refused):
        shared.do(FinishImport(import_id=import_id, rejected=0))
    report = bring(write(LOG, "calls.csv"), CALLS)
    assert (report.told, report.repeated) == (4, 0), "what was cancelled counts as told"
