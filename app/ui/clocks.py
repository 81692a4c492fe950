"""What this rep says to a lead's clock and its chain: I have it, stand still, go on.

Who has a late lead stands in the journal only. The desk takes it from the feed while it follows, and from a lead's
history when its card asks for that, so that the button goes away when it has nothing more to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.commands import AcknowledgeLead, Command, PauseClock, ResumeClock
from app.domain.errors import AppError
from app.domain.events import ClockBreached, Entry, LeadAcknowledged
from app.domain.lead import ClockState, Lead
from app.domain.order import is_owed
from app.domain.roles import LEADING
from app.floor.board import Changes
from app.ui.context import Context

if TYPE_CHECKING:
    from app.ui.pause_sheet import PauseSheet

__all__ = ["Clocks", "Held", "Stands"]


class Stands(Enum):
    """How the first-attempt clock of a lead stands, for whoever looks at it."""

    QUIET = auto()  # there is nothing to say to it
    RUNS = auto()
    PAUSED = auto()
    LATE = auto()  # its chain goes on


class Held(NamedTuple):
    """Who has a late lead, and until when its chain rests."""

    rep_id: str
    name: str
    until: datetime


class Clocks(QObject):
    """Says these commands for one desk. Lives on the GUI thread."""

    changed = Signal()
    """A command was sent or answered, or somebody has a late lead."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._pending = ""
        self._held: dict[str, dict[str, Held]] = {}
        """By lead and person: a person can say it once."""
        self.sheet: PauseSheet | None = None
        """The sheet that asks how long and why, while it is open."""
        context.board_changed.connect(self._heard)

    # -- how it stands

    def stands(self, lead: Lead, now: datetime) -> Stands:
        if not lead.is_open or lead.on_call or lead.no_call or not is_owed(lead):
            return Stands.QUIET
        if lead.clock is ClockState.BREACHED:
            return Stands.LATE
        if lead.is_paused(now):
            return Stands.PAUSED
        runs = lead.clock is ClockState.RUNNING and lead.deadline is not None and lead.deadline > now
        return Stands.RUNS if runs else Stands.QUIET

    def held(self, lead_id: str) -> Held | None:
        """Who said last that they have a late lead."""
        return max(self._held.get(lead_id, {}).values(), key=lambda held: held.until, default=None)

    def can_have(self, lead: Lead, now: datetime) -> bool:
        """Whether "I have it" would do anything here."""
        mine = self._held.get(lead.id, {}).get(self._context.me)
        return (
            mine is None
            and self.stands(lead, now) is Stands.LATE
            and not self._context.why_not(AcknowledgeLead)
        )

    def can_pause(self, lead: Lead, now: datetime) -> bool:
        """Whether the clock can be let stand still, or go on, from here."""
        if self.stands(lead, now) not in (Stands.RUNS, Stands.PAUSED) or self._context.why_not(PauseClock):
            return False
        rep = self._context.rep
        leads = rep is not None and rep.role in LEADING and lead.claimed_at is None
        return leads or lead.owner in ("", self._context.me)

    def now(self) -> datetime:
        """The floor's time, UTC."""
        return self._context.now()

    def is_me(self, rep_id: str) -> bool:
        return rep_id == self._context.me

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return bool(self._pending)

    # -- what is heard

    @Slot(object)
    def _heard(self, changes: Changes) -> None:
        self.learn(changes.entries)

    def learn(self, entries: Iterable[Entry]) -> None:
        """Take in what the journal says of who has which late lead; in any order, and twice does no harm."""
        before = len(self._held), sum(len(by) for by in self._held.values())
        for entry in sorted(entries, key=lambda entry: entry.seq):
            event = entry.event
            if isinstance(event, LeadAcknowledged):
                held = Held(event.rep_id, event.rep_name, event.until)
                self._held.setdefault(entry.lead_id, {})[event.rep_id] = held
            elif isinstance(event, ClockBreached):
                self._held.pop(entry.lead_id, None)
        if before != (len(self._held), sum(len(by) for by in self._held.values())):
            self.changed.emit()

    # -- what is said

    def have(self, lead_id: str) -> None:
        """ "I have it"."""
        lead = self._context.board.leads.get(lead_id)
        if lead is not None and self.can_have(lead, self._context.now()):
            words = self.tr("{name} is yours to call. The others are not told for a while.")
            self._say(AcknowledgeLead(lead_id=lead_id), words.format(name=lead.title_line[:80]))

    def pause_or_go_on(self, lead_id: str) -> None:
        """Ask why and until when a running clock is to stand still; let one that stands still go on."""
        lead, now = self._context.board.leads.get(lead_id), self._context.now()
        if lead is None or not self.can_pause(lead, now):
            return
        if self.stands(lead, now) is Stands.PAUSED:
            self._say(ResumeClock(lead_id=lead_id))
            return
        from app.ui.pause_sheet import PauseSheet

        limit = self._context.board.rulebook.pause_limit
        sheet = self.sheet = PauseSheet(self._context.shell, lead, limit, self._context.now)
        sheet.said.connect(lambda until, why: self._say(PauseClock(lead_id=lead_id, reason=why, until=until)))
        sheet.finished.connect(self._forget_sheet)
        sheet.open()

    def _forget_sheet(self) -> None:
        self.sheet = None

    def _say(self, command: Command[Any], words: str = "") -> None:
        if self._pending:
            return
        self._pending = type(command).__name__
        self.changed.emit()

        def done(_receipt: object) -> None:
            self._settle()
            if words:
                self._context.shell.notice(words)

        def failed(error: AppError) -> None:
            self._settle()
            self._context.shell.notice(f"{error.title}: {error.message}")

        answered: Callable[[object], object] = done
        self._context.relay.do(command, answered, failed, owner=self)

    def _settle(self) -> None:
        self._pending = ""
        self.changed.emit()
