"""Whose hands leads were in, and whose turn it was, at any instant of the past: what the journal says, played back.

`Hands` is what a routing decision is made of beside the lead: people with their status and turn, who holds how many
open leads of which tier, who was given how many within the hour, what is owed on which route. `happened` takes an
event as it was recorded; a trial of another rulebook (`replay.py`) starts from a copy and goes its own way. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain import events as e
from app.domain.foresee import CLOSING
from app.domain.lead import Rep, RepStatus, Role
from app.domain.round_robin import turn_on_return
from app.domain.routes import Strategy
from app.domain.routing_free import NOT_YET, Candidate
from app.domain.rulebook import Rulebook
from app.domain.tier import Tier
from app.domain.turns import next_turn

__all__ = ["KINDS", "Hands", "Held"]

KINDS = (
    "rep.added", "rep.changed", "rep.status_changed", "rulebook.published", "lead.captured", "lead.scored",
    "lead.routed", "lead.claimed", "lead.released", "outcome.logged", "outcome.undone",
)  # fmt: skip
"""The kinds of events that say whose hands leads are in."""
_HOUR = timedelta(hours=1)
_TALKED = (RepStatus.ON_CALL, RepStatus.WRAP_UP)


@dataclass(slots=True)
class Held:
    """A lead, as far as it matters to whoever is to get the next one."""

    owner: str = ""
    tier: Tier = Tier.COLD
    is_open: bool = True
    given_at: datetime | None = None
    offered: tuple[str, ...] = ()
    route: str = ""


class Hands:
    def __init__(self, reps: Iterable[Rep], tests: frozenset[str]) -> None:
        """`reps`: the people of the floor as they are now; `tests`: ids of leads that are tests and take no turn."""
        self._known = {rep.id: rep for rep in reps}
        self.tests = tests
        self.people: dict[str, Rep] = {}
        self.held: dict[str, Held] = {}
        self.open: dict[str, dict[Tier, int]] = {}
        self.owed: dict[str, dict[str, int]] = {}
        self.version = 1
        """Of the rulebook in force."""
        self._given: deque[tuple[datetime, str]] = deque()
        self._said: tuple[str, datetime] | None = None
        """Who said how a call ended, and when: what they do by that is no choice of theirs."""

    def copy(self) -> Hands:
        """The same, to go on by itself."""
        other = Hands(self._known.values(), self.tests)
        other.people = dict(self.people)
        other.held = {lead: replace(held) for lead, held in self.held.items()}
        other.open = {rep: dict(tiers) for rep, tiers in self.open.items()}
        other.owed = {route: dict(owed) for route, owed in self.owed.items()}
        other.version, other._said = self.version, self._said
        other._given = deque(self._given)
        return other

    # -- leads

    def give(self, lead: str, owner: str, at: datetime | None) -> None:
        held = self.held.setdefault(lead, Held())
        self._count(held, -1)
        held.owner, held.offered = owner, ()
        self._count(held, 1)
        held.given_at = at
        if owner and at is not None:
            self._given.append((at, lead))

    def grade(self, lead: str, tier: Tier) -> None:
        held = self.held.setdefault(lead, Held())
        self._count(held, -1)
        held.tier = tier
        self._count(held, 1)

    def close(self, lead: str, *, is_open: bool = False) -> None:
        held = self.held.setdefault(lead, Held())
        self._count(held, -1)
        held.is_open = is_open
        self._count(held, 1)

    def _count(self, held: Held, by: int) -> None:
        if held.owner and held.is_open:
            mine = self.open.setdefault(held.owner, {})
            mine[held.tier] = mine.get(held.tier, 0) + by

    def candidates(self, now: datetime) -> list[Candidate]:
        """Everybody, with what they have to do at an instant."""
        while self._given and self._given[0][0] <= now - _HOUR:
            self._given.popleft()
        hour: dict[str, int] = {}
        for at, lead in self._given:
            held = self.held[lead]
            if held.given_at == at and held.owner:
                hour[held.owner] = hour.get(held.owner, 0) + 1
        return [
            Candidate(rep=rep, open=self.open.get(rep.id), last_hour=hour.get(rep.id, 0))
            for rep in self.people.values()
        ]

    # -- people

    def turn(self, rep_id: str) -> None:
        """Put somebody at the end of the round."""
        last = max(rep.turn for rep in self.people.values())
        self.people[rep_id] = replace(self.people[rep_id], turn=last + 1)

    def person(self, entry: e.Entry) -> bool:
        """Take what an event says of people; whether it says anything of them."""
        event = entry.event
        if isinstance(event, e.RepAdded):
            turn = max((rep.turn for rep in self.people.values()), default=0)
            now = self._known.get(event.rep_id)
            role = event.role or (now.role if now else Role.REP)
            self.people[event.rep_id] = Rep(
                id=event.rep_id, name=event.name, role=role, status_since=entry.at, turn=turn
            )
        elif isinstance(event, e.RepChanged) and event.rep_id in self.people:
            rep = self.people[event.rep_id]
            rep = replace(rep, name=event.name, active=event.active, role=event.role or rep.role)
            self.people[rep.id] = rep if event.active else replace(rep, status=RepStatus.AWAY)
        elif isinstance(event, e.RepStatusChanged) and event.rep_id in self.people:
            self._status(entry, event)
        else:
            return False
        return True

    def _status(self, entry: e.Entry, event: e.RepStatusChanged) -> None:
        rep = self.people[event.rep_id]
        turn = rep.turn
        by_outcome = event.was in _TALKED and self._said == (event.rep_id, entry.at)
        if event.status == RepStatus.AVAILABLE and not by_outcome:
            turn = turn_on_return(rep, tuple(self.people.values()))
        self.people[rep.id] = replace(rep, status=event.status, status_since=entry.at, turn=turn)

    # -- as it was recorded

    def happened(self, entry: e.Entry, rulebooks: Mapping[int, Rulebook]) -> None:
        """Take an event as it was recorded; `rulebooks` by version."""
        event, lead = entry.event, entry.lead_id
        if isinstance(event, e.OutcomeLogged):
            self._said = entry.actor, entry.at
            if event.applied and event.outcome in CLOSING:
                self.close(lead)
        elif isinstance(event, e.OutcomeUndone):
            self.close(lead, is_open=True)
        elif isinstance(event, e.RulebookPublished):
            self.version = event.version
        elif isinstance(event, e.LeadScored):
            self.grade(lead, event.tier)
        elif isinstance(event, e.LeadClaimed):
            self.give(lead, event.rep_id, self._since(lead, event.rep_id, entry.at))
        elif isinstance(event, e.LeadReleased):
            self.give(lead, "", None)
        elif isinstance(event, e.LeadRouted):
            self.routed(entry, event, rulebooks)
        else:
            self.person(entry)

    def _since(self, lead: str, rep_id: str, at: datetime) -> datetime | None:
        """When a lead that is claimed was given: whoever had it already was given it then."""
        held = self.held.get(lead)
        return held.given_at if held is not None and held.owner == rep_id else at

    def routed(self, entry: e.Entry, event: e.LeadRouted, rulebooks: Mapping[int, Rulebook]) -> None:
        """Take a decision as it was made, with what it did to turns."""
        held = self.held.setdefault(entry.lead_id, Held())
        owner = self.people.get(held.owner)
        if (
            event.to or event.offered or owner is None or not owner.active
        ):  # else nobody was free to take it over
            self.give(entry.lead_id, event.to, entry.at if event.to else None)
        held.offered, held.route = event.offered, event.route
        if entry.lead_id in self.tests or not event.ledger:
            return  # a test takes no turn, and no more does a lead that somebody hands over
        if event.route:
            rulebook = rulebooks.get(event.rulebook or self.version)
            if rulebook is not None:
                self._owe(event, rulebook)
        elif event.to in self.people:
            self.turn(event.to)

    def _owe(self, event: e.LeadRouted, rulebook: Rulebook) -> None:
        """What a decision by a route left owed, told by its ledger."""
        route = next((one for one in rulebook.routes if one.name == event.route), None)
        if route is None or route.strategy is Strategy.PARTNER:
            return
        team = next((one for one in rulebook.teams if one.name == route.team), None)
        if team is not None:
            weights = {member.rep: member.weight for member in team.members}
        else:
            weights = {rep.id: 1 for rep in self.people.values() if _takes_turns(rep)}
        chosen = list(event.offered) or [event.to]
        waiting = [one.rep_id for one in event.ledger if one.skipped == NOT_YET and not one.route]
        left = {rep: weights.get(rep, 1) or 1 for rep in (*chosen, *waiting)}
        owed = self.owed.get(route.name, {})
        for rep in chosen:
            _, owed = next_turn(left, owed)
            left.pop(rep)
        self.owed[route.name] = {rep: parts for rep, parts in owed.items() if rep in weights}


def _takes_turns(rep: Rep) -> bool:
    return rep.active and rep.role not in (Role.ADMIN, Role.PARTNER)
