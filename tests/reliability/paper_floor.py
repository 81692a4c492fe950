"""The floor on paper: what leads, calls, outcomes, clocks and turns come to, written down a second time.

It shares no rule with the program; where they differ, one of them is wrong. Names stand for ids: a lead is "lead 3",
a call "call 7". Every method does one thing and returns what the floor must answer: "ok" or a call's name, or the
title of the refusal.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.fresh import START

SLA = timedelta(seconds=60)
RETRIES = (timedelta(minutes=10), timedelta(hours=1))
CONTACT = {"booked", "call_back", "unfit", "won", "lost"}
CLOSING = {"unfit", "won", "lost"}


@dataclass
class Promise:
    """A lead's newest clock; it ticks until somebody called, closed, or was late."""

    began: datetime
    deadline: datetime
    ticks: bool = True
    state: str = "running"


@dataclass
class PaperLead:
    name: str
    person: str
    captured_at: datetime
    company: str = ""
    inquiries: int = 1
    version: int = 1
    owner: str = ""
    claim_no: int = 0
    claimed_at: datetime | None = None
    on_call: str = ""
    hung_up_at: datetime | None = None
    stage: str = "new"
    attempts: int = 0
    first_attempt_at: datetime | None = None
    last_attempt_at: datetime | None = None
    last_outcome: str = ""
    contact_at: datetime | None = None
    booked_at: datetime | None = None
    appointment_at: datetime | None = None
    call_back_at: datetime | None = None
    retry_at: datetime | None = None
    closed_at: datetime | None = None
    amount: int | None = None
    close_reason: str = ""
    clock: str = "none"
    deadline: datetime | None = None
    breached_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.stage in ("new", "working", "prospect")


@dataclass
class PaperCall:
    name: str
    lead: str
    rep: str
    is_call: bool
    ended: bool = False
    outcome: str = ""
    before: PaperLead | None = None


@dataclass
class PaperRep:
    name: str
    leads_floor: bool = False
    status: str = "away"
    turn: int = 0


@dataclass
class PaperFloor:
    leads: dict[str, PaperLead] = field(default_factory=dict)
    promises: dict[str, Promise] = field(default_factory=dict)
    calls: dict[str, PaperCall] = field(default_factory=dict)
    reps: dict[str, PaperRep] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    """Of each lead, its calls whose outcome stands, the newest last."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    in_review: int = 0
    now: datetime = START

    # senders

    def capture(self, person: str) -> str:
        """An inquiry of a person; the name of their lead."""
        lead = next((one for one in self.leads.values() if one.person == person and one.is_open), None)
        if lead is None:
            lead = PaperLead(name=f"lead {len(self.leads)}", person=person, captured_at=self.now)
            self.leads[lead.name] = lead
            lead.owner = self._next_rep()
            lead.claim_no = int(bool(lead.owner))
            self._promise(lead)
            return lead.name
        lead.inquiries += 1
        lead.version += 1
        if not lead.on_call:
            if not lead.owner:
                lead.owner, lead.claimed_at = self._next_rep(), None
                lead.claim_no += 1
            lead.retry_at = None
            self._promise(lead)
        return lead.name

    def capture_oddly(self) -> None:
        self.in_review += 1

    def _next_rep(self) -> str:
        """Whose turn it is, and it is taken; "" for the pool."""
        order = list(self.reps)
        free = [rep for rep in self.reps.values() if rep.status == "available"]
        if not free:
            return ""
        chosen = min(free, key=lambda rep: (rep.turn, order.index(rep.name)))
        chosen.turn = max(rep.turn for rep in self.reps.values()) + 1
        return chosen.name

    def _promise(self, lead: PaperLead) -> None:
        running = self.promises.get(lead.name)
        if running is not None and running.ticks and running.state == "running":
            return  # all promises here are equally long, so the older one is the shorter
        self.promises[lead.name] = Promise(began=self.now, deadline=self.now + SLA)
        lead.clock, lead.deadline, lead.breached_at = "running", self.now + SLA, None

    # reps

    def claim(self, rep: str, name: str) -> str:
        lead = self.leads[name]
        no = self._not_theirs(rep, lead)
        if no:
            return no
        if lead.owner != rep or lead.claimed_at is None:
            self._take(rep, lead)
            lead.version += 1
        return "ok"

    def release(self, rep: str, name: str) -> str:
        lead = self.leads[name]
        no = self._not_theirs(rep, lead)
        if no:
            return no
        if lead.on_call:
            return "Still on the call"
        lead.owner, lead.claimed_at = "", None
        lead.claim_no += 1
        lead.version += 1
        return "ok"

    def call(self, rep: str, name: str) -> str:
        """Begin a call; its name."""
        lead = self.leads[name]
        no = self._not_theirs(rep, lead)
        if no:
            return no
        if lead.on_call:
            return lead.on_call
        if self._busy(rep):
            return "One call at a time"
        call = self._begin(rep, lead, is_call=True)
        lead.version += 1
        self.reps[rep].status = "on_call"
        return call.name

    def hang_up(self, rep: str, name: str) -> str:
        call = self.calls[name]
        lead = self.leads[call.lead]
        if call.ended or lead.on_call != name:
            return "ok"
        if call.rep != rep:
            return "Not yours"
        call.ended = True
        lead.hung_up_at = self.now
        lead.version += 1
        self.reps[rep].status = "wrap_up"
        return "ok"

    def outcome(self, rep: str, name: str, outcome: str, at: datetime, reason: str, amount: int) -> str:
        """How it ended; the name of the call that it is said of."""
        lead = self.leads[name]
        no = self._not_theirs(rep, lead)
        if no:
            return no
        if lead.on_call and lead.owner == rep:
            call = self.calls[lead.on_call]
        else:
            call = self._begin(rep, lead, is_call=outcome not in CLOSING)
        call.ended, call.outcome, call.before = True, outcome, copy(lead)
        self.said.setdefault(name, []).append(call.name)
        lead.last_outcome = outcome
        lead.on_call, lead.hung_up_at, lead.call_back_at, lead.retry_at = "", None, None, None
        lead.stage = "working" if lead.stage == "new" else lead.stage
        if outcome in CONTACT and lead.contact_at is None:
            lead.contact_at = self.now
        if outcome == "booked":
            lead.stage, lead.booked_at, lead.appointment_at = "prospect", lead.booked_at or self.now, at
        elif outcome == "call_back":
            lead.call_back_at = at
        elif outcome in CLOSING:
            lead.stage, lead.closed_at, lead.close_reason = outcome, self.now, reason
            lead.amount = amount if outcome == "won" else lead.amount
            self._keep_promise(lead, by_call=False)
        elif lead.attempts <= len(RETRIES) and lead.attempts:
            lead.retry_at = self.now + RETRIES[lead.attempts - 1]
        lead.version += 1
        if self.reps[rep].status in ("on_call", "wrap_up") and not self._busy(rep):
            self.reps[rep].status = "available"
        return call.name

    def undo(self, rep: str, name: str) -> str:
        lead = self.leads[name]
        said = self.said.get(name, [])
        if not said or not lead.last_outcome:
            return "Nothing to undo"
        call = self.calls[said[-1]]
        before = call.before
        assert before is not None
        if call.rep != rep:
            return "Not yours"
        if lead.version != before.version + 1 or call.outcome != lead.last_outcome:
            return "Too late to undo"
        if self._busy(rep):
            return "One call at a time"
        said.pop()
        call.outcome, call.before = "", None
        back = copy(before)
        back.version = lead.version + 1
        if call.is_call:
            back.hung_up_at = before.hung_up_at or self.now
            self.reps[rep].status = "wrap_up"
        else:
            back.on_call, back.hung_up_at = "", None
            promise = self.promises.get(name)
            called = back.last_attempt_at
            was_over = promise is not None and promise.state in ("stopped", "breached")
            since = promise is not None and (called is None or promise.began > called)
            if promise is not None and was_over and since and back.clock in ("running", "breached"):
                promise.ticks = True
                promise.state = "running" if promise.state == "stopped" else promise.state
        self.leads[name] = back
        return "ok"

    def note(self, name: str, text: str) -> str:
        self.notes.setdefault(name, []).append(text)
        return "ok"

    def correct(self, name: str, company: str, seen: str) -> str:
        lead = self.leads[name]
        if lead.company not in (seen, company):
            return "Changed meanwhile"
        if lead.company != company:
            lead.company = company
            lead.version += 1
            if lead.clock == "running":
                self._promise(lead)
        return "ok"

    def status(self, rep: str, status: str) -> str:
        me = self.reps[rep]
        busy = self._busy(rep)
        if busy and busy.hung_up_at is None and status != "on_call":
            return "On a call"
        if me.status != status and status == "available":
            at_work = [one.turn for one in self.reps.values() if one is not me and one.status != "away"]
            me.turn = max(me.turn, min(at_work, default=me.turn))
        me.status = status
        return "ok"

    # time

    def keep(self) -> None:
        """The keeper has looked at every promise."""
        for name, promise in self.promises.items():
            if promise.ticks and promise.deadline <= self.now:
                promise.ticks = False
                if promise.state == "running":
                    self._break_promise(self.leads[name], promise)
                    self.leads[name].version += 1

    # within

    def _not_theirs(self, rep: str, lead: PaperLead) -> str:
        if not lead.is_open:
            return "Closed"
        if lead.owner in ("", rep):
            return ""
        if lead.claimed_at is not None or lead.on_call:
            return "Already claimed"
        return "" if self.reps[rep].leads_floor else "Not yours"

    def _take(self, rep: str, lead: PaperLead) -> None:
        if lead.owner == rep and lead.claimed_at is not None:
            return
        if lead.owner != rep:
            lead.on_call, lead.hung_up_at = "", None
        lead.owner, lead.claimed_at = rep, self.now
        lead.claim_no += 1

    def _busy(self, rep: str) -> PaperLead | None:
        return next((one for one in self.leads.values() if one.owner == rep and one.on_call), None)

    def _begin(self, rep: str, lead: PaperLead, *, is_call: bool) -> PaperCall:
        self._take(rep, lead)
        call = PaperCall(name=f"call {len(self.calls)}", lead=lead.name, rep=rep, is_call=is_call)
        self.calls[call.name] = call
        if is_call:
            self._keep_promise(lead, by_call=True)
            lead.attempts += 1
            lead.first_attempt_at = lead.first_attempt_at or self.now
            lead.last_attempt_at = self.now
        lead.on_call, lead.hung_up_at = call.name, None
        return call

    def _keep_promise(self, lead: PaperLead, *, by_call: bool) -> None:
        """Somebody called, or the lead is closed: in time, or too late."""
        promise = self.promises.get(lead.name)
        if promise is None or not promise.ticks:
            return
        promise.ticks = False
        if promise.state == "running" and self.now <= promise.deadline:
            promise.state = "met" if by_call else "stopped"
            lead.clock = "met" if by_call else "none"
            lead.deadline = lead.deadline if by_call else None
        elif promise.state == "running":
            self._break_promise(lead, promise)

    def _break_promise(self, lead: PaperLead, promise: Promise) -> None:
        promise.state = "breached"
        lead.clock, lead.breached_at = "breached", promise.deadline
