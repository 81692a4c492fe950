"""What this rep is doing with leads: claim, call, write, hang up, say how it ended, take that back, note,
correct.

Each of these is one command. While its answer is awaited its key is in `pending`, so that a button can wait
and a second press does nothing. An answer that says no is a calm notice. The call itself is read off the
board: a lead of mine that is on a call, or was until I hung up and its outcome is still open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from app.domain.commands import (
    AddNote,
    CallStarted,
    ClaimLead,
    Command,
    CorrectLead,
    EndAttempt,
    LogOutcome,
    StartAttempt,
    UndoOutcome,
)
from app.domain.errors import AppError, LeadAlreadyClaimed, Refused
from app.domain.lead import AttemptKind, Lead, Outcome
from app.floor.board import Changes
from app.floor.floor import Receipt
from app.ui.context import Context
from app.ui.hero import way_to_reach
from app.ui.letters import open_letter
from app.ui.wording import outcome_words, phone_words, who

__all__ = ["Call", "Calls"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """The call of mine that runs, or waits for its outcome."""

    lead_id: str
    attempt_id: str
    number: int
    started_at: datetime
    ended_at: datetime | None
    """When I hung up; None while the line is open."""


class Calls(QObject):
    """Says the commands of one desk, and knows its call."""

    call_changed = Signal(object)
    """The `Call` of this desk, or None."""
    pending_changed = Signal()
    """A command was sent or answered."""
    closed = Signal(str)
    """An outcome of this lead is in the books."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._call: Call | None = None
        self._pending: set[str] = set()
        self._undo_lead = ""
        self._awaited: list[tuple[int, Callable[[], object]]] = []
        self._gone: dict[str, Lead] = {}
        """The leads that the last batch closed, as they are now; the board has them no more."""
        context.board_changed.connect(self._look)
        self._find()

    @property
    def call(self) -> Call | None:
        return self._call

    def pending(self, key: str) -> bool:
        """Whether an answer is awaited: "start", "hang_up", "outcome", "undo", "note", "correct"."""
        return key in self._pending

    @property
    def can_undo(self) -> bool:
        return bool(self._undo_lead)

    # -- which call is mine

    @Slot(object)
    def _look(self, changes: Changes) -> None:
        self._gone = {lead.id: lead for lead in changes.removed}
        ours = self._gone.keys() | {new.id for _old, new in changes.changed}
        if changes.snapshot or (self._call and self._call.lead_id in ours):
            self._find()
        elif self._call is None:
            self._set(next((new for _old, new in changes.changed if self._mine(new)), None))
        if self._undo_lead in ours:
            lead = self._context.board.leads.get(self._undo_lead)
            if lead is not None and lead.last_outcome is None:
                self._undo_lead = ""
        seen = self._context.board.cursor
        ready = [run for cursor, run in self._awaited if cursor <= seen]
        self._awaited = [waiting for waiting in self._awaited if waiting[0] > seen]
        for run in ready:
            run()

    def _find(self) -> None:
        self._set(next((lead for lead in self._context.board.leads.values() if self._mine(lead)), None))

    def _mine(self, lead: Lead) -> bool:
        return bool(lead.on_call) and lead.owner == self._context.me

    def _set(self, lead: Lead | None) -> None:
        call = None
        if lead is not None:
            call = Call(
                lead.id,
                lead.on_call,
                lead.attempts,
                lead.last_attempt_at or self._context.now(),
                lead.hung_up_at,
            )
        if call != self._call:
            self._call = call
            self.call_changed.emit(call)

    # -- commands

    def start(self, lead: Lead, way: str = "") -> None:
        """Claim this lead and reach it: "call", "email" or "text"; by default as it can best be reached."""
        way = way or way_to_reach(lead)
        if self._call is not None and way == "call":
            if self._call.lead_id == lead.id and self._call.ended_at is None:
                self._context.dial(lead.phone)  # again, on the same attempt
            else:
                self.remind()
            return
        if way == "claim":
            self._do("start", ClaimLead(lead_id=lead.id), partial(self._claimed, lead))
            return
        kind = {"call": AttemptKind.CALL, "email": AttemptKind.EMAIL, "text": AttemptKind.TEXT}[way]
        self._do("start", StartAttempt(lead_id=lead.id, kind=kind), partial(self._started, lead, way))

    def remind(self) -> None:
        """Say that another call comes first, and what it waits for."""
        if self._call is None:
            return
        lead = self._context.board.leads.get(self._call.lead_id)
        name = who(lead) if lead else ""
        if self._call.ended_at is None:
            self._notice(self.tr("You are on a call with {name}.").format(name=name))
        else:
            self._notice(self.tr("How did the call with {name} end? Press its number.").format(name=name))

    def _claimed(self, lead: Lead, _receipt: Receipt[object]) -> None:
        self._notice(
            self.tr("{name} is yours. There is no way to reach them yet: correct the details.").format(
                name=who(lead)
            )
        )

    def _started(self, lead: Lead, way: str, receipt: Receipt[CallStarted]) -> None:
        now = self._context.board.leads.get(lead.id, lead)
        if way == "call":
            phone = receipt.value.phone
            if not self._context.dial(phone):
                self._notice(
                    self.tr("The system has no program that dials. Dial {number} by hand.").format(
                        number=phone_words(phone)
                    )
                )
        elif not open_letter("email" if way == "email" else "text", now):
            to = now.email if way == "email" else phone_words(now.phone)
            words = self.tr("The system has no program for that. Write to {to} by hand.")
            self._notice(words.format(to=to[:80]))

    def hang_up(self) -> None:
        """The line is down; the outcome waits."""
        if self._call is not None and self._call.ended_at is None:
            self._do("hang_up", EndAttempt(attempt_id=self._call.attempt_id))

    def log(
        self,
        lead: Lead,
        outcome: Outcome,
        *,
        at: datetime | None = None,
        reason: str = "",
        amount: int | None = None,
        note: str = "",
        done: Callable[[], object] | None = None,
    ) -> None:
        """How it ended. `done` is called when it is in the books."""
        command = LogOutcome(lead_id=lead.id, outcome=outcome, at=at, reason=reason, amount=amount, note=note)
        self._do("outcome", command, partial(self._logged, lead.id, done))

    def _logged(self, lead_id: str, done: Callable[[], object] | None, receipt: Receipt[object]) -> None:
        self._undo_lead = lead_id
        if done is not None:
            done()
        self._await(receipt.cursor, partial(self._tell_outcome, lead_id))

    def _tell_outcome(self, lead_id: str) -> None:
        lead = self._context.board.leads.get(lead_id) or self._gone.get(lead_id)
        if lead is not None:
            words = outcome_words(lead, self._context.now())
            self._notice(f"{who(lead)}: {words}", self.tr("Undo Z"), self.undo)
        self.closed.emit(lead_id)

    def _await(self, cursor: int, run: Callable[[], object]) -> None:
        """Call `run` once the board has seen what the floor did under this feed number."""
        if self._context.board.cursor >= cursor:
            run()
        else:
            self._awaited.append((cursor, run))

    def undo(self) -> None:
        """Take back the outcome that was said last at this desk."""
        if not self._undo_lead:
            self._notice(self.tr("There is nothing to undo."))
            return
        lead_id = self._undo_lead
        self._do("undo", UndoOutcome(lead_id=lead_id), partial(self._undone, lead_id), self._not_undone)

    def _undone(self, lead_id: str, _receipt: Receipt[object]) -> None:
        self._undo_lead = ""
        self._context.shell.hide_notice()
        self._context.show_lead(lead_id)

    def _not_undone(self, error: AppError) -> None:
        if isinstance(error, Refused):
            self._undo_lead = ""

    def note(self, lead: Lead, text: str, done: Callable[[], object]) -> None:
        """Keep a note; `done` is called when it is kept."""
        self._do("note", AddNote(lead_id=lead.id, text=text), lambda _receipt: done())

    def correct(
        self,
        lead: Lead,
        changes: tuple[tuple[str, str], ...],
        seen: tuple[tuple[str, str], ...],
        done: Callable[[], object],
    ) -> None:
        """Change what is known of a person, having `seen` that; `done` is called when it is changed."""
        command = CorrectLead(lead_id=lead.id, changes=changes, seen=seen)
        self._do("correct", command, lambda _receipt: done())

    # -- one command at a time of each kind

    def _do(
        self,
        key: str,
        command: Command[T],
        done: Callable[[Receipt[T]], object] | None = None,
        failed: Callable[[AppError], object] | None = None,
    ) -> None:
        if key in self._pending:
            return
        self._pending.add(key)
        self.pending_changed.emit()
        self._context.relay.do(
            command, partial(self._answered, key, done), partial(self._refused, key, failed), owner=self
        )

    def _answered(self, key: str, done: Callable[[Receipt[T]], object] | None, receipt: Receipt[T]) -> None:
        self._pending.discard(key)
        if done is not None:
            done(receipt)
        self.pending_changed.emit()

    def _refused(self, key: str, failed: Callable[[AppError], object] | None, error: AppError) -> None:
        self._pending.discard(key)
        if isinstance(error, LeadAlreadyClaimed):
            self._notice(error.message)
        else:
            self._notice(f"{error.title}: {error.message}")
        if failed is not None:
            failed(error)
        self.pending_changed.emit()

    def _notice(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        self._context.shell.notice(text, action, run)
