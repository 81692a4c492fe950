"""The lead, the rep, the attempt: the nouns of the floor.

A `Lead` is the person behind one or more inquiries, as the floor sees them now, milestones included. It is a
value: a change makes a new one with a higher `version`, so that "keep the newer version" is all a desk needs
to do with a lead that reaches it late or twice. Instants are aware UTC; money is in minor units (cents).
"""

from __future__ import annotations

import dataclasses
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from app.domain.frozen import dataclass
from app.domain.inquiry import Origin
from app.domain.tier import Tier

__all__ = [
    "OPEN_STAGES",
    "Alarm",
    "Attempt",
    "AttemptKind",
    "ClockState",
    "Lead",
    "Outcome",
    "Reason",
    "Rep",
    "RepStatus",
    "Role",
    "Source",
    "Stage",
    "Tier",
]


class Stage(StrEnum):
    """How far a lead has come."""

    NEW = "new"  # nobody has tried to reach them
    WORKING = "working"  # tried at least once
    PROSPECT = "prospect"  # first appointment made
    WON = "won"
    LOST = "lost"
    UNFIT = "unfit"  # talked to, not a fit

    @property
    def is_open(self) -> bool:
        return self in OPEN_STAGES


OPEN_STAGES = (Stage.NEW, Stage.WORKING, Stage.PROSPECT)


class ClockState(StrEnum):
    """Of the SLA clock for the first attempt."""

    NONE = "none"  # no promise runs (a lead from a file, or closed without a call)
    RUNNING = "running"
    MET = "met"
    BREACHED = "breached"


class Outcome(StrEnum):
    """How an attempt ended. The order is the order of the number keys."""

    BOOKED = "booked"
    CALL_BACK = "call_back"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    UNFIT = "unfit"
    WON = "won"
    LOST = "lost"

    @property
    def is_contact(self) -> bool:
        """Whether a live conversation took place."""
        return self not in (Outcome.NO_ANSWER, Outcome.VOICEMAIL)


class AttemptKind(StrEnum):
    CALL = "call"
    EMAIL = "email"
    TEXT = "text"
    DESK = "desk"  # no try at all: an outcome that came to the desk some other way


class RepStatus(StrEnum):
    """What a rep is doing; routing gives leads to the available only."""

    AVAILABLE = "available"
    ON_CALL = "on_call"
    WRAP_UP = "wrap_up"
    BREAK = "break"
    AWAY = "away"


class Role(StrEnum):
    """What a person is on the floor; what each may is `domain/roles.py`."""

    REP = "rep"
    TEAM_LEAD = "team_lead"
    MANAGER = "manager"
    OWNER = "owner"
    ADMIN = "admin"
    """Looks after the program: people, ways in, files. Works no leads and sees no numbers."""
    PARTNER = "partner"
    """An outside seller: sees and works the leads given to them, and nothing else."""


_NOWHERE = Origin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a lead has the score it has: one rule that fired."""

    text: str
    points: int


# Made, compared and changed more often than any other value: its methods are worth compiling.
@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    id: str
    version: int = 0

    # who they are
    name: str = ""
    title: str = ""
    company: str = ""
    email: str = ""
    """Normalised address, or as typed when `problems` says it is not one."""
    phone: str = ""
    """E.164 (+13035550148), or as typed when `problems` says it is not one."""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""
    """ISO 3166 alpha-2 where known, else as typed."""
    zone: str = ""
    """IANA time zone of the person; empty when it can't be told."""
    zones: int = 0
    """How many zones the number may be in; above 1 the zone is a guess."""
    no_call: bool = False
    no_email: bool = False
    consent: str = ""
    problems: tuple[str, ...] = ()
    """What the validity check found, each a short sentence."""

    # what they want, and whence
    ask: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    channel: str = ""
    origin: Origin = _NOWHERE
    source_id: str = ""
    import_id: str = ""
    is_test: bool = False
    captured_at: datetime
    inquiries: int = 1

    # how it was judged
    tier: Tier = Tier.COLD
    score: int = 0
    fit: int = 0
    intent: int = 0
    reasons: tuple[Reason, ...] = ()
    rulebook: int = 0
    rescore_at: datetime | None = None
    """When its tier changes by waiting alone."""

    # the first-attempt clock
    clock: ClockState = ClockState.NONE
    sla_seconds: int = 0
    deadline: datetime | None = None
    breached_at: datetime | None = None
    """The deadline it missed; never the moment the breach was noticed."""

    # whose it is
    stage: Stage = Stage.NEW
    owner: str = ""
    """The rep it was routed to or claimed by; empty while it is in the pool."""
    route: str = ""
    """The route that gave or offered it last."""
    offered: tuple[str, ...] = ()
    """To whom it is offered: the first of them to take it has it. Until then it is nobody's."""
    lapse_at: datetime | None = None
    """When the offer is over; None: when somebody takes it."""
    given_at: datetime | None = None
    """When it last went to an owner."""
    claim_no: int = 0
    """Rises with each claim and each taking away: the fencing token of later commands."""
    claimed_at: datetime | None = None
    on_call: str = ""
    """The call that is running, or has ended and still lacks its outcome; empty if there is none."""
    hung_up_at: datetime | None = None
    """When that call's line went down; None while it is up."""

    # what was done
    attempts: int = 0
    first_attempt_at: datetime | None = None
    last_attempt_at: datetime | None = None
    last_outcome: Outcome | None = None
    contact_at: datetime | None = None
    booked_at: datetime | None = None
    appointment_at: datetime | None = None
    call_back_at: datetime | None = None
    retry_at: datetime | None = None
    closed_at: datetime | None = None
    amount: int | None = None
    close_reason: str = ""
    paused_until: datetime | None = None
    """The first-attempt clock stands still until then; in the past it has gone on by itself."""
    paused_why: str = ""
    """The reason that was given for that pause."""
    seen_at: datetime | None = None
    """When the lead was first opened at the desk of whoever had it."""
    qualified_at: datetime | None = None
    """When it was first known to be worth selling to: booked, won, or said so by a file."""

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES

    def is_paused(self, now: datetime) -> bool:
        """Whether its first-attempt clock stands still at this instant."""
        return self.clock is ClockState.RUNNING and self.paused_until is not None and self.paused_until > now

    @property
    def title_line(self) -> str:
        """The lead in one line: "Dana Okafor · Brightline Logistics", or the best there is."""
        who = self.name or self.email or self.phone or "Someone"
        return f"{who} · {self.company}" if self.company else who


@dataclass(frozen=True, slots=True, kw_only=True)
class Rep:
    id: str
    version: int = 0
    name: str
    role: Role = Role.REP
    status: RepStatus = RepStatus.AWAY
    status_since: datetime
    turn: int = 0
    """Feed-ordered mark of the last lead the round robin gave them: lowest is next."""
    active: bool = True

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One outgoing try."""

    id: str
    lead_id: str
    rep_id: str
    kind: AttemptKind
    number: int
    """1 for the first try at this lead."""
    started_at: datetime
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    outcome_at: datetime | None = None
    undone: bool = False
    talked: bool = False
    """Whether a file says that it was a live conversation; of the floor's own calls the outcome does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A way in: a capture key with a name.

    `secret` is what its sender knows and others don't, if set: Google's own key (google_key), or what forms and JSON
    are signed with (`signing`). `other_secret` is as good as that one, so that the two can be changed one after the
    other.
    """

    id: str
    key: str
    name: str
    channel: str
    secret: str = field(default="", repr=False)
    other_secret: str = field(default="", repr=False)
    per_minute: int = 600
    """Inquiries a minute taken before the sender is asked to wait."""
    active: bool = True
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something a team lead must know, until somebody sees to it. One per name and lead."""

    id: str
    name: str
    """A fixed name: nobody_free, team_lead_told, owner_told ..."""
    lead_id: str
    text: str
    raised_at: datetime
    step: int = 0
    cleared_at: datetime | None = None
