"""Following a floor through its server: a line that is mended whenever it breaks, wherever a server answers."""

from __future__ import annotations

import logging
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

from app.codec import Malformed
from app.domain.errors import AppError, Refused, WrongVersion
from app.floor import wire
from app.floor.floor import Batch, Link, Linked, Tell
from app.floor.servers import Servers, trouble_of

if TYPE_CHECKING:
    from websockets.sync.connection import Connection

_log = logging.getLogger(__name__)
_line_log = logging.getLogger(f"{__name__}.line")
_line_log.setLevel(logging.CRITICAL)
"""What the library says of a line: it calls one that is shut while something arrives an internal error. How a line
ended is said here."""
_dice = Random()  # noqa: S311 - spreads tries in time, keeps no secret

LARGEST = 512 * 1024 * 1024
"""Bytes of the largest snapshot that is taken."""
_CONNECT_S = 3.0
_PING_S, _PONG_S = 4.0, 20.0
_UNTAKEN_MS = 8000
"""How long what was sent may stay untaken by the other end before the line counts as cut, where that can be set."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.25, 5.0
_TURNED_AWAY_WAIT_S = 30.0
"""Until a desk that was turned away asks again."""
_CLOCK_S = 60.0
"""How often the floor's time is asked for."""


class RemoteFollower(threading.Thread):
    """Told everything after its cursor by one server after the other."""

    def __init__(
        self,
        servers: Servers,
        token: str,
        context: ssl.SSLContext,
        since: int | None,
        tell: Tell,
        linked: Linked | None,
        set_clock: Callable[[], None],
    ) -> None:
        super().__init__(name="follower")
        self._servers = servers
        self._token = token
        self._context = context
        self._cursor = since
        self._mark = ""
        """Of the event at the cursor: another server may know another floor of that number."""
        self._tell = tell
        self._linked = linked
        self._set_clock = set_clock
        self._link = Link.CATCHING_UP
        self._kept = True
        self._ended = threading.Event()
        self._line: Connection | None = None

    @property
    def link(self) -> Link:
        return self._link

    def stop(self) -> None:
        """End it and wait until `tell` will not be called again; not to be called twice from `tell`."""
        self._ended.set()
        line = self._line
        if line is not None:
            _shut(line.socket)
        if threading.current_thread() is not self and self.is_alive():
            self.join()

    def use_token(self, token: str) -> None:
        """Show another token from now on, on a new line."""
        self._token = token
        line = self._line
        if line is not None:
            _shut(line.socket)

    def run(self) -> None:
        failures = 0
        while not self._ended.is_set():
            server = self._servers.now
            try:
                self._listen(server)
                failures = 0 if self._link == Link.LIVE else failures
                trouble: AppError | None = None
            except _Stumbled:
                return
            except AppError as error:
                trouble = error
            except Exception as error:  # noqa: BLE001 - a broken line has many names, and each is mended alike
                failures = 0 if self._link == Link.LIVE else failures
                _log.info("the line to %s broke: %s: %s", server, type(error).__name__, error)
                trouble = trouble_of(error)
            if self._ended.is_set():
                return
            failures += 1
            self._mend(server, trouble, failures)

    def _mend(self, server: str, trouble: AppError | None, failures: int) -> None:
        """Say how it is, and wait a little: the sooner, the fewer times it failed."""
        if isinstance(trouble, Refused | WrongVersion):
            self._say(Link.AWAY, trouble.message)
            self._ended.wait(_TURNED_AWAY_WAIT_S * (0.75 + 0.5 * _dice.random()))
            return
        self._servers.leave(server)
        if failures > len(self._servers.addresses):
            self._say(Link.AWAY, trouble.message if trouble else "The floor's server is gone.")
        else:
            self._say(Link.CATCHING_UP, "Looking for the floor")
        longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(failures, 10))
        self._ended.wait(longest * _dice.random())

    def _listen(self, server: str) -> None:
        """Follow the floor at one server until the line ends."""
        from websockets.exceptions import ConnectionClosedOK
        from websockets.sync.client import connect

        secure = server.startswith("https:")
        with connect(
            f"ws{server.removeprefix('http')}/api/feed",
            ssl=self._context if secure else None,
            compression=None,
            proxy=None,
            logger=_line_log,
            open_timeout=_CONNECT_S,
            close_timeout=1.0,
            ping_interval=_PING_S,
            ping_timeout=_PONG_S,
            max_size=LARGEST,
        ) as line:
            self._line = line
            if self._ended.is_set():  # before anybody could shut this line
                return
            if sys.platform == "linux":
                line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNTAKEN_MS)
            follow = wire.Follow(token=self._token, since=self._cursor, mark=self._mark)
            line.send(wire.write_follow(follow).decode())
            try:
                while not self._ended.is_set():
                    try:
                        told = line.recv(_CLOCK_S, decode=False)
                    except TimeoutError:
                        self._set_clock()
                        continue
                    self._take(told)
            except (ConnectionClosedOK, _Gone):
                return

    def _take(self, told: bytes | str) -> None:
        try:
            said = wire.read_feed(told)
        except Malformed as error:
            raise WrongVersion(
                "The floor's server says something that this Firstring does not understand."
            ) from error
        match said:
            case Batch():
                self._take_batch(said)
            case wire.Live():
                if said.kept != self._kept:
                    self._kept = said.kept
                    cursor = self._cursor or 0
                    self._hand_on(Batch(first=cursor + 1, last=cursor, at=said.at, kept=said.kept))
                self._say(Link.LIVE, "")
            case wire.Away():
                self._say(Link.AWAY, said.message)
            case wire.Goodbye():
                raise _Gone
            case AppError():
                raise said

    def _take_batch(self, batch: Batch) -> None:
        """Tell what is new of it."""
        cursor = self._cursor
        if cursor is not None and not batch.went_back:
            if batch.last <= cursor and not batch.snapshot:
                return
            if batch.first > cursor + 1 and not batch.snapshot:
                _log.error("the feed goes from %d to %d; asking for what is between", cursor, batch.first)
                raise ConnectionError("a hole in the feed")
            if batch.first == cursor + 1 and batch.after and self._mark and batch.after != self._mark:
                _log.warning("what comes after event %d goes on from another one; asking anew", cursor)
                raise ConnectionError("another floor's feed")
            if batch.entries and batch.entries[0].seq <= cursor:
                # Told by somebody else already: what is told to all meets what is told to one who catches up.
                fresh = tuple(entry for entry in batch.entries if entry.seq > cursor)
                first = batch.first if batch.snapshot else cursor + 1
                batch = replace(batch, first=first, entries=fresh, after="")
        self._cursor, self._mark = batch.last, batch.mark
        if batch.snapshot:
            self._kept = True  # a board that starts afresh takes it so, until it hears otherwise
        self._hand_on(batch)

    def _hand_on(self, batch: Batch) -> None:
        if self._ended.is_set():
            return
        try:
            self._tell(batch)
        except Exception as error:
            _log.exception("the follower stopped")
            self._say(Link.AWAY, "Firstring made a mistake while reading the floor; see the log.")
            raise _Stumbled from error

    def _say(self, link: Link, sentence: str) -> None:
        if link == self._link:
            return
        self._link = link
        if self._linked is not None and not self._ended.is_set():
            self._linked(link, sentence)


class _Gone(Exception):
    """The server said goodbye."""


class _Stumbled(Exception):
    """Whoever is told can't take it."""


def _shut(line: socket.socket) -> None:
    """Wake whoever reads from it."""
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
