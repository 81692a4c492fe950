"""How a report's values are written, and which days it is of."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.domain.report import Better, Cell, Column, Figure, Unit
from app.domain.report_periods import (
    Compare,
    Days,
    Period,
    asked_of,
    before,
    beside,
    days_of,
    days_words,
    instants,
)
from app.domain.report_words import (
    cell_words,
    change_of,
    interval_words,
    place_words,
    rest_words,
    value_words,
)


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        (Unit.SPAN, 52, "0:52"),
        (Unit.SPAN, 0.42, "0.4 s"),
        (Unit.SPAN, 0, "0:00"),
        (Unit.SPAN, 59.7, "1:00"),
        (Unit.SPAN, 148800, "41 h 20 min"),
        (Unit.SPAN, 5 * 86400 + 4 * 3600, "5 d 4 h"),
        (Unit.SPAN, 48.43 * 86400, "48.4 d"),
        (Unit.SHARE, 0.614, "61.4%"),
        (Unit.SHARE, 1, "100.0%"),
        (Unit.SHARE, -0.0001, "0.0%"),
        (Unit.TIMES, 4.6, "4.6×"),
        (Unit.TIMES, -0.84, "−0.8×"),
        (Unit.TIMES, 1234.0, "1,234×"),
        (Unit.COUNT, 9880, "9,880"),
        (Unit.COUNT, 12.5, "12.5"),
        (Unit.MONEY, 988000, "9,880"),
        (Unit.MONEY, 988037, "9,880.37"),
        (Unit.MONEY, 2398.0, "23.98"),
        (Unit.MONEY, -2398, "−23.98"),
        (Unit.SCORE, 94, "94.0"),
        (Unit.DAY, "2026-11-22", "2026-11-22"),
        (Unit.TEXT, "Google", "Google"),
        (Unit.SHARE, None, "–"),
        (Unit.TIMES, float("inf"), "–"),
        (Unit.TIMES, float("nan"), "–"),
    ],
)
def test_values_are_written_by_their_unit(unit: Unit, value: float | str | None, words: str) -> None:
    assert value_words(unit, value) == words


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("day", "2026-11-22", "22 Nov"),
        ("week", "2026-11-16", "W47 · 16 Nov"),
        ("week", "2026-12-28", "W53 · 28 Dec"),
        ("month", "2026-10-01", "Oct 2026"),
        ("begun", "2026-11-22", "22 Nov 2026"),
        ("day", "before", "before"),
        ("day", None, "–"),
    ],
)
def test_a_time_is_called_by_what_it_is(key: str, value: str | None, words: str) -> None:
    assert cell_words(Column(key=key, title="When", unit=Unit.DAY), Cell(value=value)) == words


def test_an_interval_says_its_unit_once_and_what_it_rests_on() -> None:
    cell = Cell(value=0.614, low=0.593, high=0.635, n=2025)
    assert interval_words(Unit.SHARE, cell) == "59.3–63.5%"
    assert rest_words(Unit.SHARE, cell) == "95% 59.3–63.5% · n 2,025"
    assert interval_words(Unit.TIMES, Cell(value=0.1, low=-0.5, high=0.7)) == "−0.5 to 0.7×"
    assert interval_words(Unit.SPAN, Cell(value=1, low=7200.0, high=9000.0)) == "2 h 00 min to 2 h 30 min"
    assert rest_words(Unit.SHARE, Cell(value=None, n=3, note="not enough data")) == "n 3 · not enough data"


def figure(now: float | None, was: float | None, unit: Unit, better: Better) -> Figure:
    return Figure(key="x", title="X", unit=unit, now=Cell(value=now), was=Cell(value=was), better=better)


def test_a_change_is_told_by_arrow_and_word() -> None:
    up = change_of(figure(0.614, 0.383, Unit.SHARE, Better.MORE))
    assert up == ("▲ 23.1 points, better", "good")
    late = change_of(figure(60, 52, Unit.SPAN, Better.LESS))
    assert late == ("▲ was 0:52, worse", "bad")
    assert change_of(figure(5, 4, Unit.COUNT, Better.NEITHER)) == ("▲ was 4", "")
    assert change_of(figure(0.5, 0.50001, Unit.SHARE, Better.MORE)) == ("as before", "")
    assert change_of(figure(0.5, None, Unit.SHARE, Better.MORE)) == ("nothing to compare with", "")
    assert change_of(figure(None, 0.5, Unit.SHARE, Better.MORE)) == ("was 50.0%", "")


TUESDAY = date(2026, 11, 24)


def test_a_period_ends_today_and_stands_beside_as_many_days() -> None:
    week = days_of(Period.WEEK, TUESDAY)
    assert week == (date(2026, 11, 23), date(2026, 11, 25))
    assert before(Period.WEEK, week) == (date(2026, 11, 16), date(2026, 11, 18))
    assert days_of(Period.LAST_WEEK, TUESDAY) == (date(2026, 11, 16), date(2026, 11, 23))
    month = days_of(Period.MONTH, date(2026, 3, 31))
    assert before(Period.MONTH, month) == (date(2026, 2, 1), date(2026, 3, 1))
    assert before(Period.LAST_MONTH, days_of(Period.LAST_MONTH, date(2026, 1, 5))) == (
        date(2025, 11, 1),
        date(2025, 12, 1),
    )
    quarter = days_of(Period.QUARTER, TUESDAY)
    assert quarter == (date(2026, 10, 1), date(2026, 11, 25))
    assert before(Period.QUARTER, quarter) == (date(2026, 7, 1), date(2026, 8, 25))
    thirty = days_of(Period.LAST_30, TUESDAY)
    assert (thirty.until - thirty.since).days == 30
    assert days_of(Period.EVER, TUESDAY, date(2017, 6, 14)).since == date(2017, 6, 14)


def test_days_are_the_zones_own_over_a_change_of_its_clocks() -> None:
    since, until = instants(Days(date(2026, 10, 25), date(2026, 10, 26)), "Europe/Berlin")
    assert (until - since).total_seconds() == 25 * 3600
    asked = asked_of(Days(date(2024, 2, 29), date(2024, 3, 1)), "Europe/Berlin", compare=Compare.YEAR)
    assert asked.was_since == datetime(2023, 2, 27, 23, tzinfo=UTC)
    assert days_words(since, until, "Europe/Berlin") == "25 Oct 2026"
    assert (
        days_words(*instants(Days(date(2026, 10, 28), date(2026, 11, 4)), "UTC"), "UTC")
        == "28 Oct – 3 Nov 2026"
    )


def test_any_span_has_one_beside_it() -> None:
    a, b = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 9, tzinfo=UTC)
    assert beside(a, b, "UTC", Compare.BEFORE, None) == (datetime(2026, 10, 26, tzinfo=UTC), a)
    assert beside(a, b, "UTC", Compare.YEAR, None) == (
        datetime(2025, 11, 2, tzinfo=UTC),
        datetime(2025, 11, 9, tzinfo=UTC),
    )
    assert beside(a, b, "UTC", Compare.BASELINE, None) is None
    assert beside(a, b, "UTC", Compare.NONE, (a, b)) is None


def test_a_place_on_an_axis_is_short() -> None:
    age = Column(key="age", title="Since capture", unit=Unit.SPAN)
    assert [place_words(age, Cell(value=days * 86400)) for days in (1, 3, 14)] == ["24 h", "3 d", "14 d"]
    assert (
        place_words(Column(key="week", title="Week", unit=Unit.DAY), Cell(value="2026-11-16"))
        == "W47 · 16 Nov"
    )
