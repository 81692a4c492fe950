"""The questions about rulebooks: which there are, what one says, and how a draft would have done.

The answer of the last is `Tried`: the period's leads judged, routed and promised once more by two rulebooks, the one
that is live and the draft, over the same inquiries, the same people and the same calls. All times in seconds.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.frozen import dataclass
from app.domain.question import Question
from app.domain.rulebook import Rulebook
from app.domain.tier import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookVersion:
    version: int
    name: str
    published_at: datetime
    by: str = ""
    """Name of who put it in force; empty where nobody wrote that down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookShelf:
    live: Rulebook
    live_since: datetime
    live_by: str = ""
    draft: Rulebook | None = None
    draft_since: datetime | None = None
    """When it was saved last."""
    draft_by: str = ""
    versions: tuple[RulebookVersion, ...] = ()
    """Newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebooks(Question[RulebookShelf]):
    """The rulebook in force, the draft if there is one, and every version that was ever in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookOf(Question[Rulebook]):
    """A rulebook that is or was in force; raises NotFound."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierTried:
    """The leads that a rulebook put into a tier, each counted in the tier it was captured with."""

    tier: Tier
    leads: int
    met: int
    """Called by the deadline."""
    missed: int
    open: int
    """The period ended before the deadline, and nobody had called."""
    ttfc_median: float | None
    """Median seconds from capture to the first call, of those that were called."""
    called: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepTried:
    rep_id: str
    name: str
    leads: int
    """Leads given to them at capture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one rulebook did."""

    version: int
    name: str
    tiers: tuple[TierTried, ...]
    escalated: int
    """Leads of which a step of the chain would have been taken."""
    nobody: int
    """Leads that nobody could take when they came in."""
    reps: tuple[RepTried, ...]
    """Most leads first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A lead that would have gone to somebody else, or to nobody."""

    lead_id: str
    lead: str
    captured_at: datetime
    was: str
    """Name of who got it by the live rulebook; empty: the pool."""
    now: str
    was_tier: Tier
    now_tier: Tier
    why: str
    """The reason that the draft's decision gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unserved:
    """Leads that nobody would have had, for one reason."""

    why: str
    leads: int
    lead_ids: tuple[str, ...]
    """The first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    since: datetime
    until: datetime
    leads: int
    live: Side
    draft: Side
    elsewhere: int
    """How many leads would have gone to somebody else."""
    leads_elsewhere: tuple[Elsewhere, ...]
    """The first 500 of them."""
    unserved: tuple[Unserved, ...]
    """By the draft; most leads first."""
    recorded: int
    """Decisions of the period that the live rulebook made: scores, deadlines, and who got a lead."""
    reproduced: int
    """Those of them that came out the same when they were made again."""
    differing: tuple[str, ...] = ()
    """The first that did not, each in a sentence."""
    notes: tuple[str, ...] = ()
    """What can't be known, in plain sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun(Question[Tried]):
    """How `rulebook` would have done from `since` until `until` (not itself part of it), at most a year.

    Nothing is written. One trial runs at a time: a newer one, be it of an empty period, ends the one before it.
    """

    rulebook: Rulebook
    since: datetime
    until: datetime
