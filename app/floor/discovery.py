"""Floors that are found on the local network: a server says that it is there, a desk listens (mDNS, DNS-SD).

What is said is a floor's name and where its server is; no secret, and nothing that is believed: whoever joins what
was found needs an invitation, and the server has to prove that it knows it. Both ends have threads of the library's
own. Networks that allow none of this are common, so that an address can always be typed instead.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import Refused, Unavailable
from app.floor.link import address_of

if TYPE_CHECKING:
    from zeroconf import Zeroconf

__all__ = ["Announcement", "FoundFloor", "Search"]

KIND = "_firstring._tcp.local."
MOST = 20
"""Floors that are shown; whoever says more is making noise."""
_NAME = 60
_ANSWER_MS = 2000
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFloor:
    """A floor whose server answers on this network, or says so. `address` is host:port."""

    name: str
    address: str


Found = Callable[[tuple[FoundFloor, ...]], None]


def _open(interfaces: Sequence[str] | None) -> Zeroconf:
    from zeroconf import IPVersion, Zeroconf

    try:
        if interfaces is not None:
            return Zeroconf(interfaces=list(interfaces), ip_version=IPVersion.V4Only)
        return Zeroconf(ip_version=IPVersion.V4Only)
    except OSError as error:
        raise Unavailable(
            f"This computer's network lets nobody be found on it ({error.strerror or error}). "
            "The address can be typed in instead.",
            "Not to be found",
        ) from error


class Announcement:
    """A server's word that it is there, from `start` to `stop`."""

    def __init__(self, floor_name: str, port: int, *, interfaces: Sequence[str] | None = None) -> None:
        self._floor_name = floor_name
        self._port = port
        self._interfaces = interfaces
        self._zeroconf: Zeroconf | None = None

    def start(self) -> None:
        """Say it, for as long as it is so. Blocks for about a second. Raises Unavailable where it can't be said."""
        from zeroconf import Error, ServiceInfo

        self._zeroconf = zeroconf = _open(self._interfaces)
        host = socket.gethostname().partition(".")[0][:40] or "server"
        # Another server of this computer has another port: whether one hears of the other or not, their labels differ.
        name, place = _plain(self._floor_name), f" on {_plain(host)} {self._port}"
        while len(f"{name}{place}".encode()) > 60:  # a label has 63 bytes; a number may have to be added
            name = name[:-1]
        label = f"{name}{place}".replace(".", " ")
        info = ServiceInfo(
            KIND,
            f"{label}.{KIND}",
            port=self._port,
            addresses=[socket.inet_aton(ip) for ip in self._interfaces or own_addresses()],
            properties={"floor": _plain(self._floor_name), "v": "1"},
            server=f"{host}.local.",
        )
        try:
            zeroconf.register_service(info, allow_name_change=True)
        except (Error, OSError) as error:
            self.stop()
            raise Unavailable(
                f"This server can't be found on the network by itself ({type(error).__name__}); "
                "desks join by link or typed address.",
                "Not to be found",
            ) from error

    def stop(self) -> None:
        """Take it back."""
        if self._zeroconf is not None:
            self._zeroconf.close()
            self._zeroconf = None


class Search:
    """Looks for floors from `start` to `stop`. `found` is told of all that are there, each time that changes, on a
    thread of the search's."""

    def __init__(self, found: Found, *, interfaces: Sequence[str] | None = None) -> None:
        self._found = found
        self._interfaces = interfaces
        self._there: dict[str, FoundFloor] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="search", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Have it end soon, without waiting."""
        self._stopping.set()

    def stop(self) -> None:
        """End it; `found` is not called any more once this has returned."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        from zeroconf import ServiceBrowser

        try:
            zeroconf = _open(self._interfaces)
        except Unavailable as error:
            _log.info("no floors are looked for: %s", error.message)
            return
        try:
            browser = ServiceBrowser(zeroconf, KIND, handlers=[self._changed])
            self._stopping.wait()
            browser.cancel()
        finally:
            zeroconf.close()

    def _changed(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: Any) -> None:
        """On the browser's thread: somebody came, changed, or went."""
        if self._stopping.is_set():
            return
        from zeroconf import Error, ServiceStateChange

        before = dict(self._there)
        self._there.pop(name, None)
        if state_change is not ServiceStateChange.Removed and len(self._there) < MOST:
            try:
                info = zeroconf.get_service_info(service_type, name, _ANSWER_MS)
            except (Error, OSError, ValueError) as error:
                _log.info("what was found says nothing: %s", type(error).__name__)
                info = None
            floor = read_found(info.parsed_addresses(), info.port, info.properties) if info else None
            if floor is not None:
                self._there[name] = floor
        if self._there != before and not self._stopping.is_set():
            self._found(
                tuple(sorted(set(self._there.values()), key=lambda floor: (floor.name, floor.address)))
            )


def read_found(
    addresses: Sequence[str], port: int | None, said: dict[bytes, bytes | None]
) -> FoundFloor | None:
    """What somebody on the network says of themselves, made fit to be shown; None where it is no floor."""
    name = _plain((said.get(b"floor") or b"").decode(errors="replace"))
    for address in addresses:
        try:
            whole = address_of(f"[{address}]:{port}" if ":" in address else f"{address}:{port}")
        except Refused:
            continue
        if name:
            return FoundFloor(name=name, address=whole)
    return None


def _plain(text: str) -> str:
    return " ".join("".join(letter for letter in text if letter.isprintable()).split())[:_NAME]


def own_addresses() -> list[str]:
    """This computer's addresses on its networks, version 4, the one that it would call from first."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))  # nothing is sent; the system says which way it would go
            found.append(str(line.getsockname()[0]))
        except OSError:
            pass
    try:
        told = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        told = []
    found += [str(place[0]) for *_, place in told]
    return [ip for ip in dict.fromkeys(found) if not ip.startswith("127.")] or ["127.0.0.1"]
