"""What was found out about a table before it is read, and the rules every row of it must keep.

A `Reading` says how a file is to be read: encoding, separator, where its header stands, how wide a row is.
It is found by looking (`_sniff.py`, `_workbook.py`) and may be overruled by `Wishes`. `fitted` holds each
row against it: a row that is too long, too short or broken is not guessed at but refused by name, with the
line it starts in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from app.domain import tidy
from app.domain.errors import AppError
from app.domain.guessing import is_address, is_number
from app.domain.header_words import spelled

MAX_CELL: Final = 1 << 20
"""Characters in one cell."""
MAX_LINE: Final = 4 << 20
"""Characters in one line of a text file."""
MAX_COLUMNS: Final = 1000
MAX_ROWS: Final = 5_000_000

_LABEL: Final = 120
_LOOK_FOR_HEADER: Final = 30


class NotATable(AppError):
    """The file as a whole can't be read; the message says why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__("This file could not be read", message)


class TableRow(NamedTuple):
    """One row. `why` is empty for a good row, which is as wide as the header; else it says what is wrong."""

    line: int
    """Where the row starts: the line of a text file, the row of a sheet, from 1."""
    cells: list[str]
    why: str = ""
    mended: bool = False
    """It was quoted twice, or its quote marks did not add up, and it was read as it was meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person says about a file; each empty one is found by looking."""

    encoding: str = ""
    delimiter: str = ""
    header: bool | None = None
    sheet: str = ""
    pad_short: bool | None = None
    """Whether a row that ends before the header does has blank cells there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    headers: tuple[str, ...]
    """The columns' names, each once; "Column 3" where the file has none."""
    has_header: bool
    header_cells: tuple[str, ...] = ()
    """The header as it stands in the file."""
    first_line: int
    """The line where the data starts."""
    skipped: tuple[int, ...] = ()
    """Lines above the header that hold something else, a title or a date."""
    pad_short: bool = False
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    escape: str = ""
    sheet: str = ""
    """The sheet of a workbook; empty for a text file."""
    sheets: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.headers)

    @property
    def named(self) -> int:
        """How far the named columns go: cells missing after them are missing nothing."""
        return max((at for at, cell in enumerate(self.header_cells, 1) if cell.strip()), default=self.width)

    @property
    def is_workbook(self) -> bool:
        return bool(self.sheets)

    @property
    def described(self) -> str:
        """How the file is read, in a few words."""
        if self.is_workbook:
            kind = f"Workbook, sheet “{self.sheet}”"
        else:
            separated = _SEPARATED.get(self.delimiter, "One column")
            kind = f"{separated}, {_ENCODINGS.get(self.encoding, self.encoding)}"
        return kind + ("" if self.has_header else ", no header")


_SEPARATED = {
    ",": "Comma-separated",
    ";": "Semicolon-separated",
    "\t": "Tab-separated",
    "|": "Pipe-separated",
}
_ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with mark",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 little-endian",
    "utf-16-be": "UTF-16 big-endian",
    "utf-32": "UTF-32",
    "cp1252": "Western (Windows-1252)",
}


def labels(cells: Sequence[str]) -> tuple[str, ...]:
    """Names for columns: one line each, never empty, never twice."""
    taken: dict[str, int] = {}
    result: list[str] = []
    for number, cell in enumerate(cells, 1):
        text = tidy.line(cell)[:_LABEL].strip() or f"Column {number}"
        name = text
        while name.casefold() in taken:
            taken[text.casefold()] += 1
            name = f"{text} ({taken[text.casefold()]})"
        taken[name.casefold()] = 1
        result.append(name)
    return tuple(result)


def filled(cells: Sequence[str]) -> int:
    """How many cells hold more than space."""
    return sum(bool(cell) and not cell.isspace() for cell in cells)


def find_header(rows: Sequence[TableRow], wish: bool | None) -> tuple[int | None, int]:
    """Indexes into the first rows of a table (blank ones left out): of its header, None where it has none,
    and of its first row of data. Raises NotATable where there is no row at all."""
    if not rows:
        raise NotATable("There is nothing in this file.")
    usual = sorted(len(row.cells) for row in rows)[len(rows) // 2]
    start = 0
    if usual > 1:
        # A title, a date, a "sep=;" stand above many exports: rows that fill no more than half of the usual
        # width.
        for index, row in enumerate(rows[:_LOOK_FOR_HEADER]):
            if filled(row.cells) * 2 > usual:
                start = index
                break
    if wish if wish is not None else _is_header(rows[start].cells):
        return start, start + 1
    return None, start


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a first row names columns: it has a word known for one, or nothing that can only be data."""
    if any(spelled(cell) for cell in cells):
        return True
    return not any(is_address(text) or is_number(text) or _is_value(text) for text in map(str.strip, cells))


def _is_value(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?\d+([.,:/ -]\d+)*%?|https?://\S+", text))


def fitted(row: TableRow, reading: Reading) -> TableRow | None:
    """The row as wide as the header, or with the reason why it can't be; None for a blank row."""
    line, cells, why, mended = row
    if why:
        return row
    width, got = len(reading.headers), len(cells)
    if not any(cells) or not filled(cells):
        return None
    if got == width:
        if tuple(cells) == reading.header_cells:
            return TableRow(line, cells, "it is the header once more")
        return row
    if got > width:
        if not filled(cells[width:]):
            return TableRow(line, cells[:width], "", mended)
        return TableRow(line, cells, f"it has {got} cells, the header has {width}")
    if reading.pad_short or got >= reading.named:
        return TableRow(line, cells + [""] * (width - got), "", mended)
    return TableRow(line, cells, f"it has {_cells(got)}, the header has {width}")


def _cells(count: int) -> str:
    return "only 1 cell" if count == 1 else f"only {count} cells"
