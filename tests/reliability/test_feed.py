"""R6: eight writers, of whom some are slow and some give up, and twenty readers who go away and come back.

Every reader is told every event once, in the order of its number, and shows at the end what the floor is. A reader
goes away in one of three ways: it stops and follows on from its cursor, it stops and asks for the floor as it is, or
its line breaks under it.
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from app.domain.events import NoteAdded
from app.domain.questions import FloorFacts
from app.floor.board import Board
from app.floor.floor import Batch, Following
from app.store.book import Book
from app.store.engine import Clashed
from tests.floor.many import add_leads
from tests.fresh import START
from tests.reliability.doors import WAYS, Door, Doors, at_work, doors
from tests.reliability.trial import Trial

WRITERS, READERS = 8, 20
LEADS = 40
SLOW, GIVES_UP = 0.05, 0.02
AHEAD = 3_000
"""Events that the writers may be ahead of the slowest reader: further behind, it would be shown the floor instead."""
PATIENCE = 120.0


class Reader:
    """Follows with one door, and goes away whenever it was told enough."""

    def __init__(self, door: Door, dice: random.Random, afresh: bool) -> None:
        self._door, self._dice = door, dice
        self._afresh = afresh
        """Whether it asks for the floor as it is when it comes back."""
        self.board = Board()
        self.told: list[tuple[int, str]] = []
        """(number, text) of each event, in the order of telling."""
        self.begun: list[int] = []
        """The numbers at which it was shown the floor as it is."""
        self.comings = 0
        self._changed = threading.Condition()
        self._end = -1

    def _tell(self, batch: Batch) -> None:
        with self._changed:
            self.board.apply(batch)
            if batch.snapshot:
                self.begun.append(batch.last)
            for entry in batch.entries:
                self.told.append((entry.seq, getattr(entry.event, "text", "")))
            self._changed.notify_all()

    @property
    def cursor(self) -> int:
        return self.board.cursor

    def finish(self, end: int) -> None:
        """From now on it is known how far it goes."""
        with self._changed:
            self._end = end
            self._changed.notify_all()

    def _is_over(self) -> bool:
        return 0 <= self._end <= self.board.cursor

    def _wait(self, enough: int) -> bool:
        """Until it was told so much; False if that does not come."""
        with self._changed:
            return self._changed.wait_for(lambda: self.board.cursor >= enough or self._is_over(), PATIENCE)

    def run(self) -> None:
        following: Following | None = None
        while not self._is_over():
            if following is None:
                since = None if self.board.cursor < 0 or self._afresh else self.board.cursor
                following = self._door.floor.follow(since, self._tell)
            self.comings += 1
            enough = self.board.cursor + self._dice.randint(20, 400)
            if not self._wait(enough):
                break  # said by the comparison at the end
            if self._door.line is not None and self._dice.random() < 0.5:
                self._door.line.cut()
                self._door.line.mend()
            else:
                following.stop()
                following = None
        if following is not None:
            following.stop()

    def faults(self, all_told: dict[int, str]) -> Counter[str]:
        """What it was not told, told twice, out of order, or otherwise than it was."""
        numbers = [number for number, _ in self.told]
        found = Counter(
            twice=len(numbers) - len(set(numbers)),
            gaps=sum(b != a + 1 and b - 1 not in self.begun for a, b in pairwise(numbers)),
            otherwise=sum(all_told[number] != text for number, text in self.told),
        )
        if not self._afresh:
            first = self.begun[0] if self.begun else 0
            found["lost"] = len(set(range(first + 1, self._end + 1)) - set(numbers))
            found["gaps"] += max(0, len(self.begun) - 1)
        found["unlike"] = self.board.cursor != self._end
        return found


class Writers:
    """Change leads and say so, until so many events are in the journal."""

    def __init__(self, floor: Doors, leads: list[str], events: int, slowest: Callable[[], int]) -> None:
        self._books = [floor.book]
        if not floor.book.is_sqlite:  # a program of its own has lines of its own
            self._books.append(Book(floor.address))
        self._leads, self._events, self._slowest = leads, events, slowest
        self.committed: list[str] = []
        self.given_up = 0
        self.slow = 0
        self._lock = threading.Lock()

    def write(self, number: int, seed: float) -> None:
        dice = random.Random(seed)
        book = self._books[number % len(self._books)]
        turn, last = 0, 0
        while len(self.committed) < self._events:
            turn += 1
            while last - self._slowest() > AHEAD:
                threading.Event().wait(0.02)
            texts = [f"{number}.{turn}.{n}" for n in range(dice.randint(1, 4))]
            slow, fails = dice.random() < SLOW, dice.random() < GIVES_UP
            try:
                last = self._change(book, sorted(dice.sample(self._leads, len(texts))), texts, slow, fails)
            except Clashed:
                continue
            except _GivenUp:
                self.given_up += 1
                continue
            with self._lock:
                self.committed += texts
                self.slow += slow

    def _change(self, book: Book, leads: list[str], texts: list[str], slow: bool, fails: bool) -> int:
        with book.writing("writer", START) as w:
            for lead_id, text in zip(leads, texts, strict=True):
                lead = w.lead_for_change(lead_id)
                w.record(NoteAdded(text=text), lead_id)
                w.save_lead(replace(lead, company=text))
            if slow:
                threading.Event().wait(0.02)
            if fails:
                raise _GivenUp
        return w.cursor

    def close(self) -> None:
        for book in self._books[1:]:
            book.close()


class _GivenUp(Exception):
    pass


@pytest.mark.trial("R6", ci=5_000, full=100_000, short=600, unit="events")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", WAYS)
def test_every_reader_is_told_everything_once_in_order(
    way: str, trial: Trial, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    chance = trial.random
    with doors(
        way, READERS, tmp_path, lambda: request.getfixturevalue("pg_cluster"), lines=READERS // 2
    ) as floor:
        leads = [lead.id for lead in add_leads(floor.book, LEADS)]
        readers = [
            Reader(door, random.Random(chance.random()), afresh=n % 5 == 4)
            for n, door in enumerate(floor.doors)
        ]
        writers = Writers(floor, leads, trial.size, lambda: min(max(reader.cursor, 0) for reader in readers))
        seeds = [chance.random() for _ in range(WRITERS)]

        def write() -> None:
            try:
                at_work([partial(writers.write, n, seed) for n, seed in enumerate(seeds)])
            finally:
                writers.close()
                head, _ = floor.setup.head()
                for reader in readers:
                    reader.finish(head)

        at_work([write, *(reader.run for reader in readers)])
        with floor.book.reading() as r:
            journal = {entry.seq: getattr(entry.event, "text", "") for entry in r.since(0, 10**7)}
        fresh = Board()
        batch = floor.setup.batch_after(None)
        assert batch is not None
        fresh.apply(batch)
        facts = floor.setup.ask(FloorFacts())
    found: Counter[str] = Counter()
    for reader in readers:
        found += reader.faults(journal)
        found["unlike"] += reader.board.leads != fresh.leads or reader.board.reps != fresh.reps
    trial.found(
        events=len(journal),
        told=sum(len(reader.told) for reader in readers),
        returns=sum(reader.comings for reader in readers) - READERS,
        given_up=writers.given_up,
        **{name: found[name] for name in ("lost", "twice", "gaps", "otherwise", "unlike")},
    )
    assert facts.chain_fault == ""
    assert sorted(journal.values()) == sorted(writers.committed)
    assert len(journal) >= trial.size
    assert not +found
