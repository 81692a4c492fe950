"""Letting a computer in, in one line of a test."""

from __future__ import annotations

from app.domain.commands import InviteDesk, JoinFloor
from app.domain.device import new_secret, new_token, secret_sha256, token_sha256
from tests.floor.stand import Stand


def invited(stand: Stand, rep_id: str, *, by: str = "admin", hours: int = 24) -> str:
    """Invite a person; the secret."""
    secret = new_secret()
    command = InviteDesk(rep_id=rep_id, secret_sha256=secret_sha256(secret), hours=hours)
    stand.by(by).do(command)
    return secret


def join(secret: str, token: str = "", device: str = "Laptop") -> JoinFloor:
    return JoinFloor(secret=secret, device=device, token_sha256=token_sha256(token or new_token()))


def joined(stand: Stand, rep_id: str, token: str = "") -> str:
    """A computer of a person's; its id."""
    return stand.by("joining").do(join(invited(stand, rep_id), token)).value.device_id
