"""Joining a floor through its server, from the computer that joins.

With a link the server's key is known and nothing else is spoken to. With an address that was typed or found, the
server has to prove first that it knows the invitation, and its proof holds for one key alone: the one that this
computer has seen. Only then is the secret sent. A server that can't prove itself is not joined, and there is no
way round it.
"""

from __future__ import annotations

import hmac
import secrets
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.codec import Malformed, decode, encode
from app.domain.commands import Joined, JoinFloor
from app.domain.device import key_proof, secret_hint, secret_sha256, token_sha256
from app.domain.errors import AppError, Unavailable, WrongVersion
from app.floor import wire
from app.floor.link import JoinLink
from app.floor.pinned import pinned_context, spki_pin
from app.floor.servers import NotYourServer, trouble_of

__all__ = ["Challenge", "Proof", "join", "link_by_hand"]

T = TypeVar("T")
CONNECT_S, ANSWER_S = 4.0, 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """Prove that you know this invitation. 64 hexadecimal digits each."""

    hint: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    proof: str


def join(link: JoinLink, device: str, token: str) -> Joined:
    """Join with an invitation, as a computer called `device` that will show `token` from now on.

    Tries one of the link's servers after the other. An answer that was lost does no harm: the same computer may
    say the same again. Raises Refused, Unavailable or WrongVersion with a sentence.
    """
    command = JoinFloor(secret=link.secret, device=device, token_sha256=token_sha256(token))
    body = wire.write_command(command)
    trouble: AppError = Unavailable("The invitation names no server.", "Not joined")
    for address in link.addresses:
        try:
            told = _post(address, link.pins, "/api/join", body)
        except Unavailable as error:
            if not isinstance(trouble, NotYourServer):  # of all troubles, the one to be told of
                trouble = error
            continue
        return _understood(lambda told=told: wire.read_receipt(told, JoinFloor)).value  # type: ignore[misc]
    raise trouble


def link_by_hand(address: str, secret: str) -> JoinLink:
    """The link for an address (host:port) and a secret that were typed: the server's key, once it has proven it.

    Raises Refused for a secret that is not good (any more), Unavailable for a server that is not there or could
    not prove itself.
    """
    pin = _pin_at(address)
    nonce, digest = secrets.token_hex(32), secret_sha256(secret)
    asked = encode(Challenge(hint=secret_hint(digest), nonce=nonce))
    told = _understood(lambda: decode(_post(address, (pin,), "/api/join/proof", asked), Proof))
    if not hmac.compare_digest(told.proof.encode(errors="replace"), key_proof(digest, nonce, pin).encode()):
        raise NotYourServer
    return JoinLink(addresses=(address,), pins=(pin,), secret=secret)


def _pin_at(address: str) -> str:
    """The pin of whoever answers there; nothing is said to them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # it is looked at here, and believed only with a proof
    host, _, port = address.rpartition(":")
    try:
        with (
            socket.create_connection((host.strip("[]"), int(port)), CONNECT_S) as line,
            context.wrap_socket(line) as wrapped,
        ):
            certificate = wrapped.getpeercert(binary_form=True)
            return spki_pin(certificate or b"")
    except OSError as error:
        raise _silent(address, error) from error


def _post(address: str, pins: tuple[str, ...], path: str, body: bytes) -> bytes:
    """What a server answers; raises what it raised, or Unavailable where it does not answer or is another."""
    import httpx

    with httpx.Client(
        verify=pinned_context(pins), trust_env=False, timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S)
    ) as line:
        try:
            response = line.post(
                f"https://{address}{path}", content=body, headers={wire.WIRE_HEADER: str(wire.WIRE)}
            )
        except (httpx.HTTPError, OSError) as error:
            raise _silent(address, error) from error
    if response.status_code == 200:
        return response.content
    try:
        said = wire.read_error(response.content)
    except Malformed as error:
        raise Unavailable(f"What answers at {address} is no server of a floor.", "Not joined") from error
    raise said


def _silent(address: str, error: BaseException) -> Unavailable:
    trouble = trouble_of(error)
    if isinstance(trouble, NotYourServer):
        return trouble
    if isinstance(error, ssl.SSLError):
        return Unavailable(f"What answers at {address} is no server of a floor.", "Not joined")
    return Unavailable(
        f"No server answers at {address}. Is this computer in the same network, and is the server on?",
        "Not joined",
    )


def _understood(read: Callable[[], T]) -> T:
    try:
        return read()
    except Malformed as error:
        raise WrongVersion(
            "The floor's server says something that this Firstring does not understand."
        ) from error
