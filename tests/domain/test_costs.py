"""A cost over a span is spread evenly by day, to the last cent, however the span is cut."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.costs import LARGEST, LONGEST, CostLine, checked, span_of, spent
from app.domain.errors import Refused

days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
lines = st.builds(
    lambda first, length, amount: CostLine(
        first=first.isoformat(), last=(first + timedelta(days=length)).isoformat(), medium="x", amount=amount
    ),
    days,
    st.integers(0, 400),
    st.integers(-LARGEST, LARGEST),
)


def by_day(line: CostLine) -> list[tuple[date, int]]:
    first, last = date.fromisoformat(line.first), date.fromisoformat(line.last)
    every = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    return [(day, spent(line, day, day + timedelta(days=1))) for day in every]


@given(lines)
def test_the_days_add_up_to_the_amount_and_differ_by_a_cent_at_most(line: CostLine) -> None:
    shares = [share for _, share in by_day(line)]
    assert sum(shares) == line.amount
    assert max(shares) - min(shares) <= 1


@given(lines, days, st.integers(0, 800), st.integers(0, 800))
def test_what_falls_on_a_span_is_the_sum_of_its_days_and_cuts_add_up(
    line: CostLine, since: date, length: int, cut: int
) -> None:
    until = since + timedelta(days=length)
    middle = since + timedelta(days=min(cut, length))
    assert spent(line, since, until) == sum(share for day, share in by_day(line) if since <= day < until)
    assert spent(line, since, middle) + spent(line, middle, until) == spent(line, since, until)


def test_a_month_is_as_long_as_it_is() -> None:
    first, last = span_of("2028-02")
    assert (first, last) == ("2028-02-01", "2028-02-29")
    line = CostLine(first=first, last=last, medium="google", amount=2900)
    assert spent(line, date(2028, 2, 10), date(2028, 2, 11)) == 100
    with pytest.raises(Refused):
        span_of("2028-13")


def test_a_line_is_kept_in_one_way_of_writing() -> None:
    line = checked(CostLine(first="2026-03-01", medium="  google \t ads", amount=5))
    assert (line.first, line.last, line.medium) == ("2026-03-01", "2026-03-01", "google ads")


@pytest.mark.parametrize(
    "line",
    [
        CostLine(first="1.3.2026", medium="x", amount=1),
        CostLine(first="2026-02-30", medium="x", amount=1),
        CostLine(first="2026-03-02", last="2026-03-01", medium="x", amount=1),
        CostLine(first="2026-03-02", last="yesterday", medium="x", amount=1),
        CostLine(first="2000-01-01", last="2020-01-01", medium="x", amount=1),
        CostLine(first="2026-03-02", medium="  ", campaign="y", amount=1),
        CostLine(first="2026-03-02", medium="x", ad="y", amount=1),
        CostLine(first="2026-03-02", medium="x" * 201, amount=1),
        CostLine(first="2026-03-02", medium="x", amount=LARGEST + 1),
        CostLine(first="2026-03-02", medium="x", amount=-LARGEST - 1),
    ],
)
def test_what_says_nothing_sensible_is_refused(line: CostLine) -> None:
    with pytest.raises(Refused):
        checked(line)


def test_the_longest_span_is_taken() -> None:
    first = date(2020, 1, 1)
    last = first + timedelta(days=LONGEST - 1)
    assert checked(CostLine(first=first.isoformat(), last=last.isoformat(), medium="x", amount=1))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("2026-11-22", ("2026-11-22", "2026-11-22")),
        (" 2024-02 ", ("2024-02-01", "2024-02-29")),
        ("2026-11-01 – 2026-11-14", ("2026-11-01", "2026-11-14")),
        ("2026-11-01 - 2026-11-14", ("2026-11-01", "2026-11-14")),
        ("2026-11-01–2026-11-14", ("2026-11-01", "2026-11-14")),
        ("2026-10 to 2026-11", ("2026-10-01", "2026-11-30")),
        ("2026-11-03 2026-12", ("2026-11-03", "2026-12-31")),
    ],
)
def test_a_span_is_read_as_people_write_it(text: str, span: tuple[str, str]) -> None:
    assert span_of(text) == span


@pytest.mark.parametrize("text", ["", "soon", "2026", "2026-13", "1 2 3", "2026-11-31"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        span_of(text)
