"""The least that can tell desks what happened, as a script: takes an inquiry, commits it, writes bytes to all lines.

The commit is the floor's own for a captured inquiry; what goes out is given bytes, over TLS, from a protocol that
does nothing else. It speaks just enough HTTP for the poster. `bare aiohttp` is a process that only serves "ok".
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from pathlib import Path


def _fan(address: str, certificate: str, key: str, frame: str) -> None:
    import uvloop

    from app.clock import SystemClock, new_id
    from app.domain.clean import warm
    from app.domain.commands import CaptureInquiry
    from app.domain.inquiry import Inquiry
    from app.domain.questions import AllSources
    from app.floor.local import LocalFloor
    from app.store.book import Book

    floor = LocalFloor(Book(address), SystemClock(), "admin")
    source = floor.ask(AllSources()).lines[0].source
    capture = floor.as_actor("capture")
    told = Path(frame).read_bytes()
    lines: set[asyncio.WriteTransport] = set()
    warm()

    class Line(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            lines.add(transport)  # type: ignore[arg-type]

    class Poster(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            inquiry = Inquiry(
                id=new_id(), channel="form", source_id=source.id, raw=data.partition(b"\r\n\r\n")[2],
                content_type="application/x-www-form-urlencoded", received_at=SystemClock().now(),
            )  # fmt: skip
            capture.do(CaptureInquiry(inquiry=inquiry))
            for line in lines:
                line.write(told)
            self.transport.write(b"HTTP/1.1 303 See Other\r\nContent-Length: 0\r\n\r\n")  # type: ignore[attr-defined]

    async def serve() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        loop = asyncio.get_running_loop()
        feed = await loop.create_server(Line, "127.0.0.1", 0, ssl=context, backlog=1024)
        post = await loop.create_server(Poster, "127.0.0.1", 0)
        print(feed.sockets[0].getsockname()[1], post.sockets[0].getsockname()[1], flush=True)
        await asyncio.Event().wait()

    uvloop.run(serve())


def _aiohttp() -> None:
    """A server process that has nothing to serve."""
    import uvloop
    from aiohttp import web

    async def answer(request: web.BaseRequest) -> web.Response:
        return web.Response(text="ok")

    async def serve() -> None:
        server = web.Server(answer)
        listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
        print(listening.sockets[0].getsockname()[1], flush=True)
        await asyncio.Event().wait()

    uvloop.run(serve())


if __name__ == "__main__":
    if sys.argv[1:] == ["aiohttp"]:
        _aiohttp()
    else:
        _fan(*sys.argv[1:])
