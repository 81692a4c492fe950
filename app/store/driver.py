"""SQLite's driver, as it is: which one, on which addresses. Everything else that knows SQL is in need of SQLAlchemy."""

from __future__ import annotations

import sqlite3
from types import ModuleType

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
