"""Who was refused what: a line in the program's log, since a refusal leaves nothing on the floor.

A line names who (a person's id, a machine's name, a network address), the command or the door, and why in a word; what
was said or shown is not in it. Of each kind and caller there is one line a second at most; how many more there were is
said with the next refusal of anybody after that second, or when the program ends. Of a crowd of callers within one
second, those beyond the first few share a line.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from app.clock import Clock, SystemClock

HERE = "this computer"
"""Who tries, where somebody sits at the program itself."""
EVERY = timedelta(seconds=1)
CROWD = 20
"""Callers and kinds with lines of their own within a second."""
_log = logging.getLogger(__name__)


class Refusals:
    """Writes refusals down, sparingly. Thread-safe."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._told: OrderedDict[tuple[str, str, str], tuple[datetime, int]] = OrderedDict()
        """By who, what and why: when a line was written last, and how many were left out since; oldest first."""

    def note(self, who: str, what: str, why: str) -> None:
        """Write one down, or count it where there was one like it within the last second."""
        now = self._clock.now()
        with self._lock:
            self._tell_left_out(now)
            key = who, what, why
            if key not in self._told and len(self._told) >= CROWD:
                key = "many", what, why
            if key in self._told:
                at, left_out = self._told[key]
                self._told[key] = at, left_out + 1
            else:
                self._told[key] = now, 0
                _log.info("refused: %s, %s: %s", *key)

    def close(self) -> None:
        """Say what was left out so far."""
        with self._lock:
            self._tell_left_out(None)

    def _tell_left_out(self, now: datetime | None) -> None:
        """Say how many were left out up to a second ago, or at all."""
        while self._told:
            key, (at, left_out) = next(iter(self._told.items()))
            if now is not None and abs(now - at) < EVERY:
                return
            del self._told[key]
            if left_out:
                _log.info("refused: %s, %s: %s, %d times more", *key, left_out)
                if now is not None:
                    self._told[key] = now, 0


PROGRAM = Refusals(SystemClock())
"""This program's."""
note_refusal = PROGRAM.note
"""Write down that `who` was refused `what`, and `why` in a word; nothing that was said or shown."""
atexit.register(PROGRAM.close)
