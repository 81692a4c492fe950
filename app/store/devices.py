"""Rows of the computers that are let in, and of the invitations by which they came."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from app.domain.device import Device, Invitation
from app.store import tables as t
from app.store.reading import Reading
from app.store.writing import Writing

_DEVICE = tuple(t.devices.c[field.name] for field in dataclasses.fields(Device))
_INVITATION = tuple(t.invites.c[field.name] for field in dataclasses.fields(Invitation))
_UNUSED = t.invites.c.used_at.is_(None)
_SHOWN = (t.devices.c.spent, t.devices.c.renewed_at, t.devices.c.seen_at, t.devices.c.rep_id, t.devices.c.id)
_LET_IN = (
    select(*_SHOWN)
    .join(t.reps, t.reps.c.id == t.devices.c.rep_id)
    .where(t.devices.c.revoked_at.is_(None), t.reps.c.active)
)
_BY_TOKEN = _LET_IN.where(t.devices.c.token == bindparam("digest"))
_BY_SPENT = _LET_IN.where(t.devices.c.spent == bindparam("digest"), t.devices.c.spent != "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A computer that showed a token."""

    device_id: str
    rep_id: str
    seen_at: datetime
    spent_at: datetime | None
    """When the token was changed for another; None for the one in force."""


def shown(r: Reading, digest: str) -> Shown | None:
    """Whose token that is, if it is let in; of a spent one too."""
    for query in (_BY_TOKEN, _BY_SPENT):
        row = r.db.execute(query, {"digest": digest}).first()
        if row is not None:
            spent_at = row.renewed_at if query is _BY_SPENT else None
            return Shown(device_id=row.id, rep_id=row.rep_id, seen_at=row.seen_at, spent_at=spent_at)
    return None


def devices(r: Reading, rep_id: str = "") -> tuple[Device, ...]:
    """The computers of a person, or of everybody, last seen first."""
    query = select(*_DEVICE).order_by(t.devices.c.seen_at.desc(), t.devices.c.id)
    if rep_id:
        query = query.where(t.devices.c.rep_id == rep_id)
    return tuple(Device(**row._mapping) for row in r.db.execute(query))


def invitations(r: Reading, rep_id: str = "") -> tuple[Invitation, ...]:
    """The invitations of a person, or of everybody, that nobody has used."""
    query = select(*_INVITATION).where(_UNUSED).order_by(t.invites.c.made_at.desc(), t.invites.c.id)
    if rep_id:
        query = query.where(t.invites.c.rep_id == rep_id)
    return tuple(Invitation(**row._mapping) for row in r.db.execute(query))


def open_secrets(r: Reading, now: datetime) -> tuple[str, ...]:
    """The hashes of the secrets by which somebody may join now."""
    query = select(t.invites.c.secret).where(_UNUSED, t.invites.c.expires_at > now)
    return tuple(r.db.execute(query).scalars())


def is_taken(r: Reading, digest: str) -> bool:
    """Whether a secret or a token of this hash was given to a floor before."""
    tokens = select(t.devices.c.id).where((t.devices.c.token == digest) | (t.devices.c.spent == digest))
    secrets = select(t.invites.c.id).where(t.invites.c.secret == digest)
    return any(r.db.execute(query).first() is not None for query in (tokens, secrets))


def invite(w: Writing, invitation: Invitation, digest: str) -> None:
    """Keep an invitation, and none of that person's that is still unused."""
    w.db.execute(delete(t.invites).where(t.invites.c.rep_id == invitation.rep_id, _UNUSED))
    w.db.execute(insert(t.invites).values(**dataclasses.asdict(invitation), secret=digest))


def use_invitation(w: Writing, digest: str, device_id: str) -> str:
    """Use up the invitation of a secret, once; whose it is, or "" if there is none that is good now."""
    good = t.invites.c.secret == digest, _UNUSED, t.invites.c.expires_at > w.now
    rep_id = w.db.execute(select(t.invites.c.rep_id).where(*good).with_for_update()).scalar()
    if rep_id is None:
        return ""
    used = update(t.invites).where(*good).values(used_at=w.now, device_id=device_id)
    return str(rep_id) if w.db.execute(used).rowcount == 1 else ""


def add_device(w: Writing, device: Device, digest: str) -> None:
    w.db.execute(insert(t.devices).values(**dataclasses.asdict(device), token=digest, renewed_at=w.now))


def device_for_change(w: Writing, device_id: str) -> Device | None:
    """The computer, locked until the transaction ends."""
    row = w.db.execute(select(*_DEVICE).where(t.devices.c.id == device_id).with_for_update()).first()
    return None if row is None else Device(**row._mapping)


def save_device(w: Writing, device: Device) -> None:
    values = dataclasses.asdict(device)
    w.db.execute(update(t.devices).where(t.devices.c.id == values.pop("id")).values(**values))


def renew_token(w: Writing, device_id: str, digest: str) -> None:
    """Put a new token in force; the one before it is spent."""
    change = update(t.devices).where(t.devices.c.id == device_id)
    w.db.execute(change.values(spent=t.devices.c.token, token=digest, renewed_at=w.now))


def saw(w: Writing, device_id: str) -> None:
    w.db.execute(update(t.devices).where(t.devices.c.id == device_id).values(seen_at=w.now))
