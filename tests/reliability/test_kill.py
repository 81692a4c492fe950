"""R1: `kill -9` in the middle of inquiries, again and again. What was answered is there, once, and it starts again."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.boot import new_floor
from app.clock import SystemClock
from app.domain.commands import AddRep, AddSource, SetStatus
from app.domain.inquiry import InquiryState
from app.domain.lead import RepStatus
from app.domain.questions import AllSources, FindLeads, FloorFacts, InquiriesIn
from app.floor.local import LocalFloor
from app.store.book import Book
from tests.reliability.trial import Trial
from tests.server.serve_house import Serving

ROOT = Path(__file__).parent.parent.parent
INQUIRIES = 200
"""Sent at each program, two at a time; it is killed somewhere on the way."""
MOST = 60
"""Answers after which it is killed, at most."""
pytestmark = pytest.mark.timeout(900)
Begin = Callable[[], tuple[subprocess.Popen[str], str, str]]
"""Starts the program, with nothing done by hand: (process, address, capture key)."""


@dataclass
class Sender:
    """Sends inquiries over two lines until the program at the other end is gone."""

    url: str
    key: str
    first: int
    kill_after: int
    kill: threading.Event = field(default_factory=threading.Event)
    answered: dict[int, int] = field(default_factory=dict)
    """Number of the inquiry → status."""
    sent: set[int] = field(default_factory=set)

    def run(self) -> None:
        lines = [threading.Thread(target=self._send, args=(start,)) for start in (0, 1)]
        for line in lines:
            line.start()
        for line in lines:
            line.join()
        self.kill.set()

    def _send(self, start: int) -> None:
        host = urlsplit(self.url).netloc
        connection = http.client.HTTPConnection(host, timeout=60)
        for number in range(self.first + start, self.first + INQUIRIES, 2):
            self.sent.add(number)
            try:
                connection.request(
                    "POST",
                    f"/capture/json/{self.key}",
                    body=body(number),
                    headers={"Content-Type": "application/json"},
                )
                answer = connection.getresponse()
                answer.read()
            except (OSError, http.client.HTTPException):
                break
            self.answered[number] = answer.status
            if len(self.answered) >= self.kill_after:
                self.kill.set()
        connection.close()


def body(number: int) -> bytes:
    who = {
        "name": f"Person {number}",
        "email": f"p{number}@firm{number}.example",
        "phone": f"+1303{5550000 + number}",
    }
    return json.dumps(who | {"message": f"Number {number}: please call me back with a quote."}).encode()


def begin(path: Path) -> tuple[subprocess.Popen[str], str, str]:
    """The capture endpoint of a desk, on a file."""
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.serving", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    said = program.stdout.readline().split()
    assert len(said) == 2, f"the program did not start: {said}"
    return program, said[0], said[1]


def begin_server(address: str, home: Path, key: str) -> tuple[subprocess.Popen[str], str, str]:
    """`main.py serve`, always the same computer's."""
    server = Serving(address, home)
    return server.process, server.capture_url, key


def kill(program: subprocess.Popen[str]) -> None:
    program.kill()  # by its pid, with a signal that it can't see coming
    program.communicate()


def kill_again_and_again(begin: Begin, trial: Trial) -> tuple[set[int], set[int]]:
    """The numbers of the inquiries that were answered, and of those that were sent."""
    acknowledged: set[int] = set()
    sent: set[int] = set()
    for cycle in range(trial.size):
        program, url, key = begin()
        sender = Sender(url, key, first=cycle * INQUIRIES, kill_after=trial.random.randint(1, MOST))
        sending = threading.Thread(target=sender.run)
        sending.start()
        try:
            assert sender.kill.wait(60)
        finally:
            kill(program)
            sending.join()
        assert set(sender.answered.values()) <= {200, 201, 202}
        assert len(sender.answered) < INQUIRIES, "it was not killed in the middle"
        acknowledged |= sender.answered.keys()
        sent |= sender.sent
    return acknowledged, sent


def check_books(floor: LocalFloor, acknowledged: set[int], sent: set[int], trial: Trial) -> None:
    """Everything that was answered is there, whole and once, and the journal has no gap."""
    facts = floor.ask(FloorFacts())
    numbers = Counter(_number(raw) for raw in _raws(floor))
    lost = acknowledged - set(numbers)
    twice = [number for number, count in numbers.items() if count > 1]
    trial.found(acknowledged=len(acknowledged), lost=len(lost), twice=len(twice))
    assert not lost
    assert not twice
    assert facts.chain_fault == ""
    assert set(numbers) <= sent
    assert facts.leads == facts.inquiries == len(numbers)  # each whole: a lead of its own, or nothing
    assert dict(facts.by_state) == {"lead": len(numbers)}
    for number in acknowledged:
        (lead,) = floor.ask(FindLeads(text=f"p{number}@firm{number}.example")).leads
        assert lead.deadline is not None
        assert lead.owner
    assert len(acknowledged) >= trial.size


@pytest.mark.trial("R1", ci=50, full=1_000, short=6, unit="kills")
def test_every_inquiry_that_was_answered_outlives_the_program(tmp_path: Path, trial: Trial) -> None:
    path = tmp_path / "killed.floor"
    acknowledged, sent = kill_again_and_again(lambda: begin(path), trial)
    with closing(LocalFloor(Book(str(path)), SystemClock(), "admin")) as floor:
        check_books(floor, acknowledged, sent, trial)


@pytest.mark.trial("R1", ci=50, full=1_000, short=4, unit="kills")
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_every_inquiry_that_was_answered_outlives_the_server(
    database: str, tmp_path: Path, trial: Trial, request: pytest.FixtureRequest
) -> None:
    trial.share(0.5)
    address = str(tmp_path / "served.floor")
    if database == "postgresql":
        address = request.getfixturevalue("pg_url").replace("+psycopg", "")
    new_floor(address, "Killed again and again", "Ida")
    with closing(LocalFloor(Book(address), SystemClock(), "admin")) as floor:
        rep = floor.do(AddRep(name="Ana")).value.id
        floor.as_actor(rep).do(SetStatus(status=RepStatus.AVAILABLE))
        floor.do(AddSource(name="Web site", channel="json"))
        key = floor.ask(AllSources()).lines[0].source.key
    home = tmp_path / "server"
    acknowledged, sent = kill_again_and_again(lambda: begin_server(address, home, key), trial)
    with closing(LocalFloor(Book(address), SystemClock(), "admin")) as floor:
        check_books(floor, acknowledged, sent, trial)


def _raws(floor: LocalFloor) -> list[bytes]:
    assert floor.ask(AllSources()).lines[0].inquiries
    found = floor.ask(InquiriesIn(state=InquiryState.LEAD, limit=10**6)).waiting
    return [waiting.inquiry.raw for waiting in found]


def _number(raw: bytes) -> int:
    return int(json.loads(raw)["name"].split()[1])
