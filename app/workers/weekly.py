"""Freezes the week before, on the day and at the hour that the rulebook says, by the clock on the floor's wall.

One program does it for all. What should have been frozen while none was on is made up for when one is, each week
once, from the last one that is frozen on; a floor that has none frozen begins with the last week. The mail is
written with the freeze, so that it goes once whoever froze the week.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.clock import Clock
from app.domain.commands import FreezeWeek
from app.domain.questions import FrozenWeeks, WeekShelf
from app.domain.scorecard import Weekday
from app.domain.week_count import span_of, week_of
from app.floor.local import LocalFloor
from app.workers.leased import LONGEST_S, Leased, Terms

__all__ = ["MOST", "Weekly", "due_at", "missing"]

MOST = 8
"""Weeks that are made up for at most."""
_FIRST_S = 30.0
"""A desk's own start comes first."""
_LOOK = timedelta(minutes=10)
"""After which the rulebook is looked at again: another may be in force."""


def due_at(week: str, shelf: WeekShelf) -> datetime:
    """The instant at which a week is to be frozen: at the review's day and hour after its end."""
    review, here = shelf.review, ZoneInfo(shelf.zone)
    after = span_of(week, shelf.zone)[1].astimezone(here).date()
    day = after + timedelta(days=list(Weekday).index(review.weekday))
    return datetime.combine(day, time(review.hour), here)


def missing(shelf: WeekShelf, now: datetime) -> tuple[tuple[str, ...], datetime]:
    """The weeks that should be frozen by now and are not, oldest first; and when there may be the next one."""
    frozen = {line.week for line in shelf.weeks}
    found: list[str] = []
    at, next_at = now, due_at(week_of(now, shelf.zone), shelf)
    for _ in range(MOST + 1):
        at -= timedelta(days=7)
        week = week_of(at, shelf.zone)
        if week in frozen or span_of(week, shelf.zone)[1] <= shelf.since:
            break
        if due_at(week, shelf) > now:
            next_at = due_at(week, shelf)
            continue
        found.append(week)
        if not frozen:
            break
    return tuple(reversed(found[:MOST])), next_at


class Weekly(Leased):
    """One for each program that keeps the floor."""

    lease = "weekly review"
    again_s = 60.0

    def __init__(
        self,
        floor: LocalFloor,
        clock: Clock,
        *,
        place: str = "",
        is_alone: bool = False,
        first_s: float = _FIRST_S,
    ) -> None:
        """`first_s`: seconds after which it begins."""
        super().__init__(floor, clock, Terms(ttl=90.0, renew=30.0, is_alone=is_alone), place)
        self._first_s = first_s
        self._at: datetime | None = None
        """Before this instant there is nothing to do."""

    def run(self) -> None:
        self._woken.wait(self._first_s)
        super().run()

    def _work(self) -> float:
        now = self._clock.now()
        if self._at is None or now >= self._at:
            weeks, next_at = missing(self._floor.ask(FrozenWeeks()), now)
            for week in weeks:
                self._floor.do(FreezeWeek(week=week))
            self._at = min(next_at, now + _LOOK)
        return min(max(self._clock.seconds_until(self._at), 0.1), LONGEST_S)
