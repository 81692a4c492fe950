"""A face: a web server on a thread and a loop of its own, inside the desktop or beside it.

What it serves is said by the classes that build on it, `capture` and `desks`. It is started and stopped from
any thread, and says in one sentence why it could not be started.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from app.domain.errors import Unavailable

NewLoop = Callable[[], asyncio.AbstractEventLoop]

LONGEST_STOP_S = 5.0
"""How long requests in hand may take when a face is stopped."""


class Face(ABC):
    """Listens at one address until it is stopped. `start` and `stop` may be called from any thread, one at a time."""

    name = "face"
    """Of the thread."""
    trouble = "The server can't be started"
    """Title of the error when it can't listen."""
    scheme = "http"

    def __init__(self, host: str, port: int, new_loop: NewLoop | None = None) -> None:
        self._host = host
        self._port = port
        self._new_loop = new_loop
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    @property
    def url(self) -> str:
        """The address of the face without a slash at the end, such as http://127.0.0.1:8737."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{self.scheme}://{host}:{self._port}"

    def start(self) -> int:
        """Serve; returns the port (a free one, if the face was made for port 0). Raises Unavailable."""
        if self._thread is not None:
            return self._port
        listening = _listening(self._host, self._port, self.trouble)
        self._port = listening.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(listening, ready.set), name=self.name, daemon=True
        )
        self._thread.start()
        ready.wait()
        if self._stopping is None:
            self._thread.join()
            self._thread = None
            raise Unavailable("The server could not be started; the log says why.", self.trouble)
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
            with listening, asyncio.Runner(loop_factory=self._new_loop) as runner:
                runner.run(self._begin(listening, ready))
        finally:
            ready()

    async def _begin(self, listening: socket.socket, ready: Callable[[], None]) -> None:
        stopping = asyncio.Event()

        def begun() -> None:
            self._loop, self._stopping = asyncio.get_running_loop(), stopping
            ready()

        await self._serve(listening, begun, stopping)

    @abstractmethod
    async def _serve(
        self, listening: socket.socket, begun: Callable[[], None], stopping: asyncio.Event
    ) -> None:
        """Serve on `listening`, say when it has `begun`, and return some time after `stopping` is set."""


def fast_loop() -> NewLoop | None:
    """The quicker kind of loop, for a server with many connections, where there is one."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _listening(host: str, port: int, trouble: str) -> socket.socket:
    """A bound socket, or Unavailable with the reason in one sentence."""
    if not 0 <= port <= 65535:
        raise Unavailable(f"{port} is not a port; they go up to 65535.", trouble)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        why = {
            errno.EADDRINUSE: f"Port {port} is already in use by another program.",
            errno.EACCES: f"This account may not open port {port}; ports below 1024 are the system's.",
            errno.EADDRNOTAVAIL: f"This computer has no network address {host}.",
        }.get(error.errno or 0, f"The address {host}:{port} can't be opened ({error.strerror or error}).")
        raise Unavailable(why, trouble) from error
