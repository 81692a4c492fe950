"""The cable between a desk and its floor, in the tester's hand: cut it, mend it, lose an answer on it."""

from __future__ import annotations

import threading
from typing import TypeVar

from app.domain.commands import Command
from app.domain.errors import Unavailable
from app.domain.questions import Question
from app.floor.floor import Batch, Floor, Following, Link, Linked, Receipt, Tell

R = TypeVar("R")


class Cable:
    """A `Floor` that is the inner one while the cable holds."""

    def __init__(self, inner: Floor) -> None:
        self._inner = inner
        self._lock = threading.RLock()
        self.is_cut = False
        self.feed_lags = False
        """Commands are answered, and the feed says nothing of them until the cable is mended."""
        self.lost_answers = 0
        """How many of the next answers are lost on the way, after the command was carried out."""
        self.lost_words = 0
        """How many of the next commands are lost on the way there."""
        self.carried: list[str] = []
        """The ids of the commands that reached the floor, as often as they did."""
        self._held: list[Batch] = []
        self._tell: Tell | None = None
        self._linked: Linked | None = None

    def do(self, command: Command[R]) -> Receipt[R]:
        if self.is_cut:
            raise Unavailable("The cable is cut.")
        if self.lost_words:
            self.lost_words -= 1
            raise Unavailable("The command was lost.")
        self.carried.append(command.id)
        receipt = self._inner.do(command)
        if self.lost_answers:
            self.lost_answers -= 1
            raise Unavailable("The answer was lost.")
        return receipt

    def ask(self, question: Question[R]) -> R:
        if self.is_cut:
            raise Unavailable("The cable is cut.")
        return self._inner.ask(question)

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> Following:
        self._tell, self._linked = tell, linked
        return self._inner.follow(since, self._pass, linked)

    def _pass(self, batch: Batch) -> None:
        with self._lock:
            if self.is_cut or self.feed_lags:
                self._held.append(batch)
            elif self._tell is not None:
                self._tell(batch)

    def cut(self) -> None:
        with self._lock:
            self.is_cut = True
        if self._linked is not None:
            self._linked(Link.AWAY, "The cable is cut.")

    def mend(self) -> None:
        with self._lock:
            self.is_cut = self.feed_lags = False
            held, self._held = self._held, []
            for batch in held:
                assert self._tell is not None
                self._tell(batch)
        if self._linked is not None:
            self._linked(Link.LIVE, "")

    def close(self) -> None:
        self._inner.close()
