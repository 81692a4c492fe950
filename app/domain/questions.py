"""What may be asked of the floor without changing it.

Each question names the type of its answer: `Question[History]`.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any, TypeVar

from app.domain.chain import Way
from app.domain.device import Device, Invitation
from app.domain.events import Entry, LeadRouted
from app.domain.frozen import dataclass
from app.domain.inquiry import Draft, Inquiry, InquiryState
from app.domain.journal import Part
from app.domain.lag import Lag
from app.domain.lead import Attempt, Lead, Source
from app.domain.past import ImportKind
from app.domain.question import Question, answer_of
from app.domain.questions_costs import CostList, Costs
from app.domain.questions_rulebook import (
    DryRun,
    RulebookOf,
    Rulebooks,
    RulebookShelf,
    RulebookVersion,
    Tried,
)
from app.domain.report import LeadsBehind, Reports, RunReport
from app.domain.wall import WallFigures
from app.domain.week import FrozenPage, FrozenWeek, FrozenWeeks, WeekShelf

__all__ = [
    "QUESTIONS",
    "AllSources",
    "Before",
    "CostList",
    "Costs",
    "DayFigures",
    "Decisions",
    "DeviceList",
    "Devices",
    "DryRun",
    "Due",
    "Facts",
    "Figures",
    "FindLeads",
    "FloorFacts",
    "FoundSource",
    "FrozenPage",
    "FrozenWeek",
    "FrozenWeeks",
    "History",
    "ImportedBefore",
    "InReview",
    "InquiriesIn",
    "JournalPage",
    "Keeping",
    "LeadHistory",
    "LeadLag",
    "Leads",
    "LeadsBehind",
    "NextDue",
    "NextMessage",
    "Question",
    "ReadJournal",
    "Reports",
    "RulebookOf",
    "RulebookShelf",
    "RulebookVersion",
    "Rulebooks",
    "RunReport",
    "SourceByKey",
    "SourceLine",
    "SourceList",
    "Tried",
    "Waiting",
    "WallFigures",
    "WeekShelf",
    "WhoGotIt",
    "WhoKeeps",
    "answer_of",
]

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A lead with all that happened to it, newest entry first."""

    lead: Lead
    entries: tuple[Entry, ...]
    attempts: tuple[Attempt, ...]
    inquiries: tuple[Inquiry, ...]
    lag: Lag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadHistory(Question[History]):
    lead_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLag(Question[Lag]):
    """Where the time of a lead went, and why its clock was missed if it was."""

    lead_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    entries: tuple[Entry, ...]
    """Each of a `LeadRouted`, oldest first."""

    @property
    def routed(self) -> tuple[LeadRouted, ...]:
        """What was decided, and its ledger."""
        return tuple(entry.event for entry in self.entries if isinstance(entry.event, LeadRouted))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoGotIt(Question[Decisions]):
    """Every decision on who gets a lead, with everybody who was considered and why not. A partner sees their own line
    of each."""

    lead_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    leads: tuple[Lead, ...]
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLeads(Question[Leads]):
    """Leads, open ones first and newest first, of whom name, company, e-mail or phone contains `text`."""

    text: str
    limit: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A rep's (or the floor's) day. Times in seconds; None where there is nothing to count."""

    ttfc_median: float | None
    """Median seconds from capture to first call, of leads whose first call was today."""
    sla_met: int
    sla_missed: int
    sla_met_before: int
    """The same weekday a week before, for comparison."""
    sla_missed_before: int
    calls: int
    booked: int
    won: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures(Question[Figures]):
    """`since` is the rep's local midnight as an instant; an empty rep means the whole floor."""

    rep_id: str = ""
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An inquiry with what became of it."""

    inquiry: Inquiry
    state: InquiryState
    why: str
    lead_id: str = ""
    source: str = ""
    draft: Draft | None = None
    """What could be understood, as a start for the correction; None where nothing could."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InReview:
    waiting: tuple[Waiting, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiriesIn(Question[InReview]):
    """Inquiries in a state (review or aside), newest first."""

    state: InquiryState = InquiryState.REVIEW
    limit: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A way in, with what came by it."""

    source: Source
    inquiries: int
    leads: int
    review: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceList:
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AllSources(Question[SourceList]):
    """Every way in, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSource:
    source: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceByKey(Question[FoundSource]):
    """The active source with a capture key, or `source=None`."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What `doctor` prints of a floor."""

    floor_id: str
    name: str
    schema: str
    database: str
    """Engine and version: "SQLite 3.53.4", "PostgreSQL 18.1"."""
    inquiries: int
    by_state: tuple[tuple[str, int], ...]
    leads: int
    open_leads: int
    events: int
    head: int
    """Number of the last event."""
    head_hash: str
    chain_holds: bool
    chain_fault: str = ""
    """Where the chain breaks, if it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorFacts(Question[Facts]):
    check_chain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDue(Question[Due]):
    """When a clock next needs the keeper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextMessage(Question[Due]):
    """When a message of the outbox is next to be tried."""

    way: Way = Way.EMAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Who keeps the floor's clocks, or did last."""

    place: str = ""
    """The computer; empty when it gave the task back and nobody has taken it."""
    epoch: int = 0
    """How often it changed hands."""
    renewed_at: datetime | None = None
    """When a keeper was last heard of; None where there never was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoKeeps(Question[Keeping]):
    """Which computer keeps the clocks of this floor now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """When a file came in; None if it never did."""

    at: datetime | None
    file: str = ""
    leads: int = 0
    told: int = 0
    zone: str = "UTC"
    """Of the floor: where times stand that name none."""
    mediums: tuple[str, ...] = ()
    """Of the floor's leads: what a file may be of that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedBefore(Question[Before]):
    """Whether a file of this content was imported as this."""

    sha256: str
    kind: ImportKind = ImportKind.LEADS


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceList:
    devices: tuple[Device, ...]
    invitations: tuple[Invitation, ...]
    """At most one a person: that which nobody has used. It may have expired."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices(Question[DeviceList]):
    """The computers of a person (of everybody, with ""), last seen first; revoked ones stay in the list."""

    rep_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPage:
    entries: tuple[Entry, ...]
    more: bool
    """Whether the part goes on behind the last of them."""
    leads: tuple[tuple[str, str], ...] = ()
    """(id, name) of the leads they are of, as they are called now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadJournal(Question[JournalPage]):
    """A part of the journal, newest first; the next page is what is `before` the last one's last number."""

    part: Part = field(default_factory=Part)
    before: int = 0
    """Only entries of a lower number; 0 is no bound."""
    after: int = 0
    """Only entries of a higher number."""
    oldest_first: bool = False
    limit: int = 200
    """At most 1,000."""


QUESTIONS: dict[str, type[Question[Any]]] = {
    cls.__name__: cls
    for cls in (
        LeadHistory,
        LeadLag,
        FindLeads,
        DayFigures,
        InquiriesIn,
        AllSources,
        SourceByKey,
        FloorFacts,
        NextDue,
        NextMessage,
        ImportedBefore,
        WhoKeeps,
        Devices,
        ReadJournal,
        Rulebooks,
        RulebookOf,
        DryRun,
        WhoGotIt,
        Costs,
        RunReport,
        Reports,
        LeadsBehind,
        WallFigures,
        FrozenWeeks,
        FrozenWeek,
    )
}
