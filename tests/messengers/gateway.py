"""A real HTTP server for tests, which keeps what it is asked and answers as it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    """By name in small letters."""
    body: bytes


class Gateway:
    """What came, in `asked`. `says` is called for each request: status, more headers, body."""

    def __init__(self) -> None:
        self.asked: SimpleQueue[Asked] = SimpleQueue()
        self.says: Callable[[], tuple[int, dict[str, str], bytes]] = lambda: (200, {}, b"taken")
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in"


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            gateway.asked.put(Asked(self.command, self.path, headers, body))
            status, more, said = gateway.says()
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = _answer

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    return Handler


@contextmanager
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(made))
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, name="gateway")
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
