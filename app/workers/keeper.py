"""The keeper: sleeps until the next clock needs it, then does one round.

Every desk and every server has one; the one that holds the lease works. It holds no deadlines of its own; it asks
the floor which is next, and asks again whenever something was committed. A keeper that slept too long finds
everything still due, with the deadlines it had, or finds that another one keeps the floor now.
"""

from __future__ import annotations

import logging

from app.clock import Clock, pace
from app.domain.commands import KeepClocks, KeepPresence
from app.domain.commands_keeping import KEEPING
from app.domain.errors import AppError
from app.domain.presence import GONE_S, SUSPECT_S
from app.domain.questions import NextDue
from app.floor.local import LocalFloor
from app.workers.leased import LONGEST_S, Leased, Terms

__all__ = ["ALONE", "SHARED", "Keeper"]

_log = logging.getLogger(__name__)
_SHORTEST_S = 0.1
"""Seconds to leave a clock that is due to whoever is at its lead right now."""
SHARED = Terms(ttl=15.0, renew=5.0)
"""On a database server: another desk takes over within 20 seconds of a keeper's death."""
ALONE = Terms(ttl=30.0, renew=10.0, is_alone=True)
"""On a file that this program has locked: each renewal is a write to its disk."""


class Keeper(Leased):
    """One for each program that has the floor's database open."""

    lease = KEEPING
    again_s = 1.0

    def __init__(
        self, floor: LocalFloor, clock: Clock, terms: Terms = SHARED, *, place: str = "", rank: int = 0
    ) -> None:
        """`place` names this computer to people; a server's `rank` is above that of a desk."""
        super().__init__(floor, clock, terms, place, rank)
        self._kept_since = self._kept_at = self._watch.now()

    def _work(self) -> float:
        due = self._floor.ask(NextDue()).at
        wait = LONGEST_S if due is None else min(LONGEST_S, self._clock.seconds_until(due))
        if wait <= 0:
            kept = self._floor.do(KeepClocks(epoch=self._epoch)).value
            wait = 0.0 if kept.breached or kept.steps or kept.judged else _SHORTEST_S
        return wait

    def _renewed(self) -> None:
        self._look_at_desks()
        self._free_the_feed()

    def _stumbled(self) -> None:
        self._free_the_feed()

    def _look_at_desks(self) -> None:
        """Judge who is silent; not before it has listened for as long itself, since what was not there may have been
        the floor (a database that was restarted, a computer that slept) and not the desks."""
        now = self._watch.now()
        if (now - self._kept_at).total_seconds() > self._terms.ttl:
            self._kept_since = now
        self._kept_at = now
        if (now - self._kept_since).total_seconds() >= SUSPECT_S:
            floor_seconds = pace(self._clock)
            self._floor.do(
                KeepPresence(
                    epoch=self._epoch,
                    suspect_after=SUSPECT_S * floor_seconds,
                    gone_after=GONE_S * floor_seconds,
                )
            )

    def _free_the_feed(self) -> None:
        """Whoever sits on the feed's counter keeps every desk from committing, and this one from its clocks."""
        try:
            ended = self._floor.free_the_feed()
        except AppError as error:
            _log.warning("the feed could not be looked at: %s", error)
            return
        if ended:
            _log.warning("%d sessions that kept everybody from the feed were ended", ended)
