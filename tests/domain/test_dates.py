"""Dates in many ways of writing: what a cell says, what a column says of its order, and what can't be told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.date_column import DateColumn
from app.domain.dates import (
    NotADate,
    Order,
    at_time,
    day,
    instant,
    is_blank,
    is_month,
    is_time,
    month_days,
    written,
    zone_named,
)


def order_of(cells: list[str]) -> DateColumn:
    column = DateColumn()
    for cell in cells:
        column.add(cell)
    return column


def wall(year: int, month: int, on: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A clock on the wall."""
    return datetime(year, month, on, hour, minute, second)  # noqa: DTZ001 - of no zone, as a cell is


BERLIN = ZoneInfo("Europe/Berlin")
D, M, Y, P, U = Order.DAY_FIRST, Order.MONTH_FIRST, Order.YEAR_FIRST, Order.PLAIN, Order.UNTOLD
APRIL = wall(2021, 4, 15)
NIGHT = wall(2021, 4, 15, 0, 3)
LATE = wall(2021, 4, 15, 17, 4, 9)


@pytest.mark.parametrize(
    ("text", "order", "at"),
    [
        ("2021-04-15", P, APRIL),
        ("2021/4/15", P, APRIL),
        ("2021.04.15", P, APRIL),
        ("20210415", P, APRIL),
        ("20210415170409", P, LATE),
        ("2021-04-15T17:04:09", P, LATE),
        ("2021-04-15 17:04:09", P, LATE),
        ("2021-04-15T17:04:09.250", P, LATE.replace(microsecond=250_000)),
        ("2021-04-15 17:04:09,5", P, LATE.replace(microsecond=500_000)),
        ("2021-04-15 24:00", P, wall(2021, 4, 16)),
        ("Thu 15/04/2021", D, APRIL),
        ("Thu, 04/15/2021 5:04:09 PM", M, LATE),
        ("Donnerstag, den 15.04.2021", D, APRIL),
        ("quinta-feira, 15/04/2021", D, APRIL),
        ("15.04.2021", D, APRIL),
        ("15. 4. 2021", D, APRIL),
        ("15/04/21", D, APRIL),
        ("15-04-2021 17:04:09", D, LATE),
        ("15.04.2021 17.04 Uhr", D, None),
        ("15.04.2021, 17:04:09 Uhr", D, LATE),
        ("04/15/2021", M, APRIL),
        ("4/15/21 5:04:09 PM", M, LATE),
        ("4/15/2021 12:03 AM", M, NIGHT),
        ("4/15/2021 12:03 a.m.", M, NIGHT),
        ("04-15-2021 5 pm", M, wall(2021, 4, 15, 17)),
        ("21-04-15", Y, APRIL),
        ("03/02/2018", D, wall(2018, 2, 3)),
        ("03/02/2018", M, wall(2018, 3, 2)),
        ("03/03/2018", U, wall(2018, 3, 3)),
        ("15 Apr, 2021 00:03:00", P, NIGHT),
        ("15-Apr-21", P, APRIL),
        ("15-APR-2021 17:04:09", P, LATE),
        ("April 15, 2021", P, APRIL),
        ("Apr. 15th, 2021 at 5:04:09 pm", P, LATE),
        ("Thursday, April 15, 2021", P, APRIL),
        ("Thu Apr 15 2021 17:04:09", P, LATE),
        ("2021 April 15", P, APRIL),
        ("15. April 2021", P, APRIL),
        ("Donnerstag, 15. April 2021 17:04:09 Uhr", P, LATE),
        ("1. März 2021", P, wall(2021, 3, 1)),
        ("3. Dez. 2020", P, wall(2020, 12, 3)),
        ("1er août 2021", P, wall(2021, 8, 1)),
        ("jeudi 15 avril 2021 17h04", P, wall(2021, 4, 15, 17, 4)),
        ("15 de abril de 2021", P, APRIL),
        ("1º de março de 2021", P, wall(2021, 3, 1)),
        ("5 janv. 2021", P, wall(2021, 1, 5)),
        ("15 aprile 2021", P, APRIL),
        ("15 kwietnia 2021", P, APRIL),
        ("9 października 2021", P, wall(2021, 10, 9)),
        ("12 mei 2021", P, wall(2021, 5, 12)),
        ("den 15 april 2021 kl. 17:04", P, wall(2021, 4, 15, 17, 4)),
        ("Feb 2018", P, wall(2018, 2, 1)),
        ("44301", P, APRIL),
        ("44301.5", P, wall(2021, 4, 15, 12)),
        (" 2021-04-15  17:04:09 ", P, LATE),
        ("12/31/68", M, wall(2068, 12, 31)),
        ("12/31/70", M, wall(1970, 12, 31)),
    ],
)
def test_a_cell_says_a_clock_on_the_wall(text: str, order: Order, at: datetime | None) -> None:
    if at is None:
        with pytest.raises(NotADate):
            written(text, order)
        return
    found = written(text, order)
    assert found.at == at
    assert found.at.tzinfo is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2021-04-15T17:04:09Z", LATE),
        ("2021-04-15T17:04:09+00:00", LATE),
        ("2021-04-15T19:04:09+02:00", LATE),
        ("2021-04-15 12:34:09 -0430", LATE),
        ("2021-04-15 22:34:09 +0530", LATE),
        ("2021-04-15 17:04:09 UTC", LATE),
        ("2021-04-15 13:04:09 EDT", LATE),
        ("15.04.2021 19:04:09 MESZ", LATE),
        ("Thu Apr 15 2021 19:04:09 GMT+0200", LATE),
        ("1618506249", LATE),
        ("1618506249000", LATE),
        ("1618506249.25", LATE.replace(microsecond=250_000)),
        ("1618506249000000", LATE),
        ("2021-04-15 19:04:09", LATE),
        ("2021-03-28 02:30", wall(2021, 3, 28, 1, 30)),  # was skipped in Berlin: 03:30 on the new clock
        ("2021-10-31 02:30", wall(2021, 10, 31, 0, 30)),  # was there twice: the first
        ("2021-01-15", wall(2021, 1, 14, 23)),
    ],
)
def test_a_cell_is_an_instant_in_its_own_zone_or_the_one_given(text: str, at: datetime) -> None:
    assert instant(text, P, BERLIN) == at.replace(tzinfo=UTC)


def test_the_day_of_an_instant_is_that_of_the_zone() -> None:
    assert day("2021-04-15T23:30:00Z", P, BERLIN) == date(2021, 4, 16)
    assert day("15.04.2021 23:30", D, BERLIN) == date(2021, 4, 15)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("", P),
        ("soon", P),
        ("So 45123", P),
        ("room 01/02/2018", D),
        ("n/a", P),
        ("15", P),
        ("420", P),
        ("+49 170 1234567", P),
        ("02/03/2018", U),
        ("13/13/2018", D),
        ("04/15/2021", D),
        ("15/04/2021", M),
        ("2021-13-01", P),
        ("2021-02-29", P),
        ("30 Feb 2021", P),
        ("0000-00-00", P),
        ("1812-04-15", P),
        ("2021-04-15 25:00", P),
        ("2021-04-15 17:61", P),
        ("4/15/2021 13:00 PM", M),
        ("15 Apr 2021 and more", P),
        ("2021-04-15 x7", P),
        ("Room 12, May 2021, 3rd floor", P),
        ("192.168.1.10", P),
        ("1.2.3.4", D),
        ("2021-04-15 " * 9, P),
    ],
)
def test_what_is_no_date_is_refused(text: str, order: Order) -> None:
    with pytest.raises(NotADate):
        written(text, order)


@pytest.mark.parametrize("text", ["0000-00-00 00:00:00", "0", " 00.00.0000 "])
def test_some_dates_say_that_there_is_none(text: str) -> None:
    assert is_blank(text)
    assert not is_blank("2021-01-01")


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2021-04-15", "2021-02-03"], P),
        (["3 Apr 2021", "15 Apr 2021"], P),
        (["1618506249", "1618506250"], P),
        (["01/02/2018", "13/02/2018"], D),
        (["01/02/2018", "02/13/2018"], M),
        (["01-02-18", "28-03-18", "03-04-18"], D),
        (["18-02-01", "99-02-03"], Y),
        (["01/02/2018", "03/04/2018"], U),
        (["01.02.2018", "03.04.2018"], D),  # nobody writes the month first with points
        (["04/04/2018", "05/05/2018"], P),
        (["01/02/2018", "", "soon", "13/02/2018"], D),
        (["13/02/2018", "02/13/2018"], D),  # one of both is refused, with its reason
    ],
)
def test_a_column_says_what_stands_first(cells: list[str], order: Order) -> None:
    assert order_of(cells).order is order


def test_a_column_that_can_not_be_told_shows_the_cell_to_ask_about() -> None:
    column = order_of(["04/04/2018", "01/02/2018", "03/04/2018"])
    assert (column.order, column.open, column.proven, column.is_dates) == (U, "01/02/2018", False, True)
    assert order_of(["1/2/2018", "13/1/2018"]).proven


@pytest.mark.parametrize(
    "cells", [["420", "61", "8"], ["Dana", "Tom"], ["+49 170 1234567"], ["10.5", "11.25"], []]
)
def test_other_columns_are_no_dates(cells: list[str]) -> None:
    assert not order_of(cells).is_dates


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018-02", date(2018, 2, 1), date(2018, 2, 28)),
        ("02/2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("Feb 2018", date(2018, 2, 1), date(2018, 2, 28)),
        ("Dezember 2021", date(2021, 12, 1), date(2021, 12, 31)),
    ],
)
def test_a_month_is_all_of_its_days(text: str, first: date, last: date) -> None:
    assert is_month(text)
    assert month_days(text) == (first, last)


@pytest.mark.parametrize("text", ["2018-02-01", "01/02/2018", "soon", "2018", "1 Feb 2018"])
def test_a_day_is_no_month(text: str) -> None:
    assert not is_month(text)


def test_months_and_zones_that_are_none_are_refused() -> None:
    for text in ("13/2021", "2021-00", "soon"):
        with pytest.raises(NotADate):
            month_days(text)
    for name in ("Mars/Olympus", "../etc/passwd"):
        with pytest.raises(ValueError, match=name):
            zone_named(name)


ENGLISH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()

Style = tuple[str, Order, Callable[[datetime], str]]
STYLES: tuple[Style, ...] = (
    ("iso", P, lambda at: f"{at:%Y-%m-%d %H:%M:%S}"),
    ("iso T", P, lambda at: f"{at:%Y-%m-%dT%H:%M:%S}"),
    ("digits", P, lambda at: f"{at:%Y%m%d%H%M%S}"),
    ("German", D, lambda at: f"{at:%d.%m.%Y %H:%M:%S}"),
    ("British", D, lambda at: f"{at.day}/{at.month}/{at:%Y %H:%M:%S}"),
    ("short", D, lambda at: f"{at:%d-%m-%y %H:%M:%S}"),
    ("American", M, lambda at: f"{at.month}/{at.day}/{at:%Y %I:%M:%S %p}"),
    ("short American", M, lambda at: f"{at:%m/%d/%y %H:%M:%S}"),
    ("year first", Y, lambda at: f"{at:%y-%m-%d %H:%M:%S}"),
    ("Zoho", P, lambda at: f"{at.day} {ENGLISH[at.month - 1]}, {at:%Y %H:%M:%S}"),
    ("American words", P, lambda at: f"{ENGLISH[at.month - 1]} {at.day}, {at:%Y %I:%M:%S %p}"),
    ("German words", P, lambda at: f"{at.day}. {GERMAN[at.month - 1]} {at:%Y, %H:%M:%S} Uhr"),
    ("Spanish words", P, lambda at: f"{at.day} de {SPANISH[at.month - 1]} de {at:%Y %H:%M:%S}"),
    ("French words", P, lambda at: f"{at.day} {FRENCH[at.month - 1]} {at:%Y à %H:%M:%S}"),
)
# Two digits are years from 1969 to 2068.
moments = st.datetimes(wall(1970, 1, 2), wall(2068, 12, 31)).map(lambda at: at.replace(microsecond=0))


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style[0])
@settings(max_examples=40)
@given(at=moments)
@example(at=wall(2021, 3, 1, 0, 0, 0))
@example(at=wall(2021, 5, 12, 12, 0, 0))
def test_a_date_is_read_back_in_each_style(style: Style, at: datetime) -> None:
    _, order, write = style
    assert written(write(at), order).at == at


@given(at=moments)
def test_an_instant_is_read_back_from_its_seconds_and_its_offset(at: datetime) -> None:
    there = at.replace(tzinfo=UTC)
    if there.timestamp() >= 10**8:
        assert instant(str(int(there.timestamp())), P, BERLIN) == there
        if there.timestamp() >= 10**9:
            assert instant(str(int(there.timestamp() * 1000)), P, BERLIN) == there
    for zone in ("Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"):
        assert instant(there.astimezone(ZoneInfo(zone)).isoformat(), P, BERLIN) == there


@given(
    days=st.lists(st.dates(date(1990, 1, 1), date(2060, 1, 1)), min_size=1, max_size=20),
    day_first=st.booleans(),
)
def test_a_column_is_never_read_the_wrong_way_round(days: list[date], day_first: bool) -> None:
    cells = [f"{on:%d/%m/%Y}" if day_first else f"{on:%m/%d/%Y}" for on in days]
    column = order_of(cells)
    if any(on.day > 12 for on in days):
        assert column.order is (D if day_first else M)
    elif any(on.day != on.month for on in days):
        assert column.order is U
    else:
        assert column.order is P
    if column.order is not U:
        assert [day(cell, column.order, BERLIN) for cell in cells] == days


@given(text=st.text(max_size=70))
@example(text="9" * 60)
@example(text="٣١/١٢/٢٠٢١")
@example(text="²-²-2021")
def test_any_text_is_a_date_or_refused(text: str) -> None:
    for order in Order:
        try:
            at = written(text, order).at
        except NotADate:
            continue
        assert 1970 <= at.year <= 2199


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["Thu 01/02/2025"], M),
        (["Sat 01/02/2025"], D),
        (["01/02/2025", "Do. 02.01.2025", "03/04/2025"], D),
        (["jeudi 02/01/2025"], D),
        (["Fri 01/02/2025"], U),  # it is neither
        (["Mon 07/07/2025", "01/02/2025"], U),
        (["Sat 03/05/2025", "Wed 03/05/2025"], D),
    ],
)
def test_a_weekday_says_which_is_the_day(cells: list[str], order: Order) -> None:
    assert order_of(cells).order is order


def test_a_weekday_is_shown_as_the_proof() -> None:
    column = order_of(["01/02/2025", "Thu 01/02/2025"])
    assert (column.order, column.proof) == (M, "Thu 01/02/2025")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("9:04 AM", True),
        ("09:04:11", True),
        ("17h04", True),
        ("9 pm", True),
        ("09:04 CET", True),
        ("", False),
        ("2025-01-02 09:04", False),
        ("01/02/2025", False),
        ("lunch", False),
        ("7", False),
        ("25:61", False),
    ],
)
def test_a_time_of_day(text: str, wanted: bool) -> None:
    assert is_time(text) is wanted


def test_a_day_with_the_time_of_another_cell() -> None:
    assert at_time("Thu 01/02/2025", "9:04 AM", M) == "2025-01-02 9:04 AM"
    assert at_time("2025-01-02 00:00:00", "17:30", P) == "2025-01-02 17:30"
    assert at_time("2025-01-02 08:15", "17:30", P) == "2025-01-02 08:15"
    assert instant(at_time("02.01.2025", "17:30", D), P, BERLIN) == datetime(2025, 1, 2, 16, 30, tzinfo=UTC)
    with pytest.raises(NotADate):
        at_time("soon", "17:30", D)
