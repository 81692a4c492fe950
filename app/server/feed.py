"""The feed of a server: the book is read once, encoded once, and the same bytes go to every desk.

One follower reads the book. What it finds is put into a WebSocket frame and written to all desks that are *live*,
that is, who have been told everything before it. Those who see less than the floor (a partner, an admin) get a frame
of their own. A desk that has just come, or that is slow, or whose person was changed, is served by itself:
it is read to from its own cursor until there is nothing more, and is live from then on. So nobody waits for
anybody, nothing is kept for the slow, and the cursor alone says what a desk still has to be told. One whose line
takes nothing for a while is cut off; it will come again.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol

from app.clock import Clock
from app.domain.errors import AppError, NotAllowed, Unavailable
from app.domain.events import DeskRevoked, RepChanged
from app.domain.sight import Viewer
from app.floor import wire
from app.floor.floor import Batch, Link
from app.floor.local import LocalFloor, LocalFollower
from app.floor.sight import seen_batch
from app.server.frames import Pieces, framed
from app.server.listening import Desk
from app.server.metrics import Metrics

_log = logging.getLogger(__name__)
AT_ONCE = 8
"""Pieces that are written to a line without waiting for it to take them."""
_WHO = "admin"
"""Who follows the book for all: one who sees everything."""
BEHIND = 256 * 1024
"""Bytes that may wait for a desk before it is served by itself."""
PATIENCE_S = 20.0
"""How long a desk may take nothing of what waits for it."""
_KEPT_S = 10.0
"""How long a snapshot is kept for others who ask for the same."""
_SHORTLY_S = 0.1
"""Seconds until a desk that is ahead of what was told to all is looked after again."""
_AGAIN_S = 1.0
"""Seconds until a floor that does not answer is asked again."""


class Actors(Protocol):
    """Whom a device's token stands for: a rep's id, or a machine's word; None for one that is not let in.

    What was found out a moment ago will do, unless `afresh`. Called on threads of the face's; raises Unavailable.
    """

    def __call__(self, token: str, *, afresh: bool = False) -> str | None: ...


class _Snapshot:
    def __init__(self, began: int, at: float, last: int, mark: str, pieces: Pieces) -> None:
        self.began = began
        self.at = at
        self.last = last
        self.mark = mark
        self.pieces = pieces


class Feed:
    """Tells desks what happens. All but its own threads' work is done on the loop it was started on."""

    def __init__(
        self,
        floor: LocalFloor,
        clock: Clock,
        actors: Actors,
        now: Callable[[], float],
    ) -> None:
        self._floor = floor.as_actor(_WHO)
        self._clock = clock
        self._actors = actors
        self._now = now
        self.desks: set[Desk] = set()
        self.head = 0
        """Number of the last event that was told to all."""
        self._mark = ""
        """Its hash."""
        self.lost = ""
        """Why the book can't be read just now; empty when it can."""
        self._lag = 0.0
        """Seconds from the last event to its being told, by the floor's clock."""
        self.kept = True
        """Whether somebody keeps the clocks."""
        self._loop = asyncio.get_running_loop()
        self._reading = ThreadPoolExecutor(2, thread_name_prefix="feed-read")
        self._following: LocalFollower | None = None
        self._stopped = False
        self._tickets = itertools.count()
        self._making = threading.Lock()
        self._made: _Snapshot | None = None
        self._viewers: tuple[int, dict[str, Viewer]] = (0, {})
        """How often somebody was changed, and who was looked up since."""

    async def start(self) -> None:
        """Begin to follow; raises Unavailable when the book can't be read."""
        self.head, self._mark = await self._loop.run_in_executor(self._reading, self._floor.head)
        self._follow()

    async def stop(self) -> None:
        """Say goodbye to everybody and end the threads."""
        frame = framed(wire.write_feed(wire.Goodbye(message="The server is stopping.")))
        for desk in list(self.desks):
            desk.say(frame)
            self.dismiss(desk, Unavailable("The server is stopping."))
        self._stopped = True
        await self._loop.run_in_executor(None, self._end_threads)

    def _end_threads(self) -> None:
        if self._following is not None:
            self._following.stop()
        self._reading.shutdown()

    # -- desks, on the loop

    def add(self, desk: Desk) -> None:
        """From now on, tell a desk everything after its cursor."""
        self.desks.add(desk)
        self._serve_alone(desk)

    def remove(self, desk: Desk) -> None:
        """Its line is gone."""
        self.desks.discard(desk)
        desk.live = False
        if desk.catching_up is not None:
            desk.catching_up.cancel()

    def dismiss(self, desk: Desk, why: AppError) -> None:
        """End a desk's feed from this side."""
        if not desk.dismissed.done():
            desk.dismissed.set_result(why)

    def fill(self, metrics: Metrics) -> None:
        """Write down how it is."""
        metrics.desks.set(len(self.desks))
        metrics.behind.set(sum(not desk.live for desk in self.desks))
        metrics.head.set(self.head)
        metrics.lag.set(self._lag)
        metrics.kept.set(self.kept)
        metrics.lost.set(bool(self.lost))

    def _spread(self, batch: Batch, frames: dict[Viewer | None, Pieces]) -> None:
        """Tell a batch to everybody who is live; `frames` for those who see less, and under None for all others."""
        last, mark = batch.last, batch.mark
        self.head, self._mark = last, mark
        if _people(batch):  # somebody may be shut out by it, or see more or less from here on
            for desk in self.desks:
                desk.stale = True
                if desk.live:
                    self._serve_alone(desk)
        for desk in self.desks:
            if not desk.live or (desk.cursor == last and desk.mark == mark):
                continue
            if not batch.went_back and desk.cursor is not None and desk.cursor >= last:
                continue
            pieces = frames.get(None if _sees_all(desk) else desk.viewer)
            if pieces is None:  # it came while the batch was written
                self._serve_alone(desk)
                continue
            desk.cursor, desk.mark = last, mark
            if len(pieces) > AT_ONCE:
                self._serve_alone(desk, pieces)
                continue
            desk.say(pieces)
            if desk.waiting > BEHIND:
                self._serve_alone(desk)
        if batch.snapshot and not self.kept:
            self._say(self._live())
        made = self._made
        if made is not None and self._now() - made.at > _KEPT_S:
            self._made = None

    def _keep(self, kept: bool) -> None:
        """Somebody keeps the clocks again, or nobody does any more."""
        self.kept = kept
        self._say(self._live())

    def _lose(self, why: str) -> None:
        """The book can't be read."""
        self.lost = why
        self._say(framed(wire.write_feed(wire.Away(message=why))))
        self._loop.call_later(_AGAIN_S * 5, self._revive)

    def _find(self, _why: str) -> None:
        if self.lost:
            self.lost = ""
            self._say(self._live())

    def _revive(self) -> None:
        """A follower that made a mistake has ended; the desks are not to be punished for it for ever."""
        if self._following is not None and not self._following.is_alive() and not self._stopped:
            self._follow()

    def _say(self, pieces: Pieces) -> None:
        for desk in self.desks:
            if desk.live:
                desk.say(pieces)

    def _live(self) -> Pieces:
        return framed(wire.write_feed(wire.Live(head=self.head, at=self._clock.now(), kept=self.kept)))

    def _serve_alone(self, desk: Desk, first: Pieces = ()) -> None:
        desk.live = False
        desk.stale = True
        desk.catching_up = self._loop.create_task(self._catch_up(desk, first))

    async def _catch_up(self, desk: Desk, first: Pieces) -> None:
        """Tell one desk all there is, as fast as its line takes it; then it is live."""
        if not await self._tell_slowly(desk, first):
            return
        while await self._drained(desk):
            try:
                if desk.stale:
                    desk.stale = False
                    await self._loop.run_in_executor(self._reading, self._look_at, desk)
                found = await self._loop.run_in_executor(self._reading, self._frame_after, desk)
            except NotAllowed as error:
                self.dismiss(desk, error)
                return
            except AppError as error:
                desk.stale = True
                if not desk.told_away:
                    desk.told_away = True
                    desk.say(framed(wire.write_feed(wire.Away(message=error.message))))
                await asyncio.sleep(_AGAIN_S)
                continue
            except Exception:  # noqa: BLE001 - the desk must hear of it whatever it is
                _log.exception("the feed could not be read for a desk")
                self.dismiss(
                    desk, Unavailable("The server made a mistake while reading the floor; see its log.")
                )
                return
            if found is not None:
                desk.cursor, desk.mark, pieces = found
                if not await self._tell_slowly(desk, pieces):
                    return
            if desk.stale:
                continue
            # What comes after the head is told to all. To wait until there is nothing new would be to wait for
            # ever where something always is, and many catch up.
            if desk.cursor is None or desk.cursor >= self.head:
                desk.live = True
                desk.told_away = False
                desk.say(self._live())
                return
            if found is None:  # the floor went back, and whoever tells all has not seen it yet
                await asyncio.sleep(_SHORTLY_S)

    async def _tell_slowly(self, desk: Desk, pieces: Pieces) -> bool:
        """Write a message piece by piece; False when the line is gone. Nothing else is told in between."""
        for number, piece in enumerate(pieces):
            if number and not await self._drained(desk):
                return False
            desk.say((piece,))
        return True

    async def _drained(self, desk: Desk) -> bool:
        """Wait until a desk's line has taken what was written; False when the line is gone, or was cut
        because it took nothing for too long."""
        left, before = PATIENCE_S, desk.waiting
        # Never cancelled: the line has one such wait, and would hand a cancelled one to whoever waits next.
        draining = asyncio.ensure_future(desk.drained())
        draining.add_done_callback(_heeded)
        while not desk.transport.is_closing():
            await asyncio.wait((draining,), timeout=PATIENCE_S / 8)
            if draining.done():
                return draining.exception() is None and not desk.transport.is_closing()
            left = PATIENCE_S if desk.waiting < before else left - PATIENCE_S / 8
            before = desk.waiting
            if left <= 0:
                _log.info("a desk was cut off: it took nothing for %.0f s", PATIENCE_S)
                desk.transport.abort()
        return False

    # -- the book, on the threads

    def _follow(self) -> None:
        """Follow the book, for everybody, from where everybody is."""
        self._following = self._floor.follow(self.head, self._tell, self._link, self._mark)
        self._following.name = "feed"

    def _tell(self, batch: Batch) -> None:
        """On the follower's thread."""
        if _people(batch) or batch.snapshot:
            self._viewers = (self._viewers[0] + 1, {})
        if batch.kept is not None and batch.last < batch.first:
            self._on_loop(self._keep, batch.kept)
            return
        frames: dict[Viewer | None, Pieces] = {None: framed(wire.write_feed(batch))}
        for desk in tuple(self.desks):
            viewer = desk.viewer
            if viewer is not None and not viewer.sees_all and viewer not in frames:
                frames[viewer] = framed(wire.write_feed(seen_batch(batch, viewer)))
        if batch.entries:
            self._lag = (self._clock.now() - batch.entries[-1].at).total_seconds()
        self._on_loop(self._spread, batch, frames)

    def _link(self, link: Link, why: str) -> None:
        """On the follower's thread."""
        self._on_loop(self._lose if link == Link.AWAY else self._find, why)

    def _on_loop(self, work: Callable[..., None], *said: object) -> None:
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(work, *said)

    def _look_at(self, desk: Desk) -> None:
        """See whether a desk is still let in, and what it sees: if that has changed it sees the floor afresh.
        Raises NotAllowed."""
        if self._actors(desk.token, afresh=True) != desk.actor:
            raise wire.not_known()
        was, desk.viewer = desk.viewer, self._viewer(desk.actor)
        if was is not None and was != desk.viewer and not (was.sees_all and desk.viewer.sees_all):
            desk.cursor = None

    def _viewer(self, actor: str) -> Viewer:
        """Who an actor is; looked up once, until somebody is changed."""
        changes, known = self._viewers
        if actor not in known:
            viewer = self._floor.as_actor(actor).viewer()
            if self._viewers[0] != changes:
                return viewer  # of a moment ago; whoever is changed is looked at again
            known[actor] = viewer
        return known[actor]

    def _frame_after(self, desk: Desk) -> tuple[int, str, Pieces] | None:
        """What a desk is to be told next, with the number and the mark it ends at; None when it knows all."""
        cursor = desk.cursor
        if cursor is None and _sees_all(desk):
            made = self._snapshot()
            return made.last, made.mark, made.pieces
        batch = self._floor.as_actor(desk.actor).batch_after(cursor, desk.mark)
        return None if batch is None else (batch.last, batch.mark, framed(wire.write_feed(batch)))

    def _snapshot(self) -> _Snapshot:
        """The floor as it is: one for all who asked before it was begun, and for as long as nothing happens."""
        asked = next(self._tickets)
        with self._making:
            made = self._made
            if made is not None and (made.began > asked or (made.last, made.mark) == self._floor.head()):
                return made
            began = next(self._tickets)
            batch = self._floor.batch_after(None)
            assert batch is not None
            pieces = framed(wire.write_feed(batch))
            self._made = _Snapshot(began, self._now(), batch.last, batch.mark, pieces)
            return self._made


def _heeded(wait: asyncio.Future[None]) -> None:
    """A line that breaks while it is waited for is nobody's mistake."""
    if not wait.cancelled():
        wait.exception()


def _sees_all(desk: Desk) -> bool:
    return desk.viewer is not None and desk.viewer.sees_all


def _people(batch: Batch) -> bool:
    """Whether somebody may have been let in or shut out by what happened."""
    return any(isinstance(entry.event, RepChanged | DeskRevoked) for entry in batch.entries)
