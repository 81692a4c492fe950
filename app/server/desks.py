"""The desks' face: commands and questions by HTTP, the feed by WebSocket.

    POST /api/do     a command: its receipt
    POST /api/ask    a question: its answer
    GET  /api/feed   a WebSocket; the desk's first words are its token and the last event it has seen
    GET  /api/time   the floor's time
    GET  /api/me     who the floor takes me for
    GET  /healthz    whether the floor can be reached through here
    GET  /metrics    figures for Prometheus, for this computer and for whoever shows a token
    GET  /openapi.json
    GET  /wall       the wallboard in a browser, for whoever has a link to it (`wall`)
    POST /api/join   an invitation's secret: a computer is let in from now on (/api/join/proof: `joining`)

Whoever asks shows a bearer token, which stands for a person or a machine of the floor. It is looked at before
anything else is read, and never stands in an address, where logs would keep it. Pages of other sites are refused
by their Origin: no desk has one. Errors travel as the wire says, with a status that fits.
"""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import WSMsgType, web

from app.clock import Clock
from app.codec import Malformed, encode
from app.domain.errors import (
    AppError,
    NotAllowed,
    NotFound,
    Refused,
    Unavailable,
)
from app.floor import wire
from app.floor.local import LocalFloor
from app.floor.wall_links import WallLinks
from app.refusals import note_refusal
from app.server.bodies import BadBody, body_of
from app.server.connections import PLAIN, Connections, in_hand
from app.server.face import LONGEST_STOP_S, Face, NewLoop
from app.server.feed import Actors, Feed
from app.server.joining import MOST_BYTES, Joining
from app.server.listening import Desk
from app.server.metrics import CONTENT_TYPE, CountedFloor, Metrics
from app.server.openapi import description
from app.server.replies import Ending, check_wire, only, reply, status_of, unreadable, wrong_wire
from app.server.wall import Walls

_log = logging.getLogger(__name__)
T = TypeVar("T")

_HERE = ("127.0.0.1", "::1")
NOT_LET_IN = 4401
"""Close code of a feed whose desk is not let in."""
_GOING = 1001
_NOT_UNDERSTOOD = 1002


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLimits:
    """How much and how long. Seconds are real ones."""

    body_bytes: int = 25 * 1024 * 1024
    """Of a command; a slice of an import is the largest."""
    question_bytes: int = 1024 * 1024
    """A rulebook that is to be tried is the largest."""
    frame_bytes: int = 64 * 1024
    """Of what a desk says on the feed."""
    header_seconds: float = 10.0
    body_seconds: float = 15.0
    silence_seconds: float = 60.0
    """How long a feed may be without a sign of life from its desk."""
    connections: int = 2048
    """That wait for their sender; beyond that the oldest is cut."""
    waiting: int = 500
    """Requests that wait for the floor; beyond that desks are asked to come again."""


class DeskFace(Face):
    """Serves the desks of one floor until it is stopped: by HTTPS, or on loopback by HTTP too."""

    name = "desks"

    def __init__(
        self,
        floor: LocalFloor,
        clock: Clock,
        actors: Actors,
        host: str = "127.0.0.1",
        port: int = 8738,
        *,
        tls: ssl.SSLContext | None = None,
        joining: Joining | None = None,
        metrics: Metrics | None = None,
        wall_links: WallLinks | None = None,
        limits: DeskLimits | None = None,
        new_loop: NewLoop | None = None,
    ) -> None:
        super().__init__(host, port, new_loop)
        self._floor = floor
        self._clock = clock
        self._actors = actors
        self._tls = tls
        self._joining = joining
        self._metrics = metrics or Metrics()
        self._wall_links = wall_links
        self._limits = limits or DeskLimits()
        self.scheme = "http" if tls is None else "https"

    async def _serve(
        self, listening: socket.socket, begun: Callable[[], None], stopping: asyncio.Event
    ) -> None:
        loop = asyncio.get_running_loop()
        limits = self._limits
        feed = Feed(self._floor, self._clock, self._actors, loop.time)
        await feed.start()
        walls = Walls(self._floor, self._clock, self._wall_links) if self._wall_links is not None else None
        desks = _Desks(
            self._floor, self._clock, self._actors, feed, limits, self._joining, self._metrics, walls
        )
        connections = Connections(
            desks.handle, most=limits.connections, header_seconds=limits.header_seconds, linger_seconds=1.0
        )
        server = await loop.create_server(connections, sock=listening, ssl=self._tls, backlog=1024)
        begun()
        await stopping.wait()
        server.close()
        await feed.stop()
        if walls is not None:
            await walls.stop()
        await connections.end(LONGEST_STOP_S)
        desks.close()


class _Desks:
    """Answers requests. Lives on the face's loop; the floor is called on threads."""

    def __init__(
        self,
        floor: LocalFloor,
        clock: Clock,
        actors: Actors,
        feed: Feed,
        limits: DeskLimits,
        joining: Joining | None,
        metrics: Metrics,
        walls: Walls | None,
    ) -> None:
        self._walls = walls
        self._floor = floor
        self._clock = clock
        self._actors = actors
        self._feed = feed
        self._limits = limits
        self._joining = joining
        self._metrics = metrics
        self._doing = ThreadPoolExecutor(4, thread_name_prefix="desks-do")
        self._asking = ThreadPoolExecutor(3, thread_name_prefix="desks-ask")
        self._in_hand = 0

    def close(self) -> None:
        """Wait for what is in hand and end the threads."""
        self._doing.shutdown()
        self._asking.shutdown()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """The answer to any request."""
        try:
            answer = await self._answer(request)
        except Ending as why:
            answer = reply(why.status, wire.write_error(why.error), why.headers)
        except AppError as error:
            answer = reply(status_of(error), wire.write_error(error))
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception:  # noqa: BLE001 - a desk is told that it was not its fault
            _log.exception("a desk's request could not be answered")
            mistake = Unavailable("The server made a mistake; its log says where.")
            answer = reply(500, wire.write_error(mistake))
        return answer

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        match request.rel_url.raw_path:
            case "/api/do":
                return await self._do(request)
            case "/api/ask":
                return await self._ask(request)
            case "/api/feed":
                return await self._listen(request)
            case "/api/time":
                only(request, "GET")
                return reply(200, encode(wire.Time(at=self._clock.now())))
            case "/api/me":
                only(request, "GET")
                return reply(200, encode(wire.Me(actor=await self._actor_of(request))))
            case "/healthz":
                only(request, "GET")
                return self._health()
            case "/metrics":
                return await self._figures(request)
            case "/openapi.json":
                only(request, "GET")
                return reply(200, await asyncio.get_running_loop().run_in_executor(self._asking, description))
            case "/wall" | "/wall/feed" if self._walls is not None:
                if request.method != "HEAD":
                    only(request, "GET")
                return await self._walls.answer(request)
            case "/api/join" if self._joining is not None:
                return await self._join(request, self._joining.join)
            case "/api/join/proof" if self._joining is not None:
                return await self._join(request, self._joining.prove)
        raise Ending(404, NotFound("There is nothing here.", "Not found"))

    # -- about the server

    def _health(self) -> web.Response:
        lost = self._feed.lost
        return reply(
            503 if lost else 200, encode({"ok": not lost, "message": lost} if lost else {"ok": True})
        )

    async def _figures(self, request: web.BaseRequest) -> web.Response:
        only(request, "GET")
        if (request.remote or "") not in _HERE:
            await self._actor_of(request)
        self._feed.fill(self._metrics)
        headers = {**PLAIN, "Content-Type": CONTENT_TYPE}
        return web.Response(body=self._metrics.text(), headers=headers)

    # -- commands and questions

    async def _do(self, request: web.BaseRequest) -> web.Response:
        only(request, "POST")
        actor = await self._actor_of(request)
        command = await self._read(request, self._limits.body_bytes, "A command", wire.read_command)

        def do() -> bytes:
            return wire.write_receipt(CountedFloor(self._floor.as_actor(actor), self._metrics).do(command))

        return reply(200, await self._on_thread(request, self._doing, do))

    async def _ask(self, request: web.BaseRequest) -> web.Response:
        only(request, "POST")
        actor = await self._actor_of(request)
        question = await self._read(request, self._limits.question_bytes, "A question", wire.read_question)

        def ask() -> bytes:
            return wire.write_answer(CountedFloor(self._floor.as_actor(actor), self._metrics).ask(question))

        return reply(200, await self._on_thread(request, self._asking, ask))

    async def _join(self, request: web.BaseRequest, work: Callable[[bytes, str], bytes]) -> web.Response:
        only(request, "POST")
        check_wire(request)
        body = await self._read(request, MOST_BYTES, "This", bytes)
        try:
            told = await self._on_thread(request, self._doing, lambda: work(body, request.remote or ""))
        except Malformed as error:
            raise unreadable(error) from error
        return reply(200, told)

    async def _read(self, request: web.BaseRequest, most: int, what: str, read: Callable[[bytes], T]) -> T:
        try:
            body = await body_of(request, most, self._limits.body_seconds - 1.0, what)
        except BadBody as why:
            raise Ending(why.status, Refused(why.text, why.title)) from why
        try:
            return read(body)
        except Malformed as error:
            raise unreadable(error) from error

    async def _on_thread(
        self, request: web.BaseRequest, threads: ThreadPoolExecutor, work: Callable[[], bytes]
    ) -> bytes:
        if self._in_hand >= self._limits.waiting:
            raise Unavailable("The server has too much to do just now. Please try again.")
        self._in_hand += 1
        try:
            with in_hand(request):
                return await asyncio.get_running_loop().run_in_executor(threads, work)
        finally:
            self._in_hand -= 1

    async def _actor_of(self, request: web.BaseRequest) -> str:
        """Whom the request's token stands for, or a refusal."""
        check_wire(request)
        shown = re.fullmatch(r"(?i:bearer) +([\x21-\x7e]{1,512})", request.headers.get("Authorization", ""))
        actor = await self._actor(shown[1]) if shown else None
        if actor is None:
            note_refusal(request.remote or "", "desks", "wrong token" if shown else "no token")
            raise Ending(401, wire.not_known(), {"WWW-Authenticate": "Bearer"})
        return actor

    async def _actor(self, token: str) -> str | None:
        return await asyncio.get_running_loop().run_in_executor(self._asking, self._actors, token)

    # -- the feed

    async def _listen(self, request: web.BaseRequest) -> web.StreamResponse:
        only(request, "GET")
        if "Origin" in request.headers:
            raise Ending(403, NotAllowed("Pages of other sites may not listen here.", "Not allowed"))
        socket = web.WebSocketResponse(max_msg_size=self._limits.frame_bytes, compress=False, timeout=1.0)
        if not socket.can_prepare(request).ok:
            headers = {"Upgrade": "websocket", "Connection": "Upgrade"}
            raise Ending(426, Refused("The feed is a WebSocket.", "Not like this"), headers)
        with in_hand(request):
            await socket.prepare(request)
            try:
                await self._follow(request, socket)
            except (ConnectionError, TimeoutError):
                pass
            finally:
                if not socket.closed:
                    await socket.close(code=_GOING)
        return socket

    async def _follow(self, request: web.BaseRequest, socket: web.WebSocketResponse) -> None:
        desk = await self._let_in(request, socket)
        if desk is None:
            return
        self._feed.add(desk)
        hearing = asyncio.ensure_future(socket.receive(self._limits.silence_seconds))
        try:
            await asyncio.wait((hearing, desk.dismissed), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._feed.remove(desk)
            hearing.cancel()
        if desk.dismissed.done():
            why = desk.dismissed.result()
            if isinstance(why, Unavailable):
                await socket.close(code=_GOING, message=why.message.encode())
            else:
                await self._turn_away(socket, why)
        elif (
            not hearing.cancelled()
            and hearing.exception() is None
            and hearing.result().type == WSMsgType.TEXT
        ):
            await socket.close(code=_NOT_UNDERSTOOD, message=b"Everything was said already.")

    async def _let_in(self, request: web.BaseRequest, socket: web.WebSocketResponse) -> Desk | None:
        """Hear a desk's first words."""
        first = await socket.receive(self._limits.header_seconds)
        if first.type != WSMsgType.TEXT:
            return None
        try:
            follow = wire.read_follow(first.data)
            actor = await self._actor(follow.token)
            if follow.wire != wire.WIRE:
                raise wrong_wire()
            if actor is None:
                note_refusal(request.remote or "", "feed", "wrong token")
                raise wire.not_known()
        except Malformed as error:
            await self._turn_away(socket, Refused(f"That can't be read: {error}.", "Not understood"))
            return None
        except AppError as error:
            await self._turn_away(socket, error)
            return None
        transport = request.transport
        if transport is None:
            return None
        return Desk(
            transport,
            request.writer.drain,
            token=follow.token,
            actor=actor,
            since=follow.since,
            mark=follow.mark,
        )

    async def _turn_away(self, socket: web.WebSocketResponse, why: AppError) -> None:
        await socket.send_str(wire.write_feed_error(why).decode())
        await socket.close(code=NOT_LET_IN, message=why.title.encode()[:120])
