"""What fits whom: a route's conditions and a lead, a person's languages, skills and places and a lead.

What a rulebook says of people is looked up for every lead, so it is arranged once for each rulebook (`Arranged`).
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from app.domain import languages
from app.domain.frozen import dataclass
from app.domain.hours import Calendar, is_open
from app.domain.lead import Lead
from app.domain.places import folded
from app.domain.routes import Profile, Route, Strategy, When
from app.domain.score import has_words
from app.domain.tier import Tier

if TYPE_CHECKING:
    from app.domain.rulebook import Rulebook

__all__ = ["Arranged", "Particulars", "arranged", "cannot", "fitting", "misfit", "particulars_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What routing looks at of a lead."""

    tier: Tier
    score: int = 0
    source: str = ""
    """The name of the way in."""
    channel: str = ""
    campaign: str = ""
    country: str = ""
    region: str = ""
    postcode: str = ""
    """In capitals, without spaces."""
    languages: tuple[str, ...] = ()
    """Any of which will do; none: not known."""
    text: str = ""
    """What they asked and answered, case-folded."""


def particulars_of(lead: Lead, source: str) -> Particulars:
    """What routing looks at of a lead that came in by the way `source`."""
    answers = "\n".join(f"{asked} {answer}" for asked, answer in lead.answers)
    return Particulars(
        tier=lead.tier,
        score=lead.score,
        source=source,
        channel=lead.channel,
        campaign=lead.origin.campaign,
        country=lead.country,
        region=lead.region,
        postcode=_bare(lead.postcode),
        languages=languages.said(lead.answers) or languages.of_country(lead.country),
        text=f"{lead.ask}\n{answers}"[:20_000].casefold(),
    )


def _bare(postcode: str) -> str:
    return "".join(postcode.split()).upper()


# -- a route's conditions


def misfit(when: When, lead: Particulars, calendars: Mapping[str, Calendar], now: datetime) -> str:
    """Why a route is not for this lead, in a clause; "" if it is."""
    if when.tiers and lead.tier not in when.tiers:
        return f"it is for {_listed(tier.value for tier in when.tiers)} leads"
    if when.least is not None and lead.score < when.least:
        return f"it is for leads of {when.least} points and more"
    for wanted, value, what in (
        (when.sources, lead.source, "that came by"),
        (when.channels, lead.channel, "of the channel"),
        (when.campaigns, lead.campaign, "of the campaign"),
        (when.countries, lead.country, "from"),
    ):
        if wanted and value.casefold() not in _folds(wanted):
            return f"it is for leads {what} {_listed(wanted)}"
    if when.regions and not any(_in_region(region, lead) for region in when.regions):
        return f"it is for leads from {_listed(when.regions)}"
    if when.postcodes and not any(_in_postcodes(span, lead.postcode) for span in when.postcodes):
        return f"it is for postcodes {_listed(when.postcodes)}"
    if when.languages and not set(_folds(when.languages)) & set(lead.languages):
        return f"it is for leads who speak {_listed(map(languages.spoken, when.languages))}"
    if when.words and not has_words(when.words, lead.text):
        return f"none of its words was said: {_listed(when.words)}"
    if when.hours:
        calendar = calendars.get(when.hours)
        if calendar is None or not is_open(calendar, now):
            return f"it is outside {when.hours}"
    return ""


@cache
def _folds(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


def _listed(words: object) -> str:
    found = [str(word) for word in words][:5]  # type: ignore[attr-defined]
    return " or ".join((", ".join(found[:-1]), found[-1])) if len(found) > 1 else found[0]


@cache
def _in_words(region: str) -> str:
    return folded(region)


def _in_region(region: str, lead: Particulars) -> bool:
    """Whether a lead is from a region, which may have its country's code before it: "US CO"."""
    country, _, rest = region.strip().partition(" ")
    if rest and country == lead.country and _in_words(rest) == folded(lead.region):
        return True
    return bool(lead.region) and _in_words(region) == folded(lead.region)


def _in_postcodes(span: str, postcode: str) -> bool:
    low, _, high = _bare(span).rstrip("*").partition("-")
    if not postcode or not low:
        return False
    if not high:
        return postcode.startswith(low)
    return low <= postcode[: len(low)] and postcode[: len(high)] <= high


# -- people


class Arranged:
    """What a rulebook says of people, by person."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.calendars: dict[str, Calendar] = {one.name: one for one in rulebook.calendars}
        self.profiles: dict[str, Profile] = {one.rep: one for one in rulebook.people}
        self.teams: dict[str, dict[str, int]] = {
            team.name: {member.rep: member.weight for member in team.members} for team in rulebook.teams
        }
        self.floor_hours = tuple(calendar.name for calendar in rulebook.calendars[:1])
        self.hours: dict[str, tuple[str, ...]] = {}
        """By person, the names of the calendars of their shifts; whoever is in none works by the floor's."""
        for shift in rulebook.shifts:
            if shift.calendar in self.calendars:
                for rep in shift.reps:
                    self.hours[rep] = (*self.hours.get(rep, ()), shift.calendar)
        self.asks_loads = any(one.most_open or one.per_hour is not None for one in rulebook.people) or any(
            route.most_open is not None or route.strategy == Strategy.LEAST_BUSY for route in rulebook.routes
        )
        self.most_open = {one.rep: dict(one.most_open) for one in rulebook.people}
        self._kinds: dict[tuple[tuple[str, ...], ...], int] = {}
        self.kind = {
            one.rep: self._kinds.setdefault((one.languages, one.skills, one.territories), len(self._kinds))
            for one in rulebook.people
        }
        """A number for all who are alike in what they are good for."""
        self.asks_before = any(route.strategy == Strategy.OWNER for route in rulebook.routes)


_kept: list[Arranged] = []
_MOST = 4


def arranged(rulebook: Rulebook) -> Arranged:
    """What a rulebook says of people; made once for a rulebook that is asked again."""
    for one in _kept:
        if one.rulebook is rulebook:
            return one
    made = Arranged(rulebook)
    _kept.insert(0, made)
    del _kept[_MOST:]
    return made


def speaks(profile: Profile | None, lead: Particulars) -> str | None:
    """The language in which these two can talk, "" where that is not known of one of them; None: in none."""
    if profile is None or not profile.languages or not lead.languages:
        return ""
    return next((code for code in lead.languages if code in _folds(profile.languages)), None)


def place_fit(profile: Profile | None, lead: Particulars) -> int | None:
    """How closely a person looks after a lead's place: 3 by postcode, 2 by region, 1 by country, 0 where nothing is
    said or known; None: they look after other places."""
    if profile is None or not profile.territories or not lead.country:
        return 0
    fits = (_in_territory(territory, lead) for territory in profile.territories)
    return max((fit for fit in fits if fit is not None), default=None)


def _in_territory(territory: str, lead: Particulars) -> int | None:
    country, _, rest = territory.strip().partition(" ")
    if country.upper() != lead.country:
        return None
    rest = rest.strip()
    if not rest:
        return 1
    if rest.endswith("*") or any(map(str.isdigit, rest)):
        if not lead.postcode:
            return 0
        return 3 if _in_postcodes(rest, lead.postcode) else None
    if not lead.region:
        return 0
    return 2 if _in_words(rest) == folded(lead.region) else None


def fitting(route: Route, profile: Profile | None, lead: Particulars) -> tuple[int, int, int]:
    """How well somebody fits: place, skill, language; more is better."""
    skills = _folds(profile.skills) if profile else ()
    has_skill = bool(route.skill) and route.skill.casefold() in skills
    return place_fit(profile, lead) or 0, int(has_skill), int(bool(speaks(profile, lead)))


def cannot(route: Route, profile: Profile | None, lead: Particulars) -> str:
    """Why somebody is not one for this lead whatever they do just now, in a clause; "" if they are."""
    if speaks(profile, lead) is None:
        return f"does not speak {_listed(map(languages.spoken, lead.languages))}"
    if place_fit(profile, lead) is None:
        return "looks after other places"
    if route.skill and route.strategy != Strategy.BEST_FIT:
        skills = _folds(profile.skills) if profile else ()
        if route.skill.casefold() not in skills:
            return f"does not have the skill “{route.skill}”"
    return ""
