"""The program as a process: a house for it, its start, what it says, its door for inquiries, its books.

A `House` is one test's: data folder, temporary folder, log, what was dialled. A `Program` is one run of
`main.py` in it. What came of a run is read from its floor through the floor's own door, read-only and from
outside.
"""

from __future__ import annotations

import http.client
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.clock import SystemClock
from app.domain.commands import AddSource, Command
from app.domain.events import Entry, Event
from app.domain.lead import Lead
from app.domain.questions import AllSources
from app.floor.local import LocalFloor
from app.store.book import Book
from tests.e2e.places import InFile
from tests.e2e.screen import Desktop, end, until

ROOT = Path(__file__).parents[2]
MAIN = str(ROOT / "main.py")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
READY_S = 90.0


def late_s() -> float:
    """How long after its instant something may come: a second, or far longer where the machine has much else to do."""
    return 1.0 if os.getloadavg()[0] < (os.cpu_count() or 1) / 2 else 20.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


class House:
    """The folders that one test's programs live in, and the environment they are started with."""

    def __init__(self, folder: Path, desktop: Desktop | None = None) -> None:
        self.home, self.temp = folder / "home", folder / "t"
        self.log, self.dialled = folder / "log.txt", folder / "dialled"
        self.folder = folder
        self.desktop = desktop
        self.port = free_port()
        self._runs = 0
        self.killed = False
        """Whether a program of it was ended in a way that lets it put nothing away."""
        self.place = InFile(self)
        for made in (self.home, self.temp):
            made.mkdir(parents=True, exist_ok=True)
        self.env = {
            "FIRSTRING_DIAL": str(self.dialled),
            "FIRSTRING_HOME": str(self.home),
            "FIRSTRING_LOG": str(self.log),
            "FIRSTRING_NO_BOOTSTRAP": "1",
            "FIRSTRING_SOUND": "off",
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "TMPDIR": str(self.temp),
            **({} if desktop is None else desktop.env | {"HOME": str(folder)}),
        }

    @property
    def address(self) -> str:
        """Where a floor that is started here lies."""
        return self.place.address

    def remember(self, **values: object) -> None:
        """Write the desk's profile."""
        profile = {"port": self.port, **values}
        (self.home / "desk.json").write_text(json.dumps(profile), encoding="utf-8")

    def run(
        self, *words: str, seconds: float = 120, before: Sequence[str] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; `before` are words in front of the interpreter."""
        return subprocess.run(
            [*before, sys.executable, MAIN, *words],
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def carry_out(self, *commands: tuple[str, Command[Any]]) -> None:
        """Carry out commands on the house's floor while no program has it open, each in somebody's name."""
        self.place.carry_out(*commands)

    @contextmanager
    def start(
        self, *words: str, before: Sequence[str] = (), env: Mapping[str, str] | None = None
    ) -> Iterator[Program]:
        """A run that stays; ended at the end, whatever happened, and with a picture if it went wrong.

        `before` are words in front of the interpreter, such as another program that runs it.
        """
        self._runs += 1
        self.place.open()
        words = (*self.place.words, *words)
        program = Program(
            self, [*before, sys.executable, MAIN, *words], self.env | dict(env or {}), self._runs
        )
        try:
            self.place.enter(program)
            yield program
        except BaseException:
            if self.desktop is not None:
                self.desktop.picture().save(self.folder / "failed.png")
            print(f"the program said:\n{program.said}\nits log:\n{self.logged[-4000:]}")  # noqa: T201
            raise
        finally:
            end(program.process)

    def in_own_mounts(self, mounting: str) -> list[str]:
        """Words before a command that give it mounts of its own, made by these lines of shell; skips where
        this account may not. `$HERE` is the data folder, `$KEPT` a copy of what was in it."""
        own = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--mount"]
        trial = [*own, "mount", "-t", "tmpfs", "none", str(self.temp)]
        if not shutil.which("unshare") or subprocess.call(trial, stderr=subprocess.DEVNULL):
            pytest.skip("this account may not make mounts of its own")
        kept = self.folder / "kept"
        shutil.copytree(self.home, kept, dirs_exist_ok=True)
        given = f"HERE={shlex.quote(str(self.home))} KEPT={shlex.quote(str(kept))}"
        return [*own, "sh", "-c", f'set -e; {given}; {mounting}; exec "$@"', "sh"]

    @property
    def logged(self) -> str:
        return self.log.read_text("utf-8") if self.log.exists() else ""

    def mistakes(self) -> list[str]:
        """Lines of the log that no run of a test should leave."""
        here = [line for line in self.logged.splitlines() if " ERROR " in line or " CRITICAL " in line]
        return here + self.place.mistakes()

    def lines_dialled(self) -> list[str]:
        return self.dialled.read_text("ascii").split() if self.dialled.exists() else []


class Program:
    """One run of `main.py`."""

    def __init__(self, house: House, words: Sequence[str], env: Mapping[str, str], number: int) -> None:
        self.house = house
        self._said = house.folder / f"said{number}.txt"
        with self._said.open("wb") as out:
            self.process = subprocess.Popen(
                words, env=env, cwd=house.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )

    @property
    def said(self) -> str:
        """What it has written on the terminal so far."""
        return self._said.read_text("utf-8")

    @property
    def complaints(self) -> str:
        """What it has written besides asking for the passphrase."""
        return "".join(line for line in self.said.splitlines(keepends=True) if "passphrase" not in line)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def window(self, title: str = "^Firstring", seconds: float = READY_S) -> int:
        """Its window, waited for."""
        desktop = self.house.desktop
        assert desktop is not None

        def shown() -> list[int]:
            assert self.alive, f"the program ended with {self.process.returncode}"
            return desktop.windows(name=title, pid=self.process.pid)

        return until(shown, f"a window {title!r} is shown", seconds)[-1]

    def ready(self) -> None:
        """Wait until the desk works and inquiries can come in; a broken start fails at once."""

        def takes() -> bool:
            assert self.alive, f"the program ended with {self.process.returncode}"
            return post(self.house.port, "/healthz", None).status == 200

        until(takes, "inquiries can come in", READY_S)

    def in_its_mounts(self, path: str) -> Path:
        """A file as this program sees it, for writing beside it."""
        return Path("/proc", str(self.process.pid), "root", path.lstrip("/"))

    def beside(self) -> list[str]:
        """Words before a command that let it see what this program sees."""
        whose = [] if os.geteuid() == 0 else ["--user", "--preserve-credentials"]
        return ["nsenter", "--target", str(self.process.pid), *whose, "--mount"]

    def leave(self) -> int:
        """Ask it to end, as a session manager does; its exit code."""
        self.process.terminate()
        return self.process.wait(60)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""


class Line:
    """A kept connection to the program's door for inquiries."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, path: str, body: bytes | None, kind: str = FORM) -> Answer:
        """POST a body (GET without one). A connection that is not there is the status 0."""
        method, headers = ("GET", {}) if body is None else ("POST", {"Content-Type": kind})
        try:
            self._line.request(method, path, body, headers)
            found = self._line.getresponse()
            return Answer(found.status, found.read())
        except (ConnectionError, http.client.HTTPException):
            self._line.close()
            return Answer(0)

    def close(self) -> None:
        self._line.close()


def post(port: int, path: str, body: bytes | None, kind: str = FORM) -> Answer:
    """One request on a connection of its own."""
    line = Line(port)
    try:
        return line.send(path, body, kind)
    finally:
        line.close()


# the books


@contextmanager
def looking(address: str) -> Iterator[LocalFloor]:
    """The door of the floor at this address, for questions, beside the program that has it open."""
    floor = LocalFloor(Book(address, read_only=True), SystemClock(), "admin")
    try:
        yield floor
    finally:
        floor.close()


def entries(floor: LocalFloor) -> list[Entry]:
    """The whole journal, oldest first."""
    found: list[Entry] = []
    while (batch := floor.batch_after(len(found))) is not None:
        found += batch.entries
    return found


def told(floor: LocalFloor, kind: type[Event]) -> list[Entry]:
    """The journal's entries of one kind."""
    return [entry for entry in entries(floor) if isinstance(entry.event, kind)]


def lead_named(floor: LocalFloor, name: str) -> Lead | None:
    """The open lead of that name, or None while there is none."""
    batch = floor.batch_after(None)
    assert batch is not None
    return next((lead for lead in batch.leads if lead.name == name), None)


def begin_floor(house: House, *commands: Command[Any], secret: str = "") -> str:
    """Make the house's floor with a way in for each channel; the id of the rep who sits here, its owner.

    `commands` are carried out on it by the admin.
    """
    me = house.place.begin()
    ways = (
        AddSource(name="CRM", channel="json"),
        AddSource(name="Google Ads", channel="google", secret=secret),
    )
    house.carry_out(*(("admin", command) for command in (*ways, *commands)))
    return me


def paths(floor: LocalFloor) -> dict[str, str]:
    """Where each channel's inquiries are sent."""
    sources = (line.source for line in floor.ask(AllSources()).lines)
    return {source.channel: f"/capture/{source.channel}/{source.key}" for source in sources}
