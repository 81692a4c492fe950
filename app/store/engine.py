"""Opening a database: SQLite with our own build of it, PostgreSQL with safe time-outs.

A SQLite floor is one file with two engines on it: one connection that writes (every transaction begins with
BEGIN IMMEDIATE, so that reading and then writing can never be refused half-way) and a few that only read. WAL
with synchronous=FULL: what was committed survives a power cut. Drivers' errors are turned into `Unavailable`
here, with the cause kept.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import QueuePool

from app.domain.errors import Unavailable

SAFE_SQLITE = (3, 51, 3)
"""Older ones can corrupt a WAL file that two connections use (sqlite.org/wal.html#walresetbug)."""


def sqlite_module() -> ModuleType:
    """The SQLite driver: the standard library's where it is new enough, else the one we bring."""
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return sqlite3
    try:
        import pysqlite3.dbapi2 as brought
    except ImportError:
        return sqlite3
    return brought  # type: ignore[no-any-return]


def is_file(address: str) -> bool:
    """Whether a floor's address is a file, not a database server."""
    return "://" not in address


def open_sqlite(path: Path) -> tuple[Engine, Engine]:
    """(writer, reader) engines on a database file, which is created if it is not there."""
    driver = sqlite_module()

    def connect() -> Any:
        return driver.connect(str(path), timeout=5, isolation_level=None, check_same_thread=False, cached_statements=256)

    def made(size: int, begin: str) -> Engine:
        engine = create_engine(
            "sqlite://", module=driver, creator=connect, poolclass=QueuePool, pool_size=size, max_overflow=0
        )

        @event.listens_for(engine, "connect")
        def tune(connection: Any, _record: object) -> None:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "temp_store=MEMORY", "cache_size=-8000"):  # fmt: skip
                connection.execute(f"PRAGMA {pragma}")
            if begin == "BEGIN":
                connection.execute("PRAGMA wal_autocheckpoint=0")

        @event.listens_for(engine, "begin")
        def start(connection: Any) -> None:
            connection.exec_driver_sql(begin)

        return engine

    return made(1, "BEGIN IMMEDIATE"), made(3, "BEGIN")


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


_FULL = ("database or disk is full", "no space left", "disk i/o error")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver says into a sentence for a person."""
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).lower()
        if any(words in said for words in _FULL):
            raise Unavailable("The disk is full. Free some space; nothing that was saved is lost.", "Disk full") from error
        if "readonly" in said or "read-only" in said or "unable to open" in said:
            raise Unavailable("The floor's file can't be written. Check its folder's permissions.", "Read-only") from error
        if "locked" in said or "lock timeout" in said:
            raise Unavailable("The floor's database is busy. Please try again.") from error
        if "malformed" in said or "not a database" in said:
            raise Unavailable("The floor's file is damaged and was left as it is.", "Damaged file") from error
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise Unavailable("The floor's database does not answer.") from error
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Unavailable("The disk is full. Free some space; nothing that was saved is lost.", "Disk full") from error
        raise
