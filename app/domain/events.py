"""What happened, in the past tense: the words of the journal.

Each event is a small frozen value; `KINDS` gives every class the name under which it stands in the journal.
Those names are kept for years: add new ones, never rename one, and give new fields a default. Who did it, when,
and to which lead is said by the `Entry` around the event.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.behaviour import Did
from app.domain.event import Event
from app.domain.events_clocks import (
    AlarmCleared,
    AlarmRaised,
    ClockBreached,
    ClockMet,
    ClockPaused,
    ClockResumed,
    ClockStarted,
    ClockWarned,
    LeadAcknowledged,
    LeadEscalated,
    LeadSeen,
)
from app.domain.events_costs import BaselineFrozen, CostDropped, CostsNoted
from app.domain.events_desks import DeskInvited, DeskJoined, DeskRenamed, DeskRevoked, PresenceChanged
from app.domain.events_past import CallsTold, ImportFinished, LeadsTold, ToldCall, ToldLead
from app.domain.events_routing import (
    Considered,
    LeadDeclined,
    LeadRouted,
    OfferLapsed,
    PassedOver,
)
from app.domain.frozen import dataclass
from app.domain.lead import AttemptKind, Outcome, Reason, RepStatus, Role, Tier
from app.domain.week_events import DisputeAnswered, ScoreDisputed, WeekFrozen

__all__ = (
    "KINDS",
    "KIND_OF",
    "AlarmCleared",
    "AlarmRaised",
    "AttemptEnded",
    "AttemptStarted",
    "BaselineFrozen",
    "BehaviourNoted",
    "CallsTold",
    "ClockBreached",
    "ClockMet",
    "ClockPaused",
    "ClockResumed",
    "ClockStarted",
    "ClockWarned",
    "Considered",
    "CostDropped",
    "CostsNoted",
    "DeskInvited",
    "DeskJoined",
    "DeskRenamed",
    "DeskRevoked",
    "DisputeAnswered",
    "Entry",
    "Event",
    "FloorStarted",
    "ImportFinished",
    "InquiryPutAside",
    "InquiryReplayed",
    "InquiryToReview",
    "JournalExported",
    "LeadAcknowledged",
    "LeadAskedAgain",
    "LeadCaptured",
    "LeadClaimed",
    "LeadCorrected",
    "LeadDeclined",
    "LeadEscalated",
    "LeadReleased",
    "LeadRouted",
    "LeadScored",
    "LeadSeen",
    "LeadsTold",
    "NoteAdded",
    "OfferLapsed",
    "OutcomeLogged",
    "OutcomeUndone",
    "PassedOver",
    "PresenceChanged",
    "RepAdded",
    "RepChanged",
    "RepStatusChanged",
    "RepTold",
    "RulebookPublished",
    "ScoreDisputed",
    "SourceAdded",
    "SourceChanged",
    "ToldCall",
    "ToldLead",
    "Unknown",
    "WeekFrozen",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorStarted(Event):
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCaptured(Event):
    inquiry_id: str
    channel: str
    source: str
    """The name of the way in, as it was called then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAskedAgain(Event):
    """A second inquiry of a person whose lead is open."""

    inquiry_id: str
    channel: str
    source: str
    ask: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadScored(Event):
    score: int
    tier: Tier
    was_score: int | None = None
    was_tier: Tier | None = None
    reasons: tuple[Reason, ...] = ()
    rulebook: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadClaimed(Event):
    rep_id: str
    rep_name: str
    claim_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadReleased(Event):
    reason: str
    said_at: datetime | None = None
    """When it was done, where it was recorded offline and told later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptStarted(Event):
    attempt_id: str
    attempt_kind: AttemptKind
    number: int
    rep_name: str
    said_at: datetime | None = None
    """When it was done, where it was recorded offline and told later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptEnded(Event):
    """The line is down; the outcome may still be missing."""

    attempt_id: str
    seconds: float
    said_at: datetime | None = None
    """When it was done, where it was recorded offline and told later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeLogged(Event):
    attempt_id: str
    number: int
    outcome: Outcome
    at: datetime | None = None
    """The appointment, the promised call-back, or the next try."""
    reason: str = ""
    amount: int | None = None
    note: str = ""
    rep_name: str = ""
    applied: bool = True
    """False: it is in the books, but the lead was left as it stood."""
    said_at: datetime | None = None
    """When it was done, where it was recorded offline and told later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeUndone(Event):
    attempt_id: str
    outcome: Outcome
    said_at: datetime | None = None
    """When it was done, where it was recorded offline and told later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Event):
    text: str
    rep_name: str = ""
    said_at: datetime | None = None
    """When it was done, where it was recorded offline and told later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCorrected(Event):
    """A person changed what is known of the lead: (field, was, is)."""

    changes: tuple[tuple[str, str, str], ...]
    said_at: datetime | None = None
    """When it was done, where it was recorded offline and told later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryToReview(Event):
    inquiry_id: str
    channel: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryPutAside(Event):
    inquiry_id: str
    channel: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryReplayed(Event):
    inquiry_id: str
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RepAdded(Event):
    rep_id: str
    name: str
    role: Role | None = None
    """None: an older program wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepChanged(Event):
    rep_id: str
    name: str
    active: bool
    role: Role | None = None
    """None: an older program wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepStatusChanged(Event):
    rep_id: str
    status: RepStatus
    was: RepStatus
    why: str = ""
    """Where the floor did it and not a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAdded(Event):
    source_id: str
    name: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanged(Event):
    source_id: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookPublished(Event):
    version: int
    name: str
    by_name: str = ""
    """Who put it in force, as they were called then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalExported(Event):
    """Somebody took a part of the journal away: which part is said as it was asked for."""

    entries: int
    last: int
    """Number of the last event that could be in it."""
    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    kinds: tuple[str, ...] = ()
    lead_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourNoted(Event):
    """A lead did something that is no inquiry."""

    kind: Did
    at: datetime
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepTold(Event):
    """Whoever leads the floor sent a message to somebody's desk."""

    to: str
    """Rep id; empty: to every desk."""
    to_name: str
    by_name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Event):
    """Something that a newer program wrote and this one does not know; it is passed over, not lost."""

    kind: str


KINDS: dict[str, type[Event]] = {
    "floor.started": FloorStarted,
    "lead.captured": LeadCaptured,
    "lead.asked_again": LeadAskedAgain,
    "lead.scored": LeadScored,
    "lead.routed": LeadRouted,
    "clock.started": ClockStarted,
    "clock.met": ClockMet,
    "clock.breached": ClockBreached,
    "lead.escalated": LeadEscalated,
    "alarm.raised": AlarmRaised,
    "alarm.cleared": AlarmCleared,
    "lead.claimed": LeadClaimed,
    "lead.released": LeadReleased,
    "attempt.started": AttemptStarted,
    "attempt.ended": AttemptEnded,
    "outcome.logged": OutcomeLogged,
    "outcome.undone": OutcomeUndone,
    "note.added": NoteAdded,
    "lead.corrected": LeadCorrected,
    "inquiry.to_review": InquiryToReview,
    "inquiry.put_aside": InquiryPutAside,
    "inquiry.replayed": InquiryReplayed,
    "rep.added": RepAdded,
    "rep.changed": RepChanged,
    "rep.status_changed": RepStatusChanged,
    "source.added": SourceAdded,
    "source.changed": SourceChanged,
    "rulebook.published": RulebookPublished,
    "import.finished": ImportFinished,
    "desk.invited": DeskInvited,
    "desk.joined": DeskJoined,
    "desk.renamed": DeskRenamed,
    "desk.revoked": DeskRevoked,
    "desk.presence_changed": PresenceChanged,
    "journal.exported": JournalExported,
    "clock.warned": ClockWarned,
    "clock.paused": ClockPaused,
    "clock.resumed": ClockResumed,
    "lead.acknowledged": LeadAcknowledged,
    "lead.seen": LeadSeen,
    "lead.did": BehaviourNoted,
    "lead.declined": LeadDeclined,
    "offer.lapsed": OfferLapsed,
    "costs.noted": CostsNoted,
    "costs.dropped": CostDropped,
    "baseline.frozen": BaselineFrozen,
    "rep.told": RepTold,
    "week.frozen": WeekFrozen,
    "score.disputed": ScoreDisputed,
    "dispute.answered": DisputeAnswered,
    "import.leads_told": LeadsTold,
    "import.calls_told": CallsTold,
}

KIND_OF: dict[type[Event], str] = {cls: kind for kind, cls in KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal: an event with its place in the feed, its time, its author and its lead."""

    seq: int
    id: str
    at: datetime
    actor: str
    """Rep id, or keeper, capture:<source id>, import ..."""
    lead_id: str
    event: Event
