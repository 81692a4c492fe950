"""How the values of a report are written: the one place for every drawer, with and without a window.

0:52 · 61.4% · 4.6× · 9,880 · Oct 2026 · W47 · 16 Nov · –. A value that is not there is a dash, and a note says why.
What is written is rounded for reading only; files carry the value as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from app.domain.report import Asked, Better, By, Cell, Column, Figure, Table, Unit

__all__ = [
    "BY_WORDS", "DASH", "STEPS", "Change", "asked_words", "cell_words", "change_of", "day_words", "described",
    "has_intervals", "has_numbers", "heading", "interval_words", "place_words", "rest_words", "tick_words",
    "value_words",
]  # fmt: skip

DASH = "–"
MINUS = "−"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

BY_WORDS = {
    By.WHOLE: "everything together",
    By.SOURCE: "source",
    By.MEDIUM: "medium",
    By.CAMPAIGN: "campaign",
    By.AD: "ad",
    By.CHANNEL: "channel",
    By.TIER: "tier",
    By.REP: "rep",
    By.COUNTRY: "country",
    By.DAY: "day",
    By.WEEK: "week",
    By.MONTH: "month",
}

STEPS = ("called", "contact", "booked", "qualified", "won", "lost", "met", "breached", "escalated")
"""What can have become of a lead, as a segment asks for it: each "yes" or "no"."""

Value = float | int | str | None


def value_words(unit: Unit, value: Value) -> str:
    """A value as it is written on a screen, on paper and on a terminal."""
    if value is None:
        return DASH
    if isinstance(value, str):
        return value
    if value != value or value in (float("inf"), float("-inf")):
        return DASH
    words = _positive(unit, abs(value))
    negative = value < 0 and any(letter in words for letter in "123456789")
    return MINUS + words if negative else words


def _positive(unit: Unit, value: float | int) -> str:
    match unit:
        case Unit.SHARE:
            return f"{value * 100:.1f}%"
        case Unit.SPAN:
            return _span(value)
        case Unit.MONEY:
            whole = isinstance(value, int) and value % 100 == 0
            return f"{value // 100:,}" if whole else f"{value / 100:,.2f}"
        case Unit.TIMES:
            return f"{value:,.1f}×" if value < 100 else f"{value:,.0f}×"
        case Unit.COUNT | Unit.SCORE:
            return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"
    return str(value)


def _span(seconds: float) -> str:
    """ "0.4 s", "0:52", "41:33", "41 h 20 min", "5 d 4 h", "48.4 d"."""
    if 0 < seconds < 0.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 100 * _MINUTE:
        return f"{whole // _MINUTE}:{whole % _MINUTE:02d}"
    if whole < 3 * _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d} min"
    if whole < 10 * _DAY:
        return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"
    return f"{seconds / _DAY:,.1f} d"


def day_words(key: str, value: str) -> str:
    """A day, or the week or month that begins with it, as the column's key says: "22 Nov", "W47 · 16 Nov", "Oct 2026".

    A column of some other key is a day of any year: "22 Nov 2026". What is no ISO date is written as it is.
    """
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    month = _MONTHS[day.month - 1]
    match key:
        case By.MONTH:
            return f"{month} {day.year}"
        case By.WEEK:
            return f"W{day.isocalendar().week} · {day.day} {month}"
        case By.DAY:
            return f"{day.day} {month}"
    return f"{day.day} {month} {day.year}"


def tick_words(unit: Unit, value: Value) -> str:
    """A value beside an axis: as short as can be."""
    if not isinstance(value, int | float):
        return value_words(unit, value)
    if unit is Unit.SHARE:
        return f"{value * 100:.3g}%"
    if unit is Unit.SPAN and value >= 2 * _HOUR:
        return f"{value / _HOUR:.3g} h" if value < 2 * _DAY else f"{value / _DAY:,.3g} d"
    if unit is Unit.MONEY:
        return f"{value / 100:,.0f}"
    if unit is Unit.TIMES:
        return f"{value:.3g}×"
    return value_words(unit, value)


def cell_words(column: Column, cell: Cell) -> str:
    """A cell in one word."""
    if column.unit is Unit.DAY and isinstance(cell.value, str):
        return day_words(column.key, cell.value)
    return value_words(column.unit, cell.value)


def place_words(column: Column, cell: Cell) -> str:
    """A place on the axis that the first column is: as short as can be."""
    return cell_words(column, cell) if column.unit is Unit.DAY else tick_words(column.unit, cell.value)


def interval_words(unit: Unit, cell: Cell) -> str:
    """ "56.6–66.0%"; "" where the cell has no interval."""
    if cell.low is None or cell.high is None:
        return ""
    low, high = value_words(unit, cell.low), value_words(unit, cell.high)
    for sign in ("%", "×"):
        if low.endswith(sign) and high.endswith(sign):
            low = low.removesuffix(sign)
    return f"{low}–{high}" if " " not in low + high and MINUS not in high else f"{low} to {high}"


def rest_words(unit: Unit, cell: Cell) -> str:
    """What a number rests on: "95% 56.6–66.0% · n 412"; "" where nothing is said of it."""
    interval = interval_words(unit, cell)
    parts = [f"95% {interval}" if interval else "", f"n {cell.n:,}" if cell.n is not None else "", cell.note]
    return " · ".join(part for part in parts if part)


def described(column: Column, cell: Cell, row: str = "") -> str:
    """A cell in a sentence, for whoever hears it or points at it."""
    rest = rest_words(column.unit, cell)
    words = f"{column.title}: {cell_words(column, cell)}" + (f" ({rest})" if rest else "")
    return f"{row}, {words}" if row else words


def has_intervals(table: Table, place: int) -> bool:
    """Whether cells of that column carry an interval."""
    return any(row[place].low is not None and row[place].high is not None for row in table.rows)


def has_numbers(table: Table, place: int) -> bool:
    """Whether cells of that column say of how many they are."""
    return any(row[place].n is not None for row in table.rows)


_UNITS = {Unit.SHARE: "share", Unit.SPAN: "seconds", Unit.TIMES: "times"}


def heading(column: Column) -> str:
    """The head of a column in a file, where values stand bare: with the unit they are in. Money has none: it is the
    floor's own."""
    unit = _UNITS.get(column.unit)
    return f"{column.title} ({unit})" if unit else column.title


class Change(NamedTuple):
    """How a figure stands to the same one before."""

    words: str
    """ "▲ 23.1 points, better"; never a colour alone."""
    verdict: str
    """ "good", "bad" or "" where neither is."""


def change_of(figure: Figure) -> Change | None:
    """How it moved; None where there is nothing to compare with."""
    was = figure.was
    if was is None:
        return None
    now, before = figure.now.value, was.value
    if not isinstance(before, int | float) or was.n == 0:
        return Change("nothing to compare with", "")
    if not isinstance(now, int | float):
        return Change(f"was {value_words(figure.unit, before)}", "")
    if value_words(figure.unit, now) == value_words(figure.unit, before):
        return Change("as before", "")
    more = now > before
    arrow = "▲" if more else "▼"
    if figure.unit is Unit.SHARE:
        moved = f"{arrow} {abs(now - before) * 100:.1f} points"
    else:
        moved = f"{arrow} was {value_words(figure.unit, before)}"
    if figure.better is Better.NEITHER:
        return Change(moved, "")
    good = more == (figure.better is Better.MORE)
    return Change(f"{moved}, {'better' if good else 'worse'}", "good" if good else "bad")


def asked_words(asked: Asked, names: Sequence[tuple[str, str]] = ()) -> str:
    """Which of the leads a report is of: "medium google; contact yes", "all leads". `names` are words for values."""
    known = dict(names)
    parts = [
        f"{field} {' or '.join(known.get(value, value) or 'not given' for value in values)}"
        for field, values in asked.segment.where
    ]
    return "; ".join(parts) if parts else "all leads"
