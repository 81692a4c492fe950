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
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Dialect, UpdateBase
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.expression import ClauseElement, Executable

if TYPE_CHECKING:
    from app.store.errand import Answer, Errand

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
        return self.spoken(db, values or {}).say(db, values or {})

    def later(self, db: Connection, values: _Values | None = None) -> None:
        """Say it before whatever is said next; on SQLite, to which there is no way to go, at once.

        For what finds nothing and can't come to nothing: an insert, or a change of a row that is locked.
        """
        self.spoken(db, values or {}).say_later(db, values or {})

    def for_each(self, db: Connection, rows: Sequence[_Values]) -> None:
        """Say it once for each row of values, all with the same names."""
        for values in rows:
            self.later(db, values)

    def spoken(self, db: Connection, values: _Values) -> _Spoken:
        """The statement in the words of this database."""
        key = (db.dialect.name, len(values))
        spoken = self._spoken.get(key)
        if spoken is None:
            kind = _OnSQLite if db.dialect.name == "sqlite" else _OnPostgreSQL
            spoken = self._spoken[key] = kind(self._statement, db.dialect, list(values))
        return spoken


def foresee(db: Connection, *asked: tuple[Ready, _Values]) -> None:
    """On PostgreSQL, read at once what will be asked. It is not asked again until this transaction writes."""
    if db.dialect.name != "sqlite":
        found = together(db, *asked)
        _errand(db).seen.update(
            ((ready.spoken(db, values), *values.values()), one)
            for (ready, values), one in zip(asked, found, strict=True)
        )


def together(db: Connection, *asked: tuple[Ready, _Values]) -> list[Found]:
    """Say several statements in one go, on PostgreSQL with what waits before them; what each found."""
    if db.dialect.name == "sqlite":
        return [ready.on(db, values) for ready, values in asked]
    said = []
    for ready, values in asked:
        said.append(ready.spoken(db, values))
        said[-1].say_later(db, values)
    with _heard(db, said[-1].text):
        answers = _errand(db).go()[-len(said) :]
        return [one.found(answer) for one, answer in zip(said, answers, strict=True)]


def flush(db: Connection) -> None:
    """Say what waits on PostgreSQL."""
    if db.dialect.name == "sqlite":
        return
    errand = _errand(db)
    errand.seen.clear()
    if errand.waits:
        with _heard(db, "what waited"):
            errand.go()


def mark(db: Connection) -> int:
    """Where the transaction is, for `forget`."""
    return 0 if db.dialect.name == "sqlite" else _errand(db).mark()


def forget(db: Connection, since: int) -> bool:
    """Drop what waits after a mark; whether nothing after it was said yet, so that there is nothing to undo."""
    return db.dialect.name != "sqlite" and _errand(db).drop(since)


class _Spoken:
    """A statement in the words of one database."""

    text: str

    def __init__(self, statement: Executable, told: Dialect, written: Dialect, names: list[str]) -> None:
        """`written` is how it is compiled, `told` what the driver takes and gives."""
        assert isinstance(statement, ClauseElement)
        compiled: Any = statement.compile(dialect=written, column_keys=names)
        self.text = str(compiled)
        self._given: list[tuple[str, bool, Any, _Change]] = []
        for name in compiled.positiontup or ():
            bind = compiled.binds[name]
            change = bind.type.dialect_impl(told).bind_processor(told)
            asked = name in names
            fixed = None if asked else bind.value if change is None else change(bind.value)
            self._given.append((name, asked, fixed, change))
        columns = list(getattr(statement, "selected_columns", ()))
        self._changes: list[tuple[int, Callable[[Any], Any]]] = []
        for at, column in enumerate(columns):
            change = column.type.dialect_impl(told).result_processor(told, None)
            if change is not None:
                self._changes.append((at, change))
        named: list[str] = [getattr(column, "key", None) or "_" for column in columns]
        made: Any = namedtuple
        self._row: Callable[[Any], Any] = made("Row", named, rename=True)._make
        self._finds = bool(columns)

    def say(self, db: Connection, values: _Values) -> Found:
        raise NotImplementedError

    def say_later(self, db: Connection, values: _Values) -> None:
        raise NotImplementedError

    def found(self, answer: Answer) -> Found:
        """What an answer of PostgreSQL's says."""
        if not self._finds:
            return Found([], answer.changed)
        rows = self._rows(answer.rows()) if self._changes else answer.rows(self._row)
        return Found(rows, len(rows))

    def _told(self, values: _Values) -> list[Any]:
        return [
            fixed if not asked else values[name] if change is None else change(values[name])
            for name, asked, fixed, change in self._given
        ]

    def _rows(self, found: list[Any]) -> list[Any]:
        if not self._changes:
            return list(map(self._row, found))
        rows = []
        for row in found:
            changed = list(row)
            for at, change in self._changes:
                changed[at] = change(changed[at])
            rows.append(self._row(changed))
        return rows


class _OnSQLite(_Spoken):
    def __init__(self, statement: Executable, dialect: Dialect, names: list[str]) -> None:
        super().__init__(statement, dialect, dialect, names)

    def say(self, db: Connection, values: _Values) -> Found:
        told = self._told(values)
        with _heard(db, self.text):
            driver: Any = db.connection.driver_connection
            cursor = driver.execute(self.text, told)
            if not self._finds:
                return Found([], cursor.rowcount)
            rows = self._rows(cursor.fetchall())
        return Found(rows, len(rows))

    def say_later(self, db: Connection, values: _Values) -> None:
        self.say(db, values)


class _OnPostgreSQL(_Spoken):
    def __init__(self, statement: Executable, dialect: Dialect, names: list[str]) -> None:
        from app.store.errand import Words

        numbered: Any = type(dialect)  # whose values are written "$1"
        super().__init__(statement, dialect, numbered(paramstyle="numeric_dollar"), names)
        self.words = Words(self.text, len(self._given))
        self._writes = isinstance(statement, UpdateBase)

    def say(self, db: Connection, values: _Values) -> Found:
        errand = _errand(db)
        if self._finds:
            seen: Found | None = errand.seen.get((self, *values.values())) if errand.seen else None
            if seen is not None:
                return seen
        elif self._writes:
            errand.seen.clear()
        with _heard(db, self.text):
            return self.found(errand.say(self.words, self._told(values)))

    def say_later(self, db: Connection, values: _Values) -> None:
        errand = _errand(db)
        if self._writes:
            errand.seen.clear()
        with _heard(db, self.text):
            errand.later(self.words, self._told(values))


def _errand(db: Connection) -> Errand:
    errand: Errand = db.connection.info["errand"]
    return errand


@contextmanager
def _heard(db: Connection, said: str) -> Iterator[None]:
    """Turn the driver's errors into SQLAlchemy's."""
    dbapi: Any = db.dialect.loaded_dbapi
    try:
        yield
    except dbapi.Error as error:
        driver: Any = db.connection.driver_connection
        gone = db.dialect.is_disconnect(error, driver, None)
        if gone:
            db.invalidate(error)
        raise DBAPIError.instance(
            said, None, error, dbapi.Error, connection_invalidated=gone, dialect=db.dialect
        ) from error
