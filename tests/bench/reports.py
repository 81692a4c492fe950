"""Reports of a large floor: what the shelf asks against the least that its database could do, and what claims notice.

A floor of three years, with as many leads as are asked for: `FIRSTRING_LEADS=1000000 python3 tests bench reports` is
the full size (about five million events; a quarter of an hour on two cores, 12 GB of disk), without it 10,000 and
100,000 leads in a few minutes. Measured on both databases:

- the question of a report's overall table, against the same figures by one bare statement on the index that holds them:
  on PostgreSQL all of them, percentiles too; on SQLite, which has no percentiles, the counts and the mean;
- every report of the shelf, over all three years, in seconds;
- how a claim fares while reports are made one after the other, as on a desk or a server (of a file by another process
  of ours); and, to tell the program from the machine, while some other program does nothing but reckon.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from app.clock import HandClock
from app.domain.commands import ClaimLead
from app.domain.milestones import Span
from app.domain.report import Asked, By, Reports, RunReport
from app.floor.local import LocalFloor
from app.program import own_words
from app.server.memory import keep_what_stands
from app.store.book import Book
from app.store.facts import Facts
from tests.bench import Line
from tests.bench._million import NOW, SINCE, fill
from tests.bench.path import percentile
from tests.floor.many import add_leads

SIZES = (10_000, 100_000)
ROUNDS = 5
CLAIMS, TURNS = 100, 4
PAUSE_S = 0.01
EVER = Asked(since=SINCE, until=NOW, by=By.MEDIUM)
_COHORT = (
    "captured_at >= :a AND captured_at < :b AND NOT is_test "
    "AND stage IN ('new', 'working', 'prospect', 'won', 'lost', 'unfit')"
)
_COUNTS = """
    count(*), count(first_call_at), count(contact_at), count(qualified_at), count(booked_at),
    count(CASE WHEN stage = 'won' THEN 1 END), count(CASE WHEN stage = 'lost' THEN 1 END),
    count(CASE WHEN stage = 'unfit' THEN 1 END), sum(CASE WHEN stage = 'won' THEN amount END),
    sum(clocks_met), sum(clocks_breached), count(escalated_at), count(CASE WHEN clocks > 0 THEN 1 END)
"""
_SQLITE = f"""
    SELECT {_COUNTS}, avg(first_call_at - captured_at), avg(first_call_worked)
    FROM leads INDEXED BY leads_facts WHERE {_COHORT}
"""
_QUARTERS = "CAST(ARRAY[0.25, 0.5, 0.75, 0.9] AS float8[])"
_POSTGRESQL = f"""
    SELECT {_COUNTS},
        percentile_cont({_QUARTERS}) WITHIN GROUP (ORDER BY date_part('epoch', first_call_at - captured_at)),
        percentile_cont({_QUARTERS}) WITHIN GROUP (ORDER BY first_call_worked / 1e6::float8)
    FROM leads WHERE {_COHORT}
"""


def run() -> list[Line]:
    sizes = tuple(int(size) for size in os.environ.get("FIRSTRING_LEADS", "").split(",") if size) or SIZES
    with tempfile.TemporaryDirectory() as folder, _postgresql() as empty:
        lines = []
        for size in sizes:
            lines += _on("SQLite", str(Path(folder) / f"{size}.floor"), size, is_last=size == max(sizes))
        for size in sizes:
            lines += _on("PostgreSQL", empty(), size, is_last=size == max(sizes))
        return lines


@contextmanager
def _postgresql() -> Iterator[Callable[[], str]]:
    from tests.postgres import Cluster

    cluster = Cluster(durable=True)
    try:
        yield cluster.empty
    finally:
        cluster.stop()


def _on(name: str, address: str, leads: int, *, is_last: bool) -> list[Line]:
    began = time.perf_counter()
    fill(address, leads)
    print(f"{name}: {leads:,} leads made in {time.perf_counter() - began:.0f} s", flush=True)
    floor = LocalFloor(Book(address), HandClock(NOW), "admin")
    floor.answer_apart(own_words())
    try:
        lines = [_question(name, floor._book, leads), *_shelf(name, floor, leads)]
        return lines + (_claims(name, floor, leads) if is_last else [])
    finally:
        floor.close()


def _question(name: str, book: Book, leads: int) -> Line:
    """The overall table's question against the bare statement, in turn; each the median of a few."""
    bare, asked = [], []
    for _ in range(ROUNDS + 1):
        with book.reading() as r:
            facts = Facts(r, NOW)
            query = text(_SQLITE if facts.is_sqlite else _POSTGRESQL)
            began = time.perf_counter()
            row = r.db.execute(query, {"a": facts.stored(SINCE), "b": facts.stored(NOW)}).one()
            bare.append(time.perf_counter() - began)
        with book.reading() as r:
            facts = Facts(r, NOW)
            began = time.perf_counter()
            found = facts.whole(EVER, spans=(Span.CALL, Span.CALL_WORKED))
            asked.append(time.perf_counter() - began)
        assert found.counts.leads == row[0], "not the same leads"
        assert found.counts.met == row[9], "not the same clocks"
    took, least = statistics.median(asked[1:]), statistics.median(bare[1:])
    return Line(
        what=f"{name}, {leads:,} leads: the overall question",
        value=took / least,
        limit=4.0 if book.is_sqlite else 1.3,
        note=f"{took * 1000:.0f} ms against {least * 1000:.0f} ms, the bare statement",
    )


def _shelf(name: str, floor: LocalFloor, leads: int) -> list[Line]:
    """Every report over the three years: a figure, not a limit."""
    lines = []
    for title in floor.ask(Reports()).reports:
        began = time.perf_counter()
        floor.ask(RunReport(name=title.name, asked=EVER))
        took = time.perf_counter() - began
        lines.append(
            Line(what=f"{name}, {leads:,} leads: {title.title}", value=took, limit=float("inf"), unit="s")
        )
    return lines


def _claims(name: str, floor: LocalFloor, leads: int) -> list[Line]:
    """What a claim takes while reports are made one after the other, against what it takes alone."""
    mine = iter(add_leads(floor._book, 3 * TURNS * CLAIMS + CLAIMS, captured_at=NOW))
    with floor._book.reading() as r:
        rep = floor.as_actor(r.reps()[0].id)
    took: dict[str, list[float]] = {beside: [] for beside in ("reports", "nothing", "a reckoner")}
    for _ in range(CLAIMS):  # warm, as on a desk that was opened in the morning
        rep.do(ClaimLead(lead_id=next(mine).id))
    keep_what_stands()  # as a server does, and a desk
    made = 0

    def reports(stop: threading.Event) -> None:
        nonlocal made
        while not stop.is_set():
            floor.ask(RunReport(name="response", asked=EVER))
            made += 1

    def reckon(stop: threading.Event) -> None:
        child = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        stop.wait()
        child.kill()
        child.wait()

    work: dict[str, Callable[[threading.Event], object]] = {
        "reports": reports, "nothing": threading.Event.wait, "a reckoner": reckon
    }  # fmt: skip
    for beside in tuple(took) * TURNS:
        stop = threading.Event()
        worker = threading.Thread(target=work[beside], args=(stop,))
        worker.start()
        for _ in range(CLAIMS):
            time.sleep(PAUSE_S)
            began = time.perf_counter()
            rep.do(ClaimLead(lead_id=next(mine).id))
            took[beside].append((time.perf_counter() - began) * 1000)
        stop.set()
        worker.join()
    lines = []
    for share, limit in ((0.5, float("inf")), (0.99, 1.5)):
        busy, alone, machine = (percentile(took[beside], share) for beside in took)
        lines.append(
            Line(
                what=f"{name}, {leads:,} leads: a claim beside reports, p{share * 100:.0f}",
                value=busy / alone,
                limit=limit,
                note=f"{busy:.1f} ms against {alone:.1f} ms, {machine:.1f} ms beside a program that only reckons; "
                f"{made} reports made meanwhile",
            )
        )
    return lines
