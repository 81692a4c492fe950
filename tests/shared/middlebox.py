"""What may stand between a desk and its database: it swallows the doorbell, or falls silent without hanging up."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Middlebox:
    """A relay on 127.0.0.1 to a PostgreSQL address; `address` leads through it."""

    def __init__(self, address: str, *, swallow: bool = False) -> None:
        parts = urlsplit(address.replace("+psycopg", ""))
        self._to = (parts.hostname or "", parts.port or 5432)
        self._swallow = swallow
        self._server = socket.create_server(("127.0.0.1", 0))
        port = self._server.getsockname()[1]
        bare = address.replace("+psycopg", "").replace(f":{parts.port}/", f":{port}/")
        self.address = f"{bare}?sslmode=disable&gssencmode=disable"
        self._frozen: set[socket.socket] = set()
        self._ends: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._run(self._accept)

    def fall_silent(self) -> int:
        """Every line that is open says nothing any more and is not hung up; new ones work. How many."""
        self._frozen.update(self._ends)
        return len(self._ends) // 2

    def close(self) -> None:
        for end in (self._server, *self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join()

    def _run(self, job: object, *args: object) -> None:
        thread = threading.Thread(target=job, args=args, name="middlebox")  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            far = socket.create_connection(self._to)
            self._ends += [near, far]
            self._run(self._pass, near, far, False)
            self._run(self._pass, far, near, self._swallow)

    def _pass(self, one: socket.socket, other: socket.socket, swallow: bool) -> None:
        rest = b""
        try:
            while data := one.recv(65536):
                if one in self._frozen:
                    continue
                if swallow:
                    rest += data
                    data, rest = _without_notices(rest)
                other.sendall(data)
        except OSError:
            pass
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


def _without_notices(data: bytes) -> tuple[bytes, bytes]:
    """(whole messages of the server but for NotificationResponse, what is not whole yet)."""
    kept = b""
    while len(data) >= 5 and len(data) >= (size := 1 + int.from_bytes(data[1:5])):
        message, data = data[:size], data[size:]
        kept += b"" if message[:1] == b"A" else message
    return kept, data
