"""Hourly backups of an open floor, each made by a process of its own.

To copy, read and recompute a floor takes seconds of work that a desk can't spare, so a second program of ours
does it, at a low priority, and says in one line of JSON how it went. What failed raises the floor's alarm
`backup_failed` and is tried again sooner; the next good one clears it.
"""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from app.address import is_file
from app.clock import Clock
from app.codec import Malformed, decode, encode
from app.domain.backup_plan import EVERY, is_due
from app.domain.commands import SetAlarm
from app.domain.errors import AppError
from app.floor.local import LocalFloor
from app.program import own_words, quietly
from app.settings import home
from app.store.backup import Backup, back_up, backups_in, clear_out, copy_to, stem_of

_log = logging.getLogger(__name__)
ALARM = "backup_failed"
_FIRST_S = 90.0
"""Seconds after the start of a desk: its own start comes first."""
_LOOK_S = 600.0
"""Seconds after which it looks at the time again, since the computer may have slept or its clock been moved."""
AGAIN = timedelta(minutes=10)
"""After one that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the other process is to do; said on its standard input, since an address may hold a password."""

    address: str
    folder: str
    copies: str = ""
    """A second folder that each backup is copied into; "" for none."""
    only_changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How it went."""

    name: str = ""
    """File name of the backup that was made; "" when nothing had changed, or none could be."""
    trouble: str = ""
    """Why there is no backup, or no copy of it, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How it stands with a floor's backups."""

    folder: Path
    last: Backup | None
    checked_at: datetime | None
    """When it was last found that `last` is all there is to back up."""
    next_at: datetime
    running: bool = False
    trouble: str = ""


def backup_folder(address: str) -> Path:
    """Where the backups of a floor are made: beside its file, or in the data folder for a database."""
    return Path(address).absolute().parent / "backups" if is_file(address) else home() / "backups"


def carry_out(order: Order, now: datetime) -> Done:
    """Make one backup, copy it, clear out what the plan keeps no longer. In the other process."""
    folder = Path(order.folder)
    try:
        made = back_up(order.address, folder, now, only_changed=order.only_changed)
        newest = made or next(iter(backups_in(folder, stem_of(order.address))), None)
        if made is not None:
            clear_out(folder, made.facts.floor_id)
    except AppError as error:
        return Done(trouble=error.message)
    name = made.path.name if made is not None else ""
    if order.copies and newest is not None:
        copies = Path(order.copies)
        try:
            if not (copies / newest.path.name).exists():
                copy_to(newest, copies)
            clear_out(copies, newest.facts.floor_id)
        except AppError as error:
            return Done(name=name, trouble=f"The backup was made, but not its copy. {error.message}")
    return Done(name=name)


class Backups(threading.Thread):
    """One per open floor and computer."""

    def __init__(
        self,
        floor: LocalFloor,
        address: str,
        clock: Clock,
        *,
        folder: Path | None = None,
        program: Sequence[str] = (),
    ) -> None:
        """`folder` is where else the backups are made; `program` the words that start another program of ours."""
        super().__init__(name="backups")
        self._floor = floor.as_actor("keeper")
        self._address = address
        self._clock = clock
        self._program = [*(program or own_words()), "backup", "--apart"]
        self._folder = folder or backup_folder(address)
        self.copies = ""
        """A second folder, for copies; may be changed at any time."""
        self.tell: Callable[[State], None] | None = None
        """Told, on this thread, when anything changed."""
        self._changing = threading.Condition()
        self._ended = False
        self._wanted = False
        self._running: subprocess.Popen[bytes] | None = None
        self._last = self._newest()
        self._checked_at: datetime | None = None
        self._failed_at: datetime | None = None
        self._trouble = ""
        self._alarm_known = False

    @property
    def state(self) -> State:
        now = self._clock.now()
        seen = self._checked_at or (self._last.facts.at if self._last is not None else None)
        next_at = now if is_due(seen, now) or seen is None else seen + EVERY
        if self._failed_at is not None:
            next_at = self._failed_at + AGAIN
        return State(
            folder=self._folder,
            last=self._last,
            checked_at=self._checked_at,
            next_at=next_at,
            running=self._running is not None,
            trouble=self._trouble,
        )

    def back_up_now(self) -> None:
        """Make one now, whether anything changed or not."""
        with self._changing:
            self._wanted = True
            self._changing.notify_all()

    def run(self) -> None:
        self._wait(_FIRST_S)
        while not self._ended:
            if self._wanted or self.state.next_at <= self._clock.now():
                wanted, self._wanted = self._wanted, False
                self._one(only_changed=not wanted)
            else:
                self._wait(min(_LOOK_S, max(self._clock.seconds_until(self.state.next_at), 0.1)))

    def _wait(self, seconds: float) -> None:
        with self._changing:
            self._changing.wait_for(lambda: self._ended or self._wanted, seconds)

    def _one(self, *, only_changed: bool) -> None:
        order = Order(
            address=self._address, folder=str(self._folder), copies=self.copies, only_changed=only_changed
        )
        try:
            done = self._apart(order)
        except OSError as error:
            done = Done(trouble=f"The program that makes backups did not start: {error.strerror}.")
        if self._ended:
            return
        now = self._clock.now()
        self._last = self._newest()
        self._failed_at, self._trouble = (now, done.trouble) if done.trouble else (None, "")
        if not done.trouble:
            self._checked_at = now
        self._sound(done.trouble)
        self._say()

    def _apart(self, order: Order) -> Done:
        with self._changing:
            if self._ended:
                return Done()
            self._running = subprocess.Popen(  # noqa: S603 - this program's own interpreter and words
                self._program,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                **quietly(is_patient=True),
            )
        self._say()
        try:
            said, complaint = self._running.communicate(encode(order))
        finally:
            code, self._running = self._running.returncode, None
        try:
            return decode(said, Done)
        except Malformed:
            if not self._ended:
                _log.warning("a backup ended with %s: %s", code, complaint.decode(errors="replace")[-2000:])
            return Done(trouble="The program that makes backups broke off; the log says more.")

    def _sound(self, trouble: str) -> None:
        if not trouble and self._alarm_known:
            return
        try:
            text = f"This floor could not be backed up. {trouble}" if trouble else ""
            self._floor.do(SetAlarm(name=ALARM, text=text))
            self._alarm_known = not trouble
        except AppError as error:
            _log.warning("the alarm %s could not be set: %s", ALARM, error.message)

    def _newest(self) -> Backup | None:
        return next(iter(backups_in(self._folder, stem_of(self._address))), None)

    def _say(self) -> None:
        if self.tell is not None and not self._ended:
            self.tell(self.state)

    def stop(self) -> None:
        """End it, and a backup that is being made; nothing is left of that one."""
        with self._changing:
            self._ended = True
            self._changing.notify_all()
            if self._running is not None:
                self._running.terminate()
        if self.is_alive():
            self.join()
