"""Groups of leads counted in this program: SQLite is read once in the order of its index.

SQLite would sort every row for a GROUP BY, and a row that Python is handed costs more than all of its arithmetic. So
it writes each column of a piece of the cohort as one JSON array, which is read at once; numpy counts. The pieces
are small, so that no other thread of the program waits long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.codec import decode
from app.domain.measure import GRID, Spread, spread_of
from app.domain.milestones import DELAYS, NEVER, Also, Counts, Group, Moment, Span
from app.domain.report import Asked
from app.domain.time_groups import TIMES, steps
from app.store.facts_spoken import IS, ORIGIN, PLAIN, Key, Where, reached
from app.store.instants import micros
from app.store.spellings import as_most_write

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PIECES = 64
_BITS = ("called", "contact", "qualified", "booked", "won", "lost", "unfit", "open", "escalated", "clocked")
_FLAGS = " + ".join(f"(({IS[step]}) << {n})" for n, step in enumerate(_BITS))
_FLAGS += f" + (l.clocks_met << {len(_BITS)}) + (l.clocks_breached << {len(_BITS) + 16})"
_NAMED = {"contact": "contacted"}


def counted(
    db: Connection, zone: str, asked: Asked, keys: Sequence[Key], spans: Sequence[Span], at: Moment
) -> dict[tuple[str, ...], Group]:
    """As `Facts.groups`, whose span was made no longer than there are leads."""
    import numpy as np

    where = Where(True, zone, asked, at)
    columns = {"flags": _FLAGS, "amount": f"CASE WHEN {IS['won']} THEN coalesce(l.amount, 0) END"}
    for key in keys:
        if key in TIMES:
            columns["at"] = reached(at)
        elif key == Also.DELAY:
            columns[Span.CALL] = where.lasted(Span.CALL)
        elif key in ORIGIN:
            columns[ORIGIN[key][0]] = f"l.{ORIGIN[key][0]}"
        else:
            columns[key] = f"l.{PLAIN[key]}"
    columns |= {span: where.lasted(span) for span in spans}
    read = _read(db, where, columns, asked, at)
    n = len(read["flags"])
    group = np.zeros(n, dtype=np.int64)
    names: list[list[str]] = []
    origins: dict[int, Any] = {}
    if any(key in ORIGIN for key in keys):
        origins = {
            row.id: row for row in db.execute(text("SELECT id, channel, medium, campaign, ad FROM origins"))
        }
    for key in keys:
        codes, of_key = _codes(key, read, origins, zone, asked)
        names.append(of_key)
        group = group * max(len(of_key), 1) + codes
    used, group = np.unique(group, return_inverse=True)
    counts = _counts(read, group, len(used))
    spreads = {span: _spreads(_floats(read[span]) / 1e6, group, len(used)) for span in spans}
    found = {}
    for n_group, number in enumerate(used.tolist()):
        name: list[str] = []
        for of_key in reversed(names):
            number, place = divmod(number, len(of_key))
            name.append(of_key[place])
        found[tuple(reversed(name))] = Group(
            counts=counts[n_group], spreads=tuple((span, spreads[span][n_group]) for span in spans)
        )
    return found


def _read(
    db: Connection, where: Where, columns: dict[str, str], asked: Asked, at: Moment
) -> dict[str, list[Any]]:
    """Each column of the cohort; one that is not asked for twice is read once."""
    found: dict[str, list[Any]] = {name: [] for name in columns}
    told = ", ".join(f"json_group_array({sql})" for sql in columns.values())
    column = reached(at)
    query = text(
        f"SELECT {told} FROM {where.origin} WHERE {where.conditions} "  # noqa: S608 - words of this program
        f"AND {column} >= :piece_a AND {column} < :piece_b"
    )
    for a, b in pairwise(_ends(db, asked, at)):
        row = db.execute(query, where.params | {"piece_a": a, "piece_b": b}).one()
        for values, told_values in zip(found.values(), row, strict=True):
            values += decode(told_values, list[Any])
    return found


def _ends(db: Connection, asked: Asked, at: Moment) -> list[int]:
    """Where pieces of the span begin and end. Leads taken by another instant than their capture lie in no order."""
    a, b = micros(asked.since), micros(asked.until)
    if at != Moment.CAPTURE:
        return [a, b]
    step = max((b - a) // _PIECES, 86_400_000_000)
    return [*range(a, b, step), b]


def _floats(values: list[Any]) -> NDArray[np.float64]:
    import numpy as np

    return np.array(values, dtype=np.float64)


def _codes(
    key: Key, read: dict[str, list[Any]], origins: dict[int, Any], zone: str, asked: Asked
) -> tuple[NDArray[np.int64], list[str]]:
    """For each lead the number of its group by a key, and the names of these."""
    import numpy as np

    if key in TIMES:
        made = steps(key, zone, asked.since, asked.until)
        index = {name: n for n, name in enumerate(dict.fromkeys(made.names))}
        places = np.array([index[name] for name in made.names], dtype=np.int64)
        bounds = np.array([micros(at) for at in made.since], dtype=np.int64)
        at = np.array(read["at"], dtype=np.int64)
        return places[np.searchsorted(bounds, at, side="right") - 1], list(index)
    if key == Also.DELAY:
        took = _floats(read[Span.CALL]) / 1e6
        limits = np.array([until for _, until in DELAYS[:-1]])
        codes = np.searchsorted(limits, took, side="left")
        return np.where(np.isnan(took), len(DELAYS), codes), [*(name for name, _ in DELAYS), NEVER]
    if key in ORIGIN:
        column, of = ORIGIN[key]
        ids, codes, sizes = np.unique(
            np.array(read[column], dtype=np.int64), return_inverse=True, return_counts=True
        )
        written = [getattr(origins.get(number), of, "") for number in ids.tolist()]
        leads = Counter[str]()
        for word, size in zip(written, sizes.tolist(), strict=True):
            leads[word] += size
        names = as_most_write(leads)
        called = [names[word] for word in written]
        index = {name: n for n, name in enumerate(dict.fromkeys(called))}
        return np.array([index[name] for name in called], dtype=np.int64)[codes], list(index)
    numbers: dict[str, int] = {}
    codes = np.array([numbers.setdefault(name, len(numbers)) for name in read[key]], dtype=np.int64)
    return codes, list(numbers)


def _counts(read: dict[str, list[Any]], group: NDArray[np.int64], groups: int) -> list[Counts]:
    import numpy as np

    flags = np.array(read["flags"], dtype=np.int64)
    sums = {"leads": np.bincount(group, minlength=groups)}
    for n, step in enumerate(_BITS):
        sums[_NAMED.get(step, step)] = np.bincount(group, weights=(flags >> n) & 1, minlength=groups)
    for n, step in ((len(_BITS), "met"), (len(_BITS) + 16, "breached")):
        sums[step] = np.bincount(group, weights=(flags >> n) & 0xFFFF, minlength=groups)
    sums["revenue"] = np.bincount(group, weights=np.nan_to_num(_floats(read["amount"])), minlength=groups)
    columns = {name: values.tolist() for name, values in sums.items()}
    return [Counts(**{name: round(values[n]) for name, values in columns.items()}) for n in range(groups)]


def _spreads(values: NDArray[np.float64], group: NDArray[np.int64], groups: int) -> list[Spread]:
    """The spread of the values of each group; a lead without one does not count."""
    import numpy as np

    there = ~np.isnan(values)
    values, group = values[there], group[there]
    values = values[np.lexsort((values, group))]
    sizes = np.bincount(group, minlength=groups)
    ends = np.cumsum(sizes)
    found = []
    for n, end in zip(sizes.tolist(), ends.tolist(), strict=True):
        mine = values[end - n : end]
        found.append(spread_of(n, float(mine.mean()), np.quantile(mine, GRID).tolist()) if n else Spread())
    return found
