"""The link by which a computer joins: where the floor's servers are, which key they hold, and a secret, once.

    firstring://join?a=HOST:PORT&a=…&f=PIN&s=SECRET

It is pasted, scanned and read from chats, so that nothing of it is believed before it was looked at; whatever is
wrong with one is said in one sentence. A pin is the SHA-256 of a server's public key, in base64url; a link without
one is for servers whose certificate an authority has signed. An address may also be typed by hand.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from app.domain.device import tidy_secret
from app.domain.errors import Refused

__all__ = ["PORT", "JoinLink", "address_of", "format_link", "is_link", "read_link"]

PORT = 8738
"""Where a server listens for desks, unless it was told otherwise."""
LONGEST = 2_000
MOST_ADDRESSES, MOST_PINS = 8, 4
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_HEX = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLink:
    """What an invitation's link says. `addresses` are host:port, `pins` 64 hexadecimal digits each."""

    addresses: tuple[str, ...]
    secret: str
    pins: tuple[str, ...] = ()


def is_link(text: str) -> bool:
    """Whether somebody means this to be a link, good or not."""
    return text.strip().lower().startswith("firstring:")


def format_link(link: JoinLink) -> str:
    """The link as text. Only what `read_link` gives back goes in; anything else is refused there."""
    words = [("a", address) for address in link.addresses]
    words += [("f", base64.urlsafe_b64encode(bytes.fromhex(pin)).rstrip(b"=").decode()) for pin in link.pins]
    words.append(("s", link.secret))
    return "firstring://join?" + urlencode(words, quote_via=quote, safe=":[]")


def read_link(text: str) -> JoinLink:
    """What a link says; raises Refused with a sentence for one that is not whole.

    Line ends and spaces that a mail program put in are passed over, and so is what a newer Firstring adds.
    """
    told = "".join(text[: LONGEST * 2].split())
    if len(told) > LONGEST:
        raise _bad("It is too long to be one of an invitation")
    head, mark, query = told.partition("?")
    if not mark or head.lower() not in ("firstring://join", "firstring:join", "firstring://join/"):
        raise _bad("An invitation’s link begins with firstring://join")
    try:
        words = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=40)
    except ValueError:
        raise _bad("It was changed on its way") from None
    addresses = tuple(dict.fromkeys(address_of(value) for name, value in words if name == "a"))
    pins = tuple(dict.fromkeys(_pin(value) for name, value in words if name == "f"))
    secrets = [tidy_secret(value) for name, value in words if name == "s"]
    if not 1 <= len(addresses) <= MOST_ADDRESSES:
        raise _bad("It says no address of a server" if not addresses else "It names too many servers")
    if len(pins) > MOST_PINS:
        raise _bad("It names too many keys")
    if len(secrets) != 1 or not secrets[0]:
        raise _bad("Its secret is not whole")
    return JoinLink(addresses=addresses, pins=pins, secret=secrets[0])


def address_of(text: str) -> str:
    """A server's address, however it was typed, as host:port; raises Refused with a sentence.

    Takes a name or a number with or without a port, and https:// before it; hosts come out in small letters.
    """
    told = text.strip()
    if told.lower().startswith("https://"):
        told = told[8:].rstrip("/")
    if len(told) > 270 or not told.isascii():
        raise _no_address(text)
    if told.startswith("["):
        host, closed, rest = told[1:].partition("]")
        if not closed or rest == ":" or (rest and rest[0] != ":"):
            raise _no_address(text)
        return f"[{_version_6(host, text)}]:{_port(rest[1:], text)}"
    if told.count(":") > 1:
        return f"[{_version_6(told, text)}]:{PORT}"
    host, colon, port = told.partition(":")
    if colon and not port:
        raise _no_address(text)
    return f"{_host(host.lower(), text)}:{_port(port, text)}"


def _host(host: str, text: str) -> str:
    labels = host.rstrip(".").split(".")
    if len(host) > 253 or not all(map(_LABEL.match, labels)):
        raise _no_address(text)
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):  # a number, then; in the one way that all read alike
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise _no_address(text) from None
    return ".".join(labels)


def _version_6(host: str, text: str) -> str:
    try:
        found = ipaddress.IPv6Address(host)
    except ValueError:
        raise _no_address(text) from None
    if found.scope_id is not None:
        raise _no_address(text)
    return str(found)


def _port(port: str, text: str) -> int:
    if not port:
        return PORT
    if not port.isdigit() or len(port) > 5 or not 1 <= int(port) <= 65535:
        raise _no_address(text)
    return int(port)


def _pin(value: str) -> str:
    try:
        pin = base64.b64decode(value.rstrip("=") + "=", altchars=b"-_", validate=True).hex()
    except (binascii.Error, ValueError):
        pin = ""
    if not _HEX.match(pin):
        raise _bad("The key that it names is not whole")
    return pin


def _bad(why: str) -> Refused:
    return Refused(f"{why}. Ask for the link again, and copy the whole of it.", "That link is not good")


def _no_address(text: str) -> Refused:
    shown = "".join(letter if letter.isprintable() else "�" for letter in text.strip()[:60])
    return Refused(
        f"“{shown}” is no address of a server; one looks like floor.example.com:{PORT} or 192.168.1.20.",
        "That is no address",
    )
