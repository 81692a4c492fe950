"""The week is frozen by itself, each once, also after the program was off; its scores go out as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.clock import HandClock, new_id
from app.codec import encode
from app.domain.commands import (
    AddRep,
    AddSource,
    AnswerDispute,
    CaptureInquiry,
    DisputeScore,
    EndAttempt,
    FreezeWeek,
    HoldLease,
    LogOutcome,
    ResignLease,
    SetMailAddress,
    SetStatus,
    StartAttempt,
)
from app.domain.inquiry import Inquiry
from app.domain.lead import Outcome, RepStatus, Role
from app.domain.post import SENDING
from app.domain.questions import FrozenWeeks, WeekShelf
from app.domain.scorecard import Review, Weekday
from app.domain.week import WeekLine
from app.floor.local import LocalFloor
from app.store.book import Book
from app.workers import payroll
from app.workers.weekly import Weekly, missing
from tests.fresh import DATABASES, START, fresh_floor

WEEK = "2026-W10"


class Worked:
    """A floor on which one rep called one lead."""

    def __init__(self, address: str, name: str = "Ana") -> None:
        self.clock = HandClock(START)
        self.book = Book(address)
        self.floor = LocalFloor(self.book, self.clock, "admin")
        self.rep = self.floor.do(AddRep(name=name)).value.id
        self.manager = self.floor.do(AddRep(name="Mo", role=Role.MANAGER)).value.id
        by_rep = self.floor.as_actor(self.rep)
        by_rep.do(SetStatus(status=RepStatus.AVAILABLE))
        source = self.floor.do(AddSource(name="Web", channel="json")).value.id
        raw = encode({"name": "Dana", "email": "dana@firm.example", "phone": "+13035550148"})
        inquiry = Inquiry(
            id=new_id(), channel="json", source_id=source, raw=raw, received_at=self.clock.now()
        )
        lead = self.floor.as_actor("capture").do(CaptureInquiry(inquiry=inquiry)).value.lead_id
        attempt = by_rep.do(StartAttempt(lead_id=lead)).value.attempt_id
        self.clock.advance(seconds=130)
        by_rep.do(EndAttempt(attempt_id=attempt))
        by_rep.do(LogOutcome(lead_id=lead, outcome=Outcome.WON, amount=123_456))

    def frozen(self) -> list[str]:
        return [line.week for line in self.floor.ask(FrozenWeeks()).weeks]


@pytest.fixture(params=DATABASES)
def worked(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Worked]:
    with fresh_floor(request.param, tmp_path, lambda: request.getfixturevalue("pg_cluster")) as address:
        made = Worked(address)
        yield made
        made.floor.close()


def shelf(*frozen: str, zone: str = "UTC", review: Review = Review(), since: datetime = START) -> WeekShelf:  # noqa: B008
    lines = tuple(
        WeekLine(week=week, frozen_at=START, by="", rulebook=1, head=1, pages=(("", ""),)) for week in frozen
    )
    return WeekShelf(weeks=lines, zone=zone, review=review, since=since, may_freeze=True, may_answer=True)


def test_a_week_is_due_at_the_reviews_hour_on_the_floors_wall() -> None:
    at = datetime(2026, 3, 9, 7, tzinfo=UTC)
    assert missing(shelf(), at - timedelta(seconds=1)) == ((), at)
    assert missing(shelf(), at) == ((WEEK,), at + timedelta(days=7))
    assert missing(shelf(WEEK), at) == ((), at + timedelta(days=7))
    denver = shelf(zone="America/Denver")
    assert missing(denver, at + timedelta(hours=5)) == ((), at + timedelta(hours=6))
    assert missing(denver, at + timedelta(hours=6))[0] == (WEEK,), "by then it is summer time"
    thursday = shelf(review=replace(Review(), weekday=Weekday.THURSDAY, hour=0))
    assert missing(thursday, at)[0] == ()
    assert missing(thursday, datetime(2026, 3, 12, tzinfo=UTC))[0] == (WEEK,)


def test_what_was_missed_is_made_up_for_from_the_last_one_that_is_frozen() -> None:
    at = datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert missing(shelf(WEEK), at)[0] == ("2026-W11", "2026-W12", "2026-W13")
    assert missing(shelf(), at)[0] == ("2026-W13",), "a floor that has none begins with the last"
    assert missing(shelf(since=at), at)[0] == (), "nothing was there to be counted"
    assert len(missing(shelf(WEEK), at + timedelta(days=700))[0]) == 8


def test_it_freezes_by_itself_what_was_missed_and_each_week_once(worked: Worked) -> None:
    worked.clock.advance(hours=7 * 24)
    worked.floor.do(FreezeWeek(week=WEEK))
    worked.clock.advance(hours=14 * 24)
    for _ in range(2):
        weekly = Weekly(worked.floor, worked.clock, is_alone=True, first_s=0)
        weekly.start()
        try:
            for _look in range(600):
                if len(worked.frozen()) == 3:
                    break
                worked.floor.bell.wait(worked.floor.bell.count, 0.1)
        finally:
            weekly.stop()
        assert worked.frozen() == ["2026-W12", "2026-W11", WEEK]


def test_a_frozen_week_writes_its_mail_once_to_whose_the_pages_are(worked: Worked) -> None:
    from sqlalchemy import select

    from app.store.tables_keeping import outbox

    for rep, address in ((worked.rep, "ana@firm.example"), (worked.manager, "mo@firm.example")):
        worked.floor.do(SetMailAddress(rep_id=rep, address=address))
    keeper = worked.floor.as_actor("keeper")
    keeper.do(HoldLease(name=SENDING, holder="before"))
    keeper.do(ResignLease(name=SENDING, holder="before"))
    worked.clock.advance(hours=7 * 24)
    for _ in range(2):
        worked.floor.do(FreezeWeek(week=WEEK))
    with worked.book.reading() as r:
        rows = r.db.execute(select(outbox.c.to_address, outbox.c.attached, outbox.c.body)).all()
    assert sorted((row.to_address, row.attached) for row in rows) == [
        ("ana@firm.example", f"{WEEK} {worked.rep}"),
        ("mo@firm.example", WEEK),
    ]
    assert max(len(row.body) for row in rows) < 500


def test_the_payroll_gets_a_row_a_person_with_what_was_corrected_beside(
    worked: Worked, tmp_path: Path
) -> None:
    worked.clock.advance(hours=7 * 24)
    worked.floor.do(FreezeWeek(week=WEEK))
    dispute = DisputeScore(week=WEEK, rep_id=worked.rep, text="Two more.")
    made = worked.floor.as_actor(worked.rep).do(dispute).value.id
    worked.floor.as_actor(worked.manager).do(
        AnswerDispute(dispute_id=made, text="Yes.", accepted=True, points=1.5)
    )
    table = payroll.rows(worked.floor, WEEK)
    (row,) = csv.DictReader(io.StringIO(payroll.as_csv(table)))
    told = ("rep", "score", "correction", "calls", "won", "amount", "fast_hits", "fast_of", "fast_points")
    assert [row[name] for name in told] == ["Ana", "", "1.5", "1", "1", "1234.56", "1", "1", ""]
    payroll.write(table, "xlsx", tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert [[cell.value for cell in line][:4] for line in sheet.iter_rows()] == [
        ["week", "rep_id", "rep", "score"],
        [WEEK, worked.rep, "Ana", None],
    ]


def test_no_name_is_a_formula(tmp_path: Path) -> None:
    with fresh_floor("sqlite", tmp_path, lambda: None) as address:  # type: ignore[arg-type,return-value]
        worked = Worked(address, name="=1+1")
        worked.clock.advance(hours=7 * 24)
        worked.floor.do(FreezeWeek(week=WEEK))
        table = payroll.rows(worked.floor, WEEK)
        worked.floor.close()
    (row,) = csv.DictReader(io.StringIO(payroll.as_csv(table)))
    assert row["rep"] == "'=1+1"
    payroll.write(table, "xlsx", tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet.cell(2, 3).data_type == "s"
