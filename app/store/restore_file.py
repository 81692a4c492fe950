"""Putting a backup in the place of a floor's file.

The backup is copied beside the place and verified there; what stood in the place is renamed, its log with it,
and nothing of it is changed or removed; then the copy gets the name. The old file goes before its log does, and
the log before the new file comes: wherever this is broken off, no file ever stands beside a log that is not its
own, and the next opening (`settle`) brings the rest to its end.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from app.domain.errors import AppError
from app.store import schema
from app.store import tables as t
from app.store.backup import (
    FLOOR_ROW,
    BadBackup,
    Facts,
    digest_of,
    facts_beside,
    need_space,
    on_disk,
    sync_folder,
)
from app.store.engine import open_for_change, open_for_reading, translated
from app.store.place import RESTORED, FloorLock, check_place
from app.store.reading import Reading
from app.store.restore import Loss
from app.store.restore_doors import Doors, doors_of, take_over

BEFORE = ".before-restore-"
_LOGS = ("-wal", "-shm", "-journal")


def examine(backup: Path) -> Facts:
    """Verify a backup where it lies; what it is. Raises BadBackup, or WrongVersion for one of a newer program."""
    from app.store.backup_sqlite import verify

    try:
        facts = facts_beside(backup)
        if facts is not None and facts.sha256 and digest_of(backup) != facts.sha256:
            raise BadBackup(f"The backup {backup.name} is damaged: it is not what was written.")
    except OSError as error:
        raise BadBackup(f"The backup {backup} can't be read: {(error.strerror or 'no').lower()}.") from error
    return verify(backup, facts)


def loss(target: Path, facts: Facts, *, mine: bool = False) -> Loss:
    """What restoring would put aside; raises FloorInUse while a desk has the floor open, unless it is `mine`."""
    if not target.exists():
        return Loss(nothing_there=True)
    if mine:
        return _loss(target, facts, touch=True)
    lock = FloorLock(target)
    lock.take()
    try:
        return _loss(target, facts)
    except AppError as error:
        return Loss(unreadable=error.message)
    except DBAPIError as error:
        return Loss(unreadable=f"{error.orig}.")
    finally:
        tidy(target)
        lock.release()


def _loss(target: Path, facts: Facts, *, touch: bool = False) -> Loss:
    schema.check_file(target)
    engine = open_for_reading(target, touch=touch)
    try:
        with translated(), engine.begin() as connection:
            return compare(connection, facts)
    finally:
        engine.dispose()


def compare(connection: Connection, facts: Facts) -> Loss:
    """What of an open floor is not in a backup."""
    schema.check(connection)
    reading = Reading(connection)
    floor, (head, _), leads = connection.execute(FLOOR_ROW).one(), reading.head(), reading.counts()[1]
    at_head = select(t.events.c.hash).where(t.events.c.seq == facts.head)
    same = floor.id == facts.floor_id and (
        facts.head == 0 or connection.execute(at_head).scalar_one_or_none() == facts.head_hash
    )
    return Loss(
        name=floor.name,
        other_floor=not same,
        events=max(head - facts.head, 0) if same else head,
        leads=max(leads - facts.shown_leads, 0) if same else leads,
    )


def tidy(target: Path) -> None:
    """Remove the empty log and the shared memory that a look without a touch leaves behind. Nothing may have the
    floor open."""
    with suppress(OSError):
        Path(f"{target}-shm").unlink(missing_ok=True)
        if Path(f"{target}-wal").stat().st_size == 0:
            Path(f"{target}-wal").unlink()


def restore(backup: Path, target: Path, now: datetime) -> Path | None:
    """Put a backup in the place of a floor; where what stood there is now (None: nothing stood there).

    Raises FloorInUse while a desk has the floor open, BadBackup when the backup is not whole or doesn't fit on
    the disk; the floor is then as it was.
    """
    check_place(target)
    lock = FloorLock(target)
    lock.take()
    try:
        settle(target)
        part = Path(f"{target}.restoring")
        with on_disk(target.parent):
            need_space(target.parent, backup.stat().st_size)
            try:
                shutil.copyfile(backup, part)
                with part.open("rb+") as file:
                    os.fsync(file.fileno())
                _verify_copy(backup, part)
                _keep_doors(target, part)
                os.replace(part, f"{target}{RESTORED}")
            finally:
                part.unlink(missing_ok=True)
            before = _put_aside(target, now)
            settle(target)
            return before
    finally:
        lock.release()


def _verify_copy(backup: Path, copy: Path) -> None:
    from app.store.backup_sqlite import verify

    facts = facts_beside(backup)
    if facts is not None and facts.sha256 and digest_of(copy) != facts.sha256:
        raise BadBackup(f"The backup {backup.name} is damaged: it is not what was written.")
    verify(copy, facts)


def _keep_doors(target: Path, copy: Path) -> None:
    """Let into the copy whom the floor lets in that stands in the place."""
    engine = open_for_change(copy)
    try:
        with translated(), engine.begin() as connection:
            take_over(connection, _doors(target, connection.execute(FLOOR_ROW).one().id))
    finally:
        engine.dispose()
    with copy.open("rb+") as file:
        os.fsync(file.fileno())


def _doors(target: Path, floor_id: str) -> Doors | None:
    if not target.exists():
        return None
    engine = open_for_reading(target, touch=False)
    try:
        schema.check_file(target)
        with translated(), engine.begin() as connection:
            schema.check(connection)
            return doors_of(connection, floor_id)
    except (AppError, DBAPIError):  # what can't be read is put aside as it is
        return None
    finally:
        engine.dispose()
        tidy(target)


def _put_aside(target: Path, now: datetime) -> Path | None:
    """Rename what stands in the place, the file before its log."""
    if not target.exists():
        return None
    before = Path(f"{target}{BEFORE}{now:%Y%m%dT%H%M%SZ}")
    number = 2
    while before.exists():
        before, number = Path(f"{target}{BEFORE}{now:%Y%m%dT%H%M%SZ}-{number}"), number + 1
    target.rename(before)
    sync_folder(target.parent)
    _move_logs(target, before)
    return before


def _move_logs(target: Path, before: Path) -> None:
    for end in _LOGS:
        if Path(f"{target}{end}").exists():
            Path(f"{target}{end}").rename(f"{before}{end}")


def finish(target: Path) -> None:
    """Bring a restore that was broken off to its end, unless somebody is at it."""
    lock = FloorLock(target)
    lock.take()
    try:
        settle(target)
    finally:
        lock.release()


def settle(target: Path) -> None:
    """Bring a restore that was broken off to its end. Nothing may have the floor open."""
    ready = Path(f"{target}{RESTORED}")
    if not ready.exists():
        return
    if target.exists():  # broken off before anything was put aside: the floor is as it was
        ready.unlink()
        return
    befores = sorted(target.parent.glob(f"{target.name}{BEFORE}*Z*"))
    whole = [path for path in befores if not path.name.endswith(_LOGS)]
    _move_logs(target, whole[-1] if whole else Path(f"{target}{BEFORE}unknown"))
    sync_folder(target.parent)
    ready.rename(target)
    sync_folder(target.parent)
