"""A server, whole: the desks' face, the capture face, and its word on the local network."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from app.clock import Clock
from app.domain.errors import AppError
from app.floor.discovery import Announcement, own_addresses
from app.floor.link import JoinLink, format_link
from app.floor.local import LocalFloor
from app.floor.wall_links import WallLinks
from app.server.capture import CaptureFace
from app.server.certificate import Certificate
from app.server.desks import DeskFace
from app.server.face import fast_loop
from app.server.joining import Joining
from app.server.metrics import CountedFloor, Metrics

_log = logging.getLogger(__name__)
ANYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened at
"""Addresses that stand for all of this computer's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to listen."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        return self.host in ("127.0.0.1", "::1", "localhost")


class Server:
    """One floor's server on this computer. `start` and `stop` are called once each, by one thread."""

    def __init__(
        self,
        floor: LocalFloor,
        clock: Clock,
        certificate: Certificate,
        listen: Place,
        capture: Place | None,
        public: tuple[str, ...] = (),
        capture_certificate: Certificate | None = None,
        wall_links: WallLinks | None = None,
    ) -> None:
        """`public` are the addresses (host:port) that invitations carry; none: this computer's own. Inquiries are
        taken in plain HTTP unless there is a certificate for them."""
        self._floor = floor
        self._certificate = certificate
        self._listen = listen
        self._public = public
        metrics = Metrics()
        passes = floor.passes()

        def actor(token: str, *, afresh: bool = False) -> str | None:
            found = passes.holder(token, afresh=afresh)
            return found.rep_id if found is not None else None

        self._desks = DeskFace(
            floor,
            clock,
            actor,
            listen.host,
            listen.port,
            tls=certificate.context(),
            joining=Joining(passes, certificate.pin),
            metrics=metrics,
            wall_links=wall_links,
            new_loop=fast_loop(),
        )
        self._capture: CaptureFace | None = None
        if capture is not None:
            counted = CountedFloor(floor.as_actor("capture"), metrics)
            tls = capture_certificate.context() if capture_certificate is not None else None
            self._capture = CaptureFace(
                counted, clock, capture.host, capture.port, new_loop=fast_loop(), tls=tls
            )
        self._announcement: Announcement | None = None

    def start(self) -> None:
        """Serve from now on; raises Unavailable."""
        self._desks.start()
        try:
            if self._capture is not None:
                self._capture.start()
        except BaseException:
            self._desks.stop()
            raise

    def announce(self, floor_name: str) -> None:
        """Say on the local network that the server is there, where it listens on the network at all."""
        if self._listen.is_loopback:
            return
        announcement = Announcement(floor_name, self.port)
        try:
            announcement.start()
        except AppError as error:
            _log.warning("%s", error.message)
        else:
            self._announcement = announcement

    @property
    def port(self) -> int:
        return int(self._desks.url.rpartition(":")[2])

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where desks find it, as host:port."""
        if self._public:
            return self._public
        hosts = own_addresses() if self._listen.host in ANYWHERE else [self._listen.host]
        return tuple(f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}" for host in hosts)

    @property
    def capture_url(self) -> str:
        """Of the capture endpoints; empty where there are none."""
        return self._capture.url if self._capture is not None else ""

    def link(self, secret: str) -> str:
        """An invitation's link."""
        return format_link(
            JoinLink(addresses=self.addresses[:8], pins=(self._certificate.pin,), secret=secret)
        )

    def stop(self) -> None:
        """Take nothing more in, finish what the floor has in hand, and send the desks on."""
        if self._announcement is not None:
            self._announcement.stop()
        if self._capture is not None:
            self._capture.stop()
        self._desks.stop()
