"""Fresh floors: a file or a PostgreSQL database of its own, like one that was made once a session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from app.store.book import start_floor
from app.store.schema import MAJOR, MINOR
from app.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.postgres import Cluster

Database = Literal["sqlite", "postgresql"]
DATABASES: tuple[Database, ...] = ("sqlite", "postgresql")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, nine in the morning in London; every floor here was started then."""
NAME = "Test floor"


@contextmanager
def fresh_floor(database: Database, folder: Path, cluster: Callable[[], Cluster]) -> Iterator[str]:
    """The address of a floor just started. `cluster` is asked for only where it is needed."""
    if database == "sqlite":
        path = folder / "test.floor"
        shutil.copyfile(_template(), path)
        yield str(path)
    else:
        yield from _on_postgresql(cluster())


def _on_postgresql(cluster: Cluster) -> Iterator[str]:
    """One database is emptied and used again: to make one and drop it takes four times as long."""
    spare = _spare.setdefault(cluster, [])
    url = spare.pop() if spare else cluster.clone("floor", lambda made: start_floor(made, NAME, START))
    yield url
    if _emptied(url):
        spare.append(url)
    else:  # somebody is still at it
        cluster.drop(url)


def _emptied(url: str) -> bool:
    """Whether a floor could be put back to what it was when it was started."""
    import psycopg

    try:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("SET lock_timeout = '1s'")
            connection.execute("SET session_replication_role = replica")  # the journal's guards look away
            connection.execute(f"TRUNCATE {', '.join(_FILLED)}".encode())
            connection.execute("DELETE FROM rulebooks WHERE version > 1")
            connection.execute("UPDATE feed SET last = 0, head = ''")
            connection.execute(
                "UPDATE floor SET rulebook = 1, schema_major = %s, schema_minor = %s", (MAJOR, MINOR)
            )
            armed = "SELECT bool_and(tgenabled = 'O') FROM pg_trigger WHERE NOT tgisinternal"
            row = connection.execute(armed.encode()).fetchone()
            return row is not None and bool(row[0])
    except psycopg.Error:
        return False


_FILLED = sorted(set(metadata.tables) - {"floor", "feed", "rulebooks"})
_spare: WeakKeyDictionary[Cluster, list[str]] = WeakKeyDictionary()
"""Of each cluster, the floors that nobody uses just now."""


@cache
def _template() -> Path:
    folder = TemporaryDirectory(prefix="firstring-template-")
    _kept.append(folder)
    path = Path(folder.name) / "template.floor"
    start_floor(str(path), NAME, START)
    return path


_kept: list[TemporaryDirectory[str]] = []
"""Kept until the session ends, which removes them."""
