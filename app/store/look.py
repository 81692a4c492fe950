"""A first look into a floor's file: what a desk shows first, read with SQLite's driver alone.

To load SQLAlchemy takes as long as two empty windows, and five hundred leads are read in a tenth of that. So a desk
looks before the book is open. The look answers what a `Reading` answers in the same words, and makes the same values
by the same rows; a test compares the two. It neither mends nor complains: a file that needs more than a look is
left to the book, which upgrades it or says what is wrong with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from app.codec import decode
from app.domain.errors import AppError
from app.domain.inquiry import InquiryState
from app.domain.lead import OPEN_STAGES, Alarm, Lead, Rep
from app.domain.presence import DeskSeen, DeskState
from app.domain.rulebook import Rulebook
from app.store import schema
from app.store.driver import sqlite_module
from app.store.instants import read
from app.store.rows import LEAD_NAMES, Values, alarm_of, lead_of, rep_of


class _Table:
    """How a value's rows are read: which columns, and which of them SQLite keeps as plain numbers."""

    def __init__(self, kind: Any, names: Sequence[str] = ()) -> None:
        types = {field.name: str(field.type) for field in dataclasses.fields(kind)}
        self.names = tuple(names or types)
        self.columns = ", ".join(self.names)
        self._instants = [
            n for n, name in enumerate(self.names) if types.get(name, "").startswith("datetime")
        ]
        self._flags = [n for n, name in enumerate(self.names) if types.get(name) == "bool"]

    def rows(self, found: Iterable[Any]) -> Iterator[list[Any]]:
        """What was found, with instants and flags as the domain has them."""
        for stored in found:
            row = list(stored)
            for n in self._instants:
                row[n] = read(row[n])
            for n in self._flags:
                row[n] = bool(row[n])
            yield row

    def values(self, found: Iterable[Any]) -> Iterator[Values]:
        return (dict(zip(self.names, row, strict=True)) for row in self.rows(found))


_LEAD, _REP, _ALARM, _DESK = _Table(Lead, LEAD_NAMES), _Table(Rep), _Table(Alarm), _Table(DeskSeen)
_OPEN = ", ".join(f"'{stage.value}'" for stage in OPEN_STAGES)


class Look:
    """A consistent look at a floor's file, for as long as it is open."""

    def __init__(self, connection: Any) -> None:
        self._db = connection

    def head(self) -> tuple[int, str]:
        """Number and hash of the last event."""
        last, head = self._db.execute("SELECT last, head FROM feed").fetchone()
        return last, head

    def open_leads(self) -> tuple[Lead, ...]:
        found = self._db.execute(f"SELECT {_LEAD.columns} FROM leads WHERE stage IN ({_OPEN})")  # noqa: S608 - the program's own columns
        return tuple(map(lead_of, _LEAD.rows(found)))

    def reps(self) -> tuple[Rep, ...]:
        found = self._db.execute(f"SELECT {_REP.columns} FROM reps ORDER BY name, id")  # noqa: S608 - the program's own columns
        return tuple(map(rep_of, _REP.values(found)))

    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms that stand."""
        found = self._db.execute(
            f"SELECT {_ALARM.columns} FROM alarms WHERE cleared_at IS NULL ORDER BY raised_at"  # noqa: S608 - the program's own columns
        )
        return tuple(map(alarm_of, _ALARM.values(found)))

    def desks(self) -> tuple[DeskSeen, ...]:
        """Every desk that was heard of lately."""
        found = self._db.execute(f"SELECT {_DESK.columns} FROM presence ORDER BY device_id")  # noqa: S608 - the program's own columns
        return tuple(DeskSeen(**row | {"state": DeskState(row["state"])}) for row in _DESK.values(found))

    def in_review(self) -> int:
        words = "SELECT count(*) FROM inquiries WHERE state = ?"
        count: int = self._db.execute(words, (InquiryState.REVIEW.value,)).fetchone()[0]
        return count

    def rulebook(self) -> Rulebook:
        words = "SELECT body FROM rulebooks WHERE version = (SELECT rulebook FROM floor)"
        return decode(self._db.execute(words).fetchone()[0], Rulebook)


@contextmanager
def looking(path: Path) -> Iterator[Look | None]:
    """A look at a floor's file that this program holds the lock of; None where a look is not enough."""
    driver = sqlite_module()
    try:
        schema.check_file(path)
        connection = driver.connect(str(path), timeout=5, isolation_level=None)
    except (AppError, driver.Error):
        yield None
        return
    with closing(connection):
        yield Look(connection) if _is_ours(connection, driver) else None


def _is_ours(connection: Any, driver: Any) -> bool:
    """Whether the file can be read, and is of a schema that this program needn't change first."""
    try:
        connection.execute("BEGIN")
        major, revision = connection.execute(
            "SELECT schema_major, version_num FROM floor, alembic_version"
        ).fetchone()
    except (driver.Error, TypeError):
        return False
    return bool(major <= schema.MAJOR and revision >= schema.REVISION)
