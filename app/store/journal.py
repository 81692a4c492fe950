"""What a desk keeps on its own disk while its floor is away: unsent work, and decisions that wait for the rep.

One small SQLite file for one rep on one floor, open in one program at a time. Every change is on the disk before
it is answered (synchronous=FULL). A line is removed only when the floor has it or the rep has decided about it;
what is removed is overwritten, since it names people. A file that is damaged is put aside, never deleted.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.address import parted
from app.codec import Malformed, decode, encode_text
from app.domain.clash import Clashing
from app.domain.commands import COMMANDS, Work
from app.domain.errors import Unavailable
from app.settings import home
from app.store.driver import sqlite_module
from app.store.place import FloorInUse, FloorLock

_APPLICATION_ID = 0x46697275
"""Marks the file ("Firu")."""
_TABLE = """
    CREATE TABLE IF NOT EXISTS kept (
        no INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        who TEXT NOT NULL,
        sent INTEGER NOT NULL DEFAULT 0,
        clash TEXT NOT NULL DEFAULT ''
    ) STRICT
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A line of the journal."""

    no: int
    """In the order in which it was done."""
    command: Work[Any]
    who: str
    """The lead in words, for a screen that does not have the lead any more."""
    sent: bool = False
    """Whether the floor may have it already: it was sent, and no answer came."""
    clash: Clashing | None = None
    """Set: it is not sent again, but waits for the rep's decision."""

    @property
    def said_at(self) -> datetime:
        assert self.command.said_at is not None
        return self.command.said_at


def journal_of(address: str, me: str) -> Path:
    """Where what rep `me` did without the floor at this address is kept on this computer."""
    name = hashlib.sha256(f"{parted(address)[0]}\n{me}".encode()).hexdigest()[:24]
    return home() / "unsent" / f"{name}.journal"


def count_kept(address: str, me: str) -> int:
    """How much of rep `me`'s work waits on this computer for that floor; 0 where that can't be read now."""
    path = journal_of(address, me)
    if not path.exists():
        return 0
    try:
        journal = Journal(path)
        try:
            return sum(line.clash is None for line in journal.lines())
        finally:
            journal.close()
    except Unavailable:
        return 0


class Journal:
    """An open journal. To be used by one thread at a time; all methods may raise Unavailable with a sentence."""

    def __init__(self, path: Path) -> None:
        """Open the file, which is made if it is not there."""
        self.path = path
        self.damaged: Path | None = None
        """Where an unreadable journal was put when this one was opened."""
        self._lock = FloorLock(path)
        with _said(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.take()
            except FloorInUse as error:
                raise Unavailable(
                    "Another Firstring on this computer has the unsent work of this floor. Use that one, or close it.",
                    "Already open",
                ) from error
            try:
                try:
                    self._open()
                except (sqlite_module().DatabaseError, UnicodeDecodeError) as error:
                    if _is_no_damage(error):
                        raise
                    self.damaged = _put_aside(path)
                    self._open()
            except BaseException:
                self._lock.release()
                raise

    def _open(self) -> None:
        driver = sqlite_module()
        made = not self.path.exists()
        self._db = driver.connect(str(self.path), timeout=2, isolation_level=None, check_same_thread=False)
        try:
            if made:
                self.path.chmod(0o600)  # it names people
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
                self._db.execute(f"PRAGMA {pragma}")
            (whole,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if whole != "ok":
                raise driver.DatabaseError("database disk image is malformed")
            self._db.execute(_TABLE)
            self._db.execute(f"PRAGMA application_id={_APPLICATION_ID}")
        except BaseException:
            self._db.close()
            raise

    def lines(self) -> tuple[Kept, ...]:
        """Everything that is kept, oldest first. A line of a newer program that can't be read here stays there."""
        with _said(self.path):
            rows = self._db.execute(
                "SELECT no, kind, body, who, sent, clash FROM kept ORDER BY no"
            ).fetchall()
        return tuple(line for line in map(_line, rows) if line is not None)

    def keep(
        self, command: Work[Any], who: str, *, sent: bool = False, instead_of: int | None = None
    ) -> Kept:
        """Add a command at the end; with `instead_of`, in the place of a line that waits for a decision."""
        with self._changing():
            if instead_of is not None:
                self._db.execute("DELETE FROM kept WHERE no = ?", (instead_of,))
            row = (command.id, type(command).__name__, encode_text(command), who, int(sent))
            add = "INSERT INTO kept (id, kind, body, who, sent) VALUES (?, ?, ?, ?, ?)"
            no = self._db.execute(add, row).lastrowid
        assert no is not None
        return Kept(no=no, command=command, who=who, sent=sent)

    def mark_sent(self, line: Kept) -> Kept:
        """Note that from now on the floor may have it."""
        with self._changing():
            self._db.execute("UPDATE kept SET sent = 1 WHERE no = ?", (line.no,))
        return replace(line, sent=True)

    def put_by(self, line: Kept, clash: Clashing) -> Kept:
        """It waits for the rep's decision from now on."""
        row = (encode_text(clash), encode_text(line.command), line.no)
        with self._changing():
            self._db.execute("UPDATE kept SET clash = ?, body = ? WHERE no = ?", row)
        return replace(line, clash=clash)

    def remove(self, no: int) -> None:
        """The floor has it, or the rep has dropped it."""
        with self._changing():
            self._db.execute("DELETE FROM kept WHERE no = ?", (no,))

    def close(self) -> None:
        self._db.close()
        self._lock.release()

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with _said(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _line(row: tuple[int, str, str, str, int, str]) -> Kept | None:
    no, kind, body, who, sent, clash = row
    try:
        command = decode(body, COMMANDS[kind])
        stands = decode(clash, Clashing) if clash else None
    except (KeyError, Malformed):
        return None
    assert isinstance(command, Work)
    return Kept(no=no, command=command, who=who, sent=bool(sent), clash=stands)


def _is_no_damage(error: Exception) -> bool:
    if isinstance(error, UnicodeDecodeError):  # what SQLite says of the damage names what can't be read
        return False
    words = str(error).lower()
    return "malformed" not in words and "not a database" not in words


def _put_aside(path: Path) -> Path:
    """Rename a damaged journal; its new name."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for end in ("-wal", "-shm"):
        beside = Path(f"{path}{end}")
        if beside.exists():
            os.replace(beside, f"{aside}{end}")
    os.replace(path, aside)
    return aside


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Turn what goes wrong with the file into a sentence for a person."""
    try:
        yield
    except (sqlite_module().Error, OSError) as error:
        words = str(error).lower()
        if "full" in words or "no space" in words or "disk i/o" in words:
            raise Unavailable(
                "This computer's disk is full, so what you did could not be kept. Free some space and say it again.",
                "Not kept: disk full",
            ) from error
        if "locked" in words or "busy" in words:
            raise Unavailable(
                "Another program holds the file with the unsent work, so what you did could not be kept. Say it again.",
                "Not kept",
            ) from error
        raise Unavailable(
            f"The file with the unsent work at {path} can't be written, so what you did could not be kept.",
            "Not kept",
        ) from error
