"""What a number is worth: shares with their interval, percentiles, and the ratios a floor is judged by.

Pure arithmetic; nothing here knows where the numbers come from. A ratio without a denominator is None, never
infinite and never 0: "there is nothing to say".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import comb, exp, floor, log, sqrt
from statistics import NormalDist

from app.domain.frozen import dataclass

__all__ = [
    "GRID",
    "TOO_FEW",
    "Spread",
    "cost_per",
    "drawn",
    "median_ranks",
    "odds_ratio",
    "odds_ratio_interval",
    "percentile",
    "roi",
    "share",
    "share_ratio",
    "share_ratio_interval",
    "spread_of",
    "velocity",
    "wilson",
]

_Z = NormalDist().inv_cdf(0.975)
TOO_FEW = 5
"""With fewer than so many a share or a median is shown as not enough data."""
GRID: tuple[float, ...] = tuple(
    sorted(
        {0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0}
        | {round(0.3 + 0.02 * n, 2) for n in range(21)}
        | {0.49, 0.495, 0.5, 0.505, 0.51}
    )
)
"""The quantiles that are taken of every spread: enough for its box, and for the interval of its median."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a span of time is spread over those that have it; seconds, None where nobody has it."""

    n: int = 0
    mean: float | None = None
    p25: float | None = None
    median: float | None = None
    p75: float | None = None
    p90: float | None = None
    low: float | None = None
    """The 95 % interval of the median by order statistics, its ranks rounded outwards to `GRID`; None below six."""
    high: float | None = None


def share(part: int, whole: int) -> float | None:
    """`part` of `whole`, between 0 and 1; None of nothing."""
    return part / whole if whole else None


def wilson(part: float, whole: float) -> tuple[float, float] | None:
    """The 95 % interval of a share (E. B. Wilson, J. Amer. Stat. Assoc. 22, 1927, p. 209); None of nothing."""
    if not whole:
        return None
    p, z2 = part / whole, _Z * _Z
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z / (1 + z2 / whole) * sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
    return (0.0 if part == 0 else max(0.0, middle - half)), (
        1.0 if part == whole else min(1.0, middle + half)
    )


def percentile(ordered: Sequence[float], p: float) -> float | None:
    """The value below which the share `p` of an ascending sequence lies, interpolated between the two closest ranks
    (R. Hyndman and Y. Fan, Amer. Statistician 50, 1996, definition 7: as `percentile_cont`); None of nothing."""
    if not ordered:
        return None
    at = p * (len(ordered) - 1)
    low = floor(at)
    if low + 1 >= len(ordered):
        return float(ordered[-1])
    return ordered[low] + (ordered[low + 1] - ordered[low]) * (at - low)


def median_ranks(n: int) -> tuple[int, int] | None:
    """Ranks (from 1) between whose values the median lies with at least 95 %: the distribution-free interval
    (W. J. Conover, Practical Nonparametric Statistics, 3.2). None below six values, where there is none."""
    if n < 6:
        return None
    if n > 100:
        low = floor((n - _Z * sqrt(n)) / 2)
        return low, n + 1 - low
    tail, low = 0, 0
    while 2 * (tail + comb(n, low)) <= 0.05 * 2**n:
        tail += comb(n, low)
        low += 1
    return low, n + 1 - low


def grid_of_median(n: int) -> tuple[float, float] | None:
    """The places in `GRID` that enclose the interval of the median of n values."""
    ranks = median_ranks(n)
    if ranks is None:
        return None
    low, high = ((rank - 1) / (n - 1) for rank in ranks)
    return max(p for p in GRID if p <= low + 1e-12), min(p for p in GRID if p >= high - 1e-12)


def spread_of(n: int, mean: float | None, quantiles: Sequence[float]) -> Spread:
    """The spread of n values by their quantiles at `GRID`."""
    if not n:
        return Spread()
    at = dict(zip(GRID, quantiles, strict=True))
    ends = grid_of_median(n)
    return Spread(
        n=n,
        mean=mean,
        p25=at[0.25],
        median=at[0.5],
        p75=at[0.75],
        p90=at[0.9],
        low=at[ends[0]] if ends else None,
        high=at[ends[1]] if ends else None,
    )


def velocity(now: int, before: int) -> float | None:
    """Lead Velocity Rate: (qualified this month − last month) ÷ last month, 0.5 for half as many more."""
    return (now - before) / before if before else None


def cost_per(cost: int, count: int) -> float | None:
    """Minor units of money for each lead, qualified lead or sale; None where there is no cost, or nothing to pay."""
    return cost / count if cost and count else None


def roi(revenue: int, cost: int) -> float | None:
    """(revenue − cost) ÷ cost; None without cost."""
    return (revenue - cost) / cost if cost else None


def odds_ratio(part: int, whole: int, other_part: int, other_whole: int) -> float | None:
    """The odds of one share against another's; None where one of them is nothing or all."""
    missed, other_missed = whole - part, other_whole - other_part
    return (part * other_missed) / (missed * other_part) if missed and other_part and other_whole else None


def odds_ratio_interval(
    part: int, whole: int, other_part: int, other_whole: int
) -> tuple[float, float] | None:
    """Its 95 % interval (B. Woolf, Annals of Human Genetics 19, 1955); None where it has no value or is 0."""
    ratio = odds_ratio(part, whole, other_part, other_whole)
    if not ratio:
        return None
    cells = (part, whole - part, other_part, other_whole - other_part)
    return _around(ratio, sum(1 / cell for cell in cells))


def share_ratio(part: int, whole: int, other_part: int, other_whole: int) -> float | None:
    """One share against another; None where there is none, or the other is nothing."""
    return (part * other_whole) / (whole * other_part) if whole and other_part and other_whole else None


def share_ratio_interval(
    part: int, whole: int, other_part: int, other_whole: int
) -> tuple[float, float] | None:
    """Its 95 % interval (D. Katz and others, Biometrics 34, 1978); None where it has no value or is 0."""
    ratio = share_ratio(part, whole, other_part, other_whole)
    if not ratio:
        return None
    return _around(ratio, 1 / part - 1 / whole + 1 / other_part - 1 / other_whole)


def _around(ratio: float, variance: float) -> tuple[float, float]:
    """Of a ratio whose logarithm has that variance."""
    half = _Z * sqrt(variance)
    return exp(log(ratio) - half), exp(log(ratio) + half)


def drawn(found: Iterable[float]) -> tuple[float, float] | None:
    """The 95 % interval of a figure by what it was when it was drawn again and again (B. Efron, Annals of
    Statistics 7, 1979, the percentile method); None of no draw."""
    ordered = sorted(found)
    low, high = percentile(ordered, 0.025), percentile(ordered, 0.975)
    return None if low is None or high is None else (low, high)
