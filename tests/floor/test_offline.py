"""A desk that loses its floor goes on: facts arrive once, decisions that clash wait, claims need the floor."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.clash import Cause
from app.domain.commands import (
    AddNote,
    ClaimLead,
    CorrectLead,
    EndAttempt,
    LogOutcome,
    ReleaseLead,
    SetStatus,
    StartAttempt,
    UndoOutcome,
)
from app.domain.errors import Clash, Refused, Unavailable
from app.domain.events import AttemptStarted, ClockMet, LeadReleased, NoteAdded, OutcomeLogged
from app.domain.lead import AttemptKind, ClockState, Lead, Outcome, RepStatus, Role, Stage
from app.store.driver import sqlite_module
from app.store.journal import Journal
from tests.floor.desk import Desk
from tests.floor.stand import HOT, Ear, Stand


@pytest.fixture
def ana(stand: Stand) -> str:
    return stand.rep("Ana")


@pytest.fixture
def tess(stand: Stand) -> str:
    return stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "unsent.journal"


@pytest.fixture
def open_desk(stand: Stand, ana: str, journal: Path) -> Iterator[Callable[[], Desk]]:
    desks: list[Desk] = []

    def make() -> Desk:
        desks.append(Desk(stand, journal, ana))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(open_desk: Callable[[], Desk]) -> Desk:
    return open_desk()


# -- facts


def test_a_call_made_without_the_floor_is_in_the_books_at_its_time_once(
    stand: Stand, desk: Desk, ana: str
) -> None:
    lead = stand.new_lead(HOT)
    desk.settled().cable.cut()
    began = stand.clock.advance(seconds=20)
    receipt = desk.floor.do(StartAttempt(lead_id=lead.id))
    assert receipt.kept
    assert (receipt.value.number, receipt.value.phone) == (1, lead.phone)
    ended = stand.clock.advance(minutes=3)
    assert desk.floor.do(EndAttempt(attempt_id=receipt.value.attempt_id)).kept
    said = stand.clock.advance(seconds=9)
    when = said + timedelta(days=1)
    booked = LogOutcome(lead_id=lead.id, outcome=Outcome.BOOKED, at=when, note="with her boss")
    assert desk.floor.do(booked).kept
    assert stand.lead(lead.id) == lead
    assert len(desk.floor.unsent) == 3
    stand.clock.advance(hours=1)
    desk.mend()
    now = stand.lead(lead.id)
    assert (now.stage, now.appointment_at, now.attempts) == (Stage.PROSPECT, when, 1)
    assert (now.first_attempt_at, now.contact_at, now.booked_at) == (began, said, said)
    assert (now.clock, now.on_call, now.owner) == (ClockState.MET, "", ana)
    (attempt,) = stand.history(lead.id).attempts
    assert (attempt.id, attempt.rep_id) == (receipt.value.attempt_id, ana)
    assert (attempt.started_at, attempt.ended_at, attempt.outcome_at) == (began, ended, said)
    assert stand.story(lead.id)[-5:] == [
        "LeadClaimed", "AttemptStarted", "ClockMet", "AttemptEnded", "OutcomeLogged",
    ]  # fmt: skip
    (started,) = stand.events(lead.id, AttemptStarted)
    (logged,) = stand.events(lead.id, OutcomeLogged)
    (met,) = stand.events(lead.id, ClockMet)
    assert (started.said_at, logged.said_at, logged.applied) == (began, said, True)
    assert met.after_seconds == 20
    assert desk.floor.waiting == ()
    assert desk.shown(lead.id) == now


def test_the_board_shows_what_was_done_and_the_floors_word_replaces_it(
    stand: Stand, desk: Desk, ana: str
) -> None:
    lead, other = stand.new_lead(), stand.new_lead()
    desk.settled().cable.cut()
    attempt = desk.floor.do(StartAttempt(lead_id=lead.id)).value.attempt_id
    shown = desk.shown(lead.id)
    assert (shown.on_call, shown.attempts, shown.version) == (attempt, 1, lead.version)
    assert desk.ear.board.reps[ana].status == RepStatus.ON_CALL
    with pytest.raises(Refused, match="You are on a call with"):
        desk.floor.do(StartAttempt(lead_id=other.id))
    assert desk.floor.do(StartAttempt(lead_id=lead.id)).value.attempt_id == attempt  # the same call
    desk.floor.do(EndAttempt(attempt_id=attempt))
    assert desk.shown(lead.id).hung_up_at == stand.clock.now()
    desk.floor.do(LogOutcome(lead_id=lead.id, outcome=Outcome.LOST, reason="no money"))
    assert lead.id not in desk.ear.board.leads
    desk.call(other, Outcome.CALL_BACK, at=stand.clock.now() + timedelta(hours=2))
    assert desk.shown(other.id).call_back_at is not None
    desk.mend()
    fresh = Ear(stand.setup).until(desk.ear.board.cursor)
    fresh.stop()
    assert desk.ear.board.leads == fresh.board.leads
    assert desk.ear.board.reps == fresh.board.reps
    assert stand.lead(lead.id).stage == Stage.LOST


def test_a_call_that_the_feed_has_not_brought_back_yet_is_mine_when_the_line_breaks(
    stand: Stand, desk: Desk
) -> None:
    lead = stand.new_lead()
    desk.settled().cable.feed_lags = True
    attempt = desk.floor.do(StartAttempt(lead_id=lead.id)).value.attempt_id
    desk.cable.cut()
    stand.clock.advance(seconds=30)
    assert desk.floor.do(EndAttempt(attempt_id=attempt)).kept
    assert desk.floor.do(LogOutcome(lead_id=lead.id, outcome=Outcome.VOICEMAIL)).kept
    desk.mend()
    (tried,) = stand.history(lead.id).attempts
    assert (tried.id, tried.outcome) == (attempt, Outcome.VOICEMAIL)
    assert desk.floor.waiting == ()
    assert desk.shown(lead.id) == stand.lead(lead.id)


def test_a_lead_of_the_pool_that_was_just_called_is_mine_when_the_line_breaks(
    stand: Stand, desk: Desk, ana: str
) -> None:
    lead = stand.new_lead()
    desk.settled().floor.do(ReleaseLead(lead_id=lead.id, reason="too far"))
    desk.settled().cable.feed_lags = True
    attempt = desk.floor.do(StartAttempt(lead_id=lead.id)).value.attempt_id
    desk.cable.cut()
    stand.clock.advance(seconds=30)
    desk.floor.do(EndAttempt(attempt_id=attempt))
    desk.floor.do(LogOutcome(lead_id=lead.id, outcome=Outcome.NO_ANSWER))
    desk.mend()
    assert (stand.lead(lead.id).owner, stand.lead(lead.id).last_outcome) == (ana, Outcome.NO_ANSWER)
    assert desk.floor.waiting == ()


def test_the_next_call_is_begun_though_the_feed_lags_behind_the_last(stand: Stand, desk: Desk) -> None:
    first, second = stand.new_lead(), stand.new_lead()
    desk.settled().cable.feed_lags = True
    desk.call(first)
    desk.cable.cut()
    stand.clock.advance(minutes=1)
    desk.call(second)
    assert len(desk.floor.unsent) == 3
    desk.mend()
    for lead in (first, second):
        (tried,) = stand.history(lead.id).attempts
        assert tried.outcome == Outcome.NO_ANSWER
        assert desk.shown(lead.id) == stand.lead(lead.id)


def test_an_answer_that_was_lost_is_fetched_and_the_call_is_made_once(stand: Stand, desk: Desk) -> None:
    lead = stand.new_lead()
    desk.settled()
    desk.cable.lost_answers = 1
    attempt = desk.floor.do(StartAttempt(lead_id=lead.id)).value.attempt_id
    desk.floor.do(EndAttempt(attempt_id=attempt))
    desk.settled()
    assert len(desk.cable.carried) == 3
    assert len(set(desk.cable.carried)) == 2
    assert [one.id for one in stand.history(lead.id).attempts] == [attempt]
    assert stand.story(lead.id).count("AttemptStarted") == 1
    desk.cable.lost_answers = 3
    desk.floor.do(AddNote(lead_id=lead.id, text="she likes tea"))
    desk.mend()
    desk.cable.lost_answers = 0
    desk.mend()
    assert stand.story(lead.id).count("NoteAdded") == 1


def test_a_command_is_the_same_with_and_without_its_time(stand: Stand, ana: str, tess: str) -> None:
    lead = stand.new_lead()
    note = AddNote(lead_id=lead.id, text="once")
    first = stand.by(ana).do(note)
    said_at = stand.clock.now()
    stand.clock.advance(hours=1)
    assert stand.by(ana).do(replace(note, said_at=said_at)) == first
    assert stand.story(lead.id).count("NoteAdded") == 1
    _taken(stand, tess, lead)
    late = LogOutcome(
        lead_id=lead.id, outcome=Outcome.LOST, reason="no", said_at=said_at, claim_no=lead.claim_no
    )
    answer = stand.by(ana).do(late)
    assert answer.value.clash is not None
    assert stand.by(ana).do(late) == answer
    assert len(stand.history(lead.id).attempts) == 2


def test_what_is_unsent_survives_the_end_of_the_program(stand: Stand, open_desk: Callable[[], Desk]) -> None:
    lead = stand.new_lead()
    desk = open_desk()
    desk.cable.cut()
    desk.call(lead)
    desk.floor.do(AddNote(lead_id=lead.id, text="later"))
    desk.close()
    stand.clock.advance(hours=20)
    again = open_desk()
    assert again.floor.unsent == ()
    assert stand.lead(lead.id).last_outcome == Outcome.NO_ANSWER
    (note,) = stand.events(lead.id, NoteAdded)
    assert note.said_at is not None
    assert stand.lead(lead.id).first_attempt_at == note.said_at - timedelta(seconds=40)


def test_a_desk_that_starts_with_unsent_work_shows_it(stand: Stand, open_desk: Callable[[], Desk]) -> None:
    lead = stand.new_lead()
    desk = open_desk()
    desk.cable.cut()
    desk.floor.do(StartAttempt(lead_id=lead.id))
    desk.close()
    again = open_desk()
    assert again.shown(lead.id).on_call == stand.lead(lead.id).on_call != ""


def test_order_is_kept_and_what_is_done_meanwhile_goes_behind(stand: Stand, desk: Desk) -> None:
    lead = stand.new_lead()
    desk.settled().cable.cut()
    for n in range(20):
        desk.floor.do(AddNote(lead_id=lead.id, text=f"note {n}"))
    desk.cable.mend()
    desk.floor.do(AddNote(lead_id=lead.id, text="note 20"))
    desk.settled()
    assert [event.text for event in stand.events(lead.id, NoteAdded)] == [f"note {n}" for n in range(21)]


def test_an_outcome_said_by_mistake_can_be_taken_back_before_it_was_sent(stand: Stand, desk: Desk) -> None:
    lead = stand.new_lead()
    desk.settled().cable.cut()
    desk.call(lead, Outcome.LOST, reason="slip of a key")
    desk.floor.do(UndoOutcome(lead_id=lead.id))
    assert desk.shown(lead.id).on_call
    desk.floor.do(LogOutcome(lead_id=lead.id, outcome=Outcome.VOICEMAIL))
    desk.mend()
    (attempt,) = stand.history(lead.id).attempts
    assert attempt.outcome == Outcome.VOICEMAIL
    assert "OutcomeUndone" not in stand.story(lead.id)
    desk.cable.cut()
    with pytest.raises(Unavailable, match="has this outcome already"):
        desk.floor.do(UndoOutcome(lead_id=lead.id))


def test_writing_and_giving_back_are_kept_too(stand: Stand, desk: Desk, ana: str) -> None:
    lead = stand.new_lead(phone=None)
    desk.settled().cable.cut()
    wrote = stand.clock.advance(seconds=8)
    desk.floor.do(StartAttempt(lead_id=lead.id, kind=AttemptKind.EMAIL))
    stand.clock.advance(seconds=8)
    desk.floor.do(ReleaseLead(lead_id=lead.id, reason="on holiday"))
    stand.clock.advance(hours=1)
    desk.mend()
    now = stand.lead(lead.id)
    assert (now.owner, now.first_attempt_at, now.clock) == ("", wrote, ClockState.MET)
    (released,) = stand.events(lead.id, LeadReleased)
    assert released.said_at == wrote + timedelta(seconds=8)


# -- what needs the floor


def test_claims_need_the_floor_and_say_why(stand: Stand, desk: Desk, ana: str) -> None:
    stand.by(ana).do(SetStatus(status=RepStatus.AWAY))
    pool = stand.new_lead()
    desk.settled().cable.cut()
    for command in (
        ClaimLead(lead_id=pool.id),
        StartAttempt(lead_id=pool.id),
        LogOutcome(lead_id=pool.id, outcome=Outcome.NO_ANSWER),
    ):
        with pytest.raises(Unavailable, match="Only the floor can say who has this lead"):
            desk.floor.do(command)
    with pytest.raises(Unavailable, match="only with the floor"):
        desk.floor.do(ReleaseLead(lead_id=pool.id, reason=""))
    assert desk.floor.unsent == ()
    desk.floor.do(AddNote(lead_id=pool.id, text="a note is a fact"))
    assert len(desk.floor.unsent) == 1
    desk.mend()
    assert stand.lead(pool.id) == pool


def test_what_the_floor_would_refuse_is_refused_at_once(stand: Stand, desk: Desk) -> None:
    lead, mute = stand.new_lead(), stand.new_lead(phone=None)
    desk.settled().cable.cut()
    for command, words in (
        (LogOutcome(lead_id=lead.id, outcome=Outcome.BOOKED), "a time is needed"),
        (LogOutcome(lead_id=lead.id, outcome=Outcome.LOST), "a reason is needed"),
        (AddNote(lead_id=lead.id, text="  "), "empty"),
        (CorrectLead(lead_id=lead.id, changes=(("owner", "me"),)), "can't be changed"),
        (StartAttempt(lead_id=mute.id), "no phone number"),
    ):
        with pytest.raises(Refused, match=words):
            desk.floor.do(command)  # type: ignore[arg-type]
    assert desk.floor.unsent == ()


# -- decisions that clash


def _taken(stand: Stand, tess: str, lead: Lead) -> None:
    """Tess takes the lead and says something of it."""
    at = stand.clock.now() + timedelta(hours=5)
    stand.by(tess).do(LogOutcome(lead_id=lead.id, outcome=Outcome.CALL_BACK, at=at))


def test_an_outcome_on_a_lead_that_somebody_else_took_is_kept_as_a_fact_and_waits(
    stand: Stand, desk: Desk, ana: str, tess: str
) -> None:
    lead = stand.new_lead()
    desk.settled().cable.cut()
    when = stand.clock.now() + timedelta(days=2)
    attempt = desk.call(lead, Outcome.BOOKED, at=when)
    _taken(stand, tess, lead)
    theirs = stand.lead(lead.id)
    desk.mend()
    now = stand.lead(lead.id)
    decided = ("owner", "stage", "last_outcome", "call_back_at", "appointment_at", "closed_at", "claim_no")
    assert [getattr(now, name) for name in decided] == [getattr(theirs, name) for name in decided]
    assert now.attempts == theirs.attempts + 1
    (mine,) = (one for one in stand.history(lead.id).attempts if one.rep_id == ana)
    assert (mine.id, mine.outcome) == (attempt, Outcome.BOOKED)
    assert [event.applied for event in stand.events(lead.id, OutcomeLogged)] == [True, False]
    (line,) = desk.floor.waiting
    assert line.clash is not None
    assert (line.clash.cause, line.clash.by) == (Cause.TAKEN, "Tess")
    assert dict(line.clash.stands)["outcome"] == "call_back"
    assert dict(line.clash.said) == {"outcome": "booked", "at": when.isoformat()}
    assert line.who == lead.title_line
    assert desk.shown(lead.id) == now


def test_a_call_with_a_lead_that_somebody_else_took_leaves_no_status_behind(
    stand: Stand, desk: Desk, ana: str, tess: str
) -> None:
    """The desk shows its rep on the call that was begun; the floor, where the lead is another's by then, does not."""
    lead = stand.new_lead()
    desk.settled().cable.cut()
    desk.floor.do(StartAttempt(lead_id=lead.id))
    assert desk.ear.board.reps[ana].status == RepStatus.ON_CALL
    _taken(stand, tess, lead)
    desk.mend()
    there = {rep.id: rep.status for rep in stand.house.local.reps()}  # type: ignore[attr-defined]
    assert there[ana] == RepStatus.AVAILABLE
    assert {rep.id: rep.status for rep in desk.ear.board.reps.values()} == there
    assert desk.shown(lead.id) == stand.lead(lead.id)


def test_a_decision_put_on_top_names_what_was_seen_and_leaves_the_lead_with_its_owner(
    stand: Stand, desk: Desk, tess: str
) -> None:
    lead = stand.new_lead()
    desk.settled().cable.cut()
    when = stand.clock.now() + timedelta(days=2)
    desk.call(lead, Outcome.BOOKED, at=when)
    _taken(stand, tess, lead)
    desk.mend()
    (line,) = desk.floor.waiting
    stand.by(tess).do(CorrectLead(lead_id=lead.id, changes=(("name", "Somebody Else"),)))
    desk.floor.put_on_top(line.no)
    desk.settled()
    (line,) = desk.floor.waiting  # the lead moved on since it was looked at: look again
    assert line.clash is not None
    assert line.clash.cause == Cause.MOVED
    assert stand.lead(lead.id).appointment_at is None
    desk.floor.put_on_top(line.no)
    desk.settled()
    assert desk.floor.waiting == ()
    now = stand.lead(lead.id)
    assert (now.appointment_at, now.stage, now.owner) == (when, Stage.PROSPECT, tess)
    assert len(stand.history(lead.id).attempts) == 2


def test_a_closed_lead_is_opened_again_only_on_purpose(stand: Stand, desk: Desk, tess: str) -> None:
    lead = stand.new_lead()
    desk.settled().cable.cut()
    desk.call(lead, Outcome.CALL_BACK, at=stand.clock.now() + timedelta(hours=3))
    stand.by(tess).do(LogOutcome(lead_id=lead.id, outcome=Outcome.LOST, reason="no budget"))
    desk.mend()
    (line,) = desk.floor.waiting
    assert line.clash is not None
    assert (line.clash.cause, line.clash.by) == (Cause.CLOSED, "Tess")
    assert dict(line.clash.stands)["reason"] == "no budget"
    assert stand.lead(lead.id).stage == Stage.LOST
    desk.floor.put_on_top(line.no)
    desk.settled()
    now = stand.lead(lead.id)
    assert (now.stage, now.closed_at, now.close_reason) == (Stage.WORKING, None, "")


def test_a_waiting_decision_becomes_a_note_or_goes(
    stand: Stand, desk: Desk, tess: str, journal: Path
) -> None:
    first, second = stand.new_lead(), stand.new_lead()
    desk.settled().cable.cut()
    for lead in (first, second):
        desk.call(lead, Outcome.UNFIT, reason="too small")
        _taken(stand, tess, lead)
    desk.mend()
    one, other = desk.floor.waiting
    desk.floor.keep_as_note(one.no, "Ana: not a fit, too small")
    desk.floor.drop(other.no)
    desk.settled()
    assert desk.floor.waiting == ()
    (note,) = stand.events(first.id, NoteAdded)
    assert note.text == "Ana: not a fit, too small"
    assert stand.events(second.id, NoteAdded) == []
    with pytest.raises(Refused, match="decided already"):
        desk.floor.drop(other.no)


def test_nobody_reached_is_no_decision(stand: Stand, desk: Desk, ana: str, tess: str) -> None:
    lead = stand.new_lead()
    desk.settled().cable.cut()
    desk.call(lead, Outcome.VOICEMAIL)
    _taken(stand, tess, lead)
    before = stand.lead(lead.id)
    desk.mend()
    assert desk.floor.waiting == ()
    now = stand.lead(lead.id)
    assert (now.call_back_at, now.retry_at, now.last_outcome) == (
        before.call_back_at,
        None,
        Outcome.CALL_BACK,
    )
    assert any(
        one.rep_id == ana and one.outcome == Outcome.VOICEMAIL for one in stand.history(lead.id).attempts
    )


def test_a_lead_that_was_taken_and_given_back_meanwhile_clashes_too(
    stand: Stand, desk: Desk, tess: str
) -> None:
    lead = stand.new_lead()
    desk.settled().cable.cut()
    desk.call(lead, Outcome.UNFIT, reason="too small")
    _taken(stand, tess, lead)
    stand.by(tess).do(ReleaseLead(lead_id=lead.id, reason=""))
    desk.mend()
    (line,) = desk.floor.waiting
    assert line.clash is not None
    assert line.clash.cause == Cause.TAKEN
    assert stand.lead(lead.id).is_open


def test_a_lead_that_only_went_back_to_the_pool_is_still_the_reps(stand: Stand, desk: Desk, ana: str) -> None:
    lead = stand.new_lead()
    desk.settled()
    desk.floor.do(ClaimLead(lead_id=lead.id))
    desk.settled().cable.cut()
    desk.call(lead, Outcome.CALL_BACK, at=stand.clock.now() + timedelta(hours=3))
    stand.by(ana).do(ReleaseLead(lead_id=lead.id, reason="gone"))
    desk.mend()
    assert desk.floor.waiting == ()
    now = stand.lead(lead.id)
    assert (now.owner, now.last_outcome) == (ana, Outcome.CALL_BACK)


def test_edits_of_the_same_field_clash_and_others_are_merged(stand: Stand, desk: Desk, tess: str) -> None:
    lead = stand.new_lead(company="Acme")
    desk.settled().cable.cut()
    seen = (("name", lead.name), ("company", "Acme"))
    said_at = stand.clock.advance(seconds=5)
    mine = CorrectLead(lead_id=lead.id, changes=(("name", "Dana"), ("company", "Acme Ltd")), seen=seen)
    assert desk.floor.do(mine).kept
    assert desk.shown(lead.id).company == "Acme Ltd"
    stand.by(tess).do(CorrectLead(lead_id=lead.id, changes=(("company", "Acme Inc"),)))
    desk.mend()
    now = stand.lead(lead.id)
    assert (now.name, now.company) == ("Dana", "Acme Inc")
    (line,) = desk.floor.waiting
    assert line.clash is not None
    assert (line.clash.cause, line.clash.by) == (Cause.EDITED, "Tess")
    assert (line.clash.stands, line.clash.said) == ((("company", "Acme Inc"),), (("company", "Acme Ltd"),))
    assert line.said_at == said_at
    desk.floor.put_on_top(line.no)
    desk.settled()
    assert stand.lead(lead.id).company == "Acme Ltd"
    assert desk.floor.waiting == ()


def test_an_edit_on_a_desk_with_its_floor_overwrites_nothing_unseen(
    stand: Stand, ana: str, tess: str
) -> None:
    lead = stand.new_lead(company="Acme")
    stand.by(tess).do(CorrectLead(lead_id=lead.id, changes=(("company", "Acme Inc"),)))
    mine = CorrectLead(lead_id=lead.id, changes=(("company", "Acme Ltd"),), seen=(("company", "Acme"),))
    with pytest.raises(Clash, match="“Acme Inc” meanwhile; you wrote “Acme Ltd”"):
        stand.by(ana).do(mine)
    assert stand.lead(lead.id).company == "Acme Inc"


def test_an_older_outcome_does_not_replace_a_newer_one_of_the_same_rep(
    stand: Stand, desk: Desk, ana: str
) -> None:
    lead = stand.new_lead()
    desk.settled()
    desk.floor.do(ClaimLead(lead_id=lead.id))
    desk.settled().cable.cut()
    desk.call(lead, Outcome.UNFIT, reason="too small")
    stand.clock.advance(minutes=5)
    when = stand.clock.now() + timedelta(days=1)
    stand.by(ana).do(LogOutcome(lead_id=lead.id, outcome=Outcome.BOOKED, at=when))  # on her other computer
    desk.mend()
    (line,) = desk.floor.waiting
    assert line.clash is not None
    assert line.clash.cause == Cause.NEWER
    assert stand.lead(lead.id).appointment_at == when


# -- time


def test_a_breach_that_was_noticed_stands_though_the_call_was_in_time(stand: Stand, desk: Desk) -> None:
    lead = stand.new_lead(HOT)
    assert lead.deadline is not None
    desk.settled().cable.cut()
    began = stand.clock.advance(seconds=5)
    desk.floor.do(StartAttempt(lead_id=lead.id))
    assert desk.shown(lead.id).clock == ClockState.MET
    stand.clock.set(lead.deadline)
    stand.keep(seconds=1)
    desk.mend()
    now = stand.lead(lead.id)
    assert (now.clock, now.first_attempt_at) == (ClockState.BREACHED, began)
    assert stand.keep(seconds=3600).steps == 0


def test_a_call_made_before_they_asked_again_does_not_answer_that(stand: Stand, desk: Desk) -> None:
    body = {"email": "dana@firm.example", "phone": "+13035559876", "name": "Dana"}
    lead = stand.new_lead(**body)
    desk.settled()
    desk.call(lead)
    desk.settled().cable.cut()
    desk.call(lead)
    stand.clock.advance(hours=2)
    stand.capture(HOT, **body)
    running = stand.lead(lead.id)
    desk.mend()
    now = stand.lead(lead.id)
    assert (running.clock, now.clock) == (ClockState.RUNNING, ClockState.RUNNING)
    assert (now.deadline, now.attempts) == (running.deadline, 2)


def test_a_time_that_cannot_be_is_brought_into_bounds(stand: Stand, ana: str) -> None:
    lead = stand.new_lead()
    now = stand.clock.advance(minutes=10)
    for said_at, recorded in (
        (now + timedelta(hours=4), now),
        (lead.captured_at - timedelta(days=3), lead.captured_at),
    ):
        stand.by(ana).do(AddNote(lead_id=lead.id, text="x", said_at=said_at))
        note = stand.events(lead.id, NoteAdded)[-1]
        assert note.said_at == recorded  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="60 days"):
        stand.by(ana).do(AddNote(lead_id=lead.id, text="x", said_at=now - timedelta(days=61)))


def test_what_was_kept_for_too_long_waits_for_the_rep(stand: Stand, open_desk: Callable[[], Desk]) -> None:
    lead = stand.new_lead()
    desk = open_desk()
    desk.cable.cut()
    desk.call(lead)
    desk.close()
    stand.clock.advance(hours=24 * 61)
    again = open_desk()
    assert [line.clash.cause for line in again.floor.waiting if line.clash] == [Cause.OLD] * 3
    with pytest.raises(Refused, match="only be kept as a note"):
        again.floor.put_on_top(again.floor.waiting[0].no)
    again.floor.keep_as_note(again.floor.waiting[2].no, "no answer, two months ago")
    again.settled()
    assert [event.text for event in stand.events(lead.id, NoteAdded)] == ["no answer, two months ago"]


# -- the journal


def test_a_journal_in_use_is_said_and_nothing_is_kept_unwritten(
    stand: Stand, ana: str, journal: Path
) -> None:
    lead = stand.new_lead()
    other = Journal(journal)
    desk = Desk(stand, journal, ana)
    try:
        assert "Another Firstring" in desk.floor.fault
        desk.cable.cut()
        with pytest.raises(Unavailable, match="Another Firstring"):
            desk.floor.do(AddNote(lead_id=lead.id, text="x"))
        assert desk.floor.unsent == ()
    finally:
        desk.close()
        other.close()


def test_a_full_disk_is_said_and_what_could_be_kept_stays(stand: Stand, desk: Desk, journal: Path) -> None:
    lead = stand.new_lead()
    desk.settled().cable.cut()
    desk.floor.do(AddNote(lead_id=lead.id, text="fits"))
    opened = desk.floor._journal
    assert opened is not None
    opened._db.execute("PRAGMA max_page_count=1")  # SQLite's own way of having no room left

    def fill() -> None:
        for _ in range(200):
            desk.floor.do(AddNote(lead_id=lead.id, text="x" * 15_000))

    with pytest.raises(Unavailable, match="disk is full"):
        fill()
    kept = len(desk.floor.unsent)
    assert opened.lines() == desk.floor.unsent
    opened._db.execute("PRAGMA max_page_count=1000000")
    desk.mend()
    assert stand.story(lead.id).count("NoteAdded") == kept


@pytest.mark.parametrize("which", ["noise", "a byte of its schema"])
def test_a_damaged_journal_is_put_aside_and_said(stand: Stand, ana: str, journal: Path, which: str) -> None:
    spoilt = os.urandom(20_000)
    if which != "noise":
        Journal(journal).close()
        spoilt = journal.read_bytes().replace(b"CREATE TABLE", b"CREATE TABL\xa8")
    journal.write_bytes(spoilt)
    desk = Desk(stand, journal, ana)
    try:
        assert "damaged-1" in desk.floor.fault
        assert journal.with_name(f"{journal.name}.damaged-1").read_bytes() == spoilt
        lead = stand.new_lead()
        desk.settled().cable.cut()
        assert desk.floor.do(AddNote(lead_id=lead.id, text="x")).kept
    finally:
        desk.close()


def test_the_journal_is_its_owners_and_forgets_what_was_sent(stand: Stand, desk: Desk, journal: Path) -> None:
    lead = stand.new_lead()
    desk.settled().cable.cut()
    desk.floor.do(AddNote(lead_id=lead.id, text="a secret of hers"))
    if os.name == "posix":
        assert journal.stat().st_mode & 0o077 == 0
    desk.mend()
    desk.floor._journal.close()  # type: ignore[union-attr]
    assert b"a secret of hers" not in journal.read_bytes()
    desk.floor._journal = Journal(journal)


def test_a_line_of_a_newer_program_stays_where_it_is(stand: Stand, ana: str, journal: Path) -> None:
    Journal(journal).close()
    with sqlite_module().connect(str(journal)) as db:
        db.execute("INSERT INTO kept (id, kind, body, who) VALUES ('x', 'SingASong', '{}', '')")
    db.close()
    kept = Journal(journal)
    assert kept.lines() == ()
    kept.close()
    with sqlite_module().connect(str(journal)) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (1,)
    db.close()
