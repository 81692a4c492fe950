"""Connections of strangers, and how long they may take.

A sender that is slow on purpose costs one connection and nothing else. Headers have a deadline, which is
also how long an idle connection is kept; bodies have theirs in `intake`. When there are too many
connections, the one that has waited longest for its sender is cut: whoever has just arrived and has
something to say is served. What is not HTTP is answered with one plain sentence, and not with what the
parser thought of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

_log = logging.getLogger(__name__)

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class _NoAccessLog(AbstractAccessLogger):
    """Writes nothing: addresses and paths with keys in them belong into no log file."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Nothing."""


class Connection(web.RequestHandler):
    """One connection; answers what is no request plainly, and keeps it out of the error log."""

    owner: Connections

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if isinstance(exc, ConnectionResetError):
            _log.info("%s hung up before the answer", request.remote)
            text = ""
        elif status == 500:
            _log.error("a capture request could not be answered", exc_info=exc)
            text = "Firstring made a mistake here. Please send it again in a minute.\n"
        else:
            _log.info("no request from %s: %s", request.remote, type(exc).__name__)
            text = "This is not a request that can be understood.\n"
        answer = web.Response(status=status, text=text, headers=PLAIN)
        answer.force_close()
        return answer


_FLUSHES, _FLUSH_S = 10, 0.05
PLAIN = {
    "Server": "Firstring",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer."""


class Connections(web.Server):
    """Makes a `Connection` for each caller and knows which of them wait for their sender."""

    def __init__(self, handler: Handler, *, most: int, header_seconds: float, linger_seconds: float) -> None:
        super().__init__(handler)
        self._most = most
        self._header_seconds = header_seconds
        self._linger_seconds = linger_seconds
        self._waiting: dict[web.RequestHandler, None] = {}

    def __call__(self) -> web.RequestHandler:
        connection = Connection(
            self,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=self._header_seconds,
            lingering_time=self._linger_seconds,
            auto_decompress=False,
            access_log_class=_NoAccessLog,
            access_log=_log,
        )
        connection.owner = self
        return connection

    def connection_made(self, handler: web.RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        self._waiting[handler] = None
        if len(self._waiting) > self._most:
            self._cut(next(iter(self._waiting)))

    def connection_lost(self, handler: web.RequestHandler, exc: BaseException | None = None) -> None:
        self._waiting.pop(handler, None)
        super().connection_lost(handler, exc)

    def hold(self, handler: web.RequestHandler) -> None:
        """Its request is here and will be answered: don't cut it now."""
        self._waiting.pop(handler, None)

    def release(self, handler: web.RequestHandler) -> None:
        """It waits for its sender again."""
        if handler in self._connections:
            self._waiting[handler] = None

    def cut_waiting(self) -> None:
        """End every connection that waits for its sender."""
        for handler in list(self._waiting):
            self._cut(handler)

    async def end(self, seconds: float) -> None:
        """End all connections: those that wait at once, the others when they are answered, within `seconds`."""
        transports = [handler.transport for handler in self.connections]
        self.cut_waiting()
        await self.shutdown(seconds)
        # One that speaks TLS would wait for the other side's farewell; whoever is gone never says it.
        for _ in range(_FLUSHES):
            if not any(map(_unsent, transports)):
                break
            await asyncio.sleep(_FLUSH_S)
        for transport in transports:
            if transport is not None:
                with suppress(AttributeError):  # one of TLS that is gone already, on Python 3.11.2
                    transport.abort()
        await asyncio.sleep(0)

    def _cut(self, handler: web.RequestHandler) -> None:
        self._waiting.pop(handler, None)
        handler.force_close()


def _unsent(transport: asyncio.Transport | None) -> bool:
    """Whether something still waits to be sent. One of TLS that was aborted knows no answer any more."""
    try:
        return transport is not None and transport.get_write_buffer_size() > 0
    except AttributeError:
        return False


@contextmanager
def in_hand(request: web.BaseRequest) -> Iterator[None]:
    """Within it, the request's connection is not cut for another's sake."""
    connection = request.protocol
    assert isinstance(connection, Connection)
    connection.owner.hold(connection)
    try:
        yield
    finally:
        connection.owner.release(connection)
