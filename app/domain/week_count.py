"""What counts of a week's work, and for whom: a line for each person and lead, from calls, outcomes and clocks.

A week counts what was *done* in it: a win is paid in the week in which it was won, whenever the lead came, and is so
paid once. Speed is whose first call it was; talking, booking and winning are whose call it was. A call shorter than
the rule says, or told of only afterwards, is neither a first call nor a contact; letters and automatic answers are
no calls. Test leads, leads from files and leads that somebody of the floor let in by hand do not count, and speed does
not where the lead came while that person was off shift. Pure; all instants are aware UTC.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain.errors import Refused
from app.domain.frozen import dataclass
from app.domain.hours import midnight, working_seconds
from app.domain.lead import AttemptKind, Outcome, Rep
from app.domain.rulebook import Rulebook
from app.domain.scorecard import Scorecard
from app.domain.shifts import on_shift

__all__ = [
    "Counted", "Deeds", "Ended", "Late", "Told", "Try", "counted", "later", "span_of", "week_of",
]  # fmt: skip


def week_of(at: datetime, zone: str) -> str:
    """The ISO week that an instant lies in, by the floor's clock: "2026-W47"."""
    year, week, _ = at.astimezone(ZoneInfo(zone)).isocalendar()
    return f"{year}-W{week:02}"


def span_of(week: str, zone: str) -> tuple[datetime, datetime]:
    """From Monday's midnight to before the next one's, in UTC. Raises Refused for what is no week."""
    year, _, number = week.partition("-W")
    try:
        if len(year) != 4 or len(number) != 2 or not (year + number).isascii():
            raise ValueError
        monday = date.fromisocalendar(int(year), int(number), 1)
        here = ZoneInfo(zone)
        return midnight(monday, here), midnight(monday + timedelta(days=7), here)
    except (ValueError, OverflowError) as error:
        raise Refused("A week is written like 2026-W47.", "No such week") from error


class Try(NamedTuple):
    """An attempt that somebody made."""

    lead_id: str
    rep_id: str
    kind: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    """Empty until it is said, and once it was taken back."""


class Ended(NamedTuple):
    """A clock of a first attempt that ended."""

    lead_id: str
    rep_id: str
    """Who met it; else who had the lead at the deadline."""
    deadline: datetime
    is_met: bool


class Told(NamedTuple):
    """What is known of a lead."""

    captured_at: datetime
    has_phone: bool
    amount: int | None
    """In minor units, where it is won."""
    why_not: str = ""
    """Why it does not count: "test", "file", "hand"; empty where it does."""


class Deeds(NamedTuple):
    """All that touches a week: every attempt on a lead that was tried in it, and the clocks that ended in it."""

    tries: tuple[Try, ...]
    ended: tuple[Ended, ...]
    leads: Mapping[str, Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What one lead counts for one person. No name stands here, so that it outlives the lead's erasure."""

    rep_id: str
    """Empty: nobody's."""
    lead_id: str
    why_not: str = ""
    """Why none of it counts; "shift": its speed does not."""
    waited: float | None = None
    """Working seconds from capture to the first call, where that was theirs and of this week."""
    met: int = 0
    missed: int = 0
    calls: int = 0
    said: int = 0
    """Calls whose outcome was said."""
    contacts: int = 0
    """Conversations, by call."""
    talks: int = 0
    """Of these, at length."""
    booked: int = 0
    won: int = 0
    amount: int = 0
    """Of what was won, in minor units."""


def counted(
    deeds: Deeds, rulebook: Rulebook, reps: Iterable[Rep], since: datetime, until: datetime
) -> tuple[Counted, ...]:
    """A line for each person and lead, in the order of their ids."""
    card, people = rulebook.scorecard, {rep.id: rep for rep in reps}
    found: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(int))
    off: set[tuple[str, str]] = set()
    tries: dict[str, list[Try]] = defaultdict(list)
    for one in sorted(deeds.tries, key=lambda one: (one.started_at, one.rep_id)):
        tries[one.lead_id].append(one)
    calendar = rulebook.calendars[0] if rulebook.calendars else None
    for lead_id, made in tries.items():
        told = deeds.leads[lead_id]
        first = next((one for one in made if _is_call(one, card)), None)
        for one in made:
            if since <= one.started_at < until:
                for name, number in _done(one, card, told):
                    found[one.rep_id, lead_id][name] += number
        if first is not None and since <= first.started_at < until:
            key = first.rep_id, lead_id
            wait = working_seconds(calendar, told.captured_at, first.started_at)
            found[key]["waited"] = max(wait, 0.0)
            off |= {key} if _is_off(rulebook, people, first.rep_id, told.captured_at) else set()
    for clock in deeds.ended:
        told = deeds.leads[clock.lead_id]
        called = next((one for one in tries[clock.lead_id] if _is_call(one, card)), None)
        in_time = called is not None and called.started_at <= clock.deadline
        is_met = in_time if told.has_phone else clock.is_met
        key = (called.rep_id if in_time and called else clock.rep_id), clock.lead_id
        found[key]["met" if is_met else "missed"] += 1
        off |= {key} if _is_off(rulebook, people, key[0], told.captured_at) else set()
    return tuple(_line(key, found[key], key in off, deeds.leads[key[1]].why_not) for key in sorted(found))


def _line(key: tuple[str, str], values: Mapping[str, float], is_off: bool, why_not: str) -> Counted:
    waited = values.get("waited")
    whole = {name: int(number) for name, number in values.items() if name != "waited"}
    why = why_not or ("shift" if is_off else "")
    return Counted(rep_id=key[0], lead_id=key[1], why_not=why, waited=waited, **whole)


def _length(one: Try) -> float:
    return (one.ended_at - one.started_at).total_seconds() if one.ended_at is not None else 0.0


def _is_call(one: Try, card: Scorecard) -> bool:
    return one.kind == AttemptKind.CALL and _length(one) >= card.dial_seconds


def _done(one: Try, card: Scorecard, told: Told) -> Iterator[tuple[str, int]]:
    outcome = Outcome(one.outcome) if one.outcome else None
    if _is_call(one, card):
        yield "calls", 1
        yield "said", int(outcome is not None)
        if outcome is not None and outcome.is_contact and _length(one) >= card.contact_seconds:
            yield "contacts", 1
            yield "talks", int(_length(one) >= card.talk_seconds)
    if outcome is Outcome.BOOKED:
        yield "booked", 1
    if outcome is Outcome.WON:
        yield "won", 1
        yield "amount", told.amount or 0


def _is_off(rulebook: Rulebook, people: Mapping[str, Rep], rep_id: str, at: datetime) -> bool:
    return rep_id in people and not on_shift(rulebook, people[rep_id], at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What a lead counts otherwise since a week was frozen. The frozen page stays as it is."""

    rep_id: str
    lead_id: str
    text: str
    """A sentence."""


_CALLED = {
    "waited": "wait for the first call",
    "met": "promises kept",
    "missed": "promises missed",
    "said": "outcomes said",
    "talks": "conversations at length",
    "contacts": "conversations",
    "amount": "amount won",
    "why_not": "reason not to count",
}


def later(was: Iterable[Counted], now: Iterable[Counted]) -> tuple[Late, ...]:
    """What differs, by comparing: nothing of it was ever written down."""
    before, after = ({(one.rep_id, one.lead_id): one for one in some} for some in (was, now))
    found = []
    for key in sorted(dict.fromkeys(chain(before, after))):
        old, new = before.get(key), after.get(key)
        if old != new:
            found.append(Late(rep_id=key[0], lead_id=key[1], text=_differs(old, new)))
    return tuple(found)


def _differs(old: Counted | None, new: Counted | None) -> str:
    if new is None:
        return "It does not count any more."
    if old is None:
        return "It counts since: " + "; ".join(_values(new)) + "."
    parts = [
        f"{_CALLED.get(one.name, one.name)} {_say(getattr(old, one.name))} → {_say(getattr(new, one.name))}"
        for one in fields(Counted)
        if getattr(old, one.name) != getattr(new, one.name)
    ]
    return "; ".join(parts) + "."


def _values(one: Counted) -> Iterator[str]:
    for field in fields(Counted)[2:]:
        value = getattr(one, field.name)
        if value != field.default:
            yield f"{_CALLED.get(field.name, field.name)} {_say(value)}"


def _say(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f} s"
    return "none" if value in (None, "") else str(value)
