"""The wallboard in a browser: by a good link alone, live, without names where they are hidden, and read only."""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from app.clock import HandClock
from app.domain.errors import NotAllowed, Refused
from app.domain.questions import FloorFacts
from app.floor.wall_links import WallLinks
from app.server import wall as wall_of_server
from app.server.desks import DeskFace
from app.store.book import start_floor
from tests.floor.conftest import LocalHouse
from tests.floor.stand import HOT, PATIENCE, Stand
from tests.fresh import START
from tests.server.browser import PROGRAM, browser


class Served:
    """A floor with a server, and a television before it."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock(START)
        address = str(folder / "wall.floor")
        start_floor(address, "Denver <b>floor</b>", START)
        house = LocalHouse(address, self.clock)
        self.stand = Stand(house, self.clock)
        self.floor = house.local
        self.links = WallLinks(folder)
        self.floor_id = self.floor.ask(FloorFacts(check_chain=False)).floor_id
        self.face = DeskFace(
            self.floor, self.clock, lambda token, afresh=False: None, port=0, wall_links=WallLinks(folder)
        )
        self.port = self.face.start()

    def link(self, *, days: float = 1, hides_names: bool = False) -> tuple[str, str]:
        link, signed = self.links.give(self.floor_id, "Hall", days, hides_names, self.clock.now())
        return link.id, signed

    def get(self, path: str, method: str = "GET") -> tuple[int, str, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.headers
        finally:
            connection.close()

    def close(self) -> None:
        self.face.stop()
        self.stand.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    yield made
    made.close()


class Television:
    """Reads the stream of a link."""

    def __init__(self, port: int, signed: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.request("GET", f"/wall/feed?link={signed}")
        self._answer: HTTPResponse = self._connection.getresponse()
        assert self._answer.status == 200
        assert self._answer.headers["Content-Type"] == "text/event-stream"
        self._events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        name = ""
        try:
            for line in self._answer:
                word, _, rest = line.decode().strip().partition(": ")
                if word == "event":
                    name = rest
                elif word == "data":
                    self._events.put((name, json.loads(rest)))
        except (OSError, ValueError, AttributeError):
            pass
        self._events.put(("end", {}))

    def until(self, name: str, holds: Any = lambda said: True) -> Any:
        while True:
            heard, said = self._events.get(timeout=PATIENCE)
            if heard == name and holds(said):
                return said
            assert heard != "end", f"the stream ended before {name}"

    def close(self) -> None:
        sock = self._connection.sock
        if sock is not None:
            sock.shutdown(socket.SHUT_RDWR)  # a thread that reads from it is not woken by closing alone
            sock.close()
        self._answer.close()
        self._connection.close()
        self._thread.join(PATIENCE)


@contextmanager
def television(served: Served, signed: str) -> Iterator[Television]:
    made = Television(served.port, signed)
    try:
        yield made
    finally:
        made.close()


def test_a_television_sees_what_happens(served: Served) -> None:
    _, signed = served.link()
    served.stand.rep("Ana Pereira")
    with television(served, signed) as one, television(served, signed) as other:
        said = one.until("face", lambda said: said["face"]["known"])
        assert said["face"]["floor"] == "Denver <b>floor</b>"
        assert said["face"]["of"] == 1
        served.stand.new_lead(HOT, name="Dana Okafor", company="Brightline")
        for screen in (one, other):
            face = screen.until("face", lambda said: said["face"]["lines"])["face"]
            assert face["oldest"]["who"] == "Dana Okafor"
            assert face["lines"][0]["company"] == "Brightline"
        late = served.stand
        late.keep(seconds=61)
        face = one.until("face", lambda said: said["face"]["news"][0]["was"] == "breach")["face"]
        assert face["oldest"]["late"] is True


def test_names_are_hidden_by_the_link_and_not_by_the_page(served: Served) -> None:
    _, signed = served.link(hides_names=True)
    served.stand.new_lead(HOT, name="Dana Okafor", company="Brightline")
    with television(served, signed) as one:
        said = one.until("face", lambda said: said["face"]["known"] and said["face"]["news"])
        assert said["face"]["lines"][0]["who"] == "D. O."
        assert "Okafor" not in json.dumps(said)
        assert "Brightline" not in json.dumps(said)


def test_the_page_is_its_own_and_nobody_elses(served: Served) -> None:
    _, signed = served.link()
    status, text, headers = served.get(f"/wall?link={signed}")
    assert status == 200
    assert "Hall" in text
    assert headers["Content-Security-Policy"] == wall_of_server.policy()
    assert "default-src 'none'" in wall_of_server.policy()
    assert "unsafe" not in wall_of_server.policy()
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    assert headers["Referrer-Policy"] == "no-referrer"
    assert served.get(f"/wall?link={signed}", "POST")[0] == 405
    assert served.get("/api/ask", "POST")[0] == 401  # the link is no token


@pytest.mark.parametrize("shown", ["", "x", "a.b", "ééé.é", "W10.W10", "." * 900])
def test_a_wrong_link_gets_a_sentence(served: Served, shown: str) -> None:
    from urllib.parse import quote

    status, text, headers = served.get(f"/wall?link={quote(shown)}")
    assert status == 403
    assert "This link is not one of this floor" in text
    assert headers["Content-Security-Policy"] == wall_of_server.policy()
    assert served.get(f"/wall/feed?link={quote(shown)}")[0] == 403


def test_a_link_ends_and_is_taken_back(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wall_of_server, "BEAT_S", 0.05)
    over, short = served.link(days=0.5)
    link_id, signed = served.link(days=3)
    with television(served, signed) as one:
        one.until("face")
        one.until("beat")
        served.clock.advance(seconds=86400)
        assert "This link is over" in served.get(f"/wall?link={short}")[1]
        assert served.get(f"/wall?link={signed}")[0] == 200
        served.links.revoke(link_id, served.clock.now())
        assert "taken back" in one.until("over")["message"]
    assert "taken back" in served.get(f"/wall?link={signed}")[1]
    assert over != link_id


def test_a_link_of_another_floor_or_computer_is_none(served: Served, tmp_path: Path) -> None:
    _, foreign = WallLinks(tmp_path / "elsewhere").give(served.floor_id, "", 1, False, START)
    other, signed = served.links.give("another-floor", "", 1, False, START)
    for shown in (foreign, signed):
        with pytest.raises(NotAllowed):
            served.links.open(shown, served.floor_id, START)
    said, _, signature = signed.partition(".")
    with pytest.raises(NotAllowed):
        served.links.open(f"{said}A.{signature}", "another-floor", START)
    assert served.links.open(signed, "another-floor", START + timedelta(hours=23)).id == other.id
    with pytest.raises(Refused):
        served.links.give("f", "", 4000, False, START)
    key = tmp_path / "wall.key"
    assert key.stat().st_mode & 0o077 == 0 or key.drive


@pytest.mark.skipif(PROGRAM is None, reason="there is no browser on this machine")
def test_in_a_real_browser_it_is_live_and_goes_grey(served: Served, tmp_path: Path) -> None:
    _, signed = served.link()
    served.stand.rep("Ana Pereira")
    served.stand.new_lead(HOT, name="Dana <img src=x onerror=alert(1)>", company="Brightline")
    with browser(tmp_path / "browser") as page:
        page.open(f"http://127.0.0.1:{served.port}/wall?link={signed}")
        page.until("document.querySelectorAll('.panels .row').length === 2")
        assert page.value("document.querySelectorAll('img').length") == 0
        assert "Dana <img" in page.value("document.querySelector('.row .grow').textContent")
        page.until("document.querySelector('footer span:last-child').textContent === 'live'")
        served.stand.new_lead(HOT, name="Luis Ferreira")
        page.until("document.body.innerText.includes('Luis Ferreira')")
        served.stand.keep(seconds=61)
        page.until("document.querySelector('.tiles .alarm') !== null")
        served.face.stop()
        page.until("document.getElementById('wall').classList.contains('cut')")
        assert "the line is cut" in page.value("document.querySelector('footer').textContent")
        served.face.start()
        page.until("!document.getElementById('wall').classList.contains('cut')")
