"""Log this computer out of a floor: what lets it in is removed, and the PIN last.

Work that the floor does not have yet stays, for when the same person joins again. Nobody tells the floor: what was
removed here was nowhere else, and the floor's list of computers shows this one until somebody revokes it.
"""

from __future__ import annotations

from app import secret
from app import settings as profile
from app.address import is_file, parted
from app.domain.errors import Unavailable
from app.floor.pin import pin_of

__all__ = ["leave"]


def leave(address: str) -> None:
    """Forget token, seat, password and PIN for the floor of an address; of a file the PIN alone, since whoever has
    the file needs nothing else. May wait for a keyring. Raises Unavailable where something can't be removed."""
    if not is_file(address):
        secret.forget(parted(address)[0])
    if profile.is_served(address):
        for ending in (".sealed", ".json"):
            path = profile.seat_file(address, ending)
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise Unavailable(
                    f"{path} can't be removed ({error.strerror or error}).", "Not logged out"
                ) from error
    pin_of(address).remove()
