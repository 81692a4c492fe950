"""What reps do with leads: claim, call, say how it ended, take it back. The milestones are right to the second."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain import signing
from app.domain.commands import (
    AddNote,
    AddRep,
    AddSource,
    ChangeRep,
    ChangeSource,
    ClaimLead,
    ClearAlarm,
    CorrectLead,
    EndAttempt,
    LogOutcome,
    PublishRulebook,
    ReleaseLead,
    SetStatus,
    StartAttempt,
    UndoOutcome,
)
from app.domain.errors import LeadAlreadyClaimed, LeadChanged, NotAllowed, NotFound, Refused
from app.domain.events import AttemptEnded, ClockMet, LeadCorrected, OutcomeLogged, RepStatusChanged
from app.domain.lead import AttemptKind, ClockState, Lead, Outcome, Rep, RepStatus, Role, Stage, Tier
from app.domain.questions import AllSources, DayFigures, LeadHistory
from app.domain.rulebook import DEFAULT, TierRule
from tests.floor.stand import HOT, WARM, Ear, Stand, seconds
from tests.fresh import START


def reps_of(stand: Stand) -> dict[str, Rep]:
    ear = Ear(stand.setup)
    ear.until(0)
    ear.stop()
    return {rep.name: rep for rep in ear.board.reps.values()}


# -- claim


def test_a_lead_in_the_pool_is_whose_takes_it_and_the_next_one_hears_who_was_faster(stand: Stand) -> None:
    ana = stand.rep("Ana", status=RepStatus.AWAY)
    ben = stand.rep("Ben", status=RepStatus.AWAY)
    lead = stand.new_lead()
    stand.clock.advance(seconds=3)
    stand.by(ana).do(ClaimLead(lead_id=lead.id))
    claimed = stand.lead(lead.id)
    assert (claimed.owner, claimed.claim_no, claimed.claimed_at) == (ana, 1, stand.clock.now())
    with pytest.raises(LeadAlreadyClaimed, match="Ana was faster"):
        stand.by(ben).do(ClaimLead(lead_id=lead.id))
    stand.by(ana).do(ClaimLead(lead_id=lead.id))  # mine already: nothing changes
    assert stand.lead(lead.id) == claimed
    assert stand.story(lead.id).count("LeadClaimed") == 1


def test_a_lead_that_went_to_somebody_is_theirs_or_their_team_leads(stand: Stand) -> None:
    ana = stand.rep("Ana")
    ben = stand.rep("Ben", status=RepStatus.AWAY)
    tess = stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY)
    lead = stand.new_lead()
    assert lead.owner == ana
    for command in (ClaimLead, StartAttempt):
        with pytest.raises(NotAllowed, match="went to Ana"):
            stand.by(ben).do(command(lead_id=lead.id))
    stand.by(tess).do(ClaimLead(lead_id=lead.id))
    assert stand.lead(lead.id).owner == tess
    with pytest.raises(LeadAlreadyClaimed, match="Tess was faster"):
        stand.by(ana).do(StartAttempt(lead_id=lead.id))


def test_a_lead_given_back_is_everybodys(stand: Stand) -> None:
    ana = stand.rep("Ana")
    ben = stand.rep("Ben", status=RepStatus.AWAY)
    lead = stand.new_lead()
    stand.by(ana).do(ClaimLead(lead_id=lead.id))
    stand.by(ana).do(ReleaseLead(lead_id=lead.id, reason=" lunch "))
    free = stand.lead(lead.id)
    assert (free.owner, free.claimed_at) == ("", None)
    assert free.claim_no > lead.claim_no
    stand.by(ben).do(ClaimLead(lead_id=lead.id))
    with pytest.raises(LeadAlreadyClaimed):
        stand.by(ana).do(ReleaseLead(lead_id=lead.id, reason="again"))
    stand.call(ben, lead.id)
    with pytest.raises(Refused, match="how the call ended"):
        stand.by(ben).do(ReleaseLead(lead_id=lead.id, reason="again"))


def test_who_is_not_on_the_floor_may_do_nothing_to_a_lead(stand: Stand) -> None:
    lead = stand.new_lead()
    gone = stand.rep("Gone")
    stand.do(AddRep(name="Olga", role=Role.OWNER))
    stand.do(ChangeRep(rep_id=gone, name="Gone", role=Role.REP, active=False))
    for actor in ("nobody", "", "capture", gone):
        for command in (
            ClaimLead(lead_id=lead.id), ReleaseLead(lead_id=lead.id, reason="x"), StartAttempt(lead_id=lead.id),
            LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER), UndoOutcome(lead_id=lead.id),
            AddNote(lead_id=lead.id, text="x"), CorrectLead(lead_id=lead.id, changes=(("name", "x"),)),
            SetStatus(status=RepStatus.BREAK), EndAttempt(attempt_id="x"),
        ):  # fmt: skip
            with pytest.raises(NotAllowed):
                stand.by(actor).do(command)
    assert stand.lead(lead.id) == lead


def test_a_lead_that_is_not_there_is_not_found(stand: Stand) -> None:
    ana = stand.rep("Ana")
    with pytest.raises(NotFound):
        stand.by(ana).do(ClaimLead(lead_id="nowhere"))
    with pytest.raises(NotFound):
        stand.by(ana).do(EndAttempt(attempt_id="nowhere"))
    with pytest.raises(NotFound):
        stand.by(ana).ask(LeadHistory(lead_id="nowhere"))


def test_what_somebody_who_left_had_is_taken_by_anybody(stand: Stand) -> None:
    ana = stand.rep("Ana")
    ben = stand.rep("Ben", status=RepStatus.AWAY)
    stand.do(AddRep(name="Olga", role=Role.OWNER))
    talked, routed = stand.new_lead(), stand.new_lead()
    stand.call(ana, talked.id)
    stand.do(ChangeRep(rep_id=ana, name="Ana", role=Role.REP, active=False))
    for lead in (talked, routed):
        stand.call(ben, lead.id)
        stand.by(ben).do(LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))
        assert stand.lead(lead.id).owner == ben
    assert [attempt.rep_id for attempt in stand.history(talked.id).attempts] == [ana, ben]


# -- call


def test_a_call_from_the_ring_to_the_outcome(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    stand.clock.advance(seconds=23.25)
    rung = stand.clock.now()
    started = stand.by(ana).do(StartAttempt(lead_id=lead.id)).value
    assert (started.number, started.phone) == (1, lead.phone)
    on_it = stand.lead(lead.id)
    assert (on_it.clock, on_it.deadline, on_it.breached_at) == (ClockState.MET, lead.deadline, None)
    assert (on_it.on_call, on_it.hung_up_at, on_it.attempts) == (started.attempt_id, None, 1)
    assert (on_it.first_attempt_at, on_it.last_attempt_at, on_it.claimed_at) == (rung, rung, rung)
    assert on_it.stage == Stage.NEW  # they have not answered yet
    assert reps_of(stand)["Ana"].status == RepStatus.ON_CALL
    stand.clock.advance(minutes=4)
    stand.by(ana).do(EndAttempt(attempt_id=started.attempt_id))
    assert stand.lead(lead.id).hung_up_at == stand.clock.now()
    assert reps_of(stand)["Ana"].status == RepStatus.WRAP_UP
    stand.clock.advance(seconds=30)
    when = stand.clock.now() + timedelta(days=2)
    stand.by(ana).do(
        LogOutcome(lead_id=lead.id, outcome=Outcome.BOOKED, at=when, note=" Wednesday, with her boss ")
    )
    after = stand.lead(lead.id)
    assert (after.stage, after.booked_at, after.appointment_at) == (Stage.PROSPECT, stand.clock.now(), when)
    assert (after.on_call, after.hung_up_at, after.last_outcome) == ("", None, Outcome.BOOKED)
    assert reps_of(stand)["Ana"].status == RepStatus.AVAILABLE
    assert stand.story(lead.id)[4:] == [
        "LeadClaimed",
        "AttemptStarted",
        "ClockMet",
        "AttemptEnded",
        "OutcomeLogged",
    ]
    (met,), (ended,) = stand.events(lead.id, ClockMet), stand.events(lead.id, AttemptEnded)
    assert isinstance(met, ClockMet)
    assert met.after_seconds == 23.25
    assert isinstance(ended, AttemptEnded)
    assert ended.seconds == 240
    (logged,) = stand.events(lead.id, OutcomeLogged)
    assert isinstance(logged, OutcomeLogged)
    assert (logged.note, logged.at, logged.rep_name) == ("Wednesday, with her boss", when, "Ana")
    (attempt,) = stand.history(lead.id).attempts
    assert (attempt.number, attempt.outcome, attempt.ended_at) == (
        1,
        Outcome.BOOKED,
        rung + timedelta(minutes=4),
    )
    figures = stand.setup.ask(DayFigures(rep_id=ana, since=START))
    assert (figures.ttfc_median, figures.sla_met, figures.sla_missed) == (23.25, 1, 0)
    assert (figures.calls, figures.booked, figures.won) == (1, 1, 0)


def test_the_time_to_the_first_call_is_that_of_the_first_call_only(stand: Stand) -> None:
    ana = stand.rep("Ana")
    waits = []
    for wait in (5, 61, 30):
        lead = stand.new_lead(HOT)
        stand.clock.advance(seconds=wait)
        stand.by(ana).do(
            StartAttempt(lead_id=lead.id, kind=AttemptKind.EMAIL)
        )  # there is a number: no first call
        stand.call(ana, lead.id)
        stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))
        stand.clock.advance(hours=1)
        stand.by(ana).do(StartAttempt(lead_id=lead.id, kind=AttemptKind.TEXT))
        stand.call(ana, lead.id)
        stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.VOICEMAIL))
        waits.append(wait)
    figures = stand.setup.ask(DayFigures(since=START))
    assert (figures.ttfc_median, figures.calls) == (30, 6)


def test_one_call_at_a_time(stand: Stand) -> None:
    ana = stand.rep("Ana")
    first, second = stand.new_lead(name="First One"), stand.new_lead()
    attempt = stand.call(ana, first.id)
    assert stand.call(ana, first.id) == attempt  # the same call
    with pytest.raises(Refused, match="on a call with First One"):
        stand.call(ana, second.id)
    stand.by(ana).do(EndAttempt(attempt_id=attempt))
    stand.by(ana).do(EndAttempt(attempt_id=attempt))  # hung up is hung up
    with pytest.raises(Refused, match="how the call with First One ended"):
        stand.call(ana, second.id)
    stand.by(ana).do(LogOutcome(lead_id=first.id, outcome=Outcome.NO_ANSWER))
    stand.call(ana, second.id)
    assert stand.story(first.id).count("AttemptStarted") == 1


def test_an_outcome_of_another_lead_does_not_end_the_call_that_runs(stand: Stand) -> None:
    ana = stand.rep("Ana")
    talking, other = stand.new_lead(), stand.new_lead()
    stand.call(ana, talking.id)
    stand.by(ana).do(LogOutcome(lead_id=other.id, outcome=Outcome.UNFIT, reason="a student"))
    assert reps_of(stand)["Ana"].status == RepStatus.ON_CALL
    assert stand.lead(talking.id).on_call


def test_who_asked_not_to_be_called_is_not_called(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(do_not_call="yes")
    assert lead.no_call
    with pytest.raises(Refused, match="asked not to be called"):
        stand.call(ana, lead.id)
    mailless = stand.new_lead(do_not_email="yes")
    with pytest.raises(Refused, match="not to get e-mail"):
        stand.by(ana).do(StartAttempt(lead_id=mailless.id, kind=AttemptKind.EMAIL))


def test_who_left_no_number_is_written_to_and_that_is_their_first_attempt(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT, phone=None)
    with pytest.raises(Refused, match="no phone number"):
        stand.call(ana, lead.id)
    stand.clock.advance(seconds=7)
    stand.by(ana).do(StartAttempt(lead_id=lead.id, kind=AttemptKind.EMAIL))
    after = stand.lead(lead.id)
    assert (after.clock, after.first_attempt_at, after.attempts) == (ClockState.MET, stand.clock.now(), 1)
    assert after.stage == Stage.WORKING
    assert seconds(after.retry_at, stand.clock.now()) == DEFAULT.retry_after[0]
    assert reps_of(stand)["Ana"].status == RepStatus.AVAILABLE


def test_writing_to_somebody_who_can_be_called_keeps_the_promise_open(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    stand.by(ana).do(StartAttempt(lead_id=lead.id, kind=AttemptKind.TEXT))
    after = stand.lead(lead.id)
    assert (after.clock, after.attempts, after.first_attempt_at, after.owner) == (
        ClockState.RUNNING,
        0,
        None,
        ana,
    )
    assert stand.keep(seconds=60).breached == 1


def test_tries_without_an_answer_follow_the_plan_until_it_ends(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    waits = []
    for _ in range(7):
        stand.call(ana, lead.id)
        stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))
        now = stand.lead(lead.id)
        waits.append(seconds(now.retry_at, stand.clock.now()) if now.retry_at else None)
    assert waits == [900, 3600, 10800, 86400, 86400, None, None]
    assert [attempt.number for attempt in stand.history(lead.id).attempts] == [1, 2, 3, 4, 5, 6, 7]
    assert stand.lead(lead.id).is_open


def test_an_outcome_that_lacks_something_changes_nothing(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    stand.call(ana, lead.id)
    before = stand.history(lead.id)
    for command in (
        LogOutcome(lead_id=lead.id, outcome=Outcome.BOOKED),
        LogOutcome(lead_id=lead.id, outcome=Outcome.CALL_BACK, at=START),
        LogOutcome(lead_id=lead.id, outcome=Outcome.LOST, reason=" "),
        LogOutcome(lead_id=lead.id, outcome=Outcome.UNFIT),
        LogOutcome(lead_id=lead.id, outcome=Outcome.WON, amount=-1),
        LogOutcome(lead_id=lead.id, outcome=Outcome.WON, note="x" * 20_001),
    ):  # fmt: skip
        with pytest.raises(Refused):
            stand.by(ana).do(command)
    assert stand.history(lead.id) == before


@pytest.mark.parametrize("outcome", [Outcome.WON, Outcome.LOST, Outcome.UNFIT])
def test_a_closed_lead_is_left_alone(stand: Stand, outcome: Outcome) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=outcome, reason="because", amount=99))
    closed = stand.lead(lead.id)
    assert (closed.is_open, closed.closed_at, closed.clock, closed.deadline) == (
        False,
        START,
        ClockState.NONE,
        None,
    )
    for command in (
        ClaimLead(lead_id=lead.id),
        StartAttempt(lead_id=lead.id),
        ReleaseLead(lead_id=lead.id, reason="x"),
    ):
        with pytest.raises(Refused, match="closed"):
            stand.by(ana).do(command)
    assert stand.keep(seconds=10**6) == replace(stand.keep(), breached=0, steps=0)
    assert stand.setup.ask(DayFigures(since=START)).calls == 0  # nobody was called


# -- take it back


def same_but_version(one: Lead, other: Lead) -> bool:
    return replace(one, version=0) == replace(other, version=0)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_outcome_said_by_mistake_is_taken_back(stand: Stand, outcome: Outcome) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    attempt = stand.call(ana, lead.id)
    stand.clock.advance(seconds=20)
    stand.by(ana).do(EndAttempt(attempt_id=attempt))
    before = stand.lead(lead.id)
    stand.clock.advance(seconds=5)
    when = stand.clock.now() + timedelta(hours=1)
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=outcome, at=when, reason="because", amount=7))
    stand.by(ana).do(UndoOutcome(lead_id=lead.id))
    assert same_but_version(stand.lead(lead.id), before)
    assert stand.lead(lead.id).version == before.version + 2
    assert reps_of(stand)["Ana"].status == RepStatus.WRAP_UP
    (tried,) = stand.history(lead.id).attempts
    assert (tried.outcome, tried.undone) == (None, True)
    figures = stand.setup.ask(DayFigures(since=START))
    assert (figures.booked, figures.won, figures.calls) == (0, 0, 1)
    with pytest.raises(Refused, match="no outcome"):
        stand.by(ana).do(UndoOutcome(lead_id=lead.id))
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.WON, amount=7))
    assert stand.setup.ask(DayFigures(since=START)).won == 1


def test_a_lead_closed_by_mistake_has_its_clock_again(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(HOT)
    stand.clock.advance(seconds=10)
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.UNFIT, reason="a student"))
    stand.by(ana).do(UndoOutcome(lead_id=lead.id))
    again = stand.lead(lead.id)
    assert (again.clock, again.deadline, again.on_call) == (ClockState.RUNNING, lead.deadline, "")
    assert stand.keep(seconds=49).breached == 0
    assert stand.keep(seconds=1).breached == 1


def test_a_breached_lead_closed_by_mistake_goes_on_escalating(stand: Stand) -> None:
    ana = stand.rep("Ana", Role.TEAM_LEAD)
    lead = stand.new_lead(HOT)
    assert stand.keep(seconds=60).breached == 1
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.UNFIT, reason="a student"))
    assert stand.keep(seconds=5).steps == 0
    stand.by(ana).do(UndoOutcome(lead_id=lead.id))
    assert stand.lead(lead.id).clock == ClockState.BREACHED
    assert stand.keep(seconds=25).steps == 1  # the team lead, 30 s after the breach
    assert stand.keep(seconds=90).steps == 1


def test_nobody_takes_back_what_others_built_on(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben", status=RepStatus.AWAY)
    lead = stand.new_lead(email="dana@firm.example")
    stand.call(ana, lead.id)
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))
    with pytest.raises(Refused, match="said by somebody else"):
        stand.by(ben).do(UndoOutcome(lead_id=lead.id))
    stand.by(ana).do(AddNote(lead_id=lead.id, text="a note changes nothing of the lead"))
    stand.by(ana).do(UndoOutcome(lead_id=lead.id))
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))
    stand.capture(HOT, email="dana@firm.example")
    with pytest.raises(LeadChanged, match="moved on"):
        stand.by(ana).do(UndoOutcome(lead_id=lead.id))


def test_who_is_on_another_call_finishes_there_first(stand: Stand) -> None:
    ana = stand.rep("Ana")
    one, two = stand.new_lead(), stand.new_lead(name="Second")
    stand.call(ana, one.id)
    stand.by(ana).do(LogOutcome(lead_id=one.id, outcome=Outcome.LOST, reason="x"))
    stand.call(ana, two.id)
    with pytest.raises(Refused, match="with Second now"):
        stand.by(ana).do(UndoOutcome(lead_id=one.id))


# -- notes and corrections


def test_a_note_is_part_of_the_story(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead()
    stand.by(ana).do(AddNote(lead_id=lead.id, text="  Ask for\nJürgen \0\ud800 "))
    entry = stand.history(lead.id).entries[0]
    assert entry.actor == ana
    assert entry.event.text == "Ask for\nJürgen \ufffd?"  # type: ignore[attr-defined]
    for wrong in (" ", "x" * 20_001):
        with pytest.raises(Refused):
            stand.by(ana).do(AddNote(lead_id=lead.id, text=wrong))


def test_a_correction_is_checked_scored_and_found_by(stand: Stand) -> None:
    ana = stand.rep("Ana")
    lead = stand.new_lead(WARM, phone="12", email="dana@firm.example")
    assert lead.problems
    assert lead.tier == Tier.COLD
    stand.clock.advance(minutes=10)
    changes = (("phone", "(303) 555-0148"), ("ask", HOT), ("name", lead.name))
    stand.by(ana).do(CorrectLead(lead_id=lead.id, changes=changes))
    after = stand.lead(lead.id)
    assert (after.phone, after.problems, after.tier) == ("+13035550148", (), Tier.HOT)
    assert after.deadline == stand.clock.now() + timedelta(seconds=60)
    (event,) = stand.events(lead.id, LeadCorrected)
    assert event == LeadCorrected(changes=(("phone", "12", "+13035550148"), ("ask", WARM, HOT)))
    assert stand.capture(email="other@firm.example", phone="303-555-0148").lead_id == lead.id
    version = stand.lead(lead.id).version
    stand.by(ana).do(CorrectLead(lead_id=lead.id, changes=(("name", lead.name),)))
    assert stand.lead(lead.id).version == version
    with pytest.raises(Refused, match="can't be changed"):
        stand.by(ana).do(CorrectLead(lead_id=lead.id, changes=(("owner", "x"),)))


# -- people and policies


def test_a_status_is_said_by_whom_it_is_or_a_team_lead(stand: Stand) -> None:
    ana, ben = stand.rep("Ana"), stand.rep("Ben")
    tess = stand.rep("Tess", Role.TEAM_LEAD)
    stand.by(tess).do(SetStatus(rep_id=ana, status=RepStatus.BREAK))
    assert reps_of(stand)["Ana"].status == RepStatus.BREAK
    with pytest.raises(NotAllowed):
        stand.by(ben).do(SetStatus(rep_id=tess, status=RepStatus.AWAY))
    with pytest.raises(NotFound):
        stand.by(tess).do(SetStatus(rep_id="nobody", status=RepStatus.AWAY))
    lead = stand.new_lead()
    stand.call(lead.owner, lead.id)
    with pytest.raises(Refused, match="still running"):
        stand.by(lead.owner).do(SetStatus(status=RepStatus.BREAK))


def test_the_status_changes_once_however_often_it_is_said(stand: Stand) -> None:
    ana = stand.rep("Ana")
    ear = Ear(stand.setup).until(0)  # the snapshot is there
    stand.by(ana).do(SetStatus(status=RepStatus.AVAILABLE))
    receipt = stand.by(ana).do(SetStatus(status=RepStatus.BREAK))
    ear.until(receipt.cursor).stop()
    changes = [e.event for b in ear.batches for e in b.entries if isinstance(e.event, RepStatusChanged)]
    assert changes == [RepStatusChanged(rep_id=ana, status=RepStatus.BREAK, was=RepStatus.AVAILABLE)]


def test_a_floor_keeps_an_owner(stand: Stand) -> None:
    olga = stand.rep("Olga", Role.OWNER)
    for role, active in ((Role.REP, True), (Role.OWNER, False)):
        with pytest.raises(Refused, match="needs an owner"):
            stand.do(ChangeRep(rep_id=olga, name="Olga", role=role, active=active))
    stand.do(ChangeRep(rep_id=olga, name="Olga the First", role=Role.OWNER))
    assert [rep.name for rep in reps_of(stand).values()] == ["Olga the First"]
    for name in ("", "  ", "x" * 201, "bell\a"):
        with pytest.raises(Refused):
            stand.do(AddRep(name=name))


def test_a_rulebook_that_could_not_be_followed_is_refused(stand: Stand) -> None:
    hot, warm, cold = DEFAULT.tiers
    for wrong in (
        replace(DEFAULT, tiers=(hot, warm)), replace(DEFAULT, tiers=(warm, hot, cold)),
        replace(DEFAULT, tiers=(replace(hot, sla=0), warm, cold)), replace(DEFAULT, chain=DEFAULT.chain[::-1]),
        replace(DEFAULT, tiers=(hot, replace(warm, at_least=hot.at_least), cold)),
        replace(DEFAULT, tiers=(hot, warm, TierRule(tier=Tier.COLD, at_least=0, sla=5))),
    ):  # fmt: skip
        with pytest.raises(Refused):
            stand.do(PublishRulebook(rulebook=wrong))
    lead = stand.new_lead(HOT)
    stand.publish(replace(DEFAULT, tiers=(replace(hot, sla=30), warm, cold), name="Faster"))
    newer = stand.new_lead(HOT)
    assert (lead.rulebook, newer.rulebook) == (1, 2)
    assert (lead.sla_seconds, newer.sla_seconds) == (60, 30)


def test_a_source_is_changed_and_closed(stand: Stand) -> None:
    new, old = "n" * signing.SHORTEST, "o" * signing.SHORTEST
    stand.do(
        ChangeSource(
            source_id=stand.source,
            name="Old site",
            secret=f" {new} ",
            other_secret=old,
            per_minute=5,
            active=False,
        )
    )
    (line,) = stand.setup.ask(AllSources()).lines
    source = line.source
    assert (source.name, source.per_minute, source.active) == ("Old site", 5, False)
    assert (source.secret, source.other_secret) == (new, old)
    assert new not in repr(line)
    assert old not in repr(line)
    with pytest.raises(Refused, match="16 characters"):
        stand.do(ChangeSource(source_id=stand.source, name="x", other_secret="guess me"))
    with pytest.raises(Refused, match="16 characters"):
        stand.do(AddSource(name="x", channel="form", secret="guess me"))
    with pytest.raises(Refused):
        stand.do(ChangeSource(source_id=stand.source, name="x", per_minute=0))
    with pytest.raises(NotFound):
        stand.do(ChangeSource(source_id="nowhere", name="x"))


def test_an_alarm_is_seen_to_once(stand: Stand) -> None:
    stand.new_lead(HOT)
    stand.keep(seconds=60)
    ear = Ear(stand.setup).until(0)
    (alarm,) = ear.board.alarms
    for _ in range(2):
        receipt = stand.setup.do(ClearAlarm(alarm_id=alarm.id, why="  I call them myself "))
    ear.until(receipt.cursor).stop()
    assert ear.board.alarms == ()
    assert stand.story(alarm.lead_id).count("AlarmCleared") == 1
