"""The desk: stands between the floor and the screens, and keeps the order in which things are done.

A batch of the feed is taken in within one pass of the GUI thread: board, queue, views, toasts. Everything
else (figures, badge, banners) is settled a moment later. Two clocks drive the rest: the beat, for what
counts down, and one precise timer for the next instant at which a lead changes its place or its loudness by
time alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

from app import plugs
from app.clock import Clock
from app.domain.commands import AcknowledgeLead, ClaimLead, SetStatus
from app.domain.errors import AppError
from app.domain.lead import Lead, RepStatus
from app.floor.board import Board, FeedHole
from app.floor.floor import Batch, Floor, KeepsWork, Link
from app.floor.queue import Queue
from app.settings import Settings
from app.ui import actions
from app.ui.actions import Action
from app.ui.attendance import Attendance
from app.ui.beat import Beat
from app.ui.bells import Bells
from app.ui.context import Context
from app.ui.desk_head import Head
from app.ui.dial import dial
from app.ui.locking import DeskLock
from app.ui.muting import Muting
from app.ui.relay import Relay
from app.ui.ringer import Ringer
from app.ui.shell import Shell
from app.ui.sound import Sounder
from app.ui.sweeper import Sweeper
from app.ui.toasts import SUMMARY, Toasts
from app.ui.told import TOLD, Told
from app.ui.unsent import Unsent

if TYPE_CHECKING:
    from app.floor.pin import DeskPin
    from app.ui.palette import Hit

__all__ = ["Desk"]

LONGEST_WAIT_S = 3600.0
"""The next change is looked for after this long at the latest, since a computer may sleep in between."""
HITS = 8
"""Leads the palette shows."""

log = logging.getLogger(__name__)


class Desk(QObject):
    """One rep's desk. Made and used on the GUI thread; `stop` before the floor is closed."""

    def __init__(
        self,
        shell: Shell,
        floor: Floor,
        clock: Clock,
        me: str,
        settings: Settings,
        *,
        place: str = "",
        pin: DeskPin | None = None,
    ) -> None:
        """`place` says in the foot where the floor is; by default this computer. With `pin` the desk can be locked."""
        super().__init__(shell)
        self._shell = shell
        self._floor = floor
        self._clock = clock
        self._settings = settings
        self._sweeper = Sweeper(self)
        self._running = False
        self._usable: list[Callable[[], object]] = []
        self._sounder = Sounder(self)
        self._sounder.muted = self._sounder.muted or not settings.sound
        toasts = Toasts(shell, clock)
        ringer = Ringer(toasts, self._sounder, clock, self)
        board = Board()
        self.context = Context(
            floor=floor,
            relay=Relay(self),
            board=board,
            queue=Queue(me),
            clock=clock,
            me=me,
            shell=shell,
            actions=actions,
            toasts=toasts,
            ringer=ringer,
            sounder=self._sounder,
            settings=settings,
            dial=lambda phone: dial(phone, settings.dial_scheme),
            parent=self,
        )
        if isinstance(floor, KeepsWork):
            self.context.unsent = Unsent(floor, self.context, self)
        self.context.muting = Muting(self.context, self)
        if pin is not None:
            self.context.lock = DeskLock(self.context, pin, self)
        self._told = Told(self.context, self)
        self._bells = Bells(ringer, board, me)
        self._head = Head(self.context, place or self.tr("this computer"), self)
        self._beat = Beat(shell, clock)
        self._attendance: Attendance | None = None
        self._deadline = QTimer(self, singleShot=True)
        self._deadline.setTimerType(Qt.TimerType.PreciseTimer)
        self._asked_of: dict[str, type[Any]] = {}
        """Screens that are for those who may say or ask something, and what that is."""

    def start(self, *, attends: bool = False) -> None:
        """Put the screens into the shell, show the queue and follow the floor; a desk that `attends` tells it, too,
        that it is there, and when it closes that it was."""
        self._running = True
        context, shell = self.context, self._shell
        relay = context.relay
        relay.batch.connect(self._take_batch)
        relay.linked.connect(self._take_link)
        relay.refused.connect(self._tell_error)
        context.toasts.pressed.connect(self._toast_pressed)
        actions.judged_by(context.why_not)
        actions.registry.refused.connect(shell.notice)
        shell.status_picked.connect(self._pick_status)
        self._beat.beat.connect(self._tick)
        self._deadline.timeout.connect(self._advance)
        shell.lead_search = self._find_leads
        self._head.start()
        if context.unsent is not None:
            context.unsent.start()
        self._add_actions()
        if context.muting is not None:
            context.muting.start()
        if context.lock is not None:
            context.lock.start()
        for module in plugs.load("app.ui.screens"):
            title = QCoreApplication.translate("screens", module.TITLE)
            build: Callable[[Context], QWidget] = module.build
            shell.add_screen(module.KEY, title, module.ICON, partial(build, context))
            if hasattr(module, "FOR"):
                self._asked_of[module.KEY] = module.FOR
        shell.show_screen("queue")
        self._sweeper.start()
        self._beat.start()
        relay.start(self._floor)
        if attends:
            self.attend()

    def stop(self) -> None:
        """End the threads and timers; afterwards nothing reaches a widget any more."""
        if self._running:
            self._running = False
            self._beat.stop()
            self._deadline.stop()
            self._head.stop()
            if self.context.unsent is not None:
                self.context.unsent.stop()
            self._sweeper.stop()
            if self.context.lock is not None:
                self.context.lock.stop()
            actions.registry.refused.disconnect(self._shell.notice)
        self.context.relay.stop()
        if self._attendance is not None:
            self._attendance.stop()
            self._attendance = None
        self._shell.lead_search = None
        self.context.ringer.close()
        self.context.toasts.close()
        self._sounder.close()

    def attend(self) -> None:
        """Tell the floor from now on that this desk is there."""
        self._attendance = Attendance(self.context, self)
        self.when_usable(self._attendance.start)

    def when_usable(self, run: Callable[[], object]) -> None:
        """Call `run` once the queue is on the screen; at once if it is."""
        if self.context.board.cursor >= 0:
            run()
        else:
            self._usable.append(run)

    # what the floor says

    @Slot(object)
    def _take_batch(self, batch: Batch) -> None:
        context = self.context
        first = context.board.cursor < 0
        try:
            changes = context.board.apply(batch)
        except FeedHole as hole:
            log.warning("%s: taking a fresh snapshot", hole)
            self._set_link(Link.CATCHING_UP, "")
            context.relay.resync()
            return
        now = self._clock.now()
        moves = context.queue.apply(changes, now)
        if moves:
            context.queue_moved.emit(moves)
        context.board_changed.emit(changes)
        if changes.reps:
            self._settle_rights()
        self._bells.follow(changes, now, first=first)
        if changes.reps and context.rep is not None:
            context.ringer.set_status(context.rep.status.value)
        self._arm()
        self._head.follow(changes)
        if first:
            QTimer.singleShot(0, self, self._now_usable)

    def _settle_rights(self) -> None:
        """The person's role may have changed: what they may not see is not offered."""
        for key, kind in self._asked_of.items():
            self._shell.offer_screen(key, not self.context.barred(kind))

    @Slot()
    def _now_usable(self) -> None:
        self._sweeper.settle_soon()
        waiting, self._usable = self._usable, []
        for run in waiting:
            run()

    @Slot(str, str)
    def _take_link(self, link: str, sentence: str) -> None:
        self._set_link(Link(link), sentence)

    def _set_link(self, link: Link, sentence: str) -> None:
        was, self.context.link = self.context.link, link
        self._head.set_link(sentence)
        if link is not was:
            self.context.link_changed.emit(self.context.live)
            self.context.toasts.barred_by(self._why_not)
            actions.registry.changed.emit()  # what needs the floor can be done or not

    @Slot(object)
    def _tell_error(self, error: AppError) -> None:
        self._shell.notice(f"{error.title}: {error.message}")

    # what time says

    @Slot(object)
    def _tick(self, now: datetime) -> None:
        self._head.tick(now)
        self.context.ticked.emit(now)

    @Slot()
    def _advance(self) -> None:
        now = self._clock.now()
        moves = self.context.queue.advance(now)
        if moves:
            self.context.queue_moved.emit(moves)
        self._bells.advance(now)
        self._arm()

    def _arm(self) -> None:
        """Wake at the next instant at which anything changes by time alone."""
        coming = [at for at in (self.context.queue.next_change, self._bells.next_change) if at is not None]
        if not coming:
            self._deadline.stop()
            return
        wait = min(max(self._clock.seconds_until(min(coming)), 0.0), LONGEST_WAIT_S)
        self._deadline.start(ceil(wait * 1000))

    # what the person says

    @Slot(str)
    def _pick_status(self, status: str) -> None:
        self.context.relay.do(SetStatus(status=RepStatus(status)))

    @Slot(str, str)
    def _toast_pressed(self, lead_id: str, key: str) -> None:
        context = self.context
        if lead_id.startswith(TOLD):
            context.toasts.withdraw(lead_id)
            return
        context.ringer.answered(lead_id)
        if context.lock is not None and context.lock.locked:
            self._shell.come_forward()
            return
        if lead_id == SUMMARY:
            self._shell.come_forward()
            self._shell.show_screen("queue")
            return
        if lead_id not in context.board.leads:
            context.ringer.hush(lead_id)
            return
        if key == "have":  # whoever says so from a bubble is busy elsewhere
            context.relay.do(AcknowledgeLead(lead_id=lead_id))
            return
        if key == "claim":
            context.relay.do(ClaimLead(lead_id=lead_id))
        self._shell.come_forward()
        context.show_lead(lead_id)

    def _why_not(self, lead_id: str, key: str) -> str:
        """Why a button of a lead's toast can't be pressed now; "" if it can."""
        lead = self.context.board.leads.get(lead_id)
        if key == "claim" and lead is not None:
            return self.context.why_not_claimed(lead)
        return self.context.why_not(AcknowledgeLead) if key == "have" else ""

    def _find_leads(self, text: str) -> Sequence[Hit]:
        """Open leads for the palette: whose name, company, e-mail or number holds all the words."""
        from app.ui.palette import Hit

        words = text.casefold().split()
        found: list[Hit] = []
        for lead in self.context.board.leads.values() if words else ():
            where = f"{lead.name}\n{lead.company}\n{lead.email}\n{lead.phone}".casefold()
            if all(word in where for word in words):
                show = partial(self.context.show_lead, lead.id)
                found.append(Hit(lead.title_line, self._subtitle(lead), show))
                if len(found) == HITS:
                    break
        return found

    def _subtitle(self, lead: Lead) -> str:
        owner = self.context.board.reps.get(lead.owner)
        nobody = self.tr("offered") if lead.offered else self.tr("in the pool")
        return " · ".join((lead.tier.value, owner.name if owner else nobody))

    def _add_actions(self) -> None:
        """The statuses by key; the shell has put them into the menu."""
        keys = (
            (RepStatus.AVAILABLE, "Ctrl+Shift+A", self.tr("I am available")),
            (RepStatus.WRAP_UP, "Ctrl+Shift+W", self.tr("I am in wrap-up")),
            (RepStatus.BREAK, "Ctrl+Shift+B", self.tr("I take a break")),
            (RepStatus.AWAY, "Ctrl+Shift+L", self.tr("I am away")),
        )
        for status, key, title in keys:
            actions.add(
                Action(
                    id=f"status.{status.value}",
                    title=title,
                    keys=(key,),
                    group=self.tr("Status"),
                    run=partial(self._pick_status, status.value),
                    says=SetStatus,
                )
            )
