"""The baseline: how a floor did over thirty days before it was changed, kept so that it can't change.

It is kept by stratum (medium and tier), since what comes in changes too: a later span is compared like with like
(`strata.py`). Spans of time are in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.frozen import dataclass
from app.domain.measure import Spread
from app.domain.milestones import DELAYS
from app.domain.strata import Counted, Timed
from app.domain.tidy import folded

LENGTH = timedelta(days=30)
SOON = tuple(name for name, until in DELAYS if until <= 300)
"""The delays that are within five minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Leads of one medium and tier: how many took which step by the moment that they were counted."""

    medium: str
    tier: str
    leads: int = 0
    called: int = 0
    soon: int = 0
    """Called within five minutes."""
    contacted: int = 0
    qualified: int = 0
    booked: int = 0
    won: int = 0
    met: int = 0
    breached: int = 0
    ttfc: Spread = Spread()
    """Of a baseline that was frozen before times were kept by stratum, without a value."""
    ttfc_worked: Spread = Spread()


_COUNTS = ("leads", "called", "soon", "contacted", "qualified", "booked", "won", "met", "breached")


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    since: datetime
    until: datetime
    counted_at: datetime
    """The moment up to which leads had come as far as is said."""
    strata: tuple[Stratum, ...]
    ttfc: Spread
    ttfc_worked: Spread

    @property
    def leads(self) -> int:
        return sum(one.leads for one in self.strata)


def together(strata: Iterable[Stratum]) -> dict[tuple[str, ...], Stratum]:
    """By medium (as it is read, not as it is cased) and tier."""
    found: dict[tuple[str, ...], Stratum] = {}
    for one in strata:
        key = (folded(one.medium), one.tier)
        sums = (
            {name: getattr(found[key], name) + getattr(one, name) for name in _COUNTS} if key in found else {}
        )
        found[key] = replace(one, **sums)
    return found


def counted(
    strata: Iterable[Stratum], part: Callable[[Stratum], int], whole: Callable[[Stratum], int]
) -> Counted:
    """By medium and tier: (part, whole)."""
    return {key: (part(one), whole(one)) for key, one in together(strata).items()}


def timed(strata: Iterable[Stratum], time: Callable[[Stratum], Spread]) -> Timed:
    """By medium and tier: how many leads have a time, and its quantiles."""
    return {key: (time(one).n, time(one).quantiles) for key, one in together(strata).items()}
