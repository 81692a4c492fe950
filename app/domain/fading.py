"""Points that fade, and the instant at which their sum first leaves a range.

A rule's points stand as one amount at an instant, which halves with each half-life and never counts for more than
its cap. When nothing but time passes, a score therefore follows a curve known beforehand, and the moment at which
it leaves its tier can be computed instead of being looked for. Amounts above nothing only fall and those below only
rise, so that over any stretch of time the sum lies between two bounds that are cheap to know: a stretch whose bounds
lie within the range is passed over, any other is halved. That finds the first leaving whatever mixture it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

__all__ = ["Term", "leaving"]

_HALVINGS = 64
"""After so many half-lives an amount is nothing: a million million points are less than a millionth of one."""
_MICRO = timedelta(microseconds=1)


class Term(NamedTuple):
    """Points of one rule: so many at an instant, at most `cap` either way; without a half-life (seconds) they stay."""

    amount: float
    at: datetime | None
    half_life: float | None
    cap: float

    def points(self, now: datetime | None) -> float:
        """What it counts at an instant; none before the instant of its amount."""
        amount = self.amount
        if self.half_life is not None and self.at is not None and now is not None and now > self.at:
            amount *= 0.5 ** ((now - self.at).total_seconds() / self.half_life)
        return max(-self.cap, min(self.cap, amount))


def total(terms: Sequence[Term], now: datetime | None, most: float | None) -> float:
    """The sum at an instant, at most `most`."""
    found = sum(term.points(now) for term in terms)
    return found if most is None else min(found, most)


def leaving(
    terms: Sequence[Term], now: datetime, most: float | None, low: float, high: float
) -> datetime | None:
    """The first instant (to the microsecond) after `now` at which the sum is below `low` or not below `high`; None
    if it never is. It must be within at `now`."""
    fading = [term for term in terms if term.half_life is not None and term.at is not None]
    if not fading:
        return None
    if not any(term.amount < 0 for term in fading):
        high = float("inf")  # it can only fall
        staying = sum(term.points(now) for term in terms if term not in fading)
        if staying >= low and (most is None or most >= low):
            return None
    curve = _Curve(terms, fading, now, most, low, high)
    end = round(max(term.half_life or 0 for term in fading) * _HALVINGS * 1_000_000)
    found = curve.first(0, end)
    if found is None:
        return None
    step = 1
    at = now + found * _MICRO
    while not low > total(terms, at, most) and not total(terms, at, most) >= high:
        at += step * _MICRO  # the curve and the sum differ in their last digits
        step *= 2
    return at


class _Curve:
    """The sum as a function of microseconds from now."""

    def __init__(
        self,
        terms: Sequence[Term],
        fading: Sequence[Term],
        now: datetime,
        most: float | None,
        low: float,
        high: float,
    ) -> None:
        self._still = sum(term.points(now) for term in terms if term not in fading)
        self._most = float("inf") if most is None else most
        self._low, self._high = low, high
        loose: dict[tuple[float, bool], float] = {}
        self._falling: list[tuple[float, float, float]] = []
        """(amount now, its half-life's share of a microsecond, cap) of what only falls."""
        self._rising: list[tuple[float, float, float]] = []
        for term in fading:
            assert term.at is not None
            assert term.half_life is not None
            amount = term.amount
            if now > term.at:
                amount *= 0.5 ** ((now - term.at).total_seconds() / term.half_life)
            rate = 1 / (term.half_life * 1_000_000)
            if abs(amount) <= term.cap:  # its cap can't matter any more
                loose[rate, amount > 0] = loose.get((rate, amount > 0), 0.0) + amount
            else:
                (self._falling if amount > 0 else self._rising).append((amount, rate, term.cap))
        for (rate, falls), amount in loose.items():
            (self._falling if falls else self._rising).append((amount, rate, float("inf")))

    def _at(self, falling: int, rising: int) -> float:
        found = self._still
        for amount, rate, cap in self._falling:
            found += min(cap, amount * 0.5 ** (falling * rate))
        for amount, rate, cap in self._rising:
            found += max(-cap, amount * 0.5 ** (rising * rate))
        return min(found, self._most)

    def _is_out(self, at: int) -> bool:
        value = self._at(at, at)
        return value < self._low or value >= self._high

    def first(self, begin: int, end: int) -> int | None:
        """The first microsecond after `begin`, up to `end`, at which the sum is out of its range."""
        stretches = [(begin, end)]
        while stretches:
            begin, end = stretches.pop()
            if self._at(end, begin) >= self._low and self._at(begin, end) < self._high:
                continue
            if end - begin <= 1:
                if self._is_out(end):
                    return end
                continue
            middle = (begin + end) // 2
            if not self._is_out(middle):
                stretches.append((middle, end))
            stretches.append((begin, middle))
        return None
