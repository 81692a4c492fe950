"""One PostgreSQL connection with a deadline for every answer.

A computer in between that went silent still says "received" to every packet, so neither the system's keepalives
nor libpq's time-outs find it: only an answer that does not come does. psycopg waits for answers as long as it
takes, so here the driver's inner connection is asked and waited for by the clock.
"""

from __future__ import annotations

import selectors
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg import OperationalError

from app.clock import FloorClock

if TYPE_CHECKING:
    from psycopg import Connection

ANSWER_SECONDS = 5.0


class Silent(OperationalError):
    """No answer in time."""


class Line:
    """A connection that is in nobody else's hands. The methods raise psycopg.Error."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._inner = connection.pgconn
        self._heard: list[str] = []
        self._watch = FloorClock()  # real time, whatever the floor's is

    @property
    def session(self) -> int:
        """What whoever answered the call names the session; a pooler makes it up."""
        return self._inner.backend_pid

    def say(self, statement: str) -> str:
        """The first value of the answer to a statement, as text; raises Silent after 5 s."""
        from psycopg.pq import ExecStatus

        until = self._watch.now() + timedelta(seconds=ANSWER_SECONDS)
        self._inner.send_query(statement.encode())
        while self._inner.flush():
            self._wait(until, selectors.EVENT_WRITE)
        value = ""
        while True:
            while self._inner.is_busy():
                if not self._wait(until):
                    raise Silent(f"no answer for {ANSWER_SECONDS:g} s")
                self._inner.consume_input()
            result = self._inner.get_result()
            if result is None:
                break
            if result.status == ExecStatus.FATAL_ERROR:
                raise OperationalError(result.error_message.decode("utf-8", "replace").strip())
            if result.ntuples:
                value = (result.get_value(0, 0) or b"").decode()
        self._take()
        return value

    def heard(self, channel: str, seconds: float) -> bool:
        """Wait until a NOTIFY of the channel has come; whether one has."""
        until = self._watch.now() + timedelta(seconds=seconds)
        while True:
            self._take()
            found = channel in self._heard
            self._heard = [other for other in self._heard if other != channel]
            if found:
                return True
            if not self._wait(until):
                return False
            self._inner.consume_input()

    def _take(self) -> None:
        while (told := self._inner.notifies()) is not None:
            name = told.relname.decode()
            if name not in self._heard:
                self._heard.append(name)

    def _wait(self, until: datetime, what: int = selectors.EVENT_READ) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self._inner.socket, what)
            left = (until - self._watch.now()).total_seconds()
            return left > 0 and bool(selector.select(left))
