"""Curves of wins by age: censored leads are no failures, and what is expected is what comes."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.curves import Aged, band, curve, expected, interval, poisson, won_by

some = st.lists(
    st.builds(
        lambda days, won, closed, waiting: Aged(days=days, won=won, closed=closed, open=waiting),
        st.integers(0, 900), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9),
    ),
    max_size=40,
)  # fmt: skip


@given(some)
def test_a_curve_rises_and_its_three_parts_are_everybody(leads: list[Aged]) -> None:
    before = 0.0, 0.0
    for point in curve(leads):
        assert point.won + point.closed + point.open == pytest.approx(1)
        assert (point.won, point.closed) >= before
        assert 0 <= point.open <= 1
        before = point.won, point.closed


@given(some)
def test_without_open_leads_it_is_the_plain_share(leads: list[Aged]) -> None:
    ended = [Aged(days=one.days, won=one.won, closed=one.closed) for one in leads]
    total = sum(one.won + one.closed for one in ended)
    for point in curve(ended):
        won = sum(one.won for one in ended if interval(one.days) < interval(point.days))
        assert point.won == pytest.approx(won / total)


def test_kaplan_and_meier_by_hand() -> None:
    """Ten leads: 2 won on day 1, 4 open at day 1 (half at risk there), 1 won of the 4 left on day 3."""
    points = curve([Aged(days=1, won=2, open=4), Aged(days=3, won=1), Aged(days=4, open=6)])
    assert won_by(points, 1) == 0
    first = 2 / 11  # 13 at risk less half of the four
    assert won_by(points, 2) == pytest.approx(first)
    assert won_by(points, 4) == pytest.approx(first + (1 - first) / 7)


def grown(draw: Random, n: int, age: float, rate: float, part: float) -> tuple[Counter[tuple[str, int]], int]:
    """(leads by what is seen of them at an age of `age` or less, how many of the open ones will be won)."""
    seen: Counter[tuple[str, int]] = Counter()
    coming = 0
    for _ in range(n):
        now, end, wins = draw.uniform(0, age), draw.expovariate(rate), draw.random() < part
        if end <= now:
            seen["won" if wins else "closed", int(end)] += 1
        else:
            seen["open", int(now)] += 1
            coming += wins
    return seen, coming


def aged(seen: Counter[tuple[str, int]]) -> list[Aged]:
    days = sorted({days for _, days in seen})
    return [
        Aged(days=day, won=seen["won", day], closed=seen["closed", day], open=seen["open", day])
        for day in days
    ]


def test_open_leads_are_no_failures() -> None:
    """Every third lead is won, after 40 days on average; many are open, and the curve says a third all the same."""
    seen, _ = grown(Random(3), 6000, 300, 1 / 40, 1 / 3)
    points = curve(aged(seen))
    naive = sum(n for (what, _), n in seen.items() if what == "won") / 6000
    assert naive < 0.30
    assert points[-1].won == pytest.approx(1 / 3, abs=0.02)
    (_, won, low, high, _) = band(aged(seen), (60,))[0]
    assert low <= won <= high
    assert won == pytest.approx((1 - 2.718281828 ** (-60 / 40)) / 3, abs=0.02)


def test_the_interval_of_expected_wins_holds_what_comes_nearly_always() -> None:
    held = 0
    for seed in range(24):
        seen, coming = grown(Random(seed), 400, 200, 1 / 30, 0.4)
        found = expected(aged(seen), rounds=80)
        assert found is not None
        assert found.low <= found.wins <= found.high
        held += found.low <= coming <= found.high
    assert held >= 20


def test_little_is_said_to_be_little() -> None:
    assert expected([Aged(days=3, won=9, open=50)]) is None
    assert band([Aged(days=3, won=9, open=50)], (3, 7)) == ()
    assert curve([]) == ()


@settings(max_examples=20)
@given(some)
def test_made_twice_it_is_the_same(leads: list[Aged]) -> None:
    assert expected(leads, rounds=20) == expected(leads, rounds=20)


def test_draws_have_the_mean_they_should() -> None:
    draw = Random(1)
    for mean in (0.5, 4, 29, 300):
        drawn = [poisson(draw, mean) for _ in range(2000)]
        assert sum(drawn) / 2000 == pytest.approx(mean, rel=0.08)
