"""One suite, two databases: `address` is a floor just started, `empty_address` where one may be started."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.book import Book
from tests.fresh import DATABASES, Database, fresh_floor


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> Database:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def address(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    with fresh_floor(database, tmp_path, lambda: request.getfixturevalue("pg_cluster")) as made:
        yield made


@pytest.fixture
def empty_address(database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if database == "sqlite":
        return str(tmp_path / "deep" / "new.floor")
    return str(request.getfixturevalue("pg_url"))


@pytest.fixture
def book(address: str) -> Iterator[Book]:
    opened = Book(address)
    yield opened
    opened.close()
