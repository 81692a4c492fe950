"""The wallboard in a browser: one page, fed by a stream of events, for a television that has a link.

    GET /wall?link=...       the page
    GET /wall/feed?link=...  server-sent events: "face" is all that is shown, "beat" that the line is there

However many televisions there are, one wall follows the floor, and what it shows is encoded once for those with names
and once for those without. Nothing can be changed from here.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from aiohttp import web

from app.clock import Clock
from app.codec import encode
from app.domain.errors import AppError, Unavailable
from app.domain.questions import FloorFacts
from app.floor.board import Board, FeedHole
from app.floor.floor import Batch, Following, Link
from app.floor.local import LocalFloor
from app.floor.wall import Wall
from app.floor.wall_face import without_names
from app.floor.wall_links import WallLink, WallLinks
from app.server.connections import PLAIN, in_hand

__all__ = ["Walls"]

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "wall"
BEAT_S = 5.0
"""Between two signs of life; a page that hears nothing for three of them goes grey. Links are looked at again then."""
FRAME_S = 0.05
"""Between two faces at the least: what happens in between is in the next one."""
MOST = 64
"""Televisions at a time."""
_log = logging.getLogger(__name__)


class Walls:
    """The televisions of one server. `answer` is called on the face's loop."""

    def __init__(self, floor: LocalFloor, clock: Clock, links: WallLinks) -> None:
        self._floor = floor.as_actor("admin")
        self._clock = clock
        self._links = links
        self._stage: _Stage | None = None
        self._watching = 0
        self._floor_id = ""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """The page, or the stream."""
        shown = request.rel_url.query.get("link", "")
        loop = asyncio.get_running_loop()
        feeds = request.rel_url.raw_path == "/wall/feed"
        try:
            link = await loop.run_in_executor(None, self._open, shown)
            if self._watching >= MOST:
                raise Unavailable("Too many televisions show this wallboard.", "No wallboard")
        except AppError as error:
            status = 503 if isinstance(error, Unavailable) else 403
            return _page(_notice(error.title, error.message), status)
        if feeds and request.method != "HEAD":
            return await self._feed(request, shown)
        return _page(_board(link))

    def _open(self, shown: str) -> WallLink:
        if not self._floor_id:
            self._floor_id = self._floor.ask(FloorFacts(check_chain=False)).floor_id
        return self._links.open(shown, self._floor_id, self._clock.now())

    async def _feed(self, request: web.BaseRequest, shown: str) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        if self._stage is None:
            self._stage = _Stage(self._floor, self._clock, loop)
        stage = self._stage
        headers = {**PLAIN, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        answer = web.StreamResponse(headers=headers)
        self._watching += 1
        try:
            with in_hand(request), suppress(ConnectionError):
                await stage.begin()
                await answer.prepare(request)
                await self._tell(stage, answer, shown)
        finally:
            self._watching -= 1
        return answer

    async def _tell(self, stage: _Stage, answer: web.StreamResponse, shown: str) -> None:
        """Say each face, and a beat where there is none, for as long as the link is good."""
        loop = asyncio.get_running_loop()
        told, looked_at = -1, loop.time()
        while not stage.ended:
            if loop.time() - looked_at >= BEAT_S or told < 0:
                try:
                    link = await loop.run_in_executor(None, self._open, shown)
                except AppError as error:
                    await answer.write(_event("over", encode({"message": error.message})))
                    return
                looked_at = loop.time()
            if told != stage.number:
                told = stage.number
                await answer.write(stage.hidden if link.hides_names else stage.named)
                await asyncio.sleep(FRAME_S)
            elif not await stage.changed(BEAT_S - (loop.time() - looked_at)):
                await answer.write(_event("beat", encode({"now": self._clock.now(), "away": stage.away})))

    async def stop(self) -> None:
        """End the streams, and stop following the floor."""
        if self._stage is not None:
            await self._stage.stop()


class _Stage:
    """One wall for all televisions. The wall is changed on the follower's thread; the rest lives on the loop."""

    def __init__(self, floor: LocalFloor, clock: Clock, loop: asyncio.AbstractEventLoop) -> None:
        self._floor, self._clock, self._loop = floor, clock, loop
        self._lock = threading.Lock()
        self._board = Board()
        self._wall = Wall(self._board)
        self.away = ""
        self._following: Following | None = None
        self._beginning: asyncio.Task[None] | None = None
        self._again = asyncio.Event()
        self._news: set[asyncio.Event] = set()
        self._pending = False
        self.named = self.hidden = b""
        self.number = 0
        """Rises with each face."""
        self.ended = False

    async def begin(self) -> None:
        """Follow the floor, if nobody does yet; returns once there is a face."""
        if self._beginning is None:
            self._beginning = self._loop.create_task(self._begin())
        await asyncio.shield(
            self._beginning
        )  # a television that is switched off again must not end it for others

    async def _begin(self) -> None:
        def follow() -> Following:
            return self._floor.follow(None, self._tell, self._link)

        self._following = await self._loop.run_in_executor(None, follow)
        self._minding = self._loop.create_task(self._mind())
        while not self.number and not self.ended:
            await self.changed(1.0)

    async def changed(self, seconds: float) -> bool:
        """Wait for the next face; False if none came in time."""
        came = asyncio.Event()
        self._news.add(came)
        try:
            await asyncio.wait_for(came.wait(), max(seconds, 0.01))
        except TimeoutError:
            return False
        else:
            return True
        finally:
            self._news.discard(came)

    async def stop(self) -> None:
        self.ended = True
        self._wake()
        if self._beginning is not None:
            with suppress(AppError):
                await self._beginning
            self._minding.cancel()
        if self._following is not None:
            await self._loop.run_in_executor(None, self._following.stop)

    async def _mind(self) -> None:
        """Ask for the day when it has to be asked for: at the start, at midnight, after a snapshot."""
        while not self.ended:
            await self._loop.run_in_executor(None, self._ask)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._again.wait(), BEAT_S)
            self._again.clear()

    # -- on threads

    def _ask(self) -> None:
        with self._lock:
            now = self._clock.now()
            question = self._wall.question(now) if self._board.cursor >= 0 and self._wall.needs(now) else None
        if question is None:
            return
        try:
            day = self._floor.ask(question)
        except AppError as error:
            _log.warning("the wallboard's figures could not be read: %s", error.message)
            with self._lock:
                self._wall.forget_question()
            return
        with self._lock:
            self._wall.take(day)
        self._on_loop(self._show_soon)

    def _tell(self, batch: Batch) -> None:
        with self._lock:
            try:
                changes = self._board.apply(batch)
            except FeedHole:  # the follower reads without one; a snapshot will come
                return
            self._wall.follow(changes)
            needs = changes.snapshot or self._wall.needs(self._clock.now())
        if needs:
            self._on_loop(self._again.set)
        self._on_loop(self._show_soon)

    def _link(self, link: Link, why: str) -> None:
        self.away = why or "The floor is away." if link is Link.AWAY else ""
        self._on_loop(self._show_soon)

    def _on_loop(self, work: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(work)

    # -- on the loop

    def _show_soon(self) -> None:
        if not self._pending:
            self._pending = True
            self._loop.call_soon(self._show)

    def _show(self) -> None:
        self._pending = False
        with self._lock:
            face = self._wall.face()
        said = {"now": self._clock.now(), "away": self.away}
        self.named = _event("face", encode({**said, "face": face}))
        self.hidden = _event("face", encode({**said, "face": without_names(face)}))
        self.number += 1
        self._wake()

    def _wake(self) -> None:
        for came in self._news:
            came.set()


def _event(name: str, data: bytes) -> bytes:
    return b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"


# -- the page


def _board(link: WallLink) -> str:
    name = escape(link.name) if link.name else "Wallboard"
    return _template().substitute(title=name, style=_file("wall.css"), script=_file("wall.js"), said="")


def _notice(title: str, text: str) -> str:
    said = f'<main class="notice"><h1>{escape(title)}</h1><p>{escape(text)}</p></main>'
    return _template().substitute(title=escape(title), style=_file("wall.css"), script="", said=said)


def _page(html: str, status: int = 200) -> web.Response:
    headers = {
        **PLAIN,
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy(),
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
    }
    return web.Response(status=status, body=html.encode(), headers=headers)


@cache
def policy() -> str:
    """The page's own style and script, and its own feed; nothing else."""
    script, style = (_digest(_file(name)) for name in ("wall.js", "wall.css"))
    rest = "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; {rest}"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _file(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    return Template(_file("wall.html"))
