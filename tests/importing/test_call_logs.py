"""Call logs as telephone systems and CRMs write them: what their columns are taken for, and what a row says."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import pytest

from app.domain.columns_seen import seen
from app.domain.guessing import guess
from app.domain.inquiry import Unreadable
from app.domain.lead import Outcome
from app.domain.mapping import Mapping, Target
from app.domain.past import ImportKind, PastCall
from app.domain.past_reading import PastReader

TALKED = PastCall(at=datetime(2025, 1, 2, 9, 4, tzinfo=UTC), by="Jo Reyes", seconds=180, contact=True)
MISSED = Outcome.NO_ANSWER


def read(text: str, kind: ImportKind = ImportKind.CALLS) -> tuple[Mapping, PastReader, list[list[str]]]:
    headers, *rows = csv.reader(text.splitlines())
    mapping = guess(headers, rows, kind=kind, columns=seen(len(headers), rows))
    return mapping, PastReader(mapping, "UTC"), rows


@pytest.mark.parametrize(
    "log",
    [
        "Direction,Phone Number,Name,Extension Name,Date,Time,Action,Action Result,Duration\n"
        "Outbound,(303) 555-0101,Dana,Jo Reyes,Thu 01/02/2025,9:04 AM,VoIP Call,Call connected,0:03:00\n"
        "Outbound,(303) 555-0102,Tom,Jo Reyes,Thu 01/02/2025,10:30 AM,VoIP Call,No Answer,0:00:18\n",
        "line,datetime (UTC),direction,from,to,answered,user,duration (total),duration (in call)\n"
        "Sales,2025-01-02 09:04:00,outbound,+13035559999,+13035550101,Yes,Jo Reyes,210,180\n"
        "Sales,2025-01-02 10:34:11,outbound,+13035559999,+13035550102,No,Jo Reyes,20,0\n",
        "Call ID,Activity date,Call outcome,Call direction,Call duration (HH:mm:ss),Activity assigned to,"
        "Associated Contact,Associated Contact Email\n"
        "1,2025-01-02 09:04,Connected,Outbound,00:03:00,Jo Reyes,Dana Fox,dana@x.example\n"
        "2,2025-01-02 10:04,No answer,Outbound,00:00:10,Jo Reyes,Tom Bell,tom@x.example\n",
        "Datum,Uhrzeit,Anrufer,Gewählte Nummer,Status,Gesprächsdauer\n"
        "02.01.2025,09:04,Jo Reyes,+49 30 901821,angenommen,3:00\n"
        "02.01.2025,10:04,Jo Reyes,+49 30 901822,besetzt,0:00\n",
        "Call Time,Agent,Destination,Status,Ringing,Talking\n"
        "2025-01-02 09:04:00,Jo Reyes,+13035550101,Answered,00:00:07,00:03:00\n"
        "2025-01-02 10:30:11,Jo Reyes,+13035550102,Unanswered,00:00:20,\n",
    ],
)
def test_a_log_is_read_as_it_is_meant(log: str) -> None:
    mapping, reader, (first, second) = read(log)
    assert not mapping.lacks
    assert not mapping.untold
    about = reader.call(2, first)
    assert about.call == TALKED
    assert about.phone[-4:] in ("0101", "1821") or about.email == "dana@x.example"
    missed = reader.call(3, second).call
    assert missed is not None
    assert (missed.outcome, missed.contact) == (MISSED, False)


def test_a_lead_has_its_day_and_its_time_in_two_columns() -> None:
    mapping, reader, (row,) = read("Name,Date,Time\nDana,2025-01-02,9:04 AM\n", ImportKind.LEADS)
    assert [target for _, target in mapping.columns] == ["name", "captured_at", "time"]
    past = reader.past(row)
    assert past is not None
    assert past.captured_at == TALKED.at


def test_a_time_alone_is_kept_as_an_answer() -> None:
    mapping, _, _ = read("Name,Time\nDana,9:04 AM\n", ImportKind.LEADS)
    assert mapping.target("Time") is Target.ANSWER
    mapping, _, _ = read("Name,Date,Time\nDana,2025-01-02,whenever\n", ImportKind.LEADS)
    assert mapping.target("Time") is Target.ANSWER


def test_a_cell_that_is_no_time_makes_its_row_unreadable() -> None:
    _, reader, rows = read(
        "E-mail,Date,Time\n" + "a@x.example,2025-01-02,09:04\n" * 9 + "a@x.example,2025-01-02,lunch\n"
    )
    reader.call(2, rows[0])
    with pytest.raises(Unreadable, match="“lunch” in “Time” is no time of day"):
        reader.call(11, rows[-1])


def test_rows_are_found_by_addresses_under_a_strange_head() -> None:
    mapping, _, _ = read("Whom,When,Result\na@x.example,2025-01-02 09:04,no answer\n")
    assert mapping.target("Whom") is Target.EMAIL
    mapping, _, _ = read("Phone,Whom,Call time\n+13035550101,a@x.example,2025-01-02 09:04\n")
    assert mapping.target("Whom") is Target.OUT
