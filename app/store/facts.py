"""What a report asks the leads: how many of a cohort took which step, and how long it took, in any grouping.

One look answers for all groups, and reads the index `leads_facts` alone but for groupings by country and by person.
PostgreSQL counts by itself (`facts_grouped.py`); for SQLite this program does (`facts_counted.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from app.domain.hours import zone_of
from app.domain.milestones import Group, Moment, Span
from app.domain.report import Asked, Behind, By, Segment
from app.domain.sla import ClockKind
from app.domain.time_groups import steps
from app.store.facts_counted import Cohort
from app.store.facts_grouped import grouped
from app.store.facts_sampled import captures, ids_at
from app.store.facts_spoken import Key, Where, cohort, expand
from app.store.instants import micros, read
from app.store.reading import Reading

__all__ = ["Facts", "Key"]

_LONG = text("SELECT set_config('statement_timeout', '10min', true), set_config('work_mem', '64MB', true)")
"""A statement of a report may take longer than one of a desk's daily work, and sorts a million spans in memory."""
_FIRST = ClockKind.FIRST_ATTEMPT.value
_COHORTS = 2
_WORDS = 500
"""Mediums, or campaigns, that are listed."""
_AHEAD = timedelta(days=731)
"""How far ahead of now anything may be dated."""


class Facts:
    """The leads of a floor, for reports, in one consistent look."""

    def __init__(self, r: Reading, now: datetime) -> None:
        self.r = r
        self.now = now
        self.rulebook = r.rulebook()
        self.zone = zone_of(self.rulebook.calendars)
        """By which days and hours are."""
        self.head = r.head()[0]
        self.reps = r.reps()
        self.names = {rep.id: rep.name for rep in self.reps}
        """Names by id of everybody who is or was on the floor."""
        self.is_sqlite = r.db.dialect.name == "sqlite"
        if not self.is_sqlite:
            r.db.execute(_LONG)
        self._cohorts: dict[tuple[datetime, datetime, Segment, Moment], Cohort] = {}
        one = f"SELECT l.captured_at FROM leads l WHERE {cohort(self.is_sqlite)} ORDER BY l.captured_at"  # noqa: S608 - as above
        first, last = r.db.execute(text(f"SELECT ({one} LIMIT 1), ({one} DESC LIMIT 1)")).one()
        self.first_capture = self.instant(first)
        """Of the first lead of the cohort; None on an empty floor."""
        self.last_capture = self.instant(last)

    def instant(self, at: Any) -> datetime | None:
        """An instant as it was read by words of SQL."""
        return read(at) if self.is_sqlite else at

    def stored(self, at: datetime) -> Any:
        """An instant as words of SQL are told it."""
        return micros(at) if self.is_sqlite else at

    def groups(
        self, asked: Asked, *by: Key, spans: Sequence[Span] = (), at: Moment = Moment.CAPTURE
    ) -> dict[tuple[str, ...], Group]:
        """The cohort of a question by these keys, in their order; groups without leads are left out.

        `By.SOURCE` is three keys: medium, campaign, ad. A day, week or month is named by its first day, a person by
        their id. With another moment than the capture those leads are taken whose milestone lies within the
        question's span, and time keys say when that was. Without keys there is one group, named ().
        """
        keys, within = expand(by), self.within(asked, at)
        empty: dict[tuple[str, ...], Group] = {} if keys else {(): Group()}
        if within is None:
            return empty
        if self.is_sqlite:
            found = self._cohort(within, at).groups(keys, spans)
        else:
            found = grouped(self.r.db, self.zone, within, keys, spans, at)
        return dict(sorted(found.items())) or empty

    def expect(self, asked: Asked, *by: Key, spans: Sequence[Span] = ()) -> None:
        """Several questions by these keys are coming: what they need of the leads is read at one go. PostgreSQL, which
        counts by itself, needs nothing."""
        within = self.within(asked)
        if self.is_sqlite and within is not None:
            self._cohort(within).expect(expand(by), spans)

    def _cohort(self, within: Asked, at: Moment = Moment.CAPTURE) -> Cohort:
        """SQLite's leads of a question. The two that were asked of last are kept: a span, and what it is compared
        with."""
        key = within.since, within.until, within.segment, at
        cohort = self._cohorts.pop(key, None) or Cohort(self.r.db, self.zone, within, at)
        self._cohorts[key] = cohort
        if len(self._cohorts) > _COHORTS:
            del self._cohorts[next(iter(self._cohorts))]
        return cohort

    def whole(self, asked: Asked, *, spans: Sequence[Span] = (), at: Moment = Moment.CAPTURE) -> Group:
        """The whole cohort of a question."""
        return self.groups(asked, spans=spans, at=at)[()]

    def times(self, asked: Asked, by: By) -> tuple[str, ...]:
        """Every day, week or month of a question in which there could be a lead, by its first day, in order."""
        within = self.within(asked)
        return () if within is None else tuple(steps(by, self.zone, within.since, within.until).names)

    def before(self, asked: Asked) -> Asked | None:
        """The question of the span that this one is compared with; None where it is compared with nothing."""
        if asked.was_since is None or asked.was_until is None:
            return None
        return replace(asked, since=asked.was_since, until=asked.was_until, was_since=None, was_until=None)

    def within(self, asked: Asked, at: Moment = Moment.CAPTURE) -> Asked | None:
        """The question with its span made no longer than there are leads; None where none can be in it."""
        if self.first_capture is None or self.last_capture is None:
            return None
        last = self.last_capture if at == Moment.CAPTURE else max(self.now, self.last_capture) + _AHEAD
        since, until = (
            max(asked.since, self.first_capture),
            min(asked.until, last + timedelta(microseconds=1)),
        )
        return replace(asked, since=since, until=until) if since < until else None

    def words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(mediums, campaigns) that there are, the most frequent first."""
        if self.first_capture is None:
            return (), ()
        everything = Asked(since=self.first_capture, until=self.now + _AHEAD)
        mediums, campaigns = Counter[str](), Counter[str]()
        for (medium, campaign), group in self.groups(everything, By.MEDIUM, By.CAMPAIGN).items():
            mediums[medium] += group.counts.leads
            campaigns[campaign] += group.counts.leads
        return _named(mediums), _named(campaigns)

    def clocks(self, asked: Asked) -> dict[str, tuple[int, int]]:
        """(met, breached) of the clocks of a cohort by their kind, without the first attempts': those are counted with
        the leads."""
        within = self.within(asked)
        if within is None:
            return {}
        where = Where(self.is_sqlite, self.zone, within)
        query = text(
            "SELECT c.kind, count(CASE WHEN c.state = 'met' THEN 1 END), "  # noqa: S608 - words of this program
            f"count(CASE WHEN c.state = 'breached' THEN 1 END) FROM {where.origin} JOIN clocks c ON c.lead_id = l.id "
            f"WHERE {where.conditions} AND l.clocks > l.clocks_met + l.clocks_breached AND c.kind <> '{_FIRST}' "
            "GROUP BY c.kind"
        )
        return {row[0]: (row[1], row[2]) for row in self.r.db.execute(query, where.params)}

    def ids(self, asked: Asked) -> tuple[str, ...]:
        """The ids of the leads of a question, latest capture first."""
        within = self.within(asked)
        if within is None:
            return ()
        where = Where(self.is_sqlite, self.zone, within)
        query = f"SELECT l.id FROM {where.origin} WHERE {where.conditions}"  # noqa: S608 - words of this program
        query += " ORDER BY l.captured_at DESC, l.id"
        return tuple(self.r.db.execute(text(query), where.params).scalars())

    def sample(self, asked: Asked, step: str, most: int) -> tuple[tuple[str, ...], int]:
        """(ids, how many there are) of the leads of a question that took a step (one of `STEPS`), latest capture
        first; at most so many of them, evenly spread, the same ones whenever it is asked."""
        within = self.within(asked)
        if within is None:
            return (), 0
        narrow = within.narrowed(step, "yes")
        if self.is_sqlite:
            places, total = self._cohort(within).captures(step, most)
        else:
            places, total = captures(self.r.db, self.zone, narrow, most)
        return ids_at(self.r.db, self.zone, narrow, places), total

    def behind(self, asked: Asked, segment: Segment, limit: int) -> Behind:
        """The leads of a question that are in a segment too, latest capture first, at most so many."""
        ids = self.ids(replace(asked, segment=Segment(where=(*asked.segment.where, *segment.where))))
        place = {lead_id: n for n, lead_id in enumerate(ids[:limit])}
        leads = sorted(self.r.leads(place), key=lambda lead: place[lead.id])
        return Behind(leads=tuple(leads), total=len(ids))


def _named(counts: Counter[str]) -> tuple[str, ...]:
    """The most frequent first."""
    return tuple(name for name, _ in counts.most_common(_WORDS + 1) if name)[:_WORDS]
