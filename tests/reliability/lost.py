"""A line to a database on which the answer to a command gets lost, after it was carried out."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from tests.reliability.line import Line

_COMMITTED, _UNDONE = b"C\x00\x00\x00\x0bCOMMIT\x00", b"C\x00\x00\x00\x0dROLLBACK\x00"
_WROTE = (b"INSERT 0 ", b"UPDATE ")


class CommitLine(Line):
    """A line to PostgreSQL that can keep to itself how a transaction ended; its connection breaks with that."""

    def __init__(self, host: str, port: int) -> None:
        self._next = threading.Event()
        super().__init__(host, port)

    def lose_next(self) -> None:
        """The next word that something written is committed, or that it is undone, never arrives."""
        self._next.set()

    def keep_next(self) -> None:
        """It does, if it has not been lost yet."""
        self._next.clear()

    def _pass(self, one: socket.socket, other: socket.socket, answers: bool) -> None:
        if not answers:
            super()._pass(one, other, answers)
            return
        wrote = False
        with suppress(OSError):
            while piece := one.recv(65536):
                wrote = wrote or any(tag in piece for tag in _WROTE)
                ended = _UNDONE in piece or (_COMMITTED in piece)
                if ended and (wrote or _UNDONE in piece) and self._next.is_set():
                    self._next.clear()
                    self.lost += 1
                    break
                wrote = wrote and not ended
                other.sendall(piece)
        with self._lock:
            self._ends -= {one, other}
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):
            one.close()
