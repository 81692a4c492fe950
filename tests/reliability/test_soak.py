"""R14: a server with fifty desks and five events a second, for a while. It does not grow, opens nothing that it does
not close, keeps its log short, and answers at once to the end."""

from __future__ import annotations

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.codec import encode
from app.domain.commands import AddNote, AddSource, ChangeSource
from app.domain.questions import AllSources, FindLeads, FloorFacts
from tests.reliability.trial import Trial
from tests.server.serve_house import ServeHouse, serve_house
from tests.server.test_serve import fetch

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read in /proc"),
]
DESKS, FEW = 50, 10
"""As a trial, and among the other tests."""
EVERY_S = 0.2
WARM = 1 / 3
"""The share of the time after which nothing may grow any more."""
NOISE_MB, MB_AN_HOUR = 6.0, 1.0
"""By how much the memory in use may differ without any growth, and the growth that is allowed."""
FILES = 4
"""Descriptors that may be in use for a moment: a request of ours, a file of a backup."""
LOG_MB = 64.0
COMMAND_S = 0.25


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ServeHouse]:
    with serve_house(str(tmp_path / "soaked.floor"), tmp_path) as made:
        yield made


def memory_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def slope(points: list[tuple[float, float]]) -> float:
    """By how much the second grows with the first, by least squares."""
    xs, ys = zip(*points, strict=True)
    return statistics.linear_regression(xs, ys).slope


@pytest.mark.skipif(sys.platform == "win32", reason="memory is read in /proc")
@pytest.mark.trial("R14", short=20, ci=180, full=7_200, unit="seconds")
def test_a_server_at_work_does_not_grow_and_answers_at_once_to_the_end(
    house: ServeHouse, trial: Trial
) -> None:
    server = house.serve()
    token = house.join(server)
    desks = DESKS if trial.measures else FEW
    doors = [house.door(token) for _ in range(desks)]
    source = doors[0].do(AddSource(name="Web site", channel="json")).value.id
    doors[0].do(ChangeSource(source_id=source, name="Web site", per_minute=100_000))
    shown = next(line for line in doors[0].ask(AllSources()).lines if line.source.id == source)
    cursors = [0] * desks

    def hear(number: int) -> Callable[[object], None]:
        def tell(batch: object) -> None:
            cursors[number] = batch.last  # type: ignore[attr-defined]

        return tell

    following = [door.follow(None, hear(number)) for number, door in enumerate(doors)]
    path = f"{server.capture_url}/capture/json/{shown.source.key}"
    pid, log = server.process.pid, Path(f"{house.address}-wal")
    for door in doors:  # each has its line for commands now, as many as there will ever be
        door.ask(AllSources())
    used: list[tuple[float, float]] = []
    opened = [(0.0, files(pid))]
    took: list[float] = []
    longest_log = number = 0
    began = time.monotonic()
    lead = ""
    try:
        while (now := time.monotonic() - began) < trial.size:
            if number % 3 == 0:
                person = {"name": f"Person {number}", "email": f"p{number}@firm{number}.example"}
                status, _ = fetch(path, encode(person), **{"Content-Type": "application/json"})
                assert status == 201
                lead = lead or doors[0].ask(FindLeads(text="firm0.example")).leads[0].id
            else:
                sent = time.monotonic()
                doors[trial.random.randrange(desks)].do(AddNote(lead_id=lead, text=f"note {number}"))
                took.append(time.monotonic() - sent)
            used.append((now, memory_mb(pid)))
            opened.append((now, files(pid)))
            longest_log = max(longest_log, log.stat().st_size if log.exists() else 0)
            number += 1
            # Never slower than the floor can take it, on a machine that has other things to do.
            threading.Event().wait(max(0.01, began + number * EVERY_S - time.monotonic()))
        last = doors[0].ask(FloorFacts(check_chain=False)).head
        deadline = time.monotonic() + 60
        while min(cursors) < last:
            assert time.monotonic() < deadline, "a desk was not told everything"
            threading.Event().wait(0.05)
    finally:
        for one in following:
            one.stop()
    warm = trial.size * WARM
    after = [point for point in used if point[0] >= warm]
    early = statistics.median(mb for at, mb in after[: max(1, len(after) // 5)])
    late = statistics.median(mb for at, mb in after[-max(1, len(after) // 5) :])
    then = max(count for at, count in opened if at <= warm)
    trial.found(desks=desks, events=last, commands=len(took))
    trial.worst(
        mb=late, mb_grown=late - early, mb_an_hour=slope(after) * 3600, log_mb=longest_log / 1e6, files=opened[-1][1]
    )  # fmt: skip
    assert late - early <= NOISE_MB + MB_AN_HOUR * (trial.size - warm) / 3600
    assert max(count for _, count in opened[-20:]) <= then + FILES
    assert longest_log <= LOG_MB * 1e6
    trial.within(COMMAND_S, command_p99_s=sorted(took)[int(len(took) * 0.99)])
