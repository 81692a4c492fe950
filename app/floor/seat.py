"""This desk's seat on a floor behind a server: taken with an invitation, opened at each start, kept fresh.

What proves that it is this desk is its token. It lies in the system's keyring; where there is none that is safe,
in a file that a passphrase opens, asked for at each start. Nothing here runs on the window's thread.

A token is changed for a new one once a day. Both lie in the keyring while that happens, so that whenever the
program dies or the line breaks the one that is in force is there. Then the newer is shown first: one that is not in
force yet does no harm, while a token that was changed a minute ago looks like a thief's.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from app import secret
from app import settings as profile
from app.clock import Clock
from app.domain.commands import RenewToken
from app.domain.device import new_token, token_sha256
from app.domain.errors import AppError, NeedsPassword, NotAllowed, Refused, Unavailable
from app.floor import joining, sealed
from app.floor.link import JoinLink
from app.floor.remote import RemoteFloor
from app.settings import SERVED, Seat

__all__ = ["RENEW_AFTER", "OpenSeat", "take_seat"]

RENEW_AFTER = timedelta(days=1)
_log = logging.getLogger(__name__)


class _Safe:
    """Where the token of one floor lies."""

    def __init__(self, address: str, passphrase: str = "") -> None:
        self._address = address
        self._passphrase = passphrase

    @property
    def _file(self) -> Path:
        return profile.seat_file(self._address, ".sealed")

    def read(self) -> list[str]:
        """The token, and the one that was about to take its place; nothing when none is kept. Raises NeedsPassword."""
        if not self._file.exists():
            return secret.look_up(self._address).split()
        if not self._passphrase:
            raise NeedsPassword("This computer has no safe keyring. Say this desk’s passphrase.")
        return sealed.unseal(self._file, self._passphrase).split()

    def write(self, *tokens: str) -> None:
        """Keep these and forget what was there. Raises NeedsPassword where a passphrase has to be chosen first."""
        told = " ".join(tokens)
        if self._passphrase:
            sealed.seal(self._file, told, self._passphrase)
            return
        if not secret.keep(self._address, told):
            raise NeedsPassword(
                "This computer has no safe keyring, so choose a passphrase of at least "
                f"{sealed.SHORTEST} letters. It is asked for at each start."
            )
        self._file.unlink(missing_ok=True)


def take_seat(link: JoinLink, device: str, passphrase: str, now: datetime) -> tuple[str, Seat]:
    """Join with an invitation; the floor's address from then on, and the seat.

    That the token can be kept is seen before the invitation is used. Raises NeedsPassword where the system has no
    safe keyring and no passphrase was given, and whatever joining raises.
    """
    if passphrase and len(passphrase) < sealed.SHORTEST:
        raise NeedsPassword(f"A passphrase has at least {sealed.SHORTEST} letters.", refused=True)
    token = new_token()
    draft = _Safe(SERVED + "joining", passphrase)
    draft.write(token)
    try:
        joined = joining.join(link, device, token)
    finally:
        secret.forget(SERVED + "joining")
        profile.seat_file(SERVED + "joining", ".sealed").unlink(missing_ok=True)
    address = SERVED + joined.floor_id
    seat = Seat(
        addresses=link.addresses,
        pins=link.pins,
        device_id=joined.device_id,
        rep_id=joined.rep_id,
        floor_name=joined.floor_name,
        renewed_at=now,
    )
    try:
        _Safe(address, passphrase).write(token)
        profile.write_seat(address, seat)
    except OSError as error:
        raise Unavailable(
            f"Nothing can be kept in {profile.home()} ({error.strerror or error}).", "Not joined"
        ) from error
    return address, seat


class OpenSeat:
    """A floor behind a server, opened with the token that this desk keeps."""

    def __init__(self, address: str, passphrase: str = "") -> None:
        """Raises NeedsPassword, or Refused where this desk has no seat (any more)."""
        seat = profile.read_seat(address)
        safe = _Safe(address, passphrase)
        tokens = safe.read() if seat is not None else []
        if seat is None or not tokens:
            raise Refused("This desk has not joined that floor. Ask for an invitation.", "Not joined")
        self.address = address
        self.seat = seat
        self._safe = safe
        self._token = tokens[-1]
        self._older = tokens[0] if len(tokens) > 1 else ""
        """The token before, as long as it is not known which of the two is in force."""
        servers = [f"https://{server}" for server in seat.addresses]
        self.floor = RemoteFloor(servers, self._token, seat.pins)
        try:
            self.settle()
        except AppError as error:
            _log.info("which token is in force is not known yet: %s", error.message)

    @property
    def unsettled(self) -> bool:
        """Whether it is still to be found out which of two tokens is in force."""
        return bool(self._older)

    def settle(self) -> None:
        """Find out which token is in force, where that is not known. Raises Unavailable."""
        if not self._older:
            return
        try:
            self.floor.me()
        except NotAllowed:
            self._token = self._older
            self.floor.use_token(self._token)
        self._older = ""
        self._safe.write(self._token)

    def renew_when_due(self, clock: Clock) -> bool:
        """Change the token if it is a day old; whether it was. Raises AppError; there is no harm in trying again."""
        self.settle()
        now = clock.now()
        if timedelta(0) <= now - self.seat.renewed_at < RENEW_AFTER:
            return False
        token = new_token()
        self._safe.write(self._token, token)
        try:
            self.floor.do(RenewToken(device_id=self.seat.device_id, token_sha256=token_sha256(token)))
        except Refused:
            self._safe.write(self._token)
            raise
        except AppError:  # it may have been done all the same
            self._older, self._token = self._token, token
            self.floor.use_token(token)
            raise
        self._token = token
        self.floor.use_token(token)
        self._safe.write(token)
        self.seat = replace(self.seat, renewed_at=now)
        try:
            profile.write_seat(self.address, self.seat)
        except OSError as error:
            _log.warning("when the token was changed can't be kept: %s", error)
        return True

    def close(self) -> None:
        self.floor.close()
