"""The baseline: how a floor did over thirty days before it was changed, kept so that it can't change.

It is kept by stratum (medium and tier), since what comes in changes too: a later span is compared like with like
(`strata.py`). Spans of time are in seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from app.domain.frozen import dataclass
from app.domain.measure import Spread
from app.domain.milestones import DELAYS
from app.domain.strata import Counted

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


def counted(
    strata: Iterable[Stratum], part: Callable[[Stratum], int], whole: Callable[[Stratum], int]
) -> Counted:
    """By medium (as it is read, not as it is cased) and tier: (part, whole)."""
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for one in strata:
        key = (one.medium.casefold(), one.tier)
        some, of = found.get(key, (0, 0))
        found[key] = some + part(one), of + whole(one)
    return found
