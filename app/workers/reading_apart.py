"""The desk's end of a file that another process reads (`file_reading`): its rows, as they come.

A reader that is ended by the system, for its size or the time it took, or by anybody else, is one sentence for
whoever wanted the file. A cancel ends it at once, whatever it is at.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from app.channels.table import NotATable, Reading, TableRow
from app.codec import Malformed, decode, encode
from app.domain.errors import AppError
from app.program import own_words, quietly, receive
from app.workers.file_reading import WORD, Order, Part

_log = logging.getLogger(__name__)
ENDED = "The program that reads files was ended before it was done; nothing was imported."
TOO_LONG = "To read this file takes longer than a reader of files may take; it is not read."


class Cancelled(AppError):
    """A person stopped the import; nothing of it is left."""

    def __init__(self) -> None:
        super().__init__("Cancelled", "The import was cancelled; nothing was imported.")


class ReadApart:
    """The rows of one file, as a context to be iterated once. Raises NotATable, and Cancelled once `stop` is set."""

    def __init__(self, order: Order, stop: threading.Event) -> None:
        self.share = 0.0
        self.blank = 0
        self.sha256 = ""
        """The file's digest; known when all rows have come."""
        self.expected = order.expected
        self.reading: Reading
        self._order = order
        self._stop = stop
        self._over = threading.Event()

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this program's own interpreter and words
                [*own_words(), WORD],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                **quietly(),
            )
        except OSError as error:
            raise NotATable(f"The program that reads files did not start: {error.strerror}.") from error
        self._watcher = threading.Thread(target=self._watch, name="import-reader", daemon=True)
        self._watcher.start()
        try:
            self._give(encode(self._order))
            if self._order.reading is None:
                first = self._part()
                assert first.reading is not None
                self.reading, self.expected = first.reading, first.expected
            else:
                self.reading = self._order.reading
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        self._over.set()
        self._watcher.join()
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def __iter__(self) -> Iterator[TableRow]:
        while not self.sha256:
            part = self._part()
            self.share, self.blank, self.sha256 = part.share, part.blank, part.sha256
            yield from part.rows

    def _watch(self) -> None:
        while not self._over.is_set():
            if self._stop.wait(0.05):
                self._process.kill()
                return

    def _give(self, order: bytes) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        with suppress(BrokenPipeError), pipe:  # how it ended is said where its answer should have been
            pipe.write(order)

    def _part(self) -> Part:
        """The next part; how it is with the reader where there is none."""
        pipe = self._process.stdout
        assert pipe is not None
        text = receive(pipe)
        if self._stop.is_set():
            raise Cancelled
        if not text:
            raise NotATable(self._why_ended())
        try:
            part = decode(text, Part)
        except Malformed as error:
            raise NotATable(ENDED) from error
        if part.mistake:
            _log.error("a file could not be read:\n%s", part.mistake)
            raise NotATable(
                "Firstring made a mistake with this file and could not read it; the log says where."
            )
        if part.trouble:
            raise NotATable(part.trouble)
        return part

    def _why_ended(self) -> str:
        self._process.kill()
        code = self._process.wait()
        _log.warning("the reader of a file ended with %s", code)
        return TOO_LONG if sys.platform != "win32" and code == -signal.SIGXCPU else ENDED
