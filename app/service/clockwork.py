"""The SLA clocks of a lead: started by an inquiry or a promise, met by a call, paused with a reason, stopped.

The lead carries its first-attempt clock; the others (first contact, promised call-back, what a partner owes) stand
in their rows alone. A deadline that has passed is a breach whoever notices it, stamped with that deadline: a call
that comes too late finds it breached all the same. What happens around a deadline is `service/escalation.py`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.clock import new_id
from app.domain.commands import Made, PauseClock, ResumeClock
from app.domain.errors import Refused
from app.domain.events import (
    AlarmCleared,
    AlarmRaised,
    ClockBreached,
    ClockMet,
    ClockPaused,
    ClockResumed,
    ClockStarted,
)
from app.domain.hours import Span, deadline
from app.domain.lead import Alarm, ClockState, Lead, Rep, Role
from app.domain.order import EARLY
from app.domain.rulebook import Rulebook
from app.domain.shifts import anybody_on_shift
from app.domain.sla import PARTNERS, ClockKind, Terms, moments, next_due, rule_of, terms_of
from app.service.people import acting_rep, check_mine
from app.store.clocks import Ticking
from app.store.writing import Writing

_REASON = 200
"""Letters of a reason that are kept."""


# -- started


def start_clock(w: Writing, lead: Lead, *, first: bool = False) -> Lead:
    """Start the first-attempt clock, or start it anew for a lead that asked again.

    A clock that still runs is only ever shortened: asking again must not give the floor more time.
    """
    rulebook = w.rulebook()
    terms = _terms(rulebook, ClockKind.FIRST_ATTEMPT, lead, lead.sla_seconds)
    assert terms is not None  # there is always one for the first attempt
    until = deadline(terms.calendar, w.now, terms.seconds)
    running = None if first else w.running_clock(lead.id)
    if running is not None:
        if running.state == ClockState.RUNNING and running.deadline <= until:
            return lead
        w.change_clock(
            running.id, next_at=None, state="stopped" if running.state == "running" else running.state
        )
    lead = replace(lead, clock=ClockState.RUNNING, deadline=until, breached_at=None, paused_until=None)
    _add(w, lead, ClockKind.FIRST_ATTEMPT, rulebook, terms, w.now, until)
    _check_reachable(w, lead, rulebook, until)
    if first:
        _start(w, lead, ClockKind.FIRST_CONTACT, rulebook, w.now)
    start_partner_clocks(w, lead)
    return lead


def start_partner_clocks(w: Writing, lead: Lead) -> None:
    """A lead that a partner was given waits for their first try and their result, where the rulebook promises them."""
    rulebook = w.rulebook()
    kinds = [kind for kind in PARTNERS if rule_of(rulebook, kind, lead.tier) is not None]
    if not kinds or not is_partners(w, lead):
        return
    running = {clock.kind for clock in w.ticking(lead.id)}
    for kind in kinds:
        if kind not in running:
            _start(w, lead, kind, rulebook, w.now)


def is_partners(w: Writing, lead: Lead) -> bool:
    """Whether a partner has the lead."""
    owner = w.rep(lead.owner) if lead.owner else None
    return owner is not None and owner.role is Role.PARTNER


def keep_promise(w: Writing, before: Lead, lead: Lead) -> None:
    """The clock of a promised call-back follows the promise: made, moved, taken back."""
    if before.call_back_at == lead.call_back_at:
        return
    standing = w.running_clock(lead.id, ClockKind.CALL_BACK)
    if standing is not None:
        _end(w, lead, standing)
    if lead.call_back_at is not None and lead.is_open:
        _start(w, lead, ClockKind.CALL_BACK, w.rulebook(), lead.call_back_at)


def _terms(rulebook: Rulebook, kind: ClockKind, lead: Lead, seconds: int = 0) -> Terms | None:
    rule = rule_of(rulebook, kind, lead.tier)
    return None if rule is None else terms_of(rulebook, rule, seconds or rule.seconds)


def terms_for(w: Writing, clock: Ticking, lead: Lead) -> Terms:
    """What holds for a clock: its time by the rulebook that started it, its chain by the one in force.

    A promise that was given stands; who hears of a broken one is a matter of today. A clock of an older program ran
    on wall time.
    """
    today = w.rulebook()
    begun = today
    if clock.rulebook not in (0, today.version):
        begun = w.rulebook_of(clock.rulebook) or today
    still = sum((until - since).total_seconds() for since, until in clock.pauses)
    wall = round((clock.deadline - clock.started_at).total_seconds() - still)
    seconds = clock.seconds or wall
    now = _terms(today, clock.kind, lead, seconds)
    steps = now.steps if now else today.chain
    then = now if begun is today else _terms(begun, clock.kind, lead, seconds)
    if then is None or not clock.seconds:
        return Terms(None, seconds, then.warnings if then else (), steps)
    return then._replace(steps=steps)


def _start(w: Writing, lead: Lead, kind: ClockKind, rulebook: Rulebook, at: datetime) -> None:
    terms = _terms(rulebook, kind, lead)
    if terms is not None:
        _add(w, lead, kind, rulebook, terms, at, deadline(terms.calendar, at, terms.seconds))


def _add(
    w: Writing, lead: Lead, kind: ClockKind, rulebook: Rulebook, terms: Terms, at: datetime, until: datetime
) -> None:
    first = next_due(moments(terms, at, until), (), True)
    w.add_clock(
        new_id(),
        lead,
        lead.owner,
        kind=kind,
        started_at=at,
        deadline=until,
        next_at=first.at if first else until,
        seconds=round(terms.seconds),
        rulebook=rulebook.version,
    )
    w.record(ClockStarted(deadline=until, sla_seconds=round(terms.seconds), clock=kind.value), lead.id)


def _check_reachable(w: Writing, lead: Lead, rulebook: Rulebook, until: datetime) -> None:
    """Say at once when nobody is planned to work who could meet the deadline."""
    if lead.route and lead.owner and lead.given_at == w.now:
        return  # a route gave it just now, to somebody who is on shift
    if rulebook.calendars and not anybody_on_shift(rulebook, w.reps(), w.now, until):
        text = f"Nobody is on shift who could call {lead.title_line} by {until:%H:%M} UTC."
        raise_alarm(w, lead, "unreachable", text, 0)


# -- met and stopped


def meet_clock(w: Writing, lead: Lead, rep_id: str, at: datetime) -> Lead:
    """A call began at `at`: running clocks for a try are met, breached ones stop escalating, alarms are over.

    A call that is told late meets its clock if it was made in time and the breach has not been noticed yet; one
    that was made before the clock was started does not concern it, but for a promised call-back: that may be
    called a little early.
    """
    for clock in w.ticking(lead.id):
        early = EARLY if clock.kind == ClockKind.CALL_BACK else timedelta()
        if clock.kind in (ClockKind.FIRST_CONTACT, ClockKind.RESULT):
            continue
        if at >= clock.started_at - early:
            lead = _meet(w, lead, clock, rep_id, at)
        elif clock.kind == ClockKind.FIRST_ATTEMPT:
            return lead
    clear_alarms(w, lead, "the lead is being called")
    return lead


def meet_contact(w: Writing, lead: Lead, rep_id: str, at: datetime) -> None:
    """Somebody talked with them at `at`."""
    clock = w.running_clock(lead.id, ClockKind.FIRST_CONTACT)
    if clock is not None:
        _meet(w, lead, clock, rep_id, at)


def _meet(w: Writing, lead: Lead, clock: Ticking, rep_id: str, at: datetime) -> Lead:
    if clock.state == ClockState.RUNNING and at <= clock.deadline:
        w.change_clock(clock.id, state="met", ended_at=at, rep_id=rep_id, next_at=None)
        after = (at - clock.started_at).total_seconds()
        w.record(ClockMet(after_seconds=after, clock=clock.kind.value), lead.id)
        if clock.kind != ClockKind.FIRST_ATTEMPT:
            return lead
        w.milestones.count(lead.id, "clocks_met")
        return replace(lead, clock=ClockState.MET, paused_until=None)
    lead = breached(w, lead, clock)
    w.change_clock(clock.id, next_at=None)
    return lead


def stop_clock(w: Writing, lead: Lead, why: str) -> Lead:
    """The lead is closed without a call: its clocks neither met nor breached, but for the result that was owed."""
    for clock in w.ticking(lead.id):
        owed = clock.kind is ClockKind.RESULT and is_partners(w, lead)
        lead = _meet(w, lead, clock, lead.owner, w.now) if owed else _end(w, lead, clock)
    clear_alarms(w, lead, why)
    return lead


def _end(w: Writing, lead: Lead, clock: Ticking) -> Lead:
    if clock.state == ClockState.RUNNING and w.now <= clock.deadline:
        w.change_clock(clock.id, next_at=None, state="stopped")
        if clock.kind == ClockKind.FIRST_ATTEMPT:
            lead = replace(lead, clock=ClockState.NONE, deadline=None, paused_until=None)
        return lead
    lead = breached(w, lead, clock)
    w.change_clock(clock.id, next_at=None)
    return lead


def breached(w: Writing, lead: Lead, clock: Ticking, **whose: str) -> Lead:
    """Breach a clock that still runs past its deadline. It counts for `rep_id`, else for whom it was started."""
    if clock.state != ClockState.RUNNING:
        return lead
    w.change_clock(clock.id, state="breached", ended_at=clock.deadline, **whose)
    w.record(ClockBreached(deadline=clock.deadline, clock=clock.kind.value), lead.id)
    if clock.kind != ClockKind.FIRST_ATTEMPT:
        return lead
    w.milestones.count(lead.id, "clocks_breached")
    return replace(lead, clock=ClockState.BREACHED, breached_at=clock.deadline, paused_until=None)


# -- alarms


def clear_alarms(w: Writing, lead: Lead, why: str) -> None:
    for alarm in w.alarms_of(lead.id):
        w.clear_alarm(alarm.id)
        w.record(AlarmCleared(name=alarm.name, why=why), lead.id)


def raise_alarm(w: Writing, lead: Lead, name: str, text: str, step: int) -> None:
    """Raise an alarm. It takes the place of the one that stands for this lead: the newest says it all."""
    clear_alarms(w, lead, "it went further up")
    w.add_alarm(Alarm(id=new_id(), name=name, lead_id=lead.id, text=text, raised_at=w.now, step=step))
    w.record(AlarmRaised(name=name, text=text), lead.id)


# -- paused


def pause(w: Writing, command: PauseClock) -> Made:
    """Let the first-attempt clock stand still, for a reason and not for ever."""
    rep, lead, clock = _running(w, command.lead_id)
    reason = " ".join(command.reason.split())[:_REASON]
    if clock is None:
        raise Refused("The clock of this lead does not run.", "Nothing to pause")
    if not reason:
        raise Refused("Say why the clock is to stand still.", "Why?")
    if command.until <= w.now:
        raise Refused("Choose a time that is still to come.", "Until when?")
    if command.until > w.now + timedelta(seconds=w.rulebook().pause_limit):
        limit = round(w.rulebook().pause_limit / 60)
        raise Refused(f"A clock may be paused for {limit} minutes at a time.", "Too long")
    lead, clock = _resumed(w, lead, clock)
    terms = terms_for(w, clock, lead)
    lead, clock = _moved(w, lead, clock, terms, (*clock.pauses, (w.now, command.until)))
    paused = ClockPaused(until=command.until, deadline=clock.deadline, reason=reason, rep_name=rep.name)
    w.record(paused, lead.id)
    w.save_lead(replace(lead, paused_until=command.until, paused_why=reason))
    return Made(id=lead.id)


def resume(w: Writing, command: ResumeClock) -> Made:
    """Let a paused clock go on before its pause is over."""
    rep, lead, clock = _running(w, command.lead_id)
    if clock is not None and lead.paused_until is not None and lead.paused_until > w.now:
        lead, clock = _resumed(w, lead, clock)
        w.record(ClockResumed(deadline=clock.deadline, rep_name=rep.name), lead.id)
        w.save_lead(lead)
    return Made(id=lead.id)


def _running(w: Writing, lead_id: str) -> tuple[Rep, Lead, Ticking | None]:
    rep = acting_rep(w)
    lead = w.lead_for_change(lead_id)
    check_mine(w, lead, rep)
    clock = w.running_clock(lead.id)
    is_running = clock is not None and clock.state == ClockState.RUNNING and clock.deadline > w.now
    return rep, lead, clock if is_running else None


def _resumed(w: Writing, lead: Lead, clock: Ticking) -> tuple[Lead, Ticking]:
    """Both with a pause that lasts ended now: the rest of it is given back."""
    if not clock.pauses or clock.pauses[-1][1] <= w.now:
        return replace(lead, paused_until=None), clock
    terms = terms_for(w, clock, lead)
    return _moved(w, lead, clock, terms, (*clock.pauses[:-1], (clock.pauses[-1][0], w.now)))


def _moved(
    w: Writing, lead: Lead, clock: Ticking, terms: Terms, pauses: tuple[Span, ...]
) -> tuple[Lead, Ticking]:
    """Both with the deadline that these pauses make; what is due of the clock moves along."""
    until = deadline(terms.calendar, clock.started_at, terms.seconds, pauses)
    taken = w.steps_taken((clock.id,))[clock.id]
    first = next_due(
        moments(terms, clock.started_at, until, pauses, held_until=clock.held_until), taken, True
    )
    w.change_clock(clock.id, deadline=until, pauses=pauses, next_at=first.at if first else until)
    return replace(lead, deadline=until, paused_until=None), replace(clock, deadline=until, pauses=pauses)
