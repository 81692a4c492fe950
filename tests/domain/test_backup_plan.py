"""The plan of backups: what it keeps of any history, and when another one is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.backup_plan import is_due, kept

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
instants = st.lists(
    st.integers(0, 3 * 366 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes)), max_size=200
)


def hours(count: int) -> list[datetime]:
    return [START - timedelta(hours=n) for n in range(count)]


def test_of_a_year_of_hours_a_day_a_week_and_two_months_are_kept() -> None:
    keep = kept(hours(365 * 24))
    assert keep >= set(hours(24))
    days = {at.date() for at in keep}
    assert days >= {(START - timedelta(days=n)).date() for n in range(7)}
    assert min(keep) == datetime(
        2026, 1, 18, 23, 30, tzinfo=UTC
    )  # the last hour of the eighth week, a Sunday
    assert len(keep) == 24 + 5 + 6  # two days are among the hours, two weeks among the days


def test_a_computer_that_was_off_keeps_what_it_had() -> None:
    old = hours(24)
    assert kept([*old, START + timedelta(days=300)]) >= set(old[:23])


@given(instants)
def test_whatever_was_taken_the_newest_stays_and_a_second_look_removes_nothing(taken: list[datetime]) -> None:
    keep = kept(taken)
    assert keep <= set(taken)
    assert len(keep) <= 24 + 7 + 8
    assert not taken or max(taken) in keep
    assert kept(keep) == keep


@given(instants, st.data())
def test_clearing_out_each_hour_is_clearing_out_once(taken: list[datetime], data: st.DataObject) -> None:
    """What is removed early would not have been kept later either, for as long as time goes forward."""
    so_far: set[datetime] = set()
    for at in sorted(taken):
        so_far = kept({*so_far, at})
    assert so_far == kept(taken)


def test_one_is_due_after_an_hour_or_when_the_clock_was_wrong() -> None:
    assert is_due(None, START)
    assert not is_due(START, START + timedelta(minutes=59))
    assert is_due(START, START + timedelta(hours=1))
    assert not is_due(START + timedelta(minutes=2), START)  # two clocks of one floor
    assert is_due(START + timedelta(days=2), START)
