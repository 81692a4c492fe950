"""How desks are told what came of a request: JSON, with a status that fits."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from app.codec import Malformed
from app.domain.errors import AppError, CommandReused, NotAllowed, NotFound, Refused, WrongVersion
from app.floor import wire
from app.server.connections import PLAIN


class Ending(Exception):
    """Ends a request with an error."""

    def __init__(self, status: int, error: AppError, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(error.message)
        self.status = status
        self.error = error
        self.headers = headers or {}


def reply(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> web.Response:
    said = {**PLAIN, "Content-Type": "application/json", **(headers or {})}
    return web.Response(status=status, body=body, headers=said)


def only(request: web.BaseRequest, method: str) -> None:
    if request.method != method:
        raise Ending(405, Refused(f"Only {method} is understood here.", "Not like this"), {"Allow": method})


def check_wire(request: web.BaseRequest) -> None:
    spoken = request.headers.get(wire.WIRE_HEADER, "")
    if spoken and spoken != str(wire.WIRE):
        raise Ending(426, wrong_wire(), {"Upgrade": f"firstring/{wire.WIRE}"})


def unreadable(error: Malformed) -> Ending:
    return Ending(422, Refused(f"That can't be read: {error}.", "Not understood"))


def wrong_wire() -> WrongVersion:
    return WrongVersion("This Firstring and the floor's server are of different times; update the older one.")


_STATUS: tuple[tuple[type[AppError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (CommandReused, 409),
    (Refused, 409),
    (WrongVersion, 426),
    (AppError, 503),
)


def status_of(error: AppError) -> int:
    """The HTTP status that goes with an error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))
