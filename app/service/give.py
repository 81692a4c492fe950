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
    w.alone("turn")  # of leads that arrive at the same moment, the second sees who got the first
    decision = round_robin(w.reps(), tried=tried)
    if decision.rep is not None and not lead.is_test:
        w.give_turn(decision.rep.id)
    event = LeadRouted(
        to=decision.rep.id if decision.rep else "",
        to_name=decision.rep.name if decision.rep else "",
        why=decision.why,
        ledger=decision.ledger,
    )
    return Routed(rep=decision.rep, event=event)
