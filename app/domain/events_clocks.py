"""What happened to a lead's clocks, and whom their chain reached: events of the journal.

Named and kept as those of `events.py` are.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.event import Event
from app.domain.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStarted(Event):
    deadline: datetime
    sla_seconds: int
    clock: str = "first_attempt"
    """Which: a `ClockKind`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMet(Event):
    after_seconds: float
    """From capture (or from asking again) to the start of the attempt, wall time."""
    clock: str = "first_attempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBreached(Event):
    deadline: datetime
    clock: str = "first_attempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWarned(Event):
    """A share of the promise has passed."""

    deadline: datetime
    share: float
    clock: str = "first_attempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPaused(Event):
    """The clock stands still; it goes on by itself at `until`, to the new deadline."""

    until: datetime
    deadline: datetime
    reason: str
    rep_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockResumed(Event):
    """Somebody let a paused clock go on before its pause was over."""

    deadline: datetime
    rep_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAcknowledged(Event):
    """Somebody whom the chain reached has the lead; the chain rests until `until`."""

    rep_id: str
    rep_name: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSeen(Event):
    """The lead was opened for the first time at the desk of whoever has it."""

    rep_id: str
    rep_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadEscalated(Event):
    """A step of the chain was taken. `to` are the reps it went to or who were told."""

    step: int
    what: str
    to: tuple[str, ...] = ()
    to_names: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    """The ways in which they were told."""
    deadline: datetime | None = None
    """Of the clock whose chain it is."""
    due: datetime | None = None
    """When the step was to be taken; the keeper may have been late."""
    clock: str = "first_attempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRaised(Event):
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmCleared(Event):
    name: str
    why: str
