"""Collects garbage on the GUI thread only, in small steps, while nothing else is to be done.

Left to itself the collector runs on whichever thread happens to allocate, and Qt objects must not be
destroyed on a worker's. What stands after the first snapshot stays for good, so it is taken out of the
collector's sight.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

__all__ = ["Sweeper"]

EVERY_MS = 1000
SETTLE_MS = 1500


class Sweeper(QObject):
    """Lives on the GUI thread, and only one at a time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._sweep)
        self._settling = QTimer(self, singleShot=True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._settle)

    def start(self) -> None:
        """Take the collecting over."""
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer.start()

    def settle_soon(self) -> None:
        """The large things are in place: clear up once in a moment, and never look at what is left again."""
        self._settling.start()

    @Slot()
    def _settle(self) -> None:
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Give it back."""
        self._timer.stop()
        self._settling.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()

    @Slot()
    def _sweep(self) -> None:
        limits = gc.get_threshold()
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > limits[generation]:
                gc.collect(generation)
                return
