"""A connection to a message bus, by default the desktop's session bus, that never waits longer than it says.

jeepney makes and reads the messages; the socket is kept here because jeepney's own connection waits for the
bus's first answer without end, and a sick bus must not keep the window from opening.
"""

from __future__ import annotations

import os
import select
from collections import deque
from itertools import count
from typing import TYPE_CHECKING, Any

from app.ui.toasts._toast import CannotToast

if TYPE_CHECKING:
    from jeepney import Message

WAIT_S = 1.0
"""For the bus itself, which answers in a millisecond; above that something is wrong with it."""


class BusLost(Exception):
    """The bus is gone or does not answer; the message says so to a person."""


class SessionBus:
    """One connection, logged in. Raises `CannotToast` where there is no bus to speak to."""

    def __init__(self, address: str = "") -> None:
        try:
            from jeepney import Parser, message_bus
            from jeepney.bus import get_bus
            from jeepney.io.blocking import prep_socket
        except ImportError as error:
            raise CannotToast("the library jeepney is not installed") from error
        try:
            self._socket = prep_socket(get_bus(address or _address()), timeout=WAIT_S)
        except CannotToast:
            raise
        except Exception as error:  # an odd address, a refused log-in, a dead socket: each has its own kind
            raise CannotToast(f"the session bus can't be reached ({error})") from error
        self._socket.settimeout(WAIT_S)  # also for a bus that no longer reads
        self._parser = Parser()
        self._serials = count(1)
        self._passed_by: deque[Message] = deque()
        """Came while an answer was waited for."""
        try:
            self.ask(message_bus.Hello())
        except BusLost as error:
            self.close()
            raise CannotToast(str(error)) from error

    def fileno(self) -> int:
        number: int = self._socket.fileno()
        return number

    def send(self, message: Message) -> int:
        """Send it, and return the number its answer will bear."""
        serial = next(self._serials)
        try:
            self._socket.sendall(message.serialise(serial=serial))
        except OSError as error:
            raise BusLost(f"the session bus was lost ({error})") from error
        return serial

    def ask(self, message: Message) -> tuple[Any, ...]:
        """Send it to the bus itself and wait for the answer's body, at most about `WAIT_S` seconds."""
        from jeepney import HeaderFields, MessageType

        serial = self.send(message)
        while reply := self._read(WAIT_S):
            if reply.header.fields.get(HeaderFields.reply_serial) != serial:
                self._passed_by.append(reply)
            elif reply.header.message_type is MessageType.error:
                raise BusLost(f"the session bus refused ({reply.body})")
            else:
                body: tuple[Any, ...] = reply.body
                return body
        raise BusLost("the session bus does not answer")

    def receive(self, wait_s: float = 0) -> Message | None:
        """The next message, if it is there already or comes within so many seconds."""
        return self._passed_by.popleft() if self._passed_by else self._read(wait_s)

    def close(self) -> None:
        self._socket.close()

    def _read(self, wait_s: float) -> Message | None:
        while (message := self._parser.get_next_message()) is None:
            try:
                if not select.select([self._socket], [], [], wait_s)[0]:
                    return None
                part = self._socket.recv(65536)
            except OSError as error:
                raise BusLost(f"the session bus was lost ({error})") from error
            if not part:
                raise BusLost("the session bus was lost")
            self._parser.add_data(part)
        return message


def _address() -> str:
    """Where the session bus of this desktop is."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    usual = os.path.join(os.environ.get("XDG_RUNTIME_DIR", ""), "bus")
    if not address and os.path.isabs(usual) and os.path.exists(usual):
        address = f"unix:path={usual}"
    if not address:
        raise CannotToast("there is no session bus")
    return address
