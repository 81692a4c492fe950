"""R1: `kill -9` in the middle of inquiries, again and again. What was answered is there, once, and it starts again."""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.clock import SystemClock
from app.domain.inquiry import InquiryState
from app.domain.questions import AllSources, FindLeads, FloorFacts, InquiriesIn
from app.floor.local import LocalFloor
from app.store.book import Book

ROOT = Path(__file__).parent.parent.parent
KILLS = 20
INQUIRIES = 200
"""Sent at each program, two at a time; it is killed somewhere on the way."""
pytestmark = pytest.mark.timeout(300)


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
        connection = http.client.HTTPConnection(host, timeout=20)
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
    """Start the program; (process, address, capture key)."""
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


def end(program: subprocess.Popen[str]) -> None:
    program.kill()  # by its pid, with a signal that it can't see coming
    program.communicate()


def test_every_inquiry_that_was_answered_outlives_the_program(tmp_path: Path) -> None:
    path = tmp_path / "killed.floor"
    dice = random.Random(20)
    acknowledged: set[int] = set()
    sent: set[int] = set()
    for cycle in range(KILLS):
        program, url, key = begin(path)
        sender = Sender(url, key, first=cycle * INQUIRIES, kill_after=dice.randint(1, 60))
        sending = threading.Thread(target=sender.run)
        sending.start()
        try:
            assert sender.kill.wait(60)
        finally:
            end(program)
            sending.join()
        assert set(sender.answered.values()) <= {200, 201, 202}
        assert len(sender.answered) < INQUIRIES, "it was not killed in the middle"
        acknowledged |= sender.answered.keys()
        sent |= sender.sent
    floor = LocalFloor(Book(str(path)), SystemClock(), "admin")
    try:
        facts = floor.ask(FloorFacts())
        assert facts.chain_fault == ""
        numbers = Counter(_number(raw) for raw in _raws(floor))
        assert set(numbers) >= acknowledged, f"lost: {acknowledged - set(numbers)}"
        assert set(numbers) <= sent
        assert set(numbers.values()) == {1}
        assert facts.leads == facts.inquiries == len(numbers)  # each whole: a lead of its own, or nothing
        assert dict(facts.by_state) == {"lead": len(numbers)}
        for number in acknowledged:
            (lead,) = floor.ask(FindLeads(text=f"p{number}@firm{number}.example")).leads
            assert lead.deadline is not None
            assert lead.owner
        assert len(acknowledged) >= KILLS
    finally:
        floor.close()


def _raws(floor: LocalFloor) -> list[bytes]:
    assert floor.ask(AllSources()).lines[0].inquiries
    found = floor.ask(InquiriesIn(state=InquiryState.LEAD, limit=10**6)).waiting
    return [waiting.inquiry.raw for waiting in found]


def _number(raw: bytes) -> int:
    return int(json.loads(raw)["name"].split()[1])
