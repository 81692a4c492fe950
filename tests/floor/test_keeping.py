"""One program keeps the floor: the lease, its fence, and what desks are told when nobody has it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.clock import HandClock
from app.domain.commands import KEEPING, Held, HoldLease, KeepClocks, ResignLease
from app.domain.errors import LeaseLost, Refused
from app.domain.events import ClockBreached, LeadEscalated
from app.domain.questions import WhoKeeps
from app.floor import local
from app.floor.local import LocalFloor
from app.store import leases
from app.workers.keeper import Keeper
from app.workers.leased import Terms
from tests.floor.conftest import LocalHouse
from tests.floor.stand import HOT, PATIENCE, Ear, Stand, at_once
from tests.floor.test_keeper import Watched, ring

QUICK = Terms(ttl=0.6, renew=0.1)


def hold(stand: Stand, holder: str, **more: object) -> Held:
    return stand.by("keeper").do(HoldLease(holder=holder, **more)).value  # type: ignore[arg-type]


def run_out(stand: Stand) -> None:
    """Let the lease that somebody holds run out."""
    assert isinstance(stand.house, LocalHouse)
    if stand.house.book.is_sqlite:
        stand.clock.advance(seconds=15.1)
        return
    with stand.house.book.writing("tester", stand.clock.now()) as w:
        now = leases.time(w)
        assert now is not None
        w.db.execute(leases.t.leases.update().values(expires_at=now, renewed_at=now - timedelta(seconds=15)))


def test_one_holds_it_and_the_others_are_told_for_how_long(stand: Stand) -> None:
    assert stand.setup.ask(WhoKeeps()).renewed_at is None
    first = hold(stand, "one", place="front desk")
    assert (first.epoch, first.for_seconds) == (1, 15.0)
    other = hold(stand, "two", place="back office")
    assert other.epoch == 0
    assert 14 < other.for_seconds <= 15
    assert hold(stand, "one", place="front desk").epoch == 1
    keeping = stand.setup.ask(WhoKeeps())
    assert (keeping.place, keeping.epoch) == ("front desk", 1)
    assert keeping.renewed_at is not None


def test_it_changes_hands_when_it_runs_out_is_given_back_or_a_server_comes(stand: Stand) -> None:
    hold(stand, "one")
    run_out(stand)
    assert hold(stand, "two").epoch == 2
    assert hold(stand, "one").epoch == 0
    stand.by("keeper").do(ResignLease(holder="one"))  # it is not his any more
    assert hold(stand, "one").epoch == 0
    stand.by("keeper").do(ResignLease(holder="two"))
    assert stand.setup.ask(WhoKeeps()).place == ""
    assert hold(stand, "one").epoch == 3
    assert hold(stand, "server", rank=1).epoch == 4
    assert hold(stand, "one").epoch == 0
    assert hold(stand, "other server", rank=1).epoch == 0
    assert hold(stand, "alone with the file", is_alone=True).epoch == 5


def test_who_slept_through_his_lease_without_a_successor_has_it_still(stand: Stand) -> None:
    assert hold(stand, "one").epoch == 1
    run_out(stand)
    assert hold(stand, "one").epoch == 1


@pytest.mark.parametrize(
    "wrong", [{"holder": ""}, {"holder": "x", "seconds": 0.0}, {"holder": "x", "seconds": 1e9}]
)
def test_a_lease_without_end_or_holder_is_refused(stand: Stand, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        stand.by("keeper").do(HoldLease(**wrong))  # type: ignore[arg-type]


def test_of_many_who_ask_at_once_one_gets_it(stand: Stand) -> None:
    asked = [lambda n=n: hold(stand, f"desk {n}") for n in range(6)]
    assert sorted(held.epoch for held in at_once(*asked)) == [0, 0, 0, 0, 0, 1]  # type: ignore[attr-defined]


def test_a_round_of_an_epoch_that_is_over_does_nothing(stand: Stand) -> None:
    stand.rep("Ana")
    lead = stand.new_lead(HOT)
    old = hold(stand, "one").epoch
    run_out(stand)
    new = hold(stand, "two").epoch
    stand.clock.advance(seconds=60)
    story = stand.story(lead.id)
    for epoch in (old, 0, new + 1):
        with pytest.raises(LeaseLost):
            stand.by("keeper").do(KeepClocks(epoch=epoch))
    assert stand.story(lead.id) == story
    assert stand.by("keeper").do(KeepClocks(epoch=new)).value.breached == 1


def test_a_round_holds_the_lease_until_it_is_committed(stand: Stand) -> None:
    """Nobody becomes keeper between the check of an epoch and what was done by it."""
    assert isinstance(stand.house, LocalHouse)
    book = stand.house.book
    epoch = hold(stand, "one").epoch
    checked, taken = threading.Event(), threading.Event()
    seen = []

    def take() -> None:
        assert checked.wait(PATIENCE)
        hold(stand, "two", is_alone=True)
        taken.set()

    taker = threading.Thread(target=take)
    taker.start()
    with book.writing("keeper", stand.clock.now()) as w:
        assert leases.fence(w, KEEPING, epoch)
        checked.set()
        seen.append(taken.wait(0.5))
        w.rings = True
    taker.join(PATIENCE)
    assert seen == [False]
    assert taken.is_set()


# -- keepers at work


class Keepers:
    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self.all: list[Keeper] = []

    def start(self, terms: Terms = QUICK, **more: object) -> Keeper:
        assert isinstance(self._stand.house, LocalHouse)
        keeper = Keeper(self._stand.house.local, self._stand.clock, terms, **more)  # type: ignore[arg-type]
        self.all.append(keeper)
        keeper.start()
        return keeper

    def until(self, place: str) -> None:
        """Wait until the keeper of a place keeps the floor."""
        patience = threading.Event()
        for _ in range(round(PATIENCE / 0.05)):
            if self._stand.setup.ask(WhoKeeps()).place == place:
                return
            patience.wait(0.05)
        raise AssertionError(f"{self._stand.setup.ask(WhoKeeps())} keeps the floor, not {place}")


@pytest.fixture
def keepers(stand: Stand) -> Iterator[Keepers]:
    made = Keepers(stand)
    yield made
    for keeper in made.all:
        keeper.stop()
        assert not keeper.is_alive()


def test_a_keeper_that_ends_leaves_the_floor_to_the_next(stand: Stand, keepers: Keepers) -> None:
    stand.rep("Ana")
    first = keepers.start(place="front desk")
    keepers.until("front desk")
    keepers.start(place="back office")
    first.stop()
    keepers.until("back office")
    lead = stand.new_lead(HOT)
    ear = Watched(stand.setup)
    stand.clock.advance(seconds=60)
    ring(stand)
    ear.until_event(ClockBreached)
    ear.stop()
    assert stand.story(lead.id).count("ClockBreached") == 1


def test_a_keeper_at_rest_gives_the_floor_away_and_comes_back(stand: Stand, keepers: Keepers) -> None:
    only = keepers.start(place="laptop")
    keepers.until("laptop")
    only.rest(True)
    keepers.until("")
    stand.rep("Ana")
    stand.new_lead(HOT)
    stand.clock.advance(seconds=60)
    ring(stand)
    ear = Watched(stand.setup)
    only.rest(False)
    keepers.until("laptop")
    ear.until_event(ClockBreached)
    ear.stop()


def test_a_server_takes_over_from_a_desk(stand: Stand, keepers: Keepers) -> None:
    keepers.start(place="front desk")
    keepers.until("front desk")
    keepers.start(place="server", rank=1)
    keepers.until("server")


def test_whose_lease_was_taken_lets_go_and_takes_no_step_twice(stand: Stand, keepers: Keepers) -> None:
    stand.rep("Ana")
    stand.rep("Ben")
    keepers.start(Terms(ttl=15, renew=60), place="sleeper")  # it will not look again by itself
    keepers.until("sleeper")
    keepers.start(Terms(ttl=15, renew=0.1, is_alone=True), place="other")
    keepers.until("other")
    lead = stand.new_lead(HOT)
    ear = Watched(stand.setup)
    stand.clock.advance(seconds=60)
    ring(stand)
    ear.until_event(LeadEscalated, 2)
    ear.stop()
    assert stand.story(lead.id).count("LeadEscalated") == 2


# -- what a desk is told


@pytest.fixture
def shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk that says after half a second what it otherwise says after half a minute."""
    monkeypatch.setattr(local, "PAUSED_S", 0.5)
    monkeypatch.setattr(local, "NEW_S", 0.0)
    monkeypatch.setattr(local, "LOOK_S", 0.1)


def until_kept(ear: Ear, kept: bool) -> None:
    with ear._told:
        assert ear._told.wait_for(lambda: ear.board.kept is kept, PATIENCE), ear.board.kept


def test_a_desk_is_told_when_nobody_keeps_the_floor_and_when_somebody_does_again(
    stand: Stand, keepers: Keepers, shortly: None
) -> None:
    ear = Ear(stand.setup)
    keeper = keepers.start(place="laptop")
    keepers.until("laptop")
    assert ear.board.kept
    keeper.rest(True)
    keepers.until("")
    stand.clock.advance(seconds=1)
    ring(stand)
    until_kept(ear, False)
    assert [batch.kept for batch in ear.batches if batch.kept is not None] == [False]
    late = Ear(stand.setup)
    until_kept(late, False)
    late.stop()
    keeper.rest(False)
    until_kept(ear, True)
    stand.rep("Ana")
    ear.until(2)  # and goes on as before
    ear.stop()


def test_a_floor_that_never_had_a_keeper_is_not_called_paused(stand: Stand, shortly: None) -> None:
    ear = Ear(stand.setup)
    stand.clock.advance(hours=1)
    stand.rep("Ana")
    ear.until(2)
    ear.stop()
    assert ear.board.kept
    assert all(batch.kept is None for batch in ear.batches)


def test_a_desk_that_opens_in_the_morning_does_not_cry_wolf(
    stand: Stand, keepers: Keepers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lease of last night has long run out when its own keeper is about to take it."""
    monkeypatch.setattr(local, "PAUSED_S", 0.0)
    hold(stand, "yesterday")
    stand.by("keeper").do(ResignLease(holder="yesterday"))
    ear = Ear(stand.setup).until(0)
    stand.rep("Ana")
    ear.until(2)
    ear.stop()
    assert all(batch.kept is None for batch in ear.batches)


def test_the_floor_has_one_time_the_database_s(stand: Stand) -> None:
    assert isinstance(stand.house, LocalHouse)
    from app.clock import FloorClock, SystemClock

    wrong = FloorClock(at=SystemClock().now() - timedelta(hours=3))
    floor = LocalFloor(stand.house.book, wrong, "admin")
    floor.hear_time()
    off = abs((wrong.now() - SystemClock().now()).total_seconds())
    if stand.house.book.is_sqlite:
        assert 3 * 3600 - 60 < off < 3 * 3600 + 60  # a file has no other time than its desk's
        assert wrong.unsure() is None
    else:
        assert off < 5
        assert wrong.unsure() is not None
    by_hand = LocalFloor(stand.house.book, HandClock(stand.clock.now()), "admin")
    by_hand.hear_time()  # a clock in a tester's hand is not set by anybody else
