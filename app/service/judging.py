"""The score of a lead, made and made again: at capture, when they do something, when time alone changes its tier.

New facts are judged by the rulebook in force; a lead that merely cools is judged by the one that judged it. A lead
that becomes hotter is promised a shorter time at once, in the same transaction, and goes to others where its new tier
is not for who has it. One that cools keeps the promise
that runs: nobody is given more time by waiting. Who was promised a call-back or has an appointment keeps that time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.behaviour import Behaviour, Did
from app.domain.clean import Person, clean, draft_of
from app.domain.commands import Made, NoteBehaviour
from app.domain.errors import Refused
from app.domain.events import BehaviourNoted, LeadScored
from app.domain.lead import ClockState, Lead, Stage
from app.domain.rulebook import Rulebook
from app.domain.score import judge, subject_of
from app.domain.tier import HEAT
from app.service.clockwork import start_clock
from app.service.give import suited
from app.store import behaviours
from app.store.writing import Writing

ROUND = 200
"""Leads judged anew in one transaction of the keeper."""
_LONGEST = 2000
"""Letters of what a deed was about."""


def judged(
    lead: Lead,
    person: Person,
    rulebook: Rulebook,
    now: datetime,
    *,
    source: str = "",
    did: tuple[Behaviour, ...] = (),
) -> Lead:
    """The lead with score, tier and reasons by a rulebook; `source` is the name of its way in."""
    subject = subject_of(lead, person, source, did)
    found = judge(subject, rulebook, now, lead.tier if lead.rulebook else None)
    return replace(
        lead,
        score=found.score,
        fit=found.fit,
        intent=found.intent,
        tier=found.tier,
        sla_seconds=found.sla_seconds,
        reasons=found.reasons,
        rulebook=rulebook.version,
        rescore_at=found.rescore_at,
    )


def judged_again(w: Writing, lead: Lead, person: Person, rulebook: Rulebook) -> Lead:
    """A lead of the book, judged with all it did since."""
    source = w.source(lead.source_id) if lead.source_id else None
    return judged(
        lead,
        person,
        rulebook,
        w.now,
        source=source.name if source is not None else "",
        did=behaviours.of_lead(w, lead.id),
    )


def record_score(w: Writing, was: Lead, lead: Lead, rulebook: Rulebook) -> None:
    """Say that the score changed, if it did."""
    if (was.score, was.tier) != (lead.score, lead.tier):
        w.record(
            LeadScored(
                score=lead.score,
                tier=lead.tier,
                was_score=was.score,
                was_tier=was.tier,
                reasons=lead.reasons,
                rulebook=rulebook.version,
            ),
            lead.id,
        )


def note(w: Writing, command: NoteBehaviour) -> Made:
    """Note what a lead did, and judge it at once."""
    lead = w.lead_for_change(command.lead_id)
    noted(w, lead, Behaviour(kind=command.kind, at=command.at or w.now, what=command.what))
    return Made(id=lead.id)


def noted(w: Writing, lead: Lead, deed: Behaviour) -> None:
    """Note a deed of a lead that is locked for change; nothing that has not happened yet, and no inquiry."""
    if deed.kind == Did.INQUIRY:
        raise Refused("An inquiry comes in by a channel.", "Not noted")
    deed = replace(deed, at=min(deed.at, w.now), what=" ".join(deed.what.split())[:_LONGEST])
    behaviours.add(w, lead.id, deed)
    w.record(BehaviourNoted(kind=deed.kind, at=deed.at, what=deed.what), lead.id)
    if lead.is_open:
        _judge_anew(w, lead, w.rulebook())


def cool(w: Writing) -> int:
    """Judge the leads anew whose tier has changed by waiting; how many that were, at most `ROUND`."""
    leads = behaviours.cooled(w, ROUND)
    for lead in leads:
        _judge_anew(w, lead, w.rulebook_of(lead.rulebook) or w.rulebook())
    return len(leads)


def _judge_anew(w: Writing, was: Lead, rulebook: Rulebook) -> None:
    person = clean(draft_of(was), rulebook.default_country)
    lead = judged_again(w, was, person, rulebook)
    if lead == was:
        return
    record_score(w, was, lead, rulebook)
    w.save_lead(after_change(w, was, lead))


def after_change(w: Writing, was: Lead, lead: Lead) -> Lead:
    """What a change of tier brings with it: a hotter lead is promised a shorter time, at once."""
    if lead.clock == ClockState.RUNNING and lead.sla_seconds > was.sla_seconds:
        lead = replace(lead, sla_seconds=was.sla_seconds)  # what was promised stands
    if HEAT[lead.tier] <= HEAT[was.tier] or lead.on_call or not lead.is_open:
        return lead
    promised = lead.call_back_at is not None or (
        lead.stage == Stage.PROSPECT and lead.appointment_at is not None and lead.appointment_at > w.now
    )
    if promised or lead.no_call:
        return lead
    if lead.clock == ClockState.BREACHED and w.running_clock(lead.id) is not None:
        return lead  # it escalates already
    return start_clock(w, suited(w, was, replace(lead, retry_at=None)))
