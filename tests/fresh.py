"""Fresh floors: a file, or a PostgreSQL database of its own, each a copy of one that was made once a session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from app.store.book import start_floor

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
        postgres = cluster()
        url = postgres.clone("floor", lambda made: start_floor(made, NAME, START))
        yield url
        postgres.drop(url)


@cache
def _template() -> Path:
    folder = TemporaryDirectory(prefix="firstring-template-")
    _kept.append(folder)
    path = Path(folder.name) / "template.floor"
    start_floor(str(path), NAME, START)
    return path


_kept: list[TemporaryDirectory[str]] = []
"""Kept until the session ends, which removes them."""
