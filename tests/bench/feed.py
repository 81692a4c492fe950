"""What the feed costs: numbering and chaining at commit, and catching up after a long absence.

Eight writers change a row of their own and append an event, with the journal's guards and into the same table
without; then a desk that is 100,000 events behind catches up, beside a bare select that decodes the same events.
"""

from __future__ import annotations

import threading
import time

from tests.bench import Line

WRITERS = 8
SECONDS = 4.0
BEHIND = 100_000
OPEN_LEADS = 500

_EVENT = (
    "INSERT INTO {table} (id, tx, at, actor, kind, lead_id, body) "
    "VALUES (gen_random_uuid(), gen_random_uuid(), now(), 'bench', 'note_added', '', '{{\"text\":\"a note\"}}')"
)


def run() -> list[Line]:
    from tests.postgres import Cluster

    cluster = Cluster()
    try:
        return [_append(cluster.empty()), _catch_up(cluster.empty())]
    finally:
        cluster.stop()


def _append(url: str) -> Line:
    import psycopg

    from app.store.book import start_floor
    from tests.fresh import START

    start_floor(url, "Bench", START)
    address = url.replace("+psycopg", "")
    with psycopg.connect(address) as line:
        line.execute("CREATE TABLE unstamped (LIKE events INCLUDING ALL)")
        line.execute("CREATE TABLE own (id int PRIMARY KEY, n int NOT NULL) WITH (fillfactor = 10)")
        line.execute(f"INSERT INTO own SELECT generate_series(0, {WRITERS}), 0".encode())
    rates: dict[str, list[float]] = {"events": [], "unstamped": []}
    for _ in range(2):
        for table, measured in rates.items():
            measured.append(_appended(address, table))
    bare, stamped = max(rates["unstamped"]), max(rates["events"])
    return Line(
        what="time for an append, 8 writers",
        value=bare / stamped,
        limit=2.0,
        note=f"{stamped:.0f}/s stamped against {bare:.0f}/s unstamped",
    )


def _appended(address: str, table: str) -> float:
    """Transactions a second."""
    import psycopg

    counts = [0] * WRITERS
    gate, ended = threading.Barrier(WRITERS + 1), threading.Event()

    def write(n: int) -> None:
        event = _EVENT.format(table=table).encode()
        with psycopg.connect(address) as line:
            gate.wait()
            while not ended.is_set():
                line.execute("UPDATE own SET n = n + 1 WHERE id = %s", (n,))
                line.execute(event)
                line.commit()
                counts[n] += 1

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    ended.wait(SECONDS)
    ended.set()
    seconds = time.perf_counter() - start
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def _catch_up(url: str) -> Line:
    import psycopg

    from app.clock import FloorClock
    from app.floor.board import Board
    from app.floor.local import LIMIT, LocalFloor
    from app.store.book import Book, start_floor
    from tests.floor.many import add_leads
    from tests.fresh import START

    start_floor(url, "Bench", START)
    book = Book(url)
    leads = [lead.id for lead in add_leads(book, OPEN_LEADS)]
    floor, board = LocalFloor(book, FloorClock(), "admin"), Board()
    was = floor.batch_after(None)
    assert was is not None
    board.apply(was)
    address = url.replace("+psycopg", "")
    with psycopg.connect(address) as line:
        line.execute("SET session_replication_role = replica")  # numbered here, at once
        line.execute(
            "INSERT INTO events (id, seq, tx, at, actor, kind, lead_id, body, hash) "
            "SELECT gen_random_uuid(), n, gen_random_uuid(), now(), 'bench', 'note_added', (%s::text[])[1 + n %% %s], "
            "'{\"text\":\"a note of a usual length, as a rep writes it\"}', '' FROM generate_series(1, %s) n",
            (leads, OPEN_LEADS, BEHIND),
        )
        line.execute(f"UPDATE feed SET last = {BEHIND}".encode())
        line.commit()
        line.execute("ANALYZE events")
    start = time.perf_counter()
    cursor = 0
    with book.reading() as r:
        while rows := r.since(cursor, LIMIT):
            cursor = rows[-1].seq
    bare = time.perf_counter() - start
    start = time.perf_counter()
    while (batch := floor.batch_after(board.cursor)) is not None:
        board.apply(batch)
    took = time.perf_counter() - start
    floor.close()
    return Line(
        what="100,000 events behind: until caught up",
        value=took / bare,
        limit=1 / 0.3,
        note=f"{took:.2f} s against {bare:.2f} s for select and decode",
    )
