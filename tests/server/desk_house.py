"""A server with desks: a floor on a file, its face, and what a stranger can say to it."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from app.clock import HandClock
from app.domain.commands import AddRep
from app.domain.errors import Unavailable
from app.domain.lead import Role
from app.floor.local import LocalFloor
from app.floor.remote import RemoteFloor
from app.server.desks import DeskFace, DeskLimits
from app.server.face import fast_loop
from app.server.joining import Joining
from app.store.book import Book
from tests.fresh import START


@dataclass
class DeskHouse:
    """Plain HTTP on loopback, on the quick loop that a server has; tokens are in `tokens`."""

    address: str
    limits: DeskLimits = field(default_factory=DeskLimits)
    tokens: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    """Nobody can say whose a token is."""

    def __post_init__(self) -> None:
        self.clock = HandClock(START)
        self.local = LocalFloor(Book(self.address), self.clock, "admin")
        self.ana = self.local.do(AddRep(name="Ana", role=Role.OWNER)).value.id
        self.tokens["ana's"] = self.ana
        self.faces: list[DeskFace] = []
        self.doors: list[RemoteFloor] = []
        self.open()

    def whose(self, token: str, *, afresh: bool = False) -> str | None:
        if self.silent:
            raise Unavailable("Nobody knows.")
        return self.tokens.get(token)

    def open(self, port: int = 0) -> DeskFace:
        """One more face."""
        face = DeskFace(
            self.local,
            self.clock,
            self.whose,
            port=port,
            joining=Joining(self.local.passes(), "0" * 64),
            limits=self.limits,
            new_loop=fast_loop(),
        )
        face.start()
        self.faces.append(face)
        return face

    @property
    def port(self) -> int:
        return int(self.faces[0].url.rpartition(":")[2])

    def door(self, token: str = "ana's", *addresses: str) -> RemoteFloor:
        self.doors.append(RemoteFloor(addresses or [self.faces[0].url], token))
        return self.doors[-1]

    def say(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        token: str | None = "ana's",
        **headers: str,
    ) -> tuple[int, Any, dict[str, str]]:
        """One request: status, JSON, headers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        shown = {"Authorization": f"Bearer {token}"} if token is not None else {}
        try:
            line.request(method, path, body=body, headers={**shown, **headers})
            answer = line.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, json.loads(answer.read() or b"null"), told
        finally:
            line.close()

    def close(self) -> None:
        for door in self.doors:
            door.close()
        for face in self.faces:
            face.stop()
        self.local.close()


def listening(port: int, *, size: int | None = None) -> socket.socket:
    """A feed's line, just after the handshake, of somebody who reads it byte by byte or not at all."""
    line = socket.socket()
    if size is not None:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
    line.settimeout(20)
    line.connect(("127.0.0.1", port))
    line.sendall(
        b"GET /api/feed HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += line.recv(1)
    assert head.startswith(b"HTTP/1.1 101"), head
    return line


def masked(text: bytes) -> bytes:
    """A frame as a client sends it, with a mask of nothing."""
    size = len(text)
    length = bytes((0x80 | size,)) if size < 126 else b"\xfe" + (size & 0xFFFF).to_bytes(2)
    if size >= 1 << 16:
        length = b"\xff" + size.to_bytes(8)
    return b"\x81" + length + bytes(4) + text


@contextmanager
def desk_house(address: str, **said: Any) -> Iterator[DeskHouse]:
    made = DeskHouse(address, **said)
    try:
        yield made
    finally:
        made.close()
