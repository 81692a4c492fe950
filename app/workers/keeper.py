"""The keeper: sleeps until the next clock needs it, then does one round.

It holds no deadlines of its own; it asks the floor which is next, and asks again whenever something was
committed. A keeper that slept too long finds everything still due, with the deadlines it had.
"""

from __future__ import annotations

import logging
import threading

from app.clock import Clock
from app.domain.commands import KeepClocks
from app.domain.errors import AppError
from app.domain.questions import NextDue
from app.floor.local import LocalFloor

_log = logging.getLogger(__name__)
_LONGEST = 60.0
"""Seconds after which it looks anyway, in case the computer's clock was moved."""
_SHORTEST = 0.1
"""Seconds to leave a clock that is due to whoever is at its lead right now."""


class Keeper(threading.Thread):
    """One per floor, beside its database."""

    def __init__(self, floor: LocalFloor, clock: Clock) -> None:
        super().__init__(name="keeper")
        self._floor = floor.as_actor("keeper")
        self._clock = clock
        self._ended = threading.Event()

    def run(self) -> None:
        bell = self._floor.bell
        while not self._ended.is_set():
            rung = bell.count
            try:
                due = self._floor.ask(NextDue()).at
                wait = _LONGEST if due is None else min(_LONGEST, self._clock.seconds_until(due))
                if wait <= 0:
                    kept = self._floor.do(KeepClocks()).value
                    if kept.breached or kept.steps:
                        continue
                    wait = _SHORTEST
            except AppError as error:
                _log.warning("the keeper could not do its round: %s", error)
                wait = 1.0
            except Exception:  # noqa: BLE001 - clocks must go on being kept whatever it is
                _log.exception("the keeper could not do its round")
                wait = 1.0
            bell.wait(rung, wait)

    def stop(self) -> None:
        self._ended.set()
        self._floor.bell.ring()
        if self.is_alive():
            self.join()
