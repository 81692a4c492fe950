"""Working time: the hours a floor or a team keeps, and what of a span of time lies within them.

A calendar is a rule about what the clock on the wall says: an instant is working time when, in the calendar's zone,
its day is not a holiday and its time of day lies in one of the day's blocks. Nothing else is assumed of the zone, so
an hour that a change of the clocks repeats counts twice, one that it skips counts not at all, and a day may have
any length. `working_seconds` and `deadline` are exact to the microsecond, additive and monotone. All instants are
aware UTC; a pause is a span (from, until) in which no time runs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.domain.frozen import dataclass

__all__ = [
    "DAY",
    "Block",
    "Calendar",
    "Day",
    "Span",
    "deadline",
    "faults",
    "is_open",
    "midnight",
    "pieces",
    "spans",
    "working_seconds",
    "zone_of",
]

Span = tuple[datetime, datetime]
"""From, until (not itself part of it)."""
DAY = 86400
_FAR = 800
"""Days after which a calendar that had no working time has none: longer than any list of holidays in a row."""
_LAST_YEAR = 9900
_STEP = timedelta(hours=6)
"""Changes of a zone's offset are looked for this finely; none is taken back sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Part of a day by the clock on the wall, in seconds from midnight; `until` is not itself part of it."""

    start: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One date with hours of its own. Without blocks it is a holiday."""

    on: date
    name: str = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The hours of a floor, a team or a shift. `week` has seven days from Monday, each with its blocks in order."""

    name: str
    zone: str = "UTC"
    """IANA name of the time zone in which it is kept."""
    week: tuple[tuple[Block, ...], ...]
    days: tuple[Day, ...] = ()
    """Holidays, and days with other hours, by date."""
    country: str = ""
    """Whose public holidays are added when it is published: DE, DE-BY; empty: nobody's."""


def zone_of(calendars: Sequence[Calendar]) -> str:
    """The zone of a floor, by which its days and hours are: that of the first calendar of its rulebook, else UTC."""
    return calendars[0].zone if calendars else "UTC"


def midnight(day: date, zone: tzinfo | None) -> datetime:
    """The instant at which a day begins in a zone, aware UTC; None is this computer's own zone."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def faults(calendar: Calendar) -> Iterator[str]:
    """What keeps a calendar from being kept, each in a sentence that says what to change. That it has a name, and
    its own, is looked after where there are several."""
    called = f"The calendar “{calendar.name}”"
    try:
        _zone(calendar.zone)
    except (ValueError, OSError, LookupError):
        yield f"{called} names a time zone, “{calendar.zone}”, that there is not. Write one like Europe/Berlin."
    if len(calendar.week) != 7:
        yield f"{called} has {len(calendar.week)} days in its week; it needs seven."
    if not any(calendar.week):
        yield f"{called} is never open. Give at least one day its hours."
    days = (*calendar.week, *(day.blocks for day in calendar.days))
    if any(not 0 <= block.start < block.until <= DAY for blocks in days for block in blocks):
        yield f"{called} has hours that end before they begin."
    elif any(later.start < earlier.until for blocks in days for earlier, later in pairwise(blocks)):
        yield f"{called} has hours on one day that overlap or stand in the wrong order."
    dates = [day.on for day in calendar.days]
    if len(dates) != len(set(dates)):
        yield f"{called} says twice what holds on one date."


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether an instant is working time."""
    return any(start <= at < until for start, until in spans(calendar, at, at + timedelta(seconds=1)))


def working_seconds(
    calendar: Calendar | None, a: datetime, b: datetime, pauses: Iterable[Span] = ()
) -> float:
    """Seconds of working time from `a` to `b`, negative when `b` is earlier. Without a calendar: all time."""
    if b < a:
        return -working_seconds(calendar, b, a, pauses)
    parts = _without(_open(calendar, a, b), _joined(pauses))
    return sum(((until - start) for start, until in parts), timedelta()).total_seconds()


def deadline(
    calendar: Calendar | None, start: datetime, seconds: float, pauses: Iterable[Span] = ()
) -> datetime:
    """The earliest instant, not before `start`, by which so much working time has passed since.

    A promise that ends with the day ends when the floor closes, not when it opens again. Raises ValueError for a
    calendar that is never open, or so seldom that the promise would end in thousands of years.
    """
    left = timedelta(seconds=seconds)
    if left <= timedelta():
        return start
    paused = _joined(pauses)
    at, ahead = start, timedelta(days=2)
    last = max(start, paused[-1][1]) if paused else start
    while at - last < timedelta(days=_FAR) and at.year < _LAST_YEAR:
        for begin, end in _without(_open(calendar, at, at + ahead), paused):
            if end - begin >= left:
                return begin + left
            left -= end - begin
            last = max(last, end)
        at += ahead
        ahead = min(ahead * 2, timedelta(days=64))
    raise ValueError("this calendar is never open, or hardly ever")


def _open(calendar: Calendar | None, a: datetime, b: datetime) -> Iterator[Span]:
    return iter(((a, b),)) if calendar is None else spans(calendar, a, b)


def spans(calendar: Calendar, a: datetime, b: datetime) -> Iterator[Span]:
    """The working time from `a` to `b`, in order. Two spans may touch."""
    special = {day.on: day.blocks for day in calendar.days}
    for begin, end, offset in pieces(calendar.zone, a, b):
        # Between two changes of its offset the zone's clock is plain arithmetic.
        first, last = (begin + offset).date(), (end + offset).date()
        for number in range(first.toordinal(), last.toordinal() + 1):
            on = date.fromordinal(number)
            midnight = datetime(on.year, on.month, on.day, tzinfo=UTC) - offset
            for block in special.get(on, calendar.week[on.weekday()]):
                start = max(begin, midnight + timedelta(seconds=block.start))
                until = min(end, midnight + timedelta(seconds=block.until))
                if start < until:
                    yield start, until


@lru_cache(maxsize=128)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def pieces(zone: str, a: datetime, b: datetime) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """(from, until, offset): the span from `a` to `b` cut where the zone's offset changes."""
    at = a
    while at < b:
        changes, offsets = _year(zone, at.year)
        index = bisect_right(changes, at)
        end = min(b, changes[index] if index < len(changes) else datetime(at.year + 1, 1, 1, tzinfo=UTC))
        yield at, end, offsets[index]
        at = end


@lru_cache(maxsize=1024)
def _year(name: str, year: int) -> tuple[tuple[datetime, ...], tuple[timedelta, ...]]:
    """The instants of a year (UTC) at which a zone's offset changes, and the offset before, between and after them."""
    zone, at, end = _zone(name), datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    changes: list[datetime] = []
    offsets = [_offset(zone, at)]
    while at < end:
        step = at + _STEP
        now = _offset(zone, step)
        if now != offsets[-1]:
            low, high = at, step
            while high - low > timedelta(seconds=1):  # tables of zones know whole seconds
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                low, high = (middle, high) if _offset(zone, middle) == offsets[-1] else (low, middle)
            changes.append(high)
            offsets.append(now)
        at = step
    return tuple(changes), tuple(offsets)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _joined(pauses: Iterable[Span]) -> list[Span]:
    """Pauses in order, with those that overlap made one."""
    joined: list[Span] = []
    for start, until in sorted(pauses):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        elif start < until:
            joined.append((start, until))
    return joined


def _without(parts: Iterable[Span], pauses: list[Span]) -> Iterator[Span]:
    """These spans with the pauses, which are in order, cut out."""
    for start, until in parts:
        for begin, end in pauses:
            if end <= start or begin >= until:
                continue
            if start < begin:
                yield start, begin
            start = end
            if start >= until:
                break
        if start < until:
            yield start, until
