"""Senders that are slow on purpose: they are cut in time, and nobody else notices them."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable

import pytest

from app.server.intake import Limits
from tests.server.conftest import Sender
from tests.server.watched_floor import WatchedFloor

QUICK = Limits(header_seconds=0.4, body_seconds=0.6)


def _dripping(line: socket.socket, drip: bytes) -> bytes:
    """What comes back to someone who sends a few bytes every 50 ms, up to the end; fails if there is none."""
    line.settimeout(0.05)
    found = b""
    for _ in range(200):
        try:
            chunk = line.recv(65536)
        except TimeoutError:
            with contextlib.suppress(ConnectionError):
                line.sendall(drip)
            continue
        except ConnectionError:
            return found
        if not chunk:
            return found
        found += chunk
    raise AssertionError("still open after ten seconds")


@pytest.mark.parametrize("start", [b"", b"POST /capture/form/KEY HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_slow_headers_are_cut(
    open_face: Callable[[Limits], Sender], floor: WatchedFloor, start: bytes
) -> None:
    sender = open_face(QUICK)
    source = floor.source("form")
    with socket.create_connection(("127.0.0.1", sender.port)) as line:
        line.sendall(start.replace(b"KEY", source.key.encode()))
        assert _dripping(line, b"a" if start else b"") == b""
    assert floor.kept == 0


@pytest.mark.parametrize(
    "size", [b"Content-Length: 100000\r\n\r\nemail=", b"Transfer-Encoding: chunked\r\n\r\n"]
)
def test_slow_bodies_are_cut(open_face: Callable[[Limits], Sender], floor: WatchedFloor, size: bytes) -> None:
    sender = open_face(QUICK)
    source = floor.source("form")
    with socket.create_connection(("127.0.0.1", sender.port)) as line:
        line.sendall(f"POST /capture/form/{source.key} HTTP/1.1\r\nHost: x\r\n".encode() + size)
        found = _dripping(line, b"a" if b"Length" in size else b"1\r\na\r\n")
    assert found.startswith(b"HTTP/1.1 408")
    assert floor.kept == 0


def test_a_sender_that_hangs_up_halfway_is_promised_nothing(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", sender.port)) as line:
            line.sendall(f"POST /capture/form/{source.key} HTTP/1.1\r\nHost: x\r\n".encode())
            line.sendall(b"Content-Length: 50\r\n\r\nemail=")
    assert sender.post(f"/capture/form/{source.key}", b"email=b@x.io").status == 303
    assert floor.kept == 1


def test_a_crowd_of_slow_senders_keeps_nobody_out(
    open_face: Callable[[Limits], Sender], floor: WatchedFloor
) -> None:
    sender = open_face(Limits(connections=50))
    source = floor.source("form")
    head = f"POST /capture/form/{source.key} HTTP/1.1\r\nHost: x\r\n".encode()
    with contextlib.ExitStack() as stack:
        crowd = []
        for number in range(150):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", sender.port), timeout=10))
            line.sendall(head if number % 2 else head + b"Content-Length: 5000\r\n\r\nemail=")
            crowd.append(line)
        for number in range(5):
            fresh = Sender(sender.port)
            assert fresh.post(f"/capture/form/{source.key}", b"email=c%d@x.io" % number).status == 303
            fresh.close()
        with contextlib.suppress(ConnectionResetError):  # it may be told so, too
            assert crowd[0].recv(10) == b"", "the oldest had to go"
        crowd[-1].sendall(b"Content-Length: 12\r\n\r\nemail=z@x.io")  # the newest is still welcome
        assert crowd[-1].recv(1000).startswith(b"HTTP/1.1 303")
    assert floor.kept == 6


def test_a_kept_connection_may_be_idle_for_a_while(
    open_face: Callable[[Limits], Sender], floor: WatchedFloor
) -> None:
    sender = open_face(QUICK)
    source = floor.source("form")
    with socket.create_connection(("127.0.0.1", sender.port), timeout=10) as line:
        for number in range(3):
            body = b"email=k%d@x.io" % number
            line.sendall(f"POST /capture/form/{source.key} HTTP/1.1\r\nHost: x\r\n".encode())
            line.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert line.recv(4000).startswith(b"HTTP/1.1 303")
        assert line.recv(10) == b""
    assert floor.kept == 3
