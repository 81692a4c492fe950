"""The desk's second: a signal on each second of the floor's time, while somebody can see the window.

Aligned to the floor's seconds, so that all desks of a floor count down together. On a practice floor whose
time runs fast it beats ten times a real second at most.
"""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from app.clock import Clock

__all__ = ["Beat"]

LEAST_S = 0.1
"""Real seconds between two beats."""
HOUR = timedelta(hours=1)


class Beat(QObject):
    """Beats while `window` is shown and not minimised."""

    beat = Signal(object)
    """The floor's time (datetime, UTC), at or just after a whole second."""

    def __init__(self, window: QWidget, clock: Clock) -> None:
        super().__init__(window)
        self._window = window
        self._clock = clock
        self._at = clock.now()
        self._running = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._due)

    def start(self) -> None:
        self._running = True
        self._window.installEventFilter(self)
        self._settle()

    def stop(self) -> None:
        self._running = False
        self._window.removeEventFilter(self)
        self._timer.stop()

    @property
    def is_beating(self) -> bool:
        return self._timer.isActive()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.WindowStateChange):
            self._settle()
        return False

    def _settle(self) -> None:
        seen = self._running and self._window.isVisible() and not self._window.isMinimized()
        if not seen:
            self._timer.stop()
        elif not self._timer.isActive():
            # What was not counted while nobody looked is shown at once.
            self.beat.emit(self._clock.now())
            self._arm()

    @Slot()
    def _due(self) -> None:
        now = self._clock.now()
        if now >= self._at:
            self.beat.emit(now)
        self._arm()

    def _arm(self) -> None:
        now = self._clock.now()
        a_second = self._clock.seconds_until(now + HOUR) / HOUR.total_seconds()
        step = max(1, ceil(LEAST_S / a_second))
        whole = now.replace(microsecond=0)
        self._at = whole + timedelta(seconds=step - int(whole.timestamp()) % step)
        self._timer.start(max(1, ceil(self._clock.seconds_until(self._at) * 1000)))
