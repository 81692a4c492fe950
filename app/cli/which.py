"""Which floor a command works on."""

from __future__ import annotations

from typing import Protocol

from app import settings as profile


class Named(Protocol):
    """What a command line said."""

    floor: str


def default_floor() -> str:
    """Where a floor of this computer lies."""
    return str(profile.home() / "floor.firstring")


def floor_of(args: Named) -> str:
    """The floor a command works on: the one named, else the one opened last, else this computer's."""
    return args.floor or profile.load().last_floor or default_floor()
