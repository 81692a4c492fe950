"""Statements made ready: written down by SQLAlchemy once, then said to the driver itself.

Building a statement's text, its parameters and its result costs SQLAlchemy 0.1 ms and more each time, as much as
a whole durable commit when an inquiry needs seventeen of them; the driver alone takes 0.01 ms. So the statements
that every inquiry, every claim and every batch of the feed need are kept here in the words of each database,
with what turns values into the database's own and back. They run in the open transaction of the connection they
are given; what the driver raises is raised as SQLAlchemy's error, so that it is understood in one place.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement, Executable

_Change = Callable[[Any], Any] | None
_Values = Mapping[str, Any]


class Found(Sequence[Any]):
    """The rows that a statement found, each a tuple with names; `rowcount` is how many it changed."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: Any) -> Any:
        return self._rows[at]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def first(self) -> Any | None:
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        (row,) = self._rows
        return row

    def scalar_one(self) -> Any:
        """The one value of the one row."""
        ((value,),) = self._rows
        return value


class Ready:
    """A statement that is written down at its first use on each kind of database."""

    __slots__ = ("_spoken", "_statement")

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._spoken: dict[tuple[str, int], _Spoken] = {}

    def on(self, db: Connection, values: _Values | None = None) -> Found:
        """Say it in the open transaction of `db`. Always with the same names of values."""
        return self._on(db, values or {}).say(db, values or {})

    def for_each(self, db: Connection, rows: Sequence[_Values]) -> None:
        """Say it once for each row of values, all with the same names."""
        if rows:
            self._on(db, rows[0]).say_all(db, rows)

    def _on(self, db: Connection, values: _Values) -> _Spoken:
        key = (db.dialect.name, len(values))
        spoken = self._spoken.get(key)
        if spoken is None:
            spoken = self._spoken[key] = _Spoken(self._statement, db, list(values))
        return spoken


class _Spoken:
    """A statement in the words of one database."""

    def __init__(self, statement: Executable, db: Connection, names: list[str]) -> None:
        assert isinstance(statement, ClauseElement)
        dialect = db.dialect
        compiled: Any = statement.compile(dialect=dialect, column_keys=names)
        self.text = str(compiled)
        self._positional = bool(compiled.positional)
        self._given: list[tuple[str, bool, Any, _Change]] = []
        for name in compiled.positiontup if self._positional else compiled.binds:
            bind = compiled.binds[name]
            change = bind.type.dialect_impl(dialect).bind_processor(dialect)
            asked = name in names
            fixed = None if asked else bind.value if change is None else change(bind.value)
            self._given.append((name, asked, fixed, change))
        columns = list(getattr(statement, "selected_columns", ()))
        self._changes: list[tuple[int, Callable[[Any], Any]]] = []
        for at, column in enumerate(columns):
            change = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if change is not None:
                self._changes.append((at, change))
        named: list[str] = [getattr(column, "key", None) or "_" for column in columns]
        made: Any = namedtuple
        self._row: Callable[[Any], Any] = made("Row", named, rename=True)._make
        self._finds = bool(columns)

    def say(self, db: Connection, values: _Values) -> Found:
        cursor = self._run(db, "execute", self._told(values))
        if not self._finds:
            return Found([], cursor.rowcount)
        found = cursor.fetchall()
        if self._changes:
            rows = []
            for row in found:
                changed = list(row)
                for at, change in self._changes:
                    changed[at] = change(changed[at])
                rows.append(self._row(changed))
        else:
            rows = list(map(self._row, found))
        return Found(rows, len(rows))

    def say_all(self, db: Connection, rows: Sequence[_Values]) -> None:
        self._run(db, "executemany", [self._told(values) for values in rows])

    def _told(self, values: _Values) -> Any:
        told = [
            fixed if not asked else values[name] if change is None else change(values[name])
            for name, asked, fixed, change in self._given
        ]
        return (
            tuple(told)
            if self._positional
            else dict(zip((given[0] for given in self._given), told, strict=True))
        )

    def _run(self, db: Connection, how: str, told: Any) -> Any:
        driver: Any = db.connection.driver_connection
        try:
            cursor = driver.cursor()
            getattr(cursor, how)(self.text, told)
        except db.dialect.loaded_dbapi.Error as error:
            gone = db.dialect.is_disconnect(error, driver, None)
            if gone:
                db.invalidate(error)
            raise DBAPIError.instance(
                self.text,
                None,
                error,
                db.dialect.loaded_dbapi.Error,
                connection_invalidated=gone,
                dialect=db.dialect,
            ) from error
        return cursor
