"""The server's own certificate, and desks that know its key."""

from __future__ import annotations

import hashlib
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.domain.errors import Unavailable
from app.floor.pinned import NotTheServer, pinned_context, spki_pin
from app.server.certificate import Certificate, given_certificate, own_certificate
from tests.fresh import START


@contextmanager
def answering(certificate: Certificate) -> Iterator[tuple[int, list[bytes]]]:
    """A server of one connection: its port, and what it was told once somebody trusted it."""
    told: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with closing(listener), closing(listener.accept()[0]) as line:
            try:
                with certificate.context().wrap_socket(line, server_side=True) as safe:
                    told.append(safe.recv(100))
            except OSError:
                told.append(b"")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1], told
    finally:
        thread.join(10)


def test_it_is_made_once_and_its_key_is_its_owners_alone(tmp_path: Path) -> None:
    made = own_certificate(tmp_path / "house", START, ("floor.example", "127.0.0.1", "::1"))
    assert own_certificate(tmp_path / "house", START) == made
    assert len(made.pin) == 64
    if os.name != "nt":
        assert made.key.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in made.key.parent.iterdir()} == {"server.crt", "server.key"}
    assert own_certificate(tmp_path / "other", START).pin != made.pin


def test_nothing_of_the_handshake_comes_after_it(tmp_path: Path) -> None:
    """A desk reads and writes on two threads from its first word on; a ticket read meanwhile spoils the line."""
    made = own_certificate(tmp_path, START)
    with (
        answering(made) as (port, _),
        socket.create_connection(("127.0.0.1", port)) as line,
        pinned_context((made.pin,)).wrap_socket(line, server_hostname="127.0.0.1") as safe,
    ):
        assert safe.version() == "TLSv1.3"
        safe.sendall(b"hello")
        assert safe.recv(1) == b""  # all that the server says comes before its end
        assert safe.session is None or not safe.session.has_ticket


def test_a_desk_speaks_to_the_key_it_knows(tmp_path: Path) -> None:
    made = own_certificate(tmp_path, START)
    with answering(made) as (port, told):
        context = pinned_context(("0" * 64, made.pin.upper()))
        with (
            socket.create_connection(("127.0.0.1", port)) as line,
            context.wrap_socket(line, server_hostname="127.0.0.1") as safe,
        ):
            assert safe.version() in ("TLSv1.2", "TLSv1.3")
            safe.sendall(b"secret")
    assert told == [b"secret"]


@pytest.mark.parametrize("known", ["another key", "an authority"])
def test_a_desk_says_nothing_to_a_key_it_does_not_know(tmp_path: Path, known: str) -> None:
    other = own_certificate(tmp_path / "other", START)
    with answering(own_certificate(tmp_path / "imposter", START)) as (port, told):
        context = pinned_context((other.pin,) if known == "another key" else ())
        error = NotTheServer if known == "another key" else ssl.SSLCertVerificationError
        with socket.create_connection(("127.0.0.1", port)) as line, pytest.raises(error):
            context.wrap_socket(line, server_hostname="127.0.0.1")
    assert told in ([b""], [])


def test_a_certificate_of_the_same_key_keeps_the_pin(tmp_path: Path) -> None:
    made = own_certificate(tmp_path, START)
    chain = tmp_path / "chain.pem"
    chain.write_text(made.certificate.read_text() + made.certificate.read_text())
    assert given_certificate(chain, made.key).pin == made.pin


def test_what_is_no_certificate_is_said(tmp_path: Path) -> None:
    made = own_certificate(tmp_path / "one", START)
    other = own_certificate(tmp_path / "two", START)
    for text in ("", "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----", "\xff"):
        (tmp_path / "no.crt").write_text(text)
        with pytest.raises(Unavailable, match="not a certificate"):
            given_certificate(tmp_path / "no.crt", made.key)
    with pytest.raises(Unavailable, match="not a certificate"):
        given_certificate(tmp_path / "not there", made.key)
    with pytest.raises(Unavailable, match="do not go together"):
        given_certificate(made.certificate, other.key).context()
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="No certificate can be kept"):
        own_certificate(tmp_path / "file", START)


def test_the_pin_is_that_of_the_public_key_whatever_kind_it_is(tmp_path: Path) -> None:
    from datetime import timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x" * 60)])
    keys = (
        ec.generate_private_key(ec.SECP384R1()),
        rsa.generate_private_key(public_exponent=65537, key_size=2048),
        ed25519.Ed25519PrivateKey.generate(),
    )
    for key in keys:
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = (
            builder.serial_number(2**150).not_valid_before(START).not_valid_after(START + timedelta(days=1))
        )
        kind = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
        der = builder.sign(key, kind).public_bytes(Encoding.DER)
        spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert spki_pin(der) == hashlib.sha256(spki).hexdigest()
        for cut in (0, 1, 5, 30, 90):
            with pytest.raises(ValueError, match="not whole"):
                spki_pin(der[:cut])
