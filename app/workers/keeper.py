"""The keeper: holds the floor's lease, sleeps until the next clock needs it, then does one round.

Every desk and every server has one; the one that holds the lease works, the others look from time to time
whether it is free. It holds no deadlines of its own; it asks the floor which is next, and asks again whenever
something was committed. A keeper that slept too long finds everything still due, with the deadlines it had, or
finds that another one keeps the floor now: each round says the epoch of the lease, and one that is over does
nothing.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import timedelta

from app.clock import Clock, FloorClock, new_id, pace
from app.domain.commands import HoldLease, KeepClocks, KeepPresence, ResignLease
from app.domain.errors import AppError, LeaseLost
from app.domain.presence import GONE_S, SUSPECT_S
from app.domain.questions import NextDue
from app.floor.local import LocalFloor

__all__ = ["ALONE", "SHARED", "Keeper", "Terms"]

_log = logging.getLogger(__name__)
_LONGEST = 60.0
"""Seconds after which it looks anyway, in case the computer's clock was moved."""
_SHORTEST = 0.1
"""Seconds to leave a clock that is due to whoever is at its lead right now."""
_AGAIN = 1.0
"""Seconds until the next try after one that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long the lease is held without being renewed, and how often it is: real seconds."""

    ttl: float
    renew: float
    is_alone: bool = False
    """Nobody else can have the floor open: it is not waited for a lease that a crash left behind."""


SHARED = Terms(ttl=15.0, renew=5.0)
"""On a database server: another desk takes over within 20 seconds of a keeper's death."""
ALONE = Terms(ttl=30.0, renew=10.0, is_alone=True)
"""On a file that this program has locked: each renewal is a write to its disk."""


class Keeper(threading.Thread):
    """One for each program that has the floor's database open."""

    def __init__(
        self, floor: LocalFloor, clock: Clock, terms: Terms = SHARED, *, place: str = "", rank: int = 0
    ) -> None:
        """`place` names this computer to people; a server's `rank` is above that of a desk."""
        super().__init__(name="keeper")
        self._floor = floor.as_actor("keeper")
        self._clock = clock
        self._terms = terms
        self._place = place
        self._rank = rank
        self._holder = new_id()
        self._watch = FloorClock()  # real time, whatever the floor's is
        self._epoch = 0
        self._renew_at = self._kept_since = self._kept_at = self._watch.now()
        self._resting = threading.Event()
        self._ended = threading.Event()
        self._woken = threading.Event()

    @property
    def keeps(self) -> bool:
        """Whether this keeper holds the lease, as far as it knows."""
        return self._epoch != 0

    def run(self) -> None:
        bell = self._floor.bell
        while not self._ended.is_set():
            rung = bell.count
            try:
                wait = self._round()
            except LeaseLost:
                _log.warning("another program keeps this floor now")
                self._epoch, wait = 0, _AGAIN
            except AppError as error:
                _log.warning("the keeper could not do its round: %s", error)
                wait = _AGAIN
                self._free_the_feed()
            except Exception:  # noqa: BLE001 - clocks must go on being kept whatever it is
                _log.exception("the keeper could not do its round")
                wait = _AGAIN
            if self._ended.is_set():
                break
            if self._epoch:
                bell.wait(rung, wait)
            else:
                self._woken.wait(wait)
                self._woken.clear()
        self._resign()

    def rest(self, on: bool) -> None:
        """Give the lease back and do nothing, while this computer sleeps; or work again."""
        if on:
            self._resting.set()
        else:
            self._resting.clear()
        self._wake()

    def stop(self) -> None:
        """End the thread; another keeper may go on at once."""
        self._ended.set()
        self._wake()
        if self.is_alive():
            self.join()

    def _wake(self) -> None:
        self._woken.set()
        self._floor.bell.ring()

    def _resign(self) -> None:
        if self._epoch:
            self._epoch = 0
            try:
                self._floor.do(ResignLease(holder=self._holder))
            except AppError as error:
                _log.warning("the lease could not be given back: %s", error)

    def _round(self) -> float:
        """Hold the lease, and do what is due; the seconds until there may be something to do again."""
        if self._resting.is_set():
            self._resign()
            return _LONGEST
        left = (self._renew_at - self._watch.now()).total_seconds()
        if left <= 0 or not self._epoch:
            held_for = self._hold()
            if not self._epoch:
                return min(max(held_for, 0.0) + _SHORTEST, self._terms.renew)
            left = self._terms.renew
            self._look_at_desks()
            self._free_the_feed()
        due = self._floor.ask(NextDue()).at
        wait = _LONGEST if due is None else min(_LONGEST, self._clock.seconds_until(due))
        if wait <= 0:
            kept = self._floor.do(KeepClocks(epoch=self._epoch)).value
            wait = 0.0 if kept.breached or kept.steps or kept.judged else _SHORTEST
        return min(wait, left)

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

    def _hold(self) -> float:
        """Take or renew the lease; the real seconds until it runs out, whoever has it."""
        asked_at = self._watch.now()
        floor_seconds = pace(self._clock)
        held = self._floor.do(
            HoldLease(
                holder=self._holder,
                place=self._place,
                seconds=self._terms.ttl * floor_seconds,
                rank=self._rank,
                is_alone=self._terms.is_alone and not self._epoch,
            )
        ).value
        if held.epoch and held.epoch != self._epoch:
            _log.info("keeping this floor's clocks (%d)", held.epoch)
        self._epoch = held.epoch
        self._renew_at = asked_at + timedelta(seconds=self._terms.renew)
        return held.for_seconds / floor_seconds
