"""What happened to the desks of a floor: events of the journal. Named and kept as those of `events.py` are."""

from __future__ import annotations

from datetime import datetime

from app.domain.event import Event
from app.domain.frozen import dataclass
from app.domain.presence import DeskState


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskInvited(Event):
    rep_id: str
    rep_name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskJoined(Event):
    rep_id: str
    rep_name: str
    device_id: str
    device: str
    """What the computer was called then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRenamed(Event):
    rep_id: str
    device_id: str
    device: str
    was: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRevoked(Event):
    rep_id: str
    rep_name: str
    device_id: str
    device: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Event):
    """A desk of a rep fell silent, went dark, closed, or is there again."""

    rep_id: str
    rep_name: str
    device_id: str
    place: str
    state: DeskState
    was: DeskState
