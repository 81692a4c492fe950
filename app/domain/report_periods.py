"""Which days a report is of, and which it is compared with.

Days are those of the floor's zone: a period begins and ends at a midnight there, so that the day the clocks change
has 23 or 25 hours and is still one day. A period that still runs ends with today, and what it is compared with is
then cut to as many days, so that a Tuesday's week stands beside the Monday and Tuesday before.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.hours import midnight
from app.domain.report import Asked, By, Segment

__all__ = [
    "Compare",
    "Days",
    "Period",
    "asked_of",
    "before",
    "beside",
    "day_words",
    "days_of",
    "days_words",
    "instants",
]

BASELINE_DAYS = 30


class Period(StrEnum):
    """Days by a name."""

    TODAY = "today"
    WEEK = "week"
    LAST_WEEK = "last_week"
    MONTH = "month"
    LAST_MONTH = "last_month"
    LAST_30 = "last_30"
    LAST_90 = "last_90"
    QUARTER = "quarter"
    EVER = "ever"
    OWN = "own"


class Compare(StrEnum):
    """What a period stands beside."""

    BEFORE = "before"
    YEAR = "year"
    BASELINE = "baseline"
    NONE = "none"


class Days(NamedTuple):
    """Days of the floor's zone: from the first to before `until`."""

    since: date
    until: date


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date, back: int = 0) -> date:
    """The first of the month, or of one so many months before."""
    number = day.year * 12 + day.month - 1 - back
    return date(number // 12, number % 12 + 1, 1)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def days_of(period: Period, today: date, first: date | None = None) -> Days:
    """The days of a period that ends today at the latest; `first` is the day of the floor's first lead. `OWN` has no
    days of its own: those of the last 30."""
    tomorrow = today + timedelta(days=1)
    match period:
        case Period.TODAY:
            return Days(today, tomorrow)
        case Period.WEEK:
            return Days(_monday(today), tomorrow)
        case Period.LAST_WEEK:
            return Days(_monday(today) - timedelta(days=7), _monday(today))
        case Period.MONTH:
            return Days(_month(today), tomorrow)
        case Period.LAST_MONTH:
            return Days(_month(today, 1), _month(today))
        case Period.LAST_90:
            return Days(tomorrow - timedelta(days=90), tomorrow)
        case Period.QUARTER:
            return Days(_month(today, (today.month - 1) % 3), tomorrow)
        case Period.EVER:
            return Days(min(first or today, today), tomorrow)
    return Days(tomorrow - timedelta(days=30), tomorrow)


def before(period: Period, days: Days) -> Days:
    """The same span before: the days up to the same one of the week, month or quarter before, else as many days."""
    back = {Period.MONTH: 1, Period.LAST_MONTH: 1, Period.QUARTER: 3}.get(period, 0)
    if back:
        since = _month(days.since, back)
        if period is Period.LAST_MONTH:
            return Days(since, days.since)
        return Days(since, min(since + (days.until - days.since), days.since))
    length = timedelta(days=7) if period is Period.WEEK else days.until - days.since
    return Days(days.since - length, days.until - length)


def instants(days: Days, zone: str) -> tuple[datetime, datetime]:
    """The midnights a span of days begins and ends with, in UTC."""
    there = ZoneInfo(zone)
    since, until = (midnight(day, there) for day in days)
    return since, until


def asked_of(
    days: Days,
    zone: str,
    *,
    period: Period = Period.OWN,
    compare: Compare = Compare.NONE,
    baseline: Days | None = None,
    by: By = By.SOURCE,
    segment: Segment | None = None,
) -> Asked:
    """What to ask for. `baseline` are the days that stand for how it was before; without them none are compared."""
    was: Days | None = None
    if compare is Compare.BEFORE:
        was = before(period, days)
    elif compare is Compare.YEAR:
        was = Days(_year_before(days.since), _year_before(days.until))
    elif compare is Compare.BASELINE:
        was = baseline
    since, until = instants(days, zone)
    was_since, was_until = instants(was, zone) if was is not None else (None, None)
    return Asked(
        since=since,
        until=until,
        was_since=was_since,
        was_until=was_until,
        by=by,
        segment=segment or Segment(),
    )


def beside(
    since: datetime, until: datetime, zone: str, compare: Compare, baseline: tuple[datetime, datetime] | None
) -> tuple[datetime, datetime] | None:
    """The span that any two instants are compared with: as long a one before, the same a year before by the zone's
    calendar, or the baseline."""
    if compare is Compare.BEFORE:
        return since - (until - since), since
    if compare is Compare.YEAR:
        there = ZoneInfo(zone)
        ends = [at.astimezone(there) for at in (since, until)]
        a, b = (datetime.combine(_year_before(end.date()), end.time(), there).astimezone(UTC) for end in ends)
        return a, b
    return baseline if compare is Compare.BASELINE else None


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def day_words(day: date) -> str:
    """A day as reports write it: "22 Nov 2026"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def days_words(since: datetime, until: datetime, zone: str) -> str:
    """The days of a span, the last one included: "16–22 Nov 2026", "28 Oct – 3 Nov 2026", "22 Nov 2026". A span that
    does not begin and end at midnights says the times too."""
    there = ZoneInfo(zone)
    a, b = since.astimezone(there), until.astimezone(there)
    if a.time() != time() or b.time() != time():
        begins, ends = (f"{day_words(at)} {at:%H:%M}" for at in (a, b))
        return f"{begins} – {ends}"
    first, last = a.date(), b.date() - timedelta(days=1)
    ends = day_words(last)
    if first >= last:
        return ends
    if first.year != last.year:
        return f"{day_words(first)} – {ends}"
    if first.month != last.month:
        return f"{first.day} {_MONTHS[first.month - 1]} – {ends}"
    return f"{first.day}–{ends}"
