"""The figures of a day: how soon calls were made, which clocks were met, what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from app.domain.lead import AttemptKind, Outcome
from app.domain.measure import percentile
from app.domain.questions import Figures
from app.domain.sla import ClockKind
from app.store import tables as t
from app.store.reading import Reading


def day_figures(r: Reading, rep_id: str, since: datetime) -> Figures:
    """What a rep (or, with "", the floor) did since an instant; test leads do not count."""
    is_call = t.attempts.c.kind == AttemptKind.CALL.value
    calls = select(
        func.count(case((is_call, 1))),
        func.count(case((t.attempts.c.outcome == Outcome.BOOKED.value, 1))),
        func.count(case((t.attempts.c.outcome == Outcome.WON.value, 1))),
    ).where(t.attempts.c.started_at >= since, ~t.attempts.c.is_test)
    first = (
        select(t.attempts.c.started_at, t.leads.c.captured_at)
        .join(t.leads, t.leads.c.id == t.attempts.c.lead_id)
        .where(t.attempts.c.started_at >= since, t.attempts.c.number == 1, is_call, ~t.attempts.c.is_test)
    )
    if rep_id:
        calls = calls.where(t.attempts.c.rep_id == rep_id)
        first = first.where(t.attempts.c.rep_id == rep_id)
    made, booked, won = r.db.execute(calls).one()
    waits = sorted((row.started_at - row.captured_at).total_seconds() for row in r.db.execute(first))
    week = timedelta(days=7)
    met, missed = _clocks_ended(r, rep_id, since, since + timedelta(days=2))
    before = _clocks_ended(r, rep_id, since - week, since - week + timedelta(days=1))
    return Figures(
        ttfc_median=percentile(waits, 0.5),
        sla_met=met,
        sla_missed=missed,
        sla_met_before=before[0],
        sla_missed_before=before[1],
        calls=made,
        booked=booked,
        won=won,
    )


def calls_between(
    r: Reading, rep_id: str, but: str, since: datetime, until: datetime
) -> tuple[tuple[datetime, datetime], ...]:
    """The calls of a rep that touch a span of time, but for those of one lead; a running one ends with the span."""
    query = select(t.attempts.c.started_at, t.attempts.c.ended_at).where(
        t.attempts.c.rep_id == rep_id,
        t.attempts.c.lead_id != but,
        t.attempts.c.kind == AttemptKind.CALL.value,
        t.attempts.c.started_at < until,
        t.attempts.c.started_at > since - timedelta(hours=12),
    )
    calls = ((row.started_at, row.ended_at or until) for row in r.db.execute(query))
    return tuple((start, end) for start, end in calls if end > since)


def _clocks_ended(r: Reading, rep_id: str, since: datetime, until: datetime) -> tuple[int, int]:
    query = select(
        func.count(case((t.clocks.c.state == "met", 1))),
        func.count(case((t.clocks.c.state == "breached", 1))),
    ).where(
        t.clocks.c.ended_at >= since,
        t.clocks.c.ended_at < until,
        t.clocks.c.kind == ClockKind.FIRST_ATTEMPT.value,
        ~t.clocks.c.is_test,
    )
    if rep_id:
        query = query.where(t.clocks.c.rep_id == rep_id)
    met, missed = r.db.execute(query).one()
    return int(met), int(missed)
