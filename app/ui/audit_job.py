"""Writes a part of the journal into a file on a thread of its own; how it went comes to the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import AppError
from app.domain.journal import Part
from app.floor.floor import Floor
from app.workers.journal_file import write_journal

__all__ = ["AuditJob"]


class AuditJob(QObject):
    """Lives on the GUI thread; one file at a time."""

    finished = Signal(object, int)
    """The file (a path) stands, with so many entries."""
    failed = Signal(object)
    """There is no new file, for this `AppError`."""

    _told = Signal(object)

    def __init__(self, floor: Floor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._floor = floor
        self._thread: threading.Thread | None = None
        self._path = Path()
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return self._thread is not None

    def run(self, part: Part, path: Path, names: Mapping[str, str]) -> None:
        """Write the file; `finished` or `failed` comes."""
        if self._thread is not None:
            return
        self._path = path

        def do() -> None:
            try:
                result: object = write_journal(self._floor, part, path, names)
            except Exception as error:  # noqa: BLE001 - it is handed on, not swallowed
                result = error
            self._told.emit(result)

        self._thread = threading.Thread(target=do, name="audit-export", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait for the thread."""
        if self._thread is not None:
            self._thread.join()

    @Slot(object)
    def _take(self, result: object) -> None:
        self.stop()
        self._thread = None
        if isinstance(result, int):
            self.finished.emit(self._path, result)
        elif isinstance(result, AppError):
            self.failed.emit(result)
        elif isinstance(result, BaseException):
            raise result  # a bug: it goes the way of all bugs, on this thread
