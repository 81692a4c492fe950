"""What a file tells of a floor's past: a lead's milestones, a call, a result.

A past is told, not lived: no clock runs for it, nobody is rung, and its instants are those of the file. Who did
something is named as the file names them; the floor finds its people by name.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from app.domain.frozen import dataclass
from app.domain.lead import Outcome, Stage
from app.domain.tier import Tier


class ImportKind(StrEnum):
    """As what the rows of a file come in. The values stand in mapping files and tables: added, never renamed."""

    LEADS = "leads"
    CALLS = "calls"
    RESULTS = "results"
    COSTS = "costs"


class Result(StrEnum):
    """What became of a lead, as far as a file says. The values stand in mapping files."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    UNFIT = "unfit"

    @property
    def stage(self) -> Stage | None:
        """The stage of a lead that ended so; None while it is open."""
        return None if self is Result.OPEN else Stage(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What became of a lead and when, aware UTC; None and "" where the file does not say."""

    captured_at: datetime | None = None
    owner: str = ""
    """Name of whoever had it."""
    tier: Tier | None = None
    first_call_at: datetime | None = None
    called_by: str = ""
    """Name of whoever called first."""
    contact_at: datetime | None = None
    qualified_at: datetime | None = None
    booked_at: datetime | None = None
    result: Result = Result.OPEN
    closed_at: datetime | None = None
    amount: int | None = None
    """Hundredths."""
    reason: str = ""
    in_time: bool | None = None
    """Whether the first call was made in time."""
    escalated_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """How far the lead had come."""
        if stage := self.result.stage:
            return stage
        if self.booked_at is not None:
            return Stage.PROSPECT
        return Stage.WORKING if self.first_call_at or self.contact_at or self.qualified_at else Stage.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """One call of the past."""

    at: datetime
    by: str = ""
    """Name of whoever called."""
    seconds: float | None = None
    outcome: Outcome | None = None
    contact: bool = False
    """Whether they talked."""
    inbound: bool = False
    """The lead called: no attempt, but it may be a contact."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRow:
    """A row of a file that tells of a lead which is on the floor already, and by what that lead is found."""

    line: int
    """Line of the file at which the row starts, from 1."""
    external_id: str = ""
    email: str = ""
    phone: str = ""
    past: Past | None = None
    call: PastCall | None = None
    answers: tuple[tuple[str, str], ...] = ()
    """What else the row says, kept with the lead."""
