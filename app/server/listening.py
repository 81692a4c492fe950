"""A desk as the server's feed knows it: its line, who is behind it, and how far it was told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

from app.domain.errors import AppError
from app.domain.sight import Viewer
from app.server.frames import Pieces


class Desk:
    """One desk's end of the feed. `say` is called on the loop."""

    __slots__ = (
        "actor", "catching_up", "cursor", "dismissed", "drained", "live", "mark", "stale", "token", "told_away",
        "transport", "viewer",
    )  # fmt: skip

    def __init__(
        self,
        transport: asyncio.Transport,
        drained: Callable[[], Coroutine[None, None, None]],
        *,
        token: str,
        actor: str,
        since: int | None,
        mark: str = "",
    ) -> None:
        self.transport = transport
        self.drained = drained
        self.token = token
        self.actor = actor
        self.viewer: Viewer | None = None
        """Who looks, as found out when it was last served by itself."""
        self.cursor = since
        """Number of the last event it was told."""
        self.mark = mark
        """Hash of that event, where it is known."""
        self.live = False
        self.stale = True
        """Whether it has to be seen anew who this is."""
        self.told_away = False
        self.dismissed: asyncio.Future[AppError] = asyncio.get_running_loop().create_future()
        """Done when the server has to end this, with what it says then."""
        self.catching_up: asyncio.Task[None] | None = None

    def say(self, pieces: Pieces) -> None:
        """Write a message, short enough to be written at once."""
        for piece in pieces:
            if not self.transport.is_closing():
                self.transport.write(piece)

    @property
    def waiting(self) -> int:
        """Bytes that its line has not taken yet."""
        return 0 if self.transport.is_closing() else self.transport.get_write_buffer_size()
