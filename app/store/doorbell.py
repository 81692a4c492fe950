"""The doorbell of a shared floor: the NOTIFY of other desks' commits, heard on a line that does nothing else.

It listens before anybody reads and pings when it was quiet, so that a lost ring costs seconds and not leads.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from random import Random

import psycopg

from app.store.feed import Bell
from app.store.guards import CHANNEL
from app.store.line import Line, Silent

_log = logging.getLogger(__name__)
_dice = Random()  # noqa: S311 - spreads tries in time, keeps no secret
PING_SECONDS = 10.0
"""A line on which nothing was heard for so long is asked whether it is there."""
SELF_TEST_SECONDS = 2.0
LOOK_SECONDS = 1.0
"""How often the feed is looked at where no doorbell is heard."""
_TRY_AGAIN = 300
"""Looks after which the doorbell is tried again."""
_TURN = 0.2
"""Seconds the listener waits at a time, so that it can be stopped."""


class Listener(threading.Thread):
    """Rings a bell for every NOTIFY of a PostgreSQL floor, and says what is wrong when it can't hear them.

    Before it trusts a line it rings its own bell on it. A pooler between here and the database swallows that, as
    it would the others': then the feed is looked at every second instead. A line that does not answer within 5 s, or
    a call that nobody takes, is given up, whatever the system says of it; `cut` is told then, because the program's
    other lines lead through the same cable.
    """

    def __init__(self, dsn: str, bell: Bell, cut: Callable[[], None]) -> None:
        super().__init__(name="doorbell")
        self._dsn = dsn
        self._bell = bell
        self._cut = cut
        self._trouble = ""
        self._ended = threading.Event()

    @property
    def trouble(self) -> str:
        """What is wrong with the doorbell, for the foot of a window; "" while it is heard."""
        return self._trouble

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                with psycopg.connect(self._dsn, autocommit=True, prepare_threshold=None) as connection:
                    line = Line(connection)
                    if self._hears_itself(line):
                        self._tell("")
                        self._listen(line)
                    else:
                        self._tell(f"no doorbell, looking every {LOOK_SECONDS:g} s")
                        self._look(line)
            except (psycopg.Error, OSError) as error:
                if self._ended.is_set():
                    return
                self._tell("no doorbell")
                _log.warning("the doorbell's line is down: %s", str(error).splitlines()[:1])
                if isinstance(error, Silent | psycopg.errors.ConnectionTimeout):
                    self._cut()
                self._bell.ring()  # whoever would have been called must look for themselves
                self._ended.wait(1.0 + _dice.random())

    def _hears_itself(self, line: Line) -> bool:
        """Whether a ring comes back while this line is at rest.

        A pooler that gives each transaction another session passes on what comes during the ringing itself, so
        behind one somebody else has to ring.
        """
        mine = f"firstring_{secrets.token_hex(8)}"
        line.say(f"LISTEN {CHANNEL}")
        line.say(f"LISTEN {mine}")
        if line.say("SELECT pg_backend_pid()") == str(line.session):
            line.say(f"NOTIFY {mine}")
        else:
            with psycopg.connect(self._dsn, autocommit=True, prepare_threshold=None) as other:
                Line(other).say(f"NOTIFY {mine}")
        heard = line.heard(mine, SELF_TEST_SECONDS)
        line.say(f"UNLISTEN {mine}")
        return heard

    def _listen(self, line: Line) -> None:
        self._bell.ring()
        quiet = 0.0
        while not self._ended.is_set():
            if line.heard(CHANNEL, _TURN):
                quiet = 0.0
                self._bell.ring()
                continue
            quiet += _TURN
            if quiet >= PING_SECONDS * (0.8 + 0.4 * _dice.random()):
                quiet = 0.0
                line.say("SELECT 1")
                self._bell.ring()

    def _look(self, line: Line) -> None:
        """Without a doorbell: ring when the counter has moved. After a while it is tried again."""
        seen, looks = "", 0
        while not self._ended.is_set() and looks < _TRY_AGAIN:
            last = line.say("SELECT last FROM feed")
            if last != seen:
                seen = last
                self._bell.ring()
            looks += 1
            self._ended.wait(LOOK_SECONDS * (0.8 + 0.4 * _dice.random()))

    def _tell(self, trouble: str) -> None:
        if trouble != self._trouble:
            _log.info("the doorbell: %s", trouble or "heard")
        self._trouble = trouble
        self._bell.ring()

    def stop(self) -> None:
        """Ask the thread to end; it does within a fifth of a second."""
        self._ended.set()
