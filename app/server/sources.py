"""Which key belongs to which source, and how much each source may send.

A found key is remembered for a few seconds, so that the floor isn't asked for every inquiry; one that was
switched off stops within that time. Unknown keys are remembered too, and only few may be looked up at
once, so that guessing keys keeps nobody from the floor. The rate is a token bucket per source: its
inquiries a minute on the long run, twice as many in a burst.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import Executor

from app.domain.errors import Unavailable
from app.domain.lead import Source
from app.domain.questions import SourceByKey
from app.floor.floor import Floor

_KEY = re.compile(r"[A-Za-z0-9_.~-]{1,128}")
_MOST_KNOWN = 1024
_MOST_ASKED = 32


class Sources:
    """Finds sources by their keys. Lives on the capture loop; the floor is asked on `asking`'s thread."""

    def __init__(
        self, floor: Floor, asking: Executor, known_seconds: float, now: Callable[[], float]
    ) -> None:
        self._floor = floor
        self._asking = asking
        self._known_seconds = known_seconds
        self._now = now
        self._known: dict[str, tuple[float, Source | None]] = {}
        self._asked: dict[str, asyncio.Future[Source | None]] = {}

    async def find(self, key: str) -> Source | None:
        """The active source with this key, or None; raises Unavailable."""
        if not _KEY.fullmatch(key):
            return None
        known = self._known.get(key)
        if known is not None and self._now() < known[0]:
            return known[1]
        asked = self._asked.get(key)
        if asked is None:
            if len(self._asked) >= _MOST_ASKED:
                raise Unavailable("Too many keys are being looked up at once.")
            loop = asyncio.get_running_loop()
            asked = loop.run_in_executor(self._asking, self._ask, key)
            self._asked[key] = asked
            asked.add_done_callback(lambda done: self._remember(key, done))
        return await asyncio.shield(asked)

    def _ask(self, key: str) -> Source | None:
        return self._floor.ask(SourceByKey(key=key)).source

    def _remember(self, key: str, done: asyncio.Future[Source | None]) -> None:
        self._asked.pop(key, None)
        if done.cancelled() or done.exception() is not None:
            return
        self._known.pop(key, None)
        if len(self._known) >= _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[key] = (self._now() + self._known_seconds, done.result())


class Rates:
    """How much each source has sent lately."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, source: Source) -> float:
        """Count one inquiry of this source and return 0; or the seconds after which one more is taken."""
        per_second = max(source.per_minute, 1) / 60
        burst = per_second * 120
        now = self._now()
        left, at = self._left.get(source.id, (burst, now))
        left = min(burst, left + (now - at) * per_second)
        if left < 1:
            self._left[source.id] = (left, now)
            return (1 - left) / per_second
        self._left[source.id] = (left - 1, now)
        return 0.0
