"""Who is on shift: the calendars that people work by.

Somebody who stands in no shift works by the floor's calendar, the first one; a floor without calendars is always
open. Being on shift is what was planned; being there is what the desk says (`domain/presence.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.frozen import dataclass
from app.domain.hours import Calendar, is_open, spans
from app.domain.lead import Rep, Role

if TYPE_CHECKING:
    from app.domain.rulebook import Rulebook

__all__ = ["Shift", "anybody_on_shift", "calendars_of", "on_shift"]

_CALLING = (Role.REP, Role.TEAM_LEAD, Role.MANAGER, Role.OWNER, Role.PARTNER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """People (by id) who work the same hours. Whoever stands in several works all of them."""

    name: str
    calendar: str
    reps: tuple[str, ...] = ()


def calendars_of(rulebook: Rulebook, rep: Rep) -> tuple[Calendar, ...]:
    """The calendars a person works by; none: at all hours."""
    named = {shift.calendar for shift in rulebook.shifts if rep.id in shift.reps}
    if named:
        return tuple(calendar for calendar in rulebook.calendars if calendar.name in named)
    return rulebook.calendars[:1]


def on_shift(rulebook: Rulebook, rep: Rep, now: datetime) -> bool:
    """Whether a person is planned to work at this instant (aware, UTC)."""
    calendars = calendars_of(rulebook, rep)
    return not calendars or any(is_open(calendar, now) for calendar in calendars)


def anybody_on_shift(rulebook: Rulebook, reps: Iterable[Rep], start: datetime, until: datetime) -> bool:
    """Whether anybody who could call is planned to work at some instant from `start` to `until`."""
    kept: set[str] = set()
    for rep in reps:
        if not rep.active or rep.role not in _CALLING:
            continue
        calendars = calendars_of(rulebook, rep)
        if not calendars:
            return True
        for calendar in calendars:
            if calendar.name not in kept and next(spans(calendar, start, until), None) is not None:
                return True
            kept.add(calendar.name)
    return False
