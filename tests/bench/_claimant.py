"""Ten reps in one process who take leads as fast as they can: `python -m tests.bench._claimant KIND URL NUMBER FILE`.

KIND is "bare", which takes the next free row of a bare table, or "floor", which claims leads at the floor's door.
FILE holds the reps and the leads. It says "ready", starts when it is told to, and prints what it did as JSON.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

REPS = 10
RACED = 0.1
"""Share of the leads that a neighbour tries to take too, at the same time."""
BARE = (
    "UPDATE bare SET owner = %s WHERE id = "
    "(SELECT id FROM bare WHERE owner = '' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"
)


def main(kind: str, url: str, number: str, file: str) -> None:
    known = json.loads(Path(file).read_text(encoding="utf-8"))
    first = int(number) * REPS
    jobs = [job(url, known, first + n) for n, job in enumerate([_bare if kind == "bare" else _floor] * REPS)]
    taken: list[list[tuple[str, float]]] = [[] for _ in jobs]
    gate = threading.Event()

    def run(n: int) -> None:
        gate.wait()
        taken[n] = jobs[n]()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(REPS)]
    for thread in threads:
        thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    gate.set()
    for thread in threads:
        thread.join()
    print(json.dumps([one for each in taken for one in each]), flush=True)


def _bare(url: str, known: dict[str, list[str]], n: int) -> Callable[[], list[tuple[str, float]]]:
    import psycopg

    line = psycopg.connect(url, autocommit=True)

    def take() -> list[tuple[str, float]]:
        taken = []
        while True:
            start = time.perf_counter()
            row = line.execute(BARE, (str(n),)).fetchone()
            if row is None:
                line.close()
                return taken
            taken.append((str(row[0]), time.perf_counter() - start))

    return take


def _floor(url: str, known: dict[str, list[str]], n: int) -> Callable[[], list[tuple[str, float]]]:
    from app.clock import FloorClock
    from app.domain.commands import ClaimLead
    from app.domain.errors import Refused
    from app.domain.questions import FloorFacts
    from app.floor.local import LocalFloor
    from app.store.book import Book

    rep, clients = known["reps"][n], len(known["reps"])
    floor = LocalFloor(Book(url), FloorClock(), rep)
    floor.ask(FloorFacts(check_chain=False))
    dice = random.Random(n)
    mine = [
        lead
        for at, lead in enumerate(known["leads"])
        if at % clients == n or (at % clients == (n + 1) % clients and dice.random() < RACED)
    ]

    def take() -> list[tuple[str, float]]:
        taken = []
        for lead in mine:
            start = time.perf_counter()
            try:
                floor.do(ClaimLead(lead_id=lead))
            except Refused:
                continue
            taken.append((lead, time.perf_counter() - start))
        floor.close()
        return taken

    return take


if __name__ == "__main__":
    main(*sys.argv[1:])
