"""The only reader of the real clock, and the maker of time-ordered ids.

Rules are handed `now` as a value; whoever needs the time holds a `Clock`. The floor has one time: a desk
adds monotonic time to an instant it was given, so that a jump of this computer's clock moves nothing.
A practice floor runs the same program on a `FloorClock` that goes faster, a test on a `HandClock`.
All instants are aware datetimes in UTC.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "FloorClock", "HandClock", "SystemClock", "new_id", "pace"]

_HOUR = timedelta(hours=1)
SAMPLES = 8
"""Answers about the floor's time that are remembered; the quickest of them is believed."""
JUMP_S = 0.25
"""Seconds, beyond what the way there and back explains, by which an answer must differ to be a jump."""
LEAP_S = 300.0
"""Seconds from which a jump is so long that it is more likely a mistake of the other computer's clock."""
SETTLED_S = 60.0
"""Seconds for which such a leap must stand before it is believed: one that is put right meanwhile breaches nothing."""


class Clock(Protocol):
    """Tells the floor's time."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""

    def seconds_until(self, instant: datetime) -> float:
        """Real seconds (as a timer counts them) until `instant`; 0 or less when it has passed."""


class SystemClock:
    """This computer's clock, as it is."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds_until(self, instant: datetime) -> float:
        return (instant - self.now()).total_seconds()


def pace(clock: Clock) -> float:
    """How many of a clock's seconds pass in one real second: 1, except on a practice floor."""
    return _HOUR.total_seconds() / clock.seconds_until(clock.now() + _HOUR)


def _steady() -> float:
    """Seconds that only ever go on, also while the computer sleeps."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":  # Python's own stands still in sleep there
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


class FloorClock:
    """The floor's time: an instant taken once, plus steady time since, times `speed`.

    `speed` is how many floor seconds pass in one real second; only a practice floor has one other than 1.
    Where the floor's time is kept elsewhere (by a database, a server), `hear` takes it over from there, as
    often as it is asked; the quickest answer of the last few is believed, since nobody knows where on its way
    a slow one spent its time. Without that it is this computer's time, as it was when the clock was made.
    """

    def __init__(self, at: datetime | None = None, speed: float = 1.0) -> None:
        self._taken = (at or datetime.now(UTC), _steady())
        self._speed = speed
        self._heard: deque[tuple[float, datetime, float]] = deque(maxlen=SAMPLES)
        """Of each answer: seconds it took, the floor's time in it, steady seconds in its middle."""
        self._leap: tuple[float, float] | None = None
        """Of a leap that is not believed yet: its seconds, and the steady instant at which it was first heard."""
        self._hearing = threading.Lock()

    @property
    def speed(self) -> float:
        return self._speed

    def now(self) -> datetime:
        at, mark = self._taken
        return at + timedelta(seconds=(_steady() - mark) * self._speed)

    def seconds_until(self, instant: datetime) -> float:
        return (instant - self.now()).total_seconds() / self._speed

    def hear(self, ask: Callable[[], datetime]) -> None:
        """Ask for the floor's time and go by it. `ask` may block, and raise: then nothing is changed."""
        sent = _steady()
        at = ask()
        self.take(at, sent, _steady())

    def take(self, at: datetime, sent: float, got: float) -> None:
        """The floor's time was `at` somewhere between two steady instants. Not for a practice floor."""
        took, middle = got - sent, (sent + got) / 2
        with self._hearing:
            if self._heard:
                before, was, then = min(self._heard)
                off = (at - was).total_seconds() - (middle - then)
                if abs(off) > (took + before) / 2 + JUMP_S:  # the floor's time itself was moved
                    if not self._is_settled(off, middle):
                        return
                    self._heard.clear()
                self._leap = None
            self._heard.append((took, at, middle))
            _, at, middle = min(self._heard)
            self._taken = (at, middle)

    def _is_settled(self, off: float, at: float) -> bool:
        """Whether a jump by so many seconds is to be followed; a leap has to stand for a while first."""
        if abs(off) <= LEAP_S:
            return True
        if self._leap is None or abs(off - self._leap[0]) > LEAP_S:
            self._leap = off, at
        return at - self._leap[1] >= SETTLED_S

    def unsure(self) -> float | None:
        """Seconds by which it may be off from the floor's time; None where nobody else was asked for it."""
        with self._hearing:
            return min(self._heard)[0] / 2 if self._heard else None

    def drift(self) -> float:
        """Seconds by which this computer's clock has moved away from the floor's since it was taken."""
        return (datetime.now(UTC) - self.now()).total_seconds() if self._speed == 1.0 else 0.0


class HandClock:
    """A clock that stands still until it is moved by hand; for tests and for pictures that repeat."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def seconds_until(self, instant: datetime) -> float:
        return (instant - self._at).total_seconds()

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0) -> datetime:
        """Move forward and return the new instant."""
        self._at += timedelta(seconds=seconds, minutes=minutes, hours=hours)
        return self._at

    def set(self, at: datetime) -> None:
        self._at = at


_last = 0
_lock = threading.Lock()


def new_id() -> str:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, then a counter and chance.

    Ids made by one process sort in the order they were made, so that indexes on them grow at one end.
    """
    global _last
    with _lock:
        # 1/4096 ms steps fill the 12 bits after the version, and a step is never used twice.
        tick = max(time.time_ns() * 4096 // 1_000_000, _last + 1)
        _last = tick
    value = (tick >> 12) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0b10 << 62
    value |= int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
