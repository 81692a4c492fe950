"""The desk of one rep in a race for leads: run as `python -m tests.reliability.racing FILE`.

FILE says in JSON who this is, where the floor is, and which leads there are. It says "ready" once it is live, goes for
all leads in their order when it is told "go", and says "done" for each that it knows whose it is; "told NUMBER SECONDS"
whenever it has seen more of the feed, by the clock that all programs of a computer share. Told "end NUMBER", it waits
until it has seen that event and prints what it knows.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import threading
import time
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import urlsplit

from app.clock import FloorClock
from app.codec import encode
from app.domain.commands import ClaimLead
from app.domain.errors import LeadAlreadyClaimed, Unavailable
from app.floor.board import Board
from app.floor.floor import Batch, Floor, Link
from tests.reliability.lost import CommitLine

AGAIN_S = 0.1
PATIENCE_S = 120.0


class Desk:
    def __init__(self, told: dict[str, Any]) -> None:
        self._dice = random.Random(told["seed"])
        self._share: float = told["lost"]
        self._lines: list[CommitLine] = []
        self._lost_by_server = lambda: 0
        self.won: list[str] = []
        self.asked_again = 0
        self.board = Board()
        self.snapshots = 0
        self.numbers: list[int] = []
        self.ids = hashlib.sha256()
        self.marks: list[tuple[int, str]] = []
        self._link = Link.CATCHING_UP
        self._changed = threading.Condition()
        self.floor: Floor = self._by_server(told) if told["servers"] else self._by_database(told)
        self._following = self.floor.follow(None, self._tell, self._linked)

    # A desk needs one of the two and brings only that.

    def _by_database(self, told: dict[str, Any]) -> Floor:
        from app.floor.local import LocalFloor
        from app.store.book import Book

        parts = urlsplit(told["database"])
        login, _, hosts = parts.netloc.rpartition("@")
        places = [host.partition(":") for host in hosts.split(",")]
        self._lines = [CommitLine(host, int(port)) for host, _, port in places]
        ways = ",".join(f"127.0.0.1:{line.port}" for line in self._lines)
        clock = FloorClock()
        floor = LocalFloor(Book(f"postgresql://{login}@{ways}{parts.path}"), clock, told["rep"])
        floor.hear_time()
        return floor

    def _by_server(self, told: dict[str, Any]) -> Floor:
        from app.floor.remote import RemoteFloor
        from tests.reliability.losing import Losing

        floor = RemoteFloor(told["servers"], told["token"], told["pins"])
        losing = Losing(floor._http._transport, self._dice, self._share)
        floor._http._transport = losing
        self._lost_by_server = lambda: losing.lost
        return floor

    @property
    def lost(self) -> int:
        """Answers that were given and did not arrive."""
        return self._lost_by_server() + sum(line.lost for line in self._lines)

    # -- the feed

    def _tell(self, batch: Batch) -> None:
        with self._changed:
            changes = self.board.apply(batch)
            self.snapshots += changes.snapshot
            for entry in changes.entries:
                self.numbers.append(entry.seq)
                self.ids.update(f"{entry.seq} {entry.id}\n".encode())
            if batch.mark:
                self.marks.append((batch.last, batch.mark))
            if changes.entries:
                say(f"told {self.board.cursor} {time.monotonic()}")
            self._changed.notify_all()

    def _linked(self, link: Link, why: str) -> None:
        with self._changed:
            self._link = link
            self._changed.notify_all()

    def until_live(self, cursor: int = 0) -> None:
        with self._changed:
            came = self._changed.wait_for(
                lambda: self._link is Link.LIVE and self.board.cursor >= cursor, PATIENCE_S
            )
        assert came, f"{self._link}, at event {self.board.cursor} of {cursor}"

    # -- the race

    def race(self, leads: list[str]) -> None:
        for lead_id in leads:
            self._go_for(ClaimLead(lead_id=lead_id))
            say("done")

    def _go_for(self, command: ClaimLead) -> None:
        """Claim until there is an answer, each time with the same command."""
        if self._lines and self._dice.random() < self._share:
            for line in self._lines:
                line.lose_next()
        while True:
            try:
                self.floor.do(command)
            except LeadAlreadyClaimed:
                break
            except Unavailable:
                self.asked_again += 1
                threading.Event().wait(AGAIN_S)
                continue
            self.won.append(command.lead_id)
            break
        for line in self._lines:
            line.keep_next()

    # -- the end

    def report(self) -> dict[str, Any]:
        with self._changed:
            leads = encode(sorted(self.board.leads.values(), key=lambda lead: lead.id))
            return {
                "won": self.won,
                "lost": self.lost,
                "asked_again": self.asked_again,
                "snapshots": self.snapshots,
                "numbers": self.numbers,
                "ids": self.ids.hexdigest(),
                "marks": self.marks,
                "cursor": self.board.cursor,
                "leads": hashlib.sha256(leads).hexdigest(),
            }

    def close(self) -> None:
        self._following.stop()
        self.floor.close()
        for line in self._lines:
            line.close()


_saying = threading.Lock()


def say(text: str) -> None:
    with _saying:
        print(text, flush=True)  # noqa: T201 - whoever started it reads this


def hear(words: Queue[str]) -> None:
    for line in sys.stdin:
        words.put(line.rstrip())
    os._exit(1)  # nobody is there any more who would hear how it went


def main(file: str) -> None:
    told = json.loads(Path(file).read_text(encoding="utf-8"))
    desk = Desk(told)
    try:
        desk.until_live()
        say("ready")
        words: Queue[str] = Queue()
        threading.Thread(target=hear, args=(words,), daemon=True).start()
        assert words.get() == "go"
        desk.race(told["leads"])
        desk.until_live(int(words.get().removeprefix("end ")))
        say(json.dumps(desk.report()))
        words.get()  # until whoever started this ends it
    finally:
        desk.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
