"""What a desk shows of its own work until the floor has it: a lead as it will be once that is told.

Pure: the lead as the floor last said it, and what this rep did since, in order. The same rules decide as on the
floor, so that nothing is kept on the desk that the floor would refuse for its content.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.commands import (
    CorrectLead,
    EndAttempt,
    LogOutcome,
    ReleaseLead,
    StartAttempt,
    UndoOutcome,
    Work,
)
from app.domain.errors import Refused
from app.domain.lead import AttemptKind, ClockState, Lead, Outcome, Stage
from app.domain.outcomes import after_outcome, retry_at
from app.domain.rulebook import Rulebook

CLOSING = (Outcome.WON, Outcome.LOST, Outcome.UNFIT)


def check_reach(lead: Lead, kind: AttemptKind) -> None:
    """Refuse a way of reaching a person that is closed."""
    if kind == AttemptKind.CALL and lead.no_call:
        raise Refused("This person asked not to be called.", "Do not call")
    if kind == AttemptKind.CALL and not lead.phone:
        raise Refused("There is no phone number. Write to them, or add a number first.", "No number")
    if kind == AttemptKind.EMAIL and lead.no_email:
        raise Refused("This person asked not to get e-mail.", "Do not e-mail")
    if not (lead.email if kind == AttemptKind.EMAIL else lead.phone):
        raise Refused("There is no address to write to.", "No address")


def check_free(busy: Lead | None) -> None:
    """Refuse a call while another one of the rep's runs or waits for its outcome."""
    if busy is not None:
        what = "Say how the call with {} ended first." if busy.hung_up_at else "You are on a call with {}."
        raise Refused(what.format(busy.name or busy.phone), "One call at a time")


def foresee(lead: Lead, work: Iterable[Work[Any]], me: str, plan: Rulebook) -> Lead:
    """The lead after the work of rep `me` on it. Its version stays, so that any news of the floor replaces it."""
    before: list[Lead] = []
    for command in work:
        at = command.said_at
        assert at is not None
        match command:
            case StartAttempt() if lead.on_call != command.attempt_id:
                lead = _started(lead, command, me, at, plan)
            case EndAttempt() if lead.on_call == command.attempt_id:
                lead = replace(lead, hung_up_at=at)
            case LogOutcome():
                before.append(lead)
                lead = _ended(lead, command, me, at, plan)
            case UndoOutcome() if before:
                was = before.pop()
                lead = replace(was, hung_up_at=was.hung_up_at or (at if was.on_call else None))
            case ReleaseLead():
                lead = replace(lead, owner="", claimed_at=None)
            case CorrectLead():
                lead = replace(lead, **{name: text.strip() for name, text in command.changes})  # type: ignore[arg-type]
    return lead


def _tried(lead: Lead, me: str, at: datetime, *, counts: bool) -> Lead:
    lead = replace(lead, owner=me, claimed_at=lead.claimed_at or at, offered=(), lapse_at=None)
    if not counts:
        return lead
    if lead.clock == ClockState.RUNNING and lead.deadline is not None:
        in_time = at <= lead.deadline
        clock, breached_at = (ClockState.MET, None) if in_time else (ClockState.BREACHED, lead.deadline)
        lead = replace(lead, clock=clock, breached_at=breached_at)
    first = lead.first_attempt_at or at
    return replace(lead, attempts=lead.attempts + 1, first_attempt_at=first, last_attempt_at=at)


def _started(lead: Lead, command: StartAttempt, me: str, at: datetime, plan: Rulebook) -> Lead:
    if command.kind == AttemptKind.CALL:
        return replace(_tried(lead, me, at, counts=True), on_call=command.attempt_id, hung_up_at=None)
    only_way = not lead.phone
    lead = _tried(lead, me, at, counts=only_way)
    if only_way:
        stage = Stage.WORKING if lead.stage == Stage.NEW else lead.stage
        lead = replace(lead, stage=stage, retry_at=retry_at(lead, plan, at))
    return lead


def _ended(lead: Lead, command: LogOutcome, me: str, at: datetime, plan: Rulebook) -> Lead:
    if not lead.on_call:
        lead = _tried(lead, me, at, counts=command.outcome not in CLOSING)
    return after_outcome(
        lead,
        command.outcome,
        at=command.at,
        reason=command.reason,
        amount=command.amount,
        now=at,
        plan=plan,
    )
