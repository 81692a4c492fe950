"""The PIN of one desk on one floor: kept on this computer, so that it can be asked for while the floor is away.

Only its Argon2id hash is kept (64 MB, three passes), in a file of its user's alone, with how often it was got wrong
in a row: a try is counted before it is looked at, so that ending the program is no way round the wait. Nothing here
runs on the window's thread, save for looking whether there is a PIN and how long to wait.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings as profile
from app.address import is_file, parted
from app.clock import Clock, FloorClock
from app.domain.errors import Refused, Unavailable
from app.domain.pin import pin_trouble, wait_left
from app.refusals import HERE, note_refusal

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = ["DeskPin", "hasher", "pin_file", "pin_of"]

log = logging.getLogger(__name__)


def pin_file(address: str) -> Path:
    """Where the PIN of this desk lies for the floor of an address; a file's is the same by whatever path it is told."""
    if profile.is_served(address):
        return profile.seat_file(address, ".pin")
    told = str(Path(address).resolve()) if is_file(address) else parted(address)[0]
    return profile.home() / "seats" / (sha256(told.encode(errors="replace")).hexdigest()[:32] + ".pin")


def pin_of(address: str) -> DeskPin:
    """The PIN of this desk for the floor of an address."""
    return DeskPin(pin_file(address), FloorClock(), leaves=not is_file(address))


def hasher() -> PasswordHasher:
    """What makes the hashes: Argon2id, three passes over 64 MB."""
    from argon2 import PasswordHasher, Type

    return PasswordHasher(
        time_cost=3, memory_cost=64 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
    )


@dataclass(frozen=True, slots=True)
class _Kept:
    hash: str = ""
    """"" for a file that can't be read: then no PIN is right."""
    wrong: int = 0
    """Wrong tries in a row."""
    last: datetime | None = None
    """When the last of them was, UTC."""


class DeskPin:
    """The PIN that is kept in one file. `clock` tells this computer's own time."""

    def __init__(self, path: Path, clock: Clock, *, leaves: bool = False) -> None:
        self._path = path
        self._clock = clock
        self.leaves = leaves
        """Whether who forgot it can log the desk out, since something other than a file lets it in."""
        self._counted = _Kept()
        """What could not be written: a disk that is full forgives no tries as long as the program runs."""

    @property
    def is_set(self) -> bool:
        return self._path.exists()

    @property
    def wait(self) -> float:
        """Seconds before the next try."""
        kept = self._read()
        return wait_left(kept.wrong, kept.last, self._clock.now())

    def set(self, pin: str) -> None:
        """Have this PIN from now on. Raises Refused for one that is too easy, Unavailable where it can't be kept."""
        trouble = pin_trouble(pin)
        if trouble:
            raise Refused(trouble, "No PIN")
        try:
            self._write(_Kept(hasher().hash(pin)))
        except OSError as error:
            raise Unavailable(
                f"Nothing can be kept in {self._path.parent} ({error.strerror or error}).", "No PIN"
            ) from error
        self._counted = _Kept()

    def check(self, pin: str) -> bool:
        """Whether it is this one; a wrong one counts. Raises Refused for a try before the wait is over."""
        from argon2.exceptions import InvalidHashError, VerificationError

        if self.wait:
            note_refusal(HERE, "PIN", "too many tries")
            raise Refused("Too many wrong tries. Wait until the time is over.", "Not yet")
        kept = self._read()
        counted = replace(kept, wrong=kept.wrong + 1, last=self._clock.now())
        self._count(counted)
        try:
            hasher().verify(kept.hash, pin)
        except (VerificationError, InvalidHashError):
            note_refusal(HERE, "PIN", "wrong")
            return False
        self._count(replace(kept, wrong=0, last=None))
        return True

    def remove(self) -> None:
        """Have no PIN any more. Raises Unavailable where it can't be taken away."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(
                f"{self._path} can't be removed ({error.strerror or error}).", "The PIN stays"
            ) from error
        self._counted = _Kept()

    def _count(self, kept: _Kept) -> None:
        try:
            self._write(kept)
        except OSError as error:
            log.warning("how often the PIN was got wrong can't be kept: %s", error)
        self._counted = kept

    def _read(self) -> _Kept:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            last = told["last"]
            kept = _Kept(
                str(told["hash"]), int(told["wrong"]), datetime.fromisoformat(last) if last else None
            )
            if kept.last is not None and kept.last.tzinfo is None:
                raise ValueError("a time without a zone")
        except FileNotFoundError:
            return _Kept()
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("the desk's PIN can't be read: %s", error)
            return self._counted
        return self._counted if kept.hash == self._counted.hash and self._counted.wrong > kept.wrong else kept

    def _write(self, kept: _Kept) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        values = {**asdict(kept), "last": kept.last.isoformat() if kept.last is not None else ""}
        draft = self._path.with_name(self._path.name + ".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump(values, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)
