"""A floor with ten reps, simulated: leads arrive, cool, are called, tried again. Seeded; the same luck for every order.

The world is that of the study of queue orders: open from eight to eight, a first call at age t is answered with odds
0.82 (1 + t/2 min)^-1.6, retries stand on the level of the first call, a good score and a large deal can be foreseen
in part. Won value is counted as its expectation at each call. Who is called next is asked of a `Picker`: the
program's own queue (`Ours`), or plain rules written down once more, as the study says them (`Plain`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from typing import Protocol

import numpy as np

from app.domain.hours import Block, Calendar, deadline
from app.domain.lead import ClockState, Lead, Outcome, Stage, Tier
from app.domain.rulebook import DEFAULT, Rulebook
from app.domain.worth import Order
from app.floor.board import Changes
from app.floor.queue import Queue

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
OPEN, CLOSE = 8 * HOUR, 20 * HOUR
SLA = {Tier.HOT: 60, Tier.WARM: 3600, Tier.COLD: 43200}
TALK = (60.0, 360.0, 900.0)
GAPS = (15 * MINUTE, HOUR, 3 * HOUR, DAY, DAY)
CALLS = 6
ODDS, SHIFT, POWER = 0.82, 2 * MINUTE, 1.6
PROMPT_WORK = 516.0
"""Seconds of work in a lead when all calls are prompt: the unit of load."""
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
HOURS = Calendar(name="Floor", week=((Block(start=int(OPEN), until=int(CLOSE)),),) * 7)
ME = "floor"
_WAYS = 60
"""Kinds of sources, by the size of deal that they foretell."""


@dataclass
class World:
    """What comes, and what luck each call will have. Seconds from a midnight."""

    arrives: np.ndarray
    tier: list[Tier]
    seen: np.ndarray
    """The chance to qualify, as the score foretells it."""
    truly: np.ndarray
    foretold: np.ndarray
    """The value of a deal, as its source foretells it."""
    value: np.ndarray
    luck: np.ndarray
    spread: np.ndarray
    due: np.ndarray
    """Deadlines."""
    end: float


def answer(calls: int, first_age: float, age: float) -> float:
    """The chance that a call is answered, of a lead that was called so often before."""
    if calls == 0:
        odds = ODDS * (1 + age / SHIFT) ** -POWER
    else:
        level = ODDS * (1 + first_age / SHIFT) ** -POWER * 0.8**calls
        odds = level * ((HOUR + age) / (HOUR + first_age)) ** -0.3
    return odds / (1 + odds)


def _logistic(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def world(load: float, days: int, seed: int, reps: int = 10) -> World:
    """Leads for so many days: a day with two humps, and two campaigns a day that bring a quarter of all."""
    chance = np.random.default_rng(seed)
    total = load * reps * (CLOSE - OPEN) * days / PROMPT_WORK
    hour = np.arange(24)
    shape = 0.15 + np.exp(-(((hour - 10.5) / 2.2) ** 2)) + 0.9 * np.exp(-(((hour - 16) / 2.8) ** 2))
    shape = shape + 0.25 * ((hour > 18) & (hour < 23))
    mean = np.tile(shape / shape.sum(), days) / days * total * 0.75
    came = [n * HOUR + chance.random(chance.poisson(many)) * HOUR for n, many in enumerate(mean)]
    for day in range(days):
        for _ in range(2):
            start = day * DAY + chance.uniform(8.5, 18) * HOUR
            came.append(start + chance.exponential(15 * MINUTE, chance.poisson(total * 0.25 / days / 2)))
    arrives = np.sort(np.concatenate(came))
    arrives = arrives[arrives < days * DAY]
    n = len(arrives)
    true, noise = chance.standard_normal((2, n))
    rho = 0.62  # with which the score tells those who qualify from the others with an AUC of about 0.75
    score = rho * true + math.sqrt(1 - rho * rho) * noise
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    guessed = _logistic(-1.9 + 2.0 * (rho * score[:, None] + math.sqrt(1 - rho * rho) * nodes))
    known = chance.standard_normal(n) * 0.6
    due = [_due(float(at), float(one)) for at, one in zip(arrives, score, strict=True)]
    return World(
        arrives=arrives,
        tier=[_tier(float(one)) for one in score],
        seen=(guessed * weights).sum(1) / weights.sum(),
        truly=_logistic(-1.9 + 2.0 * true),
        foretold=np.exp(known + 0.18),
        value=np.exp(known + chance.standard_normal(n) * 0.6),
        luck=chance.random((n, CALLS + 1)),
        spread=np.exp(chance.standard_normal(n) * 0.5 - 0.125),
        due=np.array(due),
        end=days * DAY,
    )


def _tier(score: float) -> Tier:
    return Tier.HOT if score > 1.036 else Tier.WARM if score > 0 else Tier.COLD


def _due(at: float, score: float) -> float:
    start = BEGIN + timedelta(seconds=at)
    return (deadline(HOURS, start, SLA[_tier(score)]) - BEGIN).total_seconds()


class Picker(Protocol):
    """Says who is called next. A lead is waiting from `wait` on until it is picked or gone."""

    def wait(self, lead: int, now: float, calls: int, first_age: float) -> None: ...

    def breach(self, lead: int, now: float) -> None: ...

    def pick(self, now: float) -> int | None: ...


@dataclass
class Found:
    """How a run went."""

    value: float = 0.0
    hot: int = 0
    hot_in_time: int = 0
    called: int = 0
    leads: int = 0
    calls: int = 0

    @property
    def hot_share(self) -> float:
        """Of the HOT leads that came by day, those called within 60 s."""
        return self.hot_in_time / self.hot


def run(w: World, picker: Picker, reps: int = 10) -> Found:
    """One run, to the end of the last day."""
    n = len(w.arrives)
    found = Found(leads=n)
    calls, first_age = [0] * n, [0.0] * n
    events: list[tuple[float, int, int]] = [(float(at), 0, lead) for lead, at in enumerate(w.arrives)]
    events += [(float(at) + 1e-6, 1, lead) for lead, at in enumerate(w.due)]
    events += [(day * DAY + OPEN, 3, -1) for day in range(math.ceil(w.end / DAY))]
    events.sort()  # a sorted list is a heap
    idle = reps
    while events and events[0][0] < w.end:
        now, what, lead = heappop(events)
        if what == 0 or what == 2:  # it comes in, or its next try is due
            picker.wait(lead, now, calls[lead], first_age[lead])
        elif what == 1 and calls[lead] == 0:
            picker.breach(lead, now)
        elif what == 4:  # a call ends
            idle += 1
        if (events and events[0][0] == now) or not OPEN <= now % DAY < CLOSE:
            continue
        while idle and (picked := picker.pick(now)) is not None:
            idle -= 1
            heappush(events, (now + _call(w, found, picked, now, calls, first_age, events), 4, -1))
    return found


def _call(
    w: World,
    found: Found,
    lead: int,
    now: float,
    calls: list[int],
    first_age: list[float],
    events: list[tuple[float, int, int]],
) -> float:
    """Call somebody; the seconds it takes."""
    age = now - float(w.arrives[lead])
    if calls[lead] == 0:
        first_age[lead] = age
        found.called += 1
        if w.tier[lead] is Tier.HOT and OPEN <= w.arrives[lead] % DAY < CLOSE:
            found.hot += 1
            found.hot_in_time += age <= 60.0
    found.calls += 1
    chance = answer(calls[lead], first_age[lead], age)
    found.value += chance * float(w.truly[lead] * w.value[lead])
    answered = w.luck[lead, calls[lead]] < chance
    calls[lead] += 1
    if answered:
        good = w.luck[lead, CALLS] < w.truly[lead]
        return float(TALK[2 if good else 1] * w.spread[lead])
    if calls[lead] < CALLS:
        heappush(events, (now + TALK[0] + GAPS[calls[lead] - 1], 2, lead))
    return TALK[0]


class Plain:
    """The rules of the study, written down once more: looked at afresh for each lead at each pick."""

    def __init__(self, w: World, *, recommended: bool) -> None:
        """`recommended`: guard band, age floor, index; else first calls by age, then retries by age."""
        self._w = w
        self._recommended = recommended
        self._waiting: dict[int, tuple[int, float, float]] = {}
        self._picks = 0

    def wait(self, lead: int, now: float, calls: int, first_age: float) -> None:
        self._waiting[lead] = (calls, first_age, now)

    def breach(self, lead: int, now: float) -> None:
        pass

    def pick(self, now: float) -> int | None:
        if not self._waiting:
            return None
        self._picks += 1
        chosen = self._best(now)
        del self._waiting[chosen]
        return chosen

    def _best(self, now: float) -> int:
        w, waiting = self._w, self._waiting
        firsts = [lead for lead, (calls, _, _) in waiting.items() if calls == 0]
        if not self._recommended:
            return min(firsts or waiting, key=lambda lead: waiting[lead][2])
        guarded = [lead for lead in firsts if 0 <= w.due[lead] - now <= max(60.0, 0.1 * SLA[w.tier[lead]])]
        if guarded:
            return min(guarded, key=lambda lead: w.due[lead])
        overdue = [lead for lead in firsts if w.due[lead] < now] if self._picks % 10 == 0 else []
        if overdue:
            return min(overdue, key=lambda lead: w.arrives[lead])
        return self._by_index(firsts or list(waiting), now)

    def _by_index(self, leads: Iterable[int], now: float) -> int:
        w = self._w
        some = np.fromiter(leads, np.int64)
        calls = np.array([self._waiting[int(lead)][0] for lead in some])
        first = np.array([self._waiting[int(lead)][1] for lead in some])
        age = now - w.arrives[some]

        def chance(at: np.ndarray) -> np.ndarray:
            fresh = ODDS * (1 + at / SHIFT) ** -POWER
            level = ODDS * (1 + first / SHIFT) ** -POWER * 0.8**calls
            odds = np.where(calls == 0, fresh, level * ((HOUR + at) / (HOUR + first)) ** -0.3)
            return odds / (1 + odds)

        p, q = chance(age), w.seen[some]
        work = TALK[0] + p * (TALK[1] - TALK[0] + (TALK[2] - TALK[1]) * q)
        return int(some[np.argmax(w.foretold[some] * q * (p - chance(age + 900)) / work)])


class Ours:
    """The program's own queue, as a desk has it: one that all the floor's reps pick from."""

    def __init__(self, w: World, *, by: Order | None = None) -> None:
        self._w = w
        grid = np.geomspace(w.foretold.min(), w.foretold.max(), _WAYS)
        self._ways = [f"way-{int(np.argmin(abs(grid - value))):02d}" for value in w.foretold]
        values = tuple((f"way-{n:02d}", round(float(value) * 100_000)) for n, value in enumerate(grid))
        order = by or Order(chances=((0, 0.0), (1000, 1.0)), values=values)
        self.rulebook: Rulebook = replace(DEFAULT, order=order)
        self.queue = Queue(ME)
        self.queue.reset((), BEGIN, self.rulebook)
        self._leads: dict[int, Lead] = {}

    def wait(self, lead: int, now: float, calls: int, first_age: float) -> None:
        at, w = BEGIN + timedelta(seconds=now), self._w
        known = self._leads.get(lead)
        if known is None:
            known = Lead(
                id=f"{lead:06d}",
                captured_at=at,
                tier=w.tier[lead],
                score=round(float(w.seen[lead]) * 1000),
                source_id=self._ways[lead],
                clock=ClockState.RUNNING,
                sla_seconds=SLA[w.tier[lead]],
                deadline=BEGIN + timedelta(seconds=float(w.due[lead])),
            )
        else:
            known = replace(known, owner="", on_call="", retry_at=at)
        self._put(lead, known, at)

    def breach(self, lead: int, now: float) -> None:
        known = self._leads[lead]
        if known.clock is ClockState.RUNNING:
            breached = replace(known, clock=ClockState.BREACHED, breached_at=known.deadline)
            self._put(lead, breached, BEGIN + timedelta(seconds=now))

    def pick(self, now: float) -> int | None:
        at = BEGIN + timedelta(seconds=now)
        self.queue.advance(at)
        first = self.queue.first
        if first is None:
            return None
        lead = int(first)
        known = self._leads[lead]
        called = replace(
            known,
            owner=ME,
            on_call="call",
            attempts=known.attempts + 1,
            stage=Stage.WORKING,
            clock=ClockState.MET if known.clock is ClockState.RUNNING else known.clock,
            first_attempt_at=known.first_attempt_at or at,
            last_attempt_at=at,
            last_outcome=Outcome.NO_ANSWER,
        )
        self._put(lead, called, at)
        self.queue.apply(Changes(removed=(called,)), at)
        return lead

    def _put(self, lead: int, newer: Lead, at: datetime) -> None:
        known = self._leads.get(lead)
        self._leads[lead] = newer
        changes = Changes(added=(newer,)) if known is None else Changes(changed=((known, newer),))
        self.queue.apply(changes, at)
