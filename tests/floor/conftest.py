"""The contract suite runs on every kind of floor: another kind is one more line in `KINDS`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.address import with_login, with_password
from app.clock import HandClock
from app.domain.commands import ClocksKept, KeepClocks
from app.floor.floor import Floor
from app.floor.local import LocalFloor
from app.floor.opening import Opening, OpeningFloor
from app.floor.remote import RemoteFloor
from app.floor.snapshot import first_look
from app.server.certificate import Certificate, own_certificate
from app.server.desks import DeskFace
from app.store import grants
from app.store.book import Book
from tests.floor.stand import House, Maker, Stand
from tests.fresh import START, Database, fresh_floor

KINDS: dict[str, Database] = {
    "local on sqlite": "sqlite",
    "local on postgresql": "postgresql",
    "served from sqlite": "sqlite",
    "opening on sqlite": "sqlite",
    "own logins on postgresql": "postgresql",
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


class ServedHouse(LocalHouse):
    """A server opens the database; desks come by HTTPS."""

    def __init__(self, address: str, clock: HandClock) -> None:
        super().__init__(address, clock)
        self._doors: list[RemoteFloor] = []
        self._face = self._serve(0)
        self._port = self._face.start()

    def _serve(self, port: int) -> DeskFace:
        tls = _certificate().context()
        return DeskFace(self.local, self.clock, _actor, port=port, tls=tls)

    def door(self, actor: str) -> Floor:
        self._doors.append(RemoteFloor([self._face.url], f"token-of-{actor}", pins=[_certificate().pin]))
        return self._doors[-1]

    def reopen(self) -> None:
        self._face.stop()
        super().reopen()
        self._face = self._serve(self._port)
        self._face.start()

    def close(self) -> None:
        for door in self._doors:
            door.close()
        self._face.stop()
        super().close()


def _actor(token: str, *, afresh: bool = False) -> str | None:
    return token.removeprefix("token-of-") if token.startswith("token-of-") else None


@cache
def _certificate() -> Certificate:
    folder = TemporaryDirectory(prefix="firstring-certificate-")
    _kept.append(folder)
    return own_certificate(Path(folder.name), START)


_kept: list[TemporaryDirectory[str]] = []
"""Kept until the session ends, which removes them."""


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
        self.local = LocalFloor(self.book, self.clock, "admin")
        return self.local

    def door(self, actor: str) -> Floor:
        return OpeningFloor(self.opening, actor)

    def reopen(self) -> None:
        self.close()
        self._look()

    def close(self) -> None:
        if self.opening.look() is None:
            self.local.close()


class LoginHouse(LocalHouse):
    """Everybody opens the database by a login role of their own; capture and the keeper run at somebody's desk."""

    def __init__(self, address: str, clock: HandClock) -> None:
        super().__init__(address.replace("+psycopg", ""), clock)
        self._books: dict[str, tuple[str, Book]] = {}
        self._one_at_a_time = threading.Lock()

    def door(self, actor: str) -> Floor:
        if actor in MACHINES:
            return self.local.as_actor(actor)
        return LocalFloor(self._book_of(actor), self.clock, actor).as_actor(
            actor
        )  # closing it leaves the book open

    def keep(self) -> ClocksKept:
        return LocalFloor(self._book_of("keeper"), self.clock, "keeper").do(KeepClocks()).value

    def _book_of(self, actor: str) -> Book:
        with self._one_at_a_time:
            return self._opened(actor)

    def _opened(self, actor: str) -> Book:
        if actor not in self._books:
            login = f"contract_{next(_login)}"
            person = DESK if actor in ("keeper", "capture") else actor
            self.book.change_logins(lambda db: grants.add_person(db, login, person, "s3cret", START))
            address = with_password(with_login(self.address, login), "s3cret")
            self._books[actor] = login, Book(address)
        return self._books[actor][1]

    def reopen(self) -> None:
        self._end_logins()
        super().reopen()

    def close(self) -> None:
        self._end_logins()
        super().close()

    def _end_logins(self) -> None:
        for login, book in self._books.values():
            book.close()
            self.book.change_logins(lambda db, login=login: grants.remove_person(db, login))  # type: ignore[misc]
        self._books.clear()


MACHINES = ("setup", "admin", "joining")
"""Whom the database's owner serves: the hand that sets a floor up, and a server's door."""
DESK = "00000000-0000-7000-8000-000000000000"
"""Whoever sits at the desk that captures and keeps; nobody of the floor, so that nothing is routed to them."""
_login = count(1)


def house(kind: str, address: str, clock: HandClock) -> LocalHouse:
    """The house of a kind of floor."""
    made = {"opening": OpeningHouse, "own": LoginHouse, "served": ServedHouse}
    return made.get(kind.split(maxsplit=1)[0], LocalHouse)(address, clock)


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
def served(floor_kind: str) -> None:
    """For tests of what a server's door does: a person's own login may not let computers in."""
    if floor_kind.startswith("own logins"):
        pytest.skip("computers are let in by a server, which comes by no person's login")


@pytest.fixture
def stand(maker: Maker, clock: HandClock) -> Iterator[Stand]:
    made = Stand(maker(clock), clock)
    yield made
    made.close()
