"""The capture face by HTTPS: a certificate that is checked, and callers who never say who they are."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.server.capture import CaptureFace
from app.server.certificate import Certificate, own_certificate
from app.server.intake import Limits
from tests.fresh import START
from tests.server.watched_floor import WatchedFloor

BODY = b'{"email": "dana@example.com"}'


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return own_certificate(tmp_path / "house", START, ("127.0.0.1",))


@pytest.fixture
def face(floor: WatchedFloor, certificate: Certificate) -> Iterator[CaptureFace]:
    limits = Limits(header_seconds=1)
    face = CaptureFace(floor, SystemClock(), port=0, limits=limits, tls=certificate.context())
    face.start()
    yield face
    face.stop()


def port_of(face: CaptureFace) -> int:
    return int(face.url.rpartition(":")[2])


def post(face: CaptureFace, path: str, context: ssl.SSLContext) -> int:
    line = http.client.HTTPSConnection("127.0.0.1", port_of(face), timeout=60, context=context)
    with contextlib.closing(line):
        line.request("POST", path, BODY, {"Content-Type": "application/json"})
        return line.getresponse().status


def test_a_sender_who_checks_is_satisfied(
    face: CaptureFace, floor: WatchedFloor, certificate: Certificate
) -> None:
    assert face.url.startswith("https://")
    trusting = ssl.create_default_context(cafile=str(certificate.certificate))
    path = f"/capture/json/{floor.source('json').key}"
    assert post(face, path, trusting) == 201
    with pytest.raises(ssl.SSLCertVerificationError):
        post(face, path, ssl.create_default_context())
    assert floor.kept == 1


def test_an_old_tls_and_plain_http_are_not_spoken(face: CaptureFace, floor: WatchedFloor) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("DEFAULT@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        post(face, "/healthz", old)
    with socket.create_connection(("127.0.0.1", port_of(face)), timeout=60) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            assert not line.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_crowd_that_never_shakes_hands_is_cut_and_keeps_nobody_out(
    face: CaptureFace, floor: WatchedFloor, certificate: Certificate
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate.certificate))
    path = f"/capture/json/{floor.source('json').key}"
    with contextlib.ExitStack() as stack:
        lines = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port_of(face)), timeout=60))
            for _ in range(100)
        ]
        assert post(face, path, trusting) == 201
        for line in lines:
            with contextlib.suppress(ConnectionError):
                assert line.recv(100) == b""
