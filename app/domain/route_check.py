"""Whether the routes, teams, profiles and alerts of a rulebook could be followed, by the people of this floor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain as joined
from typing import Any

from app.domain.clock_check import doubled
from app.domain.countries import countries
from app.domain.flaw import Flaw
from app.domain.lead import Rep, Role
from app.domain.places import zones_of_region
from app.domain.regions import STATES
from app.domain.routes import Route, Strategy, Team, When
from app.domain.rulebook import Rulebook

__all__ = ["LANGUAGES", "alert_flaws", "people_flaws", "route_flaws"]

LANGUAGES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en "
    "eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv "
    "ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne "
    "ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st "
    "su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)
"""ISO 639-1."""
_POSTCODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{0,11}")
_TAKES_ALL = (Strategy.ROUND_ROBIN, Strategy.LEAST_BUSY)
_DAY = 86400


def route_flaws(rulebook: Rulebook, reps: tuple[Rep, ...]) -> Iterator[Flaw]:
    by_id = {rep.id: rep for rep in reps}
    teams = {team.name: team for team in rulebook.teams}
    calendars = {calendar.name for calendar in rulebook.calendars}
    yield from doubled("routes", "routes", "route", (route.name for route in rulebook.routes))
    for at, route in enumerate(rulebook.routes):
        found = joined(
            _when(route.when, calendars),
            _who(route, rulebook, teams, by_id),
            _behind(route, rulebook.routes[:at], teams, by_id),
        )
        for field, text in found:
            place = f"routes.{at}.{field}" if field else f"routes.{at}"
            yield Flaw(section="routes", text=f"The route “{route.name}” {text}", at=place)


def _when(when: When, calendars: set[str]) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of a route's conditions."""
    for country in when.countries:
        if country not in countries():
            yield (
                "when.countries",
                f"asks for “{country}”, which is no country. Write a code such as US or DE.",
            )
    for language in when.languages:
        if language not in LANGUAGES:
            yield (
                "when.languages",
                f"asks for “{language}”, which is no language. Write a code such as en or de.",
            )
    for postcode in when.postcodes:
        if not _is_postcode(postcode):
            yield (
                "when.postcodes",
                f"asks for the postcode “{postcode}”, which can't be read. Write its beginning, such as 90 or SW1, "
                "or a span of equally long beginnings, such as 90-96.",
            )
    for field in ("sources", "channels", "regions", "campaigns", "words"):
        if any(not word.strip() for word in getattr(when, field)):
            yield f"when.{field}", f"has an empty entry among its {field}. Take it out."
    if when.hours and when.hours not in calendars:
        yield "when.hours", f"asks for the hours of “{when.hours}”, a calendar that there is not."


def _is_postcode(text: str) -> bool:
    """Whether it is the beginning of a postcode, or a span of such."""
    low, dash, high = (part.strip() for part in text.partition("-"))
    if not dash:
        return bool(_POSTCODE.fullmatch(text))
    sides = bool(_POSTCODE.fullmatch(low) and _POSTCODE.fullmatch(high))
    return sides and len(low) == len(high) and low.casefold() <= high.casefold()


def _who(
    route: Route, rulebook: Rulebook, teams: dict[str, Team], by_id: dict[str, Rep]
) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of where a route leads."""
    if route.strategy == Strategy.PARTNER:
        partner = by_id.get(route.partner)
        if partner is None:
            yield "partner", "leads to a partner who is not on this floor. Choose one who is."
        elif partner.role != Role.PARTNER:
            yield (
                "partner",
                f"leads to {partner.name}, who is no partner. Choose one, or make them a partner.",
            )
        elif not partner.active:
            yield "partner", f"leads to {partner.name}, who has left the floor. Choose another partner."
    elif route.partner:
        yield "partner", "names a partner but does not lead to one. Choose the strategy “partner”."
    if route.team and route.team not in teams:
        yield "team", f"leads to “{route.team}”, a team that there is not. Choose another, or make it."
    elif route.team and route.strategy != Strategy.PARTNER:
        members = [(by_id.get(member.rep), member.weight) for member in teams[route.team].members]
        working = [(rep, weight) for rep, weight in members if rep is not None and rep.active]
        if not working:
            yield "team", f"leads to “{route.team}”, a team in which nobody works. Put somebody in."
        elif route.strategy == Strategy.ROUND_ROBIN and not any(weight > 0 for _, weight in working):
            yield "team", f"leads to “{route.team}”, where every weight is 0. Give somebody a turn."
    if route.strategy == Strategy.OFFER and not 1 <= route.offer_to <= 50:
        yield "offer_to", f"offers its leads to {route.offer_to}. Offer them to 1 to 50 people."
    if not 0 <= route.seconds <= 30 * _DAY:
        yield "seconds", "gives a time that is below 0 or above 30 days. Give another; 0 is no end."
    if route.most_open is not None and not 1 <= route.most_open <= 100_000:
        yield "most_open", "calls people full who have nothing to do. Let it be 1 open lead or more."
    if route.skill and not any(route.skill in profile.skills for profile in rulebook.people):
        yield "skill", f"asks for “{route.skill}”, which nobody is good at. Write it to somebody's skills."


def _behind(
    route: Route, before: tuple[Route, ...], teams: dict[str, Team], by_id: dict[str, Rep]
) -> Iterator[tuple[str, str]]:
    """Whether a route before this one leaves it nothing."""
    first = next((earlier for earlier in before if _takes_all_of(earlier, route, teams, by_id)), None)
    if first is not None:
        yield (
            "",
            f"is never reached: “{first.name}” before it takes all of its leads. Move it up, or narrow that one.",
        )


def _takes_all_of(earlier: Route, later: Route, teams: dict[str, Team], by_id: dict[str, Rep]) -> bool:
    """Whether whoever `later` would find, `earlier` has found already: it has the conditions, and all the people."""
    takes = earlier.strategy in _TAKES_ALL or (earlier.strategy == Strategy.OFFER and not earlier.seconds)
    if not takes or later.strategy == Strategy.PARTNER:
        return False
    outside = [
        member
        for member in (teams[later.team].members if later.team in teams else ())
        if member.rep in by_id and by_id[member.rep].role == Role.PARTNER
    ]
    if not earlier.team and outside:
        return False
    return (
        earlier.team in ("", later.team)
        and earlier.skill in ("", later.skill)
        and (earlier.most_open is None or (later.most_open or earlier.most_open + 1) <= earlier.most_open)
        and _covers(earlier.when, later.when)
    )


def _covers(wide: When, narrow: When) -> bool:
    """Whether all that fulfils the narrow conditions fulfils the wide ones."""
    for field in (
        "tiers",
        "sources",
        "channels",
        "countries",
        "regions",
        "postcodes",
        "languages",
        "campaigns",
        "words",
    ):
        wanted: tuple[Any, ...] = getattr(wide, field)
        if wanted and not (getattr(narrow, field) and set(getattr(narrow, field)) <= set(wanted)):
            return False
    enough = wide.least is None or (narrow.least is not None and narrow.least >= wide.least)
    return enough and wide.hours in ("", narrow.hours)


def people_flaws(rulebook: Rulebook, reps: tuple[Rep, ...]) -> Iterator[Flaw]:
    by_id = {rep.id: rep for rep in reps}
    yield from doubled("teams", "teams", "team", (team.name for team in rulebook.teams))
    for at, team in enumerate(rulebook.teams):
        called, place = f"The team “{team.name}”", f"teams.{at}.members"
        yield from _on_floor(called, "teams", place, [member.rep for member in team.members], by_id)
        if any(not 0 <= member.weight <= 1000 for member in team.members):
            text = f"{called} has a weight below 0 or above 1,000. A share is a whole number; 0 is no turn."
            yield Flaw(section="teams", text=text, at=place)
        elif team.members and not any(member.weight for member in team.members):
            text = f"{called} gives everybody the weight 0, so that nobody has a turn. Give somebody one."
            yield Flaw(section="teams", text=text, at=place)
    profiles = [profile.rep for profile in rulebook.people]
    yield from _on_floor("The list of who is good at what", "teams", "people", profiles, by_id)
    for at, profile in enumerate(rulebook.people):
        name = by_id[profile.rep].name if profile.rep in by_id else "Somebody"
        for field, text in _profile(profile.languages, profile.territories, profile.skills):
            yield Flaw(section="teams", text=f"{name} {text}", at=f"people.{at}.{field}")
        tiers = [tier for tier, _ in profile.most_open]
        if len(tiers) != len(set(tiers)) or any(most < 0 for _, most in profile.most_open):
            text = f"{name} may have 0 or more open leads of a tier, each tier said once."
            yield Flaw(section="teams", text=text, at=f"people.{at}.most_open")
        if profile.per_hour is not None and not 1 <= profile.per_hour <= 10_000:
            text = f"{name} can be given 1 to 10,000 leads an hour; without a number as many as come."
            yield Flaw(section="teams", text=text, at=f"people.{at}.per_hour")
    for at, shift in enumerate(rulebook.shifts):
        yield from _on_floor(f"The shift “{shift.name}”", "hours", f"shifts.{at}.reps", shift.reps, by_id)


def _profile(
    languages: Iterable[str], territories: Iterable[str], skills: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for language in languages:
        if language not in LANGUAGES:
            yield "languages", f"speaks “{language}”, which is no language. Write a code such as en or de."
    for territory in territories:
        if not _is_territory(territory):
            yield (
                "territories",
                f"looks after “{territory}”, which can't be read. Write a country (DE), a region of it (US CO), "
                "or the beginning of its postcodes (DE 80*).",
            )
    if any(not skill.strip() for skill in skills):
        yield "skills", "has an empty skill. Take it out."


def _is_territory(text: str) -> bool:
    country, _, part = text.partition(" ")
    if country not in countries() or (not part and text != country):
        return False
    if part.endswith("*"):
        return bool(_POSTCODE.fullmatch(part[:-1]))
    return not part or country not in STATES or bool(zones_of_region(country, part))


def _on_floor(
    called: str, section: str, place: str, ids: Iterable[str], by_id: dict[str, Rep]
) -> Iterator[Flaw]:
    seen: set[str] = set()
    for at, rep_id in enumerate(ids):
        rep = by_id.get(rep_id)
        if rep is None:
            text = f"{called} names somebody who is not on this floor. Take them out."
        elif not rep.active:
            text = f"{called} names {rep.name}, who has left the floor. Take them out."
        elif rep_id in seen:
            text = f"{called} names {rep.name} twice. Take one of them out."
        else:
            seen.add(rep_id)
            continue
        yield Flaw(section=section, text=text, at=f"{place}.{at}")


def alert_flaws(rulebook: Rulebook) -> Iterator[Flaw]:
    calendars = {calendar.name for calendar in rulebook.calendars}
    roles = {role.value for role in Role}
    for at, alert in enumerate(rulebook.alerts):
        called = f"Alert {at + 1} ({alert.news.value})"
        if alert.quiet_hours and alert.quiet_hours not in calendars:
            text = f"{called} is quiet by “{alert.quiet_hours}”, a calendar that there is not."
            yield Flaw(section="alerts", text=text, at=f"alerts.{at}.quiet_hours")
        for role in alert.roles:
            if role not in roles:
                text = f"{called} is for “{role}”, which nobody is. Choose one of {', '.join(sorted(roles))}."
                yield Flaw(section="alerts", text=text, at=f"alerts.{at}.roles")
