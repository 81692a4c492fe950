"""Looks at files and imports them on a thread of its own; what happens there comes to the GUI thread as
signals.

One thing at a time: a new look cancels the one before and waits for it. `stop` cancels and joins, so that
after it nobody is called any more; the floor then holds the whole file or nothing of it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.channels.table import Wishes
from app.clock import Clock
from app.domain.errors import AppError
from app.domain.mapping import Mapping
from app.domain.past import ImportKind
from app.floor.floor import Floor
from app.workers.importer import Cancelled, Importer, Progress, Report
from app.workers.preview import Preview

__all__ = ["ImportJob"]

_log = logging.getLogger(__name__)


class ImportJob(QObject):
    """Lives on the GUI thread; all its methods are called there."""

    looked = Signal(object)
    """A file was looked at: its `Preview`."""
    progressed = Signal(object)
    """`Progress` of what is being done."""
    finished = Signal(object)
    """A file came in: the `Report`."""
    failed = Signal(object)
    """What was being done ended with this `AppError`; a `Cancelled` when the person wanted that."""

    _told = Signal(int, object)

    def __init__(self, floor: Floor, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._importer = Importer(floor, clock)
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._number = 0
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._thread is not None

    def look(self, path: Path, wishes: Wishes, kind: ImportKind | None = None) -> None:
        """Look at a file of a kind, or of what it looks like; `looked` or `failed` comes."""
        self._begin("import-look", lambda tell, stop: self._importer.look(path, wishes, tell, stop, kind))

    def take_as(self, preview: Preview, kind: ImportKind) -> None:
        """Take a file that was looked at as one of another kind; `looked` or `failed` comes."""
        self._begin("import-kind", lambda tell, stop: self._importer.as_kind(preview, kind))

    def run(self, preview: Preview, mapping: Mapping, rejects: Path | None = None) -> None:
        """Import a file that was looked at, even if it came in before; `finished` or `failed` comes."""
        self._begin(
            "import-run",
            lambda tell, stop: self._importer.run(
                preview.path, mapping, tell, stop, preview=preview, again=True, rejects=rejects
            ),
        )

    def cancel(self) -> None:
        """Ask for the end; `failed` with `Cancelled` comes, or `finished` where it was too late."""
        self._stop.set()

    def stop(self) -> None:
        """Cancel and wait for the thread; no signal comes after this."""
        self._number += 1
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _begin(
        self, name: str, work: Callable[[Callable[[Progress], None], threading.Event], Preview | Report]
    ) -> None:
        self.stop()
        self._stop = threading.Event()
        number, stop = self._number, self._stop

        def do() -> None:
            try:
                result: object = work(lambda progress: self._told.emit(number, progress), stop)
            except Exception as error:  # noqa: BLE001 - it is handed on, not swallowed
                result = error
            self._told.emit(number, result)

        self._thread = threading.Thread(target=do, name=name, daemon=True)
        self._thread.start()

    @Slot(int, object)
    def _take(self, number: int, value: object) -> None:
        if number != self._number:
            return  # of a job that was stopped
        if isinstance(value, Progress):
            self.progressed.emit(value)
            return
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if isinstance(value, Preview):
            self.looked.emit(value)
        elif isinstance(value, Report):
            self.finished.emit(value)
        elif isinstance(value, AppError):
            if not isinstance(value, Cancelled):
                _log.info("import: %s", value.message)
            self.failed.emit(value)
        elif isinstance(value, BaseException):
            raise value  # a bug: it goes the way of all bugs, on this thread
