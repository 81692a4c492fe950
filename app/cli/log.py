"""The program's log: what happens is written there, not on the terminal.

Of a mistake it says where in the program, and the kind of the error, but not the error's words: they may be a
person's. Libraries are believed their first line only, since some of them put whole objects below it.
"""

from __future__ import annotations

import copy
import logging
import os
import sys
import threading
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from traceback import format_tb
from types import TracebackType

from app import settings as profile

LOG_BYTES = 1_000_000
"""A log that has grown beyond this is put aside when it is next opened, as `.old`."""
MOST_CAUSES = 10
"""Errors that led to an error, of which is said where."""


class _Discreet(logging.Formatter):
    """Lines of the log, with nothing of what people wrote."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        ours = copy.copy(record)
        ours.exc_text = None  # another handler's, with the error's words
        if ours.name.partition(".")[0] != "app":
            ours.msg, ours.args = ours.getMessage().partition("\n")[0], None
        return super().format(ours)

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        said: list[str] = []
        error = ei[1]
        while error is not None and len(said) < MOST_CAUSES:
            kind = type(error)
            where = "".join(format_tb(error.__traceback__))
            said.insert(
                0, f"Traceback (most recent call last):\n{where}{kind.__module__}.{kind.__qualname__}"
            )
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nwhich led to\n".join(said)


class LogFile(logging.FileHandler):
    """The program's log. It is made with its first line; one that can't be written costs no work."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self.setFormatter(_Discreet())

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".old"))
        return super()._open()

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk is told where it matters."""


def keep_log(path: Path | None) -> None:
    """Write what happens into a log, not on the terminal; `None` keeps none, as a practice floor does."""
    handler = LogFile(path) if path is not None else logging.NullHandler()
    logging.getLogger().addHandler(handler)
    logging.getLogger("app").setLevel(logging.INFO)
    where = f"; {path} says where" if path is not None else ""

    def tell(error: BaseException | None) -> None:
        logging.getLogger(__name__).critical("a mistake of this program's own", exc_info=error)
        print(f"firstring: Firstring made a mistake{where}.", file=sys.stderr)  # noqa: T201

    sys.excepthook = lambda _kind, error, _trace: tell(error)
    threading.excepthook = lambda failed: tell(failed.exc_value)


def log_place(is_kept: bool) -> Path | None:
    """Where the log is written: FIRSTRING_LOG, else in the data folder if one is kept at all."""
    told = os.environ.get("FIRSTRING_LOG")
    if told:
        return Path(told).expanduser()
    return profile.home() / "firstring.log" if is_kept else None
