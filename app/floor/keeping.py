"""What a desk without its floor can answer for by itself: the checks before something is kept, and the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.clock import new_id
from app.domain.clash import Cause
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
    Work,
)
from app.domain.errors import NotFound, Refused, Unavailable
from app.domain.foresee import check_free, check_reach
from app.domain.lead import AttemptKind, Lead
from app.domain.outcomes import check as check_outcome
from app.floor.foreseen import Foreseen
from app.service.late import KEPT
from app.service.work import check_fields, check_note
from app.store.journal import Kept

__all__ = ["KEPT", "answer_to", "check", "is_keepable", "known_as", "on_top", "running_call"]


def known_as(command: Work[Any], seen: Foreseen) -> Work[Any]:
    """The command with what the desk knows: sent again it must say the same."""
    if isinstance(command, StartAttempt) and not command.attempt_id:
        command = replace(command, attempt_id=new_id())
    lead_id = seen.lead_id(command)
    shown = seen.lead(lead_id)
    if isinstance(command, LogOutcome) and not command.attempt_id and shown is not None:
        command = replace(command, attempt_id=shown.on_call)
    there = seen.leads.get(lead_id)
    return replace(command, claim_no=there.claim_no) if there and command.claim_no is None else command


def is_keepable(command: Work[Any], seen: Foreseen) -> bool:
    """Whether this is the rep's own work; what is done with anybody else's lead is a claim."""
    if isinstance(command, AddNote):
        return True
    lead = seen.lead(seen.lead_id(command))
    if isinstance(command, CorrectLead):
        return lead is not None
    return lead is not None and lead.owner == seen.me


def running_call(command: Work[Any], seen: Foreseen) -> CallStarted | None:
    """For a call: the one that this lead is on already, which is the same call then."""
    if not isinstance(command, StartAttempt) or command.kind != AttemptKind.CALL:
        return None
    lead = seen.lead(command.lead_id)
    if lead is None or not lead.on_call or lead.owner != seen.me:
        return None
    return CallStarted(attempt_id=lead.on_call, number=lead.attempts, phone=lead.phone)


def check(command: Work[Any], seen: Foreseen, now: datetime) -> None:
    """Refuse what the floor would refuse for its content, so that it is said at once and not in a day."""
    lead = seen.lead(seen.lead_id(command))
    match command:
        case AddNote():
            if not command.text.strip():
                raise Refused("The note is empty.", "Nothing to save")
            check_note(command.text.strip())
        case CorrectLead():
            check_fields(command.changes)
        case UndoOutcome():
            if seen.outcome_before(command) is None:
                raise Unavailable(
                    "The floor has this outcome already, and it is away. Take it back when the floor is there.",
                    "The floor is away",
                )
        case EndAttempt():
            pass
        case _:
            _check_open(command, _there(lead), seen, now)


def _there(lead: Lead | None) -> Lead:
    if lead is None:
        raise NotFound("That lead is not on this desk.")
    if not lead.is_open:
        raise Refused("This lead is closed.", "Closed")
    return lead


def _check_open(command: Work[Any], lead: Lead, seen: Foreseen, now: datetime) -> None:
    match command:
        case StartAttempt():
            check_reach(lead, command.kind)
            call = seen.my_call()
            if command.kind == AttemptKind.CALL and (call is None or call.id != lead.id):
                check_free(call)
        case LogOutcome():
            check_outcome(command.outcome, command.at, command.reason, command.amount, now)
            check_note(command.note)
        case ReleaseLead() if lead.on_call:
            raise Refused("Say how the call ended first.", "Still on the call")


def answer_to(command: Work[Any], lead: Lead | None) -> object:
    """What the floor will answer, as far as a desk can know; `lead` as it is shown with the command done."""
    match command:
        case StartAttempt():
            number, phone = (lead.attempts, lead.phone) if lead else (0, "")
            return CallStarted(attempt_id=command.attempt_id, number=number, phone=phone)
        case LogOutcome():
            return Merged(id=command.attempt_id or command.lead_id)
        case CorrectLead() | UndoOutcome():
            return Merged(id=command.lead_id)
        case EndAttempt():
            return Made(id=command.attempt_id)
    return Made(id=str(getattr(command, "lead_id", "")))


def on_top(line: Kept) -> Work[Any] | None:
    """A waiting decision as it is said again after its rep has seen what stands; None if that is not possible."""
    clash, command = line.clash, line.command
    if clash is None or clash.cause is Cause.OLD:
        return None
    if clash.cause is Cause.REFUSED:
        return replace(command, id=new_id())
    if isinstance(command, LogOutcome):
        return replace(command, id=new_id(), over=clash.version)
    if isinstance(command, CorrectLead):
        return replace(command, id=new_id(), changes=clash.said, seen=clash.stands)
    return None
