"""The commands of whoever sends the floor's mail, and of who says where it goes."""

from __future__ import annotations

from app.domain.chain import Way
from app.domain.command import Command, Made
from app.domain.frozen import dataclass
from app.domain.post import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMailAddress(Command[Made]):
    """Where a person gets the floor's mail; "" for nowhere. Refused if it is no address."""

    rep_id: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTextNumber(Command[Made]):
    """Where a person gets the floor's text messages; "" for nowhere. Refused if it is no number."""

    rep_id: str
    number: str = ""
    """As people write it: +49 151 234567, or without the country's code where that is the floor's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is to be sent now; None if nothing is due after all."""

    message: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMessage(Command[Taken]):
    """Begin a try at the message that is due first. One that is too old by now is given up instead, with an alarm."""

    epoch: int
    """Of the lease of this way."""
    way: Way = Way.EMAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMessage(Command[Made]):
    """How a try ended. Without effect if somebody has begun another one since."""

    message_id: str
    epoch: int
    attempt: int
    is_sent: bool = False
    is_final: bool = False
    """Not sent, and another try would be no use."""
    why: str = ""
    """In the words of whoever refused it."""
    roll: float = 0.0
    """Between 0 and 1: how much of the wait is left out."""
