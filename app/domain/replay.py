"""The leads of a past period judged, routed and promised once more, by a rulebook: one world in which it was in force.

A world takes the events of the journal in their order. What people did it takes as it was: who was at work, who
called when, what leads asked and did. What a rulebook decides it decides itself, from its own state: scores and
tiers, deadlines, who gets a lead, whose turn is next, who is full. The world of the rulebook that was really in force
follows the record, decision by decision, and counts which came out the same; so it shows that the machinery is true
before anybody believes what it says of a draft. Pure: the instants are the events'.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush

from app.domain import events as e
from app.domain.chain import StepKind
from app.domain.hands import Hands
from app.domain.hours import deadline
from app.domain.lead import Rep, Role
from app.domain.replay_cases import Case, Fate, Former
from app.domain.round_robin import round_robin
from app.domain.routing import Decision, decide, suits
from app.domain.routing_fit import Particulars, arranged, particulars_of
from app.domain.rulebook import Rulebook
from app.domain.score import judge, subject_of
from app.domain.sla import ClockKind, rule_of, terms_of
from app.domain.tier import HEAT, Tier

__all__ = ["World"]

_MADE_IN = (e.LeadCaptured, e.LeadAskedAgain, e.BehaviourNoted, e.LeadCorrected)
"""What a lead does that it is judged, and perhaps routed, by at once."""
_PASSED_ON = (e.OfferLapsed, e.LeadDeclined)
_FIRST = ClockKind.FIRST_ATTEMPT.value
_MOST_TOLD = 20


class World:
    def __init__(self, rulebook: Rulebook, hands: Hands, former: Former, *, is_live: bool) -> None:
        """`is_live`: it follows what was recorded of its own rulebook's decisions, and compares them."""
        self.rulebook = rulebook
        self.hands = hands
        self.fates: dict[str, Fate] = {}
        self.recorded = 0
        self.reproduced = 0
        self.differing: list[str] = []
        self._former = former
        self._is_live = is_live
        self._asks_before = arranged(rulebook).asks_before
        self._cooling: list[tuple[datetime, str]] = []

    def sync(self, hands: Hands) -> None:
        """The rulebook is put in force: from here on it stood where the floor really stood."""
        self.hands = hands

    # -- one event

    def take(self, entry: e.Entry, case: Case | None, recorded: Hands) -> None:
        """Take an event; `case` is the lead with the event in it, `recorded` how things really stood before it."""
        self._cool(entry.at)
        event = entry.event
        if self.hands.person(entry):
            return
        fate = self.fates.get(entry.lead_id)
        if case is None or (fate is None and not isinstance(event, e.LeadCaptured)):
            self.hands.happened(
                entry, {self.rulebook.version: self.rulebook}
            )  # a lead from before the period
            return
        if isinstance(event, e.LeadCaptured):
            fate = self.fates[entry.lead_id] = Fate(case)
            self._judge(fate, entry.at, None)
            fate.first = fate.tier
            return
        assert fate is not None
        is_ours = self._is_live and recorded.version == self.rulebook.version
        if isinstance(event, _MADE_IN):
            self._changed(entry, fate, is_ours)
        elif isinstance(event, e.LeadScored):
            if fate.judged_at != entry.at:
                sla = fate.sla
                self._judge(fate, entry.at, fate.tier)
                fate.sla = min(sla, fate.sla)  # it cooled: what was promised stands
            if is_ours and event.rulebook == self.rulebook.version:
                self._compare(entry, fate, "score", (fate.tier, fate.score), (event.tier, event.score))
        elif isinstance(event, e.LeadRouted):
            self._routed(entry, event, fate, recorded, is_ours)
        elif isinstance(event, e.ClockStarted):
            if event.clock != _FIRST:
                fate.had.pop(event.clock, None)
            elif is_ours or fate.promised is None:
                self._start(fate, entry.at, is_first=fate.promised is None)
                if is_ours:
                    self._compare(entry, fate, "deadline", fate.deadline, event.deadline)
        else:
            self._worked(entry, fate, recorded)

    def _worked(self, entry: e.Entry, fate: Fate, recorded: Hands) -> None:
        """What people did with a lead: as it was, as far as that can be with a lead that another has here."""
        event, lead = entry.event, entry.lead_id
        mine, theirs = self.hands.held[lead], recorded.held[lead]
        if isinstance(event, e.LeadClaimed):
            if not mine.owner or (theirs.owner and theirs.owner != event.rep_id):
                self.hands.give(lead, event.rep_id, entry.at)
        elif isinstance(event, e.LeadReleased):
            if mine.owner == theirs.owner:
                fate.left_by = mine.owner
                self.hands.give(lead, "", None)
        elif isinstance(event, e.OutcomeLogged | e.OutcomeUndone):
            self.hands.happened(entry, {})
        elif isinstance(event, e.ClockPaused | e.ClockResumed) and fate.started is not None:
            if fate.promised == fate.deadline and not fate.case.called_at:
                fate.promised = self._until(fate, fate.started)
            fate.deadline = self._until(fate, fate.started)

    # -- judged

    def _judge(self, fate: Fate, now: datetime, tier: Tier | None) -> None:
        case = fate.case
        subject = subject_of(case.lead, case.person, case.source, case.did)
        found = judge(subject, self.rulebook, now, tier)
        fate.score, fate.sla, fate.judged_at, fate.rescore_at = (
            found.score,
            found.sla_seconds,
            now,
            found.rescore_at,
        )
        if fate.tier != found.tier or tier is None:
            fate.tier = found.tier
            self.hands.grade(case.lead.id, found.tier)
        if found.rescore_at is not None:
            heappush(self._cooling, (found.rescore_at, case.lead.id))

    def _cool(self, now: datetime) -> None:
        """Tiers that changed by waiting alone, before this instant."""
        while self._cooling and self._cooling[0][0] < now:
            at, lead = heappop(self._cooling)
            fate = self.fates[lead]
            if fate.rescore_at == at and fate.case.closed_at is None:
                sla = fate.sla
                self._judge(fate, at, fate.tier)
                fate.sla = min(sla, fate.sla)  # what was promised stands

    def _changed(self, entry: e.Entry, fate: Fate, is_ours: bool) -> None:
        """New facts of a lead: judged again, perhaps given anew, and promised a shorter time."""
        case, was, sla = fate.case, fate.tier, fate.sla
        self._judge(fate, entry.at, was)
        event, lead = entry.event, entry.lead_id
        if is_ours or case.closed_at is not None:
            return  # what followed is in the record
        hotter = HEAT[fate.tier] > HEAT[was]
        if isinstance(event, e.BehaviourNoted):
            is_broken = fate.deadline is not None and fate.deadline < entry.at
            fate.sla = min(sla, fate.sla)
            if not hotter or case.on_call or case.lead.no_call or is_broken:
                return
        elif isinstance(event, e.LeadCorrected):
            if case.called_at is None and fate.deadline is not None and fate.deadline >= entry.at:
                self._start(fate, entry.at)
            return
        if case.on_call:
            return
        held = self.hands.held[lead]
        owner = self.hands.people.get(held.owner)
        if owner is None or not owner.active:
            if not held.offered:
                self._give(entry, fate, self._decide(entry, fate, (), "", is_late=False))
        elif hotter and self.rulebook.routes and case.waits:
            self._suit(entry, fate, owner)
        self._start(fate, entry.at)

    def _suit(self, entry: e.Entry, fate: Fate, owner: Rep) -> None:
        """Give a lead anew that became hotter, if its new tier is not for who has it and others can take it."""
        if suits(self._particulars(fate), self.rulebook, owner, entry.at):
            return
        decision = self._decide(entry, fate, (owner.id,), "", is_late=False)
        if decision.rep is not None or decision.offered:
            self._give(entry, fate, decision)

    # -- promised

    def _until(self, fate: Fate, started: datetime) -> datetime:
        rule = rule_of(self.rulebook, ClockKind.FIRST_ATTEMPT, fate.tier)
        assert rule is not None  # there is always one for the first attempt
        terms = terms_of(self.rulebook, rule, fate.sla)
        pauses = [(start, until) for start, until in fate.case.pauses if until > started]
        return deadline(terms.calendar, started, terms.seconds, pauses)

    def _start(self, fate: Fate, at: datetime, *, is_first: bool = False) -> None:
        """Start the clock of the first call, or start it anew; one that runs is only ever shortened."""
        until = self._until(fate, at)
        met = (
            fate.case.called_at is not None
            and fate.started is not None
            and fate.case.called_at >= fate.started
        )
        runs = not is_first and not met and fate.deadline is not None and at <= fate.deadline
        if runs and fate.deadline is not None and fate.deadline <= until:
            return
        if is_first or (fate.case.called_at is None and fate.promised is not None and at <= fate.promised):
            fate.promised = until
            fate.begun = fate.begun or at
        fate.started, fate.deadline = at, until
        fate.had.pop(_FIRST, None)

    # -- routed

    def _routed(
        self, entry: e.Entry, event: e.LeadRouted, fate: Fate, recorded: Hands, is_ours: bool
    ) -> None:
        lead, case = entry.lead_id, fate.case
        if not event.ledger and event.to:  # a person handed it over
            self.hands.give(lead, event.to, entry.at)
            return
        last = case.last.event if case.last is not None and case.last.at == entry.at else None
        is_late = not isinstance(last, (*_MADE_IN, *_PASSED_ON, e.LeadScored, e.LeadReleased))
        if not fate.is_routed:
            decision = self._decide(entry, fate, (), "", is_late=False)
            fate.is_routed = True
            fate.to = (decision.rep.id,) if decision.rep else tuple(rep.id for rep in decision.offered)
            fate.why = _why(decision)
        elif is_ours:
            tried = [line.rep_id for line in event.ledger if line.skipped == "had it already"]
            asked = [one.route for one in event.passed if one.why == "it was asked already"]
            in_turn = bool(self.rulebook.routes) and not event.route and not event.passed
            decision = self._decide(
                entry, fate, tried, asked[-1] if asked else "", is_late=is_late, in_turn=in_turn
            )
        else:
            again = self._again(entry, fate, last, is_late)
            if again is None:
                return
            decision = again
        if is_ours:
            now = (
                decision.rep.id if decision.rep else "",
                {rep.id for rep in decision.offered},
                decision.route,
            )
            if not self._compare(entry, fate, "owner", now, (event.to, {*event.offered}, event.route)):
                self.hands.routed(entry, event, {self.rulebook.version: self.rulebook})
                return
        self._give(entry, fate, decision)

    def _again(self, entry: e.Entry, fate: Fate, last: e.Event | None, is_late: bool) -> Decision | None:
        """A lead that was given on: decided here too if it would have been here."""
        held = self.hands.held[entry.lead_id]
        if is_late:
            called = fate.case.called_last
            met = called is not None and fate.started is not None and called >= fate.started
            broken = fate.deadline is not None and fate.deadline <= entry.at
            broken = broken or met  # it is another promise: to be called back, to be talked with
            return self._next_rep(entry, fate, last) if broken else None
        if isinstance(last, e.LeadReleased):
            return self._decide(entry, fate, (fate.left_by,), "", is_late=False) if fate.left_by else None
        if isinstance(last, _PASSED_ON) and held.offered:
            declined = (last.rep_id,) if isinstance(last, e.LeadDeclined) else ()
            return self._decide(entry, fate, declined, held.route, is_late=False)
        return None

    def _next_rep(self, entry: e.Entry, fate: Fate, last: e.Event | None) -> Decision:
        """A late lead goes on to somebody who has not had it since its clock was started."""
        clock, owner = fate.case.late, self.hands.held[entry.lead_id].owner
        had = fate.had.get(clock, ())
        if owner and owner not in had:
            had = (*had, owner)
        others: tuple[str, ...] = ()
        if isinstance(last, e.LeadEscalated) and last.what == StepKind.PARTNER:
            others = tuple(rep.id for rep in self.hands.people.values() if rep.role is not Role.PARTNER)
        decision = self._decide(entry, fate, (*had, *others), "", is_late=True, in_turn=bool(others))
        fate.had[clock] = (*had, decision.rep.id) if decision.rep else had
        return decision

    def _decide(
        self,
        entry: e.Entry,
        fate: Fate,
        tried: Collection[str],
        after: str,
        *,
        is_late: bool,
        in_turn: bool = False,
    ) -> Decision:
        hands, lead = self.hands, fate.case.lead
        if not self.rulebook.routes or in_turn:
            people = sorted(hands.people.values(), key=lambda rep: (rep.name, rep.id))
            return round_robin(people, tried=tried)
        keys = (fate.case.person.email_key, fate.case.person.phone_key)
        before = self._former.owner(lead.id, lead.captured_at, keys, hands) if self._asks_before else ""
        return decide(
            self._particulars(fate),
            self.rulebook,
            hands.candidates(entry.at),
            now=entry.at,
            owed=lambda route: hands.owed.get(route, {}),
            before=before,
            tried=tried,
            after=after,
            is_late=is_late,
        )

    def _particulars(self, fate: Fate) -> Particulars:
        return replace(particulars_of(fate.case.lead, fate.case.source), tier=fate.tier, score=fate.score)

    def _give(self, entry: e.Entry, fate: Fate, decision: Decision) -> None:
        """Carry a decision out, with what it does to turns."""
        hands, lead = self.hands, entry.lead_id
        held = hands.held[lead]
        if decision.rep is None and not decision.offered and fate.is_routed and held.owner:
            return  # nobody else was free: whoever has it keeps it
        owner = decision.rep.id if decision.rep else ""
        hands.give(lead, owner, entry.at if owner else None)
        held.offered, held.route = tuple(rep.id for rep in decision.offered), decision.route
        fate.left_by = ""
        if fate.case.lead.is_test:
            return
        if decision.owed is not None:
            hands.owed[decision.route] = dict(decision.owed)
        elif owner and not decision.route:
            hands.turn(owner)

    # -- compared

    def _compare(self, entry: e.Entry, fate: Fate, what: str, now: object, was: object) -> bool:
        self.recorded += 1
        if now == was:
            self.reproduced += 1
            return True
        if len(self.differing) < _MOST_TOLD:
            self.differing.append(
                f"Event {entry.seq}, the {what} of {fate.case.lead.title_line}: {_told(was)} was recorded, and "
                f"{_told(now)} comes out."
            )
        return False


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(filter(None, map(_told, value))) or "nobody"
    if isinstance(value, set):
        return ", ".join(sorted(value))
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _why(decision: Decision) -> str:
    """Why a lead went where it went; for nobody, what the routes said that fit, or, where none did, all of them."""
    if decision.rep is not None or decision.offered or not decision.passed:
        return decision.why
    fits = {line.route for line in decision.ledger}
    told = [one for one in decision.passed if one.route in fits] or decision.passed
    return "; ".join(f"{one.route}: {one.why}" for one in told)
