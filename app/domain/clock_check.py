"""Whether the hours, clocks and chains of a rulebook can be kept; what can't is refused in a sentence that says what
to change."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain import chain, hours
from app.domain.errors import Refused
from app.domain.rulebook import Rulebook
from app.domain.sla import ClockKind, ClockRule

_LONGEST = 366 * 86400


def check_clocks(rulebook: Rulebook) -> None:
    """Raise Refused for the first thing that can't be kept."""
    for calendar in rulebook.calendars:
        hours.check(calendar)
    calendars = _names("calendar", (calendar.name for calendar in rulebook.calendars))
    chains = _names("chain", (named.name for named in rulebook.chains))
    _names("shift", (shift.name for shift in rulebook.shifts))
    chain.check("", rulebook.chain)
    for named in rulebook.chains:
        chain.check(named.name, named.steps)
    for shift in rulebook.shifts:
        if shift.calendar not in calendars:
            raise Refused(f"The shift “{shift.name}” needs a calendar that there is.", "Not published")
    for rule in rulebook.clocks:
        called = f"The {rule.kind.value.replace('_', ' ')} clock"
        if rule.calendar and rule.calendar not in calendars:
            raise Refused(
                f"{called} runs by “{rule.calendar}”, a calendar that there is not.", "Not published"
            )
        if rule.chain and rule.chain not in chains:
            raise Refused(f"{called} sets off “{rule.chain}”, a chain that there is not.", "Not published")
        if any(not 0 < share < 1 for share in rule.warnings):
            raise Refused(
                f"{called} warns at a share of its time between 0 and 1, such as 0.8.", "Not published"
            )
        if rule.kind != ClockKind.FIRST_ATTEMPT and not 1 <= rule.seconds <= _LONGEST:
            raise Refused(f"{called} needs a time of 1 second to 1 year.", "Not published")
        _check_end(rulebook, rule, called)
    if not 0 <= rulebook.hold_seconds <= 86400:
        raise Refused("A chain rests for a day at most once somebody has the lead.", "Not published")
    if not 60 <= rulebook.pause_limit <= 366 * 86400:
        raise Refused("A clock may be paused for a minute to a year at a time.", "Not published")


def _check_end(rulebook: Rulebook, rule: ClockRule, called: str) -> None:
    """A promise must end within ten years of open hours."""
    calendar = next((one for one in rulebook.calendars if one.name == rule.calendar), None)
    if calendar is None:
        return
    weekly = sum(block.until - block.start for blocks in calendar.week for block in blocks)
    tiers = [tier.sla for tier in rulebook.tiers if rule.tier in (None, tier.tier)]
    longest = max(tiers, default=0) if rule.kind == ClockKind.FIRST_ATTEMPT else rule.seconds
    if longest > weekly * 520:
        raise Refused(
            f"{called} would not end within ten years of the hours of “{calendar.name}”. Give it more hours, or "
            "promise less time.",
            "Not published",
        )


def _names(what: str, names: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for name in names:
        if not name.strip():
            raise Refused(f"Each {what} needs a name.", "Not published")
        if name in found:
            raise Refused(f"Two {what}s are called “{name}”. Give one of them another name.", "Not published")
        found.add(name)
    return found
