"""A floor that a server keeps: commands and questions go to it by HTTPS, what happens comes by WebSocket.

A command whose answer is lost is sent again, to the same server or to the next one: it has an id, and whoever did
it already answers the same. Several servers may keep one floor; a desk works with one of them and goes on at the
next when that one is gone. What a desk follows is numbered, so it can tell that it has missed nothing, whichever
server told it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from random import Random
from typing import TypeVar

from app.clock import FloorClock
from app.codec import Malformed, decode
from app.domain.commands import Command
from app.domain.errors import AppError, NoAnswer, Unavailable, WrongVersion
from app.domain.lead import Rep
from app.domain.questions import DryRun, Question
from app.floor import wire
from app.floor.floor import Linked, Receipt, Tell
from app.floor.pinned import pinned_context
from app.floor.remote_follow import RemoteFollower
from app.floor.servers import Servers, trouble_of

R = TypeVar("R")
T = TypeVar("T")
_log = logging.getLogger(__name__)
_dice = Random()  # noqa: S311 - spreads tries in time, keeps no secret

CONNECT_S = 3.0
ANSWER_S = 30.0
"""How long a server may take to be reached, and to answer."""
TRIAL_S = 600.0
"""How long it may take to try a rulebook on the leads of up to a year."""
ROUNDS = 3
"""Times each server is tried with a command or a question."""
_PAUSE_S = 0.3
"""Between two rounds, about."""


class RemoteFloor:
    """A `Floor` behind one or more servers, as the person or machine that `token` stands for."""

    def __init__(
        self,
        addresses: Sequence[str],
        token: str,
        pins: Collection[str] = (),
        clock: FloorClock | None = None,
    ) -> None:
        """`addresses` like https://host:port; `pins` of the servers' keys, none where an authority signed them.
        Nothing is sent before something is asked."""
        import httpx

        self.clock = clock or FloorClock()
        self.servers = Servers(addresses)
        self._token = token
        self._context = pinned_context(pins)
        self._followers: list[RemoteFollower] = []
        self._errors = httpx.HTTPError
        self._http = httpx.Client(
            verify=self._context,
            trust_env=False,
            timeout=httpx.Timeout(ANSWER_S, connect=CONNECT_S),
            limits=httpx.Limits(keepalive_expiry=8.0),  # shorter than a server keeps a line that says nothing
            headers={"Authorization": f"Bearer {token}", wire.WIRE_HEADER: str(wire.WIRE)},
        )
        self._closed = threading.Event()

    def as_actor(self, actor: str) -> RemoteFloor:
        """This floor: whoever asks is known by their token, and can't be anybody else."""
        return self

    def do(self, command: Command[R]) -> Receipt[R]:
        told = self._send("POST", "/api/do", wire.write_command(command))
        return _understood(lambda: wire.read_receipt(told, type(command)))

    def ask(self, question: Question[R]) -> R:
        patience = TRIAL_S if isinstance(question, DryRun) else ANSWER_S
        told = self._send("POST", "/api/ask", wire.write_question(question), patience)
        return _understood(lambda: wire.read_answer(told, type(question)))

    def me(self) -> str:
        """Whom the floor takes this desk for: a rep's id."""
        told = self._send("GET", "/api/me")
        return _understood(lambda: decode(told, wire.Me)).actor

    def my_rep(self) -> str:
        """The same, as a floor is asked."""
        return self.me()

    def use_token(self, token: str) -> None:
        """Show another token from now on; whoever follows does so anew, from where they are."""
        self._token = token
        self._http.headers["Authorization"] = f"Bearer {token}"
        for follower in self._followers:
            follower.use_token(token)

    def set_clock(self) -> None:
        """Take the floor's time anew; raises Unavailable."""
        for _ in range(3):
            self.clock.hear(self._time)

    def _time(self) -> datetime:
        told = self._send("GET", "/api/time")
        return _understood(lambda: decode(told, wire.Time)).at

    def reps(self) -> tuple[Rep, ...]:
        """The people of the floor."""
        batches: list[tuple[Rep, ...]] = []
        came = threading.Event()

        def tell(batch: object) -> None:
            batches.append(getattr(batch, "reps", None) or ())
            came.set()

        following = self.follow(None, tell)
        came.wait(ANSWER_S)
        following.stop()
        if not batches:
            raise NoAnswer("The floor's server does not answer.")
        return batches[0]

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> RemoteFollower:
        follower = RemoteFollower(
            self.servers, self._token, self._context, since, tell, linked, self._look_at_clock
        )
        self._followers = [other for other in self._followers if other.is_alive()] + [follower]
        follower.start()
        return follower

    def close(self) -> None:
        self._closed.set()
        for follower in self._followers:
            follower.stop()
        self._http.close()

    def _look_at_clock(self) -> None:
        try:
            self.set_clock()
        except AppError:
            _log.info("the floor's time could not be asked for")

    def _send(self, method: str, path: str, content: bytes = b"", patience: float = ANSWER_S) -> bytes:
        """Send a request until a server answers it; what it answered. Raises what the floor raised."""
        trouble: AppError = NoAnswer("The floor's server does not answer.")
        waits = (CONNECT_S, patience, ANSWER_S, ANSWER_S)  # to connect, read, write, and for a free line
        for attempt in range(ROUNDS * len(self.servers.addresses)):
            if attempt and attempt % len(self.servers.addresses) == 0:
                self._closed.wait(_PAUSE_S * (0.5 + _dice.random()))
            if self._closed.is_set():
                break
            server = self.servers.now
            try:
                response = self._http.request(method, server + path, content=content, timeout=waits)
            except (self._errors, OSError, RuntimeError) as error:
                trouble = trouble_of(error)
                _log.info("%s did not answer: %s", server, error)
                self.servers.leave(server)
                continue
            if response.status_code == 200:
                return response.content
            try:
                said = wire.read_error(response.content)
            except Malformed as error:
                trouble = Unavailable(f"What answers at {server} is no server of a floor.")
                trouble.__cause__ = error
                self.servers.leave(server)
                continue
            if not isinstance(said, Unavailable):
                raise said
            trouble = said
            self.servers.leave(server)
            if len(self.servers.addresses) == 1:
                break  # it is there and says that it can't: no use in saying it again
        raise trouble


def _understood(read: Callable[[], T]) -> T:
    try:
        return read()
    except Malformed as error:
        raise WrongVersion(
            "The floor's server says something that this Firstring does not understand."
        ) from error
