"""What a file looks like before it is imported, and the sentences that say what is odd about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from app.channels.table import Reading, TableRow
from app.domain import amounts, dates
from app.domain.amounts import Mark
from app.domain.columns_seen import Seen
from app.domain.dates import Order
from app.domain.inquiry import Unreadable
from app.domain.mapping import DATES, Mapping, Target
from app.domain.past import ImportKind, Result
from app.domain.questions import Before
from app.domain.row_reading import RowReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file looks like and what would become of it."""

    path: Path
    reading: Reading
    expected: int
    """About how many rows a workbook holds in all its sheets; 0 for any other file."""
    sha256: str
    mapping: Mapping
    """The guess."""
    kind: ImportKind = ImportKind.LEADS
    columns: tuple[Seen, ...] = ()
    """What the whole columns say."""
    rows: int
    """Good rows; about so many where `is_exact` is False (a workbook is not read to its end beforehand)."""
    refused: int
    """Rows that can't be read, whatever the columns mean."""
    is_exact: bool
    mended: int
    blank: int
    sample: tuple[tuple[str, ...], ...]
    """The first good rows."""
    lines: tuple[int, ...] = ()
    """At which lines of the file these start."""
    refusals: tuple[TableRow, ...]
    """The first refused ones."""
    before: Before
    problems: tuple[str, ...]
    """Sentences on what is odd about the file."""

    def samples(self, column: int, most: int = 3) -> tuple[str, ...]:
        """A few different filled cells of a column, in their order."""
        found = dict.fromkeys(row[column].strip() for row in self.sample if row[column].strip())
        return tuple(found)[:most]

    def unnamed(self, mapping: Mapping) -> int:
        """How many rows of the sample would be refused because they name nobody."""
        if self.kind is not ImportKind.LEADS:
            return 0
        reader, count = RowReader(mapping), 0
        for line, row in zip(self.lines, self.sample, strict=True):
            try:
                reader.draft(row, line)
            except Unreadable:
                count += 1
        return count


def said_before(before: Before) -> str:
    """When the same file came in, in a sentence; empty if it never did."""
    if before.at is None:
        return ""
    when = f"{before.at:%Y-%m-%d %H:%M} UTC"
    what = f"{before.told:,} rows" if before.told else f"{before.leads:,} leads"
    return f"This file was imported before: “{before.file}” on {when}, {what}."


def reads_as(preview: Preview, mapping: Mapping) -> tuple[str, ...]:
    """How the columns of dates, sums and results are read, each in a line with an example."""
    orders, marks, values = dict(mapping.dates), dict(mapping.marks), dict(mapping.values)
    zone = ZoneInfo(mapping.zone or preview.before.zone)
    lines: list[str] = []
    for index, (header, target) in enumerate(mapping.columns):
        examples = preview.samples(index, 1)
        if not examples:
            continue
        text = examples[0]
        if target in DATES and orders.get(header) is not Order.UNTOLD:
            order = orders.get(header, Order.PLAIN)
            way = f", {order.value}" if order is not Order.PLAIN else ""
            with suppress(dates.NotADate):
                at = dates.written(text, order)
                said = f"{at.at:%Y-%m-%d %H:%M}" if at.has_time else f"{at.at:%Y-%m-%d}"
                lines.append(
                    f"{header}{way}: “{text}” is {said}" + ("" if at.at.tzinfo else f" in {zone.key}")
                )
        elif target is Target.AMOUNT:
            with suppress(amounts.NotANumber):
                cents = amounts.cents(text, marks.get(header, Mark.POINT))
                lines.append(f"{header}: “{text}” is {cents / 100:,.2f}")
        elif target is Target.RESULT:
            by_result: dict[Result, list[str]] = {}
            for word, result in values.get(header, ()):
                by_result.setdefault(result, []).append(word)
            named = "; ".join(
                f"{result.value}: {', '.join(by_result[result])}" for result in Result if result in by_result
            )
            lines.append(f"{header}: {named}")
    return tuple(lines)


def said_day(at: date) -> str:
    """A day that can be read one way only."""
    return f"{at.day} {at:%B %Y}"


def untold_column(preview: Preview, mapping: Mapping) -> tuple[str, Seen]:
    """The first column of dates that can't be told, with what was seen of it; there is one."""
    header = mapping.untold[0]
    return header, preview.columns[[name for name, _ in mapping.columns].index(header)]


def untold_said(preview: Preview, mapping: Mapping) -> str:
    """Which columns of dates can't be told, with what one of their cells may mean, in a sentence."""
    header, column = untold_column(preview, mapping)
    both = [said_day(dates.written(column.open, order).at) for order in (Order.DAY_FIRST, Order.MONTH_FIRST)]
    return (
        f"“{header}” writes its dates so that day and month can't be told apart: “{column.open}” may be {both[0]} or "
        f"{both[1]}. Say --dates day-first or --dates month-first."
    )


def problems_of(reading: Reading, refused: int, mended: int, refusals: list[TableRow]) -> Iterator[str]:
    if not reading.has_header:
        yield "The first row looks like a person, not like a header; the columns are numbered."
    if len(reading.skipped) == 1:
        yield f"Line {reading.skipped[0]} above the table is left out."
    elif reading.skipped:
        yield f"{len(reading.skipped)} lines above the table are left out."
    if len(reading.sheets) > 1:
        others = ", ".join(f"“{name}”" for name in reading.sheets if name != reading.sheet)
        yield f"Only the sheet “{reading.sheet}” is read, not {others}."
    if mended:
        rows = "1 row was" if mended == 1 else f"{mended:,} rows were"
        yield f"{rows} quoted wrongly; what was meant is plain, and is what is read."
    if refused == 1:
        yield f"1 row can't be read, in line {refusals[0].line:,}: {refusals[0].why}."
    elif refused:
        yield f"{refused:,} rows can't be read; the first, in line {refusals[0].line:,}: {refusals[0].why}."


def why_nothing(preview: Preview, mapping: Mapping, first: str = "") -> str:
    if preview.kind is not ImportKind.LEADS:
        return first
    if not mapping.names_somebody:
        return mapping.lacks[:1].lower() + mapping.lacks[1:]
    if preview.refusals:
        return f"line {preview.refusals[0].line}, {preview.refusals[0].why}."
    return "nothing in its rows says who they are."
