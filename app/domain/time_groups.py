"""Days, weeks, months, weekdays and hours of a floor's zone as steps: instants from which one holds, and its name.

Worked out here and handed to a database, which then need know nothing of zones. Right across changes of the clocks: an
hour that is repeated belongs twice to the same name, a day may have any length.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from app.domain.hours import Span, pieces
from app.domain.milestones import Also
from app.domain.report import By

__all__ = ["TIMES", "Numbered", "Steps", "both", "holding", "numbered", "steps"]

TIMES: frozenset[str] = frozenset({By.DAY, By.WEEK, By.MONTH, Also.WEEKDAY, Also.HOUR})
_DAY = timedelta(days=1)


class Steps(NamedTuple):
    """From each instant (aware UTC, ascending) to the next its name holds."""

    since: Sequence[datetime]
    names: Sequence[str]

    def at(self, instant: datetime) -> str:
        return self.names[bisect_right(self.since, instant) - 1]


@dataclass(frozen=True, eq=False)
class Numbered:
    """Steps whose names are told by their places among `names`; instants are aware UTC and ascending. Equal is only the
    same one: it may be long."""

    since: Sequence[datetime]
    places: Sequence[int]
    names: Sequence[str]


def numbered(key: str, zone: str, since: datetime, until: datetime) -> Numbered:
    """The steps of a time key over the whole months in which a span lies. Kept, for they take long to make over years,
    and the same months are asked of again and again, while the span's end moves with every lead."""
    first = since.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    last = until.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return _numbered(key, zone, first, (last + 32 * _DAY).replace(day=1))


@lru_cache(maxsize=24)
def _numbered(key: str, zone: str, since: datetime, until: datetime) -> Numbered:
    made = steps(key, zone, since, until)
    index = {name: n for n, name in enumerate(dict.fromkeys(made.names))}
    return Numbered(tuple(made.since), tuple(index[name] for name in made.names), tuple(index))


def steps(key: str, zone: str, since: datetime, until: datetime) -> Steps:
    """The steps of a time key over a span; the first one begins with it. A day, week or month is named by its first
    day ("2026-11-16"), a weekday by 1 (Monday) to 7, an hour by 0 to 23."""
    found: list[datetime] = []
    names: list[str] = []
    for begin, end, offset in pieces(zone, since, until):
        at = begin
        while at < end:
            local = at + offset
            name, following = _step(key, local)
            if not names or names[-1] != name:
                found.append(at)
                names.append(name)
            at = following - offset
    return Steps(found, names)


def _step(key: str, local: datetime) -> tuple[str, datetime]:
    """What holds at an instant by the clock on the wall, and until when."""
    if key == Also.HOUR:
        return str(local.hour), local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if key == Also.WEEKDAY:
        return str(day.isoweekday()), day + _DAY
    if key == By.WEEK:
        monday = day - (day.isoweekday() - 1) * _DAY
        return monday.date().isoformat(), monday + 7 * _DAY
    if key == By.MONTH:
        first = day.replace(day=1)
        return first.date().isoformat(), (first + 32 * _DAY).replace(day=1)
    return day.date().isoformat(), day + _DAY


def holding(key: str, values: Collection[str], zone: str, since: datetime, until: datetime) -> list[Span]:
    """The parts of a span in which one of these names of a time key holds."""
    found: list[Span] = []
    made = steps(key, zone, since, until)
    for begin, end, name in zip(made.since, [*made.since[1:], until], made.names, strict=True):
        if name not in values:
            continue
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found


def both(some: Iterable[Span], others: Sequence[Span]) -> list[Span]:
    """What lies in some of the one list and of the other; each is in order and without overlaps."""
    return [(max(a, c), min(b, d)) for a, b in some for c, d in others if max(a, c) < min(b, d)]
