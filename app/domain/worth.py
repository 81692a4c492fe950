"""What a second of a rep's time is worth with a waiting lead: the figures behind the order of the queue.

The chance that somebody answers falls with their age by a shifted power law; a retry stands on the level that the
first call reached. A lead's index is the money at risk in the next minutes for each second that calling takes. Ages
are looked up on a grid whose steps grow with the age, so that an index stands still between two instants that can
be told beforehand: a queue needs to move a lead at those, and at no tick between them. Ages are in seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import StrEnum
from math import ceil
from typing import NamedTuple

from app.domain.frozen import dataclass

__all__ = ["Curve", "Order", "OrderBy", "Standing", "Worth", "worth_of"]

HOUR = 3600.0
_STEP = 1.1
"""By how much an age grows from one step of the grid to the next."""
_LONGEST = 500 * 86400.0
_LEAST_CHANCE = 0.02
"""Nobody is worth nothing."""


class OrderBy(StrEnum):
    """In which order first calls stand, and then retries."""

    WORTH = "worth"  # by what waiting costs
    ARRIVAL = "arrival"  # oldest first
    DEADLINE = "deadline"  # earliest deadline first
    SCORE = "score"  # best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How the chance of an answer falls. The defaults are estimates from published figures."""

    odds: float = 0.82
    """Of an answer, at age 0: 45 %."""
    shift: float = 120.0
    """Seconds."""
    power: float = 1.6
    retry: float = 0.8
    """What each earlier call leaves of the odds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The rule by which a rep's queue is ordered."""

    by: OrderBy = OrderBy.WORTH
    curve: Curve = Curve()
    ahead: float = 900.0
    """Seconds over which the fall of the chance is reckoned."""
    every: int = 10
    """Each so-manieth pick goes to whoever waits longest past the deadline; 0: none does."""
    chances: tuple[tuple[int, float], ...] = ((0, 0.08), (40, 0.22), (80, 0.45), (120, 0.6))
    """(score, chance to qualify when reached), rising; between two the line."""
    values: tuple[tuple[str, int], ...] = ()
    """(id of a way in, expected value of a deal in minor units); unknown ones count as their mean."""
    tried_seconds: float = 60.0
    talked_seconds: float = 360.0
    qualified_seconds: float = 900.0
    """What a call takes that is not answered, answered, answered by somebody who qualifies."""


class Standing(NamedTuple):
    """A lead's worth at a step of the grid."""

    worth: float
    """Money at risk for each second of a rep's time."""
    drop: float
    """How much of the chance of an answer is lost in the next minutes, 0 to 1."""
    until: float
    """Age at which this changes."""


class Worth:
    """An order's figures, made once."""

    def __init__(self, order: Order) -> None:
        self.order = order
        curve = order.curve
        self._first = _grid(curve.shift)
        self._later = _grid(HOUR)
        chances = [self._chance(age) for age in self._first]
        self._steps = tuple(
            (chance, chance - self._chance(age + order.ahead))
            for age, chance in zip(self._first, chances, strict=True)
        )
        values = sorted(value for _, value in order.values if value > 0)
        cap = (
            values[max(ceil(len(values) * 0.99) - 1, 0)] if values else 1
        )  # one mistyped deal must not own the queue
        capped = {source: min(value, cap) for source, value in order.values if value > 0}
        mean = sum(capped.values()) / len(capped) if capped else 1.0
        self._values = {source: value / mean for source, value in capped.items()}
        shares = sorted(self._values.values())
        self._large = shares[ceil(len(shares) * 0.8) - 1] if len(shares) > 1 else float("inf")

    def _chance(self, age: float) -> float:
        curve = self.order.curve
        odds: float = curve.odds * (1 + age / curve.shift) ** -curve.power
        return odds / (1 + odds)

    def value(self, source_id: str) -> float:
        """Expected value of a deal from a way in; 1 is the mean."""
        return self._values.get(source_id, 1.0)

    def is_large(self, source_id: str) -> bool:
        """Whether a deal from there is larger than four fifths of what is known."""
        return self.value(source_id) > self._large

    def qualifies(self, score: int) -> float:
        """The chance that a lead of this score qualifies when reached."""
        points = self.order.chances
        if not points:
            return 0.25
        at = bisect_right(points, (score, float("inf")))
        if at == 0 or at == len(points):
            chance = points[min(at, len(points) - 1)][1]
        else:
            (low, low_chance), (high, high_chance) = points[at - 1], points[at]
            chance = low_chance + (high_chance - low_chance) * (score - low) / (high - low)
        return max(float(chance), _LEAST_CHANCE)

    def first(self, age: float, score: int, source_id: str) -> Standing:
        """Of a first call to a lead of this age."""
        at = _step(self._first, age)
        chance, drop = self._steps[at]
        return self._standing(chance, drop, score, source_id, self._first, at)

    def retry(self, age: float, first_age: float, calls: int, score: int, source_id: str) -> Standing:
        """Of one more call to a lead that was called `calls` times, the first time at `first_age`."""
        curve, at = self.order.curve, _step(self._later, age)
        age = max(self._later[at], first_age)
        level = curve.odds * (1 + max(first_age, 0.0) / curve.shift) ** -curve.power * curve.retry**calls
        now = level * ((HOUR + age) / (HOUR + first_age)) ** -0.3
        then = level * ((HOUR + age + self.order.ahead) / (HOUR + first_age)) ** -0.3
        chance = now / (1 + now)
        return self._standing(chance, chance - then / (1 + then), score, source_id, self._later, at)

    def _standing(
        self, chance: float, drop: float, score: int, source_id: str, grid: tuple[float, ...], at: int
    ) -> Standing:
        order, qualifies = self.order, self.qualifies(score)
        talk = order.talked_seconds - order.tried_seconds
        talk += (order.qualified_seconds - order.talked_seconds) * qualifies
        worth = self.value(source_id) * qualifies * drop / (order.tried_seconds + chance * talk)
        return Standing(worth, drop, grid[at + 1] if at + 1 < len(grid) else float("inf"))


def _grid(shift: float) -> tuple[float, ...]:
    """Ages from 0, each so much more than the last, in whole microseconds."""
    ages, age = [0.0], shift
    while age < _LONGEST:
        age *= _STEP
        ages.append(round(age - shift, 6))
    return tuple(ages)


def _step(grid: tuple[float, ...], age: float) -> int:
    return max(bisect_right(grid, age) - 1, 0)


_last: Worth = Worth(Order())


def worth_of(order: Order) -> Worth:
    """The figures of an order; those of the one that was asked for last are kept."""
    global _last  # noqa: PLW0603 - one order is in force at a time, and asked for with every lead
    worth = _last
    if worth.order is not order:
        worth = _last = Worth(order)
    return worth
