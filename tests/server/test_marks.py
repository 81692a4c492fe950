"""A desk through a server never takes one floor's feed for another's, and is told nothing twice.

Each batch says the hash that it goes on from and the one it ends at; a desk says its own when it comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.clock import new_id
from app.domain.commands import AddRep, LogOutcome
from app.domain.events import Entry, RepAdded
from app.domain.lead import Lead, Outcome
from app.floor import wire
from app.floor.floor import Batch, Link
from app.floor.foreseen import Foreseen
from app.floor.pinned import pinned_context
from app.floor.remote_follow import RemoteFollower
from app.floor.servers import Servers
from app.store.driver import sqlite_module
from tests.floor.stand import PATIENCE, Ear
from tests.fresh import START, fresh_floor
from tests.server.desk_house import DeskHouse, desk_house


@pytest.fixture
def floor_file(tmp_path: Path) -> Iterator[Path]:
    def none() -> object:
        raise AssertionError

    with fresh_floor("sqlite", tmp_path, none) as address:  # type: ignore[arg-type]
        yield Path(address)


def add(house: DeskHouse, *names: str) -> None:
    for name in names:
        house.local.do(AddRep(name=name))


@pytest.mark.parametrize("after", [1, 2, 5], ids=["fewer events", "as many", "more"])
def test_a_desk_whose_server_comes_back_with_an_older_floor_sees_that_floor(
    floor_file: Path, after: int
) -> None:
    """The copy knows less than the desk; what was done on it since has the numbers of what the desk saw."""
    copy = floor_file.with_name("copy.floor")
    with desk_house(str(floor_file)) as house:
        port = house.port
        add(house, "Ben")
        beside = sqlite_module().connect(str(floor_file))
        beside.execute("VACUUM INTO ?", (str(copy),))
        beside.close()
        door = house.door()
        ear = Ear(door)
        ear.until_link(Link.LIVE)
        add(house, "Cem", "Dora")
        ear.until(house.local.head()[0])
        house.faces[0].stop()
        ana = house.ana
        with desk_house(str(copy)) as other:
            other.tokens["ana's"] = ana
            add(other, *(f"Other {n}" for n in range(after - 1)))  # one was added with the house
            other.open(port)
            ear.until_link(Link.LIVE)
            add(other, "Last")
            ear.until(other.local.head()[0])
            with ear._told:
                assert ear._told.wait_for(lambda: "Last" in names(ear), PATIENCE)
            ear.stop()
            fresh = Ear(other.door()).until(other.local.head()[0])
            fresh.stop()
            assert ear.board.reps == fresh.board.reps
            assert [batch.went_back for batch in ear.batches if batch.snapshot] == [False, True]
        door.close()


def names(ear: Ear) -> set[str]:
    return {rep.name for rep in ear.board.reps.values()}


# -- one follower, told by hand


class Told:
    """A follower that is on no line, and what it told its desk."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        nowhere = Servers(["http://127.0.0.1:1"])
        self.follower = RemoteFollower(
            nowhere, "t", pinned_context(()), None, self.batches.append, None, lambda: None
        )

    def __call__(self, batch: Batch) -> None:
        self.follower._take(wire.write_feed(batch))

    @property
    def numbers(self) -> list[int]:
        return [entry.seq for batch in self.batches for entry in batch.entries]


def batch(first: int, last: int, floor: str = "a", **said: object) -> Batch:
    entries = tuple(
        Entry(seq=n, id=new_id(), at=START, actor="x", lead_id="", event=RepAdded(rep_id="r", name="R"))
        for n in range(first, last + 1)
    )
    made = Batch(
        first=first, last=last, at=START, entries=entries, after=f"{floor}{first - 1}", mark=f"{floor}{last}"
    )
    return replace(made, **said)  # type: ignore[arg-type]


def whole(last: int, floor: str = "a", **said: object) -> Batch:
    return Batch(first=last, last=last, at=START, snapshot=True, mark=f"{floor}{last}", **said)  # type: ignore[arg-type]


def test_where_catching_up_meets_what_goes_to_all_each_event_is_told_once() -> None:
    told = Told()
    told(whole(10))
    for each in (batch(11, 14), batch(12, 14), batch(13, 17), batch(11, 17), batch(18, 18)):
        told(each)
    assert told.numbers == list(range(11, 19))
    assert [(each.first, each.last) for each in told.batches] == [(10, 10), (11, 14), (15, 17), (18, 18)]


def test_a_snapshot_with_events_tells_only_the_new_ones() -> None:
    """That of a file that came in: it carries the events beside it."""
    told = Told()
    told(whole(10))
    told(batch(11, 14))
    told(replace(batch(13, 16, snapshot=True, after=""), first=16))
    assert told.numbers == list(range(11, 17))


def test_what_goes_on_from_another_event_is_not_taken() -> None:
    told = Told()
    told(whole(10))
    told(batch(11, 12))
    with pytest.raises(ConnectionError, match="another floor"):
        told(batch(13, 15, "b"))
    assert told.numbers == [11, 12]
    told(whole(14, "b", went_back=True))  # as the server answers to the mark
    told(batch(15, 15, "b"))
    assert told.numbers == [11, 12, 15]


def test_another_history_that_overlaps_is_found_with_the_next_batch() -> None:
    told = Told()
    told(whole(10))
    told(batch(11, 14))
    told(batch(12, 15, "b"))
    with pytest.raises(ConnectionError, match="another floor"):
        told(batch(16, 16))


def test_a_server_of_before_the_marks_is_followed_as_it_was() -> None:
    told = Told()
    told(whole(10))
    told(batch(11, 12, after="", mark=""))
    told(batch(13, 13))
    assert told.numbers == [11, 12, 13]


def foreseen_until(number: int) -> tuple[Lead, Foreseen]:
    """A desk at event 10 with an outcome on its one lead, whose effect on the floor is the event of this number."""
    lead = Lead(id="l", version=1, captured_at=START, owner="me")
    seen = Foreseen("me")
    seen.take(whole(10, leads=(lead,)))
    command = LogOutcome(lead_id="l", outcome=Outcome.NO_ANSWER, said_at=START)
    seen.add(command)
    seen.arrived(command, number)
    return lead, seen


def test_what_the_floor_went_back_behind_is_no_longer_foreseen() -> None:
    """The floor had it, under a number that the desk waits for; the floor that there is now never heard of it."""
    lead, seen = foreseen_until(12)
    assert seen.lead("l") != lead
    seen.take(whole(9, "b", leads=(lead,), went_back=True))
    assert seen.lead("l") == lead


def test_a_lead_that_the_feed_does_not_name_is_shown_as_it_is_once_nothing_is_foreseen_of_it() -> None:
    """The floor has what the desk said and had nothing to change; another lead's event is what tells the desk so."""
    lead, seen = foreseen_until(12)
    assert len(seen.take(batch(11, 11))) == 1
    _, bare = seen.take(batch(12, 12))
    assert (bare.leads, bare.foreseen, bare.first, bare.last) == ((lead,), True, 12, 12)
    assert len(seen.take(batch(13, 13))) == 1
