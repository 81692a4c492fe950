"""Working time against an evaluator that knows nothing of spans: it looks at the clock on the wall, moment by moment.

It steps through UTC a minute at a time (or a second at a time, over fewer hours), asks Python what date and time of
day it is there, and whether that is open. Ten thousand random calendars, zones, changes of the clocks, holidays and
pauses are compared with FIRSTRING_TRIALS=full; some hundred otherwise.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.hours import Block, Calendar, Day, Span, deadline, faults, is_open, working_seconds
from app.domain.public_holidays import public_holidays, with_holidays

FULL = os.environ.get("FIRSTRING_TRIALS") == "full"
EXAMPLES = 10_000 if FULL else 120
PATIENCE_S = 7200 if FULL else 300
NINE_TO_FIVE = (Block(start=9 * 3600, until=17 * 3600),)
OFFICE = Calendar(name="Office", zone="Europe/Berlin", week=(NINE_TO_FIVE,) * 5 + ((), ()))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


CHANGES = {  # an instant close to a change of the clocks, or of the calendar itself
    "Europe/Berlin": ("2026-03-29T01:00Z", "2026-10-25T01:00Z"),
    "America/New_York": ("2026-03-08T07:00Z", "2026-11-01T06:00Z"),
    "America/Sao_Paulo": ("2018-11-04T03:00Z", "2018-02-18T02:00Z"),  # at midnight
    "Australia/Lord_Howe": ("2026-10-03T15:30Z", "2026-04-04T15:00Z"),  # by half an hour
    "Antarctica/Troll": ("2026-03-29T01:00Z", "2026-10-25T01:00Z"),  # by two hours
    "Pacific/Apia": ("2011-12-30T10:00Z",),  # a day that was left out
    "Asia/Kathmandu": ("2026-01-01T00:00Z",),
    "Africa/Casablanca": ("2026-02-15T02:00Z", "2026-03-22T02:00Z"),
    "Asia/Tehran": ("2022-03-21T20:30Z", "2022-09-21T19:30Z"),
    "America/Caracas": ("2016-05-01T07:00Z",),  # by half an hour, for good
    "UTC": ("2028-02-29T00:00Z",),
}


class Case(NamedTuple):
    calendar: Calendar
    start: datetime
    length: int
    """Units of the span that is looked at."""
    unit: int
    """Seconds in which everything in this case is a whole number."""
    promise: int
    """Seconds."""
    pauses: tuple[Span, ...]


@st.composite
def blocks(draw: st.DrawFn, unit: int) -> tuple[Block, ...]:
    edges = draw(st.lists(st.integers(0, 86400 // unit), max_size=6, unique=True).map(sorted))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple(Block(start=start * unit, until=until * unit) for start, until in pairs)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    unit = draw(st.sampled_from((60, 60, 60, 1)))
    zone = draw(st.sampled_from(sorted(CHANGES)))
    near = at(draw(st.sampled_from(CHANGES[zone])))
    reach = 4 * 1440 if unit == 60 else 4 * 3600
    start = near + timedelta(seconds=unit * draw(st.integers(-reach, reach // 2)))
    length = draw(st.integers(0, 2 * reach))
    week = draw(st.tuples(*(blocks(unit) for _ in range(7))).filter(any))
    around = [start.date() + timedelta(days=n) for n in range(-1, 8)]
    special = draw(st.dictionaries(st.sampled_from(around), st.one_of(st.just(()), blocks(unit)), max_size=3))
    calendar = Calendar(
        name="Any",
        zone=zone,
        week=week,
        days=tuple(Day(on=on, blocks=hours) for on, hours in special.items()),
    )
    spans = draw(st.lists(st.tuples(st.integers(-300, length), st.integers(0, 900)), max_size=3))
    pauses = tuple(
        (start + timedelta(seconds=unit * begin), start + timedelta(seconds=unit * (begin + lasts)))
        for begin, lasts in spans
    )
    return Case(calendar, start, length, unit, unit * draw(st.integers(1, reach)), pauses)


def slowly_open(case: Case, instant: datetime, zone: ZoneInfo, holidays: dict[date, Day]) -> bool:
    wall = instant.astimezone(zone)
    seconds = wall.hour * 3600 + wall.minute * 60 + wall.second
    day = holidays.get(wall.date())
    hours = case.calendar.week[wall.weekday()] if day is None else day.blocks
    if not any(block.start <= seconds < block.until for block in hours):
        return False
    return not any(begin <= instant < until for begin, until in case.pauses)


def slowly(case: Case) -> tuple[int, datetime | None]:
    """(working seconds of the span, when the promise ends if it ends within the span), moment by moment."""
    zone = ZoneInfo(case.calendar.zone)
    holidays = {day.on: day for day in case.calendar.days}
    open_seconds, ended, step = 0, None, timedelta(seconds=case.unit)
    moment = case.start
    for _ in range(case.length):
        if slowly_open(case, moment, zone, holidays):
            open_seconds += case.unit
            if ended is None and open_seconds >= case.promise:
                ended = moment + step
        moment += step
    return open_seconds, ended


@pytest.mark.timeout(PATIENCE_S)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_it_is_what_a_slow_look_at_the_wall_clock_finds(case: Case) -> None:
    assert not list(faults(case.calendar))
    end = case.start + timedelta(seconds=case.unit * case.length)
    seconds, ended = slowly(case)
    assert working_seconds(case.calendar, case.start, end, case.pauses) == seconds
    found = deadline(case.calendar, case.start, case.promise, case.pauses)
    assert found == ended if ended is not None else found > end


@pytest.mark.timeout(PATIENCE_S)
@settings(max_examples=EXAMPLES, deadline=None)
@given(cases(), st.lists(st.integers(0, 10**6), min_size=2, max_size=2), st.integers(1, 10**5))
def test_it_is_additive_and_monotone_and_undoes_itself(case: Case, cuts: list[int], more: int) -> None:
    calendar, a, pauses = case.calendar, case.start, case.pauses
    b, c = (a + timedelta(seconds=cut) for cut in sorted(cuts))
    whole, first, rest = (working_seconds(calendar, *span, pauses) for span in ((a, c), (a, b), (b, c)))
    assert whole == first + rest
    assert 0 <= first <= whole <= (c - a).total_seconds()
    assert working_seconds(calendar, c, a, pauses) == -whole
    end = deadline(calendar, a, case.promise, pauses)
    assert working_seconds(calendar, a, end, pauses) == case.promise
    assert working_seconds(calendar, a, end - timedelta(seconds=1), pauses) == case.promise - 1
    assert deadline(calendar, a, case.promise + more, pauses) > end
    later = deadline(calendar, a + timedelta(seconds=cuts[0]), case.promise, pauses)
    assert later >= end


def test_without_a_calendar_all_time_counts_but_pauses() -> None:
    start = at("2026-11-20T16:00Z")
    pause = (start + timedelta(seconds=10), start + timedelta(seconds=40))
    assert deadline(None, start, 60) == start + timedelta(seconds=60)
    assert deadline(None, start, 60, (pause,)) == start + timedelta(seconds=90)
    assert deadline(None, start, 10, (pause,)) == start + timedelta(seconds=10)
    assert working_seconds(None, start, start + timedelta(seconds=60), (pause, pause)) == 30


def test_a_promise_that_ends_with_the_day_ends_when_the_floor_closes() -> None:
    assert deadline(OFFICE, at("2026-11-20T15:00+01:00"), 7200) == at("2026-11-20T17:00+01:00")
    assert deadline(OFFICE, at("2026-11-20T16:00+01:00"), 7200) == at("2026-11-23T10:00+01:00")
    assert deadline(OFFICE, at("2026-11-21T03:00+01:00"), 60) == at("2026-11-23T09:01+01:00")


def test_a_lunch_break_a_holiday_and_short_hours_on_christmas_eve() -> None:
    split = (Block(start=9 * 3600, until=12 * 3600), Block(start=13 * 3600, until=17 * 3600))
    eve = Day(on=date(2026, 12, 24), name="Christmas Eve", blocks=(Block(start=9 * 3600, until=12 * 3600),))
    days = (eve, Day(on=date(2026, 12, 25), name="Christmas Day"))
    calendar = Calendar(name="Sales", zone="Europe/Berlin", week=(split,) * 5 + ((), ()), days=days)
    assert deadline(calendar, at("2026-12-24T11:00+01:00"), 2 * 3600) == at("2026-12-28T10:00+01:00")
    assert deadline(calendar, at("2026-12-23T11:30+01:00"), 3600) == at("2026-12-23T13:30+01:00")
    assert not is_open(calendar, at("2026-12-23T12:00+01:00"))
    assert is_open(calendar, at("2026-12-23T13:00+01:00"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"zone": "Europe/Atlantis"}, "time zone"),
        ({"zone": "../../etc/passwd"}, "time zone"),
        ({"week": ((),) * 7}, "never open"),
        ({"week": (NINE_TO_FIVE,) * 6}, "seven"),
        ({"week": ((Block(start=10, until=10),),) * 7}, "before they begin"),
        ({"week": ((Block(start=0, until=86401),),) * 7}, "before they begin"),
        ({"week": (NINE_TO_FIVE * 2,) * 7}, "overlap"),
        ({"days": (Day(on=date(2026, 1, 1)),) * 2}, "twice"),
    ],
)
def test_a_calendar_that_cant_be_kept_is_refused_in_a_sentence(wrong: dict[str, object], says: str) -> None:
    said: dict[str, object] = {"name": "Office", "zone": "UTC", "week": (NINE_TO_FIVE,) * 7} | wrong
    (fault,) = faults(Calendar(**said))  # type: ignore[arg-type]
    assert says in fault


def test_the_holidays_of_a_country_are_written_out_and_own_dates_stand() -> None:
    short = Day(on=date(2026, 12, 24), name="Christmas Eve", blocks=(Block(start=9 * 3600, until=12 * 3600),))
    open_all_day = Day(on=date(2026, 5, 1), name="We work", blocks=NINE_TO_FIVE)
    bavaria = with_holidays(replace(OFFICE, country="DE-BY", days=(short, open_all_day)), 2026)
    days = {day.on: day for day in bavaria.days}
    assert date(2026, 1, 6) in days  # Epiphany, in Bavaria and not in Berlin
    assert date(2030, 12, 25) in days
    assert (days[date(2026, 12, 24)], days[date(2026, 5, 1)]) == (short, open_all_day)
    assert not list(faults(bavaria))
    assert deadline(bavaria, at("2026-01-05T16:30+01:00"), 3600) == at("2026-01-07T09:30+01:00")
    assert with_holidays(bavaria, 2026) == bavaria
    with pytest.raises(Refused, match="no list"):
        public_holidays("XX", 2026)


def test_without_a_country_nothing_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert with_holidays(OFFICE, 2026) is OFFICE
