"""What a wallboard shows, as one value that every drawer of it takes: the window, and a browser.

There are instants in it and no lengths of time, so that it changes only when something happens.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.frozen import dataclass
from app.domain.lead import ClockState, Lead, RepStatus, Tier
from app.domain.order import is_owed
from app.domain.presence import DeskState
from app.domain.wall import News

__all__ = ["Face", "Hour", "Line", "RepLine", "initials", "is_waiting", "without_names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A lead that waits for its first call."""

    lead_id: str
    tier: Tier
    who: str
    company: str
    deadline: datetime
    late: bool
    """Whether its deadline was missed and that was noticed."""
    paused_until: datetime | None
    owner: str
    owner_name: str
    offered: int
    """To how many it is offered."""
    step: str
    """The step that its chain took last, a `StepKind`; "" for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepLine:
    rep_id: str
    name: str
    status: RepStatus
    since: datetime
    desk: DeskState | None
    """None: they never had one."""
    calls: int
    ttfc: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """An hour of today, beside the same one a week before."""

    label: int
    leads: int
    ttfc: float | None
    leads_before: int
    ttfc_before: float | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """All that a wallboard shows, but for what time does to it. Lengths in seconds; None of nothing."""

    floor: str
    zone: str
    known: bool
    """Whether the day's figures are there yet."""
    on: int
    of: int
    free: int
    waiting: tuple[tuple[Tier, int], ...]
    oldest: Line | None
    """The HOT lead whose deadline is or was first."""
    lines: tuple[Line, ...]
    more: int
    """How many wait behind `lines`."""
    median: float | None
    p90: float | None
    median_before: float | None
    met: tuple[tuple[Tier, int, int], ...]
    """(tier, met, ended)"""
    met_before: tuple[int, int]
    contacted: int
    booked: int
    reps: tuple[RepLine, ...]
    hours: tuple[Hour, ...]
    news: tuple[News, ...]
    """Newest first."""
    promises: tuple[tuple[Tier, int], ...]
    """(tier, seconds)"""
    chain: tuple[tuple[str, int], ...]
    """(step, seconds after the breach)"""


def without_names(face: Face) -> Face:
    """The same with leads called by their initials, or by their tier."""
    return replace(
        face,
        oldest=_nameless(face.oldest) if face.oldest else None,
        lines=tuple(map(_nameless, face.lines)),
        news=tuple(
            replace(line, who=initials(line.who, line.tier), company="", more="") for line in face.news
        ),
    )


def _nameless(line: Line) -> Line:
    return replace(line, who=initials(line.who, line.tier), company="")


def initials(who: str, tier: Tier) -> str:
    """ "D. O."; of somebody without a name "HOT lead"."""
    letters = [word[0].upper() for word in who.split() if word[0].isalpha() and "@" not in word]
    return " ".join(f"{letter}." for letter in letters[:3]) or f"{tier.value} lead"


def is_waiting(lead: Lead) -> bool:
    """Whether a lead waits for a promised first call and nobody is calling it. Test leads wait for nobody."""
    if not lead.is_open or lead.on_call or lead.no_call or lead.is_test or lead.deadline is None:
        return False
    return lead.clock in (ClockState.RUNNING, ClockState.BREACHED) and is_owed(lead)
