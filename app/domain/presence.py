"""Whether the desk of a rep is there: heard of, dark, silent, gone.

A desk says every few seconds that it is there. The keeper judges by what it heard, on the database's time: who was
silent for a while is suspect, who was silent for long is gone. A rep may sit at several desks; the liveliest counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from app.domain.frozen import dataclass

BEAT_S = 15.0
"""Real seconds between two words of a desk."""
SUSPECT_S = 45.0
"""Seconds of silence after which a desk is dimmed."""
GONE_S = 120.0
"""Seconds of silence after which it is gone."""


class DeskState(StrEnum):
    """The first three are said by the desk, the others found by the keeper (a desk that closes says the last)."""

    HERE = "here"
    IDLE = "idle"  # nobody has touched it for long
    LOCKED = "locked"  # its screen is locked
    SUSPECT = "suspect"  # not heard of for a while
    GONE = "gone"


SAID = (DeskState.HERE, DeskState.IDLE, DeskState.LOCKED)
_LIVELIEST = (DeskState.HERE, DeskState.SUSPECT, DeskState.IDLE, DeskState.LOCKED, DeskState.GONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSeen:
    """A desk with how it stands."""

    device_id: str
    rep_id: str
    place: str
    """The computer, by a name that people know."""
    state: DeskState
    since: datetime


def by_rep(desks: Iterable[DeskSeen]) -> dict[str, DeskSeen]:
    """The liveliest desk of each rep who has one. Who never had a desk is not in it, and is not gone either."""
    best: dict[str, DeskSeen] = {}
    for desk in desks:
        other = best.get(desk.rep_id)
        if other is None or _LIVELIEST.index(desk.state) < _LIVELIEST.index(other.state):
            best[desk.rep_id] = desk
    return best
