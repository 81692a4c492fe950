"""Ten desks on a shared PostgreSQL in one process: `python -m tests.bench._listener KIND URL`.

KIND is "desk", which follows the floor and applies what it is told to a board of its own, or "bare", which listens for
NOTIFY and does nothing. It says "ready", and then, for each inquiry that came in, when the last of the ten knew (by the
system's steady clock). It ends with its standard input.
"""

from __future__ import annotations

import select
import sys
import threading
import time
from collections import Counter

DESKS = 10


class _Rounds:
    """Says when all have got as far."""

    def __init__(self) -> None:
        self._reached: Counter[int] = Counter()
        self._lock = threading.Lock()

    def reach(self, number: int) -> None:
        with self._lock:
            self._reached[number] += 1
            if self._reached[number] == DESKS:
                print(time.perf_counter(), flush=True)


def _bare(url: str) -> None:
    import psycopg

    from app.store.guards import CHANNEL

    rounds = _Rounds()
    lines = {}
    for _ in range(DESKS):
        line = psycopg.connect(url, autocommit=True)
        line.execute(f"LISTEN {CHANNEL}".encode())
        lines[line.fileno()] = line
    poll = select.poll()
    for number in (0, *lines):
        poll.register(number, select.POLLIN)
    heard: Counter[int] = Counter()
    print("ready", flush=True)
    while True:
        for number, _ in poll.poll():
            if number == 0:
                return
            inner = lines[number].pgconn
            inner.consume_input()
            rung = False
            while inner.notifies() is not None:
                rung = True
            if rung:
                heard[number] += 1
                rounds.reach(heard[number])


def _desks(url: str) -> None:
    from app.clock import FloorClock
    from app.domain.events import LeadCaptured
    from app.floor.board import Board
    from app.floor.floor import Batch
    from app.floor.local import LocalFloor
    from app.store.book import Book

    rounds = _Rounds()
    live = threading.Barrier(DESKS + 1)

    def desk() -> LocalFloor:
        board, captured = Board(), 0

        def tell(batch: Batch) -> None:
            nonlocal captured
            board.apply(batch)
            if batch.snapshot:
                live.wait()
                return
            for entry in batch.entries:
                if isinstance(entry.event, LeadCaptured):
                    captured += 1
                    rounds.reach(captured)

        floor = LocalFloor(Book(url), FloorClock(), "admin")
        floor.follow(None, tell)
        return floor

    floors = [desk() for _ in range(DESKS)]
    live.wait()
    print("ready", flush=True)
    sys.stdin.read()
    for floor in floors:
        floor.close()


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        _bare(sys.argv[2])
    else:
        _desks(sys.argv[2])
