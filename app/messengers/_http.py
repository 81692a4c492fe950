"""One request to somebody else's server: checked certificate, no redirects, and to the place that was meant.

In plain HTTP nothing leaves this computer. A name that leads to a private address is not followed: whoever sets up
a name can make it lead into this network. Who means a machine of their own writes its address.
"""

from __future__ import annotations

import http.client
import ssl
from ipaddress import ip_address
from socket import SOCK_STREAM, create_connection, gaierror, getaddrinfo
from urllib.parse import SplitResult, urlsplit

from app.domain.errors import Refused
from app.messengers._sent import NotSent

__all__ = ["check_url", "request"]

PATIENCE_S = 15.0
"""Seconds to wait for each answer of the server."""
_ANSWER = 4096
"""Bytes of its answer that are looked at."""
_AGAIN = (408, 425, 429)
"""Refusals that mean "not now"; others below 500 would be the same again."""
_HERE = "localhost"


def check_url(url: str) -> SplitResult:
    """The parts of an address that something may be sent to; raises Refused with a sentence for any other."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("https", "http") or not parts.hostname or not url.isascii() or " " in url:
        raise Refused("An address is written like https://gateway.example/path.", "No address")
    if parts.username is not None or parts.password is not None:
        raise Refused(
            "Leave name and password out of the address; they are asked for by themselves.", "No address"
        )
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise Refused(
            "Beyond this computer messages are encrypted: the address begins with https://.", "No address"
        )
    return parts


def request(method: str, url: str, body: bytes | None, headers: dict[str, str], expects: str = "") -> None:
    """Send it; returns once the server has said yes (2xx, and with `expects` in its answer). Raises NotSent."""
    parts = check_url(url)
    line = _Line(parts, _place(parts))
    target = parts.path or "/"
    if parts.query:
        target += f"?{parts.query}"
    try:
        line.request(method, target, body, headers)
        answer = line.getresponse()
        said = answer.read(_ANSWER).decode("utf-8", "replace")
    except (ValueError, http.client.InvalidURL) as error:
        raise NotSent(f"it can't be said in HTTP: {type(error).__name__}", is_final=True) from error
    except ssl.SSLCertVerificationError as error:
        raise NotSent(f"the server's certificate is not good: {error.verify_message}") from error
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(str(error) or type(error).__name__) from error
    finally:
        line.close()
    if not 200 <= answer.status < 300:
        is_final = answer.status < 500 and answer.status not in _AGAIN
        raise NotSent(f"the server answered {answer.status} {answer.reason}".rstrip(), is_final=is_final)
    if expects not in said:
        raise NotSent(f"the server's answer does not have “{expects}” in it", is_final=True)


class _Line(http.client.HTTPConnection):
    """To an address that was looked up and judged before, so that no other one is connected to."""

    def __init__(self, parts: SplitResult, at: str) -> None:
        assert parts.hostname is not None
        self._is_tls = parts.scheme == "https"
        self.default_port = 443 if self._is_tls else 80
        super().__init__(parts.hostname, parts.port or self.default_port, timeout=PATIENCE_S)
        self._at = at

    def connect(self) -> None:
        self.sock = create_connection((self._at, self.port), PATIENCE_S)
        if self._is_tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def _place(parts: SplitResult) -> str:
    """The address to connect to: the one that was typed, or one of the world that the name leads to."""
    name = parts.hostname or ""
    try:
        return str(ip_address(name))
    except ValueError:
        pass
    try:
        found = [str(row[4][0]) for row in getaddrinfo(name, None, type=SOCK_STREAM)]
    except (gaierror, UnicodeError) as error:
        raise NotSent(f"there is no server called {name}") from error
    if not found:
        raise NotSent(f"there is no server called {name}")
    if name != _HERE and not all(ip_address(one.partition("%")[0]).is_global for one in found):
        raise NotSent(f"{name} leads to a private address; write the address itself if that is meant")
    return found[0]


def _is_here(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == _HERE
