"""Floors to import into, and files to import."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.clock import HandClock, SystemClock
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor
from app.workers.importer import Importer
from tests.fresh import DATABASES, fresh_floor
from tests.importing.memory import MemoryFloor

Write = Callable[..., Path]


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 11, 22, 9, 0, tzinfo=UTC))


@pytest.fixture
def memory(clock: HandClock) -> MemoryFloor:
    return MemoryFloor(clock)


@pytest.fixture
def importer(memory: MemoryFloor, clock: HandClock) -> Importer:
    return Importer(memory, clock)


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalFloor]:
    """A floor in an SQLite file."""
    clock = SystemClock()
    address = str(tmp_path / "test.floor")
    start_floor(address, "Test", clock.now())
    floor = LocalFloor(Book(address), clock, "admin")
    yield floor
    floor.close()


@pytest.fixture(params=DATABASES)
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalFloor]:
    """A floor on each kind of database."""
    with fresh_floor(request.param, tmp_path, lambda: request.getfixturevalue("pg_cluster")) as address:
        floor = LocalFloor(Book(address), SystemClock(), "admin")
        yield floor
        floor.close()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into the test's folder: text (in an encoding, its line ends kept) or bytes."""

    def to_file(content: str | bytes, name: str = "leads.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return to_file


@pytest.fixture(scope="session")
def facts(data_dir: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((data_dir / "facts.json").read_text())
    return loaded
