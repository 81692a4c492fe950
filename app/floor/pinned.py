"""Trust in one server and no other: a TLS context that knows the server's key.

A floor's server makes its own certificate, which no authority has signed; what a desk trusts is the SHA-256 of
the certificate's public key, told with the invitation (its *pin*). A connection whose key has another pin ends
before a byte of ours is sent, and there is no way round it. With no pin at all the certificate has to be signed
by an authority that this computer knows, and to be the server's name's.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
from collections.abc import Collection
from typing import Any

__all__ = ["NotTheServer", "pinned_context", "spki_pin"]


class NotTheServer(ssl.SSLCertVerificationError):
    """Whoever answers there does not hold the key that this desk was told of."""


def spki_pin(certificate: bytes) -> str:
    """The pin of a certificate in DER: SHA-256 of its SubjectPublicKeyInfo, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(_public_key_of(certificate)).hexdigest()


def _public_key_of(certificate: bytes) -> bytes:
    """The SubjectPublicKeyInfo within a certificate (RFC 5280, 4.1), byte for byte; raises ValueError.

    Walked to by hand: a library for certificates would cost every desk and every server 5 MB for these few steps.
    """
    inside, _ = _opened(certificate, 0)  # Certificate
    inside, _ = _opened(certificate, inside)  # TBSCertificate
    at = inside
    if certificate[at : at + 1] == b"\xa0":
        at = _opened(certificate, at)[1]  # version
    for _ in range(5):  # serialNumber, signature, issuer, validity, subject
        at = _opened(certificate, at)[1]
    end = _opened(certificate, at)[1]
    if certificate[at] != 0x30:
        raise ValueError("no public key where one has to be")
    return certificate[at:end]


def _opened(text: bytes, at: int) -> tuple[int, int]:
    """Where the content of a DER element begins, and where the element ends."""
    try:
        size, begin = text[at + 1], at + 2
        if size & 0x80:
            begin += size & 0x7F
            size = int.from_bytes(text[at + 2 : begin])
    except IndexError:
        raise ValueError("a certificate that is not whole") from None
    if not begin + size <= len(text):
        raise ValueError("a certificate that is not whole")
    return begin, begin + size


def pinned_context(pins: Collection[str]) -> ssl.SSLContext:
    """A client's context that accepts the keys of `pins` (the present one, perhaps the next), or, with none,
    certificates that an authority vouches for."""
    if not pins:
        context = ssl.create_default_context()
    else:
        context = _Pinned(ssl.PROTOCOL_TLS_CLIENT)
        context.pins = frozenset(pin.lower() for pin in pins)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # the pin is looked at instead, in `wrap_socket`
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class _Pinned(ssl.SSLContext):
    pins: frozenset[str]

    def wrap_socket(self, sock: socket.socket, *args: Any, **said: Any) -> ssl.SSLSocket:
        """Shake hands and look at the key at once: whoever holds the result may speak."""
        wrapped = super().wrap_socket(sock, *args, **{**said, "do_handshake_on_connect": True})
        certificate = wrapped.getpeercert(binary_form=True)
        if certificate is None or spki_pin(certificate) not in self.pins:
            wrapped.close()
            raise NotTheServer(
                "The server's key is not the one that this desk was told of; nothing was sent to it."
            )
        return wrapped

    def wrap_bio(self, *args: Any, **said: Any) -> ssl.SSLObject:
        """Shakes hands after it was made, out of reach of the look at the key."""
        raise NotTheServer("A pinned connection needs a socket of its own; it can't go through a TLS proxy.")
