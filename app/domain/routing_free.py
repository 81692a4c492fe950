"""Who can have a lead just now, and why not: what somebody is doing, their shift, how much they have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.hours import is_open, spans
from app.domain.lead import Rep, RepStatus
from app.domain.routes import Profile, Route, Strategy
from app.domain.routing_fit import Arranged, Particulars, cannot
from app.domain.tier import Tier

__all__ = ["NOT_YET", "STATUS_WORDS", "Candidate", "Free"]

STATUS_WORDS = {
    RepStatus.ON_CALL: "on a call",
    RepStatus.WRAP_UP: "in wrap-up",
    RepStatus.BREAK: "on a break",
    RepStatus.AWAY: "away",
}
NOT_YET = "it was not their turn"
_AHEAD = timedelta(days=8)
"""How far ahead is looked for the next shift of somebody who is off."""


class Candidate(NamedTuple):
    """A person with what they have to do just now."""

    rep: Rep
    open: Mapping[Tier, int] | None = None
    """Their open leads by tier; None: none."""
    last_hour: int = 0
    """Leads given to them within the last hour."""

    @property
    def load(self) -> int:
        return sum(self.open.values()) if self.open else 0


class Free:
    """Why people can't have one lead at one instant; what is the same for every route is found out once."""

    def __init__(self, lead: Particulars, known: Arranged, now: datetime, tried: Collection[str]) -> None:
        self._lead = lead
        self.known = known
        self._now = now
        self._tried = tried
        self._shut: dict[tuple[str, ...], str] = {}
        self._cannot: dict[tuple[str, int], str] = {}

    def sorted_out(
        self, route: Route, people: Iterable[Candidate], weights: Mapping[str, int]
    ) -> tuple[list[Candidate], list[tuple[Candidate, str]]]:
        """(who can have the lead by this route; the others, with why not in a clause)."""
        # Asked of everybody for every lead: what it looks at is at hand, and what is alike is looked at once.
        tried, profiles, available = self._tried, self.known.profiles, RepStatus.AVAILABLE
        needs_turn, limits = route.strategy is Strategy.ROUND_ROBIN, route.most_open is not None
        free: list[Candidate] = []
        others: list[tuple[Candidate, str]] = []
        for one in people:
            rep = one.rep
            profile = profiles.get(rep.id)
            if needs_turn and weights[rep.id] <= 0:
                why = "takes no turns"
            elif rep.id in tried:
                why = "had it already"
            else:
                why = self.cannot(route, one, profile) if profile is not None or route.skill else ""
                if not why and rep.status is not available:
                    why = STATUS_WORDS[rep.status]
                why = why or self.off_shift(one)
                if not why and (profile is not None or limits):
                    why = self.full(route, one, profile)
            if why:
                others.append((one, why))
            else:
                free.append(one)
        return free, others

    def cannot(self, route: Route, one: Candidate, profile: Profile | None) -> str:
        """Why they are not one for this lead whatever they do; found out once for all who are alike."""
        key = route.name, self.known.kind.get(one.rep.id, -1)
        found = self._cannot.get(key)
        if found is None:
            found = self._cannot[key] = cannot(route, profile, self._lead)
        return found

    def is_tried(self, one: Candidate) -> str:
        return "had it already" if one.rep.id in self._tried else ""

    def off_shift(self, one: Candidate) -> str:
        names = self.known.hours.get(one.rep.id, self.known.floor_hours)
        found = self._shut.get(names)
        if found is None and not names:
            found = self._shut[names] = ""
        if found is None:
            calendars = [self.known.calendars[name] for name in names]
            found = ""
            if not any(is_open(calendar, self._now) for calendar in calendars):
                found = "off shift"
                begins = [
                    (start, calendar.zone)
                    for calendar in calendars
                    for start, _ in _first_of(spans(calendar, self._now, self._now + _AHEAD))
                ]
                if begins:
                    start, zone = min(begins)
                    there = start.astimezone(ZoneInfo(zone))
                    same_day = there.date() == self._now.astimezone(ZoneInfo(zone)).date()
                    found = (
                        f"off shift until {there:%H:%M}" if same_day else f"off shift until {there:%A %H:%M}"
                    )
            self._shut[names] = found
        return found

    def full(self, route: Route, one: Candidate, profile: Profile | None) -> str:
        if route.most_open is not None and one.load >= route.most_open:
            return f"{one.load} open of {route.most_open} at most"
        if profile is None:
            return ""
        tier = self._lead.tier
        most = self.known.most_open[profile.rep].get(tier)
        if most is not None:
            mine = one.open.get(tier, 0) if one.open else 0
            if mine >= most:
                return f"{mine} {tier.value} open of {most} at most"
        if profile.per_hour is not None and one.last_hour >= profile.per_hour:
            return f"{one.last_hour} within the hour of {profile.per_hour} at most"
        return ""


def _first_of(found: Iterable[tuple[datetime, datetime]]) -> Iterable[tuple[datetime, datetime]]:
    for one in found:
        yield one
        return
