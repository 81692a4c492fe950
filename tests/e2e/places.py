"""The three ways a floor is kept, each as a person has it: in a file on this computer, in a shared database with a
login of one's own, behind a server that the desk has joined by an invitation.

A place begins the floor, lets a test look into its books, and says what a desk is started with, what is typed when it
asks, and which process takes the inquiries in.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from app.address import parted, with_login, with_password
from app.clock import SystemClock
from app.domain.commands import Command
from app.floor.link import format_link
from app.store.book import Book
from tests.e2e.screen import until
from tests.server.serve_house import Serving

if TYPE_CHECKING:
    from tests.e2e.driver import House, Program

PASSPHRASE = "correct horse battery"
FILE, SHARED, SERVED = "file", "shared", "served"
everywhere = pytest.mark.parametrize("house", [FILE, SHARED, SERVED], indirect=True)
"""For a test of all three."""


class InFile:
    """A file in the house's data folder. The desk takes inquiries in, keeps the clocks, and is all there is."""

    outlives = False
    """Whether a desk stays open when who takes the inquiries in is killed."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.address = str(house.home / "floor.firstring")
        """Where the floor is, as its admin opens it."""

    def begin(self) -> str:
        """Make the floor; the id of its owner, who sits at this house's desk."""
        from app.boot import new_floor

        me = new_floor(self.address, "North floor", "Mara Keller")
        self.house.remember(last_floor=self.address, me={self.address: me}, theme="light")
        return me

    def carry_out(self, *commands: tuple[str, Command[Any]]) -> None:
        """Carry out commands while no program has the floor open, each in somebody's name."""
        from app.boot import Session

        session = Session(self.address, SystemClock())
        try:
            for actor, command in commands:
                session.floor.as_actor(actor).do(command)
        finally:
            session.close()

    @property
    def words(self) -> tuple[str, ...]:
        """What a desk is started with."""
        return ()

    def open(self) -> None:
        """What has to be there before a desk is started."""

    def enter(self, program: Program) -> None:
        """Answer what a desk that was just started asks."""

    @contextmanager
    def answering(self) -> Iterator[subprocess.Popen[Any]]:
        """The process that takes inquiries in, started and ready."""
        with self.house.start() as program:
            program.ready()
            self.house.killed = True
            yield program.process
            assert program.said == ""

    def mistakes(self) -> list[str]:
        """What was logged elsewhere than in the house and should not have been."""
        return []

    def close(self) -> None:
        """End what is still running."""


class Shared(InFile):
    """A database that several computers open. This desk has its person's own login."""

    def __init__(self, house: House, url: str) -> None:
        super().__init__(house)
        self.address = url.replace("+psycopg", "")
        self._mine = ""

    def begin(self) -> str:
        from app.boot import new_floor
        from app.store import grants

        me = new_floor(self.address, "North floor", "Mara Keller")
        bare, password = parted(self.address)
        login = f"mara_{bare.rpartition('_')[2]}"
        book = Book(self.address)
        try:
            book.change_logins(lambda db: grants.add_person(db, login, me, password, SystemClock().now()))
        finally:
            book.close()
        self._mine = with_password(with_login(bare, login), password)
        self.house.remember(theme="light")
        return me

    @property
    def words(self) -> tuple[str, ...]:
        return ("--floor", self._mine)


class Served(InFile):
    """A file in an office, served there. This house has nothing of it but the key that the invitation told it to
    trust, and a token behind a passphrase, since there is no keyring here."""

    outlives = True

    def __init__(self, house: House) -> None:
        super().__init__(house)
        self._office = house.folder / "office"
        self.address = str(self._office / "floor.firstring")
        self._server: Serving | None = None
        self._ports: tuple[str, ...] = ()
        self._joined = False
        self._starts = 0

    def begin(self) -> str:
        from app.boot import new_floor

        self._office.mkdir()
        me = new_floor(self.address, "North floor", "Mara Keller")
        self.house.remember(theme="light")
        return me

    def open(self) -> None:
        if self._server is not None and self._server.process.poll() is None:
            return
        self.close()
        server = self._server = Serving(self.address, self._office / "home", *self._ports)
        capture = server.capture_url.rpartition("/")[2]
        self._ports = ("--listen", server.address, "--capture", capture)  # where it is found again
        self.house.port = int(capture.rpartition(":")[2])

    def enter(self, program: Program) -> None:
        desktop, server = self.house.desktop, self._server
        assert desktop is not None
        assert server is not None
        if not self._joined:
            window = program.window()
            desktop.keys(window, "Tab", "Tab", "Return")  # from the practice floor to "Join a floor"
            desktop.write(window, format_link(server.link))
            desktop.keys(window, "Return")
        asked = "Say this desk’s passphrase" if self._joined else "choose a passphrase"
        until(lambda: asked in program.said, "a passphrase is asked for")
        window = program.window()
        desktop.write(window, PASSPHRASE)
        desktop.keys(window, "Return")
        if not self._joined:
            self._joined = True
        self._starts += 1
        until(lambda: self.house.logged.count("freedesktop is used") >= self._starts, "the desk works")

    @contextmanager
    def answering(self) -> Iterator[subprocess.Popen[Any]]:
        self.open()
        assert self._server is not None
        yield self._server.process

    def mistakes(self) -> list[str]:
        log = self._server.log if self._server is not None else ""
        return [line for line in log.splitlines() if " ERROR " in line or " CRITICAL " in line]

    def close(self) -> None:
        if self._server is not None:
            code = self._server.stop()
            assert code in (0, -9), f"the server ended with {code}:\n{self._server.log}"


@contextmanager
def kept(kind: str, house: House, request: pytest.FixtureRequest) -> Iterator[InFile]:
    """A place of that kind for the house, gone afterwards."""
    made: InFile
    if kind == SHARED:
        made = Shared(house, request.getfixturevalue("pg_url"))
    else:
        made = Served(house) if kind == SERVED else InFile(house)
    try:
        yield made
    finally:
        made.close()
