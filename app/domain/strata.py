"""Before and after, like with like: shares and times compared within strata and put together by one mix.

What changes between two spans is not only how a floor works but also what comes in. So each stratum (a source and
a tier) is compared with itself, and both spans are put together with the weights of the mix *after*: direct
standardisation (J. Fleiss, Statistical Methods for Rates and Proportions, chapter 14). A stratum that one of the two
spans has no leads of can't be compared; it is left out of both, and it is said how many leads that are.

A time (its median, its 90th percentile) is that of the mixture: each stratum's distribution, as its quantiles at
`measure.GRID` have it, weighted by the mix after. Intervals are of the bootstrap within strata (B. Efron and
R. Tibshirani, An Introduction to the Bootstrap, chapter 8): each stratum is drawn again as many times as it has leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from random import Random
from typing import TYPE_CHECKING

from app.domain.frozen import dataclass
from app.domain.measure import GRID, drawn

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PIECES = 4
"""Into which what lies between two quantiles is cut."""
Counted = Mapping[tuple[str, ...], tuple[int, int]]
"""By stratum: how many leads took the step, of how many."""
Timed = Mapping[tuple[str, ...], tuple[int, Sequence[float]]]
"""By stratum: how many leads have the time, and its quantiles at `measure.GRID`; none where they were not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised:
    """A share or a time (seconds) before and after, each by the mix after, and their difference with its 95 % bootstrap
    interval."""

    before: float
    after: float
    difference: float
    low: float
    high: float
    n_before: int
    n_after: int
    left_out: int
    """Leads of both spans in strata that only one of them has."""


def compared(before: Counted, after: Counted, *, rounds: int = 1000, seed: int = 1) -> Standardised | None:
    """The two spans compared; None where they have no stratum in common. The draws are the same each time."""
    common = sorted(key for key, (_, n) in after.items() if n and before.get(key, (0, 0))[1])
    total = sum(after[key][1] for key in common)
    if not total:
        return None
    rows = [(after[key][1] / total, *before[key], *after[key]) for key in common]
    was = sum(weight * part / whole for weight, part, whole, _, _ in rows)
    now = sum(weight * part / whole for weight, _, _, part, whole in rows)
    draw = Random(seed)  # noqa: S311 - no secret
    differences = (
        sum(
            weight * (binomial(draw, n2, k2 / n2) / n2 - binomial(draw, n1, k1 / n1) / n1)
            for weight, k1, n1, k2, n2 in rows
        )
        for _ in range(rounds)
    )
    difference = now - was
    low, high = drawn(differences) or (difference, difference)
    n_before = sum(before[key][1] for key in common)
    everybody = sum(n for _, n in before.values()) + sum(n for _, n in after.values())
    return Standardised(
        before=was,
        after=now,
        difference=difference,
        low=low,
        high=high,
        n_before=n_before,
        n_after=total,
        left_out=everybody - n_before - total,
    )


def timed(
    before: Timed, after: Timed, of: Sequence[float], *, rounds: int = 400, seed: int = 1
) -> tuple[Standardised | None, ...]:
    """The times that the shares `of` of the leads stay below (0.5: the medians) compared; None where the spans have no
    stratum in common. The draws are the same each time."""
    import numpy as np

    common = sorted(key for key, (n, at) in after.items() if n and at and before.get(key, (0, ()))[1])
    total = sum(after[key][0] for key in common)
    if not total:
        return tuple(None for _ in of)
    weights = [after[key][0] / total for key in common]
    draw = np.random.Generator(np.random.PCG64(seed))
    was = _mixed([before[key] for key in common], weights, of, rounds, draw)
    now = _mixed([after[key] for key in common], weights, of, rounds, draw)
    n_before = sum(before[key][0] for key in common)
    everybody = sum(n for n, _ in before.values()) + sum(n for n, _ in after.values())
    found = []
    for (one, ones), (two, twos) in zip(was, now, strict=True):
        low, high = drawn((twos - ones).tolist()) or (two - one, two - one)
        found.append(
            Standardised(
                before=one,
                after=two,
                difference=two - one,
                low=low,
                high=high,
                n_before=n_before,
                n_after=total,
                left_out=everybody - n_before - total,
            )
        )
    return tuple(found)


def _mixed(
    strata: Sequence[tuple[int, Sequence[float]]],
    weights: Sequence[float],
    of: Sequence[float],
    rounds: int,
    draw: np.random.Generator,
) -> list[tuple[float, NDArray[np.float64]]]:
    """For each share `of` the time of the mixture, and what it was in each round of drawing again.

    Between two neighbouring quantiles of a stratum lies a known share of it, which is taken to be spread evenly.
    """
    import numpy as np

    parts = np.diff(GRID)
    inner = (np.arange(_PIECES) + 0.5) / _PIECES
    values = np.concatenate(
        [(np.array(at)[:-1, None] + np.diff(at)[:, None] * inner).ravel() for _, at in strata]
    )
    order = np.argsort(values, kind="stable")
    values = values[order]

    def times(masses: NDArray[np.float64]) -> list[float]:
        below = np.cumsum(masses) - masses / 2
        return [float(np.interp(p, below, values)) for p in of]

    whole = times(np.repeat(np.concatenate([weight * parts for weight in weights]), _PIECES)[order] / _PIECES)
    drawn_parts = [
        draw.multinomial(n, parts, size=rounds) * (weight / n / _PIECES)
        for (n, _), weight in zip(strata, weights, strict=True)
    ]
    again = np.repeat(np.concatenate(drawn_parts, axis=1), _PIECES, axis=1)[:, order]
    found = np.array([times(row) for row in again])
    return [(time, found[:, number]) for number, time in enumerate(whole)]


def binomial(draw: Random, n: int, p: float) -> int:
    """A draw of the binomial distribution; where both ends are far off, by the normal one."""
    if p <= 0 or p >= 1:
        return n if p >= 1 else 0
    if n * min(p, 1 - p) > 30:
        return min(max(round(draw.gauss(n * p, sqrt(n * p * (1 - p)))), 0), n)
    return sum(draw.random() < p for _ in range(n))
