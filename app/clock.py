"""The only reader of the real clock, and the maker of time-ordered ids.

Rules are handed `now` as a value; whoever needs the time holds a `Clock`. The floor has one time: a desk
adds monotonic time to an instant it was given, so that a jump of this computer's clock moves nothing.
A practice floor runs the same program on a `FloorClock` that goes faster, a test on a `HandClock`.
All instants are aware datetimes in UTC.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import Protocol

__all__ = ["Clock", "FloorClock", "HandClock", "SyncedClock", "SystemClock", "new_id"]


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


class FloorClock:
    """The floor's time: an instant taken once, plus monotonic time since, times `speed`.

    `speed` is how many floor seconds pass in one real second; only a practice floor has one other than 1.
    """

    def __init__(self, at: datetime | None = None, speed: float = 1.0) -> None:
        self._at = at or datetime.now(UTC)
        self._mark = time.monotonic()
        self._speed = speed

    @property
    def speed(self) -> float:
        return self._speed

    def now(self) -> datetime:
        return self._at + timedelta(seconds=(time.monotonic() - self._mark) * self._speed)

    def seconds_until(self, instant: datetime) -> float:
        return (instant - self.now()).total_seconds() / self._speed

    def drift(self) -> float:
        """Seconds by which this computer's clock has moved away from the floor's since it was taken."""
        return (datetime.now(UTC) - self.now()).total_seconds() if self._speed == 1.0 else 0.0


class SyncedClock:
    """The time of a floor that somebody else tells: a server.

    Each answer of the server's is a sample: when it was asked, what it said, when that arrived. The sample with
    the least way there and back is the truest, of the last eight; all are dropped when one says that the server's
    clock, or this computer's, has jumped.
    """

    speed = 1.0
    _KEPT = 8
    _JUMP_S = 0.25

    def __init__(self) -> None:
        self._samples: deque[tuple[float, float]] = deque(maxlen=self._KEPT)
        """(seconds there and back, the floor's time minus this computer's monotonic time)"""
        self._offset = datetime.now(UTC).timestamp() - time.monotonic()

    def mark(self) -> float:
        """A moment, for `take`."""
        return time.monotonic()

    def take(self, asked: float, at: datetime, came: float | None = None) -> None:
        """The floor said that it was `at`, some time between the marks `asked` and `came` (now)."""
        came = time.monotonic() if came is None else came
        way = max(0.0, came - asked)
        offset = at.timestamp() - (asked + came) / 2
        if self._samples:
            least, known = min(self._samples)
            if abs(offset - known) > (way + least) / 2 + self._JUMP_S:
                self._samples.clear()
        self._samples.append((way, offset))
        self._offset = min(self._samples)[1]

    @property
    def unsure(self) -> float | None:
        """Seconds by which it may be wrong; None before the first sample."""
        return min(self._samples)[0] / 2 if self._samples else None

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.monotonic() + self._offset, UTC)

    def seconds_until(self, instant: datetime) -> float:
        return (instant - self.now()).total_seconds()

    def drift(self) -> float:
        """Seconds by which this computer's own clock is ahead of the floor's."""
        return (datetime.now(UTC) - self.now()).total_seconds()


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
