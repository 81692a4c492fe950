"""Desks that are there, silent, gone: what becomes of their reps and of the leads these have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Interval, literal, update

from app.domain.commands import (
    ClaimLead,
    EndAttempt,
    HoldLease,
    KeepPresence,
    LogOutcome,
    PresenceKept,
    SayGoodbye,
    SayHere,
    SetStatus,
)
from app.domain.errors import LeaseLost, Refused
from app.domain.events import LeadReleased, LeadRouted, PresenceChanged, RepStatusChanged
from app.domain.lead import Outcome, RepStatus
from app.domain.presence import DeskState
from app.domain.questions import FloorFacts
from app.domain.rulebook import DEFAULT
from app.store.tables_keeping import presence as presence_table
from app.workers.practice import Practice
from tests.floor.conftest import LocalHouse
from tests.floor.stand import HOT, Ear, Stand
from tests.fresh import START

HERE, IDLE, LOCKED, SUSPECT, GONE = DeskState


def say(stand: Stand, rep: str, desk: str = "desk", state: DeskState = HERE) -> bool:
    """A desk of a rep says that it is there; whether it is told to ask its rep."""
    return stand.by(rep).do(SayHere(device_id=f"{desk} of {rep}"[:36], place=desk, state=state)).value.asks


def bye(stand: Stand, rep: str, desk: str = "desk") -> None:
    stand.by(rep).do(SayGoodbye(device_id=f"{desk} of {rep}"[:36]))


def look(stand: Stand, *, seconds: float = 0, epoch: int = 0) -> PresenceKept:
    """Let so much of the database's time go by, by hand where it has a clock of its own; then the keeper looks."""
    assert isinstance(stand.house, LocalHouse)
    stand.clock.advance(seconds=seconds)
    book = stand.house.book
    if seconds and not book.is_sqlite:
        ago = literal(timedelta(seconds=seconds), Interval)
        p = presence_table.c
        with book.writing("tester", stand.clock.now()) as w:
            w.db.execute(
                update(presence_table).values(seen_at=p.seen_at - ago, release_at=p.release_at - ago)
            )
    return stand.by("keeper").do(KeepPresence(epoch=epoch)).value


def status(stand: Stand, rep: str) -> RepStatus:
    return board(stand).reps[rep].status


def board(stand: Stand):  # type: ignore[no-untyped-def]
    ear = Ear(stand.setup).until(0)
    ear.stop()
    return ear.board


def events(stand: Stand) -> list[object]:
    """All that happened on the floor about desks and statuses."""
    assert isinstance(stand.house, LocalHouse)
    with stand.house.book.reading() as r:
        return [entry.event for entry in r.since(0, 10_000)]


def presence(stand: Stand) -> list[tuple[str, str]]:
    return [(e.was.value, e.state.value) for e in events(stand) if isinstance(e, PresenceChanged)]


def whys(stand: Stand) -> list[str]:
    return [e.why for e in events(stand) if isinstance(e, RepStatusChanged) and e.why]


def head(stand: Stand) -> int:
    return stand.setup.ask(FloorFacts()).head


def test_a_desk_that_is_there_makes_no_event_and_one_that_changes_makes_one(stand: Stand) -> None:
    ana = stand.rep("Ana")
    before = head(stand)
    for _ in range(3):
        assert not say(stand, ana)
    assert look(stand, seconds=40) == PresenceKept()
    assert head(stand) == before
    assert look(stand, seconds=5.1) == PresenceKept(suspect=1)
    assert look(stand, seconds=1) == PresenceKept()
    assert board(stand).desks[ana].state is SUSPECT
    assert status(stand, ana) == RepStatus.AVAILABLE
    assert not say(stand, ana)
    assert board(stand).desks[ana].state is HERE
    assert presence(stand) == [("here", "suspect"), ("suspect", "here")]


def test_a_desk_that_is_gone_makes_its_rep_away_and_after_the_grace_others_get_the_leads(
    stand: Stand,
) -> None:
    ana = stand.rep("Ana")
    claimed, offered = stand.new_lead(HOT), stand.new_lead()
    stand.by(ana).do(ClaimLead(lead_id=claimed.id))
    ben = stand.rep("Ben")
    say(stand, ana)
    say(stand, ben)
    stand.clock.advance(seconds=1)
    assert look(stand, seconds=45).suspect == 2
    say(stand, ben)
    assert look(stand, seconds=75) == PresenceKept(suspect=1, gone=1)
    say(stand, ben)
    assert (status(stand, ana), status(stand, ben)) == (RepStatus.AWAY, RepStatus.AVAILABLE)
    assert whys(stand) == ["the desk is not heard of any more"]
    assert stand.lead(claimed.id).owner == ana
    assert stand.new_lead().owner == ben  # routing obeys
    assert look(stand, seconds=299) == PresenceKept(suspect=0, gone=1)  # Ben was silent too
    stand.by(ben).do(SetStatus(status=RepStatus.AVAILABLE))
    say(stand, ben)
    assert look(stand, seconds=2).released == 2
    for lead in (claimed, offered):
        now = stand.lead(lead.id)
        assert (now.owner, now.claimed_at) == (ben, None)
        assert now.claim_no > lead.claim_no
        assert now.deadline == lead.deadline
        assert stand.story(lead.id)[-2:] == ["LeadReleased", "LeadRouted"]
        (released,) = stand.events(lead.id, LeadReleased)
        assert released == LeadReleased(reason="Ana's desk is gone")
    assert look(stand, seconds=600).released >= 0
    assert len(stand.events(claimed.id, LeadReleased)) <= 2


def test_what_was_worked_on_stays_and_so_does_everything_during_a_call(stand: Stand) -> None:
    ana = stand.rep("Ana")
    tried, talking, waiting = stand.new_lead(), stand.new_lead(HOT), stand.new_lead()
    desk = stand.by(ana)
    first = stand.call(ana, tried.id)
    desk.do(EndAttempt(attempt_id=first))
    desk.do(LogOutcome(lead_id=tried.id, outcome=Outcome.NO_ANSWER))
    call = stand.call(ana, talking.id)
    say(stand, ana)
    assert look(stand, seconds=121).gone == 1
    assert status(stand, ana) == RepStatus.ON_CALL
    assert look(stand, seconds=3600) == PresenceKept()
    assert {stand.lead(lead.id).owner for lead in (tried, talking, waiting)} == {ana}
    desk.do(EndAttempt(attempt_id=call))
    assert look(stand).released == 1
    assert status(stand, ana) == RepStatus.AWAY
    assert [stand.lead(lead.id).owner for lead in (tried, talking, waiting)] == [ana, ana, ""]
    (routed,) = [e for e in stand.events(waiting.id, LeadRouted) if isinstance(e, LeadRouted) and not e.to]
    assert routed.why == "nobody was available"


def test_who_comes_back_within_the_grace_keeps_everything_and_is_asked(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    say(stand, ana)
    look(stand, seconds=121)
    assert board(stand).desks[ana].state is GONE
    assert say(stand, ana)
    assert not say(stand, ana)
    assert board(stand).desks[ana].state is HERE
    assert status(stand, ana) == RepStatus.AWAY  # until they say so
    assert look(stand, seconds=30) == PresenceKept()
    for _ in range(30):
        say(stand, ana)
        assert look(stand, seconds=30) == PresenceKept()
    assert stand.lead(lead.id).owner == ana


def test_the_next_start_of_a_desk_that_crashed_is_another_desk_of_the_same_rep(stand: Stand) -> None:
    ana = stand.rep("Ana")
    say(stand, ana, "first run")
    look(stand, seconds=60)
    say(stand, ana, "second run")
    assert look(stand, seconds=61) == PresenceKept(gone=1, suspect=1)
    assert status(stand, ana) == RepStatus.AVAILABLE
    assert list(board(stand).desks) == [ana]
    assert look(stand, seconds=60).gone == 1
    assert status(stand, ana) == RepStatus.AWAY
    assert say(stand, ana, "third run")


def test_a_desk_that_closes_says_goodbye_and_the_grace_begins(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    say(stand, ana, "office")
    say(stand, ana, "laptop")
    bye(stand, ana, "office")
    assert status(stand, ana) == RepStatus.AVAILABLE
    bye(stand, ana, "laptop")
    bye(stand, ana, "laptop")
    assert whys(stand) == ["the desk was closed"]
    assert look(stand, seconds=299).released == 0
    assert look(stand, seconds=2).released == 1
    assert stand.lead(lead.id).owner == ""
    assert say(stand, ana, "next morning")


def test_a_dark_screen_makes_away_unless_another_desk_of_theirs_is_lit(stand: Stand) -> None:
    ana = stand.rep("Ana")
    say(stand, ana, "office")
    say(stand, ana, "laptop")
    assert not say(stand, ana, "laptop", LOCKED)
    assert status(stand, ana) == RepStatus.AVAILABLE
    say(stand, ana, "office", IDLE)
    assert status(stand, ana) == RepStatus.AWAY
    assert whys(stand) == ["nobody has touched the desk for long"]
    say(stand, ana, "office", LOCKED)
    assert say(stand, ana, "office")
    assert not say(stand, ana, "laptop")
    assert presence(stand)[0] == ("here", "locked")


@pytest.mark.parametrize("does", [RepStatus.BREAK, RepStatus.AWAY])
def test_a_dark_screen_changes_nothing_for_who_is_not_at_work(stand: Stand, does: RepStatus) -> None:
    ana = stand.rep("Ana")
    stand.by(ana).do(SetStatus(status=does))
    say(stand, ana)
    say(stand, ana, state=LOCKED)
    assert status(stand, ana) == does
    assert not say(stand, ana)


def test_a_dark_screen_during_a_call_changes_nothing(stand: Stand) -> None:
    ana = stand.rep("Ana")
    stand.call(ana, stand.new_lead().id)
    say(stand, ana)
    say(stand, ana, state=LOCKED)
    assert status(stand, ana) == RepStatus.ON_CALL


def test_who_never_had_a_desk_is_never_gone(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    assert look(stand, seconds=86400) == PresenceKept()
    assert (status(stand, ana), stand.lead(lead.id).owner) == (RepStatus.AVAILABLE, ana)


def test_the_grace_is_the_rulebook_s(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    stand.publish(replace(DEFAULT, release_after=0))
    say(stand, ana)
    assert look(stand, seconds=120) == PresenceKept(gone=1, released=1)
    assert stand.lead(lead.id).owner == ""
    with pytest.raises(Refused):
        stand.publish(replace(DEFAULT, release_after=-1))


def test_a_look_of_an_epoch_that_is_over_does_nothing(stand: Stand) -> None:
    ana = stand.rep("Ana")
    say(stand, ana)
    epoch = stand.by("keeper").do(HoldLease(holder="one")).value.epoch
    before = head(stand)
    with pytest.raises(LeaseLost):
        look(stand, seconds=121, epoch=epoch + 1)
    assert head(stand) == before
    assert look(stand, epoch=epoch).gone == 1


@pytest.mark.parametrize("state", [SUSPECT, GONE])
def test_a_desk_can_not_say_what_only_the_keeper_finds(stand: Stand, state: DeskState) -> None:
    ana = stand.rep("Ana")
    with pytest.raises(Refused):
        say(stand, ana, state=state)


@pytest.fixture
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHouse]:
    address = str(tmp_path_factory.mktemp("practice") / "practice.floor")
    made = Practice(address, seed=3)
    made.prepare(START, quiet=True)
    from app.clock import HandClock

    house = LocalHouse(address, HandClock(START))
    yield house
    house.close()


def test_the_invented_people_of_a_practice_floor_have_no_desks_and_are_not_gone(practice: LocalHouse) -> None:
    before = {rep.id: rep.status for rep in practice.local.reps()}
    practice.clock.advance(hours=2)
    assert practice.door("keeper").do(KeepPresence()).value == PresenceKept()
    assert {rep.id: rep.status for rep in practice.local.reps()} == before
