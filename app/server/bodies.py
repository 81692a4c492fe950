"""The body of a request: how large it may be, and how long its sender may take over it."""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.http import HttpProcessingError


class BadBody(Exception):
    """Why a body was not taken: an HTTP status, and what to tell the sender."""

    def __init__(self, status: int, title: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.title = title
        self.text = text


async def body_of(request: web.BaseRequest, most: int, seconds: float, what: str) -> bytes:
    """The whole body, of at most `most` bytes; `what` ("An inquiry") is what a sender is told has more.
    Raises `BadBody`."""
    too_large = BadBody(413, "Too large", f"{what} may have {most // 1024} kB; this one has more.")
    if (request.content_length or 0) > most:
        raise too_large
    body = bytearray()
    try:
        if request.headers.get("Expect", "").casefold() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0
        async with asyncio.timeout(seconds):
            while chunk := await request.content.readany():
                body += chunk
                if len(body) > most:
                    raise too_large
    except TimeoutError as error:
        request.protocol.close()
        raise BadBody(408, "Too slow", "The request took too long to arrive.") from error
    except (web.RequestPayloadError, HttpProcessingError, ConnectionError) as error:
        request.protocol.close()
        raise BadBody(400, "Not understood", "The request broke off or is not proper HTTP.") from error
    except RuntimeError as error:  # how aiohttp says that the line was cut before anybody read from it
        if request.transport is not None:
            raise
        raise BadBody(400, "Not understood", "The request broke off.") from error
    return bytes(body)
