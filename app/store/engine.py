"""Opening a database: SQLite with our own build of it, PostgreSQL with safe time-outs.

A SQLite floor is one file with two engines on it: one connection that writes (every transaction begins with
BEGIN IMMEDIATE, so that reading and then writing can never be refused half-way) and a few that only read. WAL
with synchronous=FULL: what was committed survives a power cut. Drivers' errors are turned into `Unavailable`
here, with the cause kept; a `Clashed` transaction has left no trace and may be run again at once.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DataError, DBAPIError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from app.address import Unsafe, has_several_hosts, secured
from app.domain.errors import AppError, Damaged, NeedsPassword, NoAnswer, Refused, Unavailable
from app.refusals import HERE, note_refusal
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


def open_for_reading(path: Path, *, touch: bool = True) -> Engine:
    """One connection that only reads a floor's file, beside whoever works on it.

    Without `touch` not a byte of the file or its log is changed, whatever state they are in: SQLite would else
    bring a log that was left behind into the file.
    """
    driver = sqlite_module()
    uri = path.resolve().as_uri() + ("?mode=rw" if touch else "?mode=ro")

    def connect() -> Any:
        connection = driver.connect(uri, uri=True, timeout=5, isolation_level=None, check_same_thread=False)
        for pragma in ("query_only=1", "wal_autocheckpoint=0", "cache_size=-2000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return _single(driver, connect)


def open_for_change(path: Path) -> Engine:
    """One connection on a file that nobody else knows of, a copy that is being made ready; it keeps no log."""
    driver = sqlite_module()

    def connect() -> Any:
        connection = driver.connect(str(path), isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=DELETE")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    return _single(driver, connect)


def open_still(path: Path) -> Engine:
    """One connection on a file that nobody changes, a backup: nothing is written, not even beside it."""
    driver = sqlite_module()
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"

    def connect() -> Any:
        return driver.connect(uri, uri=True, isolation_level=None, check_same_thread=False)

    return _single(driver, connect)


def _single(driver: ModuleType, connect: Callable[[], Any]) -> Engine:
    engine = create_engine(
        "sqlite://", module=driver, creator=connect, poolclass=QueuePool, pool_size=1, max_overflow=0
    )

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


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


_SESSION = {
    "timezone": "UTC",
    "lock_timeout": "3s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "10s",
}
"""What a session of a desk is held to. The keepalives of a connection find a computer that was switched off."""
_AT_LEISURE = _SESSION | {
    "lock_timeout": "30s",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}


def dsn(address: str, *, at_leisure: bool = False) -> str:
    """What libpq connects with, for a PostgreSQL address; raises Unavailable for a line that would not be safe.

    A session `at_leisure` may take its time: for an admin's work on the whole floor.
    """
    try:
        safe = secured(address)
    except Unsafe as error:
        raise Unavailable(str(error), "Not a safe line") from error
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    options = " ".join(
        f"-c {name}={value}" for name, value in (_AT_LEISURE if at_leisure else _SESSION).items()
    )
    several = {"target_session_attrs": "read-write"} if has_several_hosts(safe) else {}
    try:
        return make_conninfo(
            safe,
            **several,
            connect_timeout=5,
            keepalives_idle=10,
            keepalives_interval=5,
            keepalives_count=3,
            application_name="firstring",
            options=options,
        )
    except ProgrammingError as error:
        raise Unavailable("That is no address of a PostgreSQL database.", "Not an address") from error


def open_postgresql(address: str, *, at_leisure: bool = False) -> Engine:
    """An engine on a PostgreSQL address (postgresql://user@host/database).

    Raises Unavailable if it is none, or asks for an unsafe line; NeedsPassword comes with the first connection.
    """
    import psycopg

    from app.store.lines import tend

    told = dsn(address, at_leisure=at_leisure)
    open_lines: WeakSet[Any] = WeakSet()

    def connect() -> Any:
        # libpq reads the address: it knows several hosts, we need not. Names are given by `Errand` alone.
        line = psycopg.connect(told, prepare_threshold=None)
        open_lines.add(line)
        return line

    engine = create_engine(
        "postgresql+psycopg://",
        creator=connect,
        pool_size=5,
        max_overflow=2,
        isolation_level="READ COMMITTED",
    )
    tend(engine)
    _lines[engine] = open_lines
    return engine


_lines: WeakKeyDictionary[Engine, WeakSet[Any]] = WeakKeyDictionary()
"""The open connections of each engine, in whosever hands."""


def cut(engine: Engine) -> int:
    """Hang up every open connection of an engine, also those that somebody waits on; how many."""
    count = 0
    for line in list(_lines.get(engine, ())):
        with suppress(Exception):  # one that is closed already has no socket any more
            with socket.socket(fileno=os.dup(line.fileno())) as end:
                end.shutdown(socket.SHUT_RDWR)
            count += 1
    return count


def try_line(address: str) -> None:
    """Connect to a PostgreSQL address and hang up; raises NeedsPassword or Unavailable with the reason."""
    engine = open_postgresql(address)
    try:
        with translated(), engine.connect():
            pass
    finally:
        engine.dispose()


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
    except (DataError, OverflowError) as error:  # what JSON can say and no column can hold
        raise Refused("Something of this is too large or too long to be kept.") from error
    except DBAPIError as error:
        first = _first(error)
        said = _asked_for_password(first) or _said(first)
        if said is None:
            raise
        raise said from error
    except UnicodeDecodeError as error:  # SQLite names what it can't read of a damaged file, byte for byte
        if b"malformed" not in error.object:
            raise
        raise _damaged() from error
    except PendingRollbackError as error:
        raise Unavailable("The floor's database does not answer.") from error
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


def _asked_for_password(error: DBAPIError) -> NeedsPassword | None:
    """The server wants a password, or another one; None where that is not what is wrong."""
    line = getattr(error.orig, "pgconn", None)
    if line is None or getattr(error.orig, "sqlstate", None) is not None:
        return None
    if line.needs_password:
        return NeedsPassword("This floor's database asks for your password.")
    # A refused password and a missing database are told apart by what the server's sentence names.
    user = line.user.decode(errors="replace")
    database = line.db.decode(errors="replace")
    words = str(error.orig)
    if line.used_password and user in words and (database == user or f'"{database}"' not in words):
        note_refusal(HERE, "database", "wrong password")
        return NeedsPassword("That is not the password of this login.", refused=True)
    return None


def _said(error: DBAPIError) -> Unavailable | None:
    """The error for a person; None for one that is a mistake of this program's."""
    code = getattr(error.orig, "sqlstate", None)
    words = str(error.orig).lower()
    if code in _CLASHES:
        return Clashed()
    if code == "42501":
        return Unavailable("Your login may not do that in this floor's database.", "Not allowed")
    if "certificate" in words or "sslrootcert" in words:
        return Unavailable(
            "The certificate of the database's computer could not be checked, so nothing was sent to it. "
            "Your admin can say which certificate is right (sslrootcert).",
            "Not a safe line",
        )
    if "database" in words and "does not exist" in words:
        return Unavailable("There is no database of that name at that address.", "No such floor")
    if code == "53100" or any(part in words for part in _FULL):
        return _full()
    if code == "25006":
        return Unavailable("The floor's database takes no changes now: it is a standby.", "Read-only")
    if "readonly" in words or "unable to open" in words:
        return _unwritable()
    if "locked" in words:
        return Unavailable("The floor's database is busy. Please try again.")
    if any(part in words for part in ("malformed", "not a database", "could not decode to utf-8")):
        return _damaged()
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return NoAnswer("The floor's database does not answer.")
    return None


def _damaged() -> Damaged:
    return Damaged("The floor's file is damaged and was left as it is.", "Damaged file")


def _unwritable() -> Unavailable:
    return Unavailable("The floor's file can't be written. Check its folder's permissions.", "Read-only")


def _full() -> Unavailable:
    return Unavailable("The disk is full. Free some space; nothing that was saved is lost.", "Disk full")
