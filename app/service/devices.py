"""Letting computers in: invitations, joining, and the tokens that they show from then on.

A person who leads invites for those below them, an owner for everybody: whoever holds an invitation becomes that
person, so nobody may make one for somebody who may do more. An invitation that was used, has expired or never
was is answered with one and the same sentence.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.clock import new_id
from app.domain.commands import (
    Invited,
    InviteDesk,
    Joined,
    JoinFloor,
    Made,
    RenameDevice,
    RenewToken,
    RevokeDevice,
)
from app.domain.device import MOST_HOURS, Device, Invitation, is_digest, secret_sha256
from app.domain.errors import NotAllowed, NotFound, Refused
from app.domain.events import DeskInvited, DeskJoined, DeskRenamed, DeskRevoked
from app.domain.lead import Rep
from app.domain.roles import LETS_IN
from app.service.people import name_given, viewer
from app.store import devices as rows
from app.store.writing import Writing

NO_INVITATION = "This invitation is not good, or no longer. Ask for a new one."


def invite(w: Writing, command: InviteDesk) -> Invited:
    rep = _active(w, command.rep_id)
    _check_may_let_in(w, rep)
    if not 1 <= command.hours <= MOST_HOURS:
        raise Refused(f"An invitation is good for 1 to {MOST_HOURS} hours.", "Not invited")
    _check_new(w, command.secret_sha256)
    invitation = Invitation(
        id=new_id(),
        rep_id=rep.id,
        made_at=w.now,
        made_by=w.actor,
        expires_at=w.now + timedelta(hours=command.hours),
    )
    rows.invite(w, invitation, command.secret_sha256)
    w.record(DeskInvited(rep_id=rep.id, rep_name=rep.name, expires_at=invitation.expires_at))
    return Invited(invitation_id=invitation.id, expires_at=invitation.expires_at)


def join(w: Writing, command: JoinFloor) -> Joined:
    name = name_given(command.device, "Say what this computer is to be called, in 1 to 200 letters.")
    _check_new(w, command.token_sha256)
    device_id = new_id()
    rep_id = rows.use_invitation(w, secret_sha256(command.secret), device_id)
    rep = next((rep for rep in w.reps() if rep.id == rep_id and rep.active), None)
    if rep is None:
        raise NotAllowed(NO_INVITATION, "Not joined")
    device = Device(id=device_id, rep_id=rep.id, name=name, joined_at=w.now, seen_at=w.now)
    rows.add_device(w, device, command.token_sha256)
    w.record(DeskJoined(rep_id=rep.id, rep_name=rep.name, device_id=device_id, device=name))
    floor = w.floor_row()
    return Joined(
        device_id=device_id, rep_id=rep.id, rep_name=rep.name, floor_id=floor.id, floor_name=floor.name
    )


def renew(w: Writing, command: RenewToken) -> Made:
    device = _let_in(w, command.device_id)
    if device.rep_id != w.actor:
        raise NotFound(_UNKNOWN)
    _check_new(w, command.token_sha256)
    rows.renew_token(w, device.id, command.token_sha256)
    return Made(id=device.id)


def rename(w: Writing, command: RenameDevice) -> Made:
    device = _let_in(w, command.device_id)
    _check_mine_or_below(w, device)
    name = name_given(command.name)
    if name != device.name:
        rows.save_device(w, replace(device, name=name))
        w.record(DeskRenamed(rep_id=device.rep_id, device_id=device.id, device=name, was=device.name))
    return Made(id=device.id)


def revoke(w: Writing, command: RevokeDevice) -> Made:
    device = rows.device_for_change(w, command.device_id)
    if device is None:
        raise NotFound(_UNKNOWN)
    _check_mine_or_below(w, device)
    if device.revoked_at is None:
        _revoke(w, device, " ".join(command.why.split())[:200])
    return Made(id=device.id)


def revoke_all(w: Writing, rep_id: str, why: str) -> None:
    """Let none of a person's computers in any more."""
    for device in rows.devices(w, rep_id):
        if device.revoked_at is None:
            _revoke(w, device, why)


def _revoke(w: Writing, device: Device, why: str) -> None:
    rows.save_device(w, replace(device, revoked_at=w.now))
    rep_name = next((rep.name for rep in w.reps() if rep.id == device.rep_id), "")
    w.record(
        DeskRevoked(rep_id=device.rep_id, rep_name=rep_name, device_id=device.id, device=device.name, why=why)
    )


_UNKNOWN = "That computer is not on this floor."


def _let_in(w: Writing, device_id: str) -> Device:
    device = rows.device_for_change(w, device_id)
    if device is None or device.revoked_at is not None:
        raise NotFound(_UNKNOWN)
    return device


def _active(w: Writing, rep_id: str) -> Rep:
    rep = next((rep for rep in w.reps() if rep.id == rep_id and rep.active), None)
    if rep is None:
        raise NotFound("That rep is not on this floor.")
    return rep


def _check_new(w: Writing, digest: str) -> None:
    """A secret or token is used once, and its hash is a hash."""
    if not is_digest(digest) or rows.is_taken(w, digest):
        raise Refused("Something of this request is missing or was used before. Please try again.")


def _check_mine_or_below(w: Writing, device: Device) -> None:
    if device.rep_id != w.actor:
        owner = next((rep for rep in w.reps() if rep.id == device.rep_id), None)
        if owner is not None:
            _check_may_let_in(w, owner)


def _check_may_let_in(w: Writing, rep: Rep) -> None:
    """Raise NotAllowed if whoever asks may not decide on somebody's computers."""
    who = viewer(w, w.actor)
    if rep.id != who.actor and rep.role not in LETS_IN.get(who.standing, ()):
        raise NotAllowed(f"Whose computers work for {rep.name} is for somebody above them to say.")
