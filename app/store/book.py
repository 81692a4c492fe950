"""The book: a floor's database, opened for reading or writing, one transaction at a time.

`writing(actor, now)` is a transaction; what is recorded in it becomes events of the feed when it commits, and
the bell rings after. `reading()` is a consistent look. Nothing outside `store` sees a table.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, text, update

from app.address import is_file
from app.clock import new_id
from app.domain.errors import Unavailable
from app.store import bounds, grants, guards, schema
from app.store import engine as engines
from app.store import tables as t
from app.store.feed import Bell
from app.store.instants import micros
from app.store.reading import Reading
from app.store.ready import Ready, together
from app.store.writing import Writing

if TYPE_CHECKING:
    from app.store.doorbell import Listener

_log = logging.getLogger(__name__)
_STAMP = Ready(update(t.feed).where(t.feed.c.one == 1).values(last=bindparam("n"), head=bindparam("h")))
_FEED = Ready(select(t.feed.c.last, t.feed.c.head))
_ADD = Ready(insert(t.events))
_ADD_AT_ONCE = Ready(
    text(
        "INSERT INTO events (id, tx, at, actor, kind, lead_id, body) "
        "SELECT new.id, :tx, :at, :actor, new.kind, new.lead_id, new.body FROM unnest("
        "CAST(:ids AS text[]), CAST(:kinds AS text[]), CAST(:lead_ids AS text[]), CAST(:bodies AS text[])) "
        "AS new (id, kind, lead_id, body)"
    )
)
"""PostgreSQL's: one statement, whatever the number of events."""
_SEQ_OF_TX = Ready(
    select(t.events.c.seq).where(t.events.c.tx == bindparam("tx")).order_by(t.events.c.seq.desc()).limit(1)
)
_BEGIN = Ready(text("BEGIN ISOLATION LEVEL READ COMMITTED"))
_BEGIN_LOOKING = Ready(text("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
_COMMIT = Ready(text("COMMIT"))
"""PostgreSQL's, said along with what is said first and last."""


class Book:
    """An open floor database. Thread-safe; close it when done."""

    def __init__(self, address: str, *, read_only: bool = False) -> None:
        """Open what is there; `start_floor` makes a new one first. Raises Unavailable or WrongVersion.

        A `read_only` book changes nothing, not even what a crash left behind: it may be read beside an open desk.
        """
        self.address = address
        self.bell = Bell()
        self._writer: Engine
        self._reader: Engine
        if is_file(address):
            if not Path(address).exists():
                raise Unavailable(f"There is no floor at {address}.", "No such floor")
            schema.check_file(Path(address))
            self._writer, self._reader = engines.open_sqlite(Path(address))
        else:
            self._writer = self._reader = engines.open_postgresql(address)
        self.is_sqlite = self._writer.dialect.name == "sqlite"
        self._one_writer: AbstractContextManager[object] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )
        self._listener: Listener | None = None
        self._opening = threading.Lock()
        try:
            with engines.translated(), self._reader.connect() as connection:
                schema.check(connection)
                behind = schema.revision(connection) < schema.REVISION
            if behind and not read_only:
                self._upgrade()
            if self.is_sqlite and not read_only:
                self._sweep()
        except BaseException:
            self.close()
            raise

    def _upgrade(self) -> None:
        if not self.is_sqlite:
            with engines.translated(), self._reader.connect() as connection:
                major, minor = schema.version(connection)
            raise Unavailable(
                f"This floor's database is older than this program (its schema is {major}.{minor}, this program "
                f"needs {schema.MAJOR}.{schema.MINOR}): an admin has to upgrade it once, with `firstring floor "
                "upgrade` and its address. Nothing was changed.",
                "The floor has to be upgraded",
            )
        path = Path(self.address)
        copy, part = path.with_suffix(f".before-{schema.REVISION}.floor"), path.with_suffix(".copying")
        with engines.translated():
            part.unlink(missing_ok=True)
            with self._reader.connect() as connection:
                connection.connection.cursor().execute("VACUUM INTO ?", (str(part),))
            engines.check_whole(part)
            os.replace(part, copy)
            with self._writer.begin() as connection:
                schema.upgrade(connection)

    def _sweep(self) -> None:
        """Forget files that were coming in when the program was ended: nothing of them was ever shown."""
        with engines.translated(), self._writer.begin() as connection:
            left = select(t.imports.c.id).where(t.imports.c.state.in_(("open", "cancelling")))
            for import_id in connection.execute(left).scalars().all():
                forget_import(connection, import_id)

    def time(self) -> datetime:
        """The database server's own time, asked by itself and at once; not for a file. Raises Unavailable."""
        with engines.translated(), self._reader.connect() as connection:
            at_once = connection.execution_options(isolation_level="AUTOCOMMIT")
            at: datetime = at_once.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return at.astimezone(UTC)

    def watch(self) -> int:
        """End sessions that have kept the feed from everybody for 2 s; how many. Raises Unavailable."""
        if self.is_sqlite:
            return 0
        with engines.translated(), self._writer.connect() as connection:
            return bounds.watch(connection.execution_options(isolation_level="AUTOCOMMIT"))

    def listen(self) -> None:
        """Hear what other programs commit as well, until the book is closed. SQLite has one program to a file."""
        with self._opening:
            if not self.is_sqlite and self._listener is None:
                from app.store.doorbell import Listener

                self._listener = Listener(engines.dsn(self.address), self.bell, self._cut)
                self._listener.start()

    @property
    def doorbell(self) -> str:
        """What is wrong with the doorbell, for the foot of a window; "" while it is heard."""
        return self._listener.trouble if self._listener is not None else ""

    def _cut(self) -> None:
        """The floor's computer fell silent: whoever waits for an answer of it is let go."""
        _log.warning("the floor's database does not answer; its %d lines are cut", engines.cut(self._writer))

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A consistent look at the floor."""
        with engines.translated(), self._reader.connect() as connection, connection.begin():
            if not self.is_sqlite:
                _BEGIN_LOOKING.later(connection)
            yield Reading(connection)

    @contextmanager
    def writing(self, actor: str, now: datetime) -> Iterator[Writing]:
        """A transaction by `actor` at floor time `now`; commits at the end, or leaves no trace.

        Raises Unavailable; `engines.Clashed` when it may be run again at once.
        """
        with engines.translated(), self._one_writer, self._writer.connect() as connection:
            with connection.begin():
                if not self.is_sqlite:
                    _BEGIN.later(connection)
                writing = Writing(connection, actor, now, new_id())
                yield writing
                writing.milestones.settle()
                if self.is_sqlite:
                    self._stamp(connection, writing)
                else:
                    self._finish(connection, writing)
                writing.milestones.committed()
            if writing.recorded or writing.rings:
                self.bell.ring()

    def why_not_served(self) -> str:
        """Why no server can work by the login that opened this book, in a sentence, or ""; raises Unavailable."""
        if self.is_sqlite:
            return ""
        with engines.translated(), self._reader.connect() as connection:
            return grants.why_not_served(connection)

    def change_logins(self, change: Callable[[Connection], None]) -> None:
        """Make or take away login roles, in one transaction; raises Refused or Unavailable."""
        with engines.translated(), self._writer.begin() as connection:
            change(connection)

    def _stamp(self, connection: Connection, writing: Writing) -> None:
        """On SQLite: append what was recorded, numbered and chained, the counter last of all."""
        seq, head = _FEED.on(connection).one()
        if writing.recorded:
            rows = [_event_row(writing, *recorded) for recorded in writing.recorded]
            for row in rows:
                seq += 1
                head = guards.chained(
                    head,
                    seq,
                    row["id"],
                    micros(row["at"]),
                    row["actor"],
                    row["kind"],
                    row["lead_id"],
                    row["body"],
                )
                row.update(seq=seq, hash=head)
            _ADD.for_each(connection, rows)
            _STAMP.on(connection, {"n": seq, "h": head})
        writing.cursor = seq

    def _finish(self, connection: Connection, writing: Writing) -> None:
        """On PostgreSQL: append what was recorded, commit, and see which numbers it was given."""
        if not writing.recorded:
            found, _ = together(connection, (_FEED, {}), (_COMMIT, {}))
            writing.cursor = found.one()[0]
            return
        lead_ids, kinds, bodies = zip(*writing.recorded, strict=True)
        _ADD_AT_ONCE.later(
            connection,
            {
                "tx": writing.tx,
                "at": writing.now,
                "actor": writing.actor,
                "ids": [new_id() for _ in bodies],
                "kinds": list(kinds),
                "lead_ids": list(lead_ids),
                "bodies": _array(bodies),
            },
        )
        _, found = together(connection, (_COMMIT, {}), (_SEQ_OF_TX, {"tx": writing.tx}))
        writing.cursor = found.scalar_one()

    def close(self) -> None:
        if self._listener is not None:
            self._listener.stop()
            self._listener.join()
        self._writer.dispose()
        self._reader.dispose()


def _array(texts: Iterable[str]) -> str:
    """Texts as PostgreSQL writes an array of them. The driver takes eight seconds for the 50 MB that a large file's end
    records, and a transaction that is idle for ten is ended."""
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in escaped) + "}"


def _event_row(writing: Writing, lead_id: str, kind: str, body: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "tx": writing.tx,
        "at": writing.now,
        "actor": writing.actor,
        "kind": kind,
        "lead_id": lead_id,
        "body": body,
    }


GIVEN_UP = ("cancelling", "cancelled")
"""States of an import that was cancelled: with its staged rows still there, and without."""


def forget_import(connection: Connection, import_id: str) -> None:
    """Delete an unfinished import and everything that was staged for it."""
    for table in (t.leads, t.inquiries, t.pasts):
        connection.execute(delete(table).where(table.c.import_id == import_id))
    connection.execute(update(t.imports).where(t.imports.c.id == import_id).values(state="cancelled"))


def start_floor(address: str, name: str, now: datetime) -> None:
    """Make a new floor in a new file or an empty database; raises Unavailable if something is there."""
    with engines.translated():
        if is_file(address):
            _make_file(Path(address), name, now)
            return
        engine = engines.open_postgresql(address)
        try:
            with engine.begin() as connection:
                if not schema.is_empty(connection):
                    raise Unavailable("That database is not empty; a floor needs one of its own.", "Not made")
                schema.create(connection, new_id(), name, now)
                grants.arrange(connection)  # where that can't be, `floor person add` says why
        finally:
            engine.dispose()


def remove_leftovers(path: Path) -> Path:
    """Where a floor's file is made before it is whole; what is left of an earlier try, or another floor, goes."""
    making = path.with_name(f"{path.name}.making")
    # What a floor of this name left behind would be taken for the new one's.
    for left in (making, *(Path(f"{file}{end}") for file in (making, path) for end in ("-wal", "-shm"))):
        left.unlink(missing_ok=True)
    return making


def _make_file(path: Path, name: str, now: datetime) -> None:
    """Make a floor's file beside its place and put it there once it is whole."""
    if path.exists() and path.stat().st_size:
        raise Unavailable(f"There is a file at {path} already.", "Not made")
    path.parent.mkdir(parents=True, exist_ok=True)
    making = remove_leftovers(path)
    writer, reader = engines.open_sqlite(making)
    reader.dispose()
    try:
        with writer.begin() as connection:
            schema.create(connection, new_id(), name, now)
    finally:
        writer.dispose()
    os.replace(making, path)
