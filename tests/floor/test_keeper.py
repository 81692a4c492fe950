"""The keeper, by hand clock: a breach once, with its deadline; louder, the next rep, the team lead; an alarm."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from app.clock import HandClock
from app.domain.commands import AddRep, ClaimLead, ClocksKept, EndAttempt, KeepClocks, LogOutcome, SetStatus
from app.domain.errors import Unavailable
from app.domain.events import AlarmCleared, AlarmRaised, ClockBreached, LeadEscalated, LeadRouted
from app.domain.lead import Alarm, ClockState, Outcome, RepStatus, Role
from app.domain.questions import DayFigures, FloorFacts, NextDue
from app.domain.rulebook import DEFAULT, Step, StepKind
from app.floor.floor import Floor, Link
from app.workers.keeper import Keeper
from app.workers.leased import Terms
from tests.floor.conftest import LocalHouse
from tests.floor.stand import HOT, PATIENCE, WARM, Ear, Stand, seconds
from tests.fresh import START

MINUTE = timedelta(seconds=60)


def alarms(stand: Stand) -> dict[str, Alarm]:
    ear = Ear(stand.setup).until(0)
    ear.stop()
    return {alarm.name: alarm for alarm in ear.board.alarms}


def escalated(stand: Stand, lead_id: str) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (e.what, e.to_names) for e in stand.events(lead_id, LeadEscalated) if isinstance(e, LeadEscalated)
    ]


def test_a_lead_nobody_takes_goes_up_the_whole_chain(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben")
    stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY)
    stand.rep("Olga", Role.OWNER, status=RepStatus.AWAY)
    lead = stand.new_lead(HOT)
    assert stand.keep(seconds=59.999).breached == 0
    assert stand.keep(seconds=0.001) == ClocksKept(
        breached=1, steps=2, next_at=START + MINUTE + timedelta(seconds=30)
    )
    now = stand.lead(lead.id)
    assert (now.clock, now.breached_at, now.deadline) == (ClockState.BREACHED, lead.deadline, lead.deadline)
    other = ben if lead.owner == ana else ana
    assert (now.owner, now.claimed_at) == (other, None)
    assert now.claim_no > lead.claim_no
    names = {ana: "Ana", ben: "Ben"}
    assert escalated(stand, lead.id) == [("louder", (names[lead.owner],)), ("next_rep", (names[other],))]
    assert alarms(stand) == {}
    assert stand.keep(seconds=29).steps == 0
    assert stand.keep(seconds=1).steps == 1
    assert escalated(stand, lead.id)[-1] == ("team_lead", ("Tess",))
    told = alarms(stand)["team_lead_told"]
    assert (told.lead_id, told.raised_at, told.step) == (lead.id, stand.clock.now(), 2)
    last = stand.keep(seconds=90)
    assert (last.steps, last.next_at) == (1, None)
    assert escalated(stand, lead.id)[-1] == ("owner", ("Olga",))
    assert stand.keep(seconds=10**6) == ClocksKept(breached=0, steps=0, next_at=None)
    assert stand.events(lead.id, ClockBreached) == [ClockBreached(deadline=START + MINUTE)]


def test_a_breach_is_stamped_with_its_deadline_however_late_it_is_noticed(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    assert stand.keep(seconds=3 * 86400).breached == 1
    assert stand.lead(lead.id).breached_at == START + MINUTE
    figures = stand.setup.ask(DayFigures(rep_id=ana, since=START))
    assert (figures.sla_met, figures.sla_missed) == (0, 1)
    assert stand.setup.ask(DayFigures(rep_id=ana, since=START + timedelta(days=1))).sla_missed == 0


def test_a_call_that_comes_too_late_is_too_late_though_the_keeper_slept(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    stand.clock.advance(seconds=60.000001)
    stand.call(ana, lead.id)
    now = stand.lead(lead.id)
    assert (now.clock, now.breached_at, now.first_attempt_at) == (
        ClockState.BREACHED,
        lead.deadline,
        stand.clock.now(),
    )
    assert stand.keep(seconds=100) == ClocksKept(breached=0, steps=0, next_at=None)
    figures = stand.setup.ask(DayFigures(since=START))
    assert (figures.sla_met, figures.sla_missed, figures.calls) == (0, 1, 1)


def test_a_lead_closed_too_late_was_too_late(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    stand.clock.advance(seconds=61)
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.LOST, reason="gone"))
    assert stand.lead(lead.id).clock == ClockState.BREACHED
    assert stand.keep(seconds=100).steps == 0
    assert stand.setup.ask(DayFigures(since=START)).sla_missed == 1


def test_a_call_in_the_last_moment_meets_the_clock(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    stand.clock.advance(seconds=60)
    stand.call(ana, lead.id)
    assert stand.lead(lead.id).clock == ClockState.MET
    assert stand.keep(seconds=100).breached == 0


def test_a_lead_never_goes_to_the_same_rep_twice_and_with_nobody_left_an_alarm_says_so(stand: Stand) -> None:
    next_three = tuple(Step(kind=StepKind.NEXT_REP, after=after) for after in (0, 10, 20))
    stand.publish(replace(DEFAULT, chain=next_three))
    reps = [stand.rep(name) for name in ("Ana", "Ben", "Cem")]
    lead = stand.new_lead(HOT, name="Dana")
    owners = [lead.owner]
    for wait in (60, 10):
        stand.keep(seconds=wait)
        owners.append(stand.lead(lead.id).owner)
    assert sorted(owners) == sorted(reps)
    assert alarms(stand) == {}
    stand.keep(seconds=10)
    assert stand.lead(lead.id).owner == owners[-1]  # they keep it: better than nobody
    alarm = alarms(stand)["nobody_free"]
    assert (alarm.lead_id, alarm.raised_at) == (lead.id, stand.clock.now())
    assert "Dana" in alarm.text
    routed = stand.events(lead.id, LeadRouted)[-1]
    assert isinstance(routed, LeadRouted)
    assert {line.skipped for line in routed.ledger} == {"had it already"}


def test_with_nobody_available_a_named_alarm_says_so_and_the_call_clears_it(stand: Stand) -> None:
    tess = stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY)
    stand.rep("Ana", status=RepStatus.BREAK)
    lead = stand.new_lead(HOT)
    assert lead.owner == ""
    stand.keep(seconds=60)
    assert alarms(stand).keys() == {"nobody_free"}
    stand.keep(seconds=30)
    assert alarms(stand).keys() == {"team_lead_told"}  # the newest takes the place of the one before
    stand.call(tess, lead.id)
    assert alarms(stand) == {}
    cleared = [e for e in stand.events(lead.id, AlarmCleared) if isinstance(e, AlarmCleared)]
    assert [e.name for e in cleared] == ["nobody_free", "team_lead_told"]
    assert stand.keep(seconds=10**6).steps == 0  # the chain is over


def test_with_nobody_to_tell_that_is_said_too(stand: Stand) -> None:
    stand.rep("Ana")
    lead = stand.new_lead(HOT)
    stand.keep(seconds=60 + 120)
    assert alarms(stand).keys() == {"nobody_to_tell"}
    raised = [e.name for e in stand.events(lead.id, AlarmRaised) if isinstance(e, AlarmRaised)]
    assert raised == ["nobody_free", "nobody_to_tell", "nobody_to_tell"]


def test_the_next_one_up_is_told_where_a_role_is_not_filled(stand: Stand) -> None:
    stand.rep("Olga", Role.OWNER)
    lead = stand.new_lead(HOT)
    stand.keep(seconds=90)
    assert escalated(stand, lead.id)[-1] == ("team_lead", ("Olga",))


def test_whose_lead_it_becomes_is_rung_and_may_take_it(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben", status=RepStatus.BREAK)
    lead = stand.new_lead(HOT)
    stand.by(ana).do(ClaimLead(lead_id=lead.id))
    stand.by(ben).do(SetStatus(status=RepStatus.AVAILABLE))
    stand.keep(seconds=60)
    assert stand.lead(lead.id).owner == ben
    stand.clock.advance(seconds=5)
    attempt = stand.call(ben, lead.id)
    stand.by(ben).do(EndAttempt(attempt_id=attempt))
    assert stand.keep(seconds=1000).steps == 0
    assert stand.setup.ask(DayFigures(rep_id=ana, since=START)).sla_missed == 1
    assert stand.setup.ask(DayFigures(rep_id=ben, since=START)).ttfc_median == 65


def test_the_keeper_knows_what_is_next(stand: Stand) -> None:
    stand.rep("Ana")
    assert stand.setup.ask(NextDue()).at is None
    stand.new_lead(WARM)
    hot = stand.new_lead(HOT)
    assert stand.setup.ask(NextDue()).at == hot.deadline
    stand.keep(seconds=60)
    assert stand.setup.ask(NextDue()).at == START + MINUTE + timedelta(seconds=30)


def test_the_chain_goes_on_where_it_was_after_a_restart(stand: Stand) -> None:
    stand.rep("Ana")
    stand.rep("Ben")
    stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY)
    lead = stand.new_lead(HOT)
    stand.keep(seconds=60)
    story = stand.story(lead.id)
    stand.house.reopen()
    stand.setup = stand.house.door("admin")
    stand._doors.clear()
    assert stand.story(lead.id) == story
    assert stand.keep().steps == 0
    assert stand.keep(seconds=30).steps == 1
    assert [what for what, _ in escalated(stand, lead.id)] == ["louder", "next_rep", "team_lead"]
    assert stand.story(lead.id).count("ClockBreached") == 1


def test_a_chain_made_shorter_or_longer_meanwhile_is_followed_as_it_is_now(stand: Stand) -> None:
    stand.rep("Tess", Role.TEAM_LEAD)
    stand.rep("Ana")
    lead = stand.new_lead(HOT)
    stand.keep(seconds=60)
    stand.publish(replace(DEFAULT, chain=DEFAULT.chain[:2]))
    assert stand.keep(seconds=30) == ClocksKept(breached=0, steps=0, next_at=None)
    stand.publish(DEFAULT)
    assert stand.keep(seconds=1000).steps == 0
    assert len(escalated(stand, lead.id)) == 2


def test_a_thousand_clocks_due_at_once(stand: Stand) -> None:
    assert isinstance(stand.house, LocalHouse)
    stand.rep("Ana")
    stand.rep("Ben")
    if not stand.house.book.is_sqlite:
        count = 300  # a round trip for each statement; SQLite is asked for the full thousand
    else:
        count = 1000
    stand.publish(
        replace(DEFAULT, chain=(Step(kind=StepKind.LOUDER, after=0), Step(kind=StepKind.TEAM_LEAD, after=30)))
    )
    begun = stand.setup.ask(FloorFacts(check_chain=False)).head
    from tests.floor.many import add_due

    add_due(stand.house.book, count, deadline=START + MINUTE)
    rounds = []
    stand.clock.advance(seconds=60)
    while not rounds or rounds[-1].next_at == START + MINUTE:
        rounds.append(stand.house.keep())
    assert sum(done.breached for done in rounds) == sum(done.steps for done in rounds) == count
    assert max(done.breached for done in rounds) == 200
    assert rounds[-1].next_at == START + MINUTE + timedelta(seconds=30)
    facts = stand.setup.ask(FloorFacts())
    assert facts.chain_holds
    assert facts.head - begun == 2 * count


# -- the thread


class Watched(Ear):
    """Waits for an event of a kind, from the moment on that it was made."""

    def __init__(self, floor: Floor) -> None:
        super().__init__(floor)
        self.until_link(Link.LIVE)

    def until_event(self, kind: type[object], times: int = 1) -> None:
        def seen() -> bool:
            return sum(isinstance(e.event, kind) for batch in self.batches for e in batch.entries) >= times

        with self._told:
            assert self._told.wait_for(seen, PATIENCE), f"no {kind.__name__}"


@pytest.fixture
def keeper_of(stand: Stand):  # type: ignore[no-untyped-def]
    running: list[Keeper] = []

    def start(clock: HandClock = stand.clock) -> Keeper:
        assert isinstance(stand.house, LocalHouse)
        keeper = Keeper(stand.house.local, clock, Terms(ttl=15.0, renew=0.2))
        keeper.start()
        running.append(keeper)
        return keeper

    yield start
    for keeper in running:
        keeper.stop()
        assert not keeper.is_alive()


def ring(stand: Stand) -> None:
    """Wake who sleeps on the bell: the hand clock moved, which no real one does by itself."""
    assert isinstance(stand.house, LocalHouse)
    stand.house.local.bell.ring()


def test_the_thread_wakes_for_a_new_clock_and_for_its_deadline(stand: Stand, keeper_of) -> None:  # type: ignore[no-untyped-def]
    stand.rep("Ana")
    stand.rep("Ben")
    keeper_of()
    ear = Watched(stand.setup)
    lead = stand.new_lead(HOT)
    stand.clock.advance(seconds=59)
    ring(stand)
    stand.new_lead(WARM)
    assert stand.lead(lead.id).clock == ClockState.RUNNING
    stand.clock.advance(seconds=1)
    ring(stand)
    ear.until_event(ClockBreached)
    ear.until_event(LeadEscalated, 2)
    ear.stop()
    assert stand.lead(lead.id).breached_at == lead.deadline


def test_two_threads_and_a_restart_in_the_middle_breach_once(stand: Stand, keeper_of) -> None:  # type: ignore[no-untyped-def]
    stand.rep("Ana")
    stand.rep("Ben")
    stand.do(AddRep(name="Tess", role=Role.TEAM_LEAD))
    first, _ = keeper_of(), keeper_of()
    ear = Watched(stand.setup)
    leads = [stand.new_lead(HOT) for _ in range(10)]
    stand.clock.advance(seconds=60)
    ring(stand)
    ear.until_event(ClockBreached, 10)
    ear.until_event(LeadEscalated, 20)
    first.stop()
    keeper_of()
    stand.clock.advance(seconds=30)
    ring(stand)
    ear.until_event(LeadEscalated, 30)
    ear.stop()
    for lead in leads:
        story = stand.story(lead.id)
        assert story.count("ClockBreached") == 1
        assert story.count("LeadEscalated") == 3


@pytest.mark.parametrize("error", [Unavailable("The disk is full."), ZeroDivisionError()])
@pytest.mark.expects_errors
def test_the_thread_outlives_a_round_that_fails(  # type: ignore[no-untyped-def]
    stand: Stand, keeper_of, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    from app.service import escalation, handle

    stand.rep("Ana")
    lead = stand.new_lead(HOT)
    failed = threading.Event()

    def keep(*given: object) -> ClocksKept:
        if not failed.is_set():
            failed.set()
            raise error
        return escalation.keep(*given)  # type: ignore[arg-type]

    monkeypatch.setitem(handle.USE_CASES, KeepClocks, keep)
    ear = Watched(stand.setup)
    stand.clock.advance(seconds=61)
    keeper_of()
    assert failed.wait(PATIENCE)
    ring(stand)
    ear.until_event(ClockBreached)
    ear.stop()
    assert seconds(stand.lead(lead.id).breached_at, START) == 60
