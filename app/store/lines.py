"""The lines to a PostgreSQL that a program keeps open: each with its errand, and looked at before it is used again.

A line that was idle for a while, or whose neighbour was found dead, may be dead as well: it is asked first, and
another one takes its place unnoticed. One that was used a moment ago is taken as it is.
"""

from __future__ import annotations

from typing import Any

from psycopg import Connection, Error
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

from app.clock import FloorClock
from app.store import ready
from app.store.errand import Errand

IDLE_S = 1.0
"""Seconds after which a line is asked whether it is there."""


def tend(engine: Engine) -> None:
    """See to the lines of an engine from its first one on."""
    watch = FloorClock()  # real time, whatever the floor's is
    lost = watch.now()
    """When a line was last found dead."""

    @event.listens_for(engine, "connect")
    def begin(line: Connection[Any], record: Any) -> None:
        record.info["errand"] = Errand(line, named=not is_pooled(line))
        record.info["used"] = watch.now()

    @event.listens_for(engine, "checkout")
    def look(line: Connection[Any], record: Any, _hands: object) -> None:
        used = record.info["used"]
        if used > lost and (watch.now() - used).total_seconds() < IDLE_S:
            return
        try:
            line.execute("")
            line.rollback()
        except Error as error:
            raise DisconnectionError from error

    @event.listens_for(engine, "checkin")
    def end(_line: object, record: Any) -> None:
        if record.info:
            record.info["errand"].drop()
            record.info["used"] = watch.now()

    @event.listens_for(engine, "invalidate")
    def lose(*_whose: object) -> None:
        nonlocal lost
        lost = watch.now()

    @event.listens_for(engine, "before_cursor_execute")
    def first(db: Any, *_said: object) -> None:
        ready.flush(db)


def is_pooled(line: Connection[Any]) -> bool:
    """Whether a pooler stands before the database: what it calls the session is not what the database does."""
    with line.transaction():
        row = line.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    return bool(row[0] != line.info.backend_pid)
