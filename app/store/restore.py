"""Restoring: what a backup is, what of the floor that stands now is not in it, and putting it in its place.

A file is restored to a file, a dump to a database. What stood in the place is renamed and kept, whatever state it
is in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.address import is_file
from app.store.backup import BadBackup, Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What of the floor that stands now is not in a backup."""

    nothing_there: bool = False
    unreadable: str = ""
    """Why what stands there can't be read; it is kept all the same."""
    name: str = ""
    """The name of the floor that stands there."""
    other_floor: bool = False
    """It is not the floor that the backup is of, or its history took another way since."""
    events: int = 0
    leads: int = 0


def examine(backup: Path, address: str) -> Facts:
    """Verify a backup where it lies; what it is. Raises BadBackup, or WrongVersion for one of a newer program."""
    try:
        with backup.open("rb") as file:
            is_dump = file.read(5) == b"PGDMP"
    except OSError as error:
        raise BadBackup(
            f"{backup} can't be read: {(error.strerror or '?').lower()}.", "No such backup"
        ) from error
    if is_dump == is_file(address):
        place = "a postgresql:// address" if is_dump else "a file"
        raise BadBackup(f"{backup.name} can only be restored to {place}.", "Not restored")
    if is_dump:
        from app.store import restore_postgresql

        return restore_postgresql.examine(backup)
    from app.store import restore_file

    return restore_file.examine(backup)


def loss(address: str, facts: Facts, *, mine: bool = False) -> Loss:
    """What restoring to an address would put aside. Raises FloorInUse while somebody has the floor open; it is
    `mine` if that is this program."""
    if is_file(address):
        from app.store import restore_file

        return restore_file.loss(Path(address), facts, mine=mine)
    from app.store import restore_postgresql

    return restore_postgresql.loss(address, facts)


def restore(backup: Path, address: str, now: datetime) -> str:
    """Put a backup in the place of a floor; what is called now what stood there ("" if nothing did).

    Raises FloorInUse while somebody has the floor open, BadBackup when the backup is not whole or finds no
    room; the floor is then as it was.
    """
    if is_file(address):
        from app.store import restore_file

        before = restore_file.restore(backup, Path(address), now)
        return "" if before is None else str(before)
    from app.store import restore_postgresql

    return restore_postgresql.restore(backup, address, now)
