"""One window per floor on one computer: a second start raises the first and ends.

The floor's lock says whether somebody is there; this local socket is how the second start knocks. Only the
same user can open it.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WORD = b"raise\n"
_PATIENCE_MS = 1500


def _name(address: str) -> str:
    # the same floor may be named by several paths; a user's sockets must not meet another user's
    place = str(Path(address).resolve()) if "://" not in address else address
    who = os.environ.get("USERNAME", "") if os.name == "nt" else str(os.getuid())
    return f"firstring-{hashlib.sha256(f'{who}|{place}'.encode()).hexdigest()[:24]}"


def knock(address: str) -> bool:
    """Ask the window that has this floor open to come to the front; False if nobody answers."""
    socket = QLocalSocket()
    socket.connectToServer(_name(address))
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    socket.write(_WORD)
    answered = socket.waitForReadyRead(_PATIENCE_MS)
    socket.disconnectFromServer()
    return answered


class Doorkeeper(QObject):
    """Listens for a second start, as long as this window has the floor."""

    knocked = Signal()

    def __init__(self, address: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._open)
        if not self._server.listen(_name(address)):
            # we hold the floor's lock, so a socket in the way is left over from a program that was killed
            QLocalServer.removeServer(_name(address))
            self._server.listen(_name(address))

    def _open(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.write(b"ok\n")
            socket.flush()
            self.knocked.emit()

    def close(self) -> None:
        self._server.close()
