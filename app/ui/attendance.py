"""This desk says that it is there, and when its screen goes dark or nobody touches it any more.

Every few seconds one light command; a change is said at once. Who was made away because of their desk is asked, in a
banner, whether they are back: a desk can not know whether somebody sits at it again for work. Who opens its lock with
the PIN has said so, and is what they were before.
"""

from __future__ import annotations

import logging
import platform

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QCursor, QWindow
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from app.clock import FloorClock, new_id
from app.domain.commands import Here, SayGoodbye, SayHere, SetStatus
from app.domain.errors import AppError
from app.domain.events import PresenceChanged, RepStatusChanged
from app.domain.lead import RepStatus
from app.domain.presence import BEAT_S, DeskState
from app.floor.board import Changes
from app.floor.floor import Receipt
from app.ui.context import Context
from app.ui.screen_dark import ScreenDark

__all__ = ["IDLE_S", "Attendance"]

IDLE_S = 15 * 60.0
"""Real seconds without a movement, a key or a deed after which a desk is idle, where the desktop does not say."""
LISTEN_MS = 2_000
"""After the start, when the desk has its first work behind it."""
BANNER = "away"
_AT_WORK = (RepStatus.AVAILABLE, RepStatus.WRAP_UP)
_OF_ITSELF = (PresenceChanged, RepStatusChanged)
"""What this desk does in its rep's name without anybody touching it."""

log = logging.getLogger(__name__)


class Attendance(QObject):
    """Made and used on the GUI thread; `stop` after the relay's, while the floor is still open."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.device_id = new_id()
        """Of this run: a desk that crashed and was started again is another one."""
        self.dark: ScreenDark | None = None
        self._said: DeskState | None = None
        self._answered = True
        self._still = 0.0
        self._touched = False
        self._before: RepStatus | None = None
        """What the rep was at before the desk was left alone or locked."""
        self._opened = False
        """The lock was opened with the PIN: somebody is here, and need not be asked."""
        self._steady = FloorClock()
        self._beaten = self._steady.now()
        self._lock = context.lock
        self._typed_at: QWindow | None = None
        self._cursor = QCursor.pos()
        self._asks = False
        self._timer = QTimer(self, interval=round(BEAT_S * 1000))
        self._timer.timeout.connect(self._beat)
        self._listening = QTimer(self, singleShot=True, interval=LISTEN_MS)
        self._listening.timeout.connect(self._listen)

    def start(self) -> None:
        """Say for the first time that the desk is there. For a desk that has seen its floor."""
        self._context.board_changed.connect(self._follow)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusObjectChanged.connect(self._touch)
            app.focusWindowChanged.connect(self._watch)
            self._watch(app.focusWindow())
        if self._lock is not None:
            self._lock.changed.connect(self._lock_moved)
        self._timer.start()
        self._listening.start()
        self.say()

    def stop(self) -> None:
        """Say goodbye; a floor that is not there will find out by itself."""
        self._timer.stop()
        self._listening.stop()
        self._watch(None)
        if self.dark is not None:
            self.dark.close()
        if self._said is None or not self._context.live:
            return
        try:
            self._context.floor.do(SayGoodbye(device_id=self.device_id))
        except AppError as error:
            log.info("the floor did not hear that this desk closed: %s", error.message)

    @property
    def state(self) -> DeskState:
        """How this desk stands now, as far as it knows."""
        dark = self.dark
        if (dark is not None and dark.locked) or (self._lock is not None and self._lock.locked):
            return DeskState.LOCKED
        idle = dark.idle if dark is not None and dark.knows_idle else self._still >= IDLE_S
        return DeskState.IDLE if idle else DeskState.HERE

    @Slot()
    def say(self) -> None:
        """Say how the desk stands; not while the last word is still on its way."""
        if not self._answered:
            return
        self._answered = False
        was, self._said = self._said, self.state
        rep = self._context.rep
        if self._said is not DeskState.HERE and was in (None, DeskState.HERE):
            self._before = rep.status if rep is not None and rep.status in _AT_WORK else None
        word = SayHere(device_id=self.device_id, place=platform.node(), state=self._said)
        self._context.relay.do(word, self._heard, self._unheard)

    def _heard(self, receipt: Receipt[Here]) -> None:
        self._answered = True
        if receipt.value.asks and self._opened and self._before is not None:
            self._context.relay.do(SetStatus(status=self._before))
        elif receipt.value.asks:
            self._asks = True
            self._ask()
        if self._said is DeskState.HERE:
            self._before, self._opened = None, False
        if self._said != self.state:
            self.say()

    def _unheard(self, error: AppError) -> None:
        self._answered = True
        log.info("the floor did not hear that this desk is there: %s", error.message)

    # is anybody there

    @Slot()
    def _listen(self) -> None:
        self.dark = ScreenDark(self)
        self.dark.changed.connect(self.say)

    @Slot()
    def _touch(self) -> None:
        self._touched = True

    @Slot(QWindow)
    def _watch(self, window: QWindow | None) -> None:
        """Typing moves no pointer: keys are noticed in the window that has them."""
        if self._typed_at is not None and isValid(self._typed_at):
            self._typed_at.removeEventFilter(self)
        self._typed_at = window
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self._touched = True
        return False

    @Slot()
    def _beat(self) -> None:
        here, now = QCursor.pos(), self._steady.now()
        moved = self._touched or here != self._cursor
        self._cursor, self._touched = here, False
        slept, self._beaten = (now - self._beaten).total_seconds(), now
        self._still = 0.0 if moved else self._still + max(BEAT_S, slept)
        if (
            self._lock is not None
        ):  # a computer that slept was left alone, however soon it is touched afterwards
            self._lock.rested(max(self._still, slept if slept > 2 * BEAT_S else 0.0))
        self.say()

    @Slot()
    def _lock_moved(self) -> None:
        assert self._lock is not None
        if not self._lock.locked and self._said is DeskState.LOCKED:
            self._opened = True
            self._still = 0.0
        self.say()

    # are you back

    @Slot(object)
    def _follow(self, changes: Changes) -> None:
        me = self._context.me
        if any(entry.actor == me and not isinstance(entry.event, _OF_ITSELF) for entry in changes.entries):
            self._touched = True
        if changes.reps and self._asks:
            self._ask()

    def _ask(self) -> None:
        """Ask whether the rep is back, as long as they are away."""
        shell, rep = self._context.shell, self._context.rep
        if rep is not None and rep.status is not RepStatus.AWAY:
            self._asks = False
            shell.clear_banner(BANNER)
            return
        words = self.tr("You are away, and get no leads, since your desk was closed, locked or left alone.")
        shell.banner(BANNER, "warn", words, self.tr("I am back"), self._back, closable=True)

    def _back(self) -> None:
        self._context.relay.do(SetStatus(status=RepStatus.AVAILABLE))
