"""The floor's time: the quickest answer is believed, a jump forgets what was before, practice goes faster."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock as clocks
from app.clock import FloorClock, HandClock, SystemClock, pace

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Steady:
    """Steady seconds that go on when told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 1000.0
        monkeypatch.setattr(clocks, "_steady", lambda: self.seconds)


@pytest.fixture
def steady(monkeypatch: pytest.MonkeyPatch) -> Steady:
    return Steady(monkeypatch)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


def test_the_quickest_answer_is_believed(steady: Steady) -> None:
    clock = FloorClock(at=AT + timedelta(hours=1))
    assert clock.unsure() is None
    clock.take(later(0), 1000.0, 1000.2)  # answered somewhere within 0.2 s: the middle is taken
    steady.seconds = 1000.2
    assert clock.now() == later(0.1)
    clock.take(later(1), 1001.0, 1001.02)
    steady.seconds = 1002.01
    assert abs((clock.now() - later(2)).total_seconds()) < 1e-5
    clock.take(later(2.4), 1002.0, 1002.5)  # a slow one says 0.15 s less, and nobody believes it
    assert abs((clock.now() - later(2)).total_seconds()) < 1e-5
    assert clock.unsure() == pytest.approx(0.01)


def test_a_jump_of_the_floors_time_is_followed_at_once(steady: Steady) -> None:
    clock = FloorClock(at=AT)
    for n in range(8):
        clock.take(later(n), 1000.0 + n, 1000.001 + n)
    clock.take(later(8 + 7), 1008.0, 1008.1)
    steady.seconds = 1008.05
    assert clock.now() == later(15)


def test_an_old_quick_answer_is_forgotten_in_the_end(steady: Steady) -> None:
    clock = FloorClock(at=AT)
    clock.take(later(0), 1000.0, 1000.0)
    for n in range(1, 9):
        clock.take(later(n + 0.05), 1000.0 + n, 1000.02 + n)
    steady.seconds = 1008.01
    assert abs((clock.now() - later(8.05)).total_seconds()) < 1e-5


def test_an_answer_that_does_not_come_changes_nothing(steady: Steady) -> None:
    clock = FloorClock(at=AT)

    def broken() -> datetime:
        raise OSError("no answer")

    with pytest.raises(OSError, match="no answer"):
        clock.hear(broken)
    assert clock.now() == AT
    clock.hear(lambda: later(60))
    assert clock.now() == later(60)


@given(seed=st.integers(0, 10**6), off=st.floats(-1e6, 1e6))
def test_it_is_never_further_off_than_it_says(seed: int, off: float) -> None:
    """Answers that take any time on either way, asked every ten seconds."""
    chance = random.Random(seed)
    clock = FloorClock(at=AT + timedelta(seconds=off))
    at = 0.0
    for _ in range(20):
        there, back = chance.expovariate(20), chance.expovariate(20)
        clock.take(later(at + there), at, at + there + back)
        taken, mark = clock._taken
        unsure = clock.unsure()
        assert unsure is not None
        assert abs((taken - later(mark)).total_seconds()) <= unsure + 1e-5
        at += 10


def test_pace() -> None:
    assert pace(SystemClock()) == pytest.approx(1, abs=1e-6)
    assert pace(HandClock(AT)) == 1
    assert pace(FloorClock(speed=60)) == pytest.approx(60, rel=1e-4)


def test_a_leap_is_believed_once_it_has_stood_for_a_minute(steady: Steady) -> None:
    clock = FloorClock(at=AT)
    clock.take(later(0), 1000.0, 1000.001)
    for seconds in (10, 20, 30):  # the other computer's clock is an hour ahead, and then put right
        steady.seconds = 1000.0 + seconds
        clock.take(later(3600 + seconds), steady.seconds, steady.seconds + 0.001)
        assert abs((clock.now() - later(seconds)).total_seconds()) < 0.01
    steady.seconds = 1040.0
    clock.take(later(40), 1040.0, 1040.001)
    for seconds in (50, 60, 109):
        steady.seconds = 1000.0 + seconds
        clock.take(later(seconds - 7200), steady.seconds, steady.seconds + 0.001)
        assert abs((clock.now() - later(seconds)).total_seconds()) < 0.01
    steady.seconds = 1110.0
    clock.take(later(110 - 7200), 1110.0, 1110.001)
    assert abs((clock.now() - later(110 - 7200)).total_seconds()) < 0.01
