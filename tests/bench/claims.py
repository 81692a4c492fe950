"""Fifty reps take leads at the same moment: how much slower than PostgreSQL's own way of giving out rows?

Beside it, in the same run and by as many processes: rows of a bare table, taken by SKIP LOCKED, which keeps no
journal, answers nothing twice and tells nobody. Both are in the same PostgreSQL, under the same settings, and both
are warm: each client has taken five before the race, as a desk has that was opened in the morning. No lead may be taken
by two.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.bench import Line
from tests.bench._children import children
from tests.bench._claimant import REPS
from tests.bench.path import percentile

CLIENTS = 50
LEADS = 3000


def run() -> list[Line]:
    from tests.postgres import Cluster

    cluster = Cluster()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _run(cluster.empty(), Path(folder) / "known.json")
    finally:
        cluster.stop()


def _run(url: str, file: Path) -> list[Line]:
    import psycopg

    from app.store.book import Book, start_floor
    from tests.floor.many import add_leads
    from tests.fresh import START

    start_floor(url, "Bench", START)
    book = Book(url)
    leads = [lead.id for lead in add_leads(book, LEADS)]
    reps = _reps(book)
    book.close()
    address = url.replace("+psycopg", "")
    with psycopg.connect(address) as line:
        line.execute("CREATE TABLE bare (id int PRIMARY KEY, owner text NOT NULL DEFAULT '')")
        line.execute("CREATE INDEX ON bare (id) WHERE owner = ''")
        line.execute(f"INSERT INTO bare SELECT generate_series(1, {LEADS})".encode())
    file.write_text(json.dumps({"reps": reps, "leads": leads}), encoding="utf-8")
    bare_rate, bare, _ = _race("bare", address, file)
    rate, took, doubles = _race("floor", address, file)
    with psycopg.connect(address) as line:
        row = line.execute(
            "SELECT count(*), count(DISTINCT lead_id) FROM events WHERE kind = 'lead_claimed'"
        ).fetchone()
    assert row is not None
    doubles += row[0] - row[1]
    return [
        Line(
            what="time for a claim, 50 clients",
            value=bare_rate / rate,
            limit=2.0,
            note=f"{rate:.0f} claims/s against {bare_rate:.0f} rows/s by SKIP LOCKED",
        ),
        Line(
            what="a claim's answer, p99",
            value=percentile(took, 0.99) / percentile(bare, 0.99),
            limit=2.0,
            note=f"{percentile(took, 0.99) * 1000:.0f} ms against {percentile(bare, 0.99) * 1000:.0f} ms",
        ),
        Line(what="leads taken by two, or by none", value=doubles, limit=0, unit="leads"),
    ]


def _reps(book: object) -> list[str]:
    from app.clock import new_id
    from app.domain.lead import Rep, RepStatus
    from app.store.book import Book
    from tests.fresh import START

    assert isinstance(book, Book)
    ids = [new_id() for _ in range(CLIENTS)]
    with book.writing("setup", START) as w:
        for n, rep_id in enumerate(ids):
            w.add_rep(Rep(id=rep_id, name=f"Rep {n}", status=RepStatus.AVAILABLE, status_since=START))
    return ids


def _race(kind: str, address: str, file: Path) -> tuple[float, list[float], int]:
    """(taken a second, seconds each took, rows taken more or less than once)."""
    taken: list[tuple[str, float]] = []
    early: list[str] = []
    with children(
        "_claimant", *((kind, address, str(n), str(file)) for n in range(CLIENTS // REPS))
    ) as racers:
        for racer in racers:
            early += json.loads(racer.line())
        start = time.perf_counter()
        for racer in racers:
            racer.tell("go")
        for racer in racers:
            taken += json.loads(racer.line())
        seconds = time.perf_counter() - start
    counts = Counter([*early, *(row for row, _ in taken)])
    wrong = sum(count - 1 for count in counts.values()) + LEADS - len(counts)
    return len(taken) / seconds, [took for _, took in taken], wrong
