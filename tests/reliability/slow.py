"""A program that is a crowd of slow senders: run as `python -m tests.reliability.slow`.

On standard input it is told, in a line of JSON, where to go, how many there are, whether to speak TLS, and how their
requests begin and drip on. It says "full" once all came; whoever is cut comes again, until it is told "no more"; when
all are gone, or far too much time, it says how many were cut, after how many seconds the slowest of them, and how many
are still there.
"""

from __future__ import annotations

import json
import selectors
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

DRIP_S = 1.0
SURELY_S = 30.0
AGAIN_S = 0.04
"""Between two who come again."""


@dataclass(eq=False)
class Slow:
    line: socket.socket
    drip: bytes
    opened: float
    crowd: Crowd


@dataclass
class Crowd:
    """Whoever is slow. `starts` are the beginnings of their requests, by turns."""

    connect: Callable[[], socket.socket]
    starts: tuple[tuple[bytes, bytes], ...]
    """(what is sent at once, what is dripped)"""
    there: set[Slow] = field(default_factory=set)
    longest: float = 0.0
    cut: int = 0


class Street:
    """They all, on one thread."""

    def __init__(self, crowd: Crowd, size: int) -> None:
        self._crowd, self._size = crowd, size
        self._look = selectors.DefaultSelector()
        self._more = True
        self.empty = threading.Event()
        self.full = threading.Event()
        """All came, at least once."""
        self._thread = threading.Thread(target=self._run, name="street", daemon=True)
        self._thread.start()

    def no_more(self) -> None:
        """Nobody comes again from now on."""
        self._more = False

    def _run(self) -> None:
        dripped = last = time.monotonic()
        came, there = 0, self._crowd.there
        while not self.empty.is_set():
            for key, _ in self._look.select(0 if self._more and not self.full.is_set() else 0.05):
                self._hear(key.data)
            now = time.monotonic()
            if now - dripped >= DRIP_S:
                for slow in list(there):
                    self._send(slow)
                dripped = now
            # At first as quickly as they can; then so that the cut ones coming again are no flood.
            if self._more and len(there) < self._size and (came < self._size or now - last > AGAIN_S):
                self._come(came)
                came, last = came + 1, now
            if came >= self._size:
                self.full.set()
            if not self._more and not there:
                self.empty.set()

    def _come(self, number: int) -> None:
        crowd = self._crowd
        start, drip = crowd.starts[number % len(crowd.starts)]
        try:
            line = crowd.connect()
        except OSError:  # cut before it could begin
            crowd.cut += 1
            return
        slow = Slow(line, drip, time.monotonic(), crowd)
        crowd.there.add(slow)
        self._look.register(line, selectors.EVENT_READ, slow)
        try:
            line.sendall(start)
        except OSError:
            self._gone(slow)
        line.setblocking(False)

    def _send(self, slow: Slow) -> None:
        try:
            slow.line.send(slow.drip)
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            return
        except OSError:
            self._gone(slow)

    def _hear(self, slow: Slow) -> None:
        try:
            if slow.line.recv(4096):
                return
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        except OSError:
            pass
        self._gone(slow)

    def _gone(self, slow: Slow) -> None:
        if slow not in slow.crowd.there:
            return
        slow.crowd.longest = max(slow.crowd.longest, time.monotonic() - slow.opened)
        slow.crowd.cut += 1
        slow.crowd.there.remove(slow)
        self._look.unregister(slow.line)
        slow.line.close()


def main() -> None:
    host, port, size, tls, starts = json.loads(sys.stdin.readline())
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # the crowd does not care

    def connect() -> socket.socket:
        line = socket.create_connection((host, port), timeout=60)
        return context.wrap_socket(line) if tls else line

    crowd = Crowd(connect, tuple((start.encode(), drip.encode()) for start, drip in starts))
    street = Street(crowd, size)
    street.full.wait()
    print(json.dumps("full"), flush=True)  # noqa: T201 - whoever started it reads this line
    sys.stdin.readline()
    street.no_more()
    street.empty.wait(SURELY_S)
    print(json.dumps([crowd.cut, crowd.longest, len(crowd.there)]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
