"""Channel: rows of a file. Opens tables of any kind, and reads one stored row again.

An inquiry that came from a file holds one row as JSON: the line it starts in, its filled cells by header,
and the targets of those columns that were not just kept as answers. So a row can be read again by itself,
years later, without the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.channels import _sniff, _workbook
from app.channels._reading import NotATable, Reading, TableRow, Wishes
from app.channels._text_table import TextRows
from app.channels._workbook import SheetRows
from app.codec import Malformed, decode, encode_text
from app.domain.inquiry import Draft, Inquiry, Unreadable
from app.domain.mapping import Mapping, Target
from app.domain.row_reading import RowReader

__all__ = [
    "NAME",
    "TITLE",
    "NotATable",
    "Reading",
    "Table",
    "TableRow",
    "Wishes",
    "open_table",
    "raw_of",
    "read",
]

NAME = "import"
TITLE = "File"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRow:
    """What an inquiry from a file holds."""

    line: int
    cells: dict[str, str]
    targets: dict[str, Target] = field(default_factory=dict)
    medium: str = ""
    """What was said of the whole file."""
    numbered: bool = False


def raw_of(line: int, mapping: Mapping, cells: Sequence[str]) -> str:
    """One row as it is stored."""
    filled = {header: cell for (header, _), cell in zip(mapping.columns, cells, strict=True) if cell}
    targets: dict[str, Target] = {
        header: target for header, target in mapping.columns if header in filled and target != Target.ANSWER
    }
    of_all = {"medium": mapping.medium, "numbered": mapping.numbered}
    said = {name: value for name, value in of_all.items() if value}
    return encode_text({"line": line, "cells": filled, "targets": targets, **said})


def read(inquiry: Inquiry) -> Draft:
    """The draft of a stored row; raises Unreadable."""
    try:
        row = decode(inquiry.raw, StoredRow)
    except Malformed as error:
        raise Unreadable("This is not a row of a file as Firstring stores it.") from error
    columns = tuple((header, row.targets.get(header, Target.ANSWER)) for header in row.cells)
    mapping = Mapping(columns=columns, medium=row.medium, numbered=row.numbered)
    try:
        return RowReader(mapping).draft(list(row.cells.values()), row.line)
    except Unreadable as error:
        raise Unreadable(f"Row of line {row.line}: {error.message}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file that can be read as a table: how, and what its first rows are."""

    path: Path
    reading: Reading
    first: tuple[TableRow, ...]
    """The first rows as they stand, blank ones left out."""
    expected: int
    """About how many rows there are; 0 where that isn't known before all is read."""

    def rows(self, stop: Callable[[], bool] = lambda: False) -> TextRows | SheetRows:
        """All rows, as a context to be iterated; see `TextRows`."""
        if self.reading.is_workbook:
            return SheetRows(self.path, self.reading, stop, self.expected)
        return TextRows(self.path, self.reading, stop)


def open_table(path: Path, wishes: Wishes | None = None, stop: Callable[[], bool] = lambda: False) -> Table:
    """Look at a file and say how it is to be read; raises NotATable with a sentence for a person."""
    wishes = wishes or Wishes()
    try:
        if path.is_dir():
            raise NotATable(f"{path.name} is a folder.")
        if _workbook.is_workbook(path):
            expected = _workbook.guard(path, stop)
            reading, first = _workbook.look(path, wishes)
        else:
            expected = 0
            reading, first = _sniff.sniff(path, wishes)
    except FileNotFoundError as error:
        raise NotATable(f"There is no file {path}.") from error
    except OSError as error:
        raise NotATable(f"{path} can't be opened: {error.strerror or error}.") from error
    return Table(path=path, reading=reading, first=tuple(first), expected=expected)
