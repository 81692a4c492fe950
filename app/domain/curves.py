"""How leads end as they grow older: won, closed without a sale, or open still.

A lead that is open is *censored* at its age: it counts as long as it was looked at and never as a failure. Won and
closed without a sale shut each other out, so the two curves are those of Aalen and Johansen for competing ends
(O. Aalen and S. Johansen, Scand. J. Statistics 5, 1978, p. 141): with d leads that end in one way in an interval of
age and n at risk at its beginning, that curve rises by S × d ÷ n, where S is the share open until then (Kaplan and
Meier's, J. Amer. Stat. Assoc. 53, 1958, p. 457, of both ends together). Those censored in an interval were at risk for
half of it (the actuarial convention), so that a wide interval does not count them twice.

Ages are in days since capture and are put together in intervals: one day long at first, then a week, then thirty days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import exp, sqrt
from random import Random

from app.domain.frozen import dataclass
from app.domain.measure import drawn

FEWEST_WON = 10
"""Below so many wins no curve is drawn: "not enough data"."""
_DAYS, _WEEKS = 60, 44
_STARTS: tuple[int, ...] = (
    *range(_DAYS),
    *range(_DAYS, _DAYS + 7 * _WEEKS, 7),
    *range(_DAYS + 7 * _WEEKS, 4000, 30),
)
_AT_RISK = 5
"""A curve ends where fewer leads than that are at risk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """Leads of one age, in whole days: how many ended so old, and how many are so old and open."""

    days: int
    won: int = 0
    closed: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A curve at the end of an interval of age."""

    days: int
    """The age, in days, up to (not with) which it says what became of leads."""
    won: float
    closed: float
    open: float
    at_risk: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The wins that are still to come from the leads that are open, by the curve."""

    wins: float
    low: float
    high: float
    """95 % of what may come: what the curve is unsure of, and chance."""
    leads: int
    """Open leads that the curve says something of; older ones count as no win."""
    older: int


def interval(days: int) -> int:
    """The number of the interval in which an age lies."""
    if days < _DAYS:
        return max(days, 0)
    if days < _DAYS + 7 * _WEEKS:
        return _DAYS + (days - _DAYS) // 7
    return min(_DAYS + _WEEKS + (days - _DAYS - 7 * _WEEKS) // 30, len(_STARTS) - 1)


def _binned(leads: Iterable[Aged]) -> list[list[int]]:
    """(won, closed, open) of each interval, up to the oldest lead's."""
    bins: list[list[int]] = []
    for one in leads:
        at = interval(one.days)
        bins.extend([0, 0, 0] for _ in range(at + 1 - len(bins)))
        for k, count in enumerate((one.won, one.closed, one.open)):
            bins[at][k] += count
    return bins


def curve(leads: Iterable[Aged]) -> tuple[Point, ...]:
    """What became of leads by their age, up to where at least five are at risk; empty of nothing."""
    return _curve(_binned(leads))


def _curve(bins: Sequence[Sequence[float]]) -> tuple[Point, ...]:
    totals = [sum(one) for one in bins]
    risks = list(accumulate(reversed(totals)))[::-1]
    points, won, closed, still = [], 0.0, 0.0, 1.0
    for at, (w, c, o) in enumerate(bins):
        if risks[at] < _AT_RISK:
            break
        effective = max(risks[at] - o / 2, w + c)
        if effective > 0:
            won += still * w / effective
            closed += still * c / effective
            still *= 1 - (w + c) / effective
        end = _STARTS[at + 1] if at + 1 < len(_STARTS) else _STARTS[-1] + 30
        points.append(Point(days=end, won=won, closed=closed, open=still, at_risk=round(risks[at])))
    return tuple(points)


def band(
    leads: Iterable[Aged], days: Sequence[int], *, rounds: int = 200, seed: int = 1
) -> tuple[tuple[int, float, float, float, int], ...]:
    """(age in days, share won by then, its 95 % interval by drawing the leads again, leads at risk so old) for each
    age that the curve reaches; empty below ten wins."""
    bins = _binned(leads)
    if sum(one[0] for one in bins) < FEWEST_WON:
        return ()
    points = _curve(bins)
    draw = Random(seed)  # noqa: S311 - no secret
    curves = [_curve([[poisson(draw, k) for k in one] for one in bins]) for _ in range(rounds)]
    found = []
    for day in days:
        won = won_by(points, day)
        if won is None:
            break
        shares = (share for one in curves if (share := won_by(one, day)) is not None)
        low, high = drawn(shares) or (0.0, won)
        risk = next(point.at_risk for point in reversed(points) if point.days <= day)
        found.append((day, won, min(low, won), max(high, won), risk))
    return tuple(found)


def won_by(points: Sequence[Point], days: int) -> float | None:
    """The share won up to an age of so many days; None where the curve does not reach so far."""
    if not points or points[-1].days < days:
        return None
    if days < points[0].days:
        return 0.0
    return next(point.won for point in reversed(points) if point.days <= days)


def _chances(points: Sequence[Point]) -> list[float]:
    """By interval, the chance that a lead open at its beginning is won before the curve ends."""
    if not points:
        return []
    end, before, chances = points[-1].won, (0.0, 1.0), []
    for point in points:
        won, still = before
        chances.append(min(max((end - won) / still, 0.0), 1.0) if still > 0 else 0.0)
        before = point.won, point.open
    return chances


def expected(leads: Iterable[Aged], *, rounds: int = 400, seed: int = 1) -> Expected | None:
    """Wins still to come from the open leads; None below ten wins to learn from.

    The interval is by drawing the leads again (a Poisson bootstrap: each count k becomes a draw of Poisson(k)) and,
    for each curve so found, the wins by chance. The draws are the same each time.
    """
    bins = _binned(leads)
    if sum(one[0] for one in bins) < FEWEST_WON:
        return None
    chances = _chances(_curve(bins))
    waiting = [one[2] for one in bins]
    mean = sum(m * p for m, p in zip(waiting, chances, strict=False))
    draw = Random(seed)  # noqa: S311 - no secret
    found: list[float] = []
    for _ in range(rounds):
        again = _chances(_curve([[poisson(draw, k) for k in one] for one in bins]))
        pairs = list(zip(waiting, again, strict=False))
        middle = sum(m * p for m, p in pairs)
        spread = sqrt(sum(m * p * (1 - p) for m, p in pairs))
        found.append(min(max(draw.gauss(middle, spread), 0.0), float(sum(waiting))))
    low, high = drawn(found) or (mean, mean)
    inside = sum(waiting[: len(chances)])
    return Expected(
        wins=mean,
        low=min(low, mean),
        high=max(high, mean),
        leads=inside,
        older=sum(waiting) - inside,
    )


def poisson(draw: Random, mean: float) -> int:
    """A draw of Poisson's distribution: by products of uniform draws (D. Knuth, The Art of Computer Programming 2,
    3.4.1 F), from 30 on by the normal one with the same mean and variance."""
    if mean <= 0:
        return 0
    if mean >= 30:
        return max(round(draw.gauss(mean, sqrt(mean))), 0)
    floor, product, count = exp(-mean), draw.random(), 0
    while product > floor:
        product *= draw.random()
        count += 1
    return count
