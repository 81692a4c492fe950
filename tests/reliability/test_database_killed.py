"""R2: `kill -9` of the whole PostgreSQL server under load, again and again. Nothing that was acknowledged is lost, and
every desk goes on by itself once the server is up."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator

import pytest

from app.clock import FloorClock
from app.domain.commands import AddSource
from app.domain.questions import FloorFacts
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor
from tests.floor.stand import Ear
from tests.fresh import NAME, START
from tests.reliability.mortal import Mortal
from tests.reliability.test_standby import Posting, kept_inquiries
from tests.reliability.trial import Trial

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.expects_errors,
    pytest.mark.skipif(sys.platform == "win32", reason="there a server can't be killed at one blow"),
]
DESKS = 4
LIVE_AGAIN_S = 10.0
PATIENCE_S = 60.0


@pytest.fixture
def server(pg_cluster: object) -> Iterator[Mortal]:  # where there is no PostgreSQL, that fixture says so
    made = Mortal()
    yield made
    made.end()


def until(reached: object, *, what: str) -> None:
    """Wait until `reached()`."""
    began = time.monotonic()
    while not reached():  # type: ignore[operator]
        assert time.monotonic() - began < PATIENCE_S, what
        threading.Event().wait(0.01)


@pytest.mark.trial("R2", short=2, ci=5, full=100, unit="kills")
def test_a_database_that_is_killed_under_load_loses_nothing_and_every_desk_goes_on(
    server: Mortal, trial: Trial
) -> None:
    start_floor(server.address, NAME, START)
    desks = [LocalFloor(Book(server.address), FloorClock(), "admin") for _ in range(DESKS)]
    ears: list[Ear] = []
    posting: list[Posting] = []
    try:
        source = desks[0].do(AddSource(name="Web site", channel="json")).value.id
        ears += [Ear(desk) for desk in desks]
        for number, desk in enumerate(desks):
            posting.append(Posting(desk.as_actor("capture"), source))
            posting[-1].name = f"posting{number}"
            posting[-1].start()
        for _ in range(trial.size):
            had = [len(one.acknowledged) for one in posting]
            until(lambda had=had: all(len(one.acknowledged) > n + 3 for one, n in zip(posting, had, strict=True)),
                  what="nothing went on before the kill")  # fmt: skip
            threading.Event().wait(trial.random.random() * 0.1)
            server.kill()
            up = server.start()
            had = [len(one.acknowledged) for one in posting]
            heard = [ear.board.cursor for ear in ears]
            until(
                lambda had=had, heard=heard: (
                    all(len(one.acknowledged) > n + 1 for one, n in zip(posting, had, strict=True))
                    and all(ear.board.cursor > n for ear, n in zip(ears, heard, strict=True))
                ),
                what="a desk did not go on",
            )
            trial.within(LIVE_AGAIN_S, seconds_until_all_live=time.monotonic() - up)
        for one in posting:
            one.stop()
        last = max(one.cursor for one in posting)
        for ear in ears:
            ear.until(last)
            numbers = [entry.seq for batch in ear.batches for entry in batch.entries]
            first = ear.batches[0].last
            assert [n for n in numbers if n > first] == list(range(first + 1, max(numbers) + 1)), [
                (b.first, b.last) for b in ear.batches if b.snapshot
            ]
        acknowledged = {inquiry for one in posting for inquiry in one.acknowledged}
        lost = acknowledged - kept_inquiries(desks[0])
        trial.found(acknowledged=len(acknowledged), lost=len(lost))
        assert not lost
        assert desks[-1].ask(FloorFacts()).chain_fault == ""
    finally:
        for one in posting:
            one.stop()
        for ear in ears:
            ear.stop()
        for desk in desks:
            desk.close()
