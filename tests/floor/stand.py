"""A floor to try, whatever is behind its door, with the few moves that every test makes on it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Protocol, TypeVar

from app.clock import HandClock, new_id
from app.codec import encode
from app.domain.commands import (
    AddRep,
    AddSource,
    Captured,
    CaptureInquiry,
    ClocksKept,
    Command,
    PublishRulebook,
    SetStatus,
    StartAttempt,
)
from app.domain.events import Event
from app.domain.inquiry import Inquiry
from app.domain.lead import Lead, RepStatus, Role
from app.domain.questions import FloorFacts, History, InquiriesIn, LeadHistory
from app.domain.rulebook import Rulebook
from app.floor.board import Board, Changes
from app.floor.floor import Batch, Floor, Link
from app.floor.wall import Wall
from app.floor.wall_face import Face

R = TypeVar("R")
HOT = "Please call me back with a quote, it is urgent."
WARM = "Hello, we are looking around."
PATIENCE = 60.0
"""Seconds after which something that should have come by itself is missing."""


class House(Protocol):
    """Where a floor lives: one way of reaching it, and the machine beside its database."""

    def door(self, actor: str) -> Floor:
        """The floor in somebody's name, as that person's desk has it."""

    def keep(self) -> ClocksKept:
        """One round of the keeper, who sits beside the database."""

    def reopen(self) -> None:
        """End the program that holds the database and start it again."""

    def close(self) -> None: ...


Maker = Callable[[HandClock], House]


class Stand:
    """A house with a clock in the tester's hand, a source, and a name for everybody in it."""

    def __init__(self, house: House, clock: HandClock) -> None:
        self.house = house
        self.clock = clock
        self.setup = house.door("admin")
        self._doors: dict[str, Floor] = {}
        self._count = count(1)
        self.source = self.do(AddSource(name="Web site", channel="json"))

    def by(self, actor: str) -> Floor:
        """The floor in somebody's name, opened once."""
        if actor not in self._doors:
            self._doors[actor] = self.house.door(actor)
        return self._doors[actor]

    def do(self, command: Command[R]) -> str:
        """Carry out something that makes a thing; its id."""
        return str(self.setup.do(command).value.id)  # type: ignore[attr-defined]

    def rep(self, name: str, role: Role = Role.REP, status: RepStatus = RepStatus.AVAILABLE) -> str:
        """A person of the floor; their id."""
        rep_id = self.do(AddRep(name=name, role=role))
        if status != RepStatus.AWAY:
            self.by(rep_id).do(SetStatus(status=status))
        return rep_id

    def body(self, ask: str = WARM, **said: object) -> dict[str, object]:
        """An inquiry's fields: somebody new, unless it is said who."""
        n = next(self._count)
        new = {
            "name": f"Person {n}",
            "email": f"person{n}@firm{n}.example",
            "phone": f"+1303555{n:04d}",
            "message": ask,
        }
        return {name: value for name, value in (new | said).items() if value is not None}

    def inquiry(self, raw: bytes, channel: str = "json", **said: object) -> Inquiry:
        return Inquiry(
            id=new_id(), channel=channel, source_id=self.source, raw=raw, received_at=self.clock.now(), **said  # type: ignore[arg-type]
        )  # fmt: skip

    def capture(self, ask: str = WARM, **said: object) -> Captured:
        """What became of one more inquiry."""
        inquiry = self.inquiry(encode(self.body(ask, **said)))
        return self.by("capture").do(CaptureInquiry(inquiry=inquiry)).value

    def lead(self, lead_id: str) -> Lead:
        return self.history(lead_id).lead

    def new_lead(self, ask: str = WARM, **said: object) -> Lead:
        return self.lead(self.capture(ask, **said).lead_id)

    def history(self, lead_id: str) -> History:
        return self.setup.ask(LeadHistory(lead_id=lead_id))

    def story(self, lead_id: str) -> list[str]:
        """The names of what happened to a lead, oldest first."""
        return [type(entry.event).__name__ for entry in reversed(self.history(lead_id).entries)]

    def events(self, lead_id: str, kind: type[Event]) -> list[Event]:
        """The events of a kind that happened to a lead, oldest first."""
        return [
            entry.event for entry in reversed(self.history(lead_id).entries) if isinstance(entry.event, kind)
        ]

    def call(self, rep_id: str, lead_id: str) -> str:
        """Start a call; the attempt's id."""
        return self.by(rep_id).do(StartAttempt(lead_id=lead_id)).value.attempt_id

    def publish(self, rulebook: Rulebook) -> None:
        self.do(PublishRulebook(rulebook=rulebook))

    def in_review(self) -> int:
        return self.setup.ask(InquiriesIn()).total

    def chain_fault(self) -> str:
        return self.setup.ask(FloorFacts()).chain_fault

    def keep(self, *, seconds: float = 0) -> ClocksKept:
        """Let time pass and the keeper do his rounds until nothing is due."""
        self.clock.advance(seconds=seconds)
        done = total = self.house.keep()
        while done.next_at is not None and done.next_at <= self.clock.now():
            done = self.house.keep()
            total = ClocksKept(
                breached=total.breached + done.breached, steps=total.steps + done.steps, next_at=done.next_at
            )
        return total

    def close(self) -> None:
        for door in self._doors.values():
            door.close()
        self.setup.close()
        self.house.close()


class Ear:
    """A follower that keeps a board, and every batch it was told."""

    def __init__(self, floor: Floor, since: int | None = None, board: Board | None = None) -> None:
        self.board = board or Board()
        self.batches: list[Batch] = []
        self.links: list[tuple[Link, str]] = []
        self._told = threading.Condition()
        self.following = floor.follow(since, self._tell, self._linked)

    def _tell(self, batch: Batch) -> None:
        with self._told:
            self.batches.append(batch)
            self.changed(self.board.apply(batch))
            self._told.notify_all()

    def changed(self, changes: Changes) -> None:
        """What a batch changed; one who listens for something takes it from here."""

    def _linked(self, link: Link, why: str) -> None:
        with self._told:
            self.links.append((link, why))
            self._told.notify_all()

    def until(self, cursor: int) -> Ear:
        """Wait until everything up to a feed number was told."""
        with self._told:
            seen = self._told.wait_for(lambda: self.board.cursor >= cursor, PATIENCE)
        assert seen, f"was told up to {self.board.cursor}, not {cursor}"
        return self

    def until_link(self, link: Link) -> str:
        """Wait until the link is so; what was said with it."""
        with self._told:
            assert self._told.wait_for(lambda: bool(self.links) and self.links[-1][0] == link, PATIENCE), (
                self.links
            )
            return self.links[-1][1]

    def stop(self) -> None:
        self.following.stop()


class WallEar(Ear):
    """A follower that keeps a wallboard besides."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._lock = threading.Lock()
        board = Board()
        self.wall = Wall(board)
        super().__init__(floor, board=board)

    def changed(self, changes: Changes) -> None:
        with self._lock:
            self.wall.follow(changes)

    def ask(self, now: datetime, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Have the wall's day answered if it needs that; `meanwhile` happens between the answer and its arrival."""
        with self._lock:
            question = self.wall.question(now) if self.wall.needs(now) else None
        if question is not None:
            day = self._floor.ask(question)
            meanwhile()
            with self._lock:
                self.wall.take(day)

    def face(self, cursor: int, now: datetime) -> Face:
        """What the wall shows once everything up to a feed number was told."""
        self.until(cursor)
        while True:
            self.ask(now)
            with self._lock:
                if not self.wall.needs(now):
                    return self.wall.face()


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Do everything at the same moment, each on a thread of its own; what each answered or raised."""
    answers: list[object] = [None] * len(jobs)
    gate = threading.Barrier(len(jobs))

    def run(number: int) -> None:
        gate.wait(PATIENCE)
        try:
            answers[number] = jobs[number]()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            answers[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def seconds(later: datetime | None, earlier: datetime | None) -> float:
    assert later is not None
    assert earlier is not None
    return (later - earlier).total_seconds()
