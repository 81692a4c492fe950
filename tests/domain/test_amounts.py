"""Sums of money and lengths of calls in many ways of writing, and what a column says of its decimal mark."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.amounts import Mark, NotANumber, NumberColumn, cents, number, seconds


def mark_of(cells: list[str]) -> NumberColumn:
    column = NumberColumn()
    for cell in cells:
        column.add(cell)
    return column


POINT, COMMA, NONE = Mark.POINT, Mark.COMMA, Mark.NONE


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("0", NONE, "0"),
        ("1200", NONE, "1200"),
        ("1,200", NONE, "1200"),
        ("1.200", NONE, "1200"),
        ("1,234,567", NONE, "1234567"),
        ("1.234.567", NONE, "1234567"),
        ("1200.5", POINT, "1200.5"),
        ("$1,117.10K", POINT, "1117100"),
        ("1.2M", POINT, "1200000"),
        ("€ 1.2m", POINT, "1200000"),
        ("3 bn", POINT, "3000000000"),
        ("(123)", POINT, "-123"),
        ("($1,234.50)", POINT, "-1234.50"),
        ("-12.5", POINT, "-12.5"),
        ("\u2212 12.5", POINT, "-12.5"),
        ("12.50-", POINT, "-12.50"),
        ("USD 1,234.56", POINT, "1234.56"),
        ("1,234.56 US$", POINT, "1234.56"),
        ("₹12,34,567.00", POINT, "1234567"),
        (".5", POINT, "0.5"),
        ("12.", POINT, "12"),
        ("1.234,56 €", COMMA, "1234.56"),
        ("12 345,67", COMMA, "12345.67"),
        ("12\u00a0345,67 zł", COMMA, "12345.67"),
        ("12\u202f345,67\u00a0€", COMMA, "12345.67"),
        ("R$ 1.000,00", COMMA, "1000"),
        ("R$ 3,50", COMMA, "3.5"),
        ("1,2 Mio. €", COMMA, "1200000"),
        ("350 mil", COMMA, "350000"),
        ("45 Tsd. EUR", COMMA, "45000"),
        ("1.234 kr", COMMA, "1234"),
        ("1'234.50 CHF", POINT, "1234.50"),
        ("1’234.50", POINT, "1234.50"),
        ("12,-", COMMA, "12"),
        ("12,\u2013 €", COMMA, "12"),
        ("Fr. 1'200.--", POINT, "1200"),
        ("-12,-", COMMA, "-12"),
        ("1,234.56", COMMA, None),
        ("1.234,56", POINT, None),
        ("1,23", POINT, None),
        ("1.5", NONE, None),
        ("12 34", POINT, "1234"),
        ("", POINT, None),
        ("free", POINT, None),
        ("12 apples", POINT, None),
        ("12/13", POINT, None),
        ("3 x 4", POINT, None),
        ("1..2", POINT, None),
        ("1,,000", POINT, None),
        ("=1+2", POINT, None),
        ("1e5", POINT, None),
        ("#5", POINT, None),
        ("5" * 61, POINT, None),
    ],
)
def test_a_cell_says_a_number(text: str, mark: Mark, value: str | None) -> None:
    if value is None:
        with pytest.raises(NotANumber):
            number(text, mark)
    else:
        assert number(text, mark) == Decimal(value)


def test_a_sum_is_in_hundredths_and_has_a_limit() -> None:
    assert cents("$1,117.10K", POINT) == 111_710_000
    assert (cents("0.005", POINT), cents("0.015", POINT)) == (0, 2)  # halves to the even one
    with pytest.raises(NotANumber):
        cents("99999999 bn", POINT)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1200", "5"], NONE),
        (["1,200", "5,000"], NONE),
        (["1.200", "1.234.567"], COMMA),
        (["1,200", "1,234,567"], POINT),
        (["1,200", "5.5"], POINT),
        (["1.200", "5,5"], COMMA),
        (["1,234.56"], POINT),
        (["1.234,56"], COMMA),
        (["0.125"], POINT),
        (["1234,500"], COMMA),
        (["R$ 1.000,00", "R$ 30,00"], COMMA),
        (["$1,117.10K", "n/a"], POINT),
    ],
)
def test_a_column_says_its_decimal_mark(cells: list[str], mark: Mark) -> None:
    assert mark_of(cells).mark is mark


def test_a_column_of_words_is_none_of_numbers() -> None:
    assert not mark_of(["free", "soon", "12"]).is_numbers
    assert mark_of(["1", "2", "3", "4", "n/a"]).is_numbers


sums = st.integers(-(10**12), 10**12)


@given(sums)
@example(-5)
@example(100_000)
def test_a_sum_is_read_back_in_each_style(value: int) -> None:
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), 100)
    english = f"{whole:,}.{part:02}"
    german = english.translate(str.maketrans(",.", ".,"))
    for text, mark in (
        (f"{sign}{english}", POINT),
        (f"{sign}${english}", POINT),
        (f"{sign}{german} €", COMMA),
        (f"R$ {sign}{german}", COMMA),
        (f"{sign}{english.replace(',', ' ').replace('.', ',')} kr", COMMA),
        (f"{sign}{english.replace(',', '’')} CHF", POINT),
    ):
        assert cents(text, mark) == value
        assert mark_of([text]).mark is mark  # two decimals prove it
    if value < 0:
        assert cents(f"({english})", POINT) == value


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20), st.booleans())
def test_a_column_of_whole_sums_is_never_taken_for_thousandths(values: list[int], comma: bool) -> None:
    cells = [f"{value:,}" if comma else f"{value:,}".replace(",", ".") for value in values]
    mark = mark_of(cells).mark
    assert [number(cell, mark) for cell in cells] == values


@given(st.text(max_size=70))
@example("²")
@example("٣٤")
@example("1\u2009000")
def test_any_text_is_a_number_or_refused(text: str) -> None:
    for mark in Mark:
        try:
            assert number(text, mark).is_finite()
        except NotANumber:
            continue
    try:
        assert seconds(text) >= 0
    except NotANumber:
        return


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("420", 1, 420),
        ("7", 60, 420),
        ("7,5", 60, 450),
        ("7:00", 1, 420),
        ("0:07:00", 1, 420),
        ("01:00:03", 60, 3603),
        ("7 min", 1, 420),
        ("7m 3s", 1, 423),
        ("1 h 2 min 3 sec", 1, 3723),
        ("12 Minuten", 1, 720),
        ("45 Sek.", 1, 45),
        ("0", 1, 0),
        ("-5", 1, None),
        ("nan", 1, None),
        ("inf", 1, None),
        ("long", 1, None),
        ("", 1, None),
        ("99999999", 1, None),
    ],
)
def test_a_span_is_read_in_seconds(text: str, unit: int, value: float | None) -> None:
    if value is None:
        with pytest.raises(NotANumber):
            seconds(text, unit)
    else:
        assert seconds(text, unit) == value
