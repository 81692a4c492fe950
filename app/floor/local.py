"""A floor whose database this program opens itself: a file, or a shared PostgreSQL.

`do` and `ask` go straight to the use cases. Each follower has a thread that sleeps on the book's bell and reads
what came since its cursor; it never misses anything, because the cursor and not the bell says what is new.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from app.clock import Clock, FloorClock, pace
from app.domain import events as e
from app.domain.commands import Command
from app.domain.errors import AppError
from app.domain.lead import Rep
from app.domain.questions import Question
from app.domain.roles import MACHINES, authorise_following
from app.domain.sight import Viewer, without_money
from app.floor.asking_apart import AskingApart
from app.floor.floor import Batch, Link, Linked, Receipt, Tell
from app.floor.sight import seen_batch
from app.floor.snapshot import snapshot
from app.service.answers import answer
from app.service.handle import handle
from app.service.keeping import is_paused
from app.service.passes import Passes, first_invitation
from app.service.people import viewer
from app.service.presence import desks
from app.store.book import Book
from app.store.feed import Bell
from app.store.linked import linked_after
from app.store.reading import Reading

R = TypeVar("R")
_log = logging.getLogger(__name__)

_REPS = (e.RepAdded, e.RepChanged, e.RepStatusChanged)
_ALARMS = (e.AlarmRaised, e.AlarmCleared)
_DESKS = (e.PresenceChanged,)
_REVIEW = (e.InquiryToReview, e.InquiryPutAside, e.InquiryReplayed)
LIMIT = 500
"""Events in a batch."""
FAR = 20 * LIMIT
"""Whoever is further behind is shown the floor as it is: by then reading what happened takes longer."""
PAUSED_S = 30.0
"""Seconds without a word of a keeper after which desks say that escalations are paused."""
NEW_S = 5.0
"""Seconds a desk gives its own keeper to begin before it says so."""
HEAR_S = 10.0
"""Seconds between two questions for the database's time."""
LOOK_S = 5.0
"""Seconds after which PostgreSQL is looked at though no bell rang."""


class LocalFloor:
    """A `Floor` on an open book, as seen by one actor (a rep's id, "keeper", "capture" ...)."""

    def __init__(self, book: Book, clock: Clock, actor: str, apart: AskingApart | None = None) -> None:
        self._book = book
        self._clock = clock
        self._actor = actor
        self._apart = apart
        self._followers: list[LocalFollower] = []

    def answer_apart(self, program: Sequence[str]) -> None:
        """Have what goes over the whole of a floor's file answered by processes of their own. `program` are the words
        that start another program of ours. Before anybody else's floor is made of this one."""
        if self._book.is_sqlite:
            self._apart = AskingApart(self._book.address, program)

    def hear_time(self) -> None:
        """Set the floor's clock by the database's own time, where it has one. Raises Unavailable."""
        if isinstance(self._clock, FloorClock) and not self._book.is_sqlite:
            self._clock.hear(self._book.time)

    def free_the_feed(self) -> int:
        """End sessions that keep everybody from a shared feed; how many. Raises Unavailable."""
        return self._book.watch()

    def as_actor(self, actor: str) -> LocalFloor:
        """The same floor in somebody else's name; closing it leaves the book open."""
        return _Borrowed(self._book, self._clock, actor, self._apart)

    @property
    def bell(self) -> Bell:
        """Rings after each commit, also by other programs."""
        self._book.listen()
        return self._book.bell

    def do(self, command: Command[R]) -> Receipt[R]:
        value, cursor = handle(self._book, command, self._actor, self._clock.now())
        return Receipt(cursor=cursor, value=value)

    def ask(self, question: Question[R]) -> R:
        now = self._clock.now()
        found = None if self._apart is None else self._apart.ask(question, self._actor, now)
        return answer(self._book, question, self._actor, now) if found is None else found

    def reps(self) -> tuple[Rep, ...]:
        """The people of the floor."""
        with self._book.reading() as reading:
            return reading.reps()

    def passes(self) -> Passes:
        """Who stands at this floor's door, for a server."""
        return Passes(self._book, self._clock)

    def first_invitation(self) -> tuple[Rep, str] | None:
        """The owner and an invitation's secret for them, until the first computer has joined."""
        return first_invitation(self._book, self._clock.now())

    def viewer(self) -> Viewer:
        """Who follows here, and what they see; raises NotAllowed for whoever may not."""
        with self._book.reading() as reading:
            return who_follows(reading, self._actor)

    def head(self) -> tuple[int, str]:
        """Number and mark of the last event."""
        with self._book.reading() as reading:
            return reading.head()

    def my_rep(self) -> str | None:
        """The rep whose login role this program came by; None where the database does not know people."""
        with self._book.reading() as reading:
            return reading.my_rep()

    def why_not_served(self) -> str:
        """Why no server can work by the login that this program came by, as a sentence; "" if one can."""
        return self._book.why_not_served()

    def batch_after(self, cursor: int | None, mark: str = "") -> Batch | None:
        """What a follower would be told next after `cursor` (None: the snapshot); None when there is nothing.

        `mark` is that of the event `cursor`, where the follower knows it: what it goes on from is compared.
        """
        with self._book.reading() as reading:
            return _next(reading, self._clock, cursor, who_follows(reading, self._actor), mark)

    def follow(
        self, since: int | None, tell: Tell, linked: Linked | None = None, mark: str = ""
    ) -> LocalFollower:
        """As of any floor; `mark` is that of the event `since`, where it is known."""
        self._book.listen()
        following = LocalFollower(
            self._book, self._clock, self._actor, since, mark, tell, linked, self.hear_time
        )
        self._followers = [other for other in self._followers if other.is_alive()] + [following]
        following.start()
        return following

    def close(self) -> None:
        for following in self._followers:
            following.stop()
        if self._apart is not None:
            self._apart.close()
        self._book.close()


def who_follows(reading: Reading, actor: str) -> Viewer:
    """Who follows; raises NotAllowed for whoever may not."""
    who = viewer(reading, actor)
    authorise_following(who.standing)
    return who


def _next(reading: Reading, clock: Clock, cursor: int | None, who: Viewer, mark: str = "") -> Batch | None:
    """The snapshot, or what comes after a feed number, as this viewer sees it."""
    batch = (
        snapshot(reading, clock, desks(reading)) if cursor is None else since(reading, clock, cursor, mark)
    )
    return None if batch is None else seen_batch(batch, who)


def since(reading: Reading, clock: Clock, cursor: int, mark: str = "") -> Batch | None:
    """What happened after a feed number, with nothing hidden; None if nothing did.

    `mark` is the hash of the event of that number, where it is known. If another one stands there now, or none, the
    floor was put back from a copy, or a standby took over that was behind, and a snapshot says what it is.
    """
    found = linked_after(reading, cursor, LIMIT)
    if cursor and (found.before != mark if mark else not found.before):
        _log.warning("event %d is not there any more, or is another; taking a fresh snapshot", cursor)
        return replace(snapshot(reading, clock, desks(reading)), went_back=True)
    entries = tuple(map(without_money, found.entries))
    if not entries:
        return None
    if [entry.seq for entry in entries] != list(range(cursor + 1, cursor + 1 + len(entries))):
        _log.error("the feed has a hole after event %d; taking a fresh snapshot", cursor)
        return snapshot(reading, clock, desks(reading))
    if len(entries) == LIMIT and reading.head()[0] - cursor > FAR:
        return snapshot(reading, clock, desks(reading))
    kinds = {type(entry.event) for entry in entries}
    if e.ImportFinished in kinds:
        return replace(snapshot(reading, clock, desks(reading)), entries=entries)
    return Batch(
        first=entries[0].seq,
        last=entries[-1].seq,
        at=clock.now(),
        mark=found.mark,
        after=found.before,
        entries=entries,
        leads=reading.leads({entry.lead_id for entry in entries if entry.lead_id}),
        reps=reading.reps() if not kinds.isdisjoint(_REPS) else None,
        alarms=reading.alarms() if not kinds.isdisjoint(_ALARMS) else None,
        in_review=reading.in_review() if not kinds.isdisjoint(_REVIEW) else None,
        rulebook=reading.rulebook() if e.RulebookPublished in kinds else None,
        desks=desks(reading) if not kinds.isdisjoint(_DESKS) else None,
    )


class _Borrowed(LocalFloor):
    def close(self) -> None:
        for following in self._followers:
            following.stop()


class LocalFollower(threading.Thread):
    """Reads on from its cursor whenever the bell rings. Whoever is given a role that sees more or less
    sees the floor afresh."""

    def __init__(
        self,
        book: Book,
        clock: Clock,
        actor: str,
        since: int | None,
        mark: str,
        tell: Tell,
        linked: Linked | None,
        hear_time: Callable[[], None],
    ) -> None:
        super().__init__(name="follower")
        self._book = book
        self._clock = clock
        self._actor = actor
        self._who: Viewer | None = None
        self._cursor = since
        self._mark = mark
        """Hash of the event at the cursor: a database can be replaced while this program has it open."""
        self._tell = tell
        self._linked = linked
        self._link, self._why = Link.CATCHING_UP, ""
        self._hear_time = hear_time
        self._kept = True
        self._watch = FloorClock()  # real time, whatever the floor's is
        self._begun = self._heard = self._look_at = self._watch.now()
        self._ended = threading.Event()

    @property
    def link(self) -> Link:
        return self._link

    def run(self) -> None:
        while not self._ended.is_set():
            rung = self._book.bell.count
            try:
                told = self._step()
                if told == LIMIT:
                    continue
                wait = self._look_around(bool(told))
            except AppError as error:
                self._say(Link.AWAY, error.message)
                self._ended.wait(1.0)
                continue
            except Exception:  # noqa: BLE001 - the window must say so whatever it is
                _log.exception("the follower stopped")
                self._say(Link.AWAY, "Firstring made a mistake while reading the floor; see the log.")
                return
            if not self._ended.is_set():
                self._say(Link.LIVE, self._book.doorbell)
                self._book.bell.wait(rung, wait)

    def _step(self) -> int:
        """Tell the next batch; how many events it had, at least 1 for a snapshot and 0 for nothing new.

        At `LIMIT` more is known to wait; what came meanwhile has rung the bell.
        """
        with self._book.reading() as reading:
            if self._who is None or self._actor not in MACHINES:
                was, self._who = self._who, who_follows(reading, self._actor)
                if was is not None and was != self._who and not (was.sees_all and self._who.sees_all):
                    self._cursor = None
            batch = _next(reading, self._clock, self._cursor, self._who, self._mark)
            if batch is None:
                if self._cursor and not self._mark:
                    self._mark = reading.hash_of(self._cursor)
                return 0
        self._cursor, self._mark = batch.last, batch.mark
        if not self._ended.is_set():
            self._tell(batch)
        return max(len(batch.entries), 1)

    def _look_around(self, told: bool) -> float:
        """What no event says: the database's time, and whether somebody keeps the clocks. Seconds to sleep then.

        A bell that rang for no event may have rung for a new keeper. SQLite has one program per file, so its bell
        rings for everything; PostgreSQL is looked at besides.
        """
        now = self._watch.now()
        if told and now < self._look_at:
            return (self._look_at - now).total_seconds()
        if (now - self._heard).total_seconds() >= HEAR_S:
            self._heard = now
            self._hear_time()
        floor_seconds = pace(self._clock)
        with self._book.reading() as reading:
            paused, left = is_paused(reading, self._clock.now(), PAUSED_S * floor_seconds)
        new = NEW_S - (now - self._begun).total_seconds()
        if paused == self._kept and (not paused or new <= 0) and not self._ended.is_set():
            self._kept = not paused
            cursor = self._cursor or 0
            self._tell(Batch(first=cursor + 1, last=cursor, at=self._clock.now(), kept=self._kept))
        wait = left / floor_seconds if not paused else new if new > 0 else PAUSED_S
        if not self._book.is_sqlite:
            wait = min(wait, LOOK_S)
        self._look_at = now + timedelta(seconds=wait)
        return wait + 0.01

    def _say(self, link: Link, why: str) -> None:
        if (link, why) != (self._link, self._why):
            self._link, self._why = link, why
            if self._linked is not None:
                self._linked(link, why)

    def stop(self) -> None:
        self._ended.set()
        self._book.bell.ring()
        if self.is_alive() and threading.current_thread() is not self:
            self.join()
