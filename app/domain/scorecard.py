"""The rule by which a week's work is scored, from 0 to 100: part of the rulebook, so that each version explains itself.

Every measure is a share: so many of so many. It gives none of its points up to `none_at`, all of them from `full_at`
on, and between the two in proportion. What is counted, and what is not, says `week_count.py`; how points come of it,
`scoring.py`. All spans are in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from app.domain.flaw import Flaw
from app.domain.frozen import dataclass
from app.domain.lead import Role

__all__ = [
    "MEASURES", "QUALITY", "SHORT", "SPEED", "Measure", "Review", "Scorecard", "Target", "Weekday", "scorecard_flaws",
]  # fmt: skip


class Measure(StrEnum):
    """What is scored. The words stand in rulebooks and frozen weeks: added, never renamed."""

    FAST = "fast"  # first calls made soon, of first calls
    PROMISE = "promise"  # promises of a first call kept, of promises that ended
    CONTACT = "contact"  # leads talked to, of leads called
    BOOKED = "booked"  # leads with a first appointment, of leads talked to
    WON = "won"  # leads won, of leads talked to
    LOGGED = "logged"  # calls whose outcome was said, of calls
    TALKED = "talked"  # leads talked to at length, of leads talked to


MEASURES = {
    Measure.FAST: "First calls made soon",
    Measure.PROMISE: "Promises kept",
    Measure.CONTACT: "Contact rate",
    Measure.BOOKED: "Booking rate",
    Measure.WON: "Won",
    Measure.LOGGED: "Outcomes said",
    Measure.TALKED: "Talked at length",
}
"""What a measure is called wherever people read it."""
SHORT = {
    Measure.FAST: "Soon",
    Measure.PROMISE: "Promises",
    Measure.CONTACT: "Contact",
    Measure.BOOKED: "Booked",
    Measure.WON: "Won",
    Measure.LOGGED: "Said",
    Measure.TALKED: "Length",
}
"""The same over a narrow column."""
SPEED = (Measure.FAST, Measure.PROMISE)
QUALITY = (Measure.LOGGED, Measure.TALKED)
"""What stands beside speed, so that nobody is paid for dialling and hanging up."""


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One measure's part of the score."""

    measure: Measure
    weight: int
    """Points at most; those of all measures are 100 together."""
    none_at: float
    """A share (0 to 1) up to which there are no points."""
    full_at: float
    """The share from which on there are all."""
    least: int = 5
    """Below so many, this measure is too little to judge by: the others share its points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """When the week before is frozen and sent, by the clock on the floor's wall, and to whom."""

    weekday: Weekday = Weekday.MONDAY
    hour: int = 7
    is_sent: bool = True
    floor_to: tuple[Role, ...] = (Role.MANAGER, Role.OWNER)
    """Who gets the floor's page; everybody who has a page gets their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    measures: tuple[Target, ...] = (
        Target(measure=Measure.FAST, weight=25, none_at=0.3, full_at=0.8),
        Target(measure=Measure.PROMISE, weight=20, none_at=0.5, full_at=0.95),
        Target(measure=Measure.CONTACT, weight=15, none_at=0.15, full_at=0.45),
        Target(measure=Measure.BOOKED, weight=15, none_at=0.05, full_at=0.3),
        Target(measure=Measure.WON, weight=10, none_at=0.0, full_at=0.15),
        Target(measure=Measure.LOGGED, weight=10, none_at=0.8, full_at=1.0),
        Target(measure=Measure.TALKED, weight=5, none_at=0.2, full_at=0.7),
    )
    least_leads: int = 15
    """Who called fewer leads in the week has no score: it would be chance."""
    fast_seconds: int = 300
    """A first call is soon within so much working time. Five minutes is where the reply-speed studies draw the line
    (LRM study, Oldroyd, 2007)."""
    dial_seconds: int = 5
    """A shorter call is none: it stops no clock here, and is no contact."""
    contact_seconds: int = 10
    """A shorter conversation is none."""
    talk_seconds: int = 120
    """From here on it is one at length."""
    prior: int = 10
    """So many leads of the floor's own mean are put to each share, so that few leads lie near the mean."""
    quality_least: float = 0.5
    """Below this share of the points for quality, those for speed count half."""
    review: Review = Review()


def scorecard_flaws(card: Scorecard) -> Iterator[Flaw]:
    """All that is wrong with the rule, each in a sentence that says what to change."""
    seen: set[Measure] = set()
    for at, target in enumerate(card.measures):
        place, called = f"scorecard.measures.{at}", f"The measure “{MEASURES[target.measure]}”"
        if target.measure in seen:
            yield _flaw(f"{called} stands twice. Take one of them out.", place)
        seen.add(target.measure)
        if not 0 <= target.weight <= 100:
            yield _flaw(f"{called} gives 0 to 100 points.", f"{place}.weight")
        if not 0 <= target.none_at < target.full_at <= 1:
            text = f"{called} needs two shares between 0 and 1, the one for no points below the one for all."
            yield _flaw(text, f"{place}.none_at")
        if not 1 <= target.least <= 10_000:
            yield _flaw(f"{called} is judged from 1 to 10,000 on.", f"{place}.least")
    total = sum(target.weight for target in card.measures)
    if total != 100:
        yield _flaw(f"The measures give {total} points together. Let them give 100.", "scorecard.measures")
    for name, most, called in (
        ("least_leads", 10_000, "The fewest leads of a score"),
        ("prior", 10_000, "The leads of the floor's mean"),
        ("fast_seconds", 7 * 86400, "The time of a soon first call"),
        ("dial_seconds", 600, "The shortest call"),
        ("contact_seconds", 3600, "The shortest conversation"),
        ("talk_seconds", 4 * 3600, "A conversation at length"),
    ):
        if not 0 <= getattr(card, name) <= most:
            yield _flaw(f"{called} must lie between 0 and {most:,}.", f"scorecard.{name}")
    if not card.dial_seconds <= card.contact_seconds <= card.talk_seconds:
        text = "A conversation is no shorter than a call, and one at length no shorter than that."
        yield _flaw(text, "scorecard.contact_seconds")
    if not 0 <= card.quality_least <= 1:
        text = "The share of quality that speed needs lies between 0 and 1."
        yield _flaw(text, "scorecard.quality_least")
    if not 0 <= card.review.hour <= 23:
        yield _flaw("The week is frozen at a full hour, from 0 to 23.", "scorecard.review.hour")


def _flaw(text: str, at: str) -> Flaw:
    return Flaw(section="scorecard", text=text, at=at)
