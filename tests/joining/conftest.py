"""A book on each database, with a person in it, and the server's passes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import HandClock
from app.domain.commands import AddRep
from app.domain.lead import Role
from app.service.handle import handle
from app.service.passes import Passes
from app.store.book import Book
from tests.fresh import DATABASES, START, fresh_floor


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_floor(request.param, tmp_path, lambda: request.getfixturevalue("pg_cluster")) as made:
        yield made


@pytest.fixture
def book(address: str) -> Iterator[Book]:
    opened = Book(address)
    yield opened
    opened.close()


@pytest.fixture
def passes(book: Book, clock: HandClock) -> Passes:
    return Passes(book, clock)


@pytest.fixture
def owner(book: Book, clock: HandClock) -> str:
    return handle(book, AddRep(name="Owner", role=Role.OWNER), "admin", clock.now())[0].id


@pytest.fixture
def ana(book: Book, clock: HandClock, owner: str) -> str:
    return handle(book, AddRep(name="Ana"), "admin", clock.now())[0].id
