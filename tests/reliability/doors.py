"""Doors for trials: each desk's own way to one floor, with a line between that the tester can break.

On a file all desks are one program, and a door loses answers by itself. On PostgreSQL each desk opens the database
itself, through a server it opens the server; the first few by a line that can be broken, which costs time.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import pytest

from app.clock import Clock, FloorClock, new_id
from app.domain.commands import Command
from app.domain.errors import NoAnswer, Unavailable
from app.domain.lead import Rep, RepStatus
from app.domain.questions import Question
from app.floor import remote
from app.floor.floor import Floor
from app.floor.local import LocalFloor
from app.floor.remote import RemoteFloor
from app.server.desks import DeskFace
from app.server.face import fast_loop
from app.store.book import Book
from tests.fresh import START, Database, fresh_floor
from tests.postgres import Cluster
from tests.reliability.line import Line, line_to

R = TypeVar("R")
C = TypeVar("C", bound="Closes")
WAYS = ("sqlite", "postgresql", "server")


def known(token: str, *, afresh: bool = False) -> str:
    """Whose a token is: here it is the rep's own id."""
    return token


class Closes(Protocol):
    def close(self) -> None: ...


class Door:
    """One desk's floor. A desk of its own has a `line` to it; where there is none, answers are lost here."""

    def __init__(self, floor: Floor, rep_id: str, line: Line | None) -> None:
        self.floor = floor
        self.rep_id = rep_id
        self.line = line
        self.lost_here = 0
        self._share, self._dice = 0.0, random.Random()
        self._cut = False

    def lose_share(self, share: float, dice: random.Random) -> None:
        """This share of the answers is lost. PostgreSQL says many in a transaction, and most are lost after it."""
        if self.line is None or isinstance(self.floor, LocalFloor):
            self._share, self._dice = share, dice
            share /= 50
        if self.line is not None:
            self.line.lose_share(share, dice)

    @property
    def lost(self) -> int:
        """How many answers were."""
        return self.lost_here + (self.line.lost if self.line is not None else 0)

    def cut(self) -> None:
        """What is under way is lost, and nothing goes out until it is mended."""
        self._cut = True
        if self.line is not None:
            self.line.cut()

    def mend(self) -> None:
        self._cut = False
        if self.line is not None:
            self.line.mend()

    def do(self, command: Command[R]) -> R:
        """Raises Unavailable where the answer was lost, whether the command was carried out or not."""
        return self._through(lambda: self.floor.do(command).value)

    def ask(self, question: Question[R]) -> R:
        return self._through(lambda: self.floor.ask(question))

    def _through(self, said: Callable[[], R]) -> R:
        if self._cut and self.line is None:
            raise NoAnswer("The line is cut.")
        try:
            return said()
        finally:
            if self._dice.random() < self._share or (self._cut and self.line is None):
                self.lost_here += 1
                raise NoAnswer("The answer was lost.")

    def surely(self, command: Command[R]) -> R:
        """Say it until an answer comes: the same command, again and again."""
        while True:
            try:
                return self.do(command)
            except Unavailable:
                continue


class Doors:
    """A floor with `count` desks, each with a rep of its own; where desks can have lines, the first `lines` do."""

    def __init__(
        self, address: str, count: int, *, by_server: bool, lines: int, clock: Clock | None = None
    ) -> None:
        self.address = address
        self.clock = clock or FloorClock()
        self.book = Book(address)
        self.setup = LocalFloor(self.book, self.clock, "admin")
        self._closes: list[Callable[[], None]] = []
        reps = [
            Rep(id=new_id(), name=f"Rep {n}", status=RepStatus.AVAILABLE, status_since=START)
            for n in range(count)
        ]
        with self.book.writing("setup", START) as w:
            for rep in reps:
                w.add_rep(rep)
        self._face: DeskFace | None = None
        if by_server:
            self._face = DeskFace(self.setup, self.clock, known, port=0, new_loop=fast_loop())
            self._face.start()
        self.doors = [self._door(rep.id, n < lines) for n, rep in enumerate(reps)]

    def _door(self, rep_id: str, by_line: bool) -> Door:
        line: Line | None = None
        if self._face is not None:
            port = urlsplit(self._face.url).port or 0
            if by_line:
                line = self._kept(Line("127.0.0.1", port))
                port = line.port
            return Door(self._kept(RemoteFloor([f"http://127.0.0.1:{port}"], rep_id)), rep_id, line)
        if self.book.is_sqlite:
            return Door(self.setup.as_actor(rep_id), rep_id, None)
        address = self.address.replace("+psycopg", "")
        if by_line:
            line, address = line_to(address)
            self._kept(line)
        return Door(self._kept(LocalFloor(Book(address), self.clock, rep_id)), rep_id, line)

    def _kept(self, thing: C) -> C:
        """Closed at the end, the last one first."""
        self._closes.insert(0, thing.close)
        return thing

    def close(self) -> None:
        for door in self.doors:
            door.mend()
        for close in self._closes:
            close()
        if self._face is not None:
            self._face.stop()
        self.setup.close()


@contextmanager
def doors(
    way: str, count: int, folder: Path, cluster: Callable[[], Cluster], *, lines: int = 10**6
) -> Iterator[Doors]:
    """A new floor to be reached in one of `WAYS`."""
    database: Database = "postgresql" if way == "postgresql" else "sqlite"
    with fresh_floor(database, folder, cluster) as address:
        made = Doors(address, count, by_server=way == "server", lines=lines)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(remote, "_PAUSE_S", 0.02)  # between two tries; a desk takes its time
            try:
                yield made
            finally:
                made.close()


def at_work(jobs: list[Callable[[], None]]) -> None:
    """Do all at once, each on a thread; the first exception of any is raised here."""
    strange: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 - raised again below
            strange.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if strange:
        raise strange[0]
