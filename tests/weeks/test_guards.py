"""Whoever comes to the database past the program can't change a frozen week, nor make one that the journal knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from app.clock import HandClock
from app.domain.commands import FreezeWeek
from app.domain.questions import FrozenWeek
from app.floor.local import LocalFloor
from app.store.book import Book
from app.store.tables_week import frozen_weeks
from tests.fresh import DATABASES, START, fresh_floor

WEEK = "2026-W08"


@pytest.fixture(params=DATABASES)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Book]:
    with fresh_floor(request.param, tmp_path, lambda: request.getfixturevalue("pg_cluster")) as address:
        made = Book(address)
        yield made
        made.close()


def test_a_frozen_page_is_not_changed_nor_deleted(book: Book) -> None:
    floor = LocalFloor(book, HandClock(START), "admin")
    floor.do(FreezeWeek(week=WEEK))
    for statement in (update(frozen_weeks).values(body=b"other"), delete(frozen_weeks)):
        with (
            pytest.raises(DBAPIError, match="a frozen week never changes"),
            book.writing("admin", START) as w,
        ):
            w.db.execute(statement)
    assert floor.ask(FrozenWeek(week=WEEK)).is_whole


def test_a_page_that_the_journal_does_not_tell_of_is_known(book: Book) -> None:
    floor = LocalFloor(book, HandClock(START), "admin")
    floor.do(FreezeWeek(week=WEEK))
    with book.writing("admin", START) as w:
        row = w.db.execute(text("SELECT * FROM frozen_weeks")).mappings().one()
        forged = bytes(row["body"]).replace(b"W08", b"W07")
        values = dict(row) | {"week": "2026-W07", "body": forged, "frozen_at": START}
        w.db.execute(insert(frozen_weeks), values)
    assert not floor.ask(FrozenWeek(week="2026-W07")).is_whole
