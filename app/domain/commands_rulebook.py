"""The commands of the rulebook's matters: what leads did, and who is good at what."""

from __future__ import annotations

from datetime import datetime

from app.domain.behaviour import Did
from app.domain.command import Command, Made
from app.domain.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBehaviour(Command[Made]):
    """A lead did something that is no inquiry; its score is made again at once."""

    lead_id: str
    kind: Did
    at: datetime | None = None
    """When, floor's time; None: now. What has not happened yet happened now."""
    what: str = ""
    """What it was about: a page's address, a file's name."""
