"""A capture face on a free port of loopback, and someone who posts to it."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.server.capture import CaptureFace
from app.server.intake import Limits
from tests.server.watched_floor import WatchedFloor

FORM = "application/x-www-form-urlencoded"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict[str, object]:
        value: dict[str, object] = json.loads(self.body)
        return value


class Sender:
    """Sends requests over one kept connection, opened anew where the face closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        content_type: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        sent = dict(headers or {})
        if content_type is not None:
            sent["Content-Type"] = content_type
        for attempt in range(2):
            try:
                self._line.request(method, path, body=body, headers=sent)
                found = self._line.getresponse()
                return Answer(found.status, {k.lower(): v for k, v in found.getheaders()}, found.read())
            except (ConnectionError, http.client.BadStatusLine):
                self._line.close()
                if attempt:
                    raise
        raise AssertionError

    def post(
        self, path: str, body: bytes, content_type: str | None = FORM, headers: dict[str, str] | None = None
    ) -> Answer:
        return self.send("POST", path, body, content_type, headers)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self.send("GET", path, None, None, headers)

    def raw(self, data: bytes, timeout: float = 10) -> bytes:
        """What comes back to bytes sent as they are, until the face closes or answers once."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as line:
            line.sendall(data)
            found = b""
            while chunk := line.recv(65536):
                found += chunk
                head, gap, rest = found.partition(b"\r\n\r\n")
                length = [row for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")]
                if gap and length and len(rest) >= int(length[0].split(b":")[1]):
                    break
            return found

    def close(self) -> None:
        self._line.close()


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[WatchedFloor]:
    floor = WatchedFloor(tmp_path)
    yield floor
    floor.close()


@pytest.fixture
def open_face(floor: WatchedFloor) -> Iterator[Callable[[Limits], Sender]]:
    """Opens a face with limits of the test's own."""
    opened: list[tuple[CaptureFace, Sender]] = []

    def open_(limits: Limits) -> Sender:
        face = CaptureFace(floor, SystemClock(), port=0, limits=limits)
        sender = Sender(face.start())
        opened.append((face, sender))
        return sender

    yield open_
    for face, sender in opened:
        sender.close()
        face.stop()


@pytest.fixture
def sender(open_face: Callable[[Limits], Sender]) -> Sender:
    return open_face(Limits())
