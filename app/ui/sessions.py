"""What `boot` gives a window: a floor that can be shown, and the ways to open one, unless another window has it.

And who sits at it, and whether a floor can be started here at all.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.address import database_of, is_file, is_postgresql, parted
from app.clock import Clock
from app.domain.errors import AppError, Unavailable
from app.settings import Seat
from app.store.place import FloorInUse, FloorLock

if TYPE_CHECKING:
    from app.domain.lead import Rep
    from app.floor.floor import Floor
    from app.floor.local import LocalFloor
    from app.floor.opening import OpeningFloor
    from app.floor.remote import RemoteFloor
    from app.workers.backups import Backups

_log = logging.getLogger(__name__)


class OpenSession(Protocol):
    """A floor that can be shown; `complete` gives all of it."""

    address: str
    told: str
    """The address with its password, where one was told."""
    clock: Clock
    capture_url: str
    me: str
    """Who sits here, where the floor itself says so."""
    seat: Seat | None
    """This desk's place on a floor behind a server."""

    door: Floor
    """The floor as the person at this desk has it, once `sit` has been called."""

    @property
    def floor(self) -> LocalFloor | OpeningFloor | RemoteFloor: ...
    def sit(self, me: str) -> None: ...
    def complete(self) -> WholeSession: ...
    def close(self) -> None: ...


class WholeSession(OpenSession, Protocol):
    """An open floor with everything that can be started beside it."""

    def serve_capture(self, port: int) -> str: ...
    def back_up(self) -> Backups | None: ...


OpenFloor = Callable[[str], OpenSession]
OpenPractice = Callable[[int, float], tuple[OpenSession, str]]
NewFloor = Callable[[str, str, str, str], str]
"""(address, floor name, rep name, country) to the id of its first person."""
JoinFloor = Callable[[str, str, str], OpenSession]
"""(link or server's address, secret, passphrase) to the floor that was joined."""


def who_sits(session: OpenSession, reps: Sequence[Rep], kept: str) -> str:
    """Who sits here, of the people of the floor; "" where that has to be asked. `kept` is who sat here before.

    Raises Unavailable, with the session closed, where nobody can.
    """
    ids = {rep.id for rep in reps}
    mine = session.floor.my_rep()
    if mine is not None and mine not in ids:
        session.close()
        raise Unavailable(
            "You no longer work on this floor. An admin can bring you back.", "Not on this floor"
        )
    kept = mine or kept
    if kept in ids:
        return kept
    if is_postgresql(session.address):
        return ""
    owners = [rep for rep in reps if rep.role.value == "owner"]
    if not reps:
        session.close()
        raise Unavailable("Nobody works on this floor yet; it was not started from Firstring.")
    return (owners or reps)[0].id


def sit_down(session: OpenSession, rep_id: str, name: str) -> str:
    """Who said that they sit here, somebody of the floor or, with "" for the id, somebody new; their id. Raises
    AppError, with the session closed."""
    from app.domain.commands import AddRep
    from app.domain.lead import Role

    try:
        me: str = rep_id or session.floor.do(AddRep(name=name, role=Role.REP)).value.id
        session.sit(me)
    except AppError:
        session.close()
        raise
    return me


def place_of(session: OpenSession) -> str:
    """What the foot of the window calls the floor's place; "" for this computer."""
    if session.seat is not None:
        return session.seat.floor_name
    return database_of(session.address) if is_postgresql(session.address) else ""


def free_place(wanted: str) -> str:
    """A file for a new floor; one that is there is never touched."""
    path, number = Path(wanted), 2
    while path.exists():
        path = Path(wanted).with_stem(f"{Path(wanted).stem}-{number}")
        number += 1
    return str(path)


def raised(address: str) -> bool:
    """Whether another window has this floor open and came to the front; FloorInUse if it did not come."""
    if not is_file(address):  # two windows of one person would want the same file for unsent work
        return _knocked(parted(address)[0])
    if not Path(address).is_file():
        return False
    lock = FloorLock(Path(address))
    try:
        lock.take()
    except FloorInUse:
        if _knocked(address):
            return True
        raise
    except AppError:
        return False  # opening says it better
    lock.release()
    return False


def _knocked(address: str) -> bool:
    from app.ui.single import knock

    if not knock(address):
        return False
    print("Firstring is open already; its window was raised.", file=sys.stderr)  # noqa: T201
    return True


def place_trouble(wanted: str) -> str:
    """Why no floor can be started in the data folder, said on the terminal too; "" when one can."""
    from app.store.place import check_place

    try:
        check_place(Path(wanted))
    except AppError as error:
        print(f"firstring: {error.message}", file=sys.stderr)  # noqa: T201
        return error.message
    return ""


def tried(work: Callable[[], object], failed: Callable[[AppError], object]) -> bool:
    """Do a part of the opening of a floor; whether it was done. `failed` hears what went wrong."""
    try:
        work()
    except AppError as error:
        failed(error)
    except Exception:  # noqa: BLE001 - whatever it is, the window must say so
        _log.exception("the floor could not be opened")
        failed(Unavailable("Firstring made a mistake while opening the floor; the log says where."))
    else:
        return True
    return False
