"""Whether the hours, clocks and chains of a rulebook can be kept: all that can't be, each in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain as joined
from itertools import pairwise

from app.domain.chain import Step, StepKind
from app.domain.flaw import Flaw
from app.domain.hours import Calendar, faults
from app.domain.public_holidays import country_fault
from app.domain.rulebook import Rulebook
from app.domain.sla import ClockKind, ClockRule

__all__ = ["clock_flaws", "doubled"]

_YEAR = 366 * 86400
_FARTHEST = 30 * 86400
"""Seconds of a chain's step from the deadline."""
_MOST_STEPS = 32


def clock_flaws(rulebook: Rulebook) -> Iterator[Flaw]:
    yield from joined(_hours(rulebook), _clocks(rulebook), _chains(rulebook))


def doubled(section: str, field: str, what: str, names: Iterable[str]) -> Iterator[Flaw]:
    """Names that are empty, and names that stand twice, of what a rulebook calls by names."""
    found: set[str] = set()
    for at, name in enumerate(names):
        if not name.strip():
            yield Flaw(section=section, text=f"Each {what} needs a name.", at=f"{field}.{at}.name")
        elif name in found:
            text = f"Two {what}s are called “{name}”. Give one of them another name."
            yield Flaw(section=section, text=text, at=f"{field}.{at}.name")
        found.add(name)


def _hours(rulebook: Rulebook) -> Iterator[Flaw]:
    calendars = {calendar.name for calendar in rulebook.calendars}
    yield from doubled("hours", "calendars", "calendar", (one.name for one in rulebook.calendars))
    yield from doubled("hours", "shifts", "shift", (shift.name for shift in rulebook.shifts))
    for at, calendar in enumerate(rulebook.calendars):
        for text in faults(calendar):
            yield Flaw(section="hours", text=text, at=f"calendars.{at}")
        fault = country_fault(calendar.country)
        if fault:
            text = f"The calendar “{calendar.name}”: {fault}"
            yield Flaw(section="hours", text=text, at=f"calendars.{at}.country")
    for at, shift in enumerate(rulebook.shifts):
        if shift.calendar not in calendars:
            text = f"The shift “{shift.name}” works by “{shift.calendar}”, a calendar that there is not."
            yield Flaw(section="hours", text=text, at=f"shifts.{at}.calendar")


def _clocks(rulebook: Rulebook) -> Iterator[Flaw]:
    calendars = {calendar.name: calendar for calendar in rulebook.calendars}
    chains = {named.name for named in rulebook.chains}
    for at, rule in enumerate(rulebook.clocks):
        called, place = _called(rule), f"clocks.{at}"
        if rule.calendar and rule.calendar not in calendars:
            text = f"{called} runs by “{rule.calendar}”, a calendar that there is not."
            yield Flaw(section="clocks", text=text, at=f"{place}.calendar")
        if rule.chain and rule.chain not in chains:
            text = f"{called} sets off “{rule.chain}”, a chain that there is not."
            yield Flaw(section="clocks", text=text, at=f"{place}.chain")
        if any(not 0 < share < 1 for share in rule.warnings):
            text = f"{called} warns at a share of its time between 0 and 1, such as 0.8."
            yield Flaw(section="clocks", text=text, at=f"{place}.warnings")
        if rule.kind != ClockKind.FIRST_ATTEMPT and not 1 <= rule.seconds <= _YEAR:
            text = f"{called} needs a time of 1 second to 1 year."
            yield Flaw(section="clocks", text=text, at=f"{place}.seconds")
        if any(other.kind == rule.kind and other.tier in (None, rule.tier) for other in rulebook.clocks[:at]):
            text = (
                f"{called} never holds: a rule before it takes all of its leads. Move it up, or take it out."
            )
            yield Flaw(section="clocks", text=text, at=place)
        if rule.calendar in calendars and _never_ends(rulebook, rule, calendars[rule.calendar]):
            text = (
                f"{called} would not end within ten years of the hours of “{rule.calendar}”. Give it more hours, "
                "or promise less time."
            )
            yield Flaw(section="clocks", text=text, at=f"{place}.calendar")
    if not 60 <= rulebook.pause_limit <= _YEAR:
        text = "A clock may be paused for a minute to a year at a time."
        yield Flaw(section="clocks", text=text, at="pause_limit")
    if not 0 <= rulebook.release_after <= 86400:
        text = "Leads of somebody who is gone go to others within a day."
        yield Flaw(section="clocks", text=text, at="release_after")


def _called(rule: ClockRule) -> str:
    whose = f" of {rule.tier.value} leads" if rule.tier else ""
    return f"The {rule.kind.value.replace('_', ' ')} clock{whose}"


def _never_ends(rulebook: Rulebook, rule: ClockRule, calendar: Calendar) -> bool:
    """A promise must end within ten years of open hours."""
    weekly = sum(block.until - block.start for blocks in calendar.week for block in blocks)
    tiers = [tier.sla for tier in rulebook.tiers if rule.tier in (None, tier.tier)]
    longest = max(tiers, default=0) if rule.kind == ClockKind.FIRST_ATTEMPT else rule.seconds
    return bool(weekly) and longest > weekly * 520


def _chains(rulebook: Rulebook) -> Iterator[Flaw]:
    yield from _steps("The chain", "chain", rulebook.chain)
    yield from doubled("escalation", "chains", "chain", (named.name for named in rulebook.chains))
    for at, named in enumerate(rulebook.chains):
        yield from _steps(f"The chain “{named.name}”", f"chains.{at}.steps", named.steps)
    if not 0 <= rulebook.hold_seconds <= 86400:
        text = "A chain rests for a day at most once somebody has the lead."
        yield Flaw(section="escalation", text=text, at="hold_seconds")


def _steps(called: str, place: str, steps: tuple[Step, ...]) -> Iterator[Flaw]:
    if any(later.after < earlier.after for earlier, later in pairwise(steps)):
        text = f"{called} must have its steps in the order of their seconds."
        yield Flaw(section="escalation", text=text, at=place)
    if len(steps) > _MOST_STEPS:
        text = f"{called} has {len(steps)} steps. Take some out: it may have {_MOST_STEPS}."
        yield Flaw(section="escalation", text=text, at=place)
    seen: set[tuple[StepKind, int]] = set()
    for at, step in enumerate(steps):
        if abs(step.after) > _FARTHEST:
            text = f"{called} has a step more than 30 days from the deadline. Bring it nearer."
            yield Flaw(section="escalation", text=text, at=f"{place}.{at}.after")
        if (step.kind, step.after) in seen:
            text = f"{called} has one step twice at the same moment: it would loop. Take one of them out."
            yield Flaw(section="escalation", text=text, at=f"{place}.{at}")
        seen.add((step.kind, step.after))
