"""What a rep did while the desk was without its floor, told later.

A command with `said_at` is one that a desk had to keep. The fact in it (a call was made, it ended so, a note) is
always merged, at the time it happened, whoever has the lead by now. The decision in it (who has the lead, what
comes next, whether it is closed) is carried out only if nobody else has decided meanwhile; otherwise the lead is
left as it stands and both values go back to the rep. A rep who has seen what stands may put a decision on top of
it; whose lead it is does not change by that. Commands said now pass through to `work`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.clash import Cause, Clashing
from app.domain.commands import (
    AddNote,
    CallStarted,
    CorrectLead,
    EndAttempt,
    LogOutcome,
    Made,
    Merged,
    ReleaseLead,
    StartAttempt,
    UndoOutcome,
)
from app.domain.errors import Clash, NotFound, Refused
from app.domain.events import AttemptEnded, LeadClaimed, LeadCorrected, OutcomeLogged
from app.domain.foresee import CLOSING
from app.domain.lead import Attempt, AttemptKind, Lead, Outcome, Rep, RepStatus, Stage
from app.domain.outcomes import after_outcome, check, retry_at
from app.service import work
from app.service.clockwork import keep_promise, meet_contact, stop_clock
from app.service.people import acting_rep, set_status
from app.store.writing import Writing

KEPT = timedelta(days=60)
"""How long the floor remembers which commands it has carried out; what was kept longer can't be told apart."""
_DECIDES = frozenset(Outcome) - {Outcome.NO_ANSWER, Outcome.VOICEMAIL}
"""Outcomes that promise something or close the lead; the others only say that nobody was reached."""


def happened(w: Writing, lead: Lead, said_at: datetime) -> datetime:
    """When it happened: as the desk says, but not before the lead was there and not in the future."""
    if said_at < w.now - KEPT:
        raise Refused(
            "This was kept on the desk for more than 60 days; the floor can't tell whether it has it already.",
            "Too old",
        )
    return max(min(said_at, w.now), lead.captured_at)


def start_attempt(w: Writing, command: StartAttempt) -> CallStarted:
    """A call or a letter of a time without the floor: it counts; the lead is the rep's if nobody else took it."""
    if command.said_at is None:
        return work.start_attempt(w, command)
    rep = acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    work.check_name(w, command.attempt_id)
    at = happened(w, lead, command.said_at)
    is_call = command.kind == AttemptKind.CALL
    only_way = not is_call and not lead.phone
    mine = _unfit(w, lead, rep, command.claim_no) is None
    if mine:
        lead = work.claimed(w, lead, rep, at)
    attempt, lead = work.add_try(
        w,
        lead,
        rep,
        command.kind,
        counts=is_call or only_way,
        attempt_id=command.attempt_id,
        said_at=at,
    )
    if not is_call:
        w.end_attempt(attempt.id, at)
        if only_way:
            lead = replace(lead, stage=Stage.WORKING if lead.stage == Stage.NEW else lead.stage)
        if only_way and mine:
            lead = replace(lead, retry_at=retry_at(lead, w.rulebook(), at))
    elif mine and not lead.on_call and w.on_call(rep.id) is None:
        lead = replace(lead, on_call=attempt.id, hung_up_at=None)
        set_status(w, rep, RepStatus.ON_CALL)
    w.save_lead(lead)
    return CallStarted(attempt_id=attempt.id, number=attempt.number, phone=lead.phone)


def end_attempt(w: Writing, command: EndAttempt) -> Made:
    """The line of a call went down."""
    if command.said_at is None:
        return work.end_attempt(w, command)
    rep = acting_rep(w)
    attempt = w.attempt(command.attempt_id)
    if attempt is None:
        raise NotFound("That call is not on this floor.")
    lead = w.lead_for_change(attempt.lead_id)
    if attempt.rep_id != rep.id:
        raise Refused("That is somebody else's call.", "Not yours")
    if attempt.ended_at is not None:
        return Made(id=attempt.id)
    at = max(happened(w, lead, command.said_at), attempt.started_at)
    w.end_attempt(attempt.id, at)
    seconds = (at - attempt.started_at).total_seconds()
    w.record(AttemptEnded(attempt_id=attempt.id, seconds=seconds, said_at=at), lead.id)
    if lead.on_call == attempt.id:
        w.save_lead(replace(lead, hung_up_at=at))
        set_status(w, rep, RepStatus.WRAP_UP)
    return Made(id=attempt.id)


def log_outcome(w: Writing, command: LogOutcome) -> Merged:
    """How a call ended: the attempt gets its outcome in any case, the lead only if that still fits."""
    if command.said_at is None:
        return work.log_outcome(w, command)
    rep = acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    at = happened(w, lead, command.said_at)
    check(command.outcome, command.at, command.reason, command.amount, at)
    work.check_note(command.note)
    attempt = _attempt_of(w, lead, rep, command.attempt_id)
    if command.over is not None:
        return _put_over(w, lead, rep, command, attempt, at)
    cause = _unfit(w, lead, rep, command.claim_no) or _older(w, lead, attempt, at)
    if attempt is None:
        kind = AttemptKind.DESK if command.outcome in CLOSING else AttemptKind.CALL
        lead = lead if cause else work.claimed(w, lead, rep, at)
        attempt, lead = work.add_try(w, lead, rep, kind, counts=kind == AttemptKind.CALL, said_at=at)
    if attempt.ended_at is None:
        w.end_attempt(attempt.id, max(at, attempt.started_at))
    if cause is None:
        _decide(w, lead, rep, command, attempt, at)
        return Merged(id=attempt.id)
    w.set_outcome(attempt.id, command.outcome, at, None)
    if command.outcome.is_contact:
        meet_contact(w, lead, rep.id, attempt.started_at)
    _record(w, command, attempt, rep, at, applied=False)
    stage = Stage.WORKING if lead.stage == Stage.NEW else lead.stage
    met = [time for time in (lead.contact_at, at if command.outcome.is_contact else None) if time]
    lead = replace(lead, stage=stage, contact_at=min(met, default=None))
    if lead.on_call == attempt.id:
        lead = replace(lead, on_call="", hung_up_at=None)
    lead = w.save_lead(lead)
    _free(w, rep)
    if command.outcome not in _DECIDES:
        return Merged(id=attempt.id)
    return Merged(id=attempt.id, clash=_outcome_clash(w, lead, cause, command))


def _put_over(
    w: Writing, lead: Lead, rep: Rep, command: LogOutcome, attempt: Attempt | None, at: datetime
) -> Merged:
    """A decision that clashed, put on top of what its rep saw standing."""
    if attempt is None:
        attempt = w.attempt(command.attempt_id)
        if attempt is None or attempt.lead_id != lead.id or attempt.rep_id != rep.id:
            raise NotFound("The call that this was said of is not on this floor.")
    if lead.version != command.over:
        return Merged(id=attempt.id, clash=_outcome_clash(w, lead, Cause.MOVED, command))
    if lead.on_call and lead.owner != rep.id:
        raise Refused(f"{_name(w, lead.owner)} is on a call with them. Try again afterwards.", "On a call")
    _decide(w, lead, rep, command, attempt, None)
    return Merged(id=attempt.id)


def _decide(
    w: Writing, lead: Lead, rep: Rep, command: LogOutcome, attempt: Attempt, said_at: datetime | None
) -> None:
    """Carry the outcome out on the lead, as of the time it was said; None: as of now."""
    at = said_at or w.now
    w.set_outcome(attempt.id, command.outcome, at, lead)
    if not lead.is_open:  # put on top of a closing: the lead is open again, unless this closes it too
        stage = Stage.PROSPECT if lead.booked_at else Stage.WORKING
        qualified = lead.qualified_at if lead.booked_at or lead.qualified_at != lead.closed_at else None
        lead = replace(
            lead, stage=stage, closed_at=None, close_reason="", amount=None, qualified_at=qualified
        )
    after = after_outcome(
        lead,
        command.outcome,
        at=command.at,
        reason=command.reason,
        amount=command.amount,
        now=at,
        plan=w.rulebook(),
    )
    if lead.on_call not in ("", attempt.id):  # another call of theirs goes on
        after = replace(after, on_call=lead.on_call, hung_up_at=lead.hung_up_at)
    _record(w, command, attempt, rep, said_at, next_try=after.retry_at)
    if command.outcome.is_contact:
        meet_contact(w, after, rep.id, attempt.started_at)
    keep_promise(w, lead, after)
    if not after.is_open:
        after = stop_clock(w, after, "the lead is closed")
    w.save_lead(after)
    _free(w, rep)


def _record(
    w: Writing,
    command: LogOutcome,
    attempt: Attempt,
    rep: Rep,
    said_at: datetime | None,
    *,
    next_try: datetime | None = None,
    applied: bool = True,
) -> None:
    logged = OutcomeLogged(
        attempt_id=attempt.id,
        number=attempt.number,
        outcome=command.outcome,
        at=command.at or next_try,
        reason=command.reason.strip(),
        amount=command.amount,
        note=command.note.strip(),
        rep_name=rep.name,
        applied=applied,
        said_at=said_at,
    )
    w.record(logged, command.lead_id)


def _free(w: Writing, rep: Rep) -> None:
    rep = next((one for one in w.reps() if one.id == rep.id), rep)
    if rep.status in (RepStatus.ON_CALL, RepStatus.WRAP_UP) and w.on_call(rep.id) is None:
        set_status(w, rep, RepStatus.AVAILABLE)


def release(w: Writing, command: ReleaseLead) -> Made:
    """A lead was given back; if somebody has it by now there is nothing to give."""
    if command.said_at is None:
        return work.release(w, command)
    rep = acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    at = happened(w, lead, command.said_at)
    if lead.owner != rep.id or _unfit(w, lead, rep, command.claim_no):
        return Made(id=lead.id)
    return work.release(w, replace(command, said_at=at))


def undo_outcome(w: Writing, command: UndoOutcome) -> Merged:
    """An outcome was taken back; where it is no longer the lead's last word, that goes back to the rep."""
    if command.said_at is None:
        return work.undo_outcome(w, command)
    lead = w.lead_for_change(command.lead_id)
    at = happened(w, lead, command.said_at)
    try:
        return work.undo_outcome(w, replace(command, said_at=at))
    except Refused as error:
        stands = _lead_stands(w, lead)
        clash = Clashing(cause=Cause.MOVED, version=lead.version, stands=stands, why=error.message)
        return Merged(id=lead.id, clash=clash)


def add_note(w: Writing, command: AddNote) -> Made:
    if command.said_at is not None:
        at = happened(w, w.lead(command.lead_id), command.said_at)
        command = replace(command, said_at=at)
    return work.add_note(w, command)


def correct(w: Writing, command: CorrectLead) -> Merged:
    """Details were corrected. A field that somebody else changed meanwhile is not overwritten."""
    acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    if command.said_at is not None:
        command = replace(command, said_at=happened(w, lead, command.said_at))
    work.check_fields(command.changes)
    seen = dict(command.seen)
    meant, _person = work.corrected(lead, command.changes, w.rulebook())
    clashing = {
        name
        for name, _ in command.changes
        if name in seen and str(getattr(lead, name)) not in (seen[name], str(getattr(meant, name)))
    }
    if not clashing:
        return work.correct(w, command)
    stands = tuple((name, str(getattr(lead, name))) for name, _ in command.changes if name in clashing)
    said = tuple((name, text) for name, text in command.changes if name in clashing)
    if command.said_at is None:
        (name, now), (_, yours) = stands[0], said[0]
        raise Clash(
            f"The {name} was changed to “{now}” meanwhile; you wrote “{yours}”. Look again, then save.",
            "Changed meanwhile",
        )
    rest = tuple(change for change in command.changes if change[0] not in clashing)
    if rest:
        work.correct(w, replace(command, changes=rest))
    by = _last_by(w, lead, LeadCorrected)
    clash = Clashing(cause=Cause.EDITED, by=by, version=lead.version, stands=stands, said=said)
    return Merged(id=lead.id, clash=clash)


# -- what fits


def _unfit(w: Writing, lead: Lead, rep: Rep, claim_no: int | None) -> Cause | None:
    """Why a rep's decision about a lead no longer fits; None if nobody else has decided meanwhile.

    A lead that only went back to the pool, or was taken back by the same rep, is still theirs to decide about.
    """
    if not lead.is_open:
        return Cause.CLOSED
    if lead.owner not in ("", rep.id) and any(one.id == lead.owner and one.active for one in w.reps()):
        return Cause.TAKEN
    if claim_no is None or lead.claim_no == claim_no:
        return None
    had_it = any(
        isinstance(entry.event, LeadClaimed)
        and entry.event.claim_no > claim_no
        and entry.event.rep_id != rep.id
        for entry in w.entries_of(lead.id)
    )
    return Cause.TAKEN if had_it else None


def _older(w: Writing, lead: Lead, attempt: Attempt | None, at: datetime) -> Cause | None:
    """NEWER where the lead carries an outcome that was said after `at`."""
    last = w.last_outcome(lead.id)
    if last is None or lead.last_outcome is None or last[0].outcome_at is None:
        return None
    is_same = attempt is not None and last[0].id == attempt.id
    return Cause.NEWER if last[0].outcome_at > at and not is_same else None


def _attempt_of(w: Writing, lead: Lead, rep: Rep, attempt_id: str) -> Attempt | None:
    """The rep's attempt of that name that has no outcome yet; else None."""
    attempt = w.attempt(attempt_id) if attempt_id else None
    if attempt is None or attempt.rep_id != rep.id or attempt.lead_id != lead.id or attempt.outcome:
        return None
    return attempt


# -- what stands


def _outcome_clash(w: Writing, lead: Lead, cause: Cause, command: LogOutcome) -> Clashing:
    """A clash of an outcome with the lead as it stands."""
    said = [("outcome", command.outcome.value)]
    said += [("at", command.at.isoformat())] if command.at else []
    said += [("reason", command.reason.strip())] if command.reason.strip() else []
    said += [("amount", str(command.amount))] if command.amount is not None else []
    by = _name(w, lead.owner) if cause == Cause.TAKEN else _last_by(w, lead, OutcomeLogged)
    return Clashing(
        cause=cause,
        by=by or _name(w, lead.owner),
        version=lead.version,
        stands=_lead_stands(w, lead),
        said=tuple(said),
    )


def _lead_stands(w: Writing, lead: Lead) -> tuple[tuple[str, str], ...]:
    when = lead.appointment_at if lead.last_outcome == Outcome.BOOKED else lead.call_back_at or lead.retry_at
    stands = [("owner", _name(w, lead.owner)), ("stage", lead.stage.value)]
    stands += [("outcome", lead.last_outcome.value)] if lead.last_outcome else []
    stands += [("at", when.isoformat())] if when and lead.is_open else []
    stands += [("reason", lead.close_reason)] if lead.close_reason else []
    stands += [("amount", str(lead.amount))] if lead.amount is not None else []
    return tuple(stands)


def _name(w: Writing, rep_id: str) -> str:
    return next((rep.name for rep in w.reps() if rep.id == rep_id), "")


def _last_by(w: Writing, lead: Lead, kind: type[LeadCorrected] | type[OutcomeLogged]) -> str:
    """Who last did such a thing to the lead; "" for nobody of this floor."""
    for entry in sorted(w.entries_of(lead.id), key=lambda entry: entry.seq, reverse=True):
        applied = not isinstance(entry.event, OutcomeLogged) or entry.event.applied
        if isinstance(entry.event, kind) and applied:
            return _name(w, entry.actor)
    return ""
