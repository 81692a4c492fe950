"""Before and after, like with like: shares compared within strata and put together by one mix.

What changes between two spans is not only how a floor works but also what comes in. So each stratum (a source and
a tier) is compared with itself, and both spans are put together with the weights of the mix *after*: direct
standardisation (J. Fleiss, Statistical Methods for Rates and Proportions, chapter 14). A stratum that one of the two
spans has no leads of can't be compared; it is left out of both, and it is said how many leads that are.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from random import Random

from app.domain.frozen import dataclass
from app.domain.measure import drawn

Counted = Mapping[tuple[str, ...], tuple[int, int]]
"""By stratum: how many leads took the step, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised:
    """A share before and after, each by the mix after, and their difference with its 95 % bootstrap interval."""

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


def binomial(draw: Random, n: int, p: float) -> int:
    """A draw of the binomial distribution; where both ends are far off, by the normal one."""
    if p <= 0 or p >= 1:
        return n if p >= 1 else 0
    if n * min(p, 1 - p) > 30:
        return min(max(round(draw.gauss(n * p, sqrt(n * p * (1 - p)))), 0), n)
    return sum(draw.random() < p for _ in range(n))
