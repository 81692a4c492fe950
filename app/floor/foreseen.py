"""What one desk shows: the open leads as the floor last said them, with what the desk did since. No thread, no clock.

The floor's word is kept apart from the desk's own work, so that each of its leads can be worked out anew whenever
a batch comes, or a piece of work has arrived there or is given up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from app.domain.commands import Command, EndAttempt, LogOutcome, StartAttempt, UndoOutcome, Work
from app.domain.foresee import foresee
from app.domain.lead import Lead, Rep, RepStatus
from app.domain.rulebook import DEFAULT, Rulebook
from app.floor.floor import Batch


class Foreseen:
    """The leads of rep `me`'s desk."""

    def __init__(self, me: str) -> None:
        self.me = me
        self.leads: dict[str, Lead] = {}
        """The open leads as the floor last said them."""
        self.cursor = -1
        self._plan: Rulebook = DEFAULT
        self._reps: tuple[Rep, ...] = ()
        self._work: dict[str, list[Work[Any]]] = {}
        """By lead: what the floor does not have, or has and the feed has not brought back yet. Oldest first."""
        self._shown: dict[str, Lead] = {}
        """The leads of `_work` as they are shown."""
        self._lead_of: dict[str, str] = {}
        """By attempt, for calls begun here."""
        self._there: dict[str, int] = {}
        """By command id: the feed number of the effect of what the floor has."""

    # -- the floor's word

    def take(self, batch: Batch) -> tuple[Batch, ...]:
        """A batch of the feed as it is to be shown, and then what it does not name and is no longer foreseen.

        What the floor made of a piece of work need not be what the desk showed: the call was with a lead that had gone
        to somebody else, and no word of a status or of the lead comes back.
        """
        if batch.snapshot:
            self.leads = {}
        for lead in batch.leads:
            known = self.leads.get(lead.id)
            if lead.is_open and (known is None or lead.version > known.version):
                self.leads[lead.id] = lead
            elif not lead.is_open:
                self.leads.pop(lead.id, None)
        self.cursor = batch.last
        self._reps = batch.reps if batch.reps is not None else self._reps
        self._plan = batch.rulebook or self._plan
        came = [known for known, at in self._there.items() if at <= batch.last or batch.went_back]
        over = {
            self._forget(command_id) for command_id in came
        }  # or it went with what the floor went back behind
        if not self._work and not over:
            return (batch,)
        for command in self._work.pop("", ()):  # kept before the desk knew its leads
            self._work.setdefault(self.lead_id(command), []).append(command)
        for lead_id in self._work:
            self._work_out(lead_id)
        leads = tuple(self._shown.get(lead.id, lead) if lead.is_open else lead for lead in batch.leads)
        shown = replace(batch, leads=leads, reps=self.reps() if batch.reps is not None or over else None)
        over.difference_update(lead.id for lead in leads)
        bare = tuple(lead for lead in map(self.lead, sorted(over)) if lead is not None)
        if batch.snapshot or not bare:
            return (shown,)
        return shown, Batch(first=batch.last, last=batch.last, at=batch.at, leads=bare, foreseen=True)

    # -- the desk's work

    def add(self, command: Work[Any]) -> None:
        lead_id = self.lead_id(command)
        if isinstance(command, StartAttempt):
            self._lead_of[command.attempt_id] = lead_id
        self._work.setdefault(lead_id, []).append(command)
        self._work_out(lead_id)

    def remove(self, command: Work[Any]) -> None:
        """It is given up, or came to nothing."""
        self._forget(command.id)

    def arrived(self, command: Work[Any], cursor: int) -> None:
        """The floor has it; it is shown as foreseen until the feed has come to this number."""
        if cursor > self.cursor:
            self._there[command.id] = cursor
        else:
            self._forget(command.id)

    def done(self, command: Work[Any], cursor: int, now: datetime) -> None:
        """The floor did it just `now`, without its being kept."""
        if cursor > self.cursor:
            self.add(replace(command, said_at=command.said_at or now))
            self._there[command.id] = cursor

    def _forget(self, command_id: str) -> str:
        """Foresee it no more; the lead that it was about."""
        self._there.pop(command_id, None)
        about = ""
        for lead_id, work in self._work.items():
            left = [command for command in work if command.id != command_id]
            if len(left) < len(work):
                about = lead_id
                self._work[lead_id] = left
                self._work_out(lead_id)
                break
        self._work = {lead_id: work for lead_id, work in self._work.items() if work}
        return about

    def _work_out(self, lead_id: str) -> None:
        lead, work = self.leads.get(lead_id), self._work.get(lead_id)
        if lead is not None and work:
            self._shown[lead_id] = foresee(lead, work, self.me, self._plan)
        else:
            self._shown.pop(lead_id, None)

    # -- what is shown

    def lead_id(self, command: Command[Any]) -> str:
        """The lead that a command is about; the end of a call names only its attempt. "" where it can't be told."""
        if not isinstance(command, EndAttempt):
            return str(getattr(command, "lead_id", ""))
        known = self._lead_of.get(command.attempt_id)
        if known is not None:
            return known
        return next((lead.id for lead in self.leads.values() if lead.on_call == command.attempt_id), "")

    def lead(self, lead_id: str) -> Lead | None:
        """A lead as it is shown; None for one that the floor has closed, or this desk never saw."""
        return self._shown.get(lead_id) or self.leads.get(lead_id)

    def my_call(self) -> Lead | None:
        """The lead that I am on a call with, or have still to say the outcome of."""
        for lead in self._shown.values():
            if lead.on_call and lead.owner == self.me:
                return lead
        for lead in self.leads.values():
            if lead.on_call and lead.owner == self.me and lead.id not in self._shown:
                return lead
        return None

    def reps(self) -> tuple[Rep, ...]:
        """All reps, me with what this desk knows of my call."""
        call = self.my_call() if self._shown else None
        if call is None:
            return self._reps
        status = RepStatus.WRAP_UP if call.hung_up_at else RepStatus.ON_CALL
        return tuple(replace(rep, status=status) if rep.id == self.me else rep for rep in self._reps)

    def look(self, command: Work[Any], now: datetime) -> Batch | None:
        """The lead of a command as it is shown now, for the board."""
        lead = self.lead(self.lead_id(command))
        if lead is None:
            return None
        here = self.cursor
        return Batch(first=here, last=here, at=now, leads=(lead,), reps=self.reps(), foreseen=True)

    def outcome_before(self, command: UndoOutcome) -> LogOutcome | None:
        """The outcome, among the desk's work, that an undo takes back."""
        outcomes: list[LogOutcome] = []
        for done in self._work.get(command.lead_id, ()):
            if isinstance(done, LogOutcome):
                outcomes.append(done)
            elif isinstance(done, UndoOutcome) and outcomes:
                outcomes.pop()
        return outcomes[-1] if outcomes and outcomes[-1].id not in self._there else None
