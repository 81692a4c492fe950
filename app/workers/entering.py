"""The way onto a floor that a server keeps. Loads nothing before it is gone: a desk on a file never does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.clock import SystemClock
from app.settings import is_served

if TYPE_CHECKING:
    from app.workers.seated import Seated

__all__ = ["join_floor"]


def join_floor(where: str, word: str, passphrase: str) -> Seated:
    """A floor behind a server, joined by a link, or by the server's address and the secret `word`; or one that was
    joined before, opened with this desk's passphrase. Raises AppError with a clear sentence."""
    from app.workers.seated import Seated, join

    if not is_served(where):
        where = join(where, word, passphrase, SystemClock().now())
    return Seated(where, passphrase)
