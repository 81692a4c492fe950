"""The calls to the leads of a question: which number each was, in which hour of the week, and who was reached."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text

from app.domain.hours import pieces
from app.domain.lead import AttemptKind, Outcome
from app.domain.report import Asked
from app.store.facts import Facts
from app.store.facts_spoken import Where

__all__ = ["MOST", "Calls", "answered_within", "calls"]

MOST = 10
"""From this one on, calls to a lead are counted together."""
_AROUND = timedelta(days=731)
"""How far before a question's leads, and how far ahead of now, anything may be dated."""
_MONDAY = 72
"""Hours from a Monday's midnight to the first of 1970, a Thursday."""
_LIVE = ", ".join(f"'{outcome.value}'" for outcome in Outcome if outcome.is_contact)


class Calls(NamedTuple):
    """Calls of one number (`MOST` for that and more) that began in an hour of the week by the clock on the wall."""

    hour: int
    """0 for Monday from midnight to one, 167 for the last of Sunday."""
    number: int
    made: int
    reached: int
    """Of these a live conversation, by the outcome or as a file says; an outcome that was taken back counts not."""
    first: int
    """Leads that no call of a lower number had reached. A log may tell of calls before those that are known, whose
    numbers are lower."""


def calls(facts: Facts, asked: Asked) -> tuple[Calls, ...]:
    """The calls to the leads of a question, whenever they were made."""
    within = facts.within(asked)
    if within is None:
        return ()
    where = Where(facts.is_sqlite, facts.zone, within)
    seconds = (
        "a.started_at / 1000000"
        if facts.is_sqlite
        else "CAST(floor(date_part('epoch', a.started_at)) AS bigint)"
    )
    least = "min" if facts.is_sqlite else "least"
    wall = _wall(facts.zone, within.since - _AROUND, facts.now + _AROUND)
    is_live = f"(a.talked OR a.outcome IN ({_LIVE}))"
    earlier = f"""
        SELECT 1 FROM attempts b WHERE b.lead_id = a.lead_id AND b.kind = '{AttemptKind.CALL.value}'
        AND (b.talked OR b.outcome IN ({_LIVE})) AND (b.number, b.id) < (a.number, a.id)
    """  # noqa: S608 - the program's own words
    query = f"""
        SELECT ({wall} / 3600 + {_MONDAY}) % 168, number, count(*), sum(live), sum(fresh) FROM (
            SELECT {seconds} AS at, {least}(a.number, {MOST}) AS number,
                   CASE WHEN {is_live} THEN 1 ELSE 0 END AS live,
                   CASE WHEN {is_live} AND NOT EXISTS ({earlier}) THEN 1 ELSE 0 END AS fresh
            FROM {where.origin} JOIN attempts a ON a.lead_id = l.id
            WHERE {where.conditions} AND a.kind = '{AttemptKind.CALL.value}'
        ) AS one GROUP BY 1, 2 ORDER BY 1, 2
    """  # noqa: S608 - the program's own words; what was chosen is bound
    rows = facts.r.db.execute(text(query), where.params)
    return tuple(Calls(*map(int, row)) for row in rows)


def _wall(zone: str, since: datetime, until: datetime) -> str:
    """The SQL of the seconds that a clock on the wall shows at an instant, in seconds since 1970 as well."""
    told: list[tuple[int, int]] = []
    for _, end, offset in pieces(zone, since, until):
        seconds = round(offset.total_seconds())
        if told and told[-1][1] == seconds:
            told.pop()
        told.append((round(end.timestamp()), seconds))
    *changes, (_, last) = told
    arms = " ".join(f"WHEN at < {end} THEN {seconds}" for end, seconds in changes)
    return f"(at + CASE {arms} ELSE {last} END)" if arms else f"(at + {last})"


def answered_within(facts: Facts, asked: Asked, limit: timedelta) -> tuple[int, float | None]:
    """(leads, mean seconds to their first call) of those that were called no later than that."""
    within = facts.within(asked)
    if within is None:
        return 0, None
    where = Where(facts.is_sqlite, facts.zone, within)
    unit = timedelta(microseconds=1) if facts.is_sqlite else timedelta(seconds=1)
    took = "l.first_call_at - l.captured_at"
    took = took if facts.is_sqlite else f"date_part('epoch', {took})"
    query = f"SELECT count(*), avg({took}) FROM {where.origin} WHERE {where.conditions}"  # noqa: S608 - as above
    query += f" AND {took} <= {where.bound(limit / unit)}"
    n, mean = facts.r.db.execute(text(query), where.params).one()
    return n, None if mean is None else float(mean) * unit.total_seconds()
