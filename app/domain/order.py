"""Where a lead stands in a rep's queue, and why.

Promises come first (call-backs, appointments), then never-called leads whose deadline is near, then first
calls by score, then retries by score; what waits for its time stands below, in the section LATER. Nobody who
is owed a first call stands behind a retry: that alone won 1.44 times plain arrival order. A deadline that
was missed has no guard any more, or the queue would chase lost causes.

The key of a place is a plain tuple made from stored instants and values, never from the time that is left,
so a queue stays sorted while time passes. `until` says when a place changes by time alone: on every instant
from now up to it the place is the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum
from typing import NamedTuple

from app.domain.lead import ClockState, Lead, Outcome
from app.domain.outcomes import WORDS
from app.domain.rulebook import Rulebook

__all__ = ["Bucket", "Key", "Place", "Section", "belongs", "is_owed", "place"]

Key = tuple[int, float, float, str]
"""Bucket, then two sort values (seconds since 1970, or the score upside down), then the lead's id."""

EARLY = timedelta(minutes=15)
"""A call this long before an appointment was the appointment."""

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
    FIRST = 4
    RETRY = 5
    WAITING = 6
    NO_CALL = 7

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

    @property
    def section(self) -> Section:
        return self.bucket.section

    @property
    def reason(self) -> str:
        """A few words for the rep; they do not change while time passes. Times of day are this computer's."""
        return _reason(self)


def belongs(lead: Lead, me: str) -> bool:
    """Whether the lead stands in the queue of rep `me`: open, and mine or free for all."""
    return lead.is_open and (lead.owner == me or (lead.owner == "" and lead.on_call == ""))


def is_owed(lead: Lead) -> bool:
    """Whether the lead waits for a first call: never called, or asked again and not called since."""
    if lead.attempts == 0 or lead.clock is ClockState.RUNNING:
        return True
    if lead.clock is not ClockState.BREACHED:
        return False
    missed = lead.breached_at or lead.deadline
    # A call before the deadline would have met the clock, so such a call was made before the clock began.
    return missed is not None and (lead.last_attempt_at is None or lead.last_attempt_at < missed)


def place(lead: Lead, now: datetime, rulebook: Rulebook, me: str) -> Place:
    """The place of a lead of the queue of rep `me` (see `belongs`) at the instant `now` (aware, UTC)."""
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
        return _owed(lead, now, rulebook, promised)
    retry = lead.retry_at
    if retry is not None and retry > now:
        until = min(promised, retry) if promised else retry
        return _at(Bucket.WAITING, until.timestamp(), lead, until)
    if retry is None and promised is not None:
        return _at(Bucket.WAITING, promised.timestamp(), lead, promised)
    return _at(Bucket.RETRY, -lead.score, lead, promised)


def _at(bucket: Bucket, value: float, lead: Lead, until: datetime | None, missed: bool = False) -> Place:
    return Place(bucket, (bucket.value, value, lead.captured_at.timestamp(), lead.id), until, lead, missed)


def _owed(lead: Lead, now: datetime, rulebook: Rulebook, promised: datetime | None) -> Place:
    """A first call: by its deadline while that is near, else by score."""
    deadline = lead.deadline if lead.clock is ClockState.RUNNING else None
    if deadline is not None and now < deadline:
        guard = timedelta(seconds=max(rulebook.guard_seconds, rulebook.guard_share * lead.sla_seconds))
        if deadline - now <= guard:
            return _at(Bucket.GUARD, deadline.timestamp(), lead, _first(promised, deadline))
        return _at(Bucket.FIRST, -lead.score, lead, _first(promised, deadline - guard))
    missed = deadline is not None or lead.clock is ClockState.BREACHED
    return _at(Bucket.FIRST, -lead.score, lead, promised, missed)


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
        case Bucket.FIRST if at.missed:
            return "Missed by now: next best"
        case Bucket.FIRST:
            what = "Asked again" if lead.attempts else "First call"
            return f"{what} · {lead.reasons[0].text}" if lead.reasons else what
        case Bucket.RETRY:
            return _again(lead)
        case Bucket.WAITING:
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
