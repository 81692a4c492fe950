"""`main.py serve`: a floor's server, in the foreground, until it is told to stop.

It prints where it listens, the pin of its key, and, as long as no computer has joined, an invitation for the owner:
whoever sees this terminal first is the owner. SIGTERM and Ctrl+C stop it gracefully: inquiries in hand are finished,
desks are sent on to the next server.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Protocol

from app import settings as profile
from app.clock import Clock, SystemClock
from app.domain.questions import FloorFacts
from app.floor.link import PORT, address_of
from app.floor.local import LocalFloor
from app.floor.wall_links import WallLinks

CAPTURE_PORT = 8737
OFF = "off"
_RANK = 1
_SLICE_S = 0.5
"""In slices: Windows hears no Ctrl+C while it waits for a lock."""


class OpenSession(Protocol):
    """What `boot` gives for an open floor."""

    @property
    def floor(self) -> LocalFloor: ...
    @property
    def clock(self) -> Clock: ...
    def keep(self, rank: int = 0) -> None: ...
    def back_up(self) -> object: ...
    def close(self) -> None: ...


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the program's parser."""
    parser = subparsers.add_parser(
        "serve",
        help="serve a floor to desks on other computers",
        description="Serve a floor to desks on other computers, until SIGTERM or Ctrl+C.",
    )
    parser.add_argument(
        "--listen", default=f"0.0.0.0:{PORT}", metavar="HOST:PORT", help="for desks (%(default)s)"
    )
    parser.add_argument(
        "--capture",
        default=f"127.0.0.1:{CAPTURE_PORT}",
        metavar="HOST:PORT|off",
        help="for inquiries; in plain HTTP, behind your own HTTPS proxy, or with a certificate (%(default)s)",
    )
    parser.add_argument(
        "--capture-cert",
        type=Path,
        metavar="FILE",
        help="a certificate that senders trust, with its chain: inquiries come by HTTPS (--cert, beyond this computer)",
    )
    parser.add_argument("--capture-key", type=Path, metavar="FILE", help="its key")
    parser.add_argument(
        "--capture-plain",
        action="store_true",
        help="take inquiries from other computers unencrypted: your HTTPS proxy is one of them",
    )
    parser.add_argument(
        "--database",
        dest="floor",
        default="",
        metavar="FILE|URL",
        help="the floor's file or postgresql:// address (the floor that was opened last)",
    )
    parser.add_argument("--cert", type=Path, metavar="FILE", help="a certificate of your own, with its chain")
    parser.add_argument("--key", type=Path, metavar="FILE", help="its key")
    parser.add_argument(
        "--public",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="an address that invitations carry; of several servers say each (this computer's own)",
    )
    parser.add_argument("--quiet", action="store_true", help="don't announce it on the local network")
    return parser


def run(args: argparse.Namespace, open_session: Callable[[], OpenSession]) -> int:
    """Serve; the exit code. Raises AppError when it can't."""
    from app.domain.errors import Refused
    from app.server.certificate import given_certificate, own_certificate
    from app.server.memory import keep_large_blocks_apart, keep_what_stands
    from app.server.serving import Place, Server

    for cert, key, words in (
        (args.cert, args.key, "--cert and --key"),
        (args.capture_cert, args.capture_key, "--capture-cert and --capture-key"),
    ):
        if bool(cert) != bool(key):
            raise Refused(f"A certificate and its key come together: say {words}.")
    keep_large_blocks_apart()

    def place(told: str) -> Place:
        host, _, port = told.rpartition(":")
        if not port.isdecimal():
            raise Refused(f"“{told}” is not a place to listen at; that is like 0.0.0.0:{PORT}.")
        return Place(host=host.strip("[]") or "0.0.0.0", port=int(port))  # noqa: S104 - an address without a host was asked for

    listen = place(args.listen)
    capture = None if args.capture == OFF else place(args.capture)
    public = tuple(map(address_of, args.public))
    for_capture = None
    if capture is not None and args.capture_cert:
        for_capture = given_certificate(args.capture_cert, args.capture_key)
    elif capture is not None and not capture.is_loopback and not args.capture_plain:
        if not args.cert:
            raise Refused(
                f"Inquiries would come to {args.capture} unencrypted. Say --capture-cert and --capture-key, "
                "or --capture-plain if your own HTTPS proxy stands before it."
            )
        for_capture = given_certificate(args.cert, args.key)
    if args.cert:
        certificate = given_certificate(args.cert, args.key)
    else:
        certificate = own_certificate(profile.home(), SystemClock().now())
    with _told_to_stop() as stop:
        session = open_session()
        try:
            trouble = session.floor.why_not_served()
            if trouble:
                raise Refused(trouble, "Not served")
            links = WallLinks(profile.home())
            server = Server(
                session.floor, session.clock, certificate, listen, capture, public, for_capture, links
            )
            server.start()
            try:
                session.keep(_RANK)
                session.back_up()
                name = session.floor.ask(FloorFacts(check_chain=False)).name
                _say(f"{name}: serving desks at {', '.join(server.addresses)}")
                _say(f"key {certificate.pin}")
                if server.capture_url:
                    _say(f"inquiries at {server.capture_url}")
                first = session.floor.first_invitation()
                if first is not None:
                    _say(f"invitation for {first[0].name}: {server.link(first[1])}")
                if not args.quiet:
                    server.announce(name)
                keep_what_stands()
                _say("ready")
                while not stop.wait(_SLICE_S):
                    pass
                _say("stopping")
            finally:
                server.stop()
        finally:
            session.close()
    return 0


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """Set when somebody wants the server to stop."""
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
