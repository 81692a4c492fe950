"""A floor that is known from a first look while the rest of it is still to be opened.

Followers are told the look at once and then everything that happens after it; whoever needs more opens the floor, or
waits while another thread does. The program holds the lock of the floor's file from before the look, so nothing can
have changed between the look and the opening, and what a desk shows meanwhile is how the floor is.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from app.domain.commands import Command
from app.domain.errors import AppError
from app.domain.lead import Rep
from app.domain.questions import Question
from app.domain.sight import Viewer
from app.floor.floor import Batch, Following, Link, Linked, Receipt, Tell
from app.floor.sight import seen_batch

if TYPE_CHECKING:
    from app.floor.local import LocalFloor

R = TypeVar("R")


class Opening:
    """Opens a floor once, for whoever comes first."""

    def __init__(self, first: Batch, open_floor: Callable[[], LocalFloor]) -> None:
        self._first: Batch | None = first
        self._open_floor = open_floor
        self._floor: LocalFloor | None = None
        self._followers: list[_Follower] = []
        self._turn = threading.RLock()

    def floor(self) -> LocalFloor:
        """The floor, opened if it is not. Raises what opening it raises; the next who asks tries again."""
        with self._turn:
            if self._floor is None:
                try:
                    self._floor = self._open_floor()
                except AppError as error:
                    for follower in self._followers:
                        follower.hear(Link.AWAY, error.message)
                    raise
                followers, self._followers, self._first = self._followers, [], None
                for follower in followers:
                    follower.go_on(self._floor)
            return self._floor

    def look(self) -> Batch | None:
        """What was seen before the floor was opened; None from then on."""
        with self._turn:
            return self._first

    def follow(self, actor: str, tell: Tell, linked: Linked | None) -> Following | None:
        """Tell what this actor may see of the first look and, once the floor is open, what came after it; None if it
        is open already, or if only the floor can say who that is."""
        with self._turn:
            people = () if self._first is None else self._first.reps or ()
            me = next((rep for rep in people if rep.id == actor and rep.active), None)
            if self._first is None or me is None:
                return None
            follower = _Follower(self, actor, self._first.last, tell, linked)
            self._followers.append(follower)
            tell(seen_batch(self._first, Viewer(actor, me.role)))
            follower.hear(Link.LIVE, "")
            return follower

    def forget(self, follower: _Follower) -> Following | None:
        """Take a follower off the list; what it has become if the floor was opened meanwhile."""
        with self._turn:
            if follower in self._followers:
                self._followers.remove(follower)
            return follower.following


class OpeningFloor:
    """The `Floor` of one actor, before and after it is open."""

    def __init__(self, opening: Opening, actor: str) -> None:
        self._opening = opening
        self._actor = actor
        self._whole: LocalFloor | None = None
        self._turn = threading.Lock()

    def as_actor(self, actor: str) -> OpeningFloor:
        """The same floor in somebody else's name."""
        return OpeningFloor(self._opening, actor)

    def do(self, command: Command[R]) -> Receipt[R]:
        return self._opened().do(command)

    def ask(self, question: Question[R]) -> R:
        return self._opened().ask(question)

    def follow(self, since: int | None, tell: Tell, linked: Linked | None = None) -> Following:
        following = self._opening.follow(self._actor, tell, linked) if since is None else None
        return following or self._opened().follow(since, tell, linked)

    def reps(self) -> tuple[Rep, ...]:
        """The people of the floor."""
        look = self._opening.look()
        return self._opened().reps() if look is None else look.reps or ()

    def my_rep(self) -> None:
        """A file knows no logins."""

    def close(self) -> None:
        """Whoever opens the floor closes it; this ends only what it follows."""
        if self._whole is not None:
            self._whole.close()

    def _opened(self) -> LocalFloor:
        with self._turn:
            if self._whole is None:
                self._whole = self._opening.floor().as_actor(self._actor)
            return self._whole


class _Follower:
    """A subscription that has seen the first look and goes on with the floor."""

    def __init__(self, opening: Opening, actor: str, cursor: int, tell: Tell, linked: Linked | None) -> None:
        self._opening = opening
        self._actor = actor
        self._cursor = cursor
        self._tell = tell
        self._linked = linked
        self._link = Link.CATCHING_UP
        self.following: Following | None = None

    @property
    def link(self) -> Link:
        return self.following.link if self.following is not None else self._link

    def go_on(self, floor: LocalFloor) -> None:
        self.following = floor.as_actor(self._actor).follow(self._cursor, self._tell, self._linked)

    def hear(self, link: Link, why: str) -> None:
        if link != self._link:
            self._link = link
            if self._linked is not None:
                self._linked(link, why)

    def stop(self) -> None:
        following = self._opening.forget(self)
        if following is not None:
            following.stop()
