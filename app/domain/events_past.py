"""What files brought, and told of a floor's past: events of the journal.

Many leads stand in one event, since a file has many. Each line says how its lead stands from then on, whole, so that
whoever reads the journal alone has the same milestones as the floor. Named and kept as those of `events.py` are.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.event import Event
from app.domain.frozen import dataclass
from app.domain.lead import Outcome, Stage
from app.domain.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLead:
    """A lead as it stands once a file has told of it. In the journal what is empty is left out."""

    lead_id: str
    captured_at: datetime
    channel: str = ""
    medium: str = ""
    campaign: str = ""
    ad: str = ""
    country: str = ""
    tier: Tier = Tier.COLD
    stage: Stage = Stage.NEW
    owner: str = ""
    """Rep id."""
    attempts: int = 0
    first_attempt_at: datetime | None = None
    last_attempt_at: datetime | None = None
    first_call_at: datetime | None = None
    first_call_by: str = ""
    """Rep id."""
    first_call_worked: int | None = None
    """Microseconds of the floor's working time from capture to the first call."""
    contact_at: datetime | None = None
    qualified_at: datetime | None = None
    booked_at: datetime | None = None
    closed_at: datetime | None = None
    amount: int | None = None
    clocks: int = 0
    clocks_met: int = 0
    clocks_breached: int = 0
    escalated_at: datetime | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCall:
    """A call of the past, as it stands among the attempts."""

    attempt_id: str
    lead_id: str
    rep_id: str
    number: int
    at: datetime
    seconds: float | None = None
    outcome: Outcome | None = None
    contact: bool = False
    inbound: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsTold(Event):
    """A file made these leads, or told what became of them. Counted once its import is finished, which is said in the
    same transaction."""

    import_id: str
    leads: tuple[ToldLead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsTold(Event):
    """A file told of these calls; how their leads stand from then on is said beside it."""

    import_id: str
    calls: tuple[ToldCall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFinished(Event):
    """A file came in whole: one event for all its leads. Desks take a fresh snapshot."""

    import_id: str
    file: str
    leads: int
    rejected: int
    sha256: str
    told: int = 0
    """Calls or results that it told of leads, beside."""
