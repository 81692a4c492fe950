"""What the start of a window works with: open floors as `boot` gives them, and the knock at another window."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.address import is_file, parted
from app.clock import Clock
from app.domain.errors import AppError

if TYPE_CHECKING:
    from app.floor.floor import Floor
    from app.floor.local import LocalFloor
    from app.workers.backups import Backups

__all__ = ["NewFloor", "OpenFloor", "OpenPractice", "OpenSession", "free_place", "raised"]


class OpenSession(Protocol):
    """What `boot` gives for an open floor."""

    address: str
    clock: Clock
    capture_url: str
    floor: LocalFloor
    door: Floor
    """The floor as the person at this desk has it, once `sit` has been called."""

    def sit(self, me: str) -> None: ...
    def serve_capture(self, port: int) -> str: ...
    def back_up(self) -> Backups | None: ...
    def close(self) -> None: ...


OpenFloor = Callable[[str], OpenSession]
OpenPractice = Callable[[int, float], tuple[OpenSession, str]]
NewFloor = Callable[[str, str, str, str], str]
"""(address, floor name, rep name, country) to the id of its first person."""


def free_place(wanted: str) -> str:
    """A file for a new floor; one that is there is never touched."""
    path, number = Path(wanted), 2
    while path.exists():
        path = Path(wanted).with_stem(f"{Path(wanted).stem}-{number}")
        number += 1
    return str(path)


def raised(address: str) -> bool:
    """Whether another window has this floor open and came to the front. Raises FloorInUse if it did not come."""
    from app.store.place import FloorInUse, FloorLock

    if not is_file(address):  # two windows of one person would want the same file for unsent work
        return _knocked(parted(address)[0])
    if not Path(address).is_file():
        return False
    lock = FloorLock(Path(address))
    try:
        lock.take()
    except FloorInUse:
        if _knocked(address):
            return True
        raise
    except AppError:
        return False  # opening says it better
    lock.release()
    return False


def _knocked(address: str) -> bool:
    from app.ui.single import knock

    if not knock(address):
        return False
    print("Firstring is open already; its window was raised.", file=sys.stderr)  # noqa: T201
    return True
