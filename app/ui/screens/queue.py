"""The queue: the next lead with its ring, the live list below it, the chosen lead's card at the right.

This is where the parts meet. The list and the hero follow the queue, the card follows the choice, `Calls`
says the commands, and the actions' registry has the keys. While a call of mine runs, the call bar lies over
the window and what they asked stands in the hero's place.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.commands import StartAttempt
from app.domain.lead import RepStatus
from app.domain.order import Bucket
from app.floor.board import Changes
from app.floor.queue import Moves
from app.ui.actions import Action
from app.ui.call_panel import CallBar, CallDesk
from app.ui.calls import Call, Calls
from app.ui.clocks import Clocks
from app.ui.context import Context
from app.ui.hero import Hero
from app.ui.lead_card import LeadCard
from app.ui.notes import Drafts
from app.ui.outcome_sheet import Said
from app.ui.queue_keys import MENU, queue_actions
from app.ui.queue_list import QueueList
from app.ui.queue_stage import QueueStage
from app.ui.seeing import Seeing
from app.ui.wording import day_and_time, who

__all__ = ["ICON", "KEY", "ORDER", "TITLE", "QueueScreen", "build"]

KEY = "queue"
TITLE = "Queue"
ICON = "queue"
ORDER = 10


class QueueScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._drafts: Drafts = {}
        self.calls = Calls(context, self)
        self.clocks = Clocks(context, self)
        self.seeing = Seeing(context)
        self.hero = Hero()
        self.desk = CallDesk(self._drafts)
        self.list = QueueList(context.queue, context.clock)
        self.card = LeadCard(context, self._drafts, self.clocks, self)
        self.bar = CallBar()
        self.bar.setParent(self)
        self.bar.hide()

        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self.stage = QueueStage(self.hero, self.desk, self.list, self.card, self)
        whole.addWidget(self.stage)
        self.setTabOrder(self.hero.button, self.list)

        self._listen()
        self._context.actions.while_shown(self, queue_actions(self))
        if context.board.cursor >= 0:
            self._begin()
        if context.wanted:
            self.show_lead(context.wanted)
        self._link_changed()

    def _listen(self) -> None:
        context, calls, card = self._context, self.calls, self.card
        context.queue_moved.connect(self._moved)
        context.board_changed.connect(self._changed)
        context.ticked.connect(self._tick)
        context.link_changed.connect(self._link_changed)
        context.lead_wanted.connect(self.show_lead)
        calls.call_changed.connect(self._call_changed)
        calls.pending_changed.connect(self._settle_buttons)
        calls.closed.connect(self._outcome_kept)
        self.hero.pressed.connect(self.claim_next)
        self.hero.had.connect(lambda: self.clocks.have(self.hero.lead_id))
        self.clocks.changed.connect(self._settle_hero)
        self.hero.opened.connect(lambda: self.show_lead(self.hero.lead_id))
        self.list.chosen.connect(self._chosen)
        self.list.clicked.connect(lambda _index: self.seeing.opened(self.list.chosen_id))
        self.list.opened.connect(lambda _lead_id: self.open_card())
        self.list.clicked.connect(lambda _index: self.stage.open_card())
        self.list.menu_wanted.connect(self._menu)
        card.wanted.connect(self._reach)
        card.said.connect(self._said)
        card.note_kept.connect(self._keep_note)
        card.corrected.connect(self._correct)
        card.left.connect(self._to_list)
        card.back.clicked.connect(self._to_list)
        self.desk.notes.kept.connect(self._keep_note)
        self.desk.notes.left.connect(self._to_list)
        self.bar.hung_up.connect(calls.hang_up)
        self.bar.opened.connect(self._to_call)

    # -- what comes from the floor

    @Slot(object)
    def _moved(self, moves: Moves) -> None:
        if self._context.board.cursor < 0:
            return
        self._show_hero(moves)
        if not self.stage.begun:
            self._begin()
        elif not self.card.lead_id:
            self._choose(self._next_id())  # the first lead of a quiet floor

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if not self.stage.begun or changes.snapshot:
            self._begin()
        if changes.reps:
            self._show_hero(None)
        shown = self.card.lead_id
        if not shown:
            return
        touched = any(entry.lead_id == shown for entry in changes.entries)
        lead = next(
            (lead for lead in changes.removed if lead.id == shown), self._context.board.leads.get(shown)
        )
        if touched or changes.snapshot or (lead is not None and lead is not self.card.lead):
            self.card.refresh(lead)
            self._settle_buttons()

    def _begin(self) -> None:
        """The first snapshot is here, or a fresh one."""
        self.stage.begin()
        self._show_hero(Moves(reset=True))
        if not self.card.lead_id:
            self._choose(self._next_id() or (self._context.queue.rows[0] if self._context.queue.rows else ""))

    @Slot(object)
    def _tick(self, now: datetime) -> None:
        live = self._context.live
        self.list.tick()
        self.hero.tick(now, live)
        self.card.tick(now, live)
        self.bar.tick(now)
        self.desk.tick(now)

    def _link_changed(self) -> None:
        self.list.set_live(self._context.live)
        self.card.relink()
        self._settle_buttons()
        self._tick(self._context.now())

    # -- hero and list

    def _next_id(self) -> str:
        """The lead to call next: the first that is not on the call already. Empty when nobody waits."""
        queue = self._context.queue
        for lead_id in queue.rows[: min(queue.split, 2)]:
            if queue.place_of(lead_id).bucket is not Bucket.ON_CALL:
                return lead_id
        return ""

    def _show_hero(self, moves: Moves | None) -> None:
        queue, now = self._context.queue, self._context.now()
        lead_id = self._next_id()
        calling = self.calls.call is not None
        refusal = self._context.why_not(StartAttempt)
        if refusal:
            self.hero.show_nobody(self.tr("Others call here."), refusal)
            lead_id = ""
        elif lead_id:
            self.hero.show_lead(queue.lead_of(lead_id), queue.place_of(lead_id), now)
            self._settle_hero()
        else:
            self.hero.show_nobody(*self._nobody(now))
        self.list.follow(moves or Moves(), bool(lead_id) and not calling)
        self.hero.set_chosen(bool(lead_id) and lead_id == self.card.lead_id)

    def _nobody(self, now: datetime) -> tuple[str, str]:
        queue, rep = self._context.queue, self._context.rep
        if rep is not None and rep.status in (RepStatus.BREAK, RepStatus.AWAY):
            away = self.tr("New leads go to others until you are available again.")
            return self.tr("Nobody is waiting for you."), away
        if len(queue.rows) > queue.split:
            lead_id = queue.rows[queue.split]
            until = queue.place_of(lead_id).until
            if until is not None:
                name = who(queue.lead_of(lead_id))
                words = self.tr("Next is {name} at {time}, unless a new lead rings first.")
                return self.tr("Nobody to call right now."), words.format(
                    name=name[:60], time=day_and_time(until, now)
                )
        return self.tr("Nobody is waiting."), self.tr("The next lead rings here.")

    # -- the choice

    @Slot(str)
    def show_lead(self, lead_id: str) -> None:
        """Choose this lead, in the queue or not, and show its card."""
        self._context.wanted = ""
        self._choose(lead_id)
        self.seeing.opened(lead_id)
        self.stage.open_card(bool(lead_id))

    def _choose(self, lead_id: str) -> None:
        self.list.choose(lead_id)
        self._chosen(lead_id)

    @Slot(str)
    def _chosen(self, lead_id: str) -> None:
        self.card.show_lead(lead_id)
        self.hero.set_chosen(bool(lead_id) and lead_id == self.hero.lead_id)
        self._settle_buttons()

    def open_card(self) -> None:
        """Put the keyboard into the card of the chosen lead."""
        if self.card.lead is not None:
            self.stage.open_card()
            self.seeing.opened(self.card.lead_id)
            self.card.ways["call"].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _to_list(self) -> None:
        self.stage.open_card(False)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _menu(self, at: QPoint) -> None:
        menu = self._context.actions.menu(self, MENU)
        menu.popup(at)

    # -- calling

    def claim_next(self) -> None:
        """Space: claim the next lead and call it."""
        lead_id = self._next_id()
        if self.calls.call is not None:
            self._to_call()
            self.calls.remind()
        elif lead_id:
            lead = self._context.queue.lead_of(lead_id)
            self._choose(lead_id)
            refusal = self._context.why_not_claimed(lead)
            if refusal:
                self._context.shell.notice(refusal)
            else:
                self.calls.start(lead)

    def _reach(self, way: str) -> None:
        if self.card.lead is not None:
            self.calls.start(self.card.lead, way)

    def _to_call(self) -> None:
        if self.calls.call is not None:
            self._context.show_lead(self.calls.call.lead_id)

    @Slot(object)
    def _call_changed(self, call: Call | None) -> None:
        context = self._context
        lead = context.board.leads.get(call.lead_id) if call else None
        self.stage.set_calling(lead is not None)
        if call is None or lead is None:
            context.shell.set_top(None)
            context.actions.withdraw("call.hang_up")
        else:
            self.bar.show_call(call, lead, context.now())
            self.desk.show_call(lead, context.now())
            context.shell.set_top(self.bar)
            if call.ended_at is None:
                # Hanging up is possible on every screen.
                hang_up = Action(
                    id="call.hang_up",
                    title=self.tr("Hang up"),
                    keys=("Esc",),
                    group=self.tr("Call"),
                    run=self.calls.hang_up,
                    hint=self.tr("hang up"),
                    # Esc leaves what is being asked first.
                    enabled=lambda: not self.card.outcomes.asking,
                )
                context.actions.add(hang_up)
            else:
                context.actions.withdraw("call.hang_up")
            self.show_lead(lead.id)
        if context.board.cursor >= 0:
            self._show_hero(None)
        self._settle_buttons()

    # -- outcomes, notes, corrections

    def outcome(self, number: int) -> None:
        """A number key: it speaks of the call while there is one, else of the chosen lead."""
        call = self.calls.call
        if call is not None and call.lead_id != self.card.lead_id:
            self._choose(call.lead_id)
        self.stage.open_card()
        self.card.outcomes.number(number)

    @Slot(object)
    def _said(self, said: Said) -> None:
        lead, call = self.card.lead, self.calls.call
        if lead is None:
            return
        if call is not None and call.lead_id != lead.id:
            self.calls.remind()
            return
        note = self._drafts.get(lead.id, "").strip()
        self.calls.log(
            lead,
            said.outcome,
            at=said.at,
            reason=said.reason,
            amount=said.amount,
            note=note,
            done=partial(self._said_and_kept, lead.id),
        )

    def _said_and_kept(self, lead_id: str) -> None:
        self._drafts.pop(lead_id, None)
        self.card.outcomes.leave()
        for notes in (self.card.notes, self.desk.notes):
            notes.forget(lead_id)

    @Slot(str)
    def _outcome_kept(self, lead_id: str) -> None:
        """The books have it: on to the next lead, if this one was on show."""
        if self.card.lead_id == lead_id and self.calls.call is None:
            self._choose(self._next_id() or lead_id)
            if self.isVisible():
                self._to_list()

    def note(self) -> None:
        """Write a note, on the call while there is one."""
        at_desk = self.calls.call is not None and not self.stage.single
        if not at_desk:
            self.stage.open_card()
        (self.desk.notes if at_desk else self.card.notes).open()

    @Slot(str)
    def _keep_note(self, text: str) -> None:
        lead = self.card.lead
        call = self.calls.call
        if self.sender() is self.desk.notes and call is not None:
            lead = self._context.board.leads.get(call.lead_id)
        if lead is not None:
            box = self.desk.notes if self.sender() is self.desk.notes else self.card.notes
            self.calls.note(lead, text, box.cleared)

    @Slot(object, object)
    def _correct(self, changes: tuple[tuple[str, str], ...], seen: tuple[tuple[str, str], ...]) -> None:
        if self.card.lead is not None:
            self.calls.correct(self.card.lead, changes, seen, self._corrected)

    def _corrected(self) -> None:
        self.card.end_edit()
        self._to_list()

    def _settle_hero(self) -> None:
        lead = self._context.board.leads.get(self.hero.lead_id)
        self.hero.set_busy(self.calls.pending("start"), self._context.why_not_claimed(lead) if lead else "")
        self.hero.set_have(lead is not None and self.clocks.can_have(lead, self._context.now()))

    def _settle_buttons(self) -> None:
        pending, call = self.calls.pending, self.calls.call
        self._settle_hero()
        self.bar.set_busy(pending("hang_up"))
        self.desk.notes.set_busy(pending("note"))
        self.card.set_calling(call is not None and call.lead_id == self.card.lead_id, self.stage.single)
        awaits = {key for key in ("start", "outcome", "note", "correct") if pending(key)}
        if call is not None and call.lead_id != self.card.lead_id:
            awaits.add("start")
        self.card.set_busy(frozenset(awaits))

    # -- keys

    def press(self, way: str) -> None:
        """The key of one of the card's buttons: call, email, text."""
        button = self.card.ways[way]
        if button.isEnabled():
            button.animateClick()
        elif self.calls.call is not None:
            self.calls.remind()


def build(context: Context) -> QWidget:
    """The screen, on this desk."""
    return QueueScreen(context)
