"""This desk at a floor behind a server: what is open while it is, and what works for it."""

from __future__ import annotations

import platform
from datetime import datetime
from typing import TYPE_CHECKING

from app.clock import Clock
from app.floor.floor import Floor
from app.floor.joining import link_by_hand
from app.floor.link import address_of, is_link, read_link
from app.floor.remote import RemoteFloor
from app.floor.seat import OpenSeat, take_seat
from app.settings import Seat
from app.workers.renewing import Renewing

if TYPE_CHECKING:
    from app.floor.offline import OfflineFloor


def join(where: str, word: str, passphrase: str, now: datetime) -> str:
    """Join by a link, or by a server's address and the secret `word`; the floor's address from then on. Raises
    AppError with a clear sentence."""
    link = read_link(where) if is_link(where) else link_by_hand(address_of(where), word)
    device = platform.node() or platform.system() or "Desk"
    return take_seat(link, device, passphrase, now)[0]


class Seated:
    """An open floor that a server keeps: its clocks, its captures and its database are the server's."""

    capture_url = ""

    def __init__(self, address: str, passphrase: str = "") -> None:
        """Open the floor of an address like firstring://ID with the token that this desk keeps; waits for no
        server. Raises NeedsPassword for a passphrase, or Refused where this desk has not joined."""
        seat = OpenSeat(address, passphrase)
        self.address = self.told = address
        self.me = seat.seat.rep_id
        self.seat: Seat | None = seat.seat
        self.floor: RemoteFloor = seat.floor
        self.clock: Clock = seat.floor.clock
        self.door: Floor = seat.floor
        self._offline: OfflineFloor | None = None
        self._renewing = Renewing(seat, self.clock)
        self._renewing.start()

    def sit(self, me: str) -> None:
        """Open the floor's `door`; while it is away, their work is kept on this computer."""
        from app.floor.offline import OfflineFloor
        from app.store.journal import journal_of

        self._offline = OfflineFloor(self.floor, journal_of(self.address, me), self.clock, me)
        self.door = self._offline

    def complete(self) -> Seated:
        """This one: it was opened whole."""
        return self

    def serve_capture(self, port: int) -> str:
        """Nothing: the server does."""
        return ""

    def back_up(self) -> None:
        """Nothing: the server does."""

    def close(self) -> None:
        if self._offline is not None:
            self._offline.close()
        self.floor.close()
        self._renewing.stop()
