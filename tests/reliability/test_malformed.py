"""R15: malformed payloads at every endpoint that a server has. None is answered with a mistake of ours, and whatever
was answered with "received" lies in the books as it came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.commands import COMMANDS
from app.domain.questions import QUESTIONS, FloorFacts
from app.server.capture import CaptureFace
from tests.fresh import fresh_floor
from tests.reliability.payloads import members, payload, spoilt, value
from tests.reliability.trial import Trial
from tests.server.conftest import Sender
from tests.server.desk_house import DeskHouse, desk_house
from tests.server.test_hostile_bodies import all_in_the_book, check_answer
from tests.server.watched_floor import WatchedFloor

pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore:coroutine")]
ENDPOINTS = {
    "/api/do": "POST",
    "/api/ask": "POST",
    "/api/join": "POST",
    "/api/join/proof": "POST",
    "/api/time": "GET",
    "/api/me": "GET",
    "/api/feed": "GET",
    "/healthz": "GET",
    "/metrics": "GET",
    "/openapi.json": "GET",
}


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[WatchedFloor]:
    made = WatchedFloor(tmp_path)
    yield made
    made.close()


@pytest.fixture
def sender(floor: WatchedFloor) -> Iterator[Sender]:
    face = CaptureFace(floor, SystemClock(), port=0)
    made = Sender(face.start())
    yield made
    made.close()
    face.stop()


@pytest.mark.trial("R15", short=150, ci=1_000, full=20_000, unit="payloads")
@pytest.mark.parametrize("channel", ["form", "json", "google"])
def test_whatever_is_sent_to_a_capture_endpoint_is_answered_and_kept(
    floor: WatchedFloor, sender: Sender, channel: str, trial: Trial
) -> None:
    key = floor.source(channel).key
    for number in range(trial.size):
        kind, body = payload(trial.random, number)
        status = check_answer(sender, floor, f"/capture/{channel}/{key}", body, kind)
        trial.found(received=int(status < 400), refused=int(status >= 400))
        if trial.random.random() < 0.02:
            broken(sender, f"/capture/{channel}/{key}", body, trial)
    trial.found(answered_5xx=0, in_the_books=floor.kept)
    all_in_the_book(floor)


def broken(sender: Sender, path: str, body: bytes, trial: Trial) -> None:
    """In pieces that are none, or with a length that is not its own: no answer, or a refusal."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n".encode()
    )
    how = trial.random.choice(
        (
            b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + body[:100],
            b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + body[:100],
            b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
            b"Content-Length: -1\r\n\r\n",
            b"Content-Length: 1, 2\r\n\r\n" + body[:10],
            b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"Content-Encoding: gzip\r\nContent-Length: 9999999999\r\n\r\n",
        )
    )
    try:
        found = sender.raw(head + how)
    except OSError:
        found = b""
    assert not found or found.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), (how, found[:100])
    trial.found(no_http=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[DeskHouse]:
    with (
        fresh_floor("sqlite", tmp_path, lambda: pytest.fail("no PostgreSQL here")) as address,
        desk_house(address) as made,
    ):
        yield made


@pytest.mark.trial("R15", short=60, ci=1_000, full=20_000, unit="payloads")
@pytest.mark.parametrize("path", ENDPOINTS)
def test_whatever_is_sent_to_a_desks_endpoint_is_answered(house: DeskHouse, path: str, trial: Trial) -> None:
    dice = trial.random
    known = list(QUESTIONS if path == "/api/ask" else COMMANDS)
    sender = Sender(house.port)
    try:
        for _ in range(trial.size):
            kind, body = payload(dice, dice.randrange(10**9))
            if dice.random() < 0.6:  # something that begins like what is meant
                name = dice.choice(known)
                fields = list((QUESTIONS if path == "/api/ask" else COMMANDS)[name].__dataclass_fields__)
                inner = members((field, value(dice)) for field in fields if dice.random() < 0.8)
                text = members([("kind", json.dumps(name)), ("body", inner)])
                kind, body = "application/json", spoilt(dice, text.encode("utf-8", "replace"))
            method = ENDPOINTS[path] if dice.random() < 0.9 else dice.choice(("PUT", "POST", "GET", "DELETE"))
            token = dice.choice(("ana's", "ana's", "nobody's", "x" * 5000))
            headers = {"Authorization": f"Bearer {token}"} if dice.random() < 0.95 else {}
            answer = sender.send(method, path + dice.choice(("", "", "?a=%00")), body, kind, headers)
            assert answer.status < 500, (method, path, kind, body[:300], answer.body[:300])
            trial.found(answered=1, accepted=int(answer.status < 300))
        trial.found(answered_5xx=0)
    finally:
        sender.close()
    assert house.local.ask(FloorFacts()).chain_fault == ""
