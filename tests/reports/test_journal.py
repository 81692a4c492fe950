"""The reports of the shelf against the journal: whatever was done on a floor, both tell the same numbers."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.clock import HandClock
from app.domain.commands import DropCost, EndAttempt, EnterCosts, LogOutcome, UndoOutcome
from app.domain.costs import CostLine
from app.domain.errors import Refused
from app.domain.lead import Outcome, Role
from app.domain.questions import Costs
from app.domain.report import Asked, Report, RunReport
from tests.floor.conftest import LocalHouse
from tests.floor.stand import Stand
from tests.fresh import START, fresh_floor
from tests.reports import by_journal
from tests.reports.by_journal import Floor2, Told

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["capture", "call", "outcome", "outcome", "undo", "cost", "drop", "wait", "month"]),
        st.integers(0, 999),
    ),
    min_size=5,
    max_size=45,
)


def do(stand: Stand, me: str, leads: list[str], deed: str, n: int) -> None:
    """One thing that people do; what the floor refuses has not happened."""
    mine = stand.by(me)
    lead = leads[n % len(leads)] if leads else ""
    if deed == "capture":
        leads.append(stand.capture().lead_id)
    elif deed == "wait":
        stand.clock.advance(seconds=37 * n)
    elif deed == "month":
        stand.clock.advance(hours=n)
    elif deed == "cost":
        first = stand.clock.now().date() - timedelta(days=n % 50)
        last = first + timedelta(days=n % 37)
        line = CostLine(first=first.isoformat(), last=last.isoformat(), medium="google", amount=n * 131 - 999)
        mine.do(EnterCosts(costs=(line, line)))
    elif deed == "drop":
        costs = mine.ask(Costs()).costs
        if costs:
            mine.do(DropCost(cost_id=costs[n % len(costs)].id))
    elif lead:
        with suppress(Refused):
            if deed == "call":
                attempt = stand.call(me, lead)
                stand.clock.advance(seconds=n)
                mine.do(EndAttempt(attempt_id=attempt))
            elif deed == "undo":
                mine.do(UndoOutcome(lead_id=lead))
            else:
                outcome = list(Outcome)[n % len(Outcome)]
                timed = outcome in (Outcome.BOOKED, Outcome.CALL_BACK)
                at = stand.clock.now() + timedelta(days=2) if timed else None
                amount = n * 100 if outcome is Outcome.WON else None
                mine.do(LogOutcome(lead_id=lead, outcome=outcome, at=at, reason="so", amount=amount))


def figures(report: Report) -> dict[str, Any]:
    return {figure.key: figure.now.value for figure in report.figures}


def took(leads: list[Told], end: str) -> list[float]:
    return [(getattr(one, end) - one.captured).total_seconds() for one in leads if getattr(one, end)]


def check(stand: Stand, told: Floor2) -> None:
    asked = Asked(since=START, until=stand.clock.now() + timedelta(seconds=1))
    door = stand.setup
    leads = list(told.leads.values())
    n = len(leads)

    def share(part: int) -> float | None:
        return part / n if n else None

    sources = figures(door.ask(RunReport(name="sources", asked=asked)))
    won = [one for one in leads if one.won]
    revenue = sum(one.end[2] or 0 for one in won if one.end)
    qualified = sum(one.qualified is not None for one in leads)
    cost = told.cost(START.date(), stand.clock.now().date())
    touched = any(
        line.first <= stand.clock.now().date().isoformat() and line.last >= START.date().isoformat()
        for line in told.costs.values()
    )
    assert (sources["leads"], sources["qualified"], sources["won"]) == (n, qualified, len(won))
    assert sources["revenue"] == revenue
    assert sources["contact"] == share(sum(one.contact is not None for one in leads))
    assert sources["cost"] == (cost if touched else None)
    assert sources["cpl"] == (cost / n if cost and n else None)
    assert sources["cpq"] == (cost / qualified if cost and qualified else None)
    assert sources["cps"] == (cost / len(won) if cost and won else None)
    assert sources["roi"] == ((revenue - cost) / cost if cost else None)

    funnel = door.ask(RunReport(name="funnel", asked=asked))
    steps = {row[0].value: row for row in funnel.table("steps").rows}
    for name, end in (
        ("Contacted", "contact"),
        ("Qualified", "qualified"),
        ("Appointment", "booked"),
        ("Won", "won"),
    ):
        spans = took(leads, end)
        assert steps[name][1].value == len(spans)
        assert steps[name][3].value == (pytest.approx(median(spans), rel=1e-9) if spans else None)
    assert figures(funnel)["booked"] == share(sum(one.booked is not None for one in leads))

    velocity = door.ask(RunReport(name="velocity", asked=asked))
    for column, end in ((1, "captured"), (3, "qualified"), (5, "won")):
        wanted = Counter(month(getattr(one, end)) for one in leads if getattr(one, end))
        found = {row[0].value: row[column] for row in velocity.table("months").rows}
        assert {name: cell.value for name, cell in found.items() if cell.value} == dict(wanted)
        rates = {row[0].value: row[column + 1].value for row in velocity.table("months").rows}
        for name, rate in rates.items():
            was, now = wanted[before(str(name))], wanted[str(name)]
            assert rate == ((now - was) / was if was else None)
    assert figures(velocity)["to_win"] == (
        pytest.approx(median(took(leads, "won")), rel=1e-9) if won else None
    )

    loop = figures(door.ask(RunReport(name="loop", asked=asked)))
    soon = [one for one in leads if one.calls and (one.calls[0] - one.captured).total_seconds() <= 300]
    assert loop["soon"] == share(len(soon))
    assert loop["never"] == share(sum(not one.calls for one in leads))
    reps = door.ask(RunReport(name="reps", asked=asked))
    firsts = [(one.calls[0] - one.captured).total_seconds() for one in leads if one.calls]
    assert figures(reps)["ttfc"] == (pytest.approx(median(firsts), rel=1e-9) if firsts else None)
    assert figures(reps)["won"] == len(won)


def month(at: datetime) -> str:
    return at.astimezone(UTC).date().replace(day=1).isoformat()


def before(name: str) -> str:
    return month(datetime.fromisoformat(name).replace(tzinfo=UTC) - timedelta(days=1))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(DEEDS)
@example(
    [("cost", 20), ("cost", 136), ("outcome", 5), ("month", 300), ("cost", 40), ("undo", 0), ("outcome", 0)]
)
def test_the_reports_say_what_the_journal_says(deeds: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder, fresh_floor("sqlite", Path(folder), pytest.fail) as address:  # type: ignore[arg-type]
        clock = HandClock(START)
        stand = Stand(LocalHouse(address, clock), clock)
        try:
            me = stand.rep("Mia", Role.MANAGER)
            leads: list[str] = []
            for deed, n in [("capture", 0), ("capture", 1), *deeds]:
                clock.advance(seconds=1)
                do(stand, me, leads, deed, n)
            check(stand, by_journal.read(stand.setup))
        finally:
            stand.close()
