"""What `boot` gives a window: a floor that can be shown, and the ways to open one, unless another window has it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.address import is_file
from app.clock import Clock
from app.domain.errors import AppError
from app.settings import Seat, is_served
from app.store.place import FloorInUse, FloorLock

if TYPE_CHECKING:
    from app.floor.local import LocalFloor
    from app.floor.opening import OpeningFloor
    from app.floor.remote import RemoteFloor
    from app.workers.backups import Backups


class OpenSession(Protocol):
    """A floor that can be shown; `complete` gives all of it."""

    address: str
    clock: Clock
    capture_url: str
    me: str
    """Who sits here, where the floor itself says so."""
    seat: Seat | None
    """This desk's place on a floor behind a server."""

    @property
    def floor(self) -> LocalFloor | OpeningFloor | RemoteFloor: ...
    def complete(self) -> WholeSession: ...
    def close(self) -> None: ...


class WholeSession(OpenSession, Protocol):
    """An open floor with everything that can be started beside it."""

    def serve_capture(self, port: int) -> str: ...
    def back_up(self) -> Backups | None: ...


OpenFloor = Callable[[str], OpenSession]
OpenPractice = Callable[[int, float], tuple[OpenSession, str]]
NewFloor = Callable[[str, str, str, str], str]
"""(address, floor name, rep name, country) to the id of its first person."""
JoinFloor = Callable[[str, str, str], OpenSession]
"""(link or server's address, secret, passphrase) to the floor that was joined."""


def raised(address: str) -> bool:
    """Whether another window has this floor open and came to the front; FloorInUse if it did not come."""
    from app.ui.single import knock

    if is_served(address):
        return _said(knock(address))
    if not is_file(address) or not Path(address).is_file():
        return False
    lock = FloorLock(Path(address))
    try:
        lock.take()
    except FloorInUse:
        if not knock(address):
            raise
        return _said(True)
    except AppError:
        return False  # opening says it better
    lock.release()
    return False


def _said(was_raised: bool) -> bool:
    if was_raised:
        print("Firstring is open already; its window was raised.", file=sys.stderr)  # noqa: T201
    return was_raised
