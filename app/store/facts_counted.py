"""Groups of leads counted in this program: SQLite is read once in the order of its index.

SQLite would sort every row for a GROUP BY, and a row that Python is handed costs more than all of its arithmetic. So
it writes each column of a piece of the cohort as one JSON array, which is read at once; numpy counts. A column is
read once for all that a report asks of it. The pieces are small, so that no other thread of the program waits long.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, text

from app.codec import decode
from app.domain.measure import GRID, Spread, spread_of
from app.domain.milestones import DELAYS, NEVER, Also, Counts, Group, Moment, Span
from app.domain.report import Asked
from app.domain.time_groups import TIMES, numbered
from app.store.facts_sampled import Places, ranks
from app.store.facts_spoken import IS, ORIGIN, PLAIN, Key, Where, lasted, reached
from app.store.instants import micros
from app.store.spellings import as_most_write

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Broken = NDArray[np.float64]

_PIECES = 64
_BITS = ("called", "contact", "qualified", "booked", "won", "lost", "unfit", "open", "escalated", "clocked")
_CLOCKS = {"met": len(_BITS), "breached": len(_BITS) + 16}
_MOST = 0xFFFF
_FLAGS = " + ".join(f"(({IS[step]}) << {n})" for n, step in enumerate(_BITS))
_FLAGS += "".join(f" + (l.clocks_{state} << {n})" for state, n in _CLOCKS.items())
_AMOUNT = f"CASE WHEN {IS['won']} THEN coalesce(l.amount, 0) END"
_NAMED = {"contact": "contacted"}
_SPANS = frozenset(span.value for span in Span)
_WIDE = 1 << 22
"""So many groups there may be for each to have a place in a table, whether it has leads or not."""


class Cohort:
    """The leads of a question, whose span was made no longer than there are leads, in one consistent look."""

    def __init__(self, db: Connection, zone: str, asked: Asked, at: Moment) -> None:
        self._db = db
        self._zone = zone
        self._asked = asked
        self._at = at
        self._numbers: dict[str, Any] = {}
        """By column: int64, or float64 with NaN where a lead has no value."""
        self._words: dict[str, tuple[Whole, list[str]]] = {}
        """By column of words: the number of each lead's word, and the words."""
        self._origin: dict[str, tuple[Whole, dict[int, int]]] = {}
        """By column of an origin: the number of each lead's, and by its id how many leads have it."""
        self._order: dict[Span, tuple[Whole, Broken]] = {}

    def groups(self, keys: Sequence[Key], spans: Sequence[Span]) -> dict[tuple[str, ...], Group]:
        """As `Facts.groups`."""
        import numpy as np

        self.expect(keys, spans)
        group = np.zeros(len(self._numbers["flags"]), dtype=np.int64)
        size, names = 1, []
        for key in keys:
            codes, of_key = self._codes(key)
            names.append(of_key)
            size *= len(of_key)
            group = group * len(of_key) + codes
        used, group = _used(group, size)
        counts = self._counts(group, len(used))
        spreads = {span: self._spreads(span, group, len(used)) for span in spans}
        found = {}
        for n, number in enumerate(used.tolist()):
            name: list[str] = []
            for of_key in reversed(names):
                number, place = divmod(number, len(of_key))
                name.append(of_key[place])
            told = tuple((span, spreads[span][n]) for span in spans)
            found[tuple(reversed(name))] = Group(counts=counts[n], spreads=told)
        return found

    def expect(self, keys: Sequence[Key], spans: Sequence[Span]) -> None:
        """Read what groups by these keys, together or alone, need of the leads."""
        self._read({"flags", "amount", *spans, *map(self._column, keys)})

    def captures(self, step: str, most: int) -> tuple[Places, int]:
        """As `facts_sampled.captures`, of those leads that took a step."""
        import numpy as np

        self._read({"flags", "at"})
        flags = self._numbers["flags"]
        place = _CLOCKS.get(step)
        took = (flags >> _BITS.index(step)) & 1 if place is None else (flags >> place) & _MOST
        at = np.sort(self._numbers["at"][took > 0], kind="stable")[::-1]
        total = len(at)
        places = np.array(ranks(total, most), dtype=np.int64)
        chosen = at[places]
        before = places - (total - np.searchsorted(at[::-1], chosen, side="right"))
        return list(zip(chosen.tolist(), before.tolist(), strict=True)), total

    # -- reading

    def _column(self, key: Key) -> str:
        if key in TIMES:
            return "at"
        if key == Also.DELAY:
            return Span.CALL
        return ORIGIN[key][0] if key in ORIGIN else PLAIN[key]

    def _sql(self, column: str) -> str:
        if column in _SPANS:
            return lasted(True, Span(column))
        return {"flags": _FLAGS, "amount": _AMOUNT, "at": reached(self._at)}.get(column) or f"l.{column}"

    def _read(self, columns: Iterable[str]) -> None:
        """Read those of these columns that were not read yet."""
        import numpy as np

        wanted = sorted(set(columns) - self._numbers.keys() - self._words.keys())
        if not wanted:
            return
        told = ", ".join(f"json_group_array({self._sql(column)})" for column in wanted)
        pieces: list[list[Any]] = [[] for _ in wanted]
        numbers: dict[str, dict[str, int]] = {name: {} for name in wanted}
        for since, until in self._pieces():
            where = Where(True, self._zone, replace(self._asked, since=since, until=until), self._at)
            query = f"SELECT {told} FROM {where.origin} WHERE {where.conditions}"  # noqa: S608 - words of this program
            row = self._db.execute(text(query), where.params).one()
            for name, some, told_values in zip(wanted, pieces, row, strict=True):
                values = decode(told_values, list[Any])
                if name in PLAIN.values():
                    known = numbers[name]
                    for word in dict.fromkeys(values):
                        known.setdefault(word, len(known))
                    values = list(map(known.__getitem__, values))
                is_broken = name in _SPANS or name == "amount"
                some.append(np.array(values, dtype=np.float64 if is_broken else np.int64))
        for name, some in zip(wanted, pieces, strict=True):
            if name in PLAIN.values():
                self._words[name] = np.concatenate(some), list(numbers[name])
            else:
                self._numbers[name] = np.concatenate(some)

    def _pieces(self) -> list[tuple[datetime, datetime]]:
        """The span in pieces, each a range of the index: of two conditions on one column SQLite would look only one up.
        Leads taken by another instant than their capture lie in no order, and are read as one piece."""
        since, until = self._asked.since, self._asked.until
        if self._at != Moment.CAPTURE:
            return [(since, until)]
        step = max((until - since) / _PIECES, timedelta(days=1))
        ends = [since + n * step for n in range(-((since - until) // step))]
        return list(pairwise([*ends, until]))

    @cached_property
    def _origins(self) -> dict[int, Any]:
        rows = self._db.execute(text("SELECT id, channel, medium, campaign, ad FROM origins"))
        return {row.id: row for row in rows}

    # -- counting

    def _codes(self, key: Key) -> tuple[Whole, list[str]]:
        """For each lead the number of its group by a key, and the names of these."""
        import numpy as np

        if key in TIMES:
            made = numbered(key, self._zone, self._asked.since, self._asked.until)
            places = np.array(made.places, dtype=np.int64)
            bounds = np.array([micros(at) for at in made.since], dtype=np.int64)
            return places[np.searchsorted(bounds, self._numbers["at"], side="right") - 1], list(made.names)
        if key == Also.DELAY:
            took = self._numbers[Span.CALL] / 1e6
            limits = np.array([until for _, until in DELAYS[:-1]])
            codes = np.searchsorted(limits, took, side="left")
            return np.where(np.isnan(took), len(DELAYS), codes), [*(name for name, _ in DELAYS), NEVER]
        if key in ORIGIN:
            column, of = ORIGIN[key]
            if column not in self._origin:
                ids, found, times = np.unique(self._numbers[column], return_inverse=True, return_counts=True)
                self._origin[column] = found, dict(zip(ids.tolist(), times.tolist(), strict=True))
            codes, numbers = self._origin[column]
            written = [getattr(self._origins.get(number), of, "") for number in numbers]
            leads = Counter[str]()
            for word, count in zip(written, numbers.values(), strict=True):
                leads[word] += count
            names = as_most_write(leads)
            called = [names[word] for word in written]
            index = {name: n for n, name in enumerate(dict.fromkeys(called))}
            return np.array([index[name] for name in called], dtype=np.int64)[codes], list(index)
        return self._words[PLAIN[key]]

    @cached_property
    def _alike(self) -> tuple[Whole, Whole]:
        """(every combination of flags that there is, which of them each lead has)."""
        import numpy as np

        flags, alike = np.unique(self._numbers["flags"], return_inverse=True)
        return flags, alike

    @cached_property
    def _revenue(self) -> tuple[Whole, Broken]:
        """(the leads that brought something, how much)."""
        import numpy as np

        amount = np.nan_to_num(self._numbers["amount"])
        brought = np.flatnonzero(amount)
        return brought, amount[brought]

    def _counts(self, group: Whole, groups: int) -> list[Counts]:
        import numpy as np

        flags, alike = self._alike
        pairs, found = _used(group * len(flags) + alike, groups * len(flags))
        times = np.bincount(found, minlength=len(pairs))
        of, flag = pairs // max(len(flags), 1), flags[pairs % max(len(flags), 1)]
        sums = {"leads": times}
        sums |= {_NAMED.get(step, step): times * ((flag >> n) & 1) for n, step in enumerate(_BITS)}
        sums |= {step: times * ((flag >> n) & _MOST) for step, n in _CLOCKS.items()}
        columns = {name: np.bincount(of, weights=some, minlength=groups) for name, some in sums.items()}
        brought, amount = self._revenue
        columns["revenue"] = np.bincount(group[brought], weights=amount, minlength=groups)
        rows = {name: values.tolist() for name, values in columns.items()}
        return [Counts(**{name: round(values[n]) for name, values in rows.items()}) for n in range(groups)]

    def _sorted(self, span: Span) -> tuple[Whole, Broken]:
        """(the leads that have a span, the shortest first; how long it was, in seconds)."""
        import numpy as np

        if span not in self._order:
            values = self._numbers[span] / 1e6
            there = np.flatnonzero(~np.isnan(values))
            order = there[np.argsort(values[there])]
            self._order[span] = order, values[order]
        return self._order[span]

    def _spreads(self, span: Span, group: Whole, groups: int) -> list[Spread]:
        """The spread of each group; a lead without a value does not count."""
        import numpy as np

        leads, values = self._sorted(span)
        if groups > 1:
            # Numbers of 16 bits are sorted by their digits, in no time.
            mine = group[leads].astype(np.int16 if groups < 1 << 15 else np.int64)
            values = values[np.argsort(mine, kind="stable")]
            sizes = np.bincount(mine, minlength=groups)
        else:
            sizes = np.array([len(values)] * groups, dtype=np.int64)
        ends = np.cumsum(sizes)
        return [_spread(values[end - n : end]) for n, end in zip(sizes.tolist(), ends.tolist(), strict=True)]


def _spread(ordered: Broken) -> Spread:
    """Of values in their order; `measure.percentile` at every place of the grid."""
    import numpy as np

    n = len(ordered)
    if not n:
        return Spread()
    at = np.array(GRID) * (n - 1)
    low = np.floor(at).astype(np.int64)
    below, above = ordered[low], ordered[np.minimum(low + 1, n - 1)]
    return spread_of(n, float(ordered.mean()), (below + (above - below) * (at - low)).tolist())


def _used(numbers: Whole, size: int) -> tuple[Whole, Whole]:
    """(those numbers below `size` that there are, in their order; the place of each among these)."""
    import numpy as np

    if size > _WIDE:
        used, places = np.unique(numbers, return_inverse=True)
        return used, places
    used = np.flatnonzero(np.bincount(numbers, minlength=size))
    table = np.zeros(size, dtype=np.int64)
    table[used] = np.arange(len(used))
    return used, table[numbers]
