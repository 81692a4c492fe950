"""Where a lead stands in a rep's queue, and why.

Promises come first (call-backs, appointments), then never-called leads whose deadline is near, each tenth pick the
one that waits longest past its deadline, then first calls, then retries, each by what their waiting costs
(`domain/worth.py`) or in a fixed order; what waits for its time stands below, in the section LATER. Nobody who
is owed a first call stands behind a retry: that alone won 1.44 times plain arrival order. A deadline that
was missed has no guard any more, or the queue would chase lost causes.

The key of a place is a plain tuple that stands still while time passes, so a queue stays sorted. `until` says when
a place changes by time alone: on every instant from now up to it the place is the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from app.domain.lead import ClockState, Lead, Outcome
from app.domain.outcomes import WORDS
from app.domain.rulebook import Rulebook
from app.domain.worth import OrderBy, Standing, worth_of

__all__ = ["EARLY", "Bucket", "Key", "Place", "Section", "belongs", "is_overdue", "is_owed", "place"]

Key = tuple[int, float, float, str]
"""Bucket, then two sort values (seconds since 1970, or what is better upside down), then the lead's id."""

EARLY = timedelta(minutes=15)
"""A call this long before an appointment was the appointment."""

FRESH_S = 900.0
"""Seconds from capture in which a large deal is called fresh."""

_TELLING = 0.02
"""Smaller losses of chance are no reason that one would tell."""
_NEVER = float("inf")

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class Section(IntEnum):
    """The two parts of the list."""

    CALL_NOW = 0
    LATER = 1


class Bucket(IntEnum):
    """The rule that placed a lead; lower stands higher."""

    ON_CALL = 0
    CALL_BACK = 1
    APPOINTMENT = 2
    GUARD = 3
    LONGEST = 4
    FIRST = 5
    RETRY = 6
    WAITING = 7
    NO_CALL = 8

    @property
    def section(self) -> Section:
        return Section.LATER if self in (Bucket.WAITING, Bucket.NO_CALL) else Section.CALL_NOW


class Place(NamedTuple):
    """A lead's place in the queue."""

    bucket: Bucket
    key: Key
    """Sorts all places of a queue; no two leads have the same."""
    until: datetime | None
    """When this place changes by time alone, aware UTC; None: it never does."""
    lead: Lead
    missed: bool = False
    """The first call was owed by a deadline that has passed."""
    drop: float = 0.0
    """Of a first call: how much of the chance of an answer the next minutes cost."""
    ahead: float = 0.0
    """Those minutes, in seconds."""
    is_large: bool = False
    """An uncommonly large deal, still fresh."""

    @property
    def section(self) -> Section:
        return self.bucket.section

    @property
    def is_estimate(self) -> bool:
        """Whether the reason tells of chances and values, which are estimates."""
        return self.bucket is Bucket.FIRST and (self.is_large or self.drop >= _TELLING)

    @property
    def reason(self) -> str:
        """A few words for the rep; they do not change while time passes. Times of day are this computer's."""
        return _reason(self)

    def reason_at(self, now: datetime) -> str:
        """The same for an instant, where the time that is left says more: "HOT, 40 s left"."""
        deadline = self.lead.deadline
        if self.bucket is Bucket.GUARD and deadline is not None:
            what = "Asked again" if self.lead.attempts else self.lead.tier.value
            return f"{what}, {_left((deadline - now).total_seconds())} left"
        if self.bucket is Bucket.LONGEST and deadline is not None:
            return f"Longest wait, {_left((now - deadline).total_seconds())} late"
        return self.reason


def belongs(lead: Lead, me: str) -> bool:
    """Whether the lead stands in the queue of rep `me`: open, and mine, offered to me or free for all."""
    is_free = lead.owner == "" and lead.on_call == "" and (not lead.offered or me in lead.offered)
    return lead.is_open and (lead.owner == me or is_free)


def is_owed(lead: Lead) -> bool:
    """Whether the lead waits for a first call: never called, or asked again and not called since."""
    if lead.attempts == 0 or lead.clock is ClockState.RUNNING:
        return True
    if lead.clock is not ClockState.BREACHED:
        return False
    missed = lead.breached_at or lead.deadline
    # A call before the deadline would have met the clock, so such a call was made before the clock began.
    return missed is not None and (lead.last_attempt_at is None or lead.last_attempt_at < missed)


def is_overdue(lead: Lead) -> bool:
    """Whether nobody has ever called a lead whose deadline has passed and been noticed."""
    return lead.clock is ClockState.BREACHED and lead.attempts == 0 and not lead.no_call


def place(lead: Lead, now: datetime, rulebook: Rulebook, me: str, *, longest: bool = False) -> Place:
    """The place of a lead of the queue of rep `me` (see `belongs`) at the instant `now` (aware, UTC).

    `longest`: this pick goes to whoever waits longest, and that is this lead.
    """
    if lead.on_call and lead.owner == me:
        return _at(Bucket.ON_CALL, 0.0, lead, None)
    if lead.no_call:
        return _at(Bucket.NO_CALL, 0.0, lead, None)

    call_back = lead.call_back_at
    if call_back is not None and call_back <= now:
        return _at(Bucket.CALL_BACK, call_back.timestamp(), lead, None)
    appointment = lead.appointment_at if lead.appointment_at is not None and _stands(lead) else None
    if appointment is not None and appointment <= now:
        return _at(Bucket.APPOINTMENT, appointment.timestamp(), lead, call_back)

    promised = _first(call_back, appointment)
    if is_owed(lead):
        paused = lead.paused_until
        if paused is not None and lead.is_paused(now):
            until = min(promised, paused) if promised else paused
            return _at(Bucket.WAITING, until.timestamp(), lead, until)
        if longest and is_overdue(lead):
            return _at(Bucket.LONGEST, lead.captured_at.timestamp(), lead, promised, missed=True)
        return _owed(lead, now, rulebook, promised)
    retry = lead.retry_at
    if retry is not None and retry > now:
        until = min(promised, retry) if promised else retry
        return _at(Bucket.WAITING, until.timestamp(), lead, until)
    if retry is None and promised is not None:
        return _at(Bucket.WAITING, promised.timestamp(), lead, promised)
    if rulebook.order.by is not OrderBy.WORTH:
        return _at(Bucket.RETRY, _fixed(lead, rulebook), lead, promised)
    begun = lead.captured_at
    called = max(((lead.first_attempt_at or lead.last_attempt_at or begun) - begun).total_seconds(), 0.0)
    age = (now - begun).total_seconds()
    standing = worth_of(rulebook.order).retry(age, called, max(lead.attempts, 1), lead.score, lead.source_id)
    return _at(Bucket.RETRY, -standing.worth, lead, _first(promised, _end(begun, standing)))


def _at(bucket: Bucket, value: float, lead: Lead, until: datetime | None, missed: bool = False) -> Place:
    return Place(bucket, (bucket.value, value, lead.captured_at.timestamp(), lead.id), until, lead, missed)


def _end(begun: datetime, standing: Standing) -> datetime | None:
    """When a lead's worth takes its next step."""
    return begun + timedelta(seconds=standing.until) if standing.until < _NEVER else None


def _fixed(lead: Lead, rulebook: Rulebook) -> float:
    """The sort value of an order that time does not change."""
    if rulebook.order.by is OrderBy.SCORE:
        return -lead.score
    if rulebook.order.by is OrderBy.DEADLINE and lead.deadline is not None:
        return lead.deadline.timestamp()
    return lead.captured_at.timestamp()


def _owed(lead: Lead, now: datetime, rulebook: Rulebook, promised: datetime | None) -> Place:
    """A first call: by its deadline while that is near, else by the order of the rulebook."""
    deadline = lead.deadline if lead.clock is ClockState.RUNNING else None
    if deadline is not None and now < deadline:
        guard = timedelta(seconds=max(rulebook.guard_seconds, rulebook.guard_share * lead.sla_seconds))
        if deadline - now <= guard:
            return _at(Bucket.GUARD, deadline.timestamp(), lead, _first(promised, deadline))
        return _by_order(lead, now, rulebook, _first(promised, deadline - guard), missed=False)
    missed = deadline is not None or lead.clock is ClockState.BREACHED
    return _by_order(lead, now, rulebook, promised, missed)


def _by_order(lead: Lead, now: datetime, rulebook: Rulebook, until: datetime | None, missed: bool) -> Place:
    if rulebook.order.by is not OrderBy.WORTH:
        return _at(Bucket.FIRST, _fixed(lead, rulebook), lead, until, missed)
    begun = lead.captured_at
    if lead.attempts and lead.deadline is not None:  # they asked again when this clock was started
        begun = max(begun, lead.deadline - timedelta(seconds=lead.sla_seconds))
    age, worth = max((now - begun).total_seconds(), 0.0), worth_of(rulebook.order)
    standing = worth.first(age, lead.score, lead.source_id)
    at = _at(Bucket.FIRST, -standing.worth, lead, _first(until, _end(begun, standing)), missed)
    is_large = standing.until <= FRESH_S and worth.is_large(lead.source_id)
    return at._replace(drop=standing.drop, ahead=rulebook.order.ahead, is_large=is_large)


def _stands(lead: Lead) -> bool:
    """Whether the appointment is still to be kept; a reminder call long before it leaves it standing."""
    if lead.last_outcome is Outcome.BOOKED or lead.appointment_at is None or lead.last_attempt_at is None:
        return True
    return lead.last_attempt_at < lead.appointment_at - EARLY


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)


# the few words


def _reason(at: Place) -> str:
    lead = at.lead
    match at.bucket:
        case Bucket.ON_CALL:
            return "On the call"
        case Bucket.NO_CALL:
            return "Asked not to be called"
        case Bucket.CALL_BACK:
            return f"Promised {_when(lead.call_back_at, lead)}"
        case Bucket.APPOINTMENT:
            return f"Appointment {_when(lead.appointment_at, lead)}"
        case Bucket.GUARD:
            asked = "Asked again" if lead.attempts else lead.tier.value
            return f"{asked} · call within {_span(lead.sla_seconds)}"
        case Bucket.LONGEST:
            return "Longest wait"
        case Bucket.FIRST if at.is_large:
            return "Large deal, still fresh"
        case Bucket.FIRST if at.drop >= _TELLING:
            return f"Cooling: −{round(at.drop * 100)} % chance in {_span(round(at.ahead))}"
        case Bucket.FIRST if at.missed:
            return "Missed by now: next best"
        case Bucket.FIRST:
            what = "Asked again" if lead.attempts else "First call"
            return f"{what} · {lead.reasons[0].text}" if lead.reasons else what
        case Bucket.RETRY:
            return _again(lead)
        case Bucket.WAITING:
            if at.until is not None and at.until == lead.paused_until:
                why = f" – {lead.paused_why}" if lead.paused_why else ""
                return f"Clock paused until {_when(at.until, lead)}{why}"
            if at.until == lead.call_back_at:
                return f"Call back {_when(at.until, lead)}"
            if at.until == lead.appointment_at:
                return f"Appointment {_when(at.until, lead)}"
            return f"{_again(lead)} · {_when(at.until, lead)}"


def _again(lead: Lead) -> str:
    """What is to be done with a lead that was called before."""
    if lead.last_outcome is None:
        return "How did the last call end?"
    if lead.last_outcome.is_contact:
        return "Talked already: what comes next?"
    if lead.retry_at is None:
        return f"{lead.attempts} tries, no answer: decide"
    return f"{_nth(lead.attempts + 1)} try · {WORDS[lead.last_outcome]}"


def _left(seconds: float) -> str:
    """40 s, 12 min, 3 h: rounded down, a promise is not made longer."""
    whole = max(int(seconds), 0)
    if whole < 120:
        return f"{whole} s"
    return f"{whole // 60} min" if whole < 7200 else f"{whole // 3600} h"


def _nth(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ends.get(number % 10, 'th')}"


def _span(seconds: int) -> str:
    """60 s, 15 min, 24 h."""
    if seconds % 3600 == 0 and seconds > 0:
        return f"{seconds // 3600} h"
    if seconds % 60 == 0 and seconds > 60:
        return f"{seconds // 60} min"
    return f"{seconds} s"


def _when(at: datetime | None, lead: Lead) -> str:
    """The local time, with the day when it was promised on another day."""
    if at is None:
        return ""
    local = at.astimezone()
    said = (lead.last_attempt_at or lead.captured_at).astimezone()
    clock = f"{local:%H:%M}"
    return clock if local.date() == said.date() else f"{DAYS[local.weekday()]} {clock}"
