"""The commands of whoever keeps the floor, and of desks that say they are there."""

from __future__ import annotations

from datetime import datetime

from app.domain.command import Command, Made
from app.domain.frozen import dataclass
from app.domain.presence import GONE_S, SUSPECT_S, DeskState

KEEPING = "keeper"
"""The lease of whoever keeps the clocks, and does whatever else is done once for the whole floor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClocksKept:
    """What one round of the keeper did."""

    breached: int
    steps: int
    judged: int = 0
    """Leads whose score was made again."""
    next_at: datetime | None
    """When the keeper has something to do again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepClocks(Command[ClocksKept]):
    """The keeper's round: breach what is past its deadline, take the steps that are due."""

    epoch: int = 0
    """Of the keeper's lease; 0 only while nobody holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Whether the lease is now the asker's."""

    epoch: int
    """What each effect says to be let through; 0 where somebody else holds it."""
    for_seconds: float
    """Seconds until it runs out, whoever holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLease(Command[Held]):
    """Take, or renew, the right to do for the whole floor what only one program may do: keep its clocks."""

    holder: str
    """An id of the program's run; another run is another holder."""
    place: str = ""
    """The computer, by a name that people know."""
    seconds: float = 15.0
    """How long it holds without being renewed."""
    rank: int = 0
    """It is taken from a holder of lower rank at once: a server stays on when the desks go home."""
    is_alone: bool = False
    """No other program can have the floor open, so that whoever held it is gone."""
    name: str = KEEPING


@dataclass(frozen=True, slots=True, kw_only=True)
class ResignLease(Command[Made]):
    """Give the lease back; nothing is done if it is no longer the holder's."""

    holder: str
    name: str = KEEPING


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What a desk is told that says it is there."""

    asks: bool = False
    """Its rep was made away because of their desk, and is away still: are they back?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayHere(Command[Here]):
    """A desk is there: said every few seconds, and at once when its state changes. The rep is who says it."""

    device_id: str
    """An id of the desk's run."""
    place: str = ""
    """The computer, by a name that people know."""
    state: DeskState = DeskState.HERE
    """Here, idle or locked; the last two make the rep away if no other desk of theirs is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayGoodbye(Command[Made]):
    """A desk closes."""

    device_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceKept:
    """What one look at the desks did."""

    suspect: int = 0
    gone: int = 0
    released: int = 0
    """Leads that were given away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPresence(Command[PresenceKept]):
    """The keeper's look at the desks: dim the silent, count the long silent as gone, give away what they left."""

    epoch: int = 0
    """Of the keeper's lease; 0 only while nobody holds it."""
    suspect_after: float = SUSPECT_S
    gone_after: float = GONE_S
