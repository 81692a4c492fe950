"""R2 and the promise of promotion: the database's computer dies, and every desk goes on by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg
import pytest

from app.clock import FloorClock
from app.domain.commands import AddSource
from app.domain.questions import FloorFacts
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor
from tests.floor.stand import Ear
from tests.fresh import NAME, START
from tests.reliability.pair import Pair
from tests.reliability.posting import Posting
from tests.reliability.trial import Trial

pytestmark = [pytest.mark.timeout(180), pytest.mark.expects_errors]
DESKS = 10
LIVE_AGAIN_S = 10.0
END_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.stop()


@pytest.mark.trial("R2", unit="promotion")
def test_the_primary_dies_the_standby_is_promoted_and_all_desks_go_on(pair: Pair, trial: Trial) -> None:
    url = pair.primary.empty()
    database = url.rpartition("/")[2]
    start_floor(url, NAME, START)
    pair.add_standby(database)
    desks = [LocalFloor(Book(pair.address(database)), FloorClock(), "admin") for _ in range(DESKS)]
    ears: list[Ear] = []
    try:
        source = desks[0].do(AddSource(name="Web site", channel="json")).value.id
        ears += [Ear(desk) for desk in desks]
        posting = Posting(desks[0].as_actor("capture"), source)
        posting.start()
        for ear in ears:
            ear.until(30)
        killed = time.monotonic()
        pair.kill_primary()
        pair.promote()
        reached = ears[0].board.cursor
        for ear in ears:
            ear.until(reached + 10)
        took = time.monotonic() - killed
        posting.stop()
        for ear in ears:
            ear.until(posting.cursor)
            numbers = [entry.seq for batch in ear.batches for entry in batch.entries]
            first = ear.batches[0].last
            assert [n for n in numbers if n > first] == list(range(first + 1, posting.cursor + 1))
        facts = desks[-1].ask(FloorFacts())
        assert facts.chain_fault == ""
        kept = kept_inquiries(desks[-1])
        assert not set(posting.acknowledged) - kept
        trial.found(desks=DESKS, acknowledged=len(posting.acknowledged), lost=0)
        trial.worst(seconds_until_all_live=took)
        assert took <= LIVE_AGAIN_S
    finally:
        for ear in ears:
            ear.stop()
        for desk in desks:
            desk.close()


def kept_inquiries(floor: LocalFloor) -> set[str]:
    with floor._book.reading() as r:
        return {str(row[0]) for row in r.db.exec_driver_sql("SELECT id FROM inquiries")}


@pytest.mark.trial("R2", ci=3, unit="restarts")
def test_sessions_that_the_server_ends_are_opened_again(pg_url: str) -> None:
    """As an administrator does it, or a restart."""
    start_floor(pg_url, NAME, START)
    floor = LocalFloor(Book(pg_url), FloorClock(), "admin")
    source = floor.do(AddSource(name="Web site", channel="json")).value.id
    ear = Ear(floor).until(1)
    posting = Posting(floor.as_actor("capture"), source)
    posting.start()
    try:
        for _ in range(3):
            ear.until(ear.board.cursor + 20)
            with psycopg.connect(pg_url.replace("+psycopg", ""), autocommit=True) as line:
                line.execute(END_ALL)
        ear.until(ear.board.cursor + 20)
    finally:
        posting.stop()
        ear.until(posting.cursor).stop()
    assert floor.ask(FloorFacts()).chain_fault == ""
    assert set(posting.acknowledged) == kept_inquiries(floor)
    floor.close()
