"""The capture face: the small web server to which forms, programs and Google Ads send inquiries.

It runs on a thread of its own with a loop of its own, inside the desktop or beside it, and knows the
floor only by its door. It listens on loopback unless told otherwise: a reverse proxy or a tunnel that
speaks HTTPS stands between it and the internet. What the requests are is told in `intake`, who may be
slow in `connections`.

Importing this loads aiohttp (about 0.4 s): import it off the GUI thread, and not before the first paint.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Callable

from app.clock import Clock
from app.domain.clean import warm
from app.domain.errors import Unavailable
from app.floor.floor import Floor
from app.server.connections import Connections
from app.server.intake import Intake, Limits, lingering

_LONGEST_STOP_S = 5.0
"""How long inquiries in hand may take when the face is stopped."""


class CaptureFace:
    """Serves the capture endpoints of one floor until it is stopped.

    `start` and `stop` may be called from any thread, one at a time.
    """

    def __init__(
        self,
        floor: Floor,
        clock: Clock,
        host: str = "127.0.0.1",
        port: int = 8737,
        limits: Limits | None = None,
    ) -> None:
        self._floor = floor
        self._clock = clock
        self._host = host
        self._port = port
        self._limits = limits or Limits()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    @property
    def url(self) -> str:
        """The address of the face without a slash at the end, such as http://127.0.0.1:8737."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> int:
        """Serve; returns the port (a free one, if the face was made for port 0). Raises Unavailable."""
        if self._thread is not None:
            return self._port
        listening = _listening(self._host, self._port)
        self._port = listening.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(listening, ready.set), name="capture", daemon=True
        )
        self._thread.start()
        ready.wait()
        if self._stopping is None:
            self._thread.join()
            self._thread = None
            raise Unavailable("The server for inquiries could not be started.", "Inquiries can't come in")
        return self._port

    def stop(self) -> None:
        """Take no more requests, finish those that the floor has in hand, and end the thread."""
        thread, loop, stopping = self._thread, self._loop, self._stopping
        if thread is None or loop is None or stopping is None:
            return
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        self._thread = self._loop = self._stopping = None

    def _run(self, listening: socket.socket, ready: Callable[[], None]) -> None:
        try:
            with listening, asyncio.Runner() as runner:
                runner.run(self._serve(listening, ready))
        finally:
            ready()

    async def _serve(self, listening: socket.socket, ready: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        limits = self._limits
        intake = Intake(self._floor, self._clock, limits, loop.time)
        connections = Connections(
            intake.handle,
            most=limits.connections,
            header_seconds=limits.header_seconds,
            linger_seconds=lingering(limits),
        )
        server = await loop.create_server(connections, sock=listening, backlog=1024)
        intake.warm(warm)
        self._loop, self._stopping = loop, stopping
        ready()
        await stopping.wait()
        server.close()
        connections.cut_waiting()
        await connections.shutdown(_LONGEST_STOP_S)
        intake.close()


def _listening(host: str, port: int) -> socket.socket:
    """A bound socket, or Unavailable with the reason in one sentence."""
    if not 0 <= port <= 65535:
        raise Unavailable(f"{port} is not a port; they go up to 65535.", "Inquiries can't come in")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        why = {
            errno.EADDRINUSE: f"Port {port} is already in use by another program.",
            errno.EACCES: f"This account may not open port {port}; ports below 1024 are the system's.",
            errno.EADDRNOTAVAIL: f"This computer has no network address {host}.",
        }.get(error.errno or 0, f"The address {host}:{port} can't be opened ({error.strerror or error}).")
        raise Unavailable(why, "Inquiries can't come in") from error
