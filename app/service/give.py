"""Giving a lead to somebody: the decision of `domain.routing`, made and noted in the open transaction.

Whoever decides is alone with the turn until the transaction ends, so that of leads that arrive at the same moment the
second is decided with the first one counted, whichever program decides.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.clean import clean, draft_of
from app.domain.events import LeadRouted
from app.domain.lead import Lead, Rep, Role
from app.domain.round_robin import round_robin
from app.domain.routing import Candidate, Decision, decide, suits
from app.domain.routing_fit import arranged, particulars_of
from app.domain.rulebook import Rulebook
from app.domain.tier import HEAT
from app.store import turns
from app.store.writing import Writing

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Who got the lead (None: the pool, or those it is offered to), and the event that tells why."""

    rep: Rep | None
    event: LeadRouted

    def onto(self, lead: Lead, now: datetime) -> Lead:
        """The lead, given so."""
        owner = self.rep.id if self.rep else ""
        return replace(
            lead,
            owner=owner,
            claim_no=lead.claim_no + 1,
            claimed_at=None,
            given_at=now if owner else None,
            route=self.event.route,
            offered=self.event.offered,
            lapse_at=self.event.until,
        )


def route(
    w: Writing,
    lead: Lead,
    *,
    source: str | None = None,
    tried: Collection[str] = (),
    after: str = "",
    is_late: bool = False,
    partners: bool = False,
) -> Routed:
    """Decide who gets a lead, and take the turn; test leads take no turn from anybody.

    `source`: the name of its way in (None: looked up). Who is in `tried` had it already, and so had the routes up to
    `after`. One that is late is given and not offered; with `partners`, to one of those.
    """
    w.alone("turn")
    rulebook, reps = w.rulebook(), w.reps()
    if partners:
        tried = (*tried, *(rep.id for rep in reps if rep.role is not Role.PARTNER))
    if rulebook.routes and not partners:
        decision = _by_routes(w, lead, rulebook, reps, source, tried, after, is_late)
        if decision.owed is not None and not lead.is_test:
            turns.keep_owed(w, decision.route, decision.owed)
    else:
        decision = round_robin(reps, tried=tried)
        if decision.rep is not None and not lead.is_test:
            w.give_turn(decision.rep.id)
    event = LeadRouted(
        to=decision.rep.id if decision.rep else "",
        to_name=decision.rep.name if decision.rep else "",
        why=decision.why,
        ledger=decision.ledger,
        route=decision.route,
        passed=decision.passed,
        offered=tuple(rep.id for rep in decision.offered),
        until=decision.until,
        rulebook=rulebook.version,
    )
    return Routed(rep=decision.rep, event=event)


def _by_routes(
    w: Writing,
    lead: Lead,
    rulebook: Rulebook,
    reps: tuple[Rep, ...],
    source: str | None,
    tried: Collection[str],
    after: str,
    is_late: bool,
) -> Decision:
    known = arranged(rulebook)
    held, hour = turns.loads(w, w.now - _HOUR) if known.asks_loads else ({}, {})
    return decide(
        particulars_of(lead, _source(w, lead) if source is None else source),
        rulebook,
        [Candidate(rep=rep, open=held.get(rep.id), last_hour=hour.get(rep.id, 0)) for rep in reps],
        now=w.now,
        owed=lambda name: turns.owed(w, name),
        before=_before(w, lead, rulebook) if known.asks_before else "",
        tried=tried,
        after=after,
        is_late=is_late,
    )


def _source(w: Writing, lead: Lead) -> str:
    source = w.source(lead.source_id) if lead.source_id else None
    return source.name if source is not None else lead.channel


def _before(w: Writing, lead: Lead, rulebook: Rulebook) -> str:
    person = clean(draft_of(lead), rulebook.default_country)
    return turns.last_owner(w, person.email_key, person.phone_key, lead.id)


def suited(w: Writing, was: Lead, lead: Lead) -> Lead:
    """The lead, given anew if it became hotter and its new tier is not for who has it; nobody's work is taken away.

    Where nobody else can take it, whoever has it keeps it.
    """
    rulebook = w.rulebook()
    if HEAT[lead.tier] <= HEAT[was.tier] or not rulebook.routes:
        return lead
    if lead.claimed_at is not None or lead.on_call or lead.attempts or not lead.owner:
        return lead
    owner = w.rep(lead.owner)
    if owner is not None and suits(particulars_of(lead, _source(w, lead)), rulebook, owner, w.now):
        return lead
    routed = route(w, lead, tried=(lead.owner,))
    if routed.rep is None and not routed.event.offered:
        return lead
    w.record(routed.event, lead.id)
    return routed.onto(lead, w.now)
