"""A lead with what a file tells of it. Pure: the lead before in, the lead after out.

What is known on the floor stands: a file fills in what is missing and moves a first time back, never forward. Of
several results of one lead a win stands above a loss and a loss above nothing; wins of several rows add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.lead import Lead, Outcome, Stage
from app.domain.past import Past, PastCall, Result

_ANSWERS = 200
_ENDS = {Outcome.WON: Stage.WON, Outcome.LOST: Stage.LOST, Outcome.UNFIT: Stage.UNFIT}


def first(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two instants of which either may be unknown."""
    return min(one, other) if one and other else one or other


def born(lead: Lead, past: Past, owner: str) -> Lead:
    """A lead that a file brings, with its past; `owner` is a rep id."""
    stage = past.stage
    won_at = past.closed_at if stage is Stage.WON else None
    return replace(
        lead,
        captured_at=past.captured_at or lead.captured_at,
        tier=past.tier or lead.tier,
        owner=owner,
        stage=stage,
        closed_at=past.closed_at,
        amount=past.amount,
        close_reason=past.reason,
        attempts=0 if past.first_call_at is None else 1,
        first_attempt_at=past.first_call_at,
        last_attempt_at=past.first_call_at,
        contact_at=past.contact_at,
        booked_at=past.booked_at,
        qualified_at=first(past.qualified_at, first(past.booked_at, won_at)),
    )


def qualified(lead: Lead) -> Lead:
    """The lead as of when it was qualified: by a file that says so, by its first appointment or by its win, whichever
    came first. Of a win on no known day the day stays unknown here too."""
    won_at = lead.closed_at if lead.stage is Stage.WON else None
    return replace(lead, qualified_at=first(lead.qualified_at, first(lead.booked_at, won_at)))


def with_result(lead: Lead, past: Past, owner: str, *, sums: bool) -> Lead:
    """The lead with one more row of results; `sums` when its win so far came from files too, and so adds up."""
    return qualified(_with_result(lead, past, owner, sums=sums))


def _with_result(lead: Lead, past: Past, owner: str, *, sums: bool) -> Lead:
    lead = replace(
        lead,
        owner=lead.owner or owner,
        contact_at=first(lead.contact_at, past.contact_at),
        booked_at=first(lead.booked_at, past.booked_at),
        qualified_at=first(lead.qualified_at, past.qualified_at),
    )
    stage = past.result.stage
    if stage is None:
        wanted = past.stage if past.stage is not Stage.NEW else lead.stage
        later = lead.stage is Stage.NEW or (lead.stage is Stage.WORKING and wanted is Stage.PROSPECT)
        return replace(lead, stage=wanted) if later else lead
    if lead.stage is Stage.WON:
        if past.result is not Result.WON:
            return lead
        total = (lead.amount or 0) + (past.amount or 0) if past.amount is not None else lead.amount
        if sums:
            return replace(lead, amount=total, closed_at=first(lead.closed_at, past.closed_at))
        return replace(
            lead,
            amount=past.amount if lead.amount is None else lead.amount,
            closed_at=lead.closed_at or past.closed_at,
        )
    if not lead.is_open and past.result is not Result.WON:
        return lead
    return closed(lead, stage, past.closed_at, past.reason, past.amount)


def closed(
    lead: Lead, stage: Stage, at: datetime | None, reason: str = "", amount: int | None = None
) -> Lead:
    """The lead ended so; nobody waits for anything of it any more."""
    return replace(
        lead,
        stage=stage,
        closed_at=at,
        close_reason=reason,
        amount=amount,
        on_call="",
        hung_up_at=None,
        call_back_at=None,
        retry_at=None,
        offered=(),
        lapse_at=None,
    )


def with_call(lead: Lead, call: PastCall) -> tuple[Lead, int]:
    """The lead with a call of the past, and that call's number; a call that the lead made is no attempt of ours."""
    if not call.inbound:
        lead = replace(
            lead,
            attempts=lead.attempts + 1,
            first_attempt_at=first(lead.first_attempt_at, call.at),
            last_attempt_at=max(lead.last_attempt_at or call.at, call.at),
        )
    if lead.last_attempt_at is None or call.at >= lead.last_attempt_at:
        lead = replace(lead, last_outcome=call.outcome or lead.last_outcome)
    if call.contact:
        lead = replace(lead, contact_at=first(lead.contact_at, call.at))
    if lead.stage is Stage.NEW and (call.contact or not call.inbound):
        lead = replace(lead, stage=Stage.WORKING)
    if call.outcome is Outcome.BOOKED:
        lead = replace(lead, booked_at=first(lead.booked_at, call.at))
        if lead.stage in (Stage.NEW, Stage.WORKING):
            lead = replace(lead, stage=Stage.PROSPECT)
    if call.outcome in _ENDS and lead.is_open:
        lead = closed(lead, _ENDS[call.outcome], call.at)
    return qualified(lead), lead.attempts


def with_answers(lead: Lead, answers: Sequence[tuple[str, str]]) -> Lead:
    """The lead with what else a row said of it."""
    new = tuple(pair for pair in answers if pair not in lead.answers)
    return replace(lead, answers=(lead.answers + new)[:_ANSWERS]) if new else lead
