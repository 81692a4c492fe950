"""The server's own certificate: made at the first start, kept beside the program's data, the same ever after.

Nobody has signed it but itself; desks know its key by the pin that an invitation carries (`app/floor/pinned.py`).
The key is ECDSA P-256 and readable by its owner alone. The certificate may be replaced by another of the same
key at any time: the pin stays.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import Unavailable
from app.floor.pinned import spki_pin

if TYPE_CHECKING:
    from cryptography import x509

CERTIFICATE, KEY = "server.crt", "server.key"
_YEARS = 20
"""Desks look at the key and not at the date; this one only has to outlive the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """Where a server's certificate (PEM, with whatever chain it needs) and its key lie, and the key's pin."""

    certificate: Path
    key: Path
    pin: str

    def context(self) -> ssl.SSLContext:
        """What the server shakes hands with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        # A ticket comes right after the handshake. A desk reads it on one thread while another says its first word,
        # which OpenSSL does not bear: lines hung, and a program ended. Nobody resumes a session here.
        context.num_tickets = 0
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise Unavailable(
                f"The certificate {self.certificate} and the key {self.key} do not go together ({error}).",
                "The server can't be started",
            ) from error
        return context


def own_certificate(folder: Path, now: datetime, names: Sequence[str] = ()) -> Certificate:
    """The certificate that lies in `folder`, made there if there is none; `names` are hosts and addresses that it
    is for. Raises Unavailable where it can be neither read nor made."""
    certificate, key = folder / CERTIFICATE, folder / KEY
    try:
        if not (certificate.exists() and key.exists()):
            folder.mkdir(parents=True, exist_ok=True)
            _make(certificate, key, now, names)
    except OSError as error:
        raise Unavailable(
            f"No certificate can be kept in {folder} ({error.strerror or error}).",
            "The server can't be started",
        ) from error
    return given_certificate(certificate, key)


def given_certificate(certificate: Path, key: Path) -> Certificate:
    """A certificate that somebody else made; raises Unavailable if it can't be read."""
    try:
        pin = spki_pin(ssl.PEM_cert_to_DER_cert(_first(certificate.read_text(encoding="ascii"))))
    except (OSError, ValueError) as error:
        raise Unavailable(
            f"{certificate} is not a certificate that can be read ({error}).", "The server can't be started"
        ) from error
    return Certificate(certificate=certificate, key=key, pin=pin)


def _first(chain: str) -> str:
    """The server's own of a chain of certificates: the first."""
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    return begin + chain.partition(begin)[2].partition(end)[0] + end


def _make(certificate: Path, key: Path, now: datetime, names: Sequence[str]) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    made = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Firstring floor")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(made.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=_YEARS * 365))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([*map(_general, names or ("localhost",))]), critical=False)
        .sign(made, hashes.SHA256())
    )
    secret = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _keep(key, secret, 0o600)
    _keep(certificate, signed.public_bytes(serialization.Encoding.PEM), 0o644)


def _general(name: str) -> x509.GeneralName:
    from cryptography import x509

    with contextlib.suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(name))
    return x509.DNSName(name)


def _keep(path: Path, content: bytes, mode: int) -> None:
    """Write a file, whole or not at all, that nobody could read meanwhile who may not read it in the end."""
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
