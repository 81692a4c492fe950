"""What the keeper does at a clock's moments: warn, breach, take the steps of the chain; and what people say to that.

A pause of the keeper delays and never falsifies: a breach is stamped with its deadline, a step with the instant at
which it was due. Each warning and each step is a row of its own, so that it is taken once, whoever keeps; the round
says the epoch of its lease. A lead never goes to the same rep twice in a turn. Who says that they have a lead that
is late makes its chain rest for a while, once; then it goes on where it stood. At the end a named alarm stands.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.chain import UPWARD, Step, StepKind, Way, people_for
from app.domain.commands import AcknowledgeLead, KeepClocks, Made, RaiseLead, SeeLead
from app.domain.errors import Refused
from app.domain.events import ClockWarned, LeadAcknowledged, LeadEscalated, LeadSeen
from app.domain.lead import ClockState, Lead, Rep
from app.domain.sla import PARTNERS, ClockKind, Due, Terms, moments, next_due
from app.service.clockwork import breached, is_partners, raise_alarm, start_partner_clocks, terms_for
from app.service.give import route
from app.service.keeping import check_lease
from app.service.people import acting_rep
from app.service.post import Late, tell_late
from app.store.clocks import Ticking
from app.store.writing import Writing

ROUND = 200
"""Clocks looked at in one transaction of the keeper."""
_LATE = {
    ClockKind.FIRST_ATTEMPT: "{} waits past the deadline.",
    ClockKind.FIRST_CONTACT: "Nobody has talked with {} in time.",
    ClockKind.CALL_BACK: "{} was promised a call and was not called.",
    ClockKind.PARTNER: "The partner has not tried {} in time.",
    ClockKind.RESULT: "The partner still owes the result of {}.",
}


def keep(w: Writing, command: KeepClocks) -> tuple[int, int]:
    """Every clock that is due, at most `ROUND` of them: (breaches, steps). Raises LeaseLost."""
    check_lease(w, command.epoch)
    clocks = w.due_clocks(ROUND)
    leads = {lead.id: lead for lead in w.leads({clock.lead_id for clock in clocks})}
    taken = w.steps_taken(tuple(clock.id for clock in clocks))
    was_breached = steps = 0
    for clock in clocks:
        before = leads[clock.lead_id]
        if clock.kind in PARTNERS and not is_partners(w, before):
            w.change_clock(clock.id, next_at=None, state="stopped")
            continue
        terms = terms_for(w, clock, before)
        turn = _Turn(w, before, clock, terms, taken[clock.id])
        turn.go_on()
        was_breached += turn.was_breached
        steps += turn.steps
        leads[before.id] = before if turn.lead == before else w.save_lead(turn.lead)
    return was_breached, steps


class _Turn:
    """One clock that is due, taken as far as it is now."""

    def __init__(self, w: Writing, lead: Lead, clock: Ticking, terms: Terms, taken: set[int]) -> None:
        self.w = w
        self.lead = lead
        self.clock = clock
        self.was_breached = False
        self.steps = 0
        """Warnings and steps of the chain that were taken."""
        self._terms = terms
        self._taken = taken
        self._tried = clock.tried
        self._runs = clock.state == ClockState.RUNNING
        self._is_raised = False

    def go_on(self) -> None:
        """Take what is due; store when the clock has to be looked at next."""
        clock, w = self.clock, self.w
        due = moments(
            self._terms, clock.started_at, clock.deadline, clock.pauses, held_until=clock.held_until
        )
        coming = next_due(due, self._taken, self._runs)
        while coming is not None and coming.at <= w.now:
            self._reach(coming)
            coming = next_due(due, self._taken, self._runs)
        if coming is None and self.steps:
            self._end()
        w.change_clock(clock.id, next_at=coming.at if coming else None, tried=self._tried)

    def raise_now(self) -> bool:
        """Take the next step that goes to somebody else now, with what stands before it; False if there is none."""
        left = [number for number, _ in enumerate(self._terms.steps) if number not in self._taken]
        left.sort(key=lambda number: self._terms.steps[number].after)
        if all(self._terms.steps[number].kind == StepKind.LOUDER for number in left):
            return False
        self._is_raised = True
        for number in left:
            self._reach(Due(self.w.now, number))
            if self._terms.steps[number].kind != StepKind.LOUDER:
                break
        self.go_on()
        return True

    def _reach(self, due: Due) -> None:
        if due.number is None:
            self.lead = breached(self.w, self.lead, self.clock, rep_id=self.lead.owner)
            self._runs, self.was_breached = False, True
            return
        self._taken.add(due.number)
        if not self.w.take_step(self.clock.id, due.number):
            return
        if not due.is_warning:
            self._take(self._terms.steps[due.number], due)
            self.steps += 1
        elif self.clock.deadline > self.w.now:  # of what is over by now nobody needs to be warned
            share = self._terms.warnings[-due.number - 1]
            warned = ClockWarned(deadline=self.clock.deadline, share=share, clock=self.clock.kind.value)
            self.w.record(warned, self.lead.id)
            self.steps += 1

    def _take(self, step: Step, due: Due) -> None:
        w, lead = self.w, self.lead
        if step.kind == StepKind.LOUDER:
            owner = w.rep(lead.owner) if lead.owner else None
            self._tell(step, due, () if owner is None else (owner,))
        elif step.kind in (StepKind.NEXT_REP, StepKind.PARTNER):
            self._hand_over(step, due)
        else:
            people = people_for(step.kind, w.reps())
            self._tell(step, due, people)
            late = self._late()
            if people:
                *others, last = (rep.name for rep in people)
                told = f"{', '.join(others)} and {last} were told." if others else f"{last} was told."
                raise_alarm(w, lead, f"{step.kind.value}_told", f"{late} {told}", due.number or 0)
            else:
                raise_alarm(w, lead, "nobody_to_tell", f"{late} There is nobody to tell.", due.number or 0)

    def _hand_over(self, step: Step, due: Due) -> None:
        """Give the lead to somebody who has not had it in this turn; nobody takes it out of a running call, or away
        from a partner who only owes the result."""
        w, lead = self.w, self.lead
        if lead.on_call or self.clock.kind is ClockKind.RESULT:
            self._tell(step, due, ())
            return
        if lead.owner and lead.owner not in self._tried:
            self._tried = (*self._tried, lead.owner)
        routed = route(w, lead, tried=self._tried, is_late=True, partners=step.kind == StepKind.PARTNER)
        if routed.rep is None:
            w.record(routed.event, lead.id)
            raise_alarm(w, lead, "nobody_free", f"Nobody is free to take {lead.title_line}.", due.number or 0)
            return
        self.lead = lead = routed.onto(lead, w.now)
        self._tell(step, due, (routed.rep,))
        w.record(routed.event, lead.id)
        self._tried = (*self._tried, routed.rep.id)
        start_partner_clocks(w, lead)

    def _tell(self, step: Step, due: Due, people: tuple[Rep, ...]) -> None:
        told = LeadEscalated(
            step=due.number or 0,
            what=step.kind.value,
            to=tuple(rep.id for rep in people),
            to_names=tuple(rep.name for rep in people),
            by=tuple(way.value for way in step.ways),
            deadline=self.clock.deadline,
            due=due.at,
            clock=self.clock.kind.value,
        )
        self.w.record(told, self.lead.id)
        self.w.milestones.escalated(self.lead.id, self.w.now)
        if set(step.ways) != {Way.DESKTOP}:
            late = Late(
                key=f"{self.clock.id}:{due.number}",
                text=self._late(),
                deadline=self.clock.deadline,
                lead_id=self.lead.id,
                tier=self.lead.tier.value,
                clock=self.clock.kind.value,
                step=step.kind.value,
            )
            tell_late(self.w, late, people, step.ways)

    def _end(self) -> None:
        """Nothing more comes: what nobody has seen to stands as an alarm."""
        last = self._terms.steps[-1].kind if self._terms.steps else None
        if self._runs or last is None or last in UPWARD or self.w.alarms_of(self.lead.id):
            return
        text = f"{self._late()} Everybody whom its chain names was asked."
        raise_alarm(self.w, self.lead, "chain_ended", text, len(self._terms.steps))

    def _late(self) -> str:
        if self._is_raised and self.clock.deadline > self.w.now:
            return f"{self.lead.title_line} was raised before its time was over."
        return _LATE[self.clock.kind].format(self.lead.title_line)


# -- what people say to it


def acknowledge(w: Writing, command: AcknowledgeLead) -> Made:
    """ "I have it": the chain of a late lead rests."""
    rep = acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    if not hold(w, lead, rep) and not _escalates(w, lead):
        raise Refused("Nobody is looking for somebody to take this lead.", "Nothing to take")
    w.save_lead(lead)
    return Made(id=lead.id)


def raise_now(w: Writing, command: RaiseLead) -> Made:
    """Whoever the chain goes to next hears of the lead now."""
    acting_rep(w)
    before = w.lead_for_change(command.lead_id)
    clock = w.running_clock(before.id)
    if before.on_call:
        raise Refused("Somebody is talking with them now.", "On a call")
    if clock is None:
        raise Refused("Nobody is looking for somebody to take this lead.", "Nothing to raise")
    turn = _Turn(w, before, clock, terms_for(w, clock, before), w.steps_taken((clock.id,))[clock.id])
    if not turn.raise_now():
        raise Refused("Everybody whom its chain names has been asked.", "Nothing to raise")
    if turn.lead != before:
        w.save_lead(turn.lead)
    return Made(id=before.id)


def see(w: Writing, command: SeeLead) -> Made:
    """The lead was opened."""
    rep = acting_rep(w)
    lead = w.lead_for_change(command.lead_id)
    if not lead.is_open:
        return Made(id=lead.id)
    held = hold(w, lead, rep) if _reached(w, lead, rep) else False
    first = lead.seen_at is None and lead.owner in ("", rep.id)
    if first:
        w.record(LeadSeen(rep_id=rep.id, rep_name=rep.name), lead.id)
        lead = replace(lead, seen_at=w.now)
    if first or held:
        w.save_lead(lead)
    return Made(id=lead.id)


def hold(w: Writing, lead: Lead, rep: Rep) -> bool:
    """Let the chains of a lead that is late rest, because this person has it; whether any does by that.

    Once a person and clock, and not for a clock that is still in time: to claim a lead is no call.
    """
    held = False
    until = w.now + timedelta(seconds=w.rulebook().hold_seconds)
    for clock in w.ticking(lead.id):
        if clock.state == ClockState.RUNNING or rep.id in clock.held_by:
            continue
        terms = terms_for(w, clock, lead)
        due = moments(terms, clock.started_at, clock.deadline, clock.pauses, held_until=until)
        coming = next_due(due, w.steps_taken((clock.id,))[clock.id], False)
        w.change_clock(
            clock.id,
            held_until=until,
            held_by=(*clock.held_by, rep.id),
            next_at=coming.at if coming else None,
        )
        held = True
    if held:
        w.record(LeadAcknowledged(rep_id=rep.id, rep_name=rep.name, until=until), lead.id)
    return held


def _escalates(w: Writing, lead: Lead) -> bool:
    return any(clock.state != ClockState.RUNNING for clock in w.ticking(lead.id))


def _reached(w: Writing, lead: Lead, rep: Rep) -> bool:
    """Whether a person is one whom a chain of this lead has reached: they have it, or were told of it."""
    if not _escalates(w, lead):
        return False
    return lead.owner == rep.id or any(
        isinstance(entry.event, LeadEscalated) and rep.id in entry.event.to for entry in w.entries_of(lead.id)
    )
