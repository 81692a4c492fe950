"""Giving a lead to a rep: the decision of `domain.routing`, made and noted in the open transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.domain.events import LeadRouted
from app.domain.lead import Lead, Rep
from app.domain.routing import round_robin
from app.store.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Who got the lead (None: the pool), and the event that tells why."""

    rep: Rep | None
    event: LeadRouted


def route(w: Writing, lead: Lead, *, tried: Collection[str] = ()) -> Routed:
    """Choose a rep and take the turn; test leads take no turn from anybody."""
    decision = round_robin(w.reps(), tried=tried)
    while decision.rep is not None and not lead.is_test and not w.give_turn(decision.rep):
        decision = round_robin(w.reps(), tried=tried)  # another lead was quicker to take this turn
    event = LeadRouted(
        to=decision.rep.id if decision.rep else "",
        to_name=decision.rep.name if decision.rep else "",
        why=decision.why,
        ledger=decision.ledger,
    )
    return Routed(rep=decision.rep, event=event)
