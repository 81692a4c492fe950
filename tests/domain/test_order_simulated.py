"""What the queue's order is worth: the program's own, beside the study's and beside first calls by age.

Ten reps for some days, the same leads and the same luck for each order. With FIRSTRING_TRIALS=full as many days and
replications as the study had, and its three loads.
"""

from __future__ import annotations

import os

import pytest

from tests.domain.simulated_floor import Ours, Plain, run, world

FULL = os.environ.get("FIRSTRING_TRIALS") == "full"
DAYS, SEEDS = (5, 8) if FULL else (3, 2)
LOADS = (0.9, 1.1, 1.5) if FULL else (0.9,)


@pytest.mark.timeout(7200 if FULL else 300)
@pytest.mark.parametrize("load", LOADS)
def test_the_order_keeps_the_promises_and_the_value_of_the_study(load: float) -> None:
    ours = study = by_age = 0.0
    hot = in_time = 0
    for seed in range(SEEDS):
        leads = world(load, DAYS, seed + 1)
        here = run(leads, Ours(leads))
        hot, in_time, ours = hot + here.hot, in_time + here.hot_in_time, ours + here.value
        study += run(leads, Plain(leads, recommended=True)).value
        by_age += run(leads, Plain(leads, recommended=False)).value
    print(  # noqa: T201
        f"\nload {load}: {ours / study:.3f} of the study's order, {ours / by_age:.3f} of first calls by age, "
        f"HOT within 60 s by day {in_time / hot:.3f} of {hot}"
    )
    assert ours / study >= 0.98
    assert ours / by_age >= 1.06
    if load <= 1.0:
        assert in_time / hot >= 0.97
