"""Which desks are there, and what becomes of the leads of a rep whose desk is not.

A desk says every few seconds that it is there; that is one light write and no event. The keeper dims who is silent
and counts as gone who is silent for long. Who is gone, has closed the desk or locked it is made away, so that
routing passes them by; and after a grace what they have not worked on goes to others. Never during a call: whoever
is talking is at work, whatever their desk does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain import commands as c
from app.domain.errors import Refused
from app.domain.events import LeadReleased, PresenceChanged
from app.domain.lead import Rep, RepStatus
from app.domain.presence import SAID, DeskState
from app.service.give import route
from app.service.keeping import check_lease
from app.service.people import acting_rep, set_status
from app.store import leases
from app.store import presence as store
from app.store.presence import DeskRow, desks
from app.store.writing import Writing

__all__ = ["desks", "keep", "say_goodbye", "say_here"]

_LONGEST = 200
"""Letters of a computer's name."""
_WHY = {
    DeskState.IDLE: "nobody has touched the desk for long",
    DeskState.LOCKED: "the screen is locked",
}
_CLOSED = "the desk was closed"
_SILENT = "the desk is not heard of any more"
_AT_WORK = (RepStatus.AVAILABLE, RepStatus.WRAP_UP)
_PRESENT = (DeskState.HERE, DeskState.SUSPECT)
"""States of another desk with which nothing happens to its rep. A suspect one may come back any moment."""


def _time(w: Writing) -> datetime:
    return leases.time(w) or w.now


def _talks(w: Writing, rep: Rep) -> bool:
    lead = w.on_call(rep.id)
    return lead is not None and lead.hung_up_at is None


def _tell(w: Writing, rep: Rep, desk: DeskRow, state: DeskState) -> None:
    w.record(
        PresenceChanged(
            rep_id=rep.id,
            rep_name=rep.name,
            device_id=desk.device_id,
            place=desk.place,
            state=state,
            was=desk.state,
        )
    )


def say_here(w: Writing, command: c.SayHere) -> c.Here:
    """Note that the desk of who asks is there; whether its rep should be asked if they are back."""
    rep = acting_rep(w)
    place, state = command.place[:_LONGEST], command.state
    if not command.device_id or state not in SAID:
        raise Refused("A desk says that it is here, idle or locked.")
    now = _time(w)
    if store.beat(w, command.device_id, rep.id, place, state, now):
        return c.Here()
    known = store.of_rep(w, rep.id)
    mine = next((desk for desk in known if desk.device_id == command.device_id), None)
    before = mine or DeskRow(
        device_id=command.device_id, rep_id=rep.id, place=place, state=DeskState.HERE, made_away=False
    )
    store.put(w, command.device_id, rep.id, place, state, now, is_new=mine is None)
    if before.state != state:
        _tell(w, rep, replace(before, place=place), state)
    others = [desk for desk in known if desk.device_id != command.device_id]
    if state != DeskState.HERE:
        if rep.status in _AT_WORK and not any(desk.state in _PRESENT for desk in others):
            set_status(w, rep, RepStatus.AWAY, why=_WHY[state])
            store.change(w, command.device_id, made_away=True)
        elif before.made_away:
            store.change(w, command.device_id, made_away=True)
        return c.Here()
    for desk in others:
        if desk.state == DeskState.GONE:
            store.remove(w, desk.device_id)
            _tell(w, rep, desk, DeskState.HERE)
        elif desk.made_away:
            store.change(w, desk.device_id, made_away=False)
    return c.Here(asks=rep.status == RepStatus.AWAY and any(desk.made_away for desk in known))


def say_goodbye(w: Writing, command: c.SayGoodbye) -> c.Made:
    """The desk of who asks closes."""
    rep = acting_rep(w)
    desk = next((desk for desk in store.of_rep(w, rep.id) if desk.device_id == command.device_id), None)
    if desk is not None and desk.state != DeskState.GONE:
        _gone(w, rep, desk, _CLOSED, _time(w))
    return c.Made(id=command.device_id)


def _gone(w: Writing, rep: Rep, desk: DeskRow, why: str, now: datetime) -> None:
    """A desk is not there any more. Another one of the same rep goes on for both."""
    _tell(w, rep, desk, DeskState.GONE)
    others = [other for other in store.of_rep(w, rep.id) if other.device_id != desk.device_id]
    if any(other.state != DeskState.GONE for other in others):
        store.remove(w, desk.device_id)
        return
    made_away = desk.made_away or any(other.made_away for other in others)
    for other in others:
        store.remove(w, other.device_id)
    grace = timedelta(seconds=w.rulebook().release_after)
    away = _make_away(w, rep, why)
    store.change(
        w,
        desk.device_id,
        state=DeskState.GONE.value,
        since=now,
        release_at=now + grace,
        made_away=made_away or away,
    )


def _make_away(w: Writing, rep: Rep, why: str) -> bool:
    """Make a rep away whose desk is gone, unless they talk; whether that was a change."""
    if rep.status == RepStatus.AWAY or _talks(w, rep):
        return False
    set_status(w, rep, RepStatus.AWAY, why=why)
    return True


def keep(w: Writing, command: c.KeepPresence) -> c.PresenceKept:
    """One look at the desks. Raises LeaseLost."""
    check_lease(w, command.epoch)
    now = _time(w)
    suspect_at, gone_at = (
        now - timedelta(seconds=seconds) for seconds in (command.suspect_after, command.gone_after)
    )
    suspect = gone = released = 0
    for desk, is_gone in store.silent(w, suspect_at, gone_at):
        rep = _rep(w, desk.rep_id)
        if rep is None:
            store.remove(w, desk.device_id)
        elif is_gone:
            _gone(w, rep, desk, _SILENT, now)
            gone += 1
        else:
            _tell(w, rep, desk, DeskState.SUSPECT)
            store.change(w, desk.device_id, state=DeskState.SUSPECT.value, since=now)
            suspect += 1
    for desk in store.left(w, now):
        rep = _rep(w, desk.rep_id)
        if rep is not None:
            if _talks(w, rep):
                continue
            if _make_away(w, rep, _SILENT):
                store.change(w, desk.device_id, made_away=True)
            released += _release(w, rep)
        store.change(w, desk.device_id, release_at=None)
    return c.PresenceKept(suspect=suspect, gone=gone, released=released)


def _rep(w: Writing, rep_id: str) -> Rep | None:
    """The person, if they still work here."""
    return next((rep for rep in w.reps() if rep.id == rep_id and rep.active), None)


def _release(w: Writing, rep: Rep) -> int:
    """Give what a rep has not worked on to whoever is there; how many leads that were."""
    leads = store.unworked(w, rep.id)
    for lead in leads:
        w.record(LeadReleased(reason=f"{rep.name}'s desk is gone"), lead.id)
        routed = route(w, lead, tried=(rep.id,))
        w.record(routed.event, lead.id)
        w.save_lead(routed.onto(lead, w.now))
    return len(leads)
