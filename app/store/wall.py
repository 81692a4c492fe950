"""The day of a floor for a wallboard, read once: from then on it is counted by the feed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from app.domain.events import KIND_OF, ClockStarted, LeadEscalated
from app.domain.lead import AttemptKind, ClockState, Outcome, Tier
from app.domain.rulebook import Rulebook
from app.domain.sla import ClockKind
from app.domain.wall import (
    NEWS_KINDS,
    STEP_KINDS,
    Ended,
    FirstCall,
    News,
    Span,
    Spread,
    Talk,
    Ticker,
    WallDay,
    WeekBefore,
    day_of,
    floor_zone,
)
from app.store import tables as t
from app.store.reading import EVENT_COLUMNS, Reading, entry_of, is_open, written

BACK = 5000
"""Events among which the news is looked for."""
OLDEST = timedelta(days=7)
"""Since when a try may have run whose outcome is said today: tries are found by the day on which they began."""
_a, _c, _l = t.attempts.c, t.clocks.c, t.leads.c
_FIRST = ClockKind.FIRST_ATTEMPT.value
_CONTACTS = tuple(outcome.value for outcome in Outcome if outcome.is_contact)
_OPEN_FROM, _OPEN_UNTIL = 8, 17
"""Hours shown of a floor that keeps none."""


def wall_day(r: Reading, at: datetime) -> WallDay:
    """The floor's day in which an instant lies, as far as it has come."""
    rulebook, floor, (head, _) = r.rulebook(), r.floor_row(), r.head()
    zone = floor_zone(rulebook)
    span = day_of(zone, at)
    return WallDay(
        floor=floor.name,
        day=span.day,
        since=span.since,
        until=span.until,
        labels=span.labels,
        zone=rulebook.calendars[0].zone if rulebook.calendars else "",
        seq=head,
        hours=_hours(rulebook, span),
        calls=_calls(r, span),
        firsts=_firsts(r, span),
        ended=_ended(r, span),
        talks=_talks(r, span),
        arrived=_by_hour(span, _captures(r, span)),
        before=_before(r, day_of(zone, at, weeks_before=1)),
        news=_news(r, head),
        steps=_steps(r),
    )


def _hours(rulebook: Rulebook, span: Span) -> tuple[int, int]:
    blocks = rulebook.calendars[0].week[span.day.weekday()] if rulebook.calendars else ()
    if not blocks:
        return _OPEN_FROM, _OPEN_UNTIL
    return blocks[0].start // 3600, min((blocks[-1].until - 1) // 3600, 23)


def _calls(r: Reading, span: Span) -> tuple[tuple[str, int], ...]:
    query = (
        select(_a.rep_id, func.count())
        .where(_a.started_at >= span.since, _a.started_at < span.until)
        .where(_a.kind == AttemptKind.CALL.value, ~_a.is_test)
        .group_by(_a.rep_id)
        .order_by(_a.rep_id)
    )
    return tuple((rep_id, int(count)) for rep_id, count in r.db.execute(query))


def _firsts(r: Reading, span: Span) -> tuple[FirstCall, ...]:
    query = (
        select(_a.lead_id, _a.rep_id, _a.started_at, _l.captured_at)
        .join(t.leads, _l.id == _a.lead_id)
        .where(_a.started_at >= span.since, _a.started_at < span.until, _a.number == 1)
        .where(_a.kind == AttemptKind.CALL.value, ~_a.is_test)
    )
    return tuple(
        FirstCall(
            lead_id=row.lead_id,
            rep_id=row.rep_id,
            at=row.started_at,
            seconds=(row.started_at - row.captured_at).total_seconds(),
        )
        for row in r.db.execute(query)
    )


def _ended(r: Reading, span: Span) -> tuple[Ended, ...]:
    query = (
        select(_c.lead_id, _c.state, _l.tier)
        .join(t.leads, _l.id == _c.lead_id)
        .where(_c.ended_at >= span.since, _c.ended_at < span.until)
        .where(_c.kind == _FIRST, _c.state.in_(("met", "breached")), ~_c.is_test)
    )
    return tuple(
        Ended(lead_id=row.lead_id, tier=Tier(row.tier), met=row.state == "met") for row in r.db.execute(query)
    )


def _talks(r: Reading, span: Span) -> tuple[Talk, ...]:
    query = (
        select(_a.id, _a.lead_id, _a.outcome)
        .where(_a.started_at >= span.since - OLDEST, _a.started_at < span.until)
        .where(_a.outcome_at >= span.since, _a.outcome_at < span.until)
        .where(_a.outcome.in_(_CONTACTS), ~_a.is_test)
    )
    return tuple(
        Talk(attempt_id=row.id, lead_id=row.lead_id, booked=row.outcome == Outcome.BOOKED.value)
        for row in r.db.execute(query)
    )


def _captures(r: Reading, span: Span) -> list[datetime]:
    """When leads came in. A file's are no arrivals, but for those of which it tells when they had come in before."""
    begun = select(t.imports.c.begun_at).where(t.imports.c.id == _l.import_id).scalar_subquery()
    query = (
        select(_l.captured_at)
        .where(_l.captured_at >= span.since, _l.captured_at < span.until)
        .where(or_(_l.import_id == "", _l.captured_at < begun), ~_l.is_test)
    )
    return list(r.db.execute(query).scalars())


def _by_hour(span: Span, instants: Iterable[datetime]) -> tuple[int, ...]:
    counts = Counter(span.hour_of(at) for at in instants)
    return tuple(counts[hour] for hour in range(len(span.labels)))


def _before(r: Reading, span: Span) -> WeekBefore:
    firsts, ended = _firsts(r, span), _ended(r, span)
    whole, hours = Spread(call.seconds for call in firsts), [Spread() for _ in range(24)]
    for call in firsts:
        hour = span.hour_of(call.at)
        if hour is not None:
            hours[span.labels[hour]].add(call.seconds)
    leads = [0] * 24
    for hour, count in enumerate(_by_hour(span, _captures(r, span))):
        leads[span.labels[hour]] += count
    return WeekBefore(
        median=whole.median,
        p90=whole.at(0.9),
        met=sum(one.met for one in ended),
        ended=len(ended),
        leads=tuple(leads),
        medians=tuple(hour.median for hour in hours),
    )


def _news(r: Reading, head: int) -> tuple[News, ...]:
    kinds = written(KIND_OF[kind] for kind in NEWS_KINDS)
    query = (
        select(*EVENT_COLUMNS)
        .where(t.events.c.seq > head - BACK, t.events.c.kind.in_(kinds))
        .order_by(t.events.c.seq)
    )
    entries = tuple(map(entry_of, r.db.execute(query)))
    leads = {lead.id: lead for lead in r.leads({entry.lead_id for entry in entries})}
    ticker = Ticker()
    for entry in entries:
        lead = leads.get(entry.lead_id)
        if lead is not None and not lead.is_test:
            ticker.take(entry, lead)
    return tuple(ticker.news)


def _steps(r: Reading) -> tuple[tuple[str, str], ...]:
    late = select(_l.id).where(is_open, _l.clock == ClockState.BREACHED.value)
    kinds = written(KIND_OF[kind] for kind in STEP_KINDS)
    query = (
        select(*EVENT_COLUMNS)
        .where(t.events.c.lead_id.in_(late), t.events.c.kind.in_(kinds))
        .order_by(t.events.c.seq)
    )
    taken: dict[str, str] = {}
    for entry in map(entry_of, r.db.execute(query)):
        event = entry.event
        if isinstance(event, LeadEscalated) and event.clock == _FIRST:
            taken[entry.lead_id] = event.what
        elif isinstance(event, ClockStarted) and event.clock == _FIRST:
            taken.pop(entry.lead_id, None)
    return tuple(taken.items())
