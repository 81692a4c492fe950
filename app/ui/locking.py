"""Locks this desk and opens it again: by key, when nobody has touched it for long, and at each start.

The lock is there as soon as a PIN is set (in the settings). While it is closed the window shows the lock's own face,
the desktop's notifications name nobody, and the floor is told that the desk is locked, which makes its rep away.
A PIN is looked at on a thread of its own, needs no floor, and is never logged.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import AppError
from app.domain.lead import RepStatus
from app.floor.pin import DeskPin
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.curtain import Curtain
from app.ui.lock_face import LockFace

__all__ = ["LONGEST_CALL_S", "DeskLock"]

log = logging.getLogger(__name__)

LONGEST_CALL_S = 3600.0
"""Whoever talks touches nothing: during a call a desk locks itself after this long only."""


class DeskLock(QObject):
    """Lives on the GUI thread; `stop` before the window goes."""

    changed = Signal()
    """It was locked or opened, or there is a PIN or none any more."""
    logged_out = Signal()
    """Whoever sits here gave the PIN up, and what lets this desk in with it."""
    _came = Signal(object, object)

    def __init__(self, context: Context, pin: DeskPin, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._pin = pin
        self._face: LockFace | None = None
        self._curtain: Curtain | None = None
        self._thread: threading.Thread | None = None
        self.locked = False
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def is_set(self) -> bool:
        """Whether this desk has a PIN."""
        return self._pin.is_set

    @property
    def minutes(self) -> int:
        """Without a touch before it locks itself; 0 for never."""
        return self._context.settings.lock_after

    def start(self) -> None:
        """Lock the desk if it has a PIN: whoever starts the program is asked for it."""
        self._context.actions.add(
            Action(
                id="lock",
                title=self.tr("Lock this desk"),
                keys=("Ctrl+L",),
                group=self.tr("Everywhere"),
                run=self.lock_or_tell,
                words="pin away leave screen",
            )
        )
        if self.is_set:
            self.lock()

    def stop(self) -> None:
        """End what is going on; a locked desk stays locked."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._face is not None:
            self._face.close_face()
        if self._curtain is not None:
            self._curtain.stay()
        self._context.actions.withdraw("lock")

    # locking

    def lock_or_tell(self) -> None:
        """Lock, or say what that takes."""
        if self.is_set:
            self.lock()
        else:
            shell = self._context.shell
            words = self.tr("A desk is locked with a PIN, and this one has none.")
            shell.notice(words, self.tr("Settings"), lambda: shell.show_screen("settings"))

    def lock(self) -> None:
        """Close the desk. Nothing happens where it is closed."""
        if self.locked:
            return
        if self._face is None:
            self._face = LockFace(self._context.shell, leaves=self._pin.leaves)
            self._face.tried.connect(self._try)
            self._face.left.connect(self._leave)
        self.locked = True
        rep = self._context.rep
        self._face.open(rep.name if rep is not None else "", self._pin.wait)
        self._context.toasts.set_discreet(True)
        self._context.toasts.standing_changed.connect(self._count)
        self._count()
        self._curtain = Curtain(self._context.shell, self._face, self._face.field)
        self._curtain.draw()
        self.changed.emit()

    def rested(self, seconds: float) -> None:
        """Nobody has touched the desk for so long."""
        if not self.minutes or self.locked or not self.is_set:
            return
        rep = self._context.rep
        talks = rep is not None and rep.status is RepStatus.ON_CALL
        if seconds >= max(self.minutes * 60.0, LONGEST_CALL_S if talks else 0.0):
            self.lock()

    @Slot()
    def _count(self) -> None:
        if self._face is not None:
            self._face.set_waiting(len(self._context.toasts.standing))

    # opening

    @Slot(str)
    def _try(self, told: str) -> None:
        assert self._face is not None
        self._face.set_busy(True)
        if self.is_set:
            self._look_at(told, self._tried)
        elif self._pin.leaves:  # taken away by hand; then so was what lets this desk in
            self._leave()
        else:
            self._open()

    def _tried(self, is_right: bool, error: AppError | None) -> None:
        if not self.locked or self._face is None:
            return
        if is_right:
            self._open()
        else:
            words = error.message if error is not None else self.tr("That is not this desk’s PIN.")
            self._face.refuse(words, self._pin.wait)

    def _open(self) -> None:
        assert self._face is not None
        assert self._curtain is not None
        self.locked = False
        self._context.toasts.standing_changed.disconnect(self._count)
        self._face.close_face()
        self._curtain.lift()
        self._curtain = None
        self._context.toasts.set_discreet(False)
        self.changed.emit()

    @Slot()
    def _leave(self) -> None:
        self.logged_out.emit()

    # the PIN itself

    def change(self, old: str, new: str, then: Callable[[AppError | None], object]) -> None:
        """Have the PIN `new` from now on, none with "". `old` is asked where there is one. `then` hears why not."""

        def work() -> bool:
            if self._pin.is_set and not self._pin.check(old):
                return False
            if new:
                self._pin.set(new)
            else:
                self._pin.remove()
            return True

        def done(was_right: bool, error: AppError | None) -> None:
            if error is None and not was_right:
                error = AppError(self.tr("Not changed"), self.tr("That is not this desk’s PIN."))
            then(error)
            self.changed.emit()

        self._run(work, done)

    def _look_at(self, told: str, then: Callable[[bool, AppError | None], object]) -> None:
        self._run(lambda: self._pin.check(told), then)

    def _run(self, work: Callable[[], bool], then: Callable[[bool, AppError | None], object]) -> None:
        """Hashing takes a good part of a second; one at a time."""
        if self._thread is not None:
            self._thread.join()

        def run() -> None:
            try:
                answer: bool | AppError = work()
            except AppError as error:
                answer = error
            except Exception:
                log.exception("the PIN could not be looked at")
                answer = AppError("No PIN", "Firstring made a mistake with the PIN; the log says where.")
            self._came.emit(then, answer)

        self._thread = threading.Thread(target=run, name="pin", daemon=True)
        self._thread.start()

    @Slot(object, object)
    def _take(self, then: Callable[[bool, AppError | None], object], answer: bool | AppError) -> None:
        if isinstance(answer, AppError):
            then(False, answer)
        else:
            then(answer, None)
