"""A shared floor that does not answer while its desk starts: say so, and keep trying.

The window stays, without a queue: none is kept on this computer. What its rep did before and could not tell is,
and is counted.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.address import database_of
from app.domain.errors import NoAnswer
from app.store.journal import count_kept
from app.ui.shell import Shell

__all__ = ["FIRST_WAIT_S", "FloorAway"]

FIRST_WAIT_S = 2
LONGEST_WAIT_S = 30


class FloorAway(QObject):
    """One wait for one floor. It ends with `end`, or when somebody chooses another floor."""

    again = Signal()
    """Try again now."""
    left = Signal()
    """The person wants another floor."""

    def __init__(self, shell: Shell, address: str, me: str) -> None:
        """The floor at `address` is waited for, on which rep `me` sits here."""
        super().__init__(shell)
        self._shell, self._place = shell, database_of(address)
        self.unsent = count_kept(address, me)
        """How much is kept here for the floor."""
        self._wait = FIRST_WAIT_S
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._try)

    def say(self, error: NoAnswer) -> None:
        """It did not answer: say so and try again in a while, in a longer one each time."""
        parts = [self.tr("This floor can’t be reached now, so there is no queue to show."), error.message]
        if self.unsent:
            kept = self.tr("{n} things you did are kept on this computer and will be sent when it is back.")
            parts.append(
                kept.format(n=self.unsent)
                if self.unsent > 1
                else self.tr("One thing you did is kept on this computer and will be sent when it is back.")
            )
            self._shell.set_unsent(self.tr("{n} unsent").format(n=self.unsent))
            self._shell.foot.unsent.setEnabled(False)
        parts.append(self.tr("This desk keeps trying."))
        leave = self.tr("Another floor")
        self._shell.banner("start", "danger", " ".join(parts), leave, self._leave)
        self._shell.set_connection("away", f"{self._place} · {self.tr('away, trying again')}")
        self._timer.start(self._wait * 1000)
        self._wait = min(self._wait * 2, LONGEST_WAIT_S)

    def end(self) -> None:
        """The floor is there, or nobody waits for it any more."""
        self._timer.stop()
        self._shell.clear_banner("start")
        self._shell.set_unsent("")
        self._shell.foot.unsent.setEnabled(True)
        self.deleteLater()

    def _try(self) -> None:
        self._shell.set_connection("catching", f"{self._place} · {self.tr('trying again')}")
        self.again.emit()

    def _leave(self) -> None:
        self._timer.stop()
        self.left.emit()
