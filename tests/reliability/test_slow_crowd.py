"""R21: a thousand connections to each face of a server that send as slowly as they can, half of them their headers,
half of them a body. They are cut in time, and who is not slow hardly notices."""

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.domain.commands import AddSource, ChangeSource
from app.domain.questions import AllSources, FloorFacts
from tests.reliability.trial import Trial
from tests.server.serve_house import ServeHouse, serve_house

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(300)
CROWD = 1000
"""At each face at any time; who is cut comes again."""
FEW = 200
"""The crowd among the other tests."""
CUT_S = 15.0
LATE_S = 1.0
"""By which the one that looks may be late: it has two thousand lines to look at."""
HEALTHY_S = 0.5
SURELY_S = 60.0


class Crowd:
    """Whoever is slow at one face, in a process of their own (see slow.py)."""

    def __init__(self, address: tuple[str, int], size: int, tls: bool, starts: list[tuple[str, str]]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reliability.slow"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say([*address, size, tls, starts])
        assert self._hear() == "full"

    def _say(self, what: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> object:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def until_cut(self) -> tuple[int, float]:
        """Let nobody come again, and wait until all are cut: how many were, and the longest time to that."""
        self._say("no more")
        cut, longest, left = self._hear()  # type: ignore[misc]
        assert not left, f"{left} were not cut"
        return int(cut), float(longest)

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


class Healthy(threading.Thread):
    """Somebody who is not slow, each time over a line of their own."""

    def __init__(self, ask: Callable[[int], None]) -> None:
        super().__init__(name="healthy")
        self._ask = ask
        self._ended = threading.Event()
        self.took: list[float] = []
        self.failed: list[str] = []
        self.start()

    def run(self) -> None:
        number = 0
        while not self._ended.wait(0.05):
            began = time.monotonic()
            try:
                self._ask(number)
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.failed.append(repr(error))
            self.took.append(time.monotonic() - began)
            number += 1

    def end(self) -> float:
        """The seconds that 99 of 100 took at most."""
        self._ended.set()
        self.join()
        return sorted(self.took)[int(len(self.took) * 0.99)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ServeHouse]:
    with serve_house(str(tmp_path / "crowded.floor"), tmp_path) as made:
        yield made


def one_answer(line: http.client.HTTPConnection, path: str, body: bytes | None, **headers: str) -> None:
    try:
        line.request("GET" if body is None else "POST", path, body=body, headers=headers)
        answer = line.getresponse()
        answer.read()
        assert answer.status < 300, answer.status
    finally:
        line.close()


@pytest.mark.trial("R21", short=2, ci=10, full=60, unit="seconds")
def test_a_thousand_slow_senders_at_each_face_are_cut_and_nobody_else_notices(
    house: ServeHouse, trial: Trial
) -> None:
    server = house.serve()
    token = house.join(server)
    door = house.door(token)
    source = door.do(AddSource(name="Web site", channel="json")).value.id
    door.do(ChangeSource(source_id=source, name="Web site", per_minute=100_000))
    shown = next(line for line in door.ask(AllSources()).lines if line.source.id == source)
    host, port = server.address.split(":")
    desks = host, int(port)
    inquiries = host, urlsplit(server.capture_url).port or 0
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the crowd does not care

    def capture(number: int) -> None:
        body = json.dumps({"name": f"Person {number}", "email": f"p{number}@firm{number}.example"}).encode()
        line = http.client.HTTPConnection(*inquiries, timeout=SURELY_S)
        one_answer(line, f"/capture/json/{shown.source.key}", body, **{"Content-Type": "application/json"})

    def look(_number: int) -> None:
        line = http.client.HTTPSConnection(*desks, timeout=SURELY_S, context=context)
        one_answer(line, "/api/me", None, Authorization=f"Bearer {token}")

    def slow_ones(path: str, more: str) -> list[tuple[str, str]]:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\n{more}"
        body = "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        return [(f"{head}X-Slow: ", "a"), (head + body, " ")]

    size = CROWD if trial.measures else FEW
    capturing = inquiries, size, False, slow_ones(f"/capture/json/{shown.source.key}", "")
    looking = desks, size, True, slow_ones("/api/do", f"Authorization: Bearer {token}\r\n")
    with ExitStack() as ending:
        crowds: dict[str, Crowd] = {}
        for name, said in (("capture", capturing), ("desks", looking)):
            crowds[name] = Crowd(*said)
            ending.callback(crowds[name].end)
        healthy = {"capture": Healthy(capture), "desks": Healthy(look)}
        for one in healthy.values():
            ending.callback(one.end)
        threading.Event().wait(trial.size)  # so long they stand there
        slowest = {name: one.end() for name, one in healthy.items()}
        for name, crowd in crowds.items():
            cut, longest = crowd.until_cut()
            assert cut >= size
            trial.found(**{f"slow_at_{name}": cut})
            trial.within(CUT_S + LATE_S, **{f"{name}_cut_s": longest})
    for name, one in healthy.items():
        assert not one.failed
        assert one.took
        trial.found(**{f"healthy_at_{name}": len(one.took)})
        trial.within(HEALTHY_S, **{f"{name}_p99_s": slowest[name]})
    # What was captured is there, and nothing else came of it all.
    assert len(healthy["capture"].took) == door.ask(FloorFacts(check_chain=False)).inquiries
