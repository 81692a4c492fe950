"""Which backups are kept: the last of each of 24 hours, 7 days and 8 weeks.

Only periods that have a backup count, so that a computer that was off for a month keeps as many as one that
never was. Weeks begin on Monday, days and hours are those of UTC: the plan is the same on every computer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

EVERY = timedelta(hours=1)
"""Between two backups of a floor that changes."""
_PERIODS: tuple[tuple[int, Callable[[datetime], tuple[int, ...]]], ...] = (
    (24, lambda at: (*at.date().timetuple()[:3], at.hour)),
    (7, lambda at: at.date().timetuple()[:3]),
    (8, lambda at: at.date().isocalendar()[:2]),
)


def kept(taken: Iterable[datetime]) -> set[datetime]:
    """Of backups taken at these instants (UTC), those that the plan keeps; the newest is always one."""
    newest_first = sorted(taken, reverse=True)
    keep = set(newest_first[:1])
    for count, period_of in _PERIODS:
        seen: set[tuple[int, ...]] = set()
        for at in newest_first:
            if period_of(at) not in seen and len(seen) < count:
                seen.add(period_of(at))
                keep.add(at)
    return keep


def is_due(last: datetime | None, now: datetime) -> bool:
    """Whether another backup is due. One from the future was stamped by a clock that was wrong."""
    return last is None or now - last >= EVERY or last - now > timedelta(minutes=5)
