"""Bringing a floor's schema forward because an admin said so.

A file is copied beside itself first; its desk would do the same when it opens it. A shared database is brought
forward by nobody else, since every desk of the floor is at it: in one transaction, one admin at a time, and
desks of an older program go on working afterwards.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from app.address import is_file
from app.domain.errors import Unavailable
from app.store import engine as engines
from app.store import grants, schema
from app.store.book import Book

Version = tuple[int, int]
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('firstring upgrade', 0))")


def upgrade_floor(address: str) -> tuple[Version, Version]:
    """Bring a floor to this program's schema; (its version before, its version now).

    One that is there already, or beyond, is left as it is. Raises WrongVersion for a newer major or what is no
    floor, Unavailable for a file that is not there.
    """
    if is_file(address):
        return _upgrade_file(Path(address))
    engine = engines.open_postgresql(address, at_leisure=True)
    try:
        with engines.translated(), engine.begin() as connection:
            connection.execute(_ONE_AT_A_TIME)
            schema.check(connection)
            before = schema.version(connection)
            if schema.revision(connection) < schema.REVISION:
                schema.upgrade(connection)
            grants.renew(connection)
            return before, schema.version(connection)
    finally:
        engine.dispose()


def _upgrade_file(path: Path) -> tuple[Version, Version]:
    if not path.exists():
        raise Unavailable(f"There is no floor at {path}.", "No such floor")
    schema.check_file(path)
    writer, reader = engines.open_sqlite(path)
    writer.dispose()
    try:
        with engines.translated(), reader.connect() as connection:
            schema.check(connection)
            before = schema.version(connection)
    finally:
        reader.dispose()
    book = Book(str(path))  # brings it forward, with a copy beside it
    try:
        with book.reading() as r:
            return before, schema.version(r.db)
    finally:
        book.close()
