"""Which floor a command works on, and holding it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app import settings as profile
from app.address import is_file

if TYPE_CHECKING:
    from app.store.place import FloorLock


class Named(Protocol):
    """What a command line said."""

    floor: str


def default_floor() -> str:
    """Where a floor of this computer lies."""
    return str(profile.home() / "floor.firstring")


def floor_of(args: Named) -> str:
    """The floor a command works on: the one named, else the one opened last, else this computer's."""
    return args.floor or profile.load().last_floor or default_floor()


def hold_file(address: str) -> FloorLock | None:
    """The lock of a floor's file, taken; None on a server."""
    if not is_file(address):
        return None
    from app.store.place import hold

    return hold(Path(address))
