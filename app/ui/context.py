"""What a screen is given when it is built: the floor as this desk sees it, and ways to act on it.

A screen reads `board` and `queue`, listens to the signals, says commands and questions through `relay`, and
touches nothing else. Signals come on the GUI thread, in this order for one batch of the feed: the board and
the queue are up to date, `queue_moved` (if any row moved), `board_changed`; the toasts follow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from app.clock import Clock
from app.domain.commands import Command, Work
from app.domain.lead import Lead, Rep
from app.domain.roles import why_not
from app.floor.board import Board
from app.floor.floor import Floor, Link
from app.floor.queue import Queue
from app.ui.relay import Relay

if TYPE_CHECKING:
    from app.settings import Seat, Settings
    from app.ui.backups import FloorBackups
    from app.ui.locking import DeskLock
    from app.ui.muting import Muting
    from app.ui.ringer import Ringer
    from app.ui.shell import Shell
    from app.ui.sound import Sounder
    from app.ui.toasts import Toasts
    from app.ui.unsent import Unsent

__all__ = ["Context"]


class Context(QObject):
    """Everything a screen needs. Made by the desk, which alone changes the attributes."""

    board_changed = Signal(object)
    """The board took in a batch: `Changes`."""
    queue_moved = Signal(object)
    """Rows of `queue` changed, by a batch or by the passing of time: `Moves`, never empty."""
    ticked = Signal(object)
    """The floor's time (datetime, UTC), once a second on the second; not while the window can't be seen."""
    link_changed = Signal(bool)
    """How the desk stands to its floor has changed: live (True), or catching up or away."""
    lead_wanted = Signal(str)
    """A lead is to be shown: its id. Also in `wanted`, for a screen that is built only then."""

    def __init__(
        self,
        *,
        floor: Floor,
        relay: Relay,
        board: Board,
        queue: Queue,
        clock: Clock,
        me: str,
        shell: Shell,
        actions: ModuleType,
        toasts: Toasts,
        ringer: Ringer,
        sounder: Sounder,
        settings: Settings,
        dial: Callable[[str], bool],
        capture_url: str = "",
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.floor = floor
        """For a worker of its own only (the importer): `do` and `ask` block."""
        self.relay = relay
        self.board = board
        self.queue = queue
        self.clock = clock
        self.me = me
        """Rep id of the person at this desk."""
        self.shell = shell
        self.actions = actions
        """The module `app.ui.actions`."""
        self.toasts = toasts
        self.ringer = ringer
        self.sounder = sounder
        self.settings = settings
        self.dial = dial
        """Ask the system to dial a valid E.164 number; False (and nothing is done) for anything else."""
        self.capture_url = capture_url
        """Where this floor's capture endpoints are served: "http://127.0.0.1:8737"; "" where they are not."""
        self.seat: Seat | None = None
        """Of a desk at a floor behind servers: which, and with which keys."""
        self.backups: FloorBackups | None = None
        """The backups of a floor whose database this program opens itself; None for any other."""
        self.lock: DeskLock | None = None
        """What locks this desk with a PIN; None on a practice floor."""
        self.muting: Muting | None = None
        """What mutes this desk for a while; made by the desk."""
        self.link = Link.CATCHING_UP
        self.wanted = ""
        self.unsent: Unsent | None = None
        """What this desk keeps for a floor that can be away; None on a floor of this computer's own."""

    @property
    def live(self) -> bool:
        """Whether what is shown is up to date; countdowns are grey while it is not."""
        return self.link is Link.LIVE

    @property
    def rep(self) -> Rep | None:
        """The person at this desk; None before the first snapshot."""
        return self.board.reps.get(self.me)

    def barred(self, kind: type[Any]) -> str:
        """Why the role of the person here may not say a command, or ask a question, of this kind; "" if it may."""
        rep = self.rep
        return "" if rep is None else why_not(rep.role, kind)

    def why_not(self, kind: type[Any]) -> str:
        """Why a command of this kind can't be said here now: by the person's role, or since the floor is away."""
        barred = self.barred(kind)
        if barred or not self._without_floor or not issubclass(kind, Command) or issubclass(kind, Work):
            return barred
        return self.tr("The floor is away. This can be done when it is back.")

    def why_not_claimed(self, lead: Lead) -> str:
        """Why this lead can't be taken now: only the floor says whose it is, and it is away. "" if it can."""
        if not self._without_floor or lead.owner == self.me:
            return ""
        return self.tr("Only the floor can say who has this lead, and it is away.")

    @property
    def _without_floor(self) -> bool:
        return self.link is Link.AWAY and self.unsent is not None

    @property
    def country(self) -> str:
        """Read for phone numbers written without a country code."""
        return self.board.rulebook.default_country

    def now(self) -> datetime:
        """The floor's time, UTC."""
        return self.clock.now()

    def show_lead(self, lead_id: str) -> None:
        """Show a lead in the Queue screen."""
        self.wanted = lead_id
        self.shell.show_screen("queue")
        self.lead_wanted.emit(lead_id)
