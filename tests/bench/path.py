"""From the wire to the rep's eye: an inquiry is posted, its row is painted, its toast is asked for.

One desk on SQLite, whole: capture endpoint, floor, feed, board, list, toasts; 500 open leads. The inquiry is
posted by another process, one every 40 ms, as a trickle finds a machine that has gone to sleep. The limit is made
of what cannot be spared, measured between the inquiries at the same pace: one durable commit, one message that
wakes another process, one row painted in an area that paints itself.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench import Line

POSTS = 250
WARM_UP = 25
PAUSE_MS = 40
OPEN_LEADS = 500

_POSTER = """
import socket, sys, time
host, port, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
line = socket.create_connection((host, port))
line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for number in map(int, sys.stdin):
    body = (f"name=Bench Person {number}&company=Brightline Logistics&email=bench{number}@brightline.example"
            f"&phone=%2B1303555{number % 10000:04d}&city=Denver&state=CO&country=US&utm_source=google"
            f"&utm_campaign=warehouse racking&message=Need pricing for {number} pallet bays before Friday, "
            "can someone call me? We are moving into a second hall and our supplier needs six weeks.").encode()
    head = (f"POST {path} HTTP/1.1\\r\\nHost: {host}\\r\\nContent-Type: application/x-www-form-urlencoded\\r\\n"
            f"Content-Length: {len(body)}\\r\\n\\r\\n").encode()
    sent = time.perf_counter()
    line.sendall(head + body)
    answer = line.recv(65536)
    print(sent, time.perf_counter(), answer.split(b" ", 2)[1].decode(), flush=True)
"""

_ECHO = """
import socket, sys
line = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
while data := line.recv(64):
    line.sendall(data)
"""


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Least:
    """What cannot be spared: a durable commit, a wake-up of another process, a painted row. In milliseconds."""

    def __init__(self, folder: Path) -> None:
        from app.store.driver import sqlite_module
        from tests.bench._row import bare_row

        self.commits: list[float] = []
        self.wakes: list[float] = []
        self.paints: list[float] = []
        self._db = sqlite_module().connect(str(folder / "least.db"), isolation_level=None)
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=full")
        self._db.execute("create table one(id integer primary key, body text)")
        listener = socket.create_server(("127.0.0.1", 0))
        self._echo = subprocess.Popen([sys.executable, "-c", _ECHO, str(listener.getsockname()[1])])
        self._line, _ = listener.accept()
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.close()
        self._row = bare_row()

    def measure(self) -> None:
        start = time.perf_counter()
        self._db.execute("begin immediate")
        self._db.execute("insert into one(body) values (?)", ("x" * 600,))
        self._db.execute("commit")
        done = time.perf_counter()
        self.commits.append((done - start) * 1000)
        self._line.sendall(b"x")
        self._line.recv(64)
        # there and back is two wake-ups
        self.wakes.append((time.perf_counter() - done) * 500)
        start = time.perf_counter()
        self._row()
        self.paints.append((time.perf_counter() - start) * 1000)

    def at(self, share: float) -> float:
        return sum(percentile(values, share) for values in (self.commits, self.wakes, self.paints))

    def close(self) -> None:
        self._line.close()
        self._echo.wait()
        self._db.close()


def run() -> list[Line]:
    from tests.bench._desk import quiet

    quiet()
    with tempfile.TemporaryDirectory() as folder:
        return _run(Path(folder))


def _run(folder: Path) -> list[Line]:
    from tests.bench._desk import BenchDesk

    desk = BenchDesk(folder, leads=OPEN_LEADS)
    least = Least(folder)
    poster = subprocess.Popen(
        [sys.executable, "-c", _POSTER, "127.0.0.1", str(desk.port), desk.form_path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert poster.stdin is not None
    assert poster.stdout is not None
    painted: list[float] = []
    answered: list[float] = []
    try:
        for number in range(POSTS + WARM_UP):
            desk.live(PAUSE_MS // 2)
            least.measure()
            desk.live(PAUSE_MS // 2)
            poster.stdin.write(f"{number}\n")
            poster.stdin.flush()
            seen, lead_id = desk.until_painted(f"Bench Person {number}")
            sent, replied, status = poster.stdout.readline().split()
            assert status in ("200", "303"), status
            if number >= WARM_UP:
                painted.append((seen - float(sent)) * 1000)
                answered.append((float(replied) - float(sent)) * 1000)
            desk.finish(lead_id)
    finally:
        poster.stdin.close()
        poster.wait()
        least.close()
        desk.close()
    del least.commits[:WARM_UP], least.wakes[:WARM_UP], least.paints[:WARM_UP]
    parts = " + ".join(f"{statistics.median(v):.2f}" for v in (least.commits, least.wakes, least.paints))
    lines = []
    for name, share, limit in (("p50", 0.5, 4.0), ("p99", 0.99, 3.0)):
        value, floor = percentile(painted, share), least.at(share)
        note = f"{value:.2f} ms against {floor:.2f} ms"
        if name == "p50":
            note += f" = {parts}; answered after {percentile(answered, share):.2f} ms"
        lines.append(
            Line(
                what=f"posted to painted and toast asked for, {name}",
                value=value / floor,
                limit=limit,
                note=note,
            )
        )
    return lines
