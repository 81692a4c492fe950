"""How loudly somebody hears of something: the alert rules of the rulebook, the person's status, hours, a mute.

The first alert that fits holds. One that names roles also tells the people of these roles of leads that are not
theirs; one without tells whom it concerns. A rulebook without alerts has nothing to say, and the program's own rule
holds (`ui/ringer.py`). A mute makes everything silent, whichever rule holds, and always has an end. Silent means in
the window only: nothing is ever kept from whoever looks at it. Pure.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.hours import midnight, spans
from app.domain.lead import RepStatus, Role
from app.domain.routes import Alert, Loudness, News
from app.domain.rulebook import Rulebook
from app.domain.tier import Tier

__all__ = ["LONGEST_MUTE", "Heard", "concerns_all", "heard", "next_start"]

LONGEST_MUTE = timedelta(days=4)
"""Over a long week-end; whoever is away for longer says so by their status."""
_AT_EIGHT = time(8)
_WEEK = timedelta(days=8)
_DAY = timedelta(days=1)
_ORDER = tuple(Loudness)
_ABSENT = (RepStatus.BREAK, RepStatus.AWAY)


class Heard(NamedTuple):
    """How loudly, and until when that stands by itself; None: as long as nothing else changes."""

    loudness: Loudness
    until: datetime | None = None


def heard(
    rulebook: Rulebook,
    news: News,
    tier: Tier | None,
    role: Role,
    status: RepStatus,
    now: datetime,
    *,
    is_theirs: bool = True,
    is_short: bool = False,
) -> Heard | None:
    """How loudly a person of this role and status hears of it at `now` (aware, UTC).

    `is_theirs`: it concerns them; `is_short`: its clock is about to breach, or has. None: no alert fits, and where
    it is theirs the program's own rule holds.
    """
    alert = _fitting(rulebook, news, tier, role, is_theirs)
    if alert is None:
        return None
    loudness = alert.loudness
    if status in _ABSENT and news is not News.ALARM:
        return Heard(Loudness.SILENT)
    if status is RepStatus.ON_CALL and not is_short and news is not News.ALARM:
        loudness = _softer(loudness, alert.on_call)
    if not alert.quiet_hours or news is News.ALARM:
        return Heard(loudness)
    calendar = next((one for one in rulebook.calendars if one.name == alert.quiet_hours), None)
    if calendar is None:
        return Heard(loudness)
    coming = next(iter(spans(calendar, now, now + _DAY)), None)
    if coming is None:
        return Heard(loudness, now + _DAY)
    start, end = coming
    return Heard(_softer(loudness, Loudness.QUIET), end) if start <= now else Heard(loudness, start)


def concerns_all(rulebook: Rulebook, role: Role) -> bool:
    """Whether this role hears of leads that are not theirs."""
    return any(role.value in alert.roles for alert in rulebook.alerts)


def _fitting(rulebook: Rulebook, news: News, tier: Tier | None, role: Role, is_theirs: bool) -> Alert | None:
    for alert in rulebook.alerts:
        if alert.news is not news or (alert.tiers and tier not in alert.tiers):
            continue
        if role.value in alert.roles or (is_theirs and not alert.roles):
            return alert
    return None


def _softer(one: Loudness, other: Loudness) -> Loudness:
    return min(one, other, key=_ORDER.index)


# -- muted


def next_start(rulebook: Rulebook, now: datetime) -> datetime:
    """When work begins on the next day that has any, aware UTC: by the floor's own hours, or at eight where it has
    none, by this computer's clock."""
    if not rulebook.calendars:
        morning = datetime.combine(now.astimezone().date() + _DAY, _AT_EIGHT)
        return morning.astimezone(UTC)
    calendar = rulebook.calendars[0]
    zone = ZoneInfo(calendar.zone)
    tomorrow = midnight(now.astimezone(zone).date() + _DAY, zone)
    first = next(iter(spans(calendar, tomorrow, tomorrow + _WEEK)), None)
    return min(first[0], now + LONGEST_MUTE) if first else tomorrow
