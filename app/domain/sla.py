"""SLA clocks: which there are, what they promise, and every moment of one.

A clock runs to its deadline on wall time or on the working time of a calendar. Before the deadline it warns, at any
share of its promise; around it the steps of its chain are due. `moments` lists them all, so that the keeper has one
rule for what comes next, whatever it is. Pure: the instants are handed in, aware UTC.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from app.domain.chain import Step
from app.domain.frozen import dataclass
from app.domain.hours import Calendar, Span, deadline
from app.domain.lead import Tier

if TYPE_CHECKING:
    from app.domain.rulebook import Rulebook

__all__ = ["PARTNERS", "ClockKind", "ClockRule", "Due", "Terms", "moments", "next_due", "rule_of", "terms_of"]


class ClockKind(StrEnum):
    FIRST_ATTEMPT = "first_attempt"  # the first call, or letter where there is no number
    FIRST_CONTACT = "first_contact"  # the first live conversation
    CALL_BACK = "call_back"  # a promised call-back: its time, and so many seconds of grace
    PARTNER = "partner"  # a partner's first try at a lead they were given
    RESULT = "result"  # what came of a lead that a partner was given: won, lost or not a fit


PARTNERS = (ClockKind.PARTNER, ClockKind.RESULT)
"""What partners promise; such a clock ends when the lead is no partner's any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """What a clock of a kind promises, for leads of a tier or of all. The first rule that fits holds.

    The first attempt's seconds are the tier's own, whatever stands here.
    """

    kind: ClockKind
    tier: Tier | None = None
    seconds: int = 0
    calendar: str = ""
    """Name of the calendar whose working time counts; empty: wall time."""
    warnings: tuple[float, ...] = ()
    """Shares of the promise after which a warning is given: 0.5, 0.8."""
    chain: str = ""
    """Name of a chain; empty: the first one."""


class Terms(NamedTuple):
    """What holds for one clock."""

    calendar: Calendar | None
    seconds: float
    warnings: tuple[float, ...]
    steps: tuple[Step, ...]


_BARE = {kind: ClockRule(kind=kind) for kind in ClockKind}


def rule_of(rulebook: Rulebook, kind: ClockKind, tier: Tier) -> ClockRule | None:
    """The rule for a clock; None where the rulebook knows no such clock. There is always one for the first attempt."""
    for rule in rulebook.clocks:
        if rule.kind == kind and rule.tier in (None, tier):
            return rule
    return _BARE[kind] if kind == ClockKind.FIRST_ATTEMPT else None


def terms_of(rulebook: Rulebook, rule: ClockRule, seconds: float) -> Terms:
    """What a rule means, for a promise of so many seconds."""
    calendar = next((one for one in rulebook.calendars if one.name == rule.calendar), None)
    named = next((chain.steps for chain in rulebook.chains if chain.name == rule.chain), rulebook.chain)
    return Terms(calendar, seconds, rule.warnings, named)


class Due(NamedTuple):
    """A moment of a clock. The breach has no number; a warning has one below 0, a step of the chain its place."""

    at: datetime
    number: int | None

    @property
    def is_warning(self) -> bool:
        return self.number is not None and self.number < 0


def moments(
    terms: Terms,
    started_at: datetime,
    until: datetime,
    pauses: Collection[Span] = (),
    *,
    held_until: datetime | None = None,
) -> list[Due]:
    """Every moment of a clock whose deadline is `until`, in order; at the same instant the breach is first.

    `held_until`: somebody said that they have the lead, so no step of the chain comes before that.
    """
    found = [
        Due(min(deadline(terms.calendar, started_at, terms.seconds * share, pauses), until), -number)
        for number, share in enumerate(terms.warnings, 1)
    ]
    for number, step in enumerate(terms.steps):
        at = until + timedelta(seconds=step.after)
        found.append(Due(max(at, held_until) if held_until else at, number))
    found.append(Due(until, None))
    # A warning stands before the breach of the same instant, the steps behind it.
    return sorted(
        found, key=lambda due: (due.at, 0 if due.is_warning else 1, -1 if due.number is None else due.number)
    )


def next_due(due: Collection[Due], taken: Collection[int], is_running: bool) -> Due | None:
    """The first moment that has not been; None when the clock has nothing more to come."""
    for moment in due:
        if moment.number is None:
            if is_running:
                return moment
        elif moment.number not in taken and (is_running or not moment.is_warning):
            return moment
    return None
