"""Backups of a floor: a file each, with a small file of facts beside it, in a folder of their own.

A backup is made under another name, brought to the disk, and *restored* once before it gets its own name: opened
as a floor, every page read, the journal's chain recomputed, the rows of each table counted. What the count must
be was read from the floor in the same look as the copy itself. Only then the facts are written, and the file is
renamed; a backup without facts, or facts without a backup, is none. On PostgreSQL the same is done with a dump.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, table

from app import VERSION
from app.address import is_file
from app.codec import Malformed, decode, encode
from app.domain.backup_plan import kept
from app.domain.errors import AppError
from app.store import schema
from app.store import tables as t
from app.store.guards import chain_fault
from app.store.place import FloorInUse, FloorLock
from app.store.reading import Reading

FLOOR, DUMP = ".floor", ".pgdump"
"""Endings of a backup's file: a SQLite floor, an archive of pg_dump."""
FACTS = ".json"
"""What the facts beside a backup end with, after the backup's own ending."""
PART = ".part"
MARGIN = 64 * 2**20
"""Bytes that must stay free on the disk that takes a backup."""
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_SLICE = 2**20
FLOOR_ROW = select(t.floor.c.id, t.floor.c.name, t.floor.c.schema_major, t.floor.c.schema_minor)
"""What every schema has of it, an older one too."""


class BadBackup(AppError):
    """A backup could not be made, or can't be used; the message says why."""

    def __init__(self, message: str, title: str = "No backup") -> None:
        super().__init__(title, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a backup, and must be found in it again."""

    floor_id: str
    floor_name: str
    at: datetime
    """When it was taken, by the clock of the computer that took it; UTC."""
    head: int
    """Number of the last event in it."""
    head_hash: str
    schema: str
    database: str
    counts: dict[str, int]
    """Rows by table."""
    shown_leads: int
    """Leads, without those that were still coming in from a file."""
    program: str = VERSION
    size: int = 0
    """Bytes of the backup's file."""
    sha256: str = ""
    restored: bool = True
    """Whether it was restored once to verify it. A dump that could not be was only listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    path: Path
    facts: Facts


def facts_of(connection: Connection, now: datetime) -> Facts:
    """What a floor is at this moment; the look begins here and lasts as long as the connection's transaction."""
    schema.check(connection)
    reading = Reading(connection)
    head, head_hash = reading.head()
    floor = connection.execute(FLOOR_ROW).one()
    return Facts(
        floor_id=floor.id,
        floor_name=floor.name,
        at=now,
        head=head,
        head_hash=head_hash,
        schema=f"{floor.schema_major}.{floor.schema_minor}",
        database=reading.engine_version(),
        shown_leads=reading.counts()[1],
        counts={name: _rows(connection, name) for name in sorted(inspect(connection).get_table_names())},
    )


def _rows(connection: Connection, name: str) -> int:
    return int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())


def check_restored(connection: Connection, facts: Facts) -> None:
    """Raise BadBackup unless a restored floor is what its facts say, and its journal holds."""
    schema.check(connection)
    reading = Reading(connection)
    fault = chain_fault(reading)
    if not fault and reading.head() != (facts.head, facts.head_hash):
        fault = f"it ends at event {reading.head()[0]}, not {facts.head}"
    if not fault and connection.execute(FLOOR_ROW).one().id != facts.floor_id:
        fault = "it is of another floor"
    for name, count in facts.counts.items() if not fault else ():
        found = _rows(connection, name)
        if found != count:
            fault = f"{name} has {found} rows instead of {count}"
    if fault:
        raise BadBackup(f"The backup did not pass its check: {fault}.")


# making one


def back_up(address: str, folder: Path, now: datetime, *, only_changed: bool = False) -> Backup | None:
    """Take a verified backup of a floor into a folder; None when `only_changed` and nothing was since the last one.

    It takes its time, and nobody who works on the floor waits for it. Raises AppError, and then leaves nothing
    behind.
    """
    stem = stem_of(address)
    with on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = FloorLock(folder / stem)
        try:
            lock.take()
        except FloorInUse as error:
            raise BadBackup("Another backup of this floor is being made right now.") from error
        try:
            for left in folder.glob(f"{stem}-{'[0-9]' * 8}T{'[0-9]' * 6}Z*{PART}*"):  # was broken off
                left.unlink(missing_ok=True)

            def is_news(facts: Facts) -> bool:
                held = {(one.facts.floor_id, one.facts.head_hash) for one in backups_in(folder)}
                return (facts.floor_id, facts.head_hash) not in held

            return _take(address, folder, now, is_news if only_changed else lambda _: True)
        finally:
            lock.release()


def back_up_to(address: str, file: Path, now: datetime) -> Backup:
    """Take a verified backup into a file that is named, which must not be there yet."""
    if file.exists():
        raise BadBackup(f"There is a file at {file} already.", "Not written")
    with on_disk(file.parent):
        made = _take(address, file.parent, now, lambda _: True, file.name)
        assert made is not None
        return made


def _take(
    address: str, folder: Path, now: datetime, wanted: Callable[[Facts], bool], name: str = ""
) -> Backup | None:
    """Take one if its facts are `wanted`; under the plan's name, unless one is given."""
    part = folder / f"{stem_of(address)}-{now:%Y%m%dT%H%M%SZ}{PART}"
    try:
        facts = _making(address)(address, part, now, wanted)
        if facts is None:
            return None
        ending = FLOOR if is_file(address) else DUMP
        return _settle(part, folder / (name or f"{part.stem}-{facts.floor_id[-6:]}{ending}"), facts)
    finally:
        part.unlink(missing_ok=True)


def _making(address: str) -> Callable[[str, Path, datetime, Callable[[Facts], bool]], Facts | None]:
    if is_file(address):
        from app.store import backup_sqlite

        return backup_sqlite.take
    from app.store import backup_postgresql

    return backup_postgresql.take


def _settle(part: Path, path: Path, facts: Facts) -> Backup:
    """Give a verified file its name, its facts first."""
    facts = replace(facts, size=part.stat().st_size, sha256=digest_of(part))
    _write_facts(path, facts)
    part.replace(path)
    sync_folder(path.parent)
    return Backup(path=path, facts=facts)


def _write_facts(path: Path, facts: Facts) -> None:
    draft = Path(f"{facts_path(path)}{PART}")
    with draft.open("wb") as file:
        file.write(encode(facts))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(facts_path(path))


def copy_to(backup: Backup, folder: Path) -> Backup:
    """Put a copy of a backup into another folder, which may lie on a network share; read back and compared."""
    copy = folder / backup.path.name
    part = Path(f"{copy}{PART}")
    with on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        need_space(folder, backup.facts.size)
        try:
            with backup.path.open("rb") as source, part.open("wb") as file:
                shutil.copyfileobj(source, file, _SLICE)
                file.flush()
                os.fsync(file.fileno())
            if digest_of(part) != backup.facts.sha256:
                raise BadBackup(f"The copy of the backup in {folder} is not what was written there.")
            _write_facts(copy, backup.facts)
            part.replace(copy)
            sync_folder(folder)
        finally:
            part.unlink(missing_ok=True)
    return Backup(path=copy, facts=backup.facts)


# keeping them


def backups_in(folder: Path, stem: str = "") -> tuple[Backup, ...]:
    """The backups of a folder (of the floors whose file has this stem), newest first."""
    found = []
    with suppress(OSError):
        for path in folder.glob(f"{stem}-*{FACTS}" if stem else f"*{FACTS}"):
            backup = path.with_suffix("")
            facts = facts_beside(backup)
            if facts is not None and backup.is_file():
                found.append(Backup(path=backup, facts=facts))
    return tuple(sorted(found, key=lambda one: (one.facts.at, one.path.name), reverse=True))


def facts_beside(path: Path) -> Facts | None:
    """The facts of a backup; None where there are none that can be read."""
    try:
        return decode(facts_path(path).read_bytes(), Facts)
    except (OSError, Malformed):
        return None


def facts_path(path: Path) -> Path:
    return Path(f"{path}{FACTS}")


def clear_out(folder: Path, floor_id: str) -> int:
    """Remove the backups of one floor that the plan keeps no longer; how many."""
    mine = [one for one in backups_in(folder) if one.facts.floor_id == floor_id]
    keep = kept(one.facts.at for one in mine)
    gone = [one for one in mine if one.facts.at not in keep]
    with on_disk(folder):
        for one in gone:
            one.path.unlink(missing_ok=True)
            facts_path(one.path).unlink(missing_ok=True)
    return len(gone)


def stem_of(address: str) -> str:
    """What the names of a floor's backups begin with."""
    if is_file(address):
        return Path(address).stem
    return address.partition("?")[0].rstrip("/").rpartition("/")[2] or "floor"


# the disk


def need_space(folder: Path, size: int) -> None:
    """Raise BadBackup unless a file of `size` bytes fits into a folder, with a margin for those who work."""
    free = shutil.disk_usage(folder).free
    if free < size + MARGIN:
        raise BadBackup(
            f"The disk with {folder} has {free // 2**20} MB left; the backup needs "
            f"{(size + MARGIN) // 2**20} MB. Free some space or choose another folder.",
            "Disk full",
        )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system can."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network shares can't
            os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def on_disk(folder: Path) -> Iterator[None]:
    """Turn what the disk says into a sentence."""
    try:
        yield
    except OSError as error:
        why = "the disk is full" if error.errno in FULL else (error.strerror or "it did not work").lower()
        raise BadBackup(f"No backup could be written into {folder}: {why}.") from error
