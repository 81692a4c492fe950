"""The capture face: the small web server to which forms, programs and Google Ads send inquiries.

It runs on a thread of its own with a loop of its own, inside the desktop or beside it, and knows the
floor only by its door. It listens on loopback unless told otherwise: a reverse proxy or a tunnel that
speaks HTTPS stands between it and the internet, or it speaks HTTPS itself, with a certificate that senders
trust. What the requests are is told in `intake`, who may be slow in `connections`.

Importing this loads aiohttp (about 0.4 s): import it off the GUI thread, and not before the first paint.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable

from app.clock import Clock
from app.domain.clean import warm
from app.floor.floor import Floor
from app.server.connections import Connections
from app.server.face import LONGEST_STOP_S, Face, NewLoop
from app.server.intake import Intake, Limits, lingering


class CaptureFace(Face):
    """Serves the capture endpoints of one floor until it is stopped."""

    name = "capture"
    trouble = "Inquiries can't come in"

    def __init__(
        self,
        floor: Floor,
        clock: Clock,
        host: str = "127.0.0.1",
        port: int = 8737,
        limits: Limits | None = None,
        new_loop: NewLoop | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(host, port, new_loop)
        self._tls = tls
        self.scheme = "http" if tls is None else "https"
        self._floor = floor
        self._clock = clock
        self._limits = limits or Limits()

    async def _serve(
        self, listening: socket.socket, begun: Callable[[], None], stopping: asyncio.Event
    ) -> None:
        loop = asyncio.get_running_loop()
        limits = self._limits
        intake = Intake(self._floor, self._clock, limits, loop.time)
        connections = Connections(
            intake.handle,
            most=limits.connections,
            header_seconds=limits.header_seconds,
            linger_seconds=lingering(limits),
        )
        server = await loop.create_server(
            connections,
            sock=listening,
            backlog=1024,
            ssl=self._tls,
            ssl_handshake_timeout=limits.header_seconds if self._tls is not None else None,
        )
        intake.warm(warm)
        begun()
        await stopping.wait()
        server.close()
        await connections.end(LONGEST_STOP_S)
        intake.close()
