"""The backups of the open floor, as its window sees them: how they stand, what there is, what would be lost.

The worker that makes them tells its state on its own thread; a queued signal brings it here. What a restore
would cost is read from the floor on a thread of its own, since a large floor takes a moment to be counted.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.address import is_file
from app.clock import Clock
from app.domain.errors import AppError, Unavailable

if TYPE_CHECKING:
    from app.settings import Settings
    from app.store.backup import Backup
    from app.store.restore import Loss
    from app.workers.backups import Backups, State

__all__ = ["FloorBackups", "Told"]

log = logging.getLogger(__name__)
Told = Callable[["Backup", "Loss | AppError"], object]


class Session(Protocol):
    """What is needed of an open floor."""

    @property
    def address(self) -> str: ...
    @property
    def told(self) -> str: ...
    def complete(self) -> Whole: ...


class Whole(Protocol):
    def back_up(self) -> Backups | None: ...


class FloorBackups(QObject):
    """Lives on the GUI thread. `stop` before the floor is closed."""

    changed = Signal()
    """The state is another one."""
    restore_wanted = Signal(object)
    """A person wants this `Backup` put in the place of the floor, and was told what that costs."""

    _moved = Signal()
    _found = Signal(object, object)

    def __init__(
        self, session: Session, settings: Settings, clock: Clock, parent: QObject | None = None
    ) -> None:
        """`clock` is this computer's own, which backups go by."""
        super().__init__(parent)
        self.now = clock.now
        self._session = session
        self._settings = settings
        self._worker: Backups | None = None
        self._stopped = False
        self._looker: threading.Thread | None = None
        self._asked: Told | None = None
        queued = Qt.ConnectionType.QueuedConnection
        self._moved.connect(self.changed, queued)
        self._found.connect(self._tell, queued)

    @property
    def is_file(self) -> bool:
        return is_file(self._session.address)

    @property
    def state(self) -> State | None:
        """How it stands; None where this computer makes none of this floor."""
        return self._worker.state if self._worker is not None else None

    def start(self) -> None:
        """Begin to make them, where this computer does; on any thread."""
        worker = self._session.complete().back_up()
        if worker is not None and not self._stopped:
            worker.tell = lambda _state: self._moved.emit()
            self._worker = worker
            self._moved.emit()

    def make_here(self) -> None:
        """Have this computer make the backups of a shared floor from now on."""
        self._settings.copies.setdefault(self._session.address, "")
        self._settings.save()
        self.start()

    def back_up_now(self) -> None:
        if self._worker is not None:
            self._worker.back_up_now()

    @property
    def copies(self) -> str:
        """The folder that gets a copy of each; "" for none."""
        return self._settings.copies.get(self._session.address, "")

    def copy_to(self, folder: str) -> None:
        """Copy each backup into another folder as well; "" for none. What there is already is copied at once."""
        self._settings.copies[self._session.address] = folder
        self._settings.save()
        if self._worker is not None:
            self._worker.copies = folder
            if folder:
                self._worker.back_up_now()
        self.changed.emit()

    def all(self) -> tuple[Backup, ...]:
        """What there is of this floor, newest first."""
        from app.store.backup import backups_in, stem_of
        from app.workers.backups import backup_folder

        return backups_in(backup_folder(self._session.address), stem_of(self._session.address))

    def look_into(self, backup: Backup, told: Told) -> None:
        """Find out what restoring a backup would put aside; only the answer to the last question is told."""
        self._asked = told
        self._looker = threading.Thread(target=self._look, args=(backup,), name="restore-look", daemon=True)
        self._looker.start()

    def _look(self, backup: Backup) -> None:
        from app.store.restore import loss

        found: Loss | AppError
        try:
            found = loss(self._session.told, backup.facts, mine=True)
        except AppError as error:
            found = error
        except Exception:
            log.exception("what a restore costs could not be read")
            found = Unavailable("What would be lost could not be found out; the log says more.")
        self._found.emit(backup, found)

    @Slot(object, object)
    def _tell(self, backup: Backup, found: Loss | AppError) -> None:
        if self._asked is not None:
            self._asked(backup, found)

    def forget_question(self) -> None:
        self._asked = None

    def stop(self) -> None:
        """Afterwards nothing is told any more."""
        self._stopped, self._asked = True, None
        if self._worker is not None:
            self._worker.tell = None
        if self._looker is not None:
            self._looker.join()
