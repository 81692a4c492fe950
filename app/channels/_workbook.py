"""Rows of a workbook's sheet (.xlsx, whatever the file is called), read as a stream.

A workbook is an archive of XML, so it can be far larger inside than it looks. Before anything is parsed
every part is unpacked once, in pieces, against limits (parts, bytes, ratio, one run of text, document
types), without trusting the sizes it states. Then openpyxl reads it row by row; rows and columns have
limits too. What a cell shows is turned into the text that a CSV of the same table would hold.
"""

from __future__ import annotations

import hashlib
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.channels._reading import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    NotATable,
    Reading,
    TableRow,
    Wishes,
    filled,
    find_header,
    fitted,
    labels,
)

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_PARTS = 2000
_TOTAL = 1 << 30
_SHARED = 128 << 20
"""Of all parts but the sheets, which are the ones that are kept in memory."""
_RATIO = 150
_RATIO_FROM = 16 << 20
_RUN = 4 << 20
"""Bytes between two tags."""
_PIECE = 1 << 16
_ROWS = 400
_MANY = 250


def is_workbook(path: Path) -> bool:
    """Whether a file is an archive, as workbooks are; its name says nothing."""
    with open(path, "rb") as file:
        return file.read(4) == b"PK\x03\x04"


def guard(path: Path, stop: Callable[[], bool] = lambda: False) -> int:
    """Unpack every part in pieces and throw it away; returns about how many rows the sheets hold.

    Raises NotATable for what is no workbook and for one that is larger than any honest one.
    """
    packed = max(1, path.stat().st_size)
    total = shared = rows = 0
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS:
                raise NotATable(f"This workbook has {len(parts)} parts; that is more than any real one.")
            if not any(part.filename == "[Content_Types].xml" for part in parts):
                raise NotATable("This is not a table but an archive; unpack it first.")
            for part in parts:
                if part.flag_bits & 1:
                    raise NotATable("This workbook is locked with a password; save it without one.")
                is_sheet = "/worksheets/" in part.filename
                run, tail = 0, b""
                with archive.open(part) as stream:
                    while piece := stream.read(_PIECE):
                        if stop():
                            return rows
                        total += len(piece)
                        shared += 0 if is_sheet else len(piece)
                        if (
                            total > _TOTAL
                            or shared > _SHARED
                            or (total > _RATIO_FROM and total > _RATIO * packed)
                        ):
                            raise NotATable(
                                "This workbook unpacks to far more than it looks; it is not read."
                            )
                        if part.filename.endswith((".xml", ".rels")):
                            run = _checked(piece, run, tail)
                            tail = piece[-32:]
                            rows += piece.count(b"<row") if is_sheet else 0
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise NotATable("This workbook is damaged: its archive can't be unpacked.") from error
    return rows


def _checked(piece: bytes, run: int, tail: bytes) -> int:
    """The bytes since the last tag at the end of a piece of XML; `tail` is the end of the piece before."""
    plain = (tail + piece).replace(b"\0", b"") if b"\0" in piece else tail + piece  # XML may also be UTF-16
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise NotATable("This workbook holds a document type, as no real one does; it is not read.")
    last = piece.rfind(b"<")
    run = run + len(piece) if last < 0 else len(piece) - last
    if run > _RUN:
        raise NotATable("A cell of this workbook holds more than 4 MB of text.")
    return run


def look(path: Path, wishes: Wishes) -> tuple[Reading, list[TableRow]]:
    """How to read a workbook that has passed `guard`, and its first rows as they stand; raises NotATable."""
    with _opened(path) as book:
        names = tuple(sheet.title for sheet in book.worksheets)
        if wishes.sheet and wishes.sheet not in names:
            raise NotATable(f"There is no sheet “{wishes.sheet}”; there are: {', '.join(names)}.")
        for name in (wishes.sheet,) if wishes.sheet else names:
            rows = [row for row in islice(_rows(book, name), _ROWS) if filled(row.cells)]
            if rows:
                break
        else:
            raise NotATable("There is nothing in this workbook.")
    header, data = find_header(rows, wishes.header)
    if header is not None:
        cells = rows[header].cells
        while cells and not cells[-1].strip():
            cells = cells[:-1]
    else:
        cells = []
    width = len(cells) or max(len(row.cells) for row in rows)
    first_line = rows[data].line if header is None else rows[header].line + 1
    reading = Reading(
        headers=labels(cells or [""] * width),
        has_header=header is not None,
        header_cells=tuple(cells),
        first_line=first_line,
        skipped=tuple(row.line for row in rows[: data if header is None else header]),
        pad_short=True,  # a sheet's row ends with its last written cell
        sheet=name,
        sheets=names,
    )
    return reading, rows[data:]


class _opened:
    """An open workbook, as a context; what openpyxl can't read is named."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Workbook:
        import openpyxl

        self._file = open(self._path, "rb")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions, which are of no interest here
                self._book = openpyxl.load_workbook(self._file, read_only=True, data_only=True)
        except MemoryError:  # the process that reads may have no more
            self._file.close()
            raise
        except Exception as error:  # openpyxl lets out whatever it ran into
            self._file.close()
            raise NotATable("This workbook is damaged: it can't be read.") from error
        return self._book

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        self._book.close()
        self._file.close()


def _rows(book: Workbook, name: str) -> Iterator[TableRow]:
    """Every row of a sheet; raises NotATable."""
    sheet = book[name]
    sheet.reset_dimensions()  # what a sheet states of its size need not be so
    values = sheet.iter_rows(values_only=True)
    number = 0
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                some = list(islice(values, _MANY))
        except MemoryError:
            raise
        except Exception as error:
            raise NotATable(f"This workbook is damaged after row {number}.") from error
        if not some:
            return
        for row in some:
            number += 1
            if number > MAX_ROWS or len(row) > MAX_COLUMNS:
                raise NotATable(f"Row {number} of this workbook lies beyond what can be read.")
            yield TableRow(number, [text_of(value) for value in row])


def text_of(value: object) -> str:
    """What a CSV would hold for a cell's value."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "")[:MAX_CELL]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


class SheetRows:
    """The rows of a sheet by a `Reading`, like `TextRows`. `rows` is about how many there are."""

    def __init__(
        self, path: Path, reading: Reading, stop: Callable[[], bool] = lambda: False, rows: int = 0
    ) -> None:
        self.blank = 0
        self._path = path
        self._reading = reading
        self._stop = stop
        self._expected = max(1, rows)
        self._done = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        pass

    @property
    def share(self) -> float:
        return min(1.0, self._done / self._expected)

    @property
    def sha256(self) -> str:
        with open(self._path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def __iter__(self) -> Iterator[TableRow]:
        reading = self._reading
        with _opened(self._path) as book:
            for row in _rows(book, reading.sheet):
                self._done = row.line
                if row.line % _MANY == 0 and self._stop():
                    return
                if row.line < reading.first_line:
                    continue
                if whole := fitted(row, reading):
                    yield whole
                else:
                    self.blank += 1
