"""Opening a database: SQLite with our own build of it, PostgreSQL with safe time-outs.

A SQLite floor is one file with two engines on it: one connection that writes (every transaction begins with
BEGIN IMMEDIATE, so that reading and then writing can never be refused half-way) and a few that only read. WAL
with synchronous=FULL: what was committed survives a power cut. Drivers' errors are turned into `Unavailable`
here, with the cause kept; a `Clashed` transaction has left no trace and may be run again at once.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from app.domain.errors import AppError, Unavailable
from app.store.driver import sqlite_module

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "temp_store=MEMORY",
    "cache_size=-8000",
)


def open_sqlite(path: Path) -> tuple[Engine, Engine]:
    """(writer, reader) engines on a database file, which is created if it is not there."""
    driver = sqlite_module()

    def connect() -> Any:
        return driver.connect(
            str(path), timeout=5, isolation_level=None, check_same_thread=False, cached_statements=256
        )

    def made(size: int, begin: str) -> Engine:
        engine = create_engine(
            "sqlite://", module=driver, creator=connect, poolclass=QueuePool, pool_size=size, max_overflow=0
        )

        @event.listens_for(engine, "connect")
        def tune(connection: Any, _record: object) -> None:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            if begin == "BEGIN":
                connection.execute("PRAGMA wal_autocheckpoint=0")

        @event.listens_for(engine, "begin")
        def start(connection: Any) -> None:
            connection.exec_driver_sql(begin)

        return engine

    return made(1, "BEGIN IMMEDIATE"), made(3, "BEGIN")


def check_whole(path: Path) -> None:
    """Raise Unavailable unless a database file can be read to its last page."""
    connection = sqlite_module().connect(str(path))
    try:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    finally:
        connection.close()
    if found != "ok":
        raise Unavailable(
            "The copy made before the upgrade is not whole; nothing was changed.", "Not upgraded"
        )


def open_postgresql(address: str) -> Engine:
    """An engine on a PostgreSQL address (postgresql://user@host/database)."""
    url = make_url(address).set(drivername="postgresql+psycopg")
    return create_engine(
        url,
        pool_size=5,
        max_overflow=2,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "application_name": "firstring",
            "options": "-c timezone=UTC -c lock_timeout=3s -c statement_timeout=30s"
            " -c idle_in_transaction_session_timeout=10s",
        },
    )


class Clashed(Unavailable):
    """Another transaction was at the same rows at the same moment, and won; PostgreSQL only."""

    def __init__(self) -> None:
        super().__init__("The floor's database is busy. Please try again.")


_CLASHES = ("40001", "40P01", "55P03", "23505")
"""PostgreSQL's codes for a failed serialization, a deadlock, a lock waited for too long, and a key taken."""
_FULL = ("database or disk is full", "no space left", "disk i/o error")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver says into a sentence for a person."""
    try:
        yield
    except DBAPIError as error:
        said = _said(_first(error))
        if said is None:
            raise
        raise said from error
    except PoolTimeout as error:
        raise Unavailable("The floor's database is busy. Please try again.") from error
    except OSError as error:
        raise (_full() if error.errno == errno.ENOSPC else _unwritable()) from error


def _first(error: DBAPIError) -> DBAPIError:
    """The error that led to this one: a transaction that ended by itself can't be rolled back either."""
    first, before = error, error.__context__
    while before is not None and not isinstance(before, AppError):
        if isinstance(before, DBAPIError):
            first = before
        before = before.__context__
    return first


def _said(error: DBAPIError) -> Unavailable | None:
    """The error for a person; None for one that is a mistake of this program's."""
    code = getattr(error.orig, "sqlstate", None)
    words = str(error.orig).lower()
    if code in _CLASHES:
        return Clashed()
    if code == "53100" or any(part in words for part in _FULL):
        return _full()
    if code == "25006" or "readonly" in words or "unable to open" in words:
        return _unwritable()
    if "locked" in words:
        return Unavailable("The floor's database is busy. Please try again.")
    if "malformed" in words or "not a database" in words:
        return Unavailable("The floor's file is damaged and was left as it is.", "Damaged file")
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return Unavailable("The floor's database does not answer.")
    return None


def _unwritable() -> Unavailable:
    return Unavailable("The floor's file can't be written. Check its folder's permissions.", "Read-only")


def _full() -> Unavailable:
    return Unavailable("The disk is full. Free some space; nothing that was saved is lost.", "Disk full")
