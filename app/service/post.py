"""The floor's mail and other messages: written with what they tell, tried again until sent, or given up aloud.

A try is begun in one transaction and its end noted in another. Between the two the program may die: then nobody
knows whether the message left, and it is sent again under the id it always had.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from app.clock import new_id
from app.codec import encode_text
from app.domain import commands as c
from app.domain.chain import Way
from app.domain.errors import LeaseLost, NotFound, Refused
from app.domain.events import RepChanged
from app.domain.frozen import dataclass
from app.domain.lead import Rep, Role
from app.domain.post import GIVE_UP_S, LEASES, RECENT_S, UNSURE_S, Message, wait_after
from app.domain.reach import email, phone
from app.domain.roles import authorise_giving
from app.service.admin import set_alarm
from app.service.people import viewer
from app.store import leases, outbox
from app.store.outbox import Waiting
from app.store.writing import Writing

_SENT_LATELY = 8
"""Days: who sent the last week's pages may not have been on since."""
_WHY = 200
"""Letters kept of what another program said."""
_TEXT = 120
"""Letters of who is late in a text message, so that the whole of it is one."""
_GIVEN_UP = {
    Way.EMAIL: ("mail_given_up", "Mail"),
    Way.SMS: ("sms_given_up", "A text message"),
    Way.WEBHOOK: ("webhook_given_up", "A message"),
}
"""Name of the alarm and what it is of."""


def set_address(w: Writing, command: c.SetMailAddress) -> c.Made:
    """Where a person gets the floor's mail, set by who may change that person."""
    rep = _changeable(w, command.rep_id)
    typed = command.address.strip()
    found, key = email(typed, [])
    if typed and not key:
        raise Refused(f"{typed[:80]} is not an e-mail address.", "Not changed")
    outbox.set_address(w, rep.id, found)
    w.record(RepChanged(rep_id=rep.id, name=rep.name, active=rep.active))
    return c.Made(id=rep.id)


def set_number(w: Writing, command: c.SetTextNumber) -> c.Made:
    """Where a person gets the floor's text messages, set by who may change that person."""
    rep = _changeable(w, command.rep_id)
    typed = command.number.strip()
    found, _key, number = phone(typed, w.rulebook().default_country, [])
    if typed and number is None:
        raise Refused(f"{typed[:80]} is not a phone number.", "Not changed")
    outbox.set_number(w, rep.id, found)
    w.record(RepChanged(rep_id=rep.id, name=rep.name, active=rep.active))
    return c.Made(id=rep.id)


def _changeable(w: Writing, rep_id: str) -> Rep:
    rep = next((rep for rep in w.reps() if rep.id == rep_id), None)
    if rep is None:
        raise NotFound("That rep is not on this floor.")
    authorise_giving(viewer(w, w.actor).standing, rep.role)
    return rep


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """An occasion to tell people of: a step of the chain of a lead that is late."""

    key: str
    """Names the occasion: for the same one nobody is written to twice."""
    text: str
    """Of which promise, in a sentence."""
    deadline: datetime
    lead_id: str = ""
    tier: str = ""
    clock: str = ""
    step: str = ""
    """A `StepKind`."""


def tell_late(w: Writing, late: Late, people: tuple[Rep, ...], ways: tuple[Way, ...]) -> None:
    """Write to these people that a lead is late, by those of the ways by which somebody sends: mail and text messages
    to who has a place for them, and to a program of the firm's own once a step."""
    subject = " ".join(late.text.split())[:_WHY].rstrip(".")
    when = f"The deadline was {late.deadline:%H:%M} UTC on {late.deadline:%d %B %Y}. "
    if people and Way.EMAIL in ways and _is_sent_here(w, Way.EMAIL):
        body = f"{subject}. {when}Firstring shows who has the lead now.\n"
        _write(w, Way.EMAIL, late, people, outbox.addresses(w), subject, body)
    if people and Way.SMS in ways and _is_sent_here(w, Way.SMS):
        text = f"{subject[:_TEXT]}. Deadline {late.deadline:%H:%M} UTC."
        _write(w, Way.SMS, late, people, outbox.numbers(w), subject, text)
    if Way.WEBHOOK in ways and _is_sent_here(w, Way.WEBHOOK):
        message = new_id()
        told = {
            "id": message,
            "kind": "lead.late",
            "text": f"{subject}.",
            "lead_id": late.lead_id,
            "tier": late.tier,
            "clock": late.clock,
            "deadline": late.deadline,
            "step": late.step,
            "told": [rep.name for rep in people],
        }
        outbox.put(
            w,
            id=message,
            dedupe_key=f"{late.key}:webhook",
            rep_id="",
            to_address="",
            to_name="the webhook",
            subject=subject,
            body=encode_text(told),
            way=Way.WEBHOOK.value,
        )


def tell_week(w: Writing, week: str, pages: tuple[str, ...], floor_to: Collection[Role], name: str) -> None:
    """Send each page of a frozen week ("" is the floor's) to whose it is, as far as the floor sends mail and knows
    where to. Once a week and person, whoever froze it."""
    lease = leases.lease(w, LEASES[Way.EMAIL])
    if lease is None or (leases.time(w) or w.now) - lease.renewed_at > timedelta(days=_SENT_LATELY):
        return
    where = outbox.addresses(w)
    for rep in w.reps():
        if not rep.active or rep.id not in where:
            continue
        for page in pages:
            if page == rep.id or (not page and rep.role in floor_to):
                whose = "Your page" if page else "The floor's page"
                outbox.put(
                    w,
                    id=new_id(),
                    dedupe_key=f"week {week}:{page}:{rep.id}",
                    rep_id=rep.id,
                    to_address=where[rep.id],
                    to_name=rep.name,
                    subject=f"{name}: week {week}",
                    body=f"{whose} of the week {week} is attached. Firstring shows what changed since, and takes "
                    "disputes.\n",
                    way=Way.EMAIL.value,
                    attached=f"{week} {page}".strip(),
                )


def _write(
    w: Writing,
    way: Way,
    late: Late,
    people: tuple[Rep, ...],
    where: dict[str, str],
    subject: str,
    body: str,
) -> None:
    end = "" if way is Way.EMAIL else f":{way.value}"
    for rep in people:
        if rep.id in where:
            outbox.put(
                w,
                id=new_id(),
                dedupe_key=f"{late.key}:{rep.id}{end}",
                rep_id=rep.id,
                to_address=where[rep.id],
                to_name=rep.name,
                subject=subject,
                body=body,
                way=way.value,
            )


def _is_sent_here(w: Writing, way: Way) -> bool:
    lease = leases.lease(w, LEASES[way])
    if lease is None:
        return False
    return (leases.time(w) or w.now) - lease.renewed_at < timedelta(seconds=RECENT_S)


def take(w: Writing, command: c.TakeMessage) -> c.Taken:
    """Begin the next try. Raises LeaseLost."""
    if command.way not in LEASES:
        return c.Taken()
    if not command.epoch or not leases.fence(w, LEASES[command.way], command.epoch):
        raise LeaseLost("Another program sends this floor's messages now.", "Not the sender")
    found = outbox.due(w, command.way.value)
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
        way=command.way,
        attached=found.attached,
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
    name, what = _GIVEN_UP[Way(message.way)]
    set_alarm(w, c.SetAlarm(name=name, text=f"{what} to {message.to_name} was given up: {why}"))
