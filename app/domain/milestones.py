"""The milestones of a lead, and what a report counts: the exact definitions, in one place.

*Cohort*: leads that are no tests, neither staged by a file nor merged away, by capture. A lead that is still open is
shown as open, never as a failure. *Called* is a lead with an attempt of kind call, *contacted* one with a live
conversation, *booked* one with a first appointment, *qualified* one whose `qualified_at` is set: by its first
appointment, by being won, by a file that says so. Not a fit is not qualified. *Met* and *breached* count first-attempt
clocks, however many a lead had; *escalated* is a lead that any step of a chain was taken for, *clocked* one that had an
SLA clock of any kind. Time to first call is from capture to the start of the first call, in wall seconds or in
seconds of the working hours that were in force when it was made.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.frozen import dataclass
from app.domain.hours import working_seconds
from app.domain.measure import Spread

if TYPE_CHECKING:
    from app.domain.rulebook import Rulebook

__all__ = ["DELAYS", "NEVER", "STEPS", "Also", "Counts", "Group", "Moment", "Span", "worked"]


class Span(StrEnum):
    """From capture to a milestone, or from one milestone to another, of leads that have both."""

    CALL = "call"
    CALL_WORKED = "call_worked"
    """To the first call, counted in working time."""
    CONTACT = "contact"
    QUALIFIED = "qualified"
    BOOKED = "booked"
    WON = "won"
    CONTACT_TO_QUALIFIED = "contact_to_qualified"
    QUALIFIED_TO_BOOKED = "qualified_to_booked"
    BOOKED_TO_WON = "booked_to_won"


class Moment(StrEnum):
    """By which instant of theirs leads are taken."""

    CAPTURE = "capture"
    CALL = "call"
    CONTACT = "contact"
    QUALIFIED = "qualified"
    BOOKED = "booked"
    WON = "won"


class Also(StrEnum):
    """What leads can be put together by besides `By`, in the zone of the floor."""

    WEEKDAY = "weekday"
    """1 for Monday to 7."""
    HOUR = "hour"
    """0 to 23 by the clock on the wall."""
    DELAY = "delay"
    """The name of one of `DELAYS`, or `NEVER`."""
    CALLER = "caller"
    """Who made the first call; empty where there was none."""
    LAST_MEDIUM = "last_medium"
    """Of the inquiry that came last, if it said where it came from."""
    LAST_CAMPAIGN = "last_campaign"
    LAST_AD = "last_ad"


NEVER = "never"
DELAYS: tuple[tuple[str, float], ...] = (
    ("1 min", 60.0),
    ("5 min", 300.0),
    ("10 min", 600.0),
    ("30 min", 1800.0),
    ("1 h", 3600.0),
    ("24 h", 86400.0),
    ("later", float("inf")),
)
"""Groups of response delays: a name, and the seconds up to which (themselves part of it) it reaches."""

STEPS: tuple[str, ...] = (
    "called",
    "contact",
    "qualified",
    "booked",
    "won",
    "lost",
    "unfit",
    "open",
    "met",
    "breached",
    "escalated",
    "clocked",
)
"""What a segment may ask "yes" or "no" of."""


def worked(rulebook: Rulebook, since: datetime, until: datetime) -> timedelta:
    """Working time of the floor between two instants; a floor without hours never closes."""
    calendar = rulebook.calendars[0] if rulebook.calendars else None
    return timedelta(seconds=working_seconds(calendar, since, until))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of a group of leads took which step."""

    leads: int = 0
    called: int = 0
    contacted: int = 0
    qualified: int = 0
    booked: int = 0
    won: int = 0
    lost: int = 0
    unfit: int = 0
    open: int = 0
    revenue: int = 0
    """Of those that were won, in minor units."""
    met: int = 0
    """First-attempt clocks."""
    breached: int = 0
    escalated: int = 0
    """Leads, as is `clocked`."""
    clocked: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in COUNTED})


COUNTED: tuple[str, ...] = tuple(Counts.__annotations__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Leads that belong together: how many took which step, and how long each step took (the spans asked for)."""

    counts: Counts = Counts()
    spreads: tuple[tuple[Span, Spread], ...] = ()

    def spread(self, span: Span) -> Spread:
        return next((spread for kind, spread in self.spreads if kind == span), Spread())
