"""Before and after, like with like."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.measure import GRID
from app.domain.strata import binomial, compared, timed

Mix = dict[tuple[str, ...], tuple[int, int]]
mixes = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["HOT", "COLD"])),
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)


@settings(max_examples=60)
@given(mixes, mixes)
def test_both_are_put_together_by_the_mix_after(before: Mix, after: Mix) -> None:
    found = compared(before, after, rounds=60)
    common = [key for key, (_, n) in after.items() if n and before.get(key, (0, 0))[1]]
    if found is None:
        assert not common
        return
    total = sum(after[key][1] for key in common)
    assert found.after == pytest.approx(sum(after[key][0] for key in common) / total)
    assert found.before == pytest.approx(
        sum(after[key][1] * before[key][0] / before[key][1] for key in common) / total
    )
    assert found.difference == found.after - found.before
    assert found.n_before + found.n_after + found.left_out == sum(
        n for mix in (before, after) for _, n in mix.values()
    )
    assert -1 <= found.low <= found.high <= 1


def test_a_floor_that_only_gets_better_leads_is_no_better() -> None:
    """Every stratum is as it was, only more of the good one comes in: the plain share rises, this one does not."""
    before = {("ad", "HOT"): (80, 100), ("ad", "COLD"): (40, 400)}
    after = {("ad", "HOT"): (320, 400), ("ad", "COLD"): (10, 100)}
    found = compared(before, after)
    assert found is not None
    assert found.difference == pytest.approx(0)
    assert found.low < 0 < found.high


def test_the_interval_holds_the_truth_nearly_always() -> None:
    held, draw = 0, Random(7)
    truth = {"x": (0.3, 0.45), "y": (0.6, 0.7)}
    for seed in range(40):
        before = {(key,): (binomial(draw, 150, p), 150) for key, (p, _) in truth.items()}
        after = {(key,): (binomial(draw, 100, p), 100) for key, (_, p) in truth.items()}
        found = compared(before, after, rounds=120, seed=seed)
        assert found is not None
        held += found.low <= 0.125 <= found.high
    assert held >= 33


def test_what_one_span_lacks_is_left_out_and_counted() -> None:
    found = compared({("a",): (1, 10), ("old",): (5, 7)}, {("a",): (2, 10), ("new",): (9, 9)}, rounds=20)
    assert found is not None
    assert (found.n_before, found.n_after, found.left_out) == (10, 10, 16)
    assert compared({("a",): (1, 10)}, {("b",): (1, 10)}) is None


def waits(seed: int, mean: float, n: int) -> tuple[int, tuple[float, ...]]:
    found = np.random.default_rng(seed).exponential(mean, n)
    return n, tuple(np.quantile(found, GRID).tolist())


def test_the_time_of_one_stratum_is_its_own() -> None:
    (median, p90) = timed({("a",): waits(1, 60, 4000)}, {("a",): waits(2, 30, 3000)}, (0.5, 0.9))
    assert median is not None
    assert p90 is not None
    for found, p in ((median, 0.5), (p90, 0.9)):
        at = GRID.index(p)
        assert found.before == pytest.approx(waits(1, 60, 4000)[1][at], rel=0.03)
        assert found.after == pytest.approx(waits(2, 30, 3000)[1][at], rel=0.03)
        assert found.low < found.difference < found.high < 0
    assert (median.n_before, median.n_after, median.left_out) == (4000, 3000, 0)


def test_a_floor_that_only_gets_other_leads_calls_no_sooner() -> None:
    """Each source is called as it was; more of the one that is called soon comes in. The plain median falls."""
    before = {("soon",): waits(1, 30, 200), ("late",): waits(2, 900, 800)}
    after = {("soon",): waits(1, 30, 800), ("late",): waits(2, 900, 200)}
    (found,) = timed(before, after, (0.5,))
    assert found is not None
    assert found.low < 0 < found.high
    assert abs(found.difference) < 0.2 * found.after


def test_the_interval_of_a_time_holds_the_truth_nearly_always() -> None:
    held = 0
    for seed in range(40):
        before = {("x",): waits(seed, 100, 150), ("y",): waits(seed + 100, 100, 90)}
        after = {("x",): waits(seed + 200, 60, 120), ("y",): waits(seed + 300, 60, 120)}
        (found,) = timed(before, after, (0.5,), rounds=200, seed=seed)
        assert found is not None
        held += found.low <= (60 - 100) * np.log(2) <= found.high
    assert held >= 34


def test_times_that_one_span_lacks_or_that_were_not_kept_are_left_out() -> None:
    a = waits(1, 60, 10)
    (found,) = timed({("a",): a, ("old",): (7, ())}, {("a",): a, ("old",): waits(3, 5, 9)}, (0.5,), rounds=20)
    assert found is not None
    assert (found.n_before, found.n_after, found.left_out) == (10, 10, 16)
    assert timed({("a",): a}, {("b",): a}, (0.5, 0.9)) == (None, None)
