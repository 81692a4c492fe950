"""What `boot` gives the window to open, make and join floors with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from app.clock import Clock
from app.settings import Seat

if TYPE_CHECKING:
    from app.floor.local import LocalFloor
    from app.floor.remote import RemoteFloor
    from app.workers.backups import Backups

__all__ = ["JoinFloor", "NewFloor", "OpenFloor", "OpenPractice", "OpenSession"]


class OpenSession(Protocol):
    """What `boot` gives for an open floor."""

    address: str
    clock: Clock
    capture_url: str
    me: str
    """Who sits here, where the floor itself says so."""
    seat: Seat | None
    """This desk's place on a floor behind a server."""

    @property
    def floor(self) -> LocalFloor | RemoteFloor: ...
    def serve_capture(self, port: int) -> str: ...
    def back_up(self) -> Backups | None: ...
    def close(self) -> None: ...


OpenFloor = Callable[[str], OpenSession]
OpenPractice = Callable[[int, float], tuple[OpenSession, str]]
NewFloor = Callable[[str, str, str, str], str]
"""(address, floor name, rep name, country) to the id of its first person."""
JoinFloor = Callable[[str, str, str], OpenSession]
"""(link or server's address, secret, passphrase) to the floor that was joined."""
