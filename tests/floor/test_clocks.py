"""Clocks of every kind on every kind of floor: working time, warnings, pauses, promises, and "I have it"."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.chain import Chain, Step, StepKind, Way
from app.domain.commands import (
    AcknowledgeLead,
    ClaimLead,
    EndAttempt,
    LogOutcome,
    PauseClock,
    ResumeClock,
    SeeLead,
    SetStatus,
    UndoOutcome,
)
from app.domain.errors import Refused
from app.domain.events import (
    AlarmRaised,
    ClockBreached,
    ClockMet,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockWarned,
    LeadAcknowledged,
    LeadEscalated,
    LeadSeen,
)
from app.domain.hours import Block, Calendar
from app.domain.lead import ClockState, Outcome, RepStatus, Role
from app.domain.questions import DryRun, Rulebooks
from app.domain.rulebook import DEFAULT, Rulebook
from app.domain.shifts import Shift
from app.domain.sla import ClockKind, ClockRule
from tests.floor.stand import HOT, WARM, Stand
from tests.floor.test_keeper import alarms, escalated
from tests.fresh import START

NINE_TO_FIVE = (Block(start=9 * 3600, until=17 * 3600),)
OFFICE = Calendar(
    name="Office", zone="Europe/Berlin", week=(NINE_TO_FIVE,) * 5 + ((), ())
)  # 8:00 to 16:00 UTC

BLINK = Calendar(name="Blink", week=((Block(start=0, until=1),), (), (), (), (), (), ()))


def after(**spans: float) -> datetime:
    return START + timedelta(**spans)


def book(**said: object) -> Rulebook:
    return replace(DEFAULT, **said)  # type: ignore[arg-type]


def first(**said: object) -> tuple[ClockRule, ...]:
    return (ClockRule(kind=ClockKind.FIRST_ATTEMPT, **said),)  # type: ignore[arg-type]


def test_a_deadline_in_working_time_waits_for_the_morning(stand: Stand) -> None:
    ana = stand.rep("Ana")
    stand.publish(book(calendars=(OFFICE,), clocks=first(calendar="Office")))
    stand.clock.set(
        datetime(2026, 3, 6, 15, 30, tzinfo=UTC)
    )  # half an hour before the floor closes on a Friday
    lead = stand.new_lead(WARM)
    assert lead.deadline == datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
    assert stand.keep(seconds=64 * 3600).breached == 0
    stand.call(ana, lead.id)
    assert stand.lead(lead.id).clock is ClockState.MET


def test_nobody_on_shift_who_could_meet_it_is_an_alarm_at_once(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben")
    late = Calendar(name="Late", week=((Block(start=12 * 3600, until=20 * 3600),),) * 7)
    shifts = (Shift(name="Late shift", calendar="Late", reps=(ana, ben)),)
    stand.publish(book(calendars=(OFFICE, late), shifts=shifts))
    lead = stand.new_lead(HOT)  # at nine, promised within a minute, and both begin at noon
    assert alarms(stand)["unreachable"].lead_id == lead.id
    assert alarms(stand)["unreachable"].text.endswith("by 09:01 UTC.")
    stand.rep("Cleo")  # works the floor's hours
    second = stand.new_lead(HOT)
    assert stand.events(second.id, AlarmRaised) == []


def test_warnings_come_at_their_shares_once_and_not_for_what_is_late(stand: Stand) -> None:
    ana = stand.rep("Ana")
    stand.publish(book(clocks=first(warnings=(0.5, 0.9)), chain=()))
    lead = stand.new_lead(HOT)
    assert stand.keep(seconds=29).next_at == after(seconds=30)
    assert stand.keep(seconds=1).next_at == after(seconds=54)
    assert stand.keep(seconds=30).next_at is None
    warned = stand.events(lead.id, ClockWarned)
    assert warned == [ClockWarned(deadline=after(seconds=60), share=0.5)]
    assert stand.story(lead.id).count("ClockBreached") == 1
    called = stand.new_lead(HOT)
    stand.keep(seconds=10)
    stand.call(ana, called.id)
    assert stand.keep(seconds=600).next_at is None
    assert stand.events(called.id, ClockWarned) == []


def test_a_step_before_the_breach_is_taken_before_it(stand: Stand) -> None:
    stand.rep("Ana")
    stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.BREAK)
    steps = (Step(kind=StepKind.TEAM_LEAD, after=-20), Step(kind=StepKind.LOUDER, after=10))
    stand.publish(book(chain=steps))
    lead = stand.new_lead(HOT)
    stand.keep(seconds=40)
    assert stand.story(lead.id)[-2:] == ["LeadEscalated", "AlarmRaised"]
    stand.keep(seconds=200)
    told = stand.events(lead.id, LeadEscalated)
    assert [(e.what, e.due, e.deadline) for e in told if isinstance(e, LeadEscalated)] == [
        ("team_lead", after(seconds=40), after(seconds=60)),
        ("louder", after(seconds=70), after(seconds=60)),
    ]


def test_a_pause_needs_a_reason_and_an_end_and_is_over_by_itself(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(WARM)
    by_ana = stand.by(ana)
    stand.clock.advance(minutes=50)
    for wrong in (
        PauseClock(lead_id=lead.id, reason=" ", until=after(minutes=70)),
        PauseClock(lead_id=lead.id, reason="they asked for it", until=after(minutes=50)),
        PauseClock(lead_id=lead.id, reason="they asked for it", until=after(hours=5)),
    ):
        with pytest.raises(Refused):
            by_ana.do(wrong)
    assert stand.lead(lead.id) == lead
    by_ana.do(PauseClock(lead_id=lead.id, reason="in a meeting until ten", until=after(minutes=80)))
    paused = stand.lead(lead.id)
    assert (paused.deadline, paused.paused_until) == (after(minutes=90), after(minutes=80))
    assert paused.paused_why == "in a meeting until ten"
    assert stand.events(lead.id, ClockPaused) == [
        ClockPaused(
            until=after(minutes=80),
            deadline=after(minutes=90),
            reason="in a meeting until ten",
            rep_name="Ana",
        )
    ]
    stand.clock.advance(minutes=15)
    by_ana.do(ResumeClock(lead_id=lead.id))
    by_ana.do(ResumeClock(lead_id=lead.id))
    assert stand.events(lead.id, ClockResumed) == [ClockResumed(deadline=after(minutes=75), rep_name="Ana")]
    assert stand.keep(seconds=9 * 60 + 59).breached == 0
    assert stand.keep(seconds=1).breached == 1
    assert stand.lead(lead.id).breached_at == after(minutes=75)
    with pytest.raises(Refused):
        by_ana.do(PauseClock(lead_id=lead.id, reason="too late", until=after(hours=2)))


def test_a_second_pause_begins_with_what_was_left(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(WARM)
    stand.by(ana).do(PauseClock(lead_id=lead.id, reason="one", until=after(minutes=30)))
    stand.clock.advance(minutes=10)
    stand.by(ana).do(PauseClock(lead_id=lead.id, reason="two", until=after(minutes=20)))
    assert stand.lead(lead.id).deadline == after(minutes=80)  # it stood still from 0 to 10, and stands to 20


def test_a_promised_call_back_has_a_clock_of_its_own(stand: Stand) -> None:
    ana = stand.rep("Ana")
    stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.BREAK)
    lead = stand.new_lead(WARM)
    promise(stand, ana, lead.id, after(hours=2))
    clocks = stand.events(lead.id, ClockStarted)
    assert clocks[-1] == ClockStarted(
        deadline=after(hours=2, seconds=300), sla_seconds=300, clock="call_back"
    )
    assert stand.keep(seconds=7200 - 1).next_at == after(hours=2, seconds=150)
    stand.call(ana, lead.id)
    (_, met) = stand.events(lead.id, ClockMet)
    assert isinstance(met, ClockMet)
    assert (met.clock, met.after_seconds) == ("call_back", -1.0)
    assert stand.keep(seconds=3600).breached == 0


def test_a_promise_that_is_not_kept_escalates_and_one_taken_back_does_not(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(WARM)
    promise(stand, ana, lead.id, after(hours=2))
    stand.by(ana).do(UndoOutcome(lead_id=lead.id))
    assert stand.keep(seconds=3 * 3600).breached == 0
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.CALL_BACK, at=after(hours=4)))
    assert stand.keep(seconds=2 * 3600).breached == 1
    breach = ClockBreached(deadline=after(hours=4, seconds=300), clock="call_back")
    assert stand.events(lead.id, ClockBreached) == [breach]
    assert stand.lead(lead.id).clock is ClockState.MET  # of the first attempt
    assert {what for what, _ in escalated(stand, lead.id)} >= {"louder"}
    assert "promised a call" in next(iter(alarms(stand).values())).text
    stand.by(ana).do(SetStatus(status=RepStatus.AVAILABLE))
    stand.call(ana, lead.id)
    assert alarms(stand) == {}


def test_a_lead_that_goes_on_twice_goes_on_twice_in_a_trial(stand: Stand, floor_kind: str) -> None:
    """Whoever had it while another clock ran may have it again, then as in the trial."""
    if floor_kind.startswith("own logins"):
        pytest.skip("there the database stamps the journal, by a clock that no test moves")
    stand.publish(book(chain=(Step(kind=StepKind.NEXT_REP, after=0),)))
    ana, ben = stand.rep("Ana"), stand.rep("Ben")
    lead = stand.new_lead(HOT)
    stand.keep(seconds=60)
    promise(stand, stand.lead(lead.id).owner, lead.id, after(hours=2))
    for rep in (ana, ben):
        stand.by(rep).do(SetStatus(status=RepStatus.AVAILABLE))
    stand.keep(seconds=3 * 3600)
    assert stand.lead(lead.id).owner == lead.owner
    assert stand.new_lead(HOT).owner != lead.owner  # whose turn it was
    live = stand.setup.ask(Rulebooks()).live
    tried = stand.setup.ask(DryRun(rulebook=live, since=START, until=after(hours=24)))
    assert (tried.leads, tried.reproduced, tried.differing) == (2, tried.recorded, ())
    assert (tried.elsewhere, tried.draft) == (0, tried.live)


def promise(stand: Stand, rep_id: str, lead_id: str, at: datetime) -> None:
    attempt = stand.call(rep_id, lead_id)
    stand.by(rep_id).do(EndAttempt(attempt_id=attempt))
    stand.by(rep_id).do(LogOutcome(lead_id=lead_id, outcome=Outcome.CALL_BACK, at=at))


def test_the_contact_clock_is_met_by_a_conversation_and_not_by_a_try(stand: Stand) -> None:
    ana = stand.rep("Ana")
    rule = ClockRule(kind=ClockKind.FIRST_CONTACT, seconds=600)
    stand.publish(book(clocks=(rule,), chain=()))
    tried, reached = stand.new_lead(HOT), stand.new_lead(HOT)
    for lead, outcome in ((tried, Outcome.NO_ANSWER), (reached, Outcome.LOST)):
        attempt = stand.call(ana, lead.id)
        stand.by(ana).do(EndAttempt(attempt_id=attempt))
        stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=outcome, reason="no money"))
    assert stand.keep(seconds=601).breached == 1
    assert stand.events(tried.id, ClockBreached) == [
        ClockBreached(deadline=after(seconds=600), clock="first_contact")
    ]
    met = [event.clock for event in stand.events(reached.id, ClockMet) if isinstance(event, ClockMet)]
    assert met == ["first_attempt", "first_contact"]


def test_a_partner_has_a_clock_from_when_they_were_given_the_lead(stand: Stand) -> None:
    ana, _pat = stand.rep("Ana"), stand.rep("Pat", Role.PARTNER)
    stand.by(_pat).do(SetStatus(status=RepStatus.BREAK))
    rule = ClockRule(kind=ClockKind.PARTNER, seconds=900, chain="Partner")
    chain = Chain(name="Partner", steps=(Step(kind=StepKind.NEXT_REP, after=0),))
    steps = (Step(kind=StepKind.PARTNER, after=0),)
    stand.publish(book(clocks=(rule,), chain=steps, chains=(chain,)))
    lead = stand.new_lead(HOT)
    assert lead.owner == ana
    stand.by(_pat).do(SetStatus(status=RepStatus.AVAILABLE))
    stand.keep(seconds=60)
    assert stand.lead(lead.id).owner == _pat
    assert stand.keep(seconds=899).breached == 0
    assert stand.keep(seconds=1).breached == 1
    assert stand.lead(lead.id).owner == ana


def test_i_have_it_rests_the_chain_once_and_then_it_goes_on(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben")
    tess = stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY)
    lead = stand.new_lead(HOT)
    with pytest.raises(Refused):
        stand.by(ana).do(AcknowledgeLead(lead_id=lead.id))
    stand.keep(seconds=60)
    other = ben if lead.owner == ana else ana
    stand.keep(seconds=10)
    stand.by(other).do(ClaimLead(lead_id=lead.id))
    (held,) = stand.events(lead.id, LeadAcknowledged)
    assert isinstance(held, LeadAcknowledged)
    assert (held.rep_id, held.until) == (other, after(seconds=70 + 120))
    assert stand.keep(seconds=119).steps == 0
    stand.by(other).do(AcknowledgeLead(lead_id=lead.id))  # said before: no more time for it
    assert stand.keep(seconds=1).steps == 2
    assert [what for what, _ in escalated(stand, lead.id)] == ["louder", "next_rep", "team_lead", "owner"]
    stand.by(tess).do(SeeLead(lead_id=lead.id))
    assert len(stand.events(lead.id, LeadAcknowledged)) == 1  # nothing is left to rest


def test_a_lead_is_seen_once_by_whoever_has_it(stand: Stand) -> None:
    ana = stand.rep("Ana")
    tess = stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY)
    lead = stand.new_lead(HOT)
    stand.clock.advance(seconds=5)
    for rep in (tess, ana, ana):
        stand.by(rep).do(SeeLead(lead_id=lead.id))
    assert stand.events(lead.id, LeadSeen) == [LeadSeen(rep_id=ana, rep_name="Ana")]
    assert stand.lead(lead.id).seen_at == after(seconds=5)


def test_a_chain_that_ends_with_nobody_ends_in_a_named_alarm(stand: Stand) -> None:
    stand.rep("Ana")
    stand.publish(book(chain=(Step(kind=StepKind.LOUDER, after=0, by=(Way.DESKTOP, Way.EMAIL)),)))
    lead = stand.new_lead(HOT)
    stand.keep(seconds=60)
    assert alarms(stand)["chain_ended"].lead_id == lead.id


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"calendars": (OFFICE, OFFICE)}, "Two calendars"),
        ({"calendars": (replace(OFFICE, zone="Nowhere"),)}, "time zone"),
        ({"clocks": first(calendar="Office")}, "a calendar that there is not"),
        (
            {"clocks": first(calendar="Blink"), "calendars": (BLINK,)},
            "ten years",
        ),
        ({"clocks": first(chain="Office")}, "a chain that there is not"),
        ({"clocks": first(warnings=(1.0,))}, "between 0 and 1"),
        ({"clocks": (ClockRule(kind=ClockKind.PARTNER),)}, "1 second"),
        ({"shifts": (Shift(name="Early", calendar="Office"),)}, "calendar"),
        ({"chain": (Step(kind=StepKind.LOUDER, after=5), Step(kind=StepKind.OWNER, after=0))}, "order"),
        ({"chain": (Step(kind=StepKind.NEXT_REP, after=0),) * 2}, "loop"),
        ({"hold_seconds": -1}, "a day at most"),
    ],
)
def test_what_cant_be_kept_is_not_published(stand: Stand, wrong: dict[str, object], says: str) -> None:
    with pytest.raises(Refused, match=says):
        stand.publish(book(**wrong))
