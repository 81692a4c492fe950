"""Who gets a lead: the routes of the rulebook, asked in their order, with the ledger of the decision.

Pure, and made again from the same values it comes out the same: the lead's particulars, the rulebook, everybody with
what they have to do, what is owed to whom (`domain/turns.py`), and the instant. A rulebook without routes gives every
lead to whoever had none for longest (`domain/round_robin.py`). Where there are routes and none finds anybody, the lead
goes to the pool.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from app.domain.events import Considered, PassedOver
from app.domain.frozen import dataclass
from app.domain.lead import Rep, Role
from app.domain.routes import Route, Strategy
from app.domain.routing_fit import Arranged, Particulars, arranged, cannot, fitting, misfit
from app.domain.routing_free import NOT_YET, Candidate, Free
from app.domain.rulebook import Rulebook
from app.domain.turns import next_turn

__all__ = ["Candidate", "Decision", "Owed", "decide", "suits"]

Owed = Callable[[str], Mapping[str, int]]
"""By the name of a route, what is owed to whom there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`rep` is None when nobody got the lead: it was offered, or nobody could take it."""

    rep: Rep | None
    why: str
    ledger: tuple[Considered, ...]
    route: str = ""
    passed: tuple[PassedOver, ...] = ()
    offered: tuple[Rep, ...] = ()
    until: datetime | None = None
    """When the offer is over; None: when somebody takes it."""
    owed: Mapping[str, int] | None = None
    """What is owed to whom on this route now; None: as before."""


def decide(
    lead: Particulars,
    rulebook: Rulebook,
    candidates: Sequence[Candidate],
    *,
    now: datetime,
    owed: Owed,
    before: str = "",
    tried: Collection[str] = (),
    after: str = "",
    is_late: bool = False,
) -> Decision:
    """Who gets this lead, by a rulebook that has routes, at an instant (aware, UTC).

    `before` had the same person last; `tried` are passed over; routes up to the one named `after` have been asked.
    Nobody waits for an answer of others for a lead that is late: it is not offered, but given.
    """
    return _Choice(lead, arranged(rulebook), candidates, now, owed, before, tried, is_late).made(after)


class _Choice:
    """One decision while it is made."""

    def __init__(
        self,
        lead: Particulars,
        known: Arranged,
        candidates: Sequence[Candidate],
        now: datetime,
        owed: Owed,
        before: str,
        tried: Collection[str],
        is_late: bool,
    ) -> None:
        self._lead = lead
        self._known = known
        self._all = {
            one.rep.id: one for one in candidates if one.rep.active and one.rep.role is not Role.ADMIN
        }
        self._now = now
        self._owed = owed
        self._before = before
        self._is_late = is_late
        self._free = Free(lead, known, now, tried)
        self._asked: list[Considered] = []
        """The ledgers of the routes that found nobody."""
        self._passed: list[PassedOver] = []

    def made(self, after: str) -> Decision:
        routes = self._known.rulebook.routes
        names = [route.name for route in routes]
        behind = names.index(after) + 1 if after in names else 0
        for number, route in enumerate(routes):
            if number < behind:
                self._pass(route, "it was asked already")
                continue
            why = misfit(route.when, self._lead, self._known.calendars, self._now)
            if why:
                self._pass(route, why)
                continue
            decision = self._partner(route) if route.strategy is Strategy.PARTNER else self._people(route)
            if decision is not None:
                return decision
        asked = any(line.skipped for line in self._asked)
        why = "nobody of the routes that fit could take it" if asked else "no route found anybody"
        return Decision(rep=None, why=why, ledger=tuple(self._asked), passed=tuple(self._passed))

    def _pass(self, route: Route, why: str, lines: Iterable[Considered] = ()) -> None:
        self._passed.append(PassedOver(route=route.name, why=why))
        self._asked += lines

    # -- one route

    def _partner(self, route: Route) -> Decision | None:
        """Offer to a partner, who may be out: their desk or their mail tells them."""
        one = self._all.get(route.partner)
        if one is None:
            self._pass(route, "its partner is not on this floor")
            return None
        if self._is_late:
            self._pass(route, "the lead is late, and a partner would have to be asked first")
            return None
        profile = self._known.profiles.get(one.rep.id)
        skipped = self._free.is_tried(one) or self._free.cannot(route, one, profile)
        skipped = skipped or self._free.off_shift(one) or self._free.full(route, one, profile)
        if skipped:
            self._pass(route, f"{one.rep.name}: {skipped}", (_line(one, skipped, route.name),))
            return None
        why = f"offered to the partner {one.rep.name}"
        return self._offered(route, [one], why, (_line(one),), None)

    def _people(self, route: Route) -> Decision | None:
        weights = self._known.teams.get(route.team, {})
        if route.team:
            people = [self._all[rep] for rep in weights if rep in self._all]
        else:
            people = [one for one in self._all.values() if one.rep.role is not Role.PARTNER]
            weights = {one.rep.id: 1 for one in people}
        if route.strategy is Strategy.OWNER:
            people = [one for one in people if one.rep.id == self._before]
            if not people:
                self._pass(route, "nobody of it has had them before")
                return None
        free, skipped = self._free.sorted_out(route, people, weights)
        lines = [_line(one, why) for one, why in skipped]
        if not free:
            why = (
                _counted(line.skipped for line in lines) if people else f"nobody is in the team {route.team}"
            )
            self._pass(route, why, (_line_of(line, route.name) for line in lines))
            return None
        if route.strategy is Strategy.OFFER and not self._is_late:
            return self._offer(route, free, weights, lines)
        first, others = self._first(route, free)
        chosen, after = next_turn(
            {one.rep.id: weights[one.rep.id] or 1 for one in first}, self._owed(route.name)
        )
        rep = self._all[chosen].rep
        lines.insert(0, _line(self._all[chosen]))
        lines += (_line(one, NOT_YET) for one in first if one.rep.id != chosen)
        lines += (_line(one, why) for one, why in others)
        return self._decision(
            route,
            rep=rep,
            why=self._reason(route, self._all[chosen], free, first),
            ledger=tuple(lines),
            owed=_kept(after, weights),
        )

    def _first(
        self, route: Route, free: list[Candidate]
    ) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
        """Those between whom the turn decides, and the others with why they come behind."""
        if route.strategy is Strategy.LEAST_BUSY:
            loads = [one.load for one in free]
            least = min(loads)
            first = [one for one, load in zip(free, loads, strict=True) if load == least]
            return first, [
                (one, f"is busier: {load} open")
                for one, load in zip(free, loads, strict=True)
                if load > least
            ]
        if route.strategy is Strategy.BEST_FIT:
            fits = {one.rep.id: self._fitting(route, one) for one in free}
            best = max(fits.values())
            first = [one for one in free if fits[one.rep.id] == best]
            return first, [(one, "others fit better") for one in free if fits[one.rep.id] < best]
        return free, []

    def _offer(
        self, route: Route, free: list[Candidate], weights: Mapping[str, int], lines: list[Considered]
    ) -> Decision:
        """Offer to as many as the route says, whose turn it is to be offered something."""
        left, owed = {one.rep.id: weights[one.rep.id] or 1 for one in free}, self._owed(route.name)
        chosen: list[Candidate] = []
        while left and len(chosen) < max(1, route.offer_to):
            rep, owed = next_turn(left, owed)
            chosen.append(self._all[rep])
            del left[rep]
        ledger = [_line(one) for one in chosen] + lines
        ledger += [_line(self._all[rep], NOT_YET) for rep in left]
        why = f"offered to {_names(chosen)}: the first to claim has it"
        return self._offered(route, chosen, why, tuple(ledger), _kept(owed, weights))

    def _offered(
        self,
        route: Route,
        to: list[Candidate],
        why: str,
        ledger: tuple[Considered, ...],
        owed: Mapping[str, int] | None,
    ) -> Decision:
        until = self._now + timedelta(seconds=route.seconds) if route.seconds else None
        offered = tuple(one.rep for one in to)
        return self._decision(
            route, rep=None, why=why, ledger=ledger, owed=owed, offered=offered, until=until
        )

    def _decision(
        self,
        route: Route,
        *,
        rep: Rep | None,
        why: str,
        ledger: tuple[Considered, ...],
        owed: Mapping[str, int] | None,
        offered: tuple[Rep, ...] = (),
        until: datetime | None = None,
    ) -> Decision:
        return Decision(
            rep=rep,
            why=why,
            ledger=(*ledger, *self._asked),
            route=route.name,
            passed=tuple(self._passed),
            offered=offered,
            until=until,
            owed=owed,
        )

    def _reason(self, route: Route, one: Candidate, free: list[Candidate], first: list[Candidate]) -> str:
        if route.strategy is Strategy.OWNER:
            return "had them before"
        if len(free) == 1:
            return "the only one available"
        if route.strategy is Strategy.LEAST_BUSY:
            return f"the fewest open leads, {one.load}, of {len(free)} available"
        if route.strategy is Strategy.BEST_FIT and len(first) < len(free):
            return f"fits best of {len(free)} available"
        return f"round robin, {len(free)} available"

    def _fitting(self, route: Route, one: Candidate) -> tuple[int, int, int]:
        return fitting(route, self._known.profiles.get(one.rep.id), self._lead)


def _line(one: Candidate, skipped: str = "", route: str = "") -> Considered:
    return _considered(one.rep.id, one.rep.name, skipped, route)


def _line_of(line: Considered, route: str) -> Considered:
    return _considered(line.rep_id, line.name, line.skipped, route)


@lru_cache(maxsize=10_000)
def _considered(rep_id: str, name: str, skipped: str, route: str) -> Considered:
    """The same few lines are said of the same people again and again."""
    return Considered(rep_id=rep_id, name=name, skipped=skipped, route=route)


def _names(people: Sequence[Candidate]) -> str:
    *others, last = (one.rep.name for one in people)
    return f"{', '.join(others)} and {last}" if others else last


def _counted(reasons: Iterable[str]) -> str:
    """Reasons with how many they hold for, the commonest first: "3 on a break, 1 away"."""
    counts: dict[str, int] = {}
    for reason in reasons:
        counts[reason] = counts.get(reason, 0) + 1
    most = sorted(counts.items(), key=lambda one: -one[1])
    return "nobody could take it: " + ", ".join(f"{count} {reason}" for reason, count in most[:4])


def _kept(owed: Mapping[str, int], weights: Mapping[str, int]) -> dict[str, int]:
    """What is owed, without those who are not among the route's people any more."""
    return {rep: parts for rep, parts in owed.items() if rep in weights}


def suits(lead: Particulars, rulebook: Rulebook, rep: Rep, now: datetime) -> bool:
    """Whether the first route that fits a lead could have given it to this person, whatever they do just now."""
    known = arranged(rulebook)
    for route in rulebook.routes:
        if not misfit(route.when, lead, known.calendars, now):
            if route.strategy is Strategy.OWNER:
                continue  # it says nothing of a lead's kind
            team = known.teams.get(route.team, {}) if route.team else None
            is_one = (
                rep.id == route.partner
                if route.strategy is Strategy.PARTNER
                else (rep.role is not Role.PARTNER if team is None else rep.id in team)
            )
            return is_one and not cannot(route, known.profiles.get(rep.id), lead)
    return True
