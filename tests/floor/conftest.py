"""The contract suite runs on every kind of floor: another kind is one more line in `KINDS`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import HandClock
from app.domain.commands import ClocksKept, KeepClocks
from app.floor.floor import Floor
from app.floor.local import LocalFloor
from app.floor.opening import Opening, OpeningFloor
from app.floor.snapshot import first_look
from app.store.book import Book
from tests.floor.stand import House, Maker, Stand
from tests.fresh import START, Database, fresh_floor

KINDS: dict[str, Database] = {
    "local on sqlite": "sqlite",
    "local on postgresql": "postgresql",
    "opening on sqlite": "sqlite",
}


class LocalHouse:
    """The program opens the database itself."""

    def __init__(self, address: str, clock: HandClock) -> None:
        self.address = address
        self.clock = clock
        self.book = Book(address)
        self.local = LocalFloor(self.book, clock, "admin")

    def door(self, actor: str) -> Floor:
        return self.local.as_actor(actor)

    def keep(self) -> ClocksKept:
        return self.local.as_actor("keeper").do(KeepClocks()).value

    def reopen(self) -> None:
        self.local.close()
        self.book = Book(self.address)
        self.local = LocalFloor(self.book, self.clock, "admin")

    def close(self) -> None:
        self.local.close()


class OpeningHouse(LocalHouse):
    """A file that was only looked into; the first who needs more opens it."""

    def __init__(self, address: str, clock: HandClock) -> None:
        self.address = address
        self.clock = clock
        self._look()

    def _look(self) -> None:
        first = first_look(Path(self.address), self.clock)
        assert first is not None
        self.opening = Opening(first, self._open)

    def _open(self) -> LocalFloor:
        self.book = Book(self.address)
        self.local = LocalFloor(self.book, self.clock, "setup")
        return self.local

    def door(self, actor: str) -> Floor:
        return OpeningFloor(self.opening, actor)

    def reopen(self) -> None:
        self.close()
        self._look()

    def close(self) -> None:
        if self.opening.look() is None:
            self.local.close()


def house(kind: str, address: str, clock: HandClock) -> LocalHouse:
    """The house of a kind of floor."""
    return OpeningHouse(address, clock) if kind.startswith("opening") else LocalHouse(address, clock)


@pytest.fixture(params=KINDS)
def floor_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def address(floor_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    with fresh_floor(KINDS[floor_kind], tmp_path, lambda: request.getfixturevalue("pg_cluster")) as made:
        yield made


@pytest.fixture
def maker(floor_kind: str, address: str) -> Maker:
    """Makes the house of this kind of floor."""

    def make(clock: HandClock) -> House:
        return house(floor_kind, address, clock)

    return make


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture
def stand(maker: Maker, clock: HandClock) -> Iterator[Stand]:
    made = Stand(maker(clock), clock)
    yield made
    made.close()
