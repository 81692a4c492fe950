"""What an outcome does to a lead, and what it needs to be said with.

Pure: the lead before in, the lead after out. A refusal says what is missing. A try without an answer is tried
again by the rulebook's plan; after its last entry no more retries are planned and the lead waits, visibly, for
a person to decide.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.errors import Refused
from app.domain.lead import Lead, Outcome, Stage
from app.domain.rulebook import Rulebook

WORDS = {
    Outcome.BOOKED: "booked",
    Outcome.CALL_BACK: "call back",
    Outcome.NO_ANSWER: "no answer",
    Outcome.VOICEMAIL: "voicemail",
    Outcome.UNFIT: "not a fit",
    Outcome.WON: "won",
    Outcome.LOST: "lost",
}

QUALIFYING = (Outcome.BOOKED, Outcome.WON)
"""With them a lead is qualified."""


def check(outcome: Outcome, at: datetime | None, reason: str, amount: int | None, now: datetime) -> None:
    """Raise Refused when an outcome lacks what it needs."""
    if outcome in (Outcome.BOOKED, Outcome.CALL_BACK):
        if at is None:
            raise Refused(f"For “{WORDS[outcome]}” a time is needed.", "When?")
        if at <= now:
            raise Refused(
                f"For “{WORDS[outcome]}” choose a time that is still to come.", "That time has passed"
            )
        if at > now + timedelta(days=366 * 2):
            raise Refused("Choose a time within the next two years.", "That is too far away")
    if outcome in (Outcome.UNFIT, Outcome.LOST) and not reason.strip():
        raise Refused(f"For “{WORDS[outcome]}” a reason is needed.", "Why?")
    if amount is not None and not 0 <= amount < 10**15:
        raise Refused("The amount must be zero or more.", "How much?")


def retry_at(lead: Lead, rulebook: Rulebook, now: datetime) -> datetime | None:
    """When a lead that did not answer attempt number `lead.attempts` is tried again."""
    plan = rulebook.retry_after
    return now + timedelta(seconds=plan[lead.attempts - 1]) if 0 < lead.attempts <= len(plan) else None


def after_outcome(
    lead: Lead,
    outcome: Outcome,
    *,
    at: datetime | None,
    reason: str,
    amount: int | None,
    now: datetime,
    plan: Rulebook,
) -> Lead:
    """The lead once the attempt has ended so; `at`, `reason`, `amount` were checked by `check`."""
    lead = replace(
        lead,
        last_outcome=outcome,
        on_call="",
        hung_up_at=None,
        call_back_at=None,
        retry_at=None,
        stage=Stage.WORKING if lead.stage == Stage.NEW else lead.stage,
        contact_at=lead.contact_at or (now if outcome.is_contact else None),
        qualified_at=lead.qualified_at or (now if outcome in QUALIFYING else None),
    )
    match outcome:
        case Outcome.BOOKED:
            return replace(lead, stage=Stage.PROSPECT, booked_at=lead.booked_at or now, appointment_at=at)
        case Outcome.CALL_BACK:
            return replace(lead, call_back_at=at)
        case Outcome.NO_ANSWER | Outcome.VOICEMAIL:
            return replace(lead, retry_at=retry_at(lead, plan, now))
        case Outcome.UNFIT:
            return replace(lead, stage=Stage.UNFIT, closed_at=now, close_reason=reason.strip())
        case Outcome.WON:
            return replace(lead, stage=Stage.WON, closed_at=now, close_reason=reason.strip(), amount=amount)
        case Outcome.LOST:
            return replace(lead, stage=Stage.LOST, closed_at=now, close_reason=reason.strip())
