"""A standby that was behind takes over: every desk shows the floor that there is now, and says so.

What the desks saw last never came to the standby. It goes on from what it has, so that the numbers that a desk has
seen stand for other events now. That is told by the hash, however a desk reaches its floor.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from app.clock import SystemClock
from app.domain.commands import AddRep
from app.domain.errors import Unavailable
from app.floor.floor import Link
from app.floor.local import LocalFloor
from app.floor.remote import RemoteFloor
from app.store.book import Book, start_floor
from tests.floor.stand import PATIENCE, Ear
from tests.fresh import NAME, START
from tests.reliability.line import Line
from tests.reliability.pair import Pair
from tests.server.desk_house import desk_house

pytestmark = [pytest.mark.timeout(300), pytest.mark.expects_errors]
LOST = 4


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.stop()


def add(floor: LocalFloor, *names: str) -> int:
    """Add people, again and again until the database answers; the number of the last event."""
    cursor = 0
    for name in names:
        command = AddRep(name=name)
        for _ in range(300):
            try:
                cursor = floor.do(command).cursor
                break
            except Unavailable:
                threading.Event().wait(0.1)
    return cursor


@pytest.mark.trial("R6", unit="promotion")
def test_desks_that_saw_more_than_the_standby_had_take_its_floor_and_say_so(pair: Pair) -> None:
    url = pair.primary.empty()
    database = url.rpartition("/")[2]
    start_floor(url, NAME, START)
    with ExitStack() as stack:
        wire = Line("127.0.0.1", pair.primary.port)
        stack.callback(wire.close)
        pair.add_standby(database, by=wire.port)
        ways = [Line("127.0.0.1", port) for port in (pair.primary.port, pair.port)]
        for way in ways:
            stack.callback(way.close)
        login = pair.address(database).rpartition("@")[0]
        hosts = ",".join(f"127.0.0.1:{way.port}" for way in ways)
        house = stack.enter_context(desk_house(f"{login}@{hosts}/{database}"))
        other = stack.enter_context(desk_house(f"{login}@{hosts}/{database}"))
        other.tokens["ana's"] = house.ana
        there = add(house.local, "Known")
        pair.until_standby(database, f"SELECT last >= {there} FROM feed")
        roaming = RemoteFloor([house.open().url, other.faces[0].url], "ana's")
        stack.callback(roaming.close)
        ears = [Ear(house.local), Ear(house.door()), Ear(roaming)]
        for ear in ears:
            stack.callback(ear.stop)
            ear.until_link(Link.LIVE)
        wire.cut()
        seen = add(house.local, *(f"Lost {n}" for n in range(LOST)))
        for ear in ears:
            ear.until(seen)
        house.faces[1].stop()
        ways[1].cut()  # nobody looks before the new primary has gone on past what they saw
        pair.kill_primary()
        pair.promote()
        there_now = LocalFloor(Book(pair.address(database)), SystemClock(), "admin")
        stack.callback(there_now.close)
        assert add(there_now, *(f"Other {n}" for n in range(LOST))) == seen
        last = add(there_now, "Last")
        ways[1].mend()
        for ear in ears:
            with ear._told:
                assert ear._told.wait_for(lambda ear=ear: "Last" in names(ear), PATIENCE), names(ear)  # type: ignore[misc]
            assert ear.until(last).board.cursor == last
            assert [batch.went_back for batch in ear.batches if batch.snapshot] == [False, True]
            assert not any(name.startswith("Lost") for name in names(ear))
            ear.until_link(Link.LIVE)
        fresh = Ear(house.door()).until(last)
        fresh.stop()
        assert all(ear.board.reps == fresh.board.reps for ear in ears)


def names(ear: Ear) -> set[str]:
    return {rep.name for rep in ear.board.reps.values()}
