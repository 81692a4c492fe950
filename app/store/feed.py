"""The doorbell: "something was committed". It carries nothing; whoever hears it reads from their own cursor.

Inside one program the bell is a condition variable that the book rings after each commit. On PostgreSQL a
listener thread hears the NOTIFY of other desks as well, on a connection of its own that does nothing else; it
listens before it reads, pings when it was quiet, and beside it a slow poll sees to it that a lost ring costs
seconds and not leads.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable

from app.store.guards import CHANNEL

POLL_SECONDS = 5.0
_TURN = 0.2
"""Seconds the listener waits at a time, so that it can be stopped."""


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


class Listener(threading.Thread):
    """Rings a bell for every NOTIFY of a PostgreSQL floor. `lost` is told when the line is down, `back` when up."""

    def __init__(self, dsn: str, bell: Bell, lost: Callable[[str], None], back: Callable[[], None]) -> None:
        super().__init__(name="doorbell")
        self._dsn = dsn
        self._bell = bell
        self._lost = lost
        self._back = back
        self._ended = threading.Event()

    def run(self) -> None:
        import psycopg

        while not self._ended.is_set():
            try:
                with psycopg.connect(self._dsn, autocommit=True, connect_timeout=5) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._back()
                    self._bell.ring()
                    quiet = 0.0
                    while not self._ended.is_set():
                        if any(True for _ in connection.notifies(timeout=_TURN, stop_after=1)):
                            quiet = 0.0
                            self._bell.ring()
                            continue
                        quiet += _TURN
                        if quiet >= POLL_SECONDS * (0.8 + 0.4 * random.random()):
                            quiet = 0.0
                            connection.execute("SELECT 1")
                            self._bell.ring()
            except psycopg.Error as error:
                if self._ended.is_set():
                    return
                self._lost(str(error).splitlines()[0] if str(error) else "no answer")
                self._bell.ring()  # whoever would have been called must look for themselves
                self._ended.wait(1.0 + random.random())

    def stop(self) -> None:
        """Ask the thread to end; it does within a fifth of a second."""
        self._ended.set()
