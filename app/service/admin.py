"""The floor's own affairs: people, ways in, alarms."""

from __future__ import annotations

import secrets
from dataclasses import replace

from app.clock import new_id
from app.domain import signing
from app.domain.commands import (
    AddRep,
    AddSource,
    ChangeRep,
    ChangeSource,
    ClearAlarm,
    Made,
    SetAlarm,
)
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.events import (
    AlarmCleared,
    AlarmRaised,
    RepAdded,
    RepChanged,
    SourceAdded,
    SourceChanged,
)
from app.domain.lead import Alarm, Rep, RepStatus, Role, Source
from app.domain.roles import authorise_giving
from app.service.devices import revoke_all
from app.service.people import name_given, viewer
from app.store.writing import Writing


def add_rep(w: Writing, command: AddRep) -> Made:
    """Somebody new, in a role that whoever asks may give."""
    authorise_giving(viewer(w, w.actor).standing, command.role)
    rep = Rep(
        id=new_id(),
        name=name_given(command.name),
        role=command.role,
        status=RepStatus.AWAY,
        status_since=w.now,
    )
    turns = [other.turn for other in w.reps()]
    w.add_rep(replace(rep, turn=max(turns, default=0)))
    w.record(RepAdded(rep_id=rep.id, name=rep.name, role=rep.role))
    return Made(id=rep.id)


def change_rep(w: Writing, command: ChangeRep) -> Made:
    """Rename, give another role, retire or bring back. A floor keeps at least one owner.

    Nobody but an owner changes their own role, and nobody gives a role that is more than their own. Who retires
    takes their computers along: they are not let in again if the person comes back.
    """
    who = viewer(w, w.actor)
    reps = w.reps()
    rep = next((rep for rep in reps if rep.id == command.rep_id), None)
    if rep is None:
        raise NotFound("That rep is not on this floor.")
    authorise_giving(who.standing, rep.role, command.role)
    if rep.id == who.actor and rep.role not in (command.role, Role.OWNER):
        raise NotAllowed("Your own role is changed by somebody else.", "Not yours to do")
    newer = replace(rep, name=name_given(command.name), role=command.role, active=command.active)
    owners = [newer if other.id == rep.id else other for other in reps]
    if not any(other.active and other.role == Role.OWNER for other in owners):
        raise Refused("A floor needs an owner. Make somebody else owner first.", "The last owner")
    w.save_rep(newer if newer.active else replace(newer, status=RepStatus.AWAY, status_since=w.now))
    w.record(RepChanged(rep_id=rep.id, name=newer.name, active=newer.active, role=newer.role))
    if not newer.active:
        revoke_all(w, rep.id, "the person has left the floor")
    return Made(id=rep.id)


def add_source(w: Writing, command: AddSource) -> Made:
    """A new way in, with a key nobody can guess (144 bits)."""
    source = Source(
        id=new_id(),
        key=secrets.token_urlsafe(18),
        name=name_given(command.name),
        channel=command.channel,
        secret=_secret_given(command.secret, command.channel),
        other_secret=_secret_given(command.other_secret, command.channel),
        created_at=w.now,
    )
    w.save_source(source, new=True)
    w.record(SourceAdded(source_id=source.id, name=source.name, channel=source.channel))
    return Made(id=source.id)


def change_source(w: Writing, command: ChangeSource) -> Made:
    source = w.source(command.source_id)
    if source is None:
        raise NotFound("That way in is not on this floor.")
    if not 1 <= command.per_minute <= 100_000:
        raise Refused("Take between 1 and 100,000 inquiries a minute.", "Not changed")
    newer = replace(
        source,
        name=name_given(command.name),
        secret=_secret_given(command.secret, source.channel),
        other_secret=_secret_given(command.other_secret, source.channel),
        per_minute=command.per_minute,
        active=command.active,
    )
    w.save_source(newer)
    w.record(SourceChanged(source_id=newer.id, name=newer.name, active=newer.active))
    return Made(id=newer.id)


def _secret_given(text: str, channel: str) -> str:
    """A way in's secret as it is kept; refused where it is signed with and could be guessed."""
    secret = text.strip()
    if secret and channel in signing.SIGNED and len(secret) < signing.SHORTEST:
        raise Refused(f"A secret to sign with has {signing.SHORTEST} characters or more.", "Too short")
    return secret


def clear_alarm(w: Writing, command: ClearAlarm) -> Made:
    alarm = w.clear_alarm(command.alarm_id)
    if alarm is not None:
        w.record(AlarmCleared(name=alarm.name, why=command.why.strip() or "seen to"), alarm.lead_id)
    return Made(id=command.alarm_id)


def set_alarm(w: Writing, command: SetAlarm) -> Made:
    """Raise the floor's own alarm of a name, or clear it; its id, "" where there was none to clear."""
    standing = next((alarm for alarm in w.alarms() if alarm.name == command.name and not alarm.lead_id), None)
    text = " ".join(command.text.split())
    if standing is not None and standing.text != text:
        w.clear_alarm(standing.id)
        w.record(
            AlarmCleared(name=standing.name, why="it says something else now" if text else "it is well again")
        )
    if not text or (standing is not None and standing.text == text):
        return Made(id="" if standing is None else standing.id)
    alarm = Alarm(id=new_id(), name=command.name, lead_id="", text=text, raised_at=w.now)
    w.add_alarm(alarm)
    w.record(AlarmRaised(name=alarm.name, text=text))
    return Made(id=alarm.id)
