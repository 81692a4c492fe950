"""Groups of leads counted by PostgreSQL: one statement, percentiles and all."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from app.domain.measure import GRID, Spread, spread_of
from app.domain.milestones import DELAYS, NEVER, Also, Counts, Group, Moment, Span
from app.domain.report import Asked
from app.domain.time_groups import TIMES, Steps, steps
from app.store.facts_spoken import IS, ORIGIN, PLAIN, Key, Where, had, lasted, reached

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
    db: Connection, zone: str, asked: Asked, keys: Sequence[Key], spans: Sequence[Span], at: Moment
) -> dict[tuple[str, ...], Group]:
    """As `Facts.groups`, whose span was made no longer than there are leads."""
    where = Where(False, zone, asked, at)
    names: dict[Key, Steps] = {}
    told, joins = [], set()
    for key in keys:
        if key in TIMES:
            names[key] = made = steps(key, zone, asked.since, asked.until)
            number = list(dict.fromkeys(made.names))
            index = {name: n for n, name in enumerate(number)}
            names[key] = Steps(made.since, number)
            bounds = where.bound(list(made.since))
            places = where.bound([index[name] for name in made.names])
            told.append(
                f"(CAST({places} AS int[]))[width_bucket({reached(at)}, CAST({bounds} AS timestamptz[]))]"
            )
        elif key == Also.DELAY:
            told.append(_delay())
        elif key in ORIGIN:
            column, of = ORIGIN[key]
            joins.add(column)
            told.append(f"coalesce({column}_of.{of}, '')")
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
            names[key].names[value] if key in names else str(value)
            for key, value in zip(keys, row, strict=False)
        )
        counts = dict(zip(_COUNTS, map(int, row[len(keys) :]), strict=False))
        spreads = row[len(keys) + len(_COUNTS) :]
        found[name] = Group(
            counts=Counts(**counts),
            spreads=tuple((span, _spread(*spreads[3 * n : 3 * n + 3])) for n, span in enumerate(spans)),
        )
    return found


def _spread(n: int, mean: float | None, quantiles: Sequence[float] | None) -> Spread:
    return spread_of(n, mean, quantiles) if quantiles is not None else Spread()


def _delay() -> str:
    seconds = lasted(False, Span.CALL)
    cases = [f"WHEN {seconds} <= {until} THEN '{name}'" for name, until in DELAYS[:-1]]
    return f"CASE WHEN l.first_call_at IS NULL THEN '{NEVER}' {' '.join(cases)} ELSE '{DELAYS[-1][0]}' END"
