"""An inquiry becomes a lead, in the transaction that keeps it.

The inquiry is written whatever happens. Reading, cleaning, finding the same person, scoring, routing and
starting the clock stand behind a savepoint: if any of it fails, the inquiry commits all the same, into review,
and the sender is answered. There is no moment at which a lead is half made.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import timedelta
from functools import cache

from app.clock import new_id
from app.codec import keepable
from app.domain.behaviour import Behaviour, Did
from app.domain.clean import Person, clean, draft_of, plain
from app.domain.commands import Captured, CaptureInquiry, Made, PutInquiryAside, ReplayInquiry
from app.domain.errors import AppError, Refused, Unavailable
from app.domain.events import (
    InquiryPutAside,
    InquiryReplayed,
    InquiryToReview,
    LeadAskedAgain,
    LeadCaptured,
    LeadScored,
)
from app.domain.inquiry import Draft, Inquiry, InquiryState, Unreadable
from app.domain.lead import Lead
from app.domain.rulebook import Rulebook
from app.plugs import load
from app.service.clockwork import start_clock
from app.service.give import route, suited
from app.service.judging import judged, judged_again, noted, record_score
from app.store import behaviours
from app.store.writing import Writing

_log = logging.getLogger(__name__)
REPEAT_WINDOW = timedelta(seconds=60)
"""The same bytes from the same source within this time are a double click or a retry, not a second inquiry."""


@cache
def _channels() -> dict[str, object]:
    return {module.NAME: module for module in load("app.channels")}


def read(inquiry: Inquiry) -> Draft:
    """What the inquiry's channel understands of it; raises Unreadable."""
    channel = _channels().get(inquiry.channel)
    if channel is None:
        raise Unreadable(f"This program knows no channel called “{inquiry.channel}”.")
    draft: Draft = channel.read(inquiry)  # type: ignore[attr-defined]
    return draft


def capture(w: Writing, command: CaptureInquiry) -> Captured:
    """Keep an inquiry and make of it what can be made."""
    inquiry = command.inquiry
    digest = hashlib.sha256(inquiry.raw).hexdigest()
    w.alone(digest)
    repeat = w.repeat_of(digest, inquiry.source_id, inquiry.received_at - REPEAT_WINDOW)
    if repeat is not None:
        answer, external = Captured(inquiry_id=inquiry.id, state=InquiryState.REPEAT, lead_id=repeat[1]), ""
    else:
        answer, external = _understood(w, inquiry, None)
    w.add_inquiry(
        inquiry, digest, answer.state, why=answer.why, lead_id=answer.lead_id, external_id=external
    )  # fmt: skip
    return answer


def replay(w: Writing, command: ReplayInquiry) -> Captured:
    """Read a waiting inquiry again, or take a person's correction of it."""
    kept = w.inquiry_for_change(command.inquiry_id)
    if kept.state not in (InquiryState.REVIEW, InquiryState.ASIDE):
        raise Refused("A lead was already made of this inquiry.", "Nothing to do")
    corrected = command.draft is not None
    w.record(InquiryReplayed(inquiry_id=kept.inquiry.id, corrected=corrected))
    draft = replace(plain(command.draft), trap="") if command.draft is not None else None
    answer, external = _understood(w, kept.inquiry, draft, by_person=corrected)
    w.settle_inquiry(kept.inquiry.id, answer.state, answer.why, answer.lead_id, external)
    return answer


def put_aside(w: Writing, command: PutInquiryAside) -> Made:
    """Take an inquiry out of review; it stays kept, with the reason."""
    kept = w.inquiry_for_change(command.inquiry_id)
    if kept.state != InquiryState.REVIEW:
        raise Refused("This inquiry no longer waits in review.", "Nothing to do")
    why = command.why.strip() or "put aside"
    w.settle_inquiry(kept.inquiry.id, InquiryState.ASIDE, why, "")
    w.record(InquiryPutAside(inquiry_id=kept.inquiry.id, channel=kept.inquiry.channel, why=why))
    return Made(id=kept.inquiry.id)


def _understood(
    w: Writing, inquiry: Inquiry, draft: Draft | None, *, by_person: bool = False
) -> tuple[Captured, str]:
    """What became of an inquiry, and the sender's id of it. Never raises for what the inquiry says."""
    try:
        with w.savepoint():
            draft = plain(draft or read(inquiry))
            return _lead_of(w, inquiry, draft, by_person), draft.external_id
    except Unavailable:
        raise
    except AppError as error:
        why = keepable(error.message)
    except Exception:  # noqa: BLE001 - whatever fails here, the inquiry must be kept and shown
        _log.exception("inquiry %s could not be made a lead", inquiry.id)
        why = "Firstring made a mistake with this inquiry. It is kept here; please read it and make the lead by hand."
    w.record(InquiryToReview(inquiry_id=inquiry.id, channel=inquiry.channel, why=why))
    return Captured(inquiry_id=inquiry.id, state=InquiryState.REVIEW, why=why), ""


def _lead_of(w: Writing, inquiry: Inquiry, draft: Draft, by_person: bool) -> Captured:
    if draft.external_id and not draft.is_test:
        w.alone(f"{inquiry.source_id} {draft.external_id}")
        earlier = w.same_delivery(inquiry.source_id, draft.external_id)
        if earlier is not None and earlier[0] != inquiry.id:
            return Captured(inquiry_id=inquiry.id, state=InquiryState.REPEAT, lead_id=earlier[1])
    rulebook = w.rulebook()
    person = clean(draft, rulebook.default_country)
    if person.aside and not by_person:
        w.record(InquiryPutAside(inquiry_id=inquiry.id, channel=inquiry.channel, why=person.aside))
        return Captured(inquiry_id=inquiry.id, state=InquiryState.ASIDE, why=person.aside)
    source = w.source(inquiry.source_id) if inquiry.source_id else None
    source_name = source.name if source is not None else inquiry.channel
    w.alone(person.email_key, person.phone_key)
    known = w.same_person(person.email_key, person.phone_key, draft.is_test)
    lead = w.lead_for_change(known) if known is not None else None
    if draft.did is not None:
        return _deed(w, inquiry, lead, draft.did)
    if lead is not None and lead.is_open:
        lead_id = _join(w, lead, inquiry, draft, person, source_name, rulebook)
        return Captured(inquiry_id=inquiry.id, state=InquiryState.JOINED, lead_id=lead_id)
    lead_id = _new(w, inquiry, draft, person, source_name, rulebook)
    return Captured(inquiry_id=inquiry.id, state=InquiryState.LEAD, lead_id=lead_id)


def _deed(w: Writing, inquiry: Inquiry, lead: Lead | None, deed: Behaviour) -> Captured:
    """What somebody did is no inquiry: it is heat for a lead that is there, and of nobody else it is put aside."""
    if lead is not None and lead.is_open:
        noted(w, lead, deed)
        return Captured(inquiry_id=inquiry.id, state=InquiryState.JOINED, lead_id=lead.id)
    why = "It says what somebody did of whom there is no open lead."
    return Captured(inquiry_id=inquiry.id, state=InquiryState.ASIDE, why=why)


def _new(w: Writing, inquiry: Inquiry, draft: Draft, person: Person, source: str, rulebook: Rulebook) -> str:
    lead = judged(new_lead(inquiry, draft, person), person, rulebook, w.now, source=source)
    routed = route(w, lead, source=source)
    lead = routed.onto(lead, w.now)
    lead = replace(lead, version=1, claim_no=1 if lead.owner else 0)
    w.record(LeadCaptured(inquiry_id=inquiry.id, channel=inquiry.channel, source=source), lead.id)
    w.record(
        LeadScored(score=lead.score, tier=lead.tier, reasons=lead.reasons, rulebook=rulebook.version), lead.id
    )
    w.record(routed.event, lead.id)
    lead = start_clock(w, lead, first=True)
    w.add_lead(lead, person.email_key, person.phone_key)
    return lead.id


def _join(
    w: Writing, lead: Lead, inquiry: Inquiry, draft: Draft, person: Person, source: str, rulebook: Rulebook
) -> str:
    """Add a second inquiry to a person's open lead: what is new is filled in, heat is added, the clock starts anew."""
    was = lead
    lead = joined(lead, draft, person)
    merged = clean(draft_of(lead), rulebook.default_country)
    if draft.origin.medium or draft.origin.campaign or draft.origin.ad:
        w.milestones.touched(lead.id, inquiry.channel, draft.origin)
    behaviours.add(w, lead.id, Behaviour(kind=Did.INQUIRY, at=inquiry.received_at, what=inquiry.channel))
    lead = judged_again(w, lead, merged, rulebook)
    w.record(
        LeadAskedAgain(inquiry_id=inquiry.id, channel=inquiry.channel, source=source, ask=draft.ask.strip()),
        lead.id,
    )
    record_score(w, was, lead, rulebook)
    if lead.on_call:  # they are being talked to right now
        w.save_lead(lead, keys=(merged.email_key, merged.phone_key))
        return lead.id
    owner = next((rep for rep in w.reps() if rep.id == lead.owner and rep.active), None)
    if owner is not None:
        lead = suited(w, was, lead)
    elif not lead.offered:
        routed = route(w, lead, source=source)
        lead = routed.onto(lead, w.now)
        w.record(routed.event, lead.id)
    w.save_lead(start_clock(w, replace(lead, retry_at=None)), keys=(merged.email_key, merged.phone_key))
    return lead.id


def joined(lead: Lead, draft: Draft, person: Person) -> Lead:
    """The lead with what a second inquiry adds, not yet judged: what is known already stands."""
    answers = lead.answers + tuple(pair for pair in draft.answers if pair not in lead.answers)
    return replace(
        lead,
        inquiries=lead.inquiries + 1,
        ask=draft.ask.strip() or lead.ask,
        answers=answers[:200],
        no_call=lead.no_call or draft.no_call,
        no_email=lead.no_email or draft.no_email,
        consent=draft.consent or lead.consent,
        **{
            name: getattr(lead, name) or getattr(person, name)
            for name in (
                "name",
                "title",
                "company",
                "email",
                "phone",
                "city",
                "region",
                "postcode",
                "country",
                "zone",
            )
        },
    )


def new_lead(inquiry: Inquiry, draft: Draft, person: Person) -> Lead:
    """The lead of a person's first inquiry, not yet judged."""
    return Lead(
        id=new_id(),
        name=person.name,
        title=person.title,
        company=person.company,
        email=person.email,
        phone=person.phone,
        street=person.street,
        city=person.city,
        region=person.region,
        postcode=person.postcode,
        country=person.country,
        zone=person.zone,
        zones=person.zones,
        problems=person.problems,
        no_call=draft.no_call,
        no_email=draft.no_email,
        consent=draft.consent,
        ask=draft.ask.strip(),
        answers=draft.answers,
        channel=inquiry.channel,
        origin=draft.origin,
        source_id=inquiry.source_id,
        is_test=draft.is_test,
        captured_at=inquiry.received_at,
    )
