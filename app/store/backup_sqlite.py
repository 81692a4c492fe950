"""Backing a file up: copied page by page from one look at it, beside whoever works on it.

SQLite's own backup interface copies from a connection whose look began with the counting of the rows; what is
written meanwhile goes into the log and changes nothing of that look. After each slice the copy is brought to the
disk, so that a commit of the floor never finds a long queue of somebody else's pages before it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from app.domain.errors import Unavailable
from app.store import schema
from app.store.backup import BadBackup, Facts, check_restored, facts_of, need_space
from app.store.driver import sqlite_module
from app.store.engine import open_for_reading, open_still, translated

_PAGES = 512
"""Pages in a slice: 2 MB."""


def take(address: str, part: Path, now: datetime, wanted: Callable[[Facts], bool]) -> Facts | None:
    """Copy a floor's file to `part` and verify the copy; None when its facts are not wanted. Raises AppError."""
    path = Path(address)
    if not path.exists():
        raise Unavailable(f"There is no floor at {path}.", "No such floor")
    engine = open_for_reading(path)
    try:
        with translated(), engine.begin() as connection:
            facts = facts_of(connection, now)
            if not wanted(facts):
                return None
            need_space(part.parent, _size(path))
            _copy(connection.connection.driver_connection, part)
    finally:
        engine.dispose()
    verify(part, facts)
    return replace(facts, restored=True)


def _size(path: Path) -> int:
    log = Path(f"{path}-wal")
    return path.stat().st_size + (log.stat().st_size if log.exists() else 0)


def _copy(source: Any, part: Path) -> None:
    driver = sqlite_module()
    part.unlink(missing_ok=True)
    with part.open("wb") as file:
        try:
            with closing(driver.connect(str(part), isolation_level=None)) as target:
                # One that is broken off is thrown away: it needs no journal. A small cache makes it write as it goes.
                for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-2000"):
                    target.execute(f"PRAGMA {pragma}")
                source.backup(target, pages=_PAGES, progress=lambda *_: os.fsync(file.fileno()))
            with closing(driver.connect(str(part), isolation_level=None)) as target:
                target.execute("PRAGMA journal_mode=DELETE")  # a single file, that no log belongs to
        except driver.Error as error:
            words = str(error).lower()
            if "full" in words or "disk i/o" in words:
                raise BadBackup(f"The disk with {part.parent} is full.", "Disk full") from error
            raise BadBackup(f"The floor's file could not be copied: {error}.") from error
        os.fsync(file.fileno())


def verify(path: Path, facts: Facts | None = None) -> Facts:
    """Restore a backup in thought: open it as a floor, read every page, recompute its chain, count its rows.

    `facts` are what must be found; None takes what is there, for a backup that lost its facts. Raises BadBackup
    or WrongVersion.
    """
    schema.check_file(path)
    engine = open_still(path)
    try:
        with translated(), engine.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            if found != "ok":
                raise BadBackup(f"The backup {path.name} is damaged: {found}.")
            facts = facts or facts_of(connection, _ages_ago(path))
            check_restored(connection, facts)
            return facts
    except DBAPIError as error:
        raise BadBackup(f"The backup {path.name} is damaged: {error.orig}.") from error
    except Unavailable as error:
        raise BadBackup(f"The backup {path.name} can't be read: {error.message}") from error
    finally:
        engine.dispose()


def _ages_ago(path: Path) -> datetime:
    """When a file was last written."""
    from datetime import UTC

    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
