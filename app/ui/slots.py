"""Which times to offer for an appointment or a call-back. Pure: values in, choices out.

Times are thought of where the person is: a call promised for nine is at nine there. Instants are aware UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from app.ui.wording import day_and_time

__all__ = ["Choice", "at_local", "call_backs", "parse_amount", "slots"]

_OFFERED = (time(9), time(10, 30), time(14), time(15, 30))
_NOTICE = timedelta(hours=1)
"""Nobody is offered an appointment sooner than this."""
_A_DAY = 2
"""Offered on one day at most."""
_AFTERNOON, _MORNING = time(15), time(9)
_SATURDAY = 5


class Choice(NamedTuple):
    """A time with the words on its button."""

    words: str
    at: datetime


def _tr(text: str) -> str:
    return QCoreApplication.translate("slots", text)


def at_local(day: date, clock: time, zone: tzinfo | None) -> datetime:
    """That time of day in `zone` (None: this computer's own) as an instant in UTC."""
    local = datetime.combine(day, clock)
    return (local.replace(tzinfo=zone) if zone else local).astimezone(UTC)


def slots(now: datetime, zone: tzinfo | None, count: int = 4) -> tuple[Choice, ...]:
    """The next sensible times for an appointment, on working days, two a day at most, in `zone`."""
    found: list[Choice] = []
    day = now.astimezone(zone).date()
    while len(found) < count:
        if day.weekday() < _SATURDAY:
            instants = [at_local(day, clock, zone) for clock in _OFFERED]
            late_enough = [at for at in instants if at >= now + _NOTICE]
            for at in late_enough[:_A_DAY]:
                words = day_and_time(at, now, zone)
                today = day == now.astimezone(zone).date()
                found.append(Choice(_tr("today {time}").format(time=words) if today else words, at))
        day += timedelta(days=1)
    return tuple(found[:count])


def call_backs(now: datetime, zone: tzinfo | None) -> tuple[Choice, ...]:
    """When to call back: soon, in an hour, this afternoon if that is ahead, the next working morning."""
    here = now.astimezone(zone)
    choices = [
        Choice(_tr("in 15 min"), now + timedelta(minutes=15)),
        Choice(_tr("in 1 h"), now + timedelta(hours=1)),
    ]
    afternoon = at_local(here.date(), _AFTERNOON, zone)
    if afternoon > now + timedelta(hours=1):
        choices.append(Choice(_tr("this afternoon {time}").format(time=f"{_AFTERNOON:%H:%M}"), afternoon))
    day = here.date() + timedelta(days=1)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    morning = at_local(day, _MORNING, zone)
    tomorrow = day == here.date() + timedelta(days=1)
    words = (
        _tr("tomorrow {time}").format(time=f"{_MORNING:%H:%M}")
        if tomorrow
        else day_and_time(morning, now, zone)
    )
    choices.append(Choice(words, morning))
    return tuple(choices)


def parse_amount(text: str) -> int | None:
    """Cents of an amount as people write it ("1250", "1,250.50", "1.250,50", "€ 12 500"); None if it is none.

    The last comma or point is the decimal sign when one or two digits follow it; all others only group.
    """
    kept = "".join(letter for letter in text if letter.isascii() and (letter.isdigit() or letter in ".,"))
    strange = [letter for letter in text if letter.isalnum() and not (letter.isascii() and letter.isdigit())]
    if len(strange) > 3 or "-" in text or "−" in text or not any(letter.isdigit() for letter in kept):
        return None
    cut = max(kept.rfind("."), kept.rfind(","))
    whole, cents = (kept[:cut], kept[cut + 1 :]) if 0 < len(kept) - cut - 1 <= 2 and cut >= 0 else (kept, "")
    digits = whole.replace(".", "").replace(",", "") or "0"
    return int(digits) * 100 + int(cents.ljust(2, "0") if cents else 0) if len(digits) <= 12 else None
