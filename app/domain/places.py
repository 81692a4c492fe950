"""Which country is meant, and which clocks a place or a telephone number may be under.

A stated address beats a number: numbers are carried along when people move, and some belong to no place
at all (+1 800 may be answered in more than forty zones). Zones that tell the same time all year count as
one, so that "above 1" honestly means that the person's clock is a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.countries import countries, other_names
from app.domain.regions import EXCEPTIONS, STATES, regions

_NOT_WORD = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """Without accents, case and punctuation, words apart by one space: what names are compared by."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ł", "l").replace("ø", "o"))
    plain = "".join(ch for ch in plain if not unicodedata.combining(ch))
    return _NOT_WORD.sub(" ", plain.casefold()).strip()


@cache
def _by_name() -> dict[str, str]:
    proper = {folded(name): code for code, (name, _) in countries().items()}
    return {folded(name): code for name, code in other_names().items()} | proper


def country_code(text: str) -> str:
    """ISO 3166 alpha-2 code of a country written as a code or by its name; "" when it is not known."""
    if not text or len(text) > 60:
        return ""
    code = text.strip().upper()
    if code in countries():
        return code
    name = folded(text)
    if len(code.replace(".", "")) == 2 and name.replace(" ", "").upper() in countries():
        return name.replace(" ", "").upper()  # U.S.
    names = _by_name()
    return names.get(name) or names.get(name.removeprefix("the ")) or names.get(name.replace(" ", ""), "")


_KINDS_OF_REGION = re.compile(
    r"\b(oblast|krai|republic|region|province|state( of)?|provincia( de)?|estado( de)?|of|область|край)\b"
)


@cache
def _regions(country: str) -> dict[str, tuple[str, ...]]:
    return {folded(name): zones for name, zones in regions(country).items()}


def _of_region(country: str, region: str) -> tuple[str, ...]:
    known = _regions(country)
    name = folded(region)
    if not known or not name:
        return ()
    bare = " ".join(_KINDS_OF_REGION.sub(" ", name).split())
    for key in (name, name.replace(" ", ""), name.removeprefix(country.casefold() + " "), bare):
        if key in known:
            return known[key]
    return countries()[country][1][:1] if country in EXCEPTIONS else ()


def zones_of_address(country: str, region: str, city: str = "") -> tuple[str, ...]:
    """The zones that a stated address may be in, the likeliest first; () when it doesn't say.

    `country` is an ISO code. A city helps only in Russia, where regions are called by their cities.
    """
    if country not in countries():
        return ()
    if found := _of_region(country, region) if len(region) <= 60 else ():
        return found
    if country == "RU" and 0 < len(city) <= 60 and (found := _of_region(country, city)):
        return found
    return countries()[country][1]


def zones_of_region(country: str, region: str) -> tuple[str, ...]:
    """The zones of a region that was stated without its country, if `country` is known to have such a one."""
    return _of_region(country, region) if country in STATES and 0 < len(region) <= 60 else ()


_MOMENTS = tuple(datetime(2026, 1, 4, 12, tzinfo=UTC) + timedelta(days=15 * n) for n in range(24))


@cache
def _clock(zone: str) -> tuple[object, ...]:
    """What tells one clock from another: its offsets over a year."""
    try:
        info = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return (zone,)
    return tuple(moment.astimezone(info).utcoffset() for moment in _MOMENTS)


def clocks(zones: Iterable[str], prefer: tuple[str, ...] = ()) -> tuple[str, ...]:
    """One zone for each different clock among `zones`; those of `prefer` come first, by their name there."""
    found: dict[tuple[object, ...], str] = {}
    for zone in zones:
        found.setdefault(_clock(zone), zone)
    named: dict[tuple[object, ...], str] = {}
    for zone in prefer:
        if _clock(zone) in found:
            named.setdefault(_clock(zone), zone)
    return (*named.values(), *(zone for clock, zone in found.items() if clock not in named))


def keeping(zones: Iterable[str], clocks_of: Iterable[str]) -> tuple[str, ...]:
    """Those of `zones` that tell the same time as one of `clocks_of`."""
    wanted = {_clock(zone) for zone in clocks_of}
    return tuple(zone for zone in zones if _clock(zone) in wanted)
