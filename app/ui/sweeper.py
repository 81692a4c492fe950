"""Collects garbage on the GUI thread only, in small steps, while nothing else is to be done.

Left to itself the collector runs on whichever thread happens to allocate, and Qt objects must not be destroyed
on a worker's. What stands after the first snapshot stays for good, so it is taken out of the collector's sight.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

__all__ = ["Sweeper"]

EVERY_MS = 1000


class Sweeper(QObject):
    """Lives on the GUI thread, and only one at a time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._sweep)

    def start(self) -> None:
        """Take the collecting over."""
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer.start()

    def settle(self) -> None:
        """The large things are in place: clear up once, and never look at what is left again."""
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Give it back."""
        self._timer.stop()
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
