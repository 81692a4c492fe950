"""What the cells of each column say while a file is read to its end: order of dates, decimal mark, its few words.

Only columns that may be dates or numbers by their first rows are looked at to the last one; a column has words worth
telling when there are few different ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.amounts import Mark, NumberColumn
from app.domain.date_column import DateColumn
from app.domain.dates import Order
from app.domain.frozen import dataclass
from app.domain.mapping import given

FIRST: Final = 200
"""Rows by which it is judged what a column may be."""
WORDS: Final = 60
"""A column with more different words than these is no list of words."""
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One column as it was seen."""

    is_dates: bool = False
    is_days: bool = False
    """Dates, or whole months."""
    order: Order = Order.PLAIN
    open: str = ""
    """A cell whose day and month may be read either way."""
    proof: str = ""
    """A cell that can only be read in one order."""
    is_numbers: bool = False
    mark: Mark = Mark.NONE
    words: tuple[str, ...] = ()
    """All its different words in their order, where they are few."""
    counts: tuple[int, ...] = ()
    """How many cells say each of the words."""


class ColumnsSeen:
    """Takes the rows of a table one by one."""

    def __init__(self, width: int) -> None:
        self._dates = [DateColumn() for _ in range(width)]
        self._numbers = [NumberColumn() for _ in range(width)]
        self._words: list[dict[str, int] | None] = [{} for _ in range(width)]
        self._rows = 0
        self._active: list[int] = list(range(width))

    def add(self, cells: Sequence[str]) -> None:
        self._rows += 1
        for index in self._active:
            cell = cells[index]
            if not cell or not (text := given(cell)):
                continue
            if len(text) <= _LONGEST:
                self._dates[index].add(text)
                self._numbers[index].add(text)
                words = self._words[index]
                if words is not None:
                    words[text] = words.get(text, 0) + 1
                    if len(words) > WORDS:
                        self._words[index] = None
        if self._rows == FIRST:
            self._active = [
                index
                for index in self._active
                if (self._dates[index].dates + self._dates[index].months) * 2 >= self._dates[index].cells
                or self._numbers[index].numbers * 2 >= self._numbers[index].cells
                or self._words[index] is not None
            ]

    def done(self) -> tuple[Seen, ...]:
        """Each column. One whose dates can't be told is read like the others of the table, if these agree: the same
        program wrote them."""
        told = {
            dates.order
            for dates in self._dates
            if dates.is_dates and dates.order in (Order.DAY_FIRST, Order.MONTH_FIRST) and dates.proven
        }
        alike = told.pop() if len(told) == 1 else Order.UNTOLD
        return tuple(
            Seen(
                is_dates=dates.is_dates,
                is_days=dates.is_days,
                order=alike if dates.order is Order.UNTOLD else dates.order,
                open=dates.open,
                proof=dates.proof,
                is_numbers=numbers.is_numbers,
                mark=numbers.mark,
                words=tuple(words or ()),
                counts=tuple((words or {}).values()),
            )
            for dates, numbers, words in zip(self._dates, self._numbers, self._words, strict=True)
        )


def seen(width: int, rows: Sequence[Sequence[str]]) -> tuple[Seen, ...]:
    """The columns of a few rows."""
    found = ColumnsSeen(width)
    for row in rows:
        found.add(row)
    return found.done()
