"""`main.py serve` as processes of their own, and desks that join them by the invitation that is printed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.boot import new_floor
from app.domain.device import new_token
from app.floor.joining import join
from app.floor.link import JoinLink, read_link
from app.floor.remote import RemoteFloor
from tests.conftest import ROOT


class Serving:
    """One server. What it printed before "ready" is in `said`."""

    def __init__(self, address: str, home: Path, *words: str, program: Sequence[str] = ("main.py",)) -> None:
        home.mkdir(parents=True, exist_ok=True)
        env = {**os.environ, "FIRSTRING_HOME": str(home), "FIRSTRING_LOG": str(home / "log")}
        command = [sys.executable, *program, "serve", "--database", address, "--quiet"]
        command += ["--listen", "127.0.0.1:0", "--capture", "127.0.0.1:0", *words]
        self.home = home
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line == "ready\n":
                break
        assert self.said[-1:] == ["ready"], self.log

    @property
    def log(self) -> str:
        place = self.home / "log"
        return place.read_text() if place.exists() else ""

    def _line(self, begin: str) -> str:
        return next(line for line in self.said if begin in line).partition(begin)[2]

    @property
    def address(self) -> str:
        return self._line("serving desks at ")

    @property
    def pin(self) -> str:
        return self._line("key ")

    @property
    def capture_url(self) -> str:
        return self._line("inquiries at ")

    @property
    def link(self) -> JoinLink:
        line = next(line for line in self.said if line.startswith("invitation for "))
        return read_link(line.partition(": ")[2])

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


class ServeHouse:
    """A floor with servers, and the owner's desk."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder
        self.servers: list[Serving] = []
        self.doors: list[RemoteFloor] = []
        self.owner = ""

    def serve(self, *words: str, program: Sequence[str] = ("main.py",)) -> Serving:
        home = self.folder / f"server{len(self.servers)}"
        self.servers.append(Serving(self.address, home, *words, program=program))
        return self.servers[-1]

    def join(self, server: Serving) -> str:
        """Join as the owner; the token."""
        token = new_token()
        self.owner = join(server.link, "Front desk", token).rep_id
        return token

    def door(self, token: str) -> RemoteFloor:
        """A desk that knows all servers."""
        addresses = [f"https://{server.address}" for server in self.servers]
        self.doors.append(RemoteFloor(addresses, token, {server.pin for server in self.servers}))
        return self.doors[-1]


@contextmanager
def serve_house(address: str, folder: Path) -> Iterator[ServeHouse]:
    new_floor(address, "North floor", "Mara Keller")
    house = ServeHouse(address, folder)
    try:
        yield house
    finally:
        for door in house.doors:
            door.close()
        for server in house.servers:
            server.stop()
