"""The practice floor's ninety days: of a floor's shape, told by the import's commands, the same each time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Row, select

from app.clock import HandClock
from app.domain.lead import OPEN_STAGES
from app.domain.questions import Costs, NextDue
from app.domain.report import Asked, RunReport
from app.floor.local import LocalFloor
from app.store import tables as t
from app.store.book import Book, start_floor
from app.workers.practice_past import DAYS, TEAM, bring_past

MOMENT = datetime(2026, 11, 24, 15, 24, tzinfo=UTC)


def floor_at(path: Path) -> LocalFloor:
    address = str(path)
    start_floor(address, "Practice", MOMENT)
    return LocalFloor(Book(address), HandClock(MOMENT), "admin")


def leads(floor: LocalFloor) -> list[Row[tuple[object, ...]]]:
    with floor._book.reading() as r:
        return list(r.db.execute(select(t.leads).order_by(t.leads.c.captured_at, t.leads.c.email)))


def test_ninety_days_look_like_a_floor(tmp_path: Path) -> None:
    floor = floor_at(tmp_path / "past.floor")
    try:
        brought = bring_past(floor, MOMENT, seed=1)
        found = leads(floor)
        assert brought == len(found)
        assert 3500 < brought < 4500
        assert all(MOMENT - timedelta(days=DAYS + 1) < lead.captured_at < MOMENT for lead in found)
        days = Counter(lead.captured_at.weekday() for lead in found)
        assert min(days[day] for day in range(5)) > 1.5 * max(days[5], days[6])
        clocks = sum(lead.clocks for lead in found)
        assert clocks == brought
        assert 0.92 < sum(lead.clocks_met for lead in found) / clocks < 0.96
        assert 0 < sum(lead.escalated_at is not None for lead in found) < clocks * 0.08
        won = [lead for lead in found if lead.stage == "won"]
        assert len(won) > 200
        assert all(lead.amount and lead.closed_at < MOMENT and lead.qualified_at for lead in won)
        assert all(lead.first_call_at >= lead.captured_at for lead in found if lead.first_call_at)
        names = {rep.name for rep in floor.reps()}
        assert {name for name, *_ in TEAM} <= names
        inside = {rep.id for rep in floor.reps() if rep.name != "Field sales"}
        is_open = [lead for lead in found if lead.stage in {stage.value for stage in OPEN_STAGES}]
        assert not [lead for lead in is_open if lead.owner in inside or not lead.owner]
        assert floor.ask(NextDue()).at is None, "no clock runs for the past"
        assert len({cost.medium for cost in floor.ask(Costs()).costs}) == 5
        asked = Asked(since=MOMENT - timedelta(days=DAYS + 1), until=MOMENT)
        whole = floor.ask(RunReport(name="sources", asked=asked))
        assert next(one for one in whole.figures if one.key == "cost").now.value
    finally:
        floor.close()


def test_it_is_the_same_past_each_time_and_stops_when_told(tmp_path: Path) -> None:
    told = []
    for name in "ab":
        floor = floor_at(tmp_path / f"{name}.floor")
        lots = iter(range(4))
        try:
            bring_past(floor, MOMENT, seed=2, go_on=lambda lots=lots: next(lots, None) is not None)
            told.append([(lead.email, lead.captured_at, lead.stage, lead.amount) for lead in leads(floor)])
            assert not floor.ask(Costs()).costs
        finally:
            floor.close()
    assert told[0] == told[1]
    assert len(told[0]) < 500
