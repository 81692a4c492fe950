"""The floor's mail: written with what it tells, tried again until it is sent or given up, and given up aloud.

A try is begun in one transaction and its end noted in another. Between the two the program may die: then nobody
knows whether the message left, and it is sent again under the id it always had.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.clock import new_id
from app.domain import commands as c
from app.domain.chain import Way
from app.domain.errors import LeaseLost, NotFound, Refused
from app.domain.events import RepChanged
from app.domain.lead import Rep
from app.domain.post import GIVE_UP_S, RECENT_S, SENDING, UNSURE_S, Message, wait_after
from app.domain.reach import email
from app.domain.roles import authorise_giving
from app.service.admin import set_alarm
from app.service.people import viewer
from app.store import leases, outbox
from app.store.outbox import Waiting
from app.store.writing import Writing

_WHY = 200
"""Letters kept of what another program said."""


def set_address(w: Writing, command: c.SetMailAddress) -> c.Made:
    """Where a person gets the floor's mail, set by who may change that person."""
    rep = next((rep for rep in w.reps() if rep.id == command.rep_id), None)
    if rep is None:
        raise NotFound("That rep is not on this floor.")
    authorise_giving(viewer(w, w.actor).standing, rep.role)
    typed = command.address.strip()
    found, key = email(typed, [])
    if typed and not key:
        raise Refused(f"{typed[:80]} is not an e-mail address.", "Not changed")
    outbox.set_address(w, rep.id, found)
    w.record(RepChanged(rep_id=rep.id, name=rep.name, active=rep.active))
    return c.Made(id=rep.id)


def tell_late(
    w: Writing,
    key: str,
    late: str,
    deadline: datetime,
    people: tuple[Rep, ...],
    ways: tuple[Way, ...],
) -> None:
    """Write to these people that a lead is late: by mail to who has an address, where mail is sent at all.

    `key` names the occasion: for the same one nobody is written to twice. `late` says of which promise.
    """
    if not people or Way.EMAIL not in ways or not _is_sent_here(w):
        return
    where = outbox.addresses(w)
    subject = " ".join(late.split())[:_WHY].rstrip(".")
    when = f"The deadline was {deadline:%H:%M} UTC on {deadline:%d %B %Y}. "
    for rep in people:
        if rep.id in where:
            outbox.put(
                w,
                id=new_id(),
                dedupe_key=f"{key}:{rep.id}",
                rep_id=rep.id,
                to_address=where[rep.id],
                to_name=rep.name,
                subject=subject,
                body=f"{subject}. {when}Firstring shows who has the lead now.\n",
            )


def _is_sent_here(w: Writing) -> bool:
    lease = leases.lease(w, SENDING)
    if lease is None:
        return False
    return (leases.time(w) or w.now) - lease.renewed_at < timedelta(seconds=RECENT_S)


def take(w: Writing, command: c.TakeMessage) -> c.Taken:
    """Begin the next try. Raises LeaseLost."""
    if not command.epoch or not leases.fence(w, SENDING, command.epoch):
        raise LeaseLost("Another program sends this floor's mail now.", "Not the sender")
    found = outbox.due(w)
    if found is None:
        return c.Taken()
    if w.now - found.made_at >= timedelta(seconds=GIVE_UP_S):
        _give_up(w, found, found.why or "nobody could send it in time")
        return c.Taken()
    attempt = found.attempt + 1
    outbox.begin(w, found.id, command.epoch, attempt, w.now + timedelta(seconds=UNSURE_S))
    message = Message(
        id=found.id,
        to=found.to_address,
        to_name=found.to_name,
        subject=found.subject,
        body=found.body,
        attempt=attempt,
    )
    return c.Taken(message=message)


def note(w: Writing, command: c.NoteMessage) -> c.Made:
    """How a try ended."""
    found = outbox.tried(w, command.message_id, command.epoch, command.attempt)
    why = " ".join(command.why.split())[:_WHY]
    if found is None:
        return c.Made(id="")
    if command.is_sent:
        outbox.end(w, found.id, "sent")
    elif command.is_final:
        _give_up(w, found, why)
    else:
        wait = timedelta(seconds=wait_after(command.attempt, command.roll))
        outbox.retry(w, found.id, w.now + wait, why)
    return c.Made(id=found.id)


def _give_up(w: Writing, message: Waiting, why: str) -> None:
    """It is not sent, and a team lead sees that it was not."""
    outbox.end(w, message.id, "dead", why)
    text = f"Mail to {message.to_name} was given up: {why}"
    set_alarm(w, c.SetAlarm(name="mail_given_up", text=text))
