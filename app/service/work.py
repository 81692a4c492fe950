"""What reps do with leads: claim, call, say how it ended, take that back, note, correct."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.clock import new_id
from app.domain.clean import Person, clean, draft_of
from app.domain.commands import (
    AddNote,
    CallStarted,
    ClaimLead,
    CorrectLead,
    EndAttempt,
    LogOutcome,
    Made,
    Merged,
    ReleaseLead,
    SetStatus,
    StartAttempt,
    UndoOutcome,
)
from app.domain.errors import CommandReused, LeadChanged, NotAllowed, NotFound, Refused
from app.domain.events import (
    AttemptEnded,
    AttemptStarted,
    LeadClaimed,
    LeadCorrected,
    LeadReleased,
    NoteAdded,
    OutcomeLogged,
    OutcomeUndone,
)
from app.domain.foresee import CLOSING, check_free, check_reach
from app.domain.lead import Attempt, AttemptKind, ClockState, Lead, Rep, RepStatus, Role, Stage
from app.domain.outcomes import after_outcome, check, retry_at
from app.domain.roles import LEADING
from app.domain.round_robin import turn_on_return
from app.domain.rulebook import Rulebook
from app.service.clockwork import (
    keep_promise,
    meet_clock,
    meet_contact,
    start_clock,
    start_partner_clocks,
    stop_clock,
)
from app.service.escalation import hold
from app.service.judging import judged_again, record_score
from app.service.people import acting_rep, check_mine, set_status
from app.store.writing import Writing

NOTE_LIMIT = 20_000
ID_LENGTH = 36
CORRECTABLE = (
    "name",
    "title",
    "company",
    "email",
    "phone",
    "street",
    "city",
    "region",
    "postcode",
    "country",
    "ask",
)


def claim(w: Writing, command: ClaimLead) -> Made:
    """Take a lead; whoever is second is told who was faster."""
    rep = acting_rep(w)
    lead = _open(w, command.lead_id)
    check_mine(w, lead, rep)
    if lead.claimed_at is None or lead.owner != rep.id:
        lead = claimed(w, lead, rep)
        hold(w, lead, rep)
        w.save_lead(lead)
    return Made(id=lead.id)


def claimed(w: Writing, lead: Lead, rep: Rep, at: datetime | None = None) -> Lead:
    """The lead, taken by the rep at `at` (now) unless it is already."""
    if lead.owner == rep.id and lead.claimed_at is not None:
        return lead
    if lead.owner != rep.id:  # a call that its last owner left without an outcome is nobody's now
        lead = replace(lead, on_call="", hung_up_at=None)
        lead = replace(lead, offered=(), lapse_at=None, given_at=at or w.now)
    lead = replace(lead, owner=rep.id, claim_no=lead.claim_no + 1, claimed_at=at or w.now)
    w.record(LeadClaimed(rep_id=rep.id, rep_name=rep.name, claim_no=lead.claim_no), lead.id)
    if rep.role is Role.PARTNER:
        start_partner_clocks(w, lead)
    return lead


def _open(w: Writing, lead_id: str) -> Lead:
    lead = w.lead_for_change(lead_id)
    if not lead.is_open:
        raise Refused("This lead is closed.", "Closed")
    return lead


def release(w: Writing, command: ReleaseLead) -> Made:
    """Give a lead back to the pool, where everybody sees it."""
    rep = acting_rep(w)
    lead = _open(w, command.lead_id)
    check_mine(w, lead, rep)
    if lead.on_call:
        raise Refused("Say how the call ended first.", "Still on the call")
    w.record(LeadReleased(reason=command.reason.strip(), said_at=command.said_at), lead.id)
    w.save_lead(replace(lead, owner="", claimed_at=None, claim_no=lead.claim_no + 1))
    return Made(id=lead.id)


def start_attempt(w: Writing, command: StartAttempt) -> CallStarted:
    """Claim and begin. A call meets the SLA clock; writing does only where there is no number to call."""
    rep = acting_rep(w)
    lead = _open(w, command.lead_id)
    check_mine(w, lead, rep)
    check_name(w, command.attempt_id)
    if command.kind != AttemptKind.CALL:
        return _write_to(w, lead, rep, command)
    if lead.on_call and lead.owner == rep.id:
        return CallStarted(attempt_id=lead.on_call, number=lead.attempts, phone=lead.phone)
    check_reach(lead, AttemptKind.CALL)
    check_free(w.on_call(rep.id))
    attempt, lead = _begin(w, claimed(w, lead, rep), rep, AttemptKind.CALL, command.attempt_id)
    w.save_lead(lead)
    set_status(w, rep, RepStatus.ON_CALL)
    return CallStarted(attempt_id=attempt.id, number=attempt.number, phone=lead.phone)


def check_name(w: Writing, attempt_id: str) -> None:
    """Refuse a name for an attempt that is none, or is taken; "" leaves it to the floor."""
    if attempt_id and (len(attempt_id) != ID_LENGTH or not attempt_id.isascii()):
        raise Refused("An attempt is named by an id.")
    if attempt_id and w.attempt(attempt_id) is not None:
        raise CommandReused("An attempt of that name is in the books already.", "Not done")


def _write_to(w: Writing, lead: Lead, rep: Rep, command: StartAttempt) -> CallStarted:
    kind = command.kind
    check_reach(lead, kind)
    only_way = (
        not lead.phone
    )  # who left no number can be answered only in writing, so this is their first attempt
    attempt, lead = add_try(
        w, claimed(w, lead, rep), rep, kind, counts=only_way, attempt_id=command.attempt_id
    )
    w.end_attempt(attempt.id, w.now)
    if only_way:
        stage = Stage.WORKING if lead.stage == Stage.NEW else lead.stage
        lead = replace(lead, retry_at=retry_at(lead, w.rulebook(), w.now), stage=stage)
    w.save_lead(lead)
    return CallStarted(attempt_id=attempt.id, number=attempt.number, phone=lead.phone)


def add_try(
    w: Writing,
    lead: Lead,
    rep: Rep,
    kind: AttemptKind,
    *,
    counts: bool,
    attempt_id: str = "",
    said_at: datetime | None = None,
) -> tuple[Attempt, Lead]:
    """Add an attempt, begun at `said_at` (now), to a lead. One that counts is numbered and meets the clock."""
    at = said_at or w.now
    attempt = Attempt(
        id=attempt_id or new_id(),
        lead_id=lead.id,
        rep_id=rep.id,
        kind=kind,
        number=lead.attempts + 1 if counts else lead.attempts,
        started_at=at,
    )
    w.add_attempt(attempt, lead.is_test)
    if kind == AttemptKind.CALL:
        w.milestones.called(lead, rep.id, at, w.rulebook_at(at) if said_at else w.rulebook())
    if kind != AttemptKind.DESK:
        began = AttemptStarted(
            attempt_id=attempt.id,
            attempt_kind=kind,
            number=attempt.number,
            rep_name=rep.name,
            said_at=said_at,
        )
        w.record(began, lead.id)
    if counts:
        lead = meet_clock(w, lead, rep.id, at)
        first, last = min(lead.first_attempt_at or at, at), max(lead.last_attempt_at or at, at)
        lead = replace(lead, attempts=attempt.number, first_attempt_at=first, last_attempt_at=last)
    return attempt, lead


def _begin(w: Writing, lead: Lead, rep: Rep, kind: AttemptKind, attempt_id: str = "") -> tuple[Attempt, Lead]:
    """Start an attempt whose outcome will be said: a call, or what came to the desk without one."""
    attempt, lead = add_try(w, lead, rep, kind, counts=kind == AttemptKind.CALL, attempt_id=attempt_id)
    return attempt, replace(lead, on_call=attempt.id, hung_up_at=None)


def end_attempt(w: Writing, command: EndAttempt) -> Made:
    """The line is down: the rep is in wrap-up until the outcome is said."""
    rep = acting_rep(w)
    attempt = w.attempt(command.attempt_id)
    if attempt is None:
        raise NotFound("That call is not on this floor.")
    lead = w.lead_for_change(attempt.lead_id)
    if attempt.ended_at is not None or lead.on_call != attempt.id:
        return Made(id=attempt.id)
    if attempt.rep_id != rep.id:
        raise Refused("That is somebody else's call.", "Not yours")
    w.end_attempt(attempt.id, w.now)
    w.record(
        AttemptEnded(attempt_id=attempt.id, seconds=(w.now - attempt.started_at).total_seconds()), lead.id
    )
    w.save_lead(replace(lead, hung_up_at=w.now))
    set_status(w, rep, RepStatus.WRAP_UP)
    return Made(id=attempt.id)


def log_outcome(w: Writing, command: LogOutcome) -> Merged:
    """How it ended. Without a running call, a try made some other way just now is noted with it."""
    rep = acting_rep(w)
    lead = _open(w, command.lead_id)
    check_mine(w, lead, rep)
    check(command.outcome, command.at, command.reason, command.amount, w.now)
    check_note(command.note)
    if lead.on_call and lead.owner == rep.id:
        attempt = w.attempt(lead.on_call)
        assert attempt is not None
    else:
        kind = AttemptKind.DESK if command.outcome in CLOSING else AttemptKind.CALL
        attempt, lead = _begin(w, claimed(w, lead, rep), rep, kind)
    if attempt.ended_at is None:
        w.end_attempt(attempt.id, w.now)
    w.set_outcome(attempt.id, command.outcome, w.now, lead)
    rulebook = w.rulebook()
    after = after_outcome(
        lead,
        command.outcome,
        at=command.at,
        reason=command.reason,
        amount=command.amount,
        now=w.now,
        plan=rulebook,
    )
    w.record(
        OutcomeLogged(
            attempt_id=attempt.id,
            number=attempt.number,
            outcome=command.outcome,
            at=command.at or after.retry_at,
            reason=command.reason.strip(),
            amount=command.amount,
            note=command.note.strip(),
            rep_name=rep.name,
        ),
        lead.id,
    )
    if command.outcome.is_contact:
        meet_contact(w, after, rep.id, attempt.started_at)
    keep_promise(w, lead, after)
    if not after.is_open:
        after = stop_clock(w, after, "the lead is closed")
    w.save_lead(after)
    if rep.status in (RepStatus.ON_CALL, RepStatus.WRAP_UP) and w.on_call(rep.id) is None:
        set_status(w, rep, RepStatus.AVAILABLE)
    return Merged(id=attempt.id)


def check_note(text: str) -> None:
    if len(text) > NOTE_LIMIT:
        raise Refused(f"A note may have {NOTE_LIMIT:,} characters.", "Too long")


def undo_outcome(w: Writing, command: UndoOutcome) -> Merged:
    """Put the lead back as it was before its last outcome: the call is over and its outcome open again."""
    rep = acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    last = w.last_outcome(lead.id)
    if last is None or lead.last_outcome is None:
        raise Refused("There is no outcome to take back.", "Nothing to undo")
    attempt, before = last
    if attempt.rep_id != rep.id:
        raise Refused("That outcome was said by somebody else.", "Not yours")
    if lead.version != before.version + 1 or attempt.outcome != lead.last_outcome:
        raise LeadChanged("The lead has moved on since. Its history shows what happened.", "Too late to undo")
    busy = w.on_call(rep.id)
    if busy is not None:
        raise Refused(
            f"You are with {busy.name or busy.phone} now. Finish there first.", "One call at a time"
        )
    w.undo_outcome(attempt.id)
    assert attempt.outcome is not None
    w.record(OutcomeUndone(attempt_id=attempt.id, outcome=attempt.outcome, said_at=command.said_at), lead.id)
    if attempt.kind == AttemptKind.DESK:
        before = replace(before, version=lead.version, on_call="", hung_up_at=None)
    else:
        before = replace(before, version=lead.version, hung_up_at=before.hung_up_at or w.now)
        set_status(w, rep, RepStatus.WRAP_UP)
    if attempt.kind == AttemptKind.DESK and before.clock in (ClockState.RUNNING, ClockState.BREACHED):
        w.reopen_clock(before)  # it was closed without a call: the promise stands, to the same deadline
    keep_promise(w, lead, before)
    if before.contact_at is None and attempt.outcome.is_contact:
        w.reopen_contact(lead.id)
    w.save_lead(before)
    return Merged(id=attempt.id)


def add_note(w: Writing, command: AddNote) -> Made:
    rep = acting_rep(w)
    lead = w.lead(command.lead_id)
    text = command.text.strip()
    if not text:
        raise Refused("The note is empty.", "Nothing to save")
    check_note(text)
    w.record(NoteAdded(text=text, rep_name=rep.name, said_at=command.said_at), lead.id)
    return Made(id=lead.id)


def correct(w: Writing, command: CorrectLead) -> Merged:
    """Change what is known of a person; the score follows, and a hotter tier shortens a running clock."""
    acting_rep(w)
    was = w.lead_for_change(command.lead_id)
    check_fields(command.changes)
    rulebook = w.rulebook()
    lead, person = corrected(was, command.changes, rulebook)
    changes = tuple(
        (name, str(getattr(was, name)), str(getattr(lead, name)))
        for name in CORRECTABLE
        if getattr(was, name) != getattr(lead, name)
    )
    if not changes:
        return Merged(id=was.id)
    lead = judged_again(w, lead, person, rulebook)
    w.record(LeadCorrected(changes=changes, said_at=command.said_at), lead.id)
    record_score(w, was, lead, rulebook)
    if lead.clock == ClockState.RUNNING:
        lead = start_clock(w, lead)
    w.save_lead(lead, keys=(person.email_key, person.phone_key))
    return Merged(id=lead.id)


def check_fields(changes: tuple[tuple[str, str], ...]) -> None:
    wrong = [name for name, _ in changes if name not in CORRECTABLE]
    if wrong:
        raise Refused(f"“{wrong[0]}” can't be changed here.", "Not changed")


def corrected(was: Lead, changes: tuple[tuple[str, str], ...], rulebook: Rulebook) -> tuple[Lead, Person]:
    """The lead with new particulars, cleaned as an inquiry's are."""
    draft = replace(draft_of(was), **dict(changes))  # type: ignore[arg-type]  # all of CORRECTABLE are text
    person = clean(draft, rulebook.default_country)
    lead = replace(
        was,
        **{name: getattr(person, name) for name in CORRECTABLE if name != "ask"},
        ask=draft.ask.strip(),
        zone=person.zone,
        zones=person.zones,
        problems=person.problems,
    )
    return lead, person


def change_status(w: Writing, command: SetStatus) -> Made:
    """What a rep is doing; a team lead may say it for somebody who forgot."""
    acting = acting_rep(w)
    rep = acting
    if command.rep_id and command.rep_id != acting.id:
        rep = next((other for other in w.reps() if other.id == command.rep_id), acting)
        if rep.id != command.rep_id:
            raise NotFound("That rep is not on this floor.")
        if acting.role not in LEADING:
            raise NotAllowed("Only a team lead can say what somebody else is doing.")
    busy = w.on_call(rep.id)
    if busy is not None and busy.hung_up_at is None and command.status != RepStatus.ON_CALL:
        raise Refused(f"The call with {busy.name or busy.phone} is still running.", "On a call")
    turn = turn_on_return(rep, w.reps()) if command.status == RepStatus.AVAILABLE else None
    set_status(w, rep, command.status, turn=turn)
    return Made(id=rep.id)
