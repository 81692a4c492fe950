"""A server that lets computers in, on loopback, and a network address where something else answers."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from queue import Empty, Queue
from tempfile import TemporaryDirectory

from app.clock import Clock
from app.domain.commands import InviteDesk
from app.domain.device import new_secret, secret_sha256
from app.floor.link import JoinLink
from app.floor.local import LocalFloor
from app.floor.remote import RemoteFloor
from app.server.certificate import Certificate, own_certificate
from app.server.desks import DeskFace
from app.server.joining import Joining
from app.service.handle import handle
from app.service.passes import Passes
from app.store.book import Book
from tests.fresh import START


@cache
def certificate(which: str = "ours") -> Certificate:
    folder = TemporaryDirectory(prefix="firstring-certificate-")
    _kept.append(folder)
    return own_certificate(Path(folder.name), START)


_kept: list[TemporaryDirectory[str]] = []
"""Kept until the session ends, which removes them."""


class Server:
    """A floor's server."""

    def __init__(self, book: Book, clock: Clock) -> None:
        self.book = book
        self.clock = clock
        self.floor = LocalFloor(book, clock, "admin")
        self.passes = Passes(book, clock)
        self.shown: Queue[str] = Queue()
        """Tokens that were looked at."""
        self.after_looking: Callable[[str], None] = lambda token: None
        """Called when it has been found out whose a token is, before that is said."""
        joining = Joining(self.passes, certificate().pin)
        self.face = DeskFace(
            self.floor, clock, self._actor, port=0, tls=certificate().context(), joining=joining
        )
        self.address = f"127.0.0.1:{self.face.start()}"

    def _actor(self, token: str, *, afresh: bool = False) -> str | None:
        self.shown.put(token)
        found = self.passes.holder(token, afresh=afresh)
        self.after_looking(token)
        return found.rep_id if found else None

    def showed(self, token: str) -> bool:
        """Wait until this token is looked at."""
        with suppress(Empty):
            while self.shown.get(timeout=60) != token:
                pass
            return True
        return False

    def invite(self, rep_id: str, *more: str) -> JoinLink:
        """An invitation's link; `more` addresses come before the server's."""
        secret = new_secret()
        command = InviteDesk(rep_id=rep_id, secret_sha256=secret_sha256(secret))
        handle(self.book, command, "admin", self.clock.now())
        return JoinLink(addresses=(*more, self.address), pins=(certificate().pin,), secret=secret)

    def door(self, token: str) -> RemoteFloor:
        return RemoteFloor([f"https://{self.address}"], token, pins=[certificate().pin])


@contextmanager
def serving(book: Book, clock: Clock) -> Iterator[Server]:
    server = Server(book, clock)
    try:
        yield server
    finally:
        server.face.stop()


class Relay(threading.Thread):
    """Somebody in the middle, with a key of their own, who hears everything and passes it on."""

    def __init__(self, to: str) -> None:
        super().__init__(name="middle")
        self._to = to
        self.heard = b""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"
        self.start()

    def run(self) -> None:
        theirs = certificate("theirs").context()
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            try:
                with theirs.wrap_socket(line, server_side=True) as near:
                    self._pass_on(near)
            except OSError:
                continue

    def _pass_on(self, near: ssl.SSLSocket) -> None:
        near.settimeout(5)
        asked = near.recv(65536)
        self.heard += asked
        if not asked:
            return
        if b"\r\n\r\n" in asked and not asked.partition(b"\r\n\r\n")[2]:
            asked += near.recv(65536)
            self.heard += asked
        host, _, port = self._to.partition(":")
        careless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        careless.check_hostname, careless.verify_mode = False, ssl.CERT_NONE
        with careless.wrap_socket(socket.create_connection((host, int(port)), 5)) as far:
            far.sendall(asked)
            near.sendall(far.recv(65536))

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.join()
