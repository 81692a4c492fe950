"""One window per floor on one computer: a second start raises the first and ends.

The floor's lock says whether somebody is there; this is how the second start knocks. The window listens on a
port of this computer and leaves the number with a secret word in a file that only its user can read. Plain
sockets, since Qt's network library would cost a desk 3 MB for this alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import socket
from pathlib import Path

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from app.settings import home

_PATIENCE_S = 1.5


def _note(address: str) -> Path:
    """Where a floor's window leaves its number; the same floor may be named by several paths."""
    place = address if "://" in address else str(Path(address).resolve())
    return home() / f"window-{hashlib.sha256(place.encode()).hexdigest()[:16]}.json"


def knock(address: str) -> bool:
    """Ask the window that has this floor open to come to the front; False if nobody answers."""
    try:
        note = json.loads(_note(address).read_text(encoding="utf-8"))
        with socket.create_connection(("127.0.0.1", int(note["port"])), timeout=_PATIENCE_S) as line:
            line.sendall(str(note["word"]).encode())
            return line.recv(16) == b"ok"
    except (OSError, ValueError, KeyError, TypeError):
        return False


class Doorkeeper(QObject):
    """Listens for a second start, as long as this window has the floor."""

    knocked = Signal()

    def __init__(self, address: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._word = secrets.token_hex(16)
        self._note = _note(address)
        self._server = socket.create_server(("127.0.0.1", 0), backlog=8)
        self._server.setblocking(False)
        self._notifier = QSocketNotifier(self._server.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._open)
        said = json.dumps({"port": self._server.getsockname()[1], "word": self._word})
        with contextlib.suppress(OSError):  # without the note a second start says that the floor is in use
            self._note.parent.mkdir(parents=True, exist_ok=True)
            self._note.unlink(missing_ok=True)
            handle = os.open(self._note, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "w", encoding="utf-8") as file:
                file.write(said)

    def _open(self) -> None:
        with contextlib.suppress(OSError):
            line, _ = self._server.accept()
            with line:
                line.settimeout(0.2)  # a stranger who says nothing must not hold the window up
                if secrets.compare_digest(line.recv(64), self._word.encode()):
                    line.sendall(b"ok")
                    self.knocked.emit()

    def close(self) -> None:
        self._notifier.setEnabled(False)
        self._server.close()
        with contextlib.suppress(OSError):
            self._note.unlink()
