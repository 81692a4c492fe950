"""The commands of the rulebook's matters: what leads did, who is to have one, and the draft of the next version."""

from __future__ import annotations

from datetime import datetime

from app.domain.behaviour import Did
from app.domain.command import Command, Made
from app.domain.frozen import dataclass
from app.domain.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBehaviour(Command[Made]):
    """A lead did something that is no inquiry; its score is made again at once."""

    lead_id: str
    kind: Did
    at: datetime | None = None
    """When, floor's time; None: now. What has not happened yet happened now."""
    what: str = ""
    """What it was about: a page's address, a file's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft(Command[Made]):
    """Keep a rulebook as the floor's one draft, in the place of what stood there. It may be flawed."""

    rulebook: Rulebook
    seen: datetime | None = None
    """What somebody else saved after this instant (aware, UTC) is not written over; None: whatever stands there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropDraft(Command[Made]):
    """Throw the draft away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptLead(Command[Made]):
    """Take a lead that was offered to who asks. Refused once the offer is over; LeadAlreadyClaimed if another of
    them was faster."""

    lead_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineLead(Command[Made]):
    """Do not take a lead that was offered to who asks. When nobody is left to whom it is offered, it goes to the next
    route that fits."""

    lead_id: str
    reason: str
    """Up to 200 letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectLead(Command[Made]):
    """Hand an open lead to somebody else, for a reason. Not during a call; another's lead only by who leads the
    floor."""

    lead_id: str
    to_rep: str
    reason: str
    """Up to 200 letters."""
