"""The line between a desk and a server, in the tester's hand: cut it, let it fall silent, mend it."""

from __future__ import annotations

import random
import socket
import threading
from contextlib import suppress

_PIECE = 65536


class Line:
    """A TCP relay on a port of this computer. It is whole at first."""

    def __init__(self, host: str, port: int) -> None:
        self._there = (host, port)
        self._whole = threading.Event()
        self._whole.set()
        self._hanging = threading.Event()
        """Set: new connections are refused; else they are taken, and nothing comes through while it is silent."""
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._ended = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._left = 0
        self._share, self._dice = 0.0, random.Random()
        self.lost = 0
        """How often an answer was lost."""
        self._threads = [threading.Thread(target=self._take, name="line", daemon=True)]
        self._threads[0].start()

    def cut(self) -> None:
        """Every connection breaks, and new ones break at once."""
        self._hanging.set()
        self._break()

    def fall_silent(self) -> None:
        """Connections stand, and nothing comes through any more, in neither direction: a black hole."""
        self._whole.clear()

    def mend(self) -> None:
        """Whole again; what was held up in the silence is lost with its connections."""
        if not self._whole.is_set():
            self._break()
        self._whole.set()
        self._hanging.clear()

    def lose(self, after: int) -> None:
        """The answer after so many more is lost, and every connection breaks; new ones work."""
        with self._lock:
            self._left = after + 1

    def lose_share(self, share: float, dice: random.Random) -> None:
        """This share of the answers is lost from now on, each with every connection."""
        with self._lock:
            self._share, self._dice = share, dice

    def _loses(self) -> bool:
        with self._lock:
            self._left = max(self._left - 1, -1)
            lost = self._left == 0 or self._dice.random() < self._share
            self.lost += lost
            return lost

    def close(self) -> None:
        self._ended = True
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._break()
        self._whole.set()
        for thread in self._threads:
            thread.join()

    def _break(self) -> None:
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _take(self) -> None:
        while not self._ended:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            if self._hanging.is_set() or self._ended:
                near.close()
                continue
            try:
                far = socket.create_connection(self._there)
            except OSError:  # nobody is there
                near.close()
                continue
            with self._lock:
                self._ends |= {near, far}
            for one, other, answers in ((near, far, False), (far, near, True)):
                told = (one, other, answers)
                thread = threading.Thread(target=self._pass, args=told, name="line", daemon=True)
                self._threads.append(thread)
                thread.start()

    def _pass(self, one: socket.socket, other: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while piece := one.recv(_PIECE):
                if not self._whole.is_set():
                    self._whole.wait()
                    break  # whatever came in the silence never arrives
                if answers and self._loses():
                    self._break()
                    break
                other.sendall(piece)
        with self._lock:
            self._ends -= {one, other}
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            one.close()


def line_to(address: str) -> tuple[Line, str]:
    """A line to the server of a PostgreSQL address, and the address by way of it."""
    login, _, rest = address.rpartition("@")
    hosts, _, path = rest.partition("/")
    host, _, port = hosts.partition(":")
    line = Line(host, int(port or 5432))
    return line, f"{login}@127.0.0.1:{line.port}/{path}"
