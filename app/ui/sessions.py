"""What `boot` gives a window: a floor that can be shown, and the ways to open one, unless another window has it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.address import is_file
from app.clock import Clock
from app.domain.errors import AppError
from app.store.place import FloorInUse, FloorLock

if TYPE_CHECKING:
    from app.floor.local import LocalFloor
    from app.floor.opening import OpeningFloor
    from app.workers.backups import Backups


class OpenSession(Protocol):
    """A floor that can be shown; `complete` gives all of it."""

    address: str
    clock: Clock
    capture_url: str

    @property
    def floor(self) -> LocalFloor | OpeningFloor: ...
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


def raised(address: str) -> bool:
    """Whether another window has this floor open and came to the front; FloorInUse if it did not come."""
    if not is_file(address) or not Path(address).is_file():
        return False
    lock = FloorLock(Path(address))
    try:
        lock.take()
    except FloorInUse:
        from app.ui.single import knock

        if knock(address):
            print("Firstring is open already; its window was raised.", file=sys.stderr)  # noqa: T201
            return True
        raise
    except AppError:
        return False  # opening says it better
    lock.release()
    return False
