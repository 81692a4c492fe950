"""Whose turn it is: a weighted round robin that nobody's coming and going unbalances.

Each lead that is given in turn is shared out among those who could take it, by their weights; whoever gets it has
had one lead, and the others are owed their shares of it. Whoever is not there is owed nothing, so that a week's holiday
ends with what was owed on the last day before it, about a lead at most.

Whoever is owed most is not always next: several small shares may become whole at the same moment. R. Tijdeman (The
chairman assignment problem, Discrete Mathematics 32, 1980) gives the lead, of those to whom enough is owed, to the one
whose share will be whole first, and nobody is ever a lead off as long as the same people stay. That looks far ahead,
which does harm when they do not stay, so here it looks half as far: by the root of the weight. What that comes to
is measured in `tests/reliability/test_fairness.py`. Pure, and the same wherever it is done again.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

__all__ = ["LEAD", "next_turn"]

LEAD = 1_000_000
"""One lead, in the parts that are owed."""
_ENOUGH = LEAD // 5
"""So much must be owed to somebody before they are next, while there are others to whom it is."""


def next_turn(weights: Mapping[str, int], owed: Mapping[str, int]) -> tuple[str, dict[str, int]]:
    """(who is next, what is owed to everybody after that): of people with weights above 0, at least one.

    `owed` may lack people, to whom nothing is owed, and keeps those who are not among `weights` as they are.
    """
    whole = sum(weights.values())
    after = dict(owed)
    shared = 0
    for rep, weight in weights.items():
        share = LEAD * weight // whole
        after[rep] = owed.get(rep, 0) + share
        shared += share

    def wait(rep: str) -> tuple[float, str]:
        lacking = LEAD - after[rep]
        return (lacking / sqrt(weights[rep]) if lacking > 0 else float(lacking)), rep

    due = [rep for rep in weights if after[rep] >= _ENOUGH]
    chosen = min(due, key=wait) if due else max(weights, key=lambda rep: (after[rep], rep))
    after[chosen] -= shared
    return chosen, after
