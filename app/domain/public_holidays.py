"""The public holidays of a country, written into a calendar when its rulebook is published.

They are written out, with their dates, for the years to come, and not looked up when a deadline is reckoned: a
rulebook that is in force must mean the same on every computer, whatever list of holidays is installed there, and the
same next year when somebody asks why a lead was late.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from app.domain.errors import Refused
from app.domain.hours import Calendar, Day

YEARS = 5
"""Years for which the holidays are written out, the present one included."""


def with_holidays(calendar: Calendar, year: int) -> Calendar:
    """The calendar with the public holidays of its country from that year on; a date that it says itself stands.

    Raises Refused for a country that nobody knows the holidays of.
    """
    if not calendar.country.strip():
        return calendar
    own = {day.on: day for day in calendar.days}
    for day in public_holidays(calendar.country, year, YEARS):
        own.setdefault(day.on, day)
    return replace(calendar, days=tuple(own[on] for on in sorted(own)))


def public_holidays(country: str, year: int, years: int = 1) -> tuple[Day, ...]:
    """The public holidays of a country ("DE") or a part of it ("DE-BY"), in order. Raises Refused."""
    code, _, part = country.strip().upper().partition("-")
    from holidays import country_holidays  # every country is a module: none is loaded before it is asked for

    try:
        found = country_holidays(code, subdiv=part or None, years=range(year, year + years))
    except (NotImplementedError, KeyError, ValueError):
        raise Refused(
            f"There is no list of public holidays for “{country}”. Write a country such as DE, or a part of it "
            "such as DE-BY.",
            "No list of holidays",
        ) from None
    return tuple(Day(on=on, name=str(name)[:100]) for on, name in sorted(found.items()))


@lru_cache(maxsize=256)
def country_fault(country: str) -> str:
    """Why a calendar can't have the holidays of a country, in a sentence; "" if it can, and for nobody's (""). Asked
    at each key that somebody presses in the editor, so what was found is kept."""
    try:
        if country.strip():
            public_holidays(country, 2026)
    except Refused as error:
        return error.message
    return ""
