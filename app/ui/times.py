"""Times in words: countdowns, ages, lengths, times of day here and where somebody is.

Pure functions: `now` and the zone are handed in. Instants are aware; a zone of None is this computer's own.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

__all__ = [
    "age",
    "clock_face",
    "countdown",
    "day_and_time",
    "length_of",
    "length_words",
    "local_time",
    "overdue",
    "seconds_left",
    "time_of_day",
    "zone_named",
]

MINUS = "−"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def _tr(text: str) -> str:
    return QCoreApplication.translate("times", text)


# -- how long


def seconds_left(deadline: datetime, now: datetime) -> int:
    """Whole seconds until `deadline`, rounded up, so that 0 is reached at the deadline itself; below 0 after
    it.
    """
    return ceil((deadline - now).total_seconds())


def countdown(deadline: datetime, now: datetime) -> str:
    """ "0:37", "41:33", "3 h 10", "2 d 4 h"; after the deadline with a minus: "−0:18"."""
    return length_words(seconds_left(deadline, now))


@lru_cache(maxsize=16384)
def length_words(seconds: int) -> str:
    """The words of `countdown` for so many seconds; minutes and seconds below 100 minutes."""
    sign, seconds = (MINUS, -seconds) if seconds < 0 else ("", seconds)
    if seconds < 100 * _MINUTE:
        return f"{sign}{seconds // _MINUTE}:{seconds % _MINUTE:02d}"
    if seconds < _DAY:
        return sign + _tr("{hours} h {minutes}").format(
            hours=seconds // _HOUR, minutes=f"{seconds % _HOUR // _MINUTE:02d}"
        )
    days, hours = seconds // _DAY, seconds % _DAY // _HOUR
    if days < 10 and hours:
        return sign + _tr("{days} d {hours} h").format(days=days, hours=hours)
    return sign + _tr("{days} d").format(days=days)


def overdue(deadline: datetime, now: datetime) -> str:
    """ "over by 0:18"."""
    return _tr("over by {time}").format(time=length_words(max(0, -seconds_left(deadline, now))))


def age(since: datetime, now: datetime) -> str:
    """How long ago: "23 s ago", "4 min ago", "3 h ago", "2 d ago"."""
    seconds = max(0, int((now - since).total_seconds()))
    return _tr("{time} ago").format(time=length_of(seconds))


def length_of(seconds: float) -> str:
    """A length in its largest unit: "60 s", "5 min", "1 h", "24 h", "3 d". Whole minutes below two are
    seconds.
    """
    whole = round(seconds)
    if whole < 2 * _MINUTE:
        return _tr("{n} s").format(n=whole)
    if whole < 2 * _HOUR and whole % _HOUR:
        return _tr("{n} min").format(n=whole // _MINUTE)
    if whole < 2 * _DAY:
        return _tr("{n} h").format(n=whole // _HOUR)
    return _tr("{n} d").format(n=whole // _DAY)


def clock_face(seconds: float) -> str:
    """A running or measured time: "0:31", "2:47", "1:02:05"."""
    whole = max(0, int(seconds))
    if whole < _HOUR:
        return f"{whole // _MINUTE}:{whole % _MINUTE:02d}"
    return f"{whole // _HOUR}:{whole % _HOUR // _MINUTE:02d}:{whole % _MINUTE:02d}"


# -- when


@lru_cache(maxsize=512)
def zone_named(name: str) -> tzinfo | None:
    """The zone of that IANA name; None for the empty and for an unknown one."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def local_time(zone: str, now: datetime) -> str:
    """The time of day in `zone`, "10:14"; empty when the zone is not known."""
    there = zone_named(zone)
    return f"{now.astimezone(there):%H:%M}" if there else ""


def time_of_day(at: datetime, zone: tzinfo | None = None) -> str:
    """ "16:40" in `zone`, or in this computer's own."""
    return f"{at.astimezone(zone):%H:%M}"


def day_and_time(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """ "16:40" today, "Thu 16:40" within six days of `now`, "12 Nov 16:40", "12 Nov 2024"."""
    then, today = at.astimezone(zone), now.astimezone(zone)
    if then.date() == today.date():
        return f"{then:%H:%M}"
    locale = QLocale()
    if abs(then.date() - today.date()) < timedelta(days=7):
        day = locale.dayName(then.isoweekday(), QLocale.FormatType.ShortFormat)
        return f"{day} {then:%H:%M}"
    month = locale.monthName(then.month, QLocale.FormatType.ShortFormat)
    if then.year == today.year:
        return f"{then.day} {month} {then:%H:%M}"
    return f"{then.day} {month} {then.year}"
