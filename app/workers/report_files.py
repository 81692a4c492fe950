"""A report as a file for a spreadsheet or another program: CSV, XLSX, JSON. Pictures and paper are made in `ui`.

Values stand as they are, not rounded for reading: spans in seconds, shares between 0 and 1, money in its unit with
cents behind the point. Beside a column that has them stand the ends of its 95 % interval and of how many it is. A
text that a spreadsheet would run as a formula is led by an apostrophe, which the import takes off again. A file takes
its place when it is whole, and only its owner may read it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from app.codec import pretty
from app.domain.errors import AppError
from app.domain.report import Cell, Column, Figure, Report, Table, Unit
from app.domain.report_periods import days_words
from app.domain.report_words import asked_words, has_intervals, has_numbers, heading
from app.workers.rejects import safe_cell

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as SheetCell

    Sheet = Any  # its types know nothing of widths

__all__ = ["as_csv", "as_json", "put", "raw", "safe_name", "table_csv", "write_xlsx"]

Raw = str | int | float | None
_FORMATS = {
    Unit.COUNT: "#,##0",
    Unit.SHARE: "0.0%",
    Unit.SPAN: "#,##0.0",
    Unit.MONEY: "#,##0.00",
    Unit.TIMES: '0.0"×"',
    Unit.SCORE: "0.0",
}
_LONGEST_TEXT = 32_000
"""Characters a cell of a workbook can hold, nearly."""


def as_json(report: Report) -> str:
    """The whole report, with every field of it; money in minor units."""
    return pretty(report) + "\n"


def as_csv(report: Report) -> str:
    """All that the report says, one table under the other, a blank line between them."""
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    for line in _about(report):
        rows.writerow([safe_cell(cell) for cell in line])
    if report.figures:
        rows.writerow([])
        rows.writerows(_written(_figure_rows(report)))
    for table in report.tables:
        rows.writerow([])
        rows.writerow([safe_cell(table.title)])
        rows.writerows(_written(table_rows(table)))
        rows.writerows([safe_cell(note)] for note in table.notes)
    return file.getvalue()


def table_csv(report: Report, table: Table) -> str:
    """One table alone: a head and rows, for another program."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(_written(table_rows(table)))
    return file.getvalue()


def raw(unit: Unit, value: float | int | str | None) -> Raw:
    """A value as it stands in a file: money in its unit, everything else as it is."""
    if unit is Unit.MONEY and isinstance(value, int | float):
        return value / 100
    return value


def table_rows(table: Table) -> Iterator[list[Raw]]:
    """The head, then the rows, with the columns for interval and number that they need."""
    plan = [
        (place, column, has_intervals(table, place), has_numbers(table, place))
        for place, column in enumerate(table.columns)
    ]
    head: list[Raw] = []
    for _place, column, intervals, numbers in plan:
        head += [heading(column), *_more_heads(column.title, intervals, numbers)]
    yield head
    for row in table.rows:
        line: list[Raw] = []
        for place, column, intervals, numbers in plan:
            line += _values(column.unit, row[place], intervals, numbers)
        yield line


def _more_heads(title: str, intervals: bool, numbers: bool) -> Sequence[Raw]:
    return [f"{title}, low", f"{title}, high"] * intervals + [f"{title}, n"] * numbers


def _values(unit: Unit, cell: Cell, intervals: bool, numbers: bool) -> list[Raw]:
    ends = [raw(unit, cell.low), raw(unit, cell.high)] * intervals
    return [raw(unit, cell.value), *ends, *([cell.n] * numbers)]


def _figure_rows(report: Report) -> Iterator[list[Raw]]:
    yield ["Figure", "Unit", "Value", "Low", "High", "n", "Was", "Note"]
    for figure in report.figures:
        yield _figure_row(figure)


def _figure_row(figure: Figure) -> list[Raw]:
    unit = heading(Column(key="", title="", unit=figure.unit)).strip(" ()")
    was = raw(figure.unit, figure.was.value) if figure.was is not None else None
    note = "; ".join(part for part in (figure.now.note, figure.note) if part)
    return [figure.title, unit, *_values(figure.unit, figure.now, True, True), was, note]


def _written(rows: Iterator[list[Raw]]) -> Iterator[list[str]]:
    for row in rows:
        yield [_cell(value) for value in row]


def _cell(value: Raw) -> str:
    if value is None:
        return ""
    return safe_cell(value) if isinstance(value, str) else repr(value)


def _about(report: Report) -> Iterator[list[str]]:
    """Of what and of when it is."""
    asked = report.asked
    yield ["Report", report.title]
    yield ["Leads captured", days_words(asked.since, asked.until, report.zone), report.zone]
    if asked.was_since is not None and asked.was_until is not None:
        yield ["Compared with", days_words(asked.was_since, asked.was_until, report.zone)]
    yield ["Of", asked_words(asked)]
    yield ["Put together by", asked.by.value]
    yield ["Made at (UTC)", f"{report.made_at:%Y-%m-%d %H:%M:%S}", f"event {report.head}"]
    yield from (["Note", note] for note in report.notes)


def write_xlsx(report: Report, file: IO[bytes]) -> None:
    """A workbook: a sheet with what it is of and the figures, and one for each table. Numbers are numbers."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    names: set[str] = set()
    sheet: Sheet = book.create_sheet(_sheet_name(report.title, names))
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 24
    for line in _about(report):
        sheet.append([_text(sheet, part) for part in line])
    if report.figures:
        sheet.append([])
        units = [None, *(figure.unit for figure in report.figures)]
        for unit, row in zip(units, _figure_rows(report), strict=True):
            formats = [None, None, *([unit] * 3), Unit.COUNT, unit, None]
            sheet.append([_number(sheet, value, kind) for value, kind in zip(row, formats, strict=True)])
    for table in report.tables:
        sheet = book.create_sheet(_sheet_name(table.title, names))
        sheet.freeze_panes = "B2"
        formats = list(_formats(table))
        for place in range(1, len(formats) + 1):
            sheet.column_dimensions[_letter(place)].width = 28 if place == 1 else 15
        for number, row in enumerate(table_rows(table)):
            kinds = formats if number else [None] * len(row)
            sheet.append([_number(sheet, value, kind) for value, kind in zip(row, kinds, strict=True)])
        for note in table.notes:
            sheet.append([_text(sheet, note)])
    book.save(file)


def _formats(table: Table) -> Iterator[Unit | None]:
    for place, column in enumerate(table.columns):
        yield column.unit
        if has_intervals(table, place):
            yield from (column.unit, column.unit)
        if has_numbers(table, place):
            yield Unit.COUNT


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    letter: str = get_column_letter(place)
    return letter


def _sheet_name(title: str, taken: set[str]) -> str:
    """A name that a workbook takes: 31 characters, none of seven, each once."""
    bare = "".join(" " if letter in "[]:*?/\\'" or not letter.isprintable() else letter for letter in title)
    bare = " ".join(bare.split())[:31] or "Table"
    name, number = bare, 2
    while name.casefold() in taken:
        name, number = f"{bare[:27]} {number}", number + 1
    taken.add(name.casefold())
    return name


def _text(sheet: Sheet, text: str) -> SheetCell:
    """A cell that is text whatever stands in it, and that no spreadsheet runs."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", safe_cell(text))[:_LONGEST_TEXT])
    cell.data_type = "s"
    return cell


def _number(sheet: Sheet, value: Raw, unit: Unit | None) -> SheetCell | None:
    from openpyxl.cell import WriteOnlyCell

    if value is None:
        return None
    if isinstance(value, str):
        return _text(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    if unit in _FORMATS:
        cell.number_format = _FORMATS[unit]
    return cell


def safe_name(report: Report, ending: str, table: Table | None = None) -> str:
    """What its file is called unless somebody says otherwise: "report-sources-2026-11-16.csv"."""
    parts: Sequence[str] = ("report", report.name, *([table.key] if table is not None else []))
    bare = "-".join("".join(c for c in part if c.isalnum() or c in "-_") for part in parts)
    return f"{bare}-{report.made_at:%Y-%m-%d}.{ending}"


def put(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Have a file written beside its place and put it there; raises AppError where that can't be done."""
    beside = path.with_name(path.name + ".part")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise AppError("Not exported", f"{path.name} can't be written: {error.strerror or error}.") from error
    finally:
        beside.unlink(missing_ok=True)
