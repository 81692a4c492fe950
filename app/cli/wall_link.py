"""`main.py wall-link`: a link by which a television shows the wallboard, where the floor has a server.

It is made, listed and taken back on the server's computer: there lies the key that signs it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from app import settings as profile
from app.clock import SystemClock
from app.domain.errors import Refused
from app.domain.questions import FloorFacts
from app.floor.discovery import own_addresses
from app.floor.link import PORT, address_of
from app.floor.wall_links import WallLinks

if TYPE_CHECKING:
    from app.floor.local import LocalFloor

DAYS = 90


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the program's parser."""
    parser = subparsers.add_parser(
        "wall-link",
        help="a link by which a television shows the wallboard of a floor that has a server",
        description="Print a link to the wallboard for a browser: read only, until its end or until it is revoked. "
        "To be said on the server's computer.",
    )
    parser.add_argument("--name", default="", help="where it hangs: Hall")
    parser.add_argument(
        "--days", type=float, default=DAYS, metavar="N", help="how long it is good (%(default)s)"
    )
    parser.add_argument("--hide-names", action="store_true", help="leads are shown by their initials")
    parser.add_argument(
        "--server", default="", metavar="HOST:PORT", help="where the server is (this computer)"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="say which links were given instead")
    what.add_argument("--revoke", default="", metavar="ID", help="take a link back instead")
    return parser


def run(
    args: argparse.Namespace, address: str, open_floor: Callable[[str], AbstractContextManager[LocalFloor]]
) -> int:
    """Do what was asked; the exit code. Raises AppError."""
    links, now = WallLinks(profile.home()), SystemClock().now()
    if args.list:
        for link in links.all():
            end = "revoked" if link.revoked_at else f"until {link.until:%Y-%m-%d %H:%M} UTC"
            over = " (over)" if not link.revoked_at and link.until <= now else ""
            names = ", without names" if link.hides_names else ""
            _say(f"{link.id}  {link.name or 'a wallboard'}, {end}{over}{names}")
        return 0
    if args.revoke:
        link = links.revoke(args.revoke, now)
        _say(f"The link {link.id} is taken back.")
        return 0
    if profile.is_served(address):
        raise Refused("Say this on the server's computer: there lies the key that signs it.", "Not made here")
    with open_floor(address) as floor:
        floor_id = floor.ask(FloorFacts(check_chain=False)).floor_id
    server = address_of(args.server) if args.server else f"{next(iter(own_addresses()), '127.0.0.1')}:{PORT}"
    link, signed = links.give(floor_id, args.name, args.days, args.hide_names, now)
    _say(f"https://{server}/wall?link={signed}")
    _say(f"Good until {link.until:%Y-%m-%d %H:%M} UTC. To take it back: wall-link --revoke {link.id}")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
