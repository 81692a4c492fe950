"""The commands about a lead's clock and its chain: stand still, go on, I have it, I see it."""

from __future__ import annotations

from datetime import datetime

from app.domain.command import Command, Made
from app.domain.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseClock(Command[Made]):
    """Let the running first-attempt clock of a lead stand still until an instant, for a reason. It goes on by itself.

    Refused without a reason, for longer than the rulebook allows, and for a clock that was missed.
    """

    lead_id: str
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeClock(Command[Made]):
    """Let a paused clock go on now. Without effect on one that is not paused."""

    lead_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeLead(Command[Made]):
    """ "I have it": the chain of a late lead rests for a while. Once a person and clock; then it goes on."""

    lead_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeLead(Command[Made]):
    """The lead was opened at this person's desk. The first time, by whoever has it, is kept; and whom its chain
    reached has acknowledged it by that."""

    lead_id: str
