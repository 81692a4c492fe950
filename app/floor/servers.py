"""The servers of one floor, and what it means when none of them answers."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from app.domain.errors import NoAnswer, Unavailable
from app.floor.pinned import NotTheServer


class NotYourServer(Unavailable):
    """Whoever answers holds another key than the floor's server."""

    def __init__(self) -> None:
        super().__init__(
            "Whatever answers at the server's address is not your floor's server. Nothing was sent to it. "
            "Ask whoever keeps the server for a new invitation.",
            "That is not your floor's server",
        )


class Servers:
    """The servers of one floor; all of a desk's lines go to the same one, and together to the next."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self.addresses = tuple(address.rstrip("/") for address in addresses)
        self._at = 0
        self._lock = threading.Lock()

    @property
    def now(self) -> str:
        """The server to use, like https://host:port."""
        return self.addresses[self._at]

    def leave(self, address: str) -> None:
        """It does not answer: go on at the next. Nothing, if somebody else has gone on already."""
        with self._lock:
            if address == self.now:
                self._at = (self._at + 1) % len(self.addresses)


def trouble_of(error: BaseException) -> Unavailable:
    """What a line's failure is to a person."""
    trouble: Unavailable = NoAnswer("The floor's server does not answer.")
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, NotTheServer):
            trouble = NotYourServer()
        seen = seen.__cause__ or seen.__context__
    trouble.__cause__ = error
    return trouble
