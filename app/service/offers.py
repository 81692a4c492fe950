"""Offers of a lead: taken, declined, over; and a lead that one person hands to another.

A lead that is offered is nobody's until one of those to whom it is offered takes it. When nobody is left to take it,
or the time is over, the routes behind the one that offered it are asked; behind the last one is the pool.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from app.domain.commands import AcceptLead, DeclineLead, Made, RedirectLead
from app.domain.errors import LeadAlreadyClaimed, NotFound, Refused
from app.domain.events import LeadDeclined, LeadRouted, OfferLapsed
from app.domain.lead import Lead, Role
from app.domain.roles import LEADING
from app.service.clockwork import start_partner_clocks
from app.service.escalation import hold
from app.service.give import route
from app.service.people import acting_rep, check_mine
from app.service.work import claimed
from app.store.turns import lapsed
from app.store.writing import Writing

ROUND = 200
"""Offers that are over looked at in one transaction of the keeper."""
_REASON = 200
"""Letters of a reason that are kept."""


def accept(w: Writing, command: AcceptLead) -> Made:
    """Take an offered lead; whoever is second is told who was faster."""
    rep = acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    if lead.owner == rep.id and lead.is_open:
        check_mine(w, lead, rep)
    elif lead.owner:
        owner = w.rep(lead.owner)
        raise LeadAlreadyClaimed(
            f"{owner.name if owner else 'Somebody else'} was faster and has this lead.", "Already claimed"
        )
    elif rep.id not in lead.offered or not lead.is_open:
        raise Refused("This lead is not offered to you any more.", "The offer is over")
    if lead.claimed_at is None:
        lead = claimed(w, lead, rep)
        hold(w, lead, rep)
        w.save_lead(lead)
    return Made(id=lead.id)


def decline(w: Writing, command: DeclineLead) -> Made:
    """Let an offer go by, with the reason."""
    rep = acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    if rep.id not in lead.offered or not lead.is_open:
        raise Refused("This lead is not offered to you any more.", "The offer is over")
    reason = _reason(command.reason)
    w.record(LeadDeclined(rep_id=rep.id, rep_name=rep.name, reason=reason), lead.id)
    left = tuple(one for one in lead.offered if one != rep.id)
    w.save_lead(replace(lead, offered=left) if left else _next(w, lead, (rep.id,)))
    return Made(id=lead.id)


def pass_on(w: Writing) -> int:
    """Take the offers that are over to the next route that fits; how many those were, at most `ROUND`."""
    names = {rep.id: rep.name for rep in w.reps()}
    over = lapsed(w, ROUND)
    for lead in over:
        assert lead.lapse_at is not None
        event = OfferLapsed(
            route=lead.route,
            offered=lead.offered,
            names=tuple(names.get(rep, "") for rep in lead.offered),
            until=lead.lapse_at,
        )
        w.record(event, lead.id)
        w.save_lead(_next(w, lead, ()))
    return len(over)


def _next(w: Writing, lead: Lead, tried: Collection[str]) -> Lead:
    routed = route(w, lead, tried=tried, after=lead.route)
    w.record(routed.event, lead.id)
    return routed.onto(lead, w.now)


def redirect(w: Writing, command: RedirectLead) -> Made:
    """Hand a lead to somebody else; who leads the floor may do it with any lead."""
    rep = acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    if not lead.is_open:
        raise Refused("This lead is closed.", "Closed")
    if rep.role not in LEADING:
        check_mine(w, lead, rep)
    if lead.on_call:
        raise Refused("Say how the call ended first.", "Still on the call")
    to = w.rep(command.to_rep)
    if to is None or not to.active:
        raise NotFound("That rep is not on this floor.")
    if to.role is Role.ADMIN:
        raise Refused(f"{to.name} is an admin and works no leads.", "Not handed over")
    if to.id == lead.owner:
        raise Refused(f"{to.name} has this lead already.", "Nothing to do")
    why = f"{rep.name} handed it over: {_reason(command.reason)}"
    w.record(LeadRouted(to=to.id, to_name=to.name, why=why), lead.id)
    lead = replace(
        lead,
        owner=to.id,
        claim_no=lead.claim_no + 1,
        claimed_at=None,
        given_at=w.now,
        route="",
        offered=(),
        lapse_at=None,
    )
    start_partner_clocks(w, lead)
    w.save_lead(lead)
    return Made(id=lead.id)


def _reason(text: str) -> str:
    reason = " ".join(text.split())[:_REASON]
    if not reason:
        raise Refused("Say why.", "Why?")
    return reason
