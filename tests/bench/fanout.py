"""From an inquiry to the last desk: a server with 1, 50, 200 and 500 desks, over TLS, each with a line of its own.

Measured is from the moment an inquiry is posted until the last desk has applied what it was told. The limit is the
least that could do the same, measured between the others: a process that takes the inquiry, commits it (the floor's
own transaction for it) and writes the same number of bytes to as many TLS lines. All desks are lines of one process
here, so that reading them costs this machine what in truth costs five hundred; of what is read, the last desk's is
decoded and applied, as it would be on a machine of its own. Memory is set beside a process that has loaded aiohttp and
serves nothing.
"""

from __future__ import annotations

import itertools
import select
import socket
import ssl
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import Line, _direct
from tests.bench._children import PATIENCE_S, children

DESKS = (1, 50, 200, 500)
POSTS, WARM_UP = 120, 15
PAUSE_S = 0.02
LIVE = b'"kind":"Live"'
HEAD = (
    b"POST %s HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: %d\r\n\r\n"
)
BODY = (
    "name=Bench Person {n}&company=Brightline Logistics&email=bench{n}@brightline{n}.example&phone=%2B1303555{m:04d}"
    "&city=Denver&state=CO&country=US&utm_source=google&message=Need pricing for {n} pallet bays before Friday, "
    "can someone call me? We are moving into a second hall and our supplier needs six weeks."
)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Lines:
    """Desks' lines of this process."""

    def __init__(self, port: int, count: int, greet: Callable[[ssl.SSLSocket], None] | None) -> None:
        self.poll = select.epoll()
        self.lines: dict[int, ssl.SSLSocket] = {}
        self._last: dict[int, bytes] = {}
        """The end of what each line was told while it came."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        for _ in range(count):
            line = context.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE_S))
            if greet is not None:
                greet(line)
            line.setblocking(False)
            self.poll.register(line.fileno(), select.EPOLLIN)
            self.lines[line.fileno()] = line
            self._hear(0)  # a desk that takes nothing of a long snapshot is cut off

    def _hear(self, seconds: float) -> bool:
        events = self.poll.poll(seconds)
        for number, _ in events:
            told = self.read(number)
            self._last[number] = (self._last.get(number, b"") + told)[-200:]
        return bool(events)

    def read(self, number: int) -> bytes:
        """What a line has, without waiting."""
        told = b""
        line = self.lines[number]
        try:
            while chunk := line.recv(65536):
                told += chunk
                if not line.pending():
                    break
        except ssl.SSLWantReadError:
            pass
        return told

    def settle(self, word: bytes = b"") -> None:
        """Read until every line has heard the word, which is the last that it hears, and nothing more comes."""
        end = time.perf_counter() + PATIENCE_S
        while self._hear(0.4) or (word and not all(word in self._last.get(line, b"") for line in self.lines)):
            assert time.perf_counter() < end, "not every desk is live"

    def close(self) -> None:
        for line in self.lines.values():
            line.close()
        self.lines.clear()
        self.poll.close()


def _whole(text: bytes) -> bytes | None:
    """The first frame's text that carries a lead that was captured, if it is here whole."""
    while len(text) >= 10:
        size, at = text[1], 2
        if size >= 126:
            at = 4 if size == 126 else 10
            size = int.from_bytes(text[2:at])
        if len(text) < at + size:
            return None
        if b"lead.captured" in text[at : at + size]:
            return text[at : at + size]
        text = text[at + size :]
    return None


class Poster:
    def __init__(self, port: int, path: str) -> None:
        self._port = port
        self._path = path.encode()
        self.count = 0

    def connect(self) -> None:
        """Take a new line: one that is idle while desks come is cut off by the server."""
        self.line = socket.create_connection(("127.0.0.1", self._port), PATIENCE_S)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def post(self) -> None:
        self.count += 1
        body = BODY.format(n=self.count, m=self.count % 10000).encode()
        self.line.sendall(HEAD % (self._path, len(body)) + body)

    def answered(self) -> None:
        answer = self.line.recv(65536)
        assert answer.split(b" ", 2)[1] in (b"200", b"303"), answer[:200]


def _round(
    lines: Lines, poster: Poster, done: Callable[[bytes], bytes | None], apply: Callable[[bytes], None]
) -> float:
    """Milliseconds from a post to the last desk."""
    held: dict[int, bytes] = {}
    missing = set(lines.lines)
    start = time.perf_counter()
    poster.post()
    last = b""
    while missing:
        events = lines.poll.poll(10)
        assert events, f"{len(missing)} desks were told nothing"
        for number, _ in events:
            told = held[number] = held.get(number, b"") + lines.read(number)
            whole = done(told) if number in missing else None
            if whole is not None:
                missing.discard(number)
                last = whole
    apply(last)
    took = (time.perf_counter() - start) * 1000
    poster.answered()
    return took


def _memory(pid: int) -> float:
    """Megabytes of a process's own: what it shares with others is not counted twice."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError


def run() -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        served = _run(Path(folder))
    return [*served, *_direct.run()]


def _run(folder: Path) -> list[Line]:
    from app.domain.commands import AddSource, SetStatus
    from app.domain.lead import RepStatus
    from app.domain.questions import AllSources
    from app.floor import wire
    from app.floor.board import Board
    from app.floor.floor import Batch
    from tests.server.desk_house import masked
    from tests.server.serve_house import serve_house

    results: list[Line] = []
    with (
        children("_fan_server", ("aiohttp",)) as (empty,),
        serve_house(str(folder / "fan.floor"), folder) as house,
    ):
        empty.line()
        server = house.serve()
        token = house.join(server)
        door = house.door(token)
        door.do(SetStatus(status=RepStatus.AVAILABLE))
        source = door.do(AddSource(name="Form", channel="form")).value.id
        key = next(line.source.key for line in door.ask(AllSources()).lines if line.source.id == source)
        board = Board()
        follow = wire.write_follow(wire.Follow(token=token, since=None))
        port, capture_port = (int(place.rpartition(":")[2]) for place in (server.address, server.capture_url))
        idle, bare_memory = _memory(server.process.pid), _memory(empty.process.pid)
        empty.process.terminate()

        def greet(line: ssl.SSLSocket) -> None:
            line.sendall(
                b"GET /api/feed HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" + masked(follow)
            )  # fmt: skip

        def applied(text: bytes) -> None:
            batch = wire.read_feed(text)
            assert isinstance(batch, Batch)
            if board.cursor < 0:
                board.cursor = batch.first - 1
            board.apply(batch)
            sizes.append(len(text))

        sizes: list[int] = []
        poster = Poster(capture_port, f"/capture/form/{key}")
        ours: dict[int, list[float]] = {}
        busy = 0.0
        for count in DESKS:
            lines = Lines(port, count, greet)
            lines.settle(LIVE)
            poster.connect()
            took = []
            for _ in range(POSTS + WARM_UP):
                time.sleep(PAUSE_S)
                took.append(_round(lines, poster, _whole, applied))
            ours[count] = took[WARM_UP:]
            busy = _memory(server.process.pid)
            lines.close()
        size = int(statistics.median(sizes))
        (folder / "frame").write_bytes(b"x" * size)
        words = tuple(
            map(
                str,
                (_another(folder), server.home / "server.crt", server.home / "server.key", folder / "frame"),
            )
        )
        with children("_fan_server", words) as (bare,):
            least = _least(*map(int, bare.line().split()), size)
            bare.process.terminate()
    for count in DESKS:
        for name, share, limit in (("p50", 0.5, 2.0), ("p99", 0.99, 3.0)):
            value, floor = percentile(ours[count], share), percentile(least[count], share)
            results.append(
                Line(what=f"{count} desks, capture to the last, {name}", value=value / floor, limit=limit,
                     note=f"{value:.2f} ms against {floor:.2f} ms, {POSTS} posts, {size} bytes")
            )  # fmt: skip
    curve = [(count, percentile(ours[count], 0.5), percentile(least[count], 0.5)) for count in DESKS]
    points = ", ".join(
        f"{now[0]}: {(now[1] - before[1]) / (now[0] - before[0]) * 1000:.0f} µs against "
        f"{(now[2] - before[2]) / (now[0] - before[0]) * 1000:.0f} µs"
        for before, now in itertools.pairwise(curve)
    )
    (first, *_, last) = curve
    more = (last[2] - first[2]) / (last[0] - first[0])
    results.append(
        Line(what="one desk more", value=(last[1] - first[1]) / (last[0] - first[0]) / more, limit=2.0,
             note=f"up to {points}")
    )  # fmt: skip
    for name, value, limit in (("idle", idle, 2.5), (f"with {DESKS[-1]} desks", busy, 3.0)):
        results.append(
            Line(what=f"memory of a server, {name}", value=value / bare_memory, limit=limit,
                 note=f"{value:.0f} MB against {bare_memory:.0f} MB of a bare aiohttp")
        )  # fmt: skip
    return results


def _least(feed_port: int, post_port: int, size: int) -> dict[int, list[float]]:
    """Milliseconds of the bare server's rounds, by the number of desks."""
    poster = Poster(post_port, "/")
    took: dict[int, list[float]] = {}
    for count in DESKS:
        lines = Lines(feed_port, count, None)
        lines.settle()
        poster.connect()
        rounds = []
        for _ in range(POSTS + WARM_UP):
            time.sleep(PAUSE_S)
            rounds.append(
                _round(lines, poster, lambda told: told if len(told) >= size else None, lambda _: None)
            )
        lines.close()
        took[count] = rounds[WARM_UP:]
    return took


def _another(folder: Path) -> Path:
    """A floor like the server's for the bare one."""
    from app.boot import new_floor

    address = folder / "bare.floor"
    new_floor(str(address), "Bare", "Mara Keller")
    return address
