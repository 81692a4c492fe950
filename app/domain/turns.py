"""Whose turn it is: a weighted round robin that nobody's coming and going unbalances.

Each lead that is given in turn is shared out among those who could take it, by their weights; whoever gets it has
had one lead, and the others are owed their shares of it. Whoever is not there is owed nothing, so that a week's holiday
ends with what was owed on the last day before it, less than a lead.

Whoever has the most owed is not always next. Of those to whom enough is owed the one whose share is complete first
goes first (R. Tijdeman, The chairman assignment problem, Discrete Mathematics 32, 1980): as long as the same
people stay, nobody is then further from their share than 1 - 1/(2n - 2) leads. Pure, and in whole numbers, so that
it comes out the same wherever it is done again.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["LEAD", "next_turn"]

LEAD = 1_000_000
"""One lead, in the parts that are owed."""


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
    least = LEAD // max(1, 2 * len(weights) - 2)
    due = [rep for rep in weights if after[rep] >= least] or [max(weights, key=lambda rep: (after[rep], rep))]
    # Whose share is complete after the fewest more leads, if the same people stay.
    chosen = min(due, key=lambda rep: ((LEAD - least - after[rep]) / weights[rep], rep))
    after[chosen] -= shared
    return chosen, after
