"""`main.py invite NAME`: an invitation for a computer of somebody's, as a link and as a QR code in the terminal.

On a desk that joined a floor it is asked of the floor's server, as the person who sits there. Where the floor itself
lies or is reached, this terminal makes it as its admin, and says where the server is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from getpass import getpass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from app import settings as profile
from app.domain.commands import InviteDesk
from app.domain.device import HOURS, new_secret, secret_sha256
from app.domain.errors import NeedsPassword, NotFound, Refused
from app.domain.lead import Rep
from app.floor.discovery import own_addresses
from app.floor.link import PORT, JoinLink, address_of, format_link

if TYPE_CHECKING:
    from app.floor.local import LocalFloor
    from app.floor.remote import RemoteFloor
    from app.floor.seat import OpenSeat

    Open = Callable[[], AbstractContextManager[LocalFloor]]


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the program's parser."""
    parser = subparsers.add_parser(
        "invite",
        help="invite a person’s computer to a floor that has a server",
        description="Print an invitation for one computer of a person: a link, good once, and its QR code. "
        "One that was made before and not used is void.",
    )
    parser.add_argument("name", metavar="NAME", help="who will work at that computer; as on the Team screen")
    parser.add_argument(
        "--hours", type=int, default=HOURS, metavar="N", help="how long it is good (%(default)s)"
    )
    parser.add_argument(
        "--server",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="where the server is; of several say each (this computer)",
    )
    parser.add_argument(
        "--cert", type=Path, metavar="FILE", help="the server's certificate (this computer's)"
    )
    return parser


def run(args: argparse.Namespace, address: str, open_floor: Open) -> int:
    """Print the invitation; the exit code. Raises AppError when there can be none."""
    if profile.is_served(address):
        seat = _seat(address)
        try:
            link = _invite(args, seat.floor, seat.seat.addresses, seat.seat.pins)
        finally:
            seat.close()
    else:
        servers = tuple(map(address_of, args.server)) or tuple(f"{ip}:{PORT}" for ip in own_addresses())
        pin = _pin(args.cert)
        with open_floor() as floor:
            link = _invite(args, floor, servers[:8], (pin,))
    _say(f"For a computer of {args.name}, good once and for {args.hours} hours:\n\n{link}\n")
    if sys.stdout.isatty():
        _say(_code(link))
    return 0


def _seat(address: str) -> OpenSeat:
    from app.floor.seat import OpenSeat

    try:
        return OpenSeat(address)
    except NeedsPassword:
        if not sys.stdin.isatty():
            raise
    return OpenSeat(address, getpass("Passphrase of this desk: "))


def _invite(
    args: argparse.Namespace,
    floor: LocalFloor | RemoteFloor,
    addresses: tuple[str, ...],
    pins: tuple[str, ...],
) -> str:
    rep = _person(floor.reps(), args.name)
    secret = new_secret()
    floor.do(InviteDesk(rep_id=rep.id, secret_sha256=secret_sha256(secret), hours=args.hours))
    return format_link(JoinLink(addresses=addresses, pins=pins, secret=secret))


def _person(reps: tuple[Rep, ...], name: str) -> Rep:
    """Who is meant: the one of that name, or whose name begins so, if it is one."""
    told = " ".join(name.split()).casefold()
    active = [rep for rep in reps if rep.active]
    exact = [rep for rep in active if rep.name.casefold() == told]
    found = exact or [rep for rep in active if told and rep.name.casefold().startswith(told)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(rep.name for rep in (found or active)[:10])
    if found:
        raise Refused(f"That may be several people: {names}. Say the whole name.", "Who is that?")
    raise NotFound(f"Nobody of that name works on this floor. There are: {names or 'nobody'}.")


def _pin(certificate: Path | None) -> str:
    """Of the server's key."""
    from app.server.certificate import CERTIFICATE, KEY, given_certificate

    path = certificate or profile.home() / CERTIFICATE
    if not path.exists():
        raise Refused(
            "This computer has no server's key yet: start “main.py serve” once, say --cert, or invite from the "
            "Team screen of a desk that has joined.",
            "Not invited",
        )
    return given_certificate(path, path.with_name(KEY)).pin


def _code(link: str) -> str:
    """The QR code of a link, for a terminal of any colours."""
    import segno

    drawn = StringIO()
    segno.make(link, error="l", micro=False).terminal(drawn, compact=True)
    return drawn.getvalue()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
