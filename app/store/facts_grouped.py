"""Groups of leads counted by PostgreSQL: one statement, percentiles and all."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Connection, text

from app.domain.measure import GRID, Spread, spread_of
from app.domain.milestones import DELAYS, NEVER, Also, Counts, Group, Moment, Span
from app.domain.report import Asked
from app.domain.time_groups import TIMES, Numbered, numbered
from app.store.facts_spoken import IS, ORIGIN, PLAIN, Key, Where, had, lasted, reached
from app.store.spellings import Spellings, as_most_write

_COUNTS = {
    "leads": "count(*)",
    "called": "count(l.first_call_at)",
    "contacted": "count(l.contact_at)",
    "qualified": "count(l.qualified_at)",
    "booked": "count(l.booked_at)",
    "won": f"count(*) FILTER (WHERE {IS['won']})",
    "lost": f"count(*) FILTER (WHERE {IS['lost']})",
    "unfit": f"count(*) FILTER (WHERE {IS['unfit']})",
    "open": f"count(*) FILTER (WHERE {IS['open']})",
    "revenue": f"coalesce(sum(l.amount) FILTER (WHERE {IS['won']}), 0)",
    "met": "coalesce(sum(l.clocks_met), 0)",
    "breached": "coalesce(sum(l.clocks_breached), 0)",
    "escalated": "count(l.escalated_at)",
    "clocked": f"count(*) FILTER (WHERE {IS['clocked']})",
}
_QUANTILES = ", ".join(map(str, GRID))


def grouped(
    db: Connection,
    zone: str,
    asked: Asked,
    keys: Sequence[Key],
    spans: Sequence[Span],
    at: Moment,
    spellings: Spellings,
) -> dict[tuple[str, ...], Group]:
    """As `Facts.groups`, whose span was made no longer than there are leads."""
    where = Where(False, zone, asked, at)
    others = {key: _others(db, where, key, spellings.twins(key)) for key in keys if key in ORIGIN}
    names: dict[Key, Sequence[str]] = {}
    told, joins = [], set()
    for key in keys:
        if key in TIMES:
            made = numbered(key, zone, asked.since, asked.until)
            names[key] = made.names
            bounds, places = map(where.bound, _arrays(made))
            told.append(
                f"(CAST({places} AS int[]))[width_bucket({reached(at)}, CAST({bounds} AS timestamptz[]))]"
            )
        elif key == Also.DELAY:
            told.append(_delay())
        elif key in ORIGIN:
            column, of = ORIGIN[key]
            joins.add(column)
            told.append(f"coalesce({_called(where, f'{column}_of.{of}', others[key])}, '')")
        else:
            told.append(f"l.{PLAIN[key]}")
    quantiles = [
        f"count({had(span)}), avg({x}), "
        f"percentile_cont(CAST(ARRAY[{_QUANTILES}] AS float8[])) WITHIN GROUP (ORDER BY {x})"
        for span in spans
        for x in [lasted(False, span)]
    ]
    joined = "".join(
        f" LEFT JOIN origins {column}_of ON {column}_of.id = l.{column}" for column in sorted(joins)
    )
    said = ", ".join([*told, *_COUNTS.values(), *quantiles])
    query = f"SELECT {said} FROM {where.origin}{joined} WHERE {where.conditions}"  # noqa: S608 - words of this program
    if told:
        query += f" GROUP BY {', '.join(str(n + 1) for n in range(len(told)))}"
    found = {}
    for row in db.execute(text(query), where.params):
        name = tuple(
            names[key][value] if key in names else str(value) for key, value in zip(keys, row, strict=False)
        )
        counts = dict(zip(_COUNTS, map(int, row[len(keys) :]), strict=False))
        spreads = row[len(keys) + len(_COUNTS) :]
        found[name] = Group(
            counts=Counts(**counts),
            spreads=tuple((span, _spread(*spreads[3 * n : 3 * n + 3])) for n, span in enumerate(spans)),
        )
    return found


@lru_cache(maxsize=24)
def _arrays(made: Numbered) -> tuple[str, str]:
    """The instants and the places as PostgreSQL writes arrays: made once, for there are 27,000 hours in three years."""
    return f"{{{','.join(at.isoformat() for at in made.since)}}}", f"{{{','.join(map(str, made.places))}}}"


def _others(db: Connection, where: Where, key: Key, twins: Sequence[str]) -> dict[str, str]:
    """What each word is called that is not called as it is written, by how many of the leads have each spelling."""
    if not twins:
        return {}
    column, of = ORIGIN[key]
    query = (
        f"SELECT o.{of}, count(*) FROM {where.origin} JOIN origins o ON o.id = l.{column} "  # noqa: S608 - as above
        f"WHERE {where.conditions} AND o.{of} = ANY(:twins) GROUP BY 1"
    )
    found = db.execute(text(query), where.params | {"twins": list(twins)})
    leads = dict.fromkeys(twins, 0) | {row[0]: row[1] for row in found}
    return {word: name for word, name in as_most_write(leads).items() if word != name}


def _called(where: Where, written: str, others: dict[str, str]) -> str:
    """The SQL of what a word is called."""
    if not others:
        return written
    words, names = where.bound(list(others)), where.bound(list(others.values()))
    place = f"array_position(CAST({words} AS text[]), {written})"
    return f"coalesce((CAST({names} AS text[]))[{place}], {written})"


def _spread(n: int, mean: float | None, quantiles: Sequence[float] | None) -> Spread:
    return spread_of(n, mean, quantiles) if quantiles is not None else Spread()


def _delay() -> str:
    seconds = lasted(False, Span.CALL)
    cases = [f"WHEN {seconds} <= {until} THEN '{name}'" for name, until in DELAYS[:-1]]
    return f"CASE WHEN l.first_call_at IS NULL THEN '{NEVER}' {' '.join(cases)} ELSE '{DELAYS[-1][0]}' END"
