"""How old leads were when they ended, and how old the open ones are: what curves are made of."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text

from app.domain.curves import Aged
from app.domain.report import Asked
from app.store.facts import Facts
from app.store.facts_spoken import IS, Where

_DAY = timedelta(days=1)


def ages(facts: Facts, asked: Asked) -> tuple[Aged, ...]:
    """The leads of a question by whole days from capture to their end, the open ones to now. One that ended before it
    was captured, as a file may say, ended at once; one that ended nobody knows when is left out."""
    within = facts.within(asked)
    if within is None:
        return ()
    where = Where(facts.is_sqlite, facts.zone, within)
    now = where.bound(where.instant(facts.now))
    end = f"CASE WHEN {IS['open']} THEN {now} ELSE l.closed_at END"
    if facts.is_sqlite:
        days = f"max(({end}) - l.captured_at, 0) / {_DAY // timedelta(microseconds=1)}"
    else:
        seconds = f"date_part('epoch', CAST(({end}) AS timestamptz) - l.captured_at)"
        days = f"CAST(floor(greatest({seconds}, 0) / {_DAY // timedelta(seconds=1)}) AS integer)"
    counts = ", ".join(
        f"count(CASE WHEN {condition} THEN 1 END)"
        for condition in (IS["won"], f"NOT ({IS['won']}) AND NOT ({IS['open']})", IS["open"])
    )
    query = f"""
        SELECT {days} AS days, {counts} FROM {where.origin}
        WHERE {where.conditions} AND ({IS["open"]} OR l.closed_at IS NOT NULL)
        GROUP BY 1 ORDER BY 1
    """  # noqa: S608 - the program's own words; what was chosen is bound
    rows = facts.r.db.execute(text(query), where.params)
    return tuple(Aged(days=row[0], won=row[1], closed=row[2], open=row[3]) for row in rows)


def sound(facts: Facts, asked: Asked) -> int:
    """How many leads of a question came with nothing wrong with their address and number."""
    within = facts.within(asked)
    if within is None:
        return 0
    where = Where(facts.is_sqlite, facts.zone, within.narrowed("valid", "yes"))
    query = f"SELECT count(*) FROM {where.origin} WHERE {where.conditions}"  # noqa: S608 - what was chosen is bound
    return int(facts.r.db.execute(text(query), where.params).scalar_one())
