"""In which order a column writes day and month, by its cells.

A 13 to 31 in one of the two places says which is the day, and so does a weekday that stands beside the numbers and fits
one way of reading them. A column that never has either can't be told (`Order.UNTOLD`), and a person says.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache

from app.domain.dates import DIGITS, NUMERIC, WEEKDAYS, WORD, NotADate, Order, bare, folded, is_month, written


class DateColumn:
    """What the cells of one column say of the order of day and month; filled cells are added one by one."""

    def __init__(self) -> None:
        self.cells = 0
        self.dates = 0
        """Cells that are dates in some order."""
        self.months = 0
        """Cells that name a whole month and no day of it."""
        self.open = ""
        """The first cell that may be read either way."""
        self.proof = ""
        """The first cell that can only be read in one order."""
        self._day = self._month = self._year = False
        self._dotted = True

    def add(self, text: str) -> None:
        self.cells += 1
        found = _looked(text)
        if found is None:
            self.months += is_month(text)
            return
        self.dates += 1
        first, second, separator = found
        if not separator:
            return
        if first > 31:
            self._year = True
        elif first > 12:
            self._day = True
        elif second > 12:
            self._month = True
        elif (order := _by_weekday(text)) is not None:
            self._day |= order is Order.DAY_FIRST
            self._month |= order is Order.MONTH_FIRST
            self.proof = self.proof or text
        elif first != second and not self.open:
            self.open = text
        if not self.proof and (first > 12 or second > 12):
            self.proof = text
        self._dotted = self._dotted and separator == "."

    @property
    def order(self) -> Order:
        if self._year:
            return Order.YEAR_FIRST
        if self._day:
            return Order.DAY_FIRST  # and cells the other way round are refused, each with its reason
        if self._month:
            return Order.MONTH_FIRST
        if not self.open:
            return Order.PLAIN
        return Order.DAY_FIRST if self._dotted else Order.UNTOLD

    @property
    def proven(self) -> bool:
        """Whether some cell can only be read in this order."""
        return self._day or self._month

    @property
    def is_dates(self) -> bool:
        """Whether the column holds dates: most of its filled cells are some."""
        return self.dates * 10 >= 8 * self.cells > 0

    @property
    def is_days(self) -> bool:
        """Whether the column holds dates or whole months."""
        return (self.dates + self.months) * 10 >= 8 * self.cells > 0


@lru_cache(maxsize=65536)
def _looked(text: str) -> tuple[int, int, str] | None:
    """(first, second number, what is between) of a date that leaves the order open, (0, 0, "") of one that does not,
    None of what is no date at all."""
    plain = bare(text)
    if DIGITS.fullmatch(plain):
        try:
            written(plain, Order.PLAIN)
        except NotADate:
            return None
        return 0, 0, ""
    for order in (Order.DAY_FIRST, Order.MONTH_FIRST, Order.YEAR_FIRST):
        try:
            written(plain, order)
            break
        except NotADate:
            continue
    else:
        return None
    found = NUMERIC.match(plain)
    if found is None or len(found[1]) == 4:
        return 0, 0, ""
    return int(found[1]), int(found[3]), found[2]


def _by_weekday(text: str) -> Order | None:
    """The order in which a date falls on the weekday that stands beside it; None where there is none, or both do."""
    named = {WEEKDAYS[word] for word in map(folded, WORD.findall(text)) if word in WEEKDAYS}
    if len(named) != 1:
        return None
    fitting = []
    for order in (Order.DAY_FIRST, Order.MONTH_FIRST):
        with suppress(NotADate):
            if written(text, order).at.weekday() in named:
                fitting.append(order)
    return fitting[0] if len(fitting) == 1 else None
