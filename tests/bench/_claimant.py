"""Ten reps in one process who take leads as fast as they can: `python -m tests.bench._claimant KIND URL NUMBER FILE`.

KIND is "bare", which takes the next free row of a bare table, or "floor", which claims leads at the floor's door.
FILE holds the reps and the leads. Each rep takes a few to warm up; it prints which as JSON, starts when it is told to,
and prints what it did then with the seconds that each took.
"""

from __future__ import annotations

import itertools
import json
import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

REPS = 10
WARM_UP = 5
RACED = 0.1
"""Share of the leads that a neighbour tries to take too, at the same time."""
BARE = (
    "UPDATE bare SET owner = %s WHERE id = "
    "(SELECT id FROM bare WHERE owner = '' ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"
)


def main(kind: str, url: str, number: str, file: str) -> None:
    known = json.loads(Path(file).read_text(encoding="utf-8"))
    first = int(number) * REPS
    job = _bare if kind == "bare" else _floor
    jobs = [job(url, known, first + n) for n in range(REPS)]
    early = [row for take in jobs for row, _ in itertools.islice(take, WARM_UP)]
    taken: list[list[tuple[str, float]]] = [[] for _ in jobs]
    gate = threading.Event()

    def run(n: int) -> None:
        gate.wait()
        taken[n] = list(jobs[n])

    threads = [threading.Thread(target=run, args=(n,)) for n in range(REPS)]
    for thread in threads:
        thread.start()
    print(json.dumps(early), flush=True)
    sys.stdin.readline()
    gate.set()
    for thread in threads:
        thread.join()
    print(json.dumps([one for each in taken for one in each]), flush=True)


def _bare(url: str, known: dict[str, list[str]], n: int) -> Iterator[tuple[str, float]]:
    import psycopg

    with psycopg.connect(url, autocommit=True) as line:
        while True:
            start = time.perf_counter()
            row = line.execute(BARE, (str(n),)).fetchone()
            if row is None:
                return
            yield str(row[0]), time.perf_counter() - start


def _floor(url: str, known: dict[str, list[str]], n: int) -> Iterator[tuple[str, float]]:
    from app.clock import FloorClock
    from app.domain.commands import ClaimLead
    from app.domain.errors import Refused
    from app.floor.local import LocalFloor
    from app.store.book import Book

    clients = len(known["reps"])
    floor = LocalFloor(Book(url), FloorClock(), known["reps"][n])
    dice = random.Random(n)
    for at, lead in enumerate(known["leads"]):
        mine = at % clients == n
        if not mine and not (at % clients == (n + 1) % clients and dice.random() < RACED):
            continue
        start = time.perf_counter()
        try:
            floor.do(ClaimLead(lead_id=lead))
        except Refused:
            continue
        yield lead, time.perf_counter() - start
    floor.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
