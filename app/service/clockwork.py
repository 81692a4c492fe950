"""The SLA clock of a lead: started by an inquiry, met by a call, breached by the keeper, escalated by its chain.

The keeper's round (`keep`) breaches what is past its deadline, and a breach is stamped with that deadline, so
that a pause of the keeper delays and never falsifies: a call that comes too late finds it breached all the same.
Each step of the chain is taken once, whoever keeps: the round says the epoch of its lease, and the step is a row of
its own. A lead never goes to the same
rep twice in a turn, and when nobody is left a named alarm says so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.clock import new_id
from app.domain.commands import ClocksKept, KeepClocks
from app.domain.events import AlarmCleared, AlarmRaised, ClockBreached, ClockMet, ClockStarted, LeadEscalated
from app.domain.lead import Alarm, ClockState, Lead, Rep, Role
from app.domain.routing import told
from app.domain.rulebook import Rulebook, StepKind
from app.service.give import route
from app.service.keeping import check_lease
from app.service.post import mail_late
from app.store.clocks import Ticking
from app.store.writing import Writing

ROUND = 200
"""Clocks looked at in one transaction of the keeper."""
_UPWARD = (Role.TEAM_LEAD, Role.MANAGER, Role.OWNER)


def start_clock(w: Writing, lead: Lead, *, first: bool = False) -> Lead:
    """Start the first-attempt clock, or start it anew for a lead that asked again.

    A clock that still runs is only ever shortened: asking again must not give the floor more time.
    """
    deadline = w.now + timedelta(seconds=lead.sla_seconds)
    running = None if first else w.running_clock(lead.id)
    if running is not None:
        if running.state == ClockState.RUNNING and running.deadline <= deadline:
            return lead
        w.change_clock(
            running.id, next_at=None, state="stopped" if running.state == "running" else running.state
        )
    lead = replace(lead, clock=ClockState.RUNNING, deadline=deadline, breached_at=None)
    w.add_clock(new_id(), lead, lead.owner)
    w.record(ClockStarted(deadline=deadline, sla_seconds=lead.sla_seconds), lead.id)
    return lead


def meet_clock(w: Writing, lead: Lead, rep_id: str, at: datetime) -> Lead:
    """A call began at `at`: a running clock is met, a breached one stops escalating, alarms are over.

    A call that is told late meets its clock if it was made in time and the breach has not been noticed yet; one
    that was made before the clock was started does not concern it.
    """
    running = w.running_clock(lead.id)
    if running is not None and at < running.started_at:
        return lead
    if running is not None:
        if running.state == ClockState.RUNNING and at <= running.deadline:
            w.change_clock(running.id, state="met", ended_at=at, rep_id=rep_id, next_at=None)
            w.record(ClockMet(after_seconds=(at - running.started_at).total_seconds()), lead.id)
            lead = replace(lead, clock=ClockState.MET)
        else:
            lead = _breached(w, lead, running)
            w.change_clock(running.id, next_at=None)
    clear_alarms(w, lead, "the lead is being called")
    return lead


def stop_clock(w: Writing, lead: Lead, why: str) -> Lead:
    """The lead is closed without a call: its clock neither met nor breached."""
    running = w.running_clock(lead.id)
    if running is not None:
        if running.state == ClockState.RUNNING and w.now <= running.deadline:
            w.change_clock(running.id, next_at=None, state="stopped")
            lead = replace(lead, clock=ClockState.NONE, deadline=None)
        else:
            lead = _breached(w, lead, running)
            w.change_clock(running.id, next_at=None)
    clear_alarms(w, lead, why)
    return lead


def _breached(w: Writing, lead: Lead, clock: Ticking, **whose: str) -> Lead:
    """Breach a clock that still runs past its deadline. It counts for `rep_id`, else for whom it was started."""
    if clock.state != ClockState.RUNNING:
        return lead
    w.change_clock(clock.id, state="breached", ended_at=clock.deadline, **whose)
    w.record(ClockBreached(deadline=clock.deadline), lead.id)
    return replace(lead, clock=ClockState.BREACHED, breached_at=clock.deadline)


def clear_alarms(w: Writing, lead: Lead, why: str) -> None:
    for alarm in w.alarms_of(lead.id):
        w.clear_alarm(alarm.id)
        w.record(AlarmCleared(name=alarm.name, why=why), lead.id)


def keep(w: Writing, command: KeepClocks) -> ClocksKept:
    """One round of the keeper: every clock that is due, at most `ROUND` of them. Raises LeaseLost."""
    check_lease(w, command.epoch)
    rulebook = w.rulebook()
    breached = steps = 0
    for clock in w.due_clocks(ROUND):
        before = w.lead(clock.lead_id)
        lead = _breached(w, before, clock, rep_id=before.owner)
        breached += clock.state == ClockState.RUNNING
        lead, taken = _escalate(w, lead, clock, rulebook)
        steps += taken
        if lead != before:
            w.save_lead(lead)
    return ClocksKept(breached=breached, steps=steps, next_at=w.next_due())


def _escalate(w: Writing, lead: Lead, clock: Ticking, rulebook: Rulebook) -> tuple[Lead, int]:
    """Take the steps of the chain that are due; store which one is next."""
    step, tried, taken = clock.step, clock.tried, 0
    while step < len(rulebook.chain):
        due = clock.deadline + timedelta(seconds=rulebook.chain[step].after)
        if due > w.now:
            w.change_clock(clock.id, step=step, next_at=due, tried=tried)
            return lead, taken
        if w.take_step(clock.id, step):
            lead, tried = _take(w, lead, clock.id, rulebook.chain[step].kind, step, tried)
            taken += 1
        step += 1
    w.change_clock(clock.id, step=step, next_at=None, tried=tried)
    return lead, taken


def _take(
    w: Writing, lead: Lead, clock_id: str, kind: StepKind, step: int, tried: tuple[str, ...]
) -> tuple[Lead, tuple[str, ...]]:
    reps = w.reps()
    if kind == StepKind.LOUDER:
        _tell(w, lead, step, kind, tuple(rep for rep in reps if rep.id == lead.owner))
        return lead, tried
    if kind == StepKind.NEXT_REP:
        tried = (*tried, lead.owner) if lead.owner and lead.owner not in tried else tried
        routed = route(w, lead, tried=tried)
        if routed.rep is None:
            w.record(routed.event, lead.id)
            _alarm(w, lead, "nobody_free", f"Nobody is free to take {lead.title_line}.", step)
            return lead, tried
        lead = replace(lead, owner=routed.rep.id, claim_no=lead.claim_no + 1, claimed_at=None)
        _tell(w, lead, step, kind, (routed.rep,))
        w.record(routed.event, lead.id)
        return lead, (*tried, routed.rep.id)
    people = _above(reps, Role.TEAM_LEAD if kind == StepKind.TEAM_LEAD else Role.MANAGER)
    _tell(w, lead, step, kind, people)
    mail_late(w, f"{clock_id}:{step}", lead, people)
    name = f"{kind.value}_told" if people else "nobody_to_tell"
    names = ", ".join(rep.name for rep in people)
    late = f"{lead.title_line} waits past the deadline."
    _alarm(w, lead, name, f"{late} {names} was told." if people else f"{late} There is nobody to tell.", step)
    return lead, tried


def _above(reps: tuple[Rep, ...], role: Role) -> tuple[Rep, ...]:
    """The people of a role, or of the next one up that anybody has."""
    for step in _UPWARD[_UPWARD.index(role) :]:
        people = told(reps, (step,))
        if people:
            return people
    return ()


def _tell(w: Writing, lead: Lead, step: int, kind: StepKind, people: tuple[Rep, ...]) -> None:
    ids, names = tuple(rep.id for rep in people), tuple(rep.name for rep in people)
    w.record(LeadEscalated(step=step, what=kind.value, to=ids, to_names=names), lead.id)


def _alarm(w: Writing, lead: Lead, name: str, text: str, step: int) -> None:
    """Raise an alarm. It takes the place of the one that stands for this lead: the newest says it all."""
    clear_alarms(w, lead, "it went further up")
    w.add_alarm(Alarm(id=new_id(), name=name, lead_id=lead.id, text=text, raised_at=w.now, step=step))
    w.record(AlarmRaised(name=name, text=text), lead.id)
