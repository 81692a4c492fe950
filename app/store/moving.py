"""A whole floor from one database to another: a file to PostgreSQL, and back.

The source is read in one transaction that keeps writers out, and is left as it was. Everything is written in one
transaction at the target, guards last, so that numbers and hashes come over as they are. Before that commits,
the target is read back: each table's rows are counted, their digest is compared with the source's, and the
journal's chain is computed anew. Broken off anywhere, the target is as empty as before, and the same words
begin again. Only login roles stay behind: they belong to the server that they log in to.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, insert, select

from app.address import is_file
from app.domain.errors import Unavailable, WrongVersion
from app.store import engine as engines
from app.store import grants, guards, schema
from app.store import tables as t
from app.store.book import remove_leftovers
from app.store.instants import micros
from app.store.place import FloorLock, check_place
from app.store.reading import Reading

_ROWS = 500
"""Rows that are read, and written, at a time."""


@dataclass(frozen=True, slots=True)
class Moving:
    """How far it is: `step` is "copying" or "checking"."""

    step: str
    table: str
    done: int
    rows: int
    """Of all tables together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What came over, as it was read back."""

    rows: tuple[tuple[str, int], ...]
    """Table and count of rows."""
    events: int
    head: str
    """Hash of the last event."""
    people: str = ""
    """Why people can have no login roles of their own there, in a sentence; "" if they can."""


Tell = Callable[[Moving], None]


class _Digest:
    """Of a table's rows, whatever order they come in: databases order text each in its own way."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, row: Sequence[Any]) -> None:
        self.rows += 1
        line = "\x1f".join(map(_plain, row)).encode("utf-8", "surrogatepass")
        self._sum = (self._sum + int.from_bytes(hashlib.sha256(line).digest())) % (1 << 256)

    @property
    def value(self) -> tuple[int, int]:
        return self.rows, self._sum


def _plain(value: Any) -> str:
    """A column's value in the same letters, whichever database it came from."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return f"b{int(value)}"
    if isinstance(value, datetime):
        return f"i{micros(value)}"
    if isinstance(value, int):
        return f"i{value}"
    if isinstance(value, bytes | memoryview):
        return f"x{bytes(value).hex()}"
    return f"t{value}"


def move_floor(source: str, target: str, tell: Tell | None = None) -> Moved:
    """Copy the floor at `source` to the empty place `target`; returns once it is proven to be the same.

    Raises Unavailable: for a source that is open in a window, a target that is not empty, a copy that is not
    the same, and WrongVersion for a floor of another schema than this program's. KeyboardInterrupt from `tell`
    is as good as any error: nothing is left at the target.
    """
    with _source(source) as reading, _target(target) as writing:
        tables = [table for table in t.metadata.sorted_tables if table is not t.logins]
        total = sum(_count(reading, table) for table in tables)
        schema.lay(writing)
        moved = 0
        digests = {}
        for table in tables:
            digests[table.name] = digest = _Digest()
            for rows in _chunks(reading, table):
                for row in rows:
                    digest.add(row)
                writing.execute(insert(table), [row._asdict() for row in rows])
                moved += len(rows)
                _say(tell, "copying", table, moved, total)
        read = 0
        for table in tables:
            digest = _Digest()
            for rows in _chunks(writing, table):
                for row in rows:
                    digest.add(row)
                read += len(rows)
                _say(tell, "checking", table, read, total)
            if digest.value != digests[table.name].value:
                raise Unavailable(
                    f"The copy of {table.name} is not the same as the original; nothing was moved.",
                    "Not moved",
                )
        look = Reading(writing)
        fault = guards.chain_fault(look)
        if fault:
            raise Unavailable(f"The journal does not hold: {fault}. Nothing was moved.", "Not moved")
        guards.install(writing)
        people = "" if is_file(target) else grants.arrange(writing)
        last, head = look.head()
    counts = tuple((name, digest.rows) for name, digest in sorted(digests.items()))
    return Moved(rows=counts, events=last, head=head, people=people)


def _say(tell: Tell | None, step: str, table: Table, done: int, rows: int) -> None:
    if tell is not None:
        tell(Moving(step, table.name, done, rows))


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _chunks(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    streamed = connection.execute(select(table).execution_options(yield_per=_ROWS))
    with streamed as rows:
        yield from rows.partitions()


# the two ends


@contextmanager
def _source(address: str) -> Iterator[Connection]:
    """The floor to be moved, at one moment, with its writers kept out until the end."""
    lock: FloorLock | None = None
    if is_file(address):
        path = Path(address)
        if not path.exists():
            raise Unavailable(f"There is no floor at {path}.", "No such floor")
        schema.check_file(path)
        lock = FloorLock(path)
        lock.take()  # a desk that has it open says no here
    engine: Engine | None = None
    try:
        if lock is not None:
            engine, reader = engines.open_sqlite(Path(address))
            reader.dispose()
        else:
            engine = engines.open_postgresql(address, at_leisure=True)
        with engines.translated(), engine.connect() as connection, connection.begin() as moment:
            schema.check(connection)
            if schema.revision(connection) != schema.REVISION:
                raise WrongVersion(
                    "This floor has another schema than this program. Upgrade the floor (`floor upgrade`) or "
                    "update Firstring, then move it.",
                    "Not moved",
                )
            if lock is None:
                _keep_writers_out(connection)
            yield connection
            moment.rollback()
    finally:
        if engine is not None:
            engine.dispose()
        if lock is not None:
            lock.release()


def _keep_writers_out(connection: Connection) -> None:
    """Every commit before this is seen, and none comes after; who looks on is not disturbed."""
    names = ", ".join(f'"{table.name}"' for table in t.metadata.sorted_tables)
    connection.exec_driver_sql(f"LOCK TABLE {names} IN SHARE MODE")


@contextmanager
def _target(address: str) -> Iterator[Connection]:
    """An empty place: what is written there is whole when this ends well, and gone when it does not."""
    with engines.translated():
        if is_file(address):
            yield from _target_file(Path(address))
            return
        engine = engines.open_postgresql(address, at_leisure=True)
        try:
            with engine.begin() as connection:
                if not schema.is_empty(connection):
                    raise Unavailable("The database to move to is not empty; nothing was moved.", "Not moved")
                yield connection
        finally:
            engine.dispose()


def _target_file(path: Path) -> Iterator[Connection]:
    check_place(path)
    if path.exists() and path.stat().st_size:
        raise Unavailable(f"There is a file at {path} already; nothing was moved.", "Not moved")
    making = remove_leftovers(path)
    writer, reader = engines.open_sqlite(making)
    reader.dispose()
    try:
        with writer.begin() as connection:
            yield connection
    except BaseException:
        writer.dispose()
        for end in ("", "-wal", "-shm"):
            Path(f"{making}{end}").unlink(missing_ok=True)
        raise
    writer.dispose()
    os.replace(making, path)
