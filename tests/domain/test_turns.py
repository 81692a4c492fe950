"""Turns by weight: nobody is far from their share, whoever comes and goes."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.turns import LEAD, next_turn

_weights = st.lists(st.integers(1, 9), min_size=1, max_size=12)


def names(count: int) -> list[str]:
    return [f"rep {number:02}" for number in range(count)]


@given(_weights, st.integers(1, 400))
def test_as_long_as_the_same_people_stay_nobody_is_a_lead_off_their_share(
    weights: list[int], leads: int
) -> None:
    people = dict(zip(names(len(weights)), weights, strict=True))
    owed: dict[str, int] = {}
    had = dict.fromkeys(people, 0)
    for count in range(1, leads + 1):
        chosen, owed = next_turn(people, owed)
        had[chosen] += 1
        for rep, weight in people.items():
            share = Fraction(weight * count, sum(weights))
            assert abs(had[rep] - share) < 1 + Fraction(1, 1000), (rep, count)


@given(_weights)
def test_what_is_given_is_what_is_shared_out(weights: list[int]) -> None:
    owed: dict[str, int] = {}
    for _ in range(30):
        _, owed = next_turn(dict(zip(names(len(weights)), weights, strict=True)), owed)
    assert sum(owed.values()) == 0


def test_whoever_was_away_comes_back_to_their_turn_and_to_no_more() -> None:
    everybody = dict.fromkeys(names(6), 1)
    here = {rep: 1 for rep in everybody if rep != "rep 00"}
    owed: dict[str, int] = {}
    for _ in range(17):
        _, owed = next_turn(everybody, owed)
    for _ in range(2_000):
        _, owed = next_turn(here, owed)
    first = []
    for _ in range(12):
        chosen, owed = next_turn(everybody, owed)
        first.append(chosen)
    assert 1 <= first.count("rep 00") <= 3
    assert all(a != b for a, b in pairwise(first))


def test_it_comes_out_the_same_again() -> None:
    dice = random.Random(4)
    owed = {rep: dice.randint(-LEAD, LEAD) for rep in names(9)}
    people = dict.fromkeys(names(9), 3)
    assert next_turn(people, owed) == next_turn(dict(reversed(people.items())), dict(reversed(owed.items())))
