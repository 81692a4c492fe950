"""Who keeps the floor: one program at a time holds the lease, and says so again every few seconds."""

from __future__ import annotations

from datetime import datetime

from app.domain import commands as c
from app.domain.commands import KEEPING
from app.domain.errors import LeaseLost, Refused
from app.domain.questions import Keeping, WhoKeeps
from app.store import leases
from app.store.reading import Reading
from app.store.writing import Writing

_LONGEST = 3600.0
"""Seconds that a lease may be asked for."""


def hold(w: Writing, command: c.HoldLease) -> c.Held:
    """Take or renew the lease; an answer with epoch 0 says that somebody else holds it."""
    if not command.holder or not 0 < command.seconds <= _LONGEST:
        raise Refused("A lease needs a holder and a time of up to an hour.")
    lease, left = leases.hold(
        w,
        command.name,
        command.holder,
        place=command.place,
        seconds=command.seconds,
        rank=command.rank,
        is_alone=command.is_alone,
    )
    return c.Held(epoch=lease.epoch if lease.holder == command.holder else 0, for_seconds=left)


def resign(w: Writing, command: c.ResignLease) -> c.Made:
    """Let the next one keep the floor at once."""
    leases.resign(w, command.name, command.holder)
    return c.Made(id=command.name)


def check_lease(w: Writing, epoch: int) -> None:
    """Raise LeaseLost unless the keeper of this epoch still keeps the floor, and goes on to until the commit."""
    if not leases.fence(w, KEEPING, epoch):
        raise LeaseLost("Another program keeps this floor's clocks now.", "Not the keeper")


def who_keeps(r: Reading, _question: WhoKeeps) -> Keeping:
    """Which computer keeps the clocks."""
    lease = leases.lease(r, KEEPING)
    if lease is None:
        return Keeping()
    return Keeping(place=lease.place, epoch=lease.epoch, renewed_at=lease.renewed_at)


def is_paused(r: Reading, now: datetime, seconds: float) -> tuple[bool, float]:
    """Whether no keeper was heard of for so long; and the seconds from now at which that would be so.

    `now` is for a file, which has no clock of its own. A floor that never had a keeper is not paused.
    """
    lease = leases.lease(r, KEEPING)
    if lease is None:
        return False, seconds
    left = seconds - ((leases.time(r) or now) - lease.renewed_at).total_seconds()
    return left <= 0, left
