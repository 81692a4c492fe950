"""Floors to import into, and files to import."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.clock import HandClock, SystemClock
from app.domain.lead import Role
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor
from app.ui.import_screen import ImportScreen
from app.workers.importer import Importer
from tests.fresh import DATABASES, fresh_floor
from tests.importing.memory import MemoryFloor
from tests.ui.desk_kit import Desks, OpenDesk

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
def desk_on(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    """Desks of managers, who may import."""
    desks = Desks(qtbot, tmp_path, monkeypatch, Role.MANAGER)
    yield desks
    desks.close()


def screen_of(desk: OpenDesk) -> ImportScreen:
    """The desk's import screen, in front."""
    desk.shell.show_screen("import")
    found = desk.shell.body.currentWidget()
    assert isinstance(found, ImportScreen)
    return found


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
