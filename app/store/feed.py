"""The bell of a book: "something was committed". It carries nothing; whoever hears it reads from their own cursor.

Inside one program it is a condition variable that the book rings after each commit. On PostgreSQL the doorbell
(`doorbell.py`) rings it for what other programs commit.
"""

from __future__ import annotations

import threading


class Bell:
    """Counts rings; a listener waits for a count it has not seen."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self._count = 0

    def ring(self) -> None:
        with self._rung:
            self._count += 1
            self._rung.notify_all()

    @property
    def count(self) -> int:
        return self._count

    def wait(self, seen: int, timeout: float | None) -> int:
        """Return once the count differs from `seen` or after `timeout` seconds; the count now."""
        with self._rung:
            self._rung.wait_for(lambda: self._count != seen, timeout)
            return self._count
