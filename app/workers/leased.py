"""A thread that does a piece of the floor's work for everybody, while it holds the lease on that work.

Every program that could do the work has such a thread; the one that holds the lease works, the others look from
time to time whether it is free. Each round says the epoch of the lease, so that one that slept through the end of
its lease does nothing: it is told so, and looks on like the others.
"""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from app.clock import Clock, FloorClock, new_id, pace
from app.domain.commands import HoldLease, ResignLease
from app.domain.errors import AppError, LeaseLost
from app.floor.local import LocalFloor

__all__ = ["LONGEST_S", "Leased", "Terms"]

_log = logging.getLogger(__name__)
LONGEST_S = 60.0
"""Seconds after which it looks anyway, in case the computer's clock was moved."""
_JUST_AFTER_S = 0.1
"""Seconds after the end of another one's lease at which it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long the lease is held without being renewed, and how often it is: real seconds."""

    ttl: float
    renew: float
    is_alone: bool = False
    """Nobody else can have the floor open: it is not waited for a lease that a crash left behind."""


class Leased(threading.Thread, ABC):
    """What does the work says how in `_work`; it may do more each time that the lease was taken or renewed."""

    lease: str
    again_s: ClassVar[float]
    """Seconds until the next try after a round that failed."""

    def __init__(self, floor: LocalFloor, clock: Clock, terms: Terms, place: str, rank: int = 0) -> None:
        """`place` names this computer to people; who has the highest `rank` gets the lease."""
        super().__init__(name=self.lease)
        self._floor = floor.as_actor("keeper")
        self._clock = clock
        self._terms = terms
        self._place = place
        self._rank = rank
        self._holder = new_id()
        self._watch = FloorClock()  # real time, whatever the floor's is
        self._epoch = 0
        self._renew_at = self._watch.now()
        self._resting = threading.Event()
        self._ended = threading.Event()
        self._woken = threading.Event()

    def rest(self, on: bool) -> None:
        """Give the lease back and do nothing, while this computer sleeps; or work again."""
        if on:
            self._resting.set()
        else:
            self._resting.clear()
        self._wake()

    def stop(self) -> None:
        """End the thread, once it is through with what it has in hand; another program may go on at once."""
        self._ended.set()
        self._wake()
        if self.is_alive():
            self.join()

    def run(self) -> None:
        bell = self._floor.bell
        while not self._ended.is_set():
            rung = bell.count
            try:
                wait = self._round()
            except LeaseLost:
                _log.warning("another program has the lease of the %s now", self.lease)
                self._epoch, wait = 0, self.again_s
            except AppError as error:
                _log.warning("the %s could not do its round: %s", self.lease, error)
                wait = self.again_s
                self._stumbled()
            except Exception:  # noqa: BLE001 - the floor's work must go on whatever it is
                _log.exception("the %s could not do its round", self.lease)
                wait = self.again_s
            if self._ended.is_set():
                break
            if self._epoch:
                bell.wait(rung, wait)
            else:
                self._woken.wait(wait)
                self._woken.clear()
        self._resign()

    @abstractmethod
    def _work(self) -> float:
        """Do what is due; the seconds until there may be something to do again."""

    def _renewed(self) -> None:
        """The lease was taken or renewed just now."""

    def _stumbled(self) -> None:
        """The floor refused or did not answer."""

    def _round(self) -> float:
        if self._resting.is_set():
            self._resign()
            return LONGEST_S
        left = (self._renew_at - self._watch.now()).total_seconds()
        if left <= 0 or not self._epoch:
            held_for = self._hold()
            if not self._epoch:
                return min(max(held_for, 0.0) + _JUST_AFTER_S, self._terms.renew)
            left = self._terms.renew
            self._renewed()
        return max(min(self._work(), left), 0.0)

    def _hold(self) -> float:
        """Take or renew the lease; the real seconds until it runs out, whoever has it."""
        asked_at = self._watch.now()
        floor_seconds = pace(self._clock)
        held = self._floor.do(
            HoldLease(
                name=self.lease,
                holder=self._holder,
                place=self._place,
                seconds=self._terms.ttl * floor_seconds,
                rank=self._rank,
                is_alone=self._terms.is_alone and not self._epoch,
            )
        ).value
        if held.epoch and held.epoch != self._epoch:
            _log.info("this is the floor's %s now (%d)", self.lease, held.epoch)
        self._epoch = held.epoch
        self._renew_at = asked_at + timedelta(seconds=self._terms.renew)
        return held.for_seconds / floor_seconds

    def _resign(self) -> None:
        if self._epoch:
            self._epoch = 0
            try:
                self._floor.do(ResignLease(name=self.lease, holder=self._holder))
            except AppError as error:
                _log.warning("the lease of the %s could not be given back: %s", self.lease, error)

    def _wake(self) -> None:
        self._woken.set()
        self._floor.bell.ring()
