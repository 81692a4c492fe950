"""The calls to the leads of a question: which number each was, when it was made, whether somebody was reached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text

from app.domain.lead import AttemptKind, Outcome
from app.domain.report import Asked
from app.store.facts import Facts
from app.store.facts_spoken import Where

__all__ = ["MOST", "Calls", "answered_within", "calls"]

MOST = 10
"""From this one on, calls to a lead are counted together."""
_PIECE = timedelta(minutes=15)
"""No zone is off by less."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LIVE = ", ".join(f"'{outcome.value}'" for outcome in Outcome if outcome.is_contact)


class Calls(NamedTuple):
    """Calls of one number (`MOST` for that and more) that began within a quarter of an hour of `at` (aware UTC)."""

    at: datetime
    number: int
    made: int
    reached: int
    """Of these a live conversation; an outcome that was taken back does not count."""
    first: int
    """Leads that were reached so for the first time."""


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
    piece = _PIECE // timedelta(seconds=1)
    least = "min" if facts.is_sqlite else "least"
    is_live = f"CASE WHEN a.outcome IN ({_LIVE}) THEN 1 ELSE 0 END"
    before = "OVER (PARTITION BY a.lead_id ORDER BY a.started_at, a.id ROWS UNBOUNDED PRECEDING)"
    query = f"""
        SELECT piece, number, count(*), sum(live), sum(CASE WHEN live = 1 AND so_far = 1 THEN 1 ELSE 0 END) FROM (
            SELECT {seconds} / {piece} AS piece, {least}(a.number, {MOST}) AS number, {is_live} AS live,
                   sum({is_live}) {before} AS so_far
            FROM {where.origin} JOIN attempts a ON a.lead_id = l.id
            WHERE {where.conditions} AND a.kind = '{AttemptKind.CALL.value}'
        ) AS one GROUP BY piece, number ORDER BY piece, number
    """  # noqa: S608 - the program's own words; what was chosen is bound
    rows = facts.r.db.execute(text(query), where.params)
    return tuple(Calls(_EPOCH + row[0] * _PIECE, *map(int, row[1:])) for row in rows)


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
