"""The harness itself: sizes, shards, seeds, and what is put together from several runs."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.reliability.trial import Trial, asked, keep, kept, lines, markdown, planned


def test_the_size_is_what_was_asked_for() -> None:
    def size(**words: str) -> int:
        return planned("test_it", ("R5",), asked(words), short=5, ci=50, full=1000).size

    assert size() == 5
    assert size(FIRSTRING_TRIALS="ci") == 50
    assert size(FIRSTRING_TRIALS="full") == 1000
    assert planned("test_it", ("R5",), asked({"FIRSTRING_TRIALS": "full"})).size == 1


@pytest.mark.parametrize("full", [1, 2, 100, 1001])
def test_the_shards_together_are_the_whole(full: int) -> None:
    shards = [
        planned("t", ("R5",), asked({"FIRSTRING_TRIALS": "full", "FIRSTRING_SHARD": f"{i}/7"}), full=full)
        for i in range(1, 8)
    ]
    assert sum(shard.size for shard in shards) == full
    assert len({shard.seed for shard in shards}) == 7


@pytest.mark.parametrize("shard", ["0/3", "4/3", "3", "a/b", "1/2/3"])
def test_a_shard_that_is_none_is_said(shard: str) -> None:
    with pytest.raises(ValueError, match="shard"):
        asked({"FIRSTRING_SHARD": shard})


def test_a_seed_is_the_same_every_time_until_another_is_asked_for() -> None:
    one, again, other = (planned(name, ("R5",), asked({})) for name in ("a", "a", "b"))
    assert one.seed == again.seed != other.seed
    assert one.random.random() == again.random.random()
    assert planned("a", ("R5",), asked({"FIRSTRING_SEED": "7"})).seed == 7


def test_what_shards_found_is_put_together(tmp_path: Path) -> None:
    for number, verdict in enumerate(["ok", "FAILED", "ok"]):
        one = Trial(("R4",), "nobody twice", 10, "claims", number, verdict=verdict, seconds=1.5)
        one.found(won=9)
        one.found(won=1, doubles=0)
        one.worst(p99_ms=7.25 - number)
        keep(one, tmp_path / f"shard{number}")
    (whole,) = kept(sorted(tmp_path.iterdir()))
    assert (whole.size, whole.sums, whole.peaks) == (30, {"won": 30, "doubles": 0}, {"p99_ms": 7.25})
    assert (whole.verdict, whole.seconds) == ("FAILED", 4.5)
    assert lines([whole])[1].split() == (
        "R4 nobody twice 30 claims 0 4.5 won 30, doubles 0, p99 ms ≤ 7.25 FAILED".split()
    )
    assert markdown([whole])[2].startswith("| R4 | nobody twice | 30 claims | 0 | 4.5 | won 30,")


def test_a_wall_time_is_held_against_a_trial_only_where_it_is_measured() -> None:
    for words, fails in (({}, False), ({"FIRSTRING_TRIALS": "ci"}, True)):
        trial = planned("t", ("R14",), asked(words))
        trial.within(5, p99_ms=4.5)
        with pytest.raises(AssertionError) if fails else nullcontext():
            trial.within(5, p99_ms=5.5)
        assert trial.peaks == {"p99_ms": 5.5}


def test_a_slow_database_takes_a_share_of_the_size_and_at_least_one() -> None:
    trial = planned("t", ("R12",), asked({}), ci=10)
    assert (trial.share(0.4), trial.size) == (4, 4)
    assert trial.share(0.01) == 1
