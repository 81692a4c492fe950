"""What the tables' columns hold: instants as each database keeps them, ids, and the empty text.

Instants are microseconds since 1970 on SQLite and `timestamptz` on PostgreSQL, aware UTC datetimes in Python.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, String, Text, literal_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.store.instants import read, stored


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[int]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], object] | None:
        return None if dialect.name == "postgresql" else stored

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None]:
        return _in_utc if dialect.name == "postgresql" else read


def _in_utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)


metadata = MetaData()
"""Of all tables."""
Id = String(36)
NOTHING = literal_column("''", Text)
"""The empty text, as part of a statement: SQLite plans anew for each value of a bound one that a partial index asks
for."""
