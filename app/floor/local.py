"""A floor whose database this program opens itself: a file, or a shared PostgreSQL.

`do` and `ask` go straight to the use cases. Each follower has a thread that sleeps on the book's bell and reads
what came since its cursor; it never misses anything, because the cursor and not the bell says what is new.
"""

from __future__ import annotations

import logging
import threading
from typing import TypeVar

from app.clock import Clock
from app.domain import events as e
from app.domain.commands import Command
from app.domain.errors import AppError
from app.domain.questions import Question
from app.floor.floor import Batch, Link, Linked, Receipt, Tell
from app.service.answers import answer
from app.service.handle import handle
from app.store.book import Book
from app.store.feed import Bell, Listener
from app.store.reading import Reading

R = TypeVar("R")
_log = logging.getLogger(__name__)

_REPS = (e.RepAdded, e.RepChanged, e.RepStatusChanged)
_ALARMS = (e.AlarmRaised, e.AlarmCleared)
_REVIEW = (e.InquiryToReview, e.InquiryPutAside, e.InquiryReplayed)
LIMIT = 500
"""Events in a batch."""


class LocalFloor:
    """A `Floor` on an open book, as seen by one actor (a rep's id, "keeper", "capture" ...)."""

    def __init__(self, book: Book, clock: Clock, actor: str) -> None:
        self._book = book
        self._clock = clock
        self._actor = actor
        self._followers: list[_Follower] = []
        self._listener: Listener | None = None

    def as_actor(self, actor: str) -> LocalFloor:
        """The same floor in somebody else's name; closing it leaves the book open."""
        return _Borrowed(self._book, self._clock, actor)

    @property
    def bell(self) -> Bell:
        """Rings after each commit."""
        return self._book.bell

    def do(self, command: Command[R]) -> Receipt[R]:
        value, cursor = handle(self._book, command, self._actor, self._clock.now())
        return Receipt(cursor=cursor, value=value)

    def ask(self, question: Question[R]) -> R:
        return answer(self._book, question)

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> _Follower:
        if not self._book.is_sqlite and self._listener is None:
            self._listener = Listener(self._book.dsn, self._book.bell, self._lost, self._back)
            self._listener.start()
        follower = _Follower(self._book, self._clock, since, tell, linked)
        self._followers.append(follower)
        follower.start()
        return follower

    def _lost(self, why: str) -> None:
        _log.warning("the doorbell is silent (%s); reading every few seconds", why)

    def _back(self) -> None:
        _log.info("the doorbell is heard")

    def close(self) -> None:
        for follower in self._followers:
            follower.stop()
        if self._listener is not None:
            self._listener.stop()
            self._listener.join()
        self._book.close()


class _Borrowed(LocalFloor):
    def close(self) -> None:
        for follower in self._followers:
            follower.stop()


class _Follower(threading.Thread):
    """Reads on from its cursor whenever the bell rings."""

    def __init__(self, book: Book, clock: Clock, since: int | None, tell: Tell, linked: Linked | None) -> None:
        super().__init__(name="follower")
        self._book = book
        self._clock = clock
        self._cursor = since
        self._tell = tell
        self._linked = linked
        self._link = Link.CATCHING_UP
        self._ended = threading.Event()

    @property
    def link(self) -> Link:
        return self._link

    def run(self) -> None:
        while not self._ended.is_set():
            rung = self._book.bell.count
            try:
                more = self._step()
            except AppError as error:
                self._say(Link.AWAY, error.message)
                self._ended.wait(1.0)
                continue
            except Exception:
                _log.exception("the follower stopped")
                self._say(Link.AWAY, "Firstring made a mistake while reading the floor; see the log.")
                return
            if not more and not self._ended.is_set():
                self._say(Link.LIVE, "")
                # SQLite has one program per file, so its bell rings for everything; PostgreSQL is looked at besides.
                self._book.bell.wait(rung, None if self._book.is_sqlite else 5.0)

    def _step(self) -> bool:
        """Tell the next batch; whether there may be more."""
        with self._book.reading() as reading:
            if self._cursor is None:
                batch = self._snapshot(reading)
            else:
                next_batch = self._since(reading, self._cursor)
                if next_batch is None:
                    return False
                batch = next_batch
        self._cursor = batch.last
        if not self._ended.is_set():
            self._tell(batch)
        return True

    def _snapshot(self, reading: Reading) -> Batch:
        head, _ = reading.head()
        return Batch(
            first=head,
            last=head,
            at=self._clock.now(),
            snapshot=True,
            leads=reading.open_leads(),
            reps=reading.reps(),
            alarms=reading.alarms(),
            in_review=reading.in_review(),
            rulebook=reading.rulebook(),
        )

    def _since(self, reading: Reading, cursor: int) -> Batch | None:
        entries = reading.since(cursor, LIMIT)
        if not entries:
            return None
        if [entry.seq for entry in entries] != list(range(cursor + 1, cursor + 1 + len(entries))):
            _log.error("the feed has a hole after event %d; taking a fresh snapshot", cursor)
            return self._snapshot(reading)
        kinds = {type(entry.event) for entry in entries}
        if e.ImportFinished in kinds:
            return self._snapshot(reading)
        return Batch(
            first=entries[0].seq,
            last=entries[-1].seq,
            at=self._clock.now(),
            entries=entries,
            leads=reading.leads({entry.lead_id for entry in entries if entry.lead_id}),
            reps=reading.reps() if not kinds.isdisjoint(_REPS) else None,
            alarms=reading.alarms() if not kinds.isdisjoint(_ALARMS) else None,
            in_review=reading.in_review() if not kinds.isdisjoint(_REVIEW) else None,
            rulebook=reading.rulebook() if e.RulebookPublished in kinds else None,
        )

    def _say(self, link: Link, why: str) -> None:
        if link != self._link:
            self._link = link
            if self._linked is not None:
                self._linked(link, why)

    def stop(self) -> None:
        self._ended.set()
        self._book.bell.ring()
        if self.is_alive() and threading.current_thread() is not self:
            self.join()
