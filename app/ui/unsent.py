"""What this desk has done for a floor that is away: how much is unsent, what needs its rep, and the way there.

The floor's side (`OfflineFloor`) tells on its own threads that something changed; what it is comes here as frozen
values. The foot of the window counts it, `Ctrl+U` and a click open the tray of what needs a decision.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.errors import AppError
from app.floor.floor import KeepsWork, Link
from app.ui.actions import Action

if TYPE_CHECKING:
    from app.store.journal import Kept
    from app.ui.context import Context

__all__ = ["Unsent"]

_Lines = tuple["Kept", ...]


class Unsent(QObject):
    """Lives on the GUI thread. `changed` comes after `lines` or `waiting` is another."""

    changed = Signal()
    _came = Signal(object)

    def __init__(self, floor: KeepsWork, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._floor = floor
        self._context = context
        self.lines: _Lines = ()
        """What the floor does not have yet, oldest first."""
        self.waiting: _Lines = ()
        """What needs the rep's decision, oldest first."""
        self._telling = threading.Lock()
        self._came.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Show what was kept before, and follow what comes."""
        shell = self._context.shell
        self._floor.on_change(self._note)
        self._context.link_changed.connect(self._show)
        shell.foot.unsent.clicked.connect(self.open)
        self._context.actions.add(
            Action(
                id="unsent",
                title=self.tr("Unsent work and what needs you"),
                keys=("Ctrl+U",),
                group=self.tr("Everywhere"),
                run=self.open,
                words="offline outbox conflict clash away",
            )
        )
        if self._floor.fault:
            shell.banner("unsent", "danger", self._floor.fault, closable=True)
        self._note()

    def stop(self) -> None:
        """Hear no more of it."""
        self._floor.on_change(lambda: None)
        self._context.shell.set_unsent("")
        self._context.actions.withdraw("unsent")

    def words(self) -> str:
        """ "3 unsent · 1 needs you"; "" when there is nothing to say."""
        parts = [self.tr("{n} unsent").format(n=len(self.lines))] if self.lines else []
        if self.waiting:
            one = len(self.waiting) == 1
            parts.append(
                self.tr("1 needs you") if one else self.tr("{n} need you").format(n=len(self.waiting))
            )
        if not parts and self._context.link is Link.AWAY:
            parts.append(self.tr("nothing unsent"))
        return " · ".join(parts)

    def open(self) -> None:
        """Open the tray over the window."""
        from app.ui.needs_you import NeedsYou

        self._context.shell.open_over(lambda over: NeedsYou(over, self, self._context.now))

    # what the rep decides; each is told by `changed`

    def put_on_top(self, line: Kept) -> None:
        self._decide(partial(self._floor.put_on_top, line.no))

    def keep_as_note(self, line: Kept, text: str) -> None:
        self._decide(partial(self._floor.keep_as_note, line.no, text))

    def drop(self, line: Kept) -> None:
        self._decide(partial(self._floor.drop, line.no))

    def _decide(self, work: Callable[[], None]) -> None:
        self._context.relay.run(work, failed=self._not_decided)

    def _not_decided(self, error: AppError) -> None:
        self._context.shell.notice(f"{error.title}: {error.message}")
        self.changed.emit()

    # how it is shown

    def _note(self) -> None:
        """On any thread; one at a time, so that what came last is what is."""
        with self._telling:
            self._came.emit((self._floor.unsent, self._floor.waiting))

    @Slot(object)
    def _take(self, came: tuple[_Lines, _Lines]) -> None:
        new = len(came[1]) > len(self.waiting)
        self.lines, self.waiting = came
        self._show()
        if new:
            words = self.tr(
                "Something changed on the floor while this desk was away, and needs your decision."
            )
            self._context.shell.notice(words, self.tr("Look Ctrl+U"), self.open)
        self.changed.emit()

    @Slot()
    def _show(self) -> None:
        self._context.shell.set_unsent(self.words())
