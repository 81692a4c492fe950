"""Rows of a text table (CSV and its kin), one after the other, however long the file.

Only one row is held at a time. The standard library's reader does the splitting, in its strict mode, fed
line by line by us, so that each row knows the line it starts in and one stray quote mark costs one row and
not the rest of the file: when a row goes wrong its first line is set aside and reading goes on with the
next.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.channels._reading import MAX_CELL, MAX_LINE, NotATable, Reading, TableRow, fitted

_NOT_CLOSED = "a quote mark opened in this row is not closed"
_ODD_QUOTES = "the quote marks in this row don't add up"
_BIG_CELL = "a cell holds more than 1 MB of text"
_LONG_LINE = "the line is longer than 4 MB"
_STOP_EVERY = 2048

ERRORS = "firstring-bytes"
"""The name of our error handler for bytes that are wrong in a file's encoding."""


def _wrong_bytes(error: UnicodeError) -> tuple[str, int]:
    """A UTF-8 file with a few bytes of an older encoding in it is read as meant; elsewhere a mark is left."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    if error.encoding in ("utf-8", "charmap"):
        return "".join(_western(byte) for byte in bad), error.end
    return "\ufffd", error.end


def _western(byte: int) -> str:
    try:
        return bytes((byte,)).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


codecs.register_error(ERRORS, _wrong_bytes)


class _TooLong(Exception):
    """A line beyond the limit; only its beginning was kept."""


class Hashed(io.RawIOBase):
    """A file that counts and digests what is read from it."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115 (closed by close)
        self.digest = hashlib.sha256()
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        got = self._file.readinto(buffer)
        self.digest.update(memoryview(buffer)[:got])
        self.count += got
        return got

    def close(self) -> None:
        self._file.close()
        super().close()


class _Feed:
    """Hands lines to the reader and remembers those of the row that is being read."""

    __slots__ = ("_again", "_lines", "taken")

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        if len(line) >= MAX_LINE:
            raise _TooLong
        return line

    def give_back(self) -> str:
        """Keep only the first line of the row as read; the others are read again."""
        first, *rest = self.taken
        self._again.extendleft(reversed(rest))
        self.taken = [first]
        return first


def lines_of(text: io.TextIOBase) -> Iterator[str]:
    """Lines with their ends, whichever they are; of one beyond the limit only its first part."""
    while line := text.readline(MAX_LINE):
        if len(line) == MAX_LINE and line[-1] not in "\r\n":
            while (more := text.readline(MAX_LINE)) and more[-1] not in "\r\n":
                pass
        yield line.replace("\0", "") if "\0" in line else line


def rules(delimiter: str, quote: str, escape: str) -> dict[str, Any]:
    """The csv module's words for a dialect."""
    return {
        "delimiter": delimiter,
        "quotechar": quote or None,
        "quoting": csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        "escapechar": escape or None,
        "doublequote": not escape,
        "strict": True,
    }


def records(
    lines: Iterator[str], delimiter: str, quote: str, escape: str, width: int = 0
) -> Iterator[TableRow]:
    """Every row of the lines. With `width`, a row of one cell that holds a whole row is opened up, and one
    whose quote marks don't add up is mended where that gives exactly that many cells."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_CELL))
    dialect = rules(delimiter, quote, escape)
    feed = _Feed(lines)
    reader = csv.reader(feed, **dialect)
    line = 1
    while True:
        feed.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as error:
            yield _broken(error, line, feed, delimiter, quote, width)
            reader = csv.reader(feed, **dialect)
        else:
            if len(cells) == 1 and width > 1 and (inner := _unwrapped(cells[0], dialect, width)):
                yield TableRow(line, inner, "", True)
            else:
                yield TableRow(line, cells)
        line += len(feed.taken)


def _broken(error: Exception, line: int, feed: _Feed, delimiter: str, quote: str, width: int) -> TableRow:
    """A row that the reader could not take: only its first line is spent on it."""
    was_many = len(feed.taken) > 1
    first = feed.give_back()
    if len(first) >= MAX_LINE:
        return TableRow(line, [first[:200]], _LONG_LINE)
    if width > 1 and (cells := _mended(first, delimiter, quote, width)):
        return TableRow(line, cells, "", True)
    if "field larger" in str(error) and not was_many:
        why = _BIG_CELL
    else:
        why = _NOT_CLOSED if was_many or "unexpected end" in str(error) else _ODD_QUOTES
    return TableRow(line, first.rstrip("\r\n")[:MAX_CELL].split(delimiter), why)


def _unwrapped(cell: str, dialect: dict[str, Any], width: int) -> list[str]:
    """The cells of a row that was quoted a second time as a whole; empty if it wasn't."""
    if dialect["delimiter"] not in cell:
        return []
    try:
        rows = list(csv.reader(io.StringIO(cell, newline=""), **dialect))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 and len(rows[0]) == width else []


@lru_cache(maxsize=8)
def _cell_pattern(delimiter: str, quote: str) -> re.Pattern[str]:
    d, q = re.escape(delimiter), re.escape(quote)
    return re.compile(rf"{q}((?:[^{q}]|{q}(?!\s*(?:{d}|$)))*){q}\s*(?={d}|$)|([^{d}]*)")


def _mended(line: str, delimiter: str, quote: str, width: int) -> list[str]:
    """The cells of a line where a quote mark ends a cell only before a separator; empty unless as many as
    wanted."""
    if not quote or len(line) > MAX_CELL:
        return []
    text, at = line.rstrip("\r\n"), 0
    cells: list[str] = []
    pattern = _cell_pattern(delimiter, quote)
    while len(cells) <= width and (found := pattern.match(text, at)):
        inner = found[1]
        if inner is None and found[2].count(quote) % 2:
            return []  # half a pair: the cell may go on in the next line
        cells.append(found[2] if inner is None else inner.replace(quote * 2, quote))
        at = found.end() + 1
        if at > len(text):
            return cells if len(cells) == width else []
    return []


class TextRows:
    """The rows of a text file by a `Reading`: good ones, and bad ones with the reason; blank ones are
    counted.

    Use it as a context. `share` is how much of the file has been read, `sha256` its digest once all of it
    was. `stop` is asked now and then; when it says so, iteration ends early.
    """

    def __init__(self, path: Path, reading: Reading, stop: Callable[[], bool] = lambda: False) -> None:
        self.blank = 0
        self._reading = reading
        self._stop = stop
        self._size = max(1, path.stat().st_size)
        self._raw = Hashed(path)
        self._text = io.TextIOWrapper(
            io.BufferedReader(self._raw, 1 << 18), encoding=reading.encoding, errors=ERRORS, newline=""
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        self._text.close()

    @property
    def share(self) -> float:
        return min(1.0, self._raw.count / self._size)

    @property
    def sha256(self) -> str:
        return self._raw.digest.hexdigest()

    def _stoppable(self) -> Iterator[str]:
        for number, line in enumerate(lines_of(self._text)):
            if number % _STOP_EVERY == 0 and self._stop():
                return
            yield line

    def __iter__(self) -> Iterator[TableRow]:
        reading = self._reading
        width, first = reading.width, reading.first_line
        header = reading.header_cells[0] if reading.header_cells else None
        dialect = (reading.delimiter, reading.quote, reading.escape)
        try:
            for row in records(self._stoppable(), *dialect, width):
                if row.line < first:
                    continue
                start = row.cells[0] if len(row.cells) == width and not row.why else ""
                if start and start != header and not start.isspace():
                    yield row  # nearly all rows; the others are looked at closely
                elif whole := fitted(row, reading):
                    yield whole
                else:
                    self.blank += 1
        except UnicodeError as error:
            raise NotATable(f"The file is not written in {reading.encoding}.") from error
