"""What whoever leads a floor does from the wallboard: raise a lead, tell somebody something."""

from __future__ import annotations

from app.domain.command import Command, Made
from app.domain.frozen import dataclass

MESSAGE = 280
"""Letters of a message at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseLead(Command[Made]):
    """Take the next step of a lead's chain that goes to somebody else now, whenever it would be due.

    Refused where a call runs, where no clock for a first call does, and where the chain has no such step left.
    """

    lead_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellRep(Command[Made]):
    """A short message to whoever sits at a desk. It stands in the journal, and shows once."""

    to: str = ""
    """Rep id; empty: to every desk."""
    text: str
