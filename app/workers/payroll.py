"""The scores of a frozen week as a file for the payroll: a row a person, in columns that stay.

The columns are documented in docs/operations.md; new ones come at the end. No cell is one that a spreadsheet would
run. What was corrected since stands beside the frozen score and not in its place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from app.domain.errors import AppError
from app.domain.questions import FrozenPage, FrozenWeek
from app.domain.scorecard import Measure
from app.domain.week import page_of
from app.floor.floor import Floor
from app.workers.rejects import safe_cell

__all__ = ["COLUMNS", "as_csv", "rows", "rows_of", "write"]

Value = str | float | int | None
COLUMNS = (
    "week", "rep_id", "rep", "score", "low", "high", "correction", "score_corrected", "leads", "calls", "booked",
    "won", "amount", "rulebook", "sha256",
    *(f"{measure.value}_{what}" for measure in Measure for what in ("hits", "of", "points")),
)  # fmt: skip


def rows(floor: Floor, week: str) -> tuple[tuple[Value, ...], ...]:
    """A row for each person of a frozen week, by name. Raises NotFound and NotAllowed."""
    return rows_of(floor.ask(FrozenWeek(week=week)))


def rows_of(kept: FrozenPage) -> tuple[tuple[Value, ...], ...]:
    """The same, of the floor's page."""
    return tuple(_rows(kept))


def _rows(kept: FrozenPage) -> Iterator[tuple[Value, ...]]:
    page = page_of(kept.body)
    for card in page.cards:
        lines = [one for one in page.counted if one.rep_id == card.rep_id and one.why_not in ("", "shift")]
        given = [one.points for one in kept.disputes if one.rep_id == card.rep_id and one.accepted]
        correction = round(sum(given), 1)
        parts = {part.measure: part for part in card.parts}
        corrected = None if card.score is None else round(card.score + correction, 1)
        yield (
            page.week, card.rep_id, card.name, card.score, card.low, card.high, correction, corrected, card.leads,
            sum(one.calls for one in lines), sum(one.booked for one in lines), sum(one.won for one in lines),
            sum(one.amount for one in lines) / 100, page.rulebook, kept.sha256,
            *(
                value
                for measure in Measure
                for part in (parts.get(measure),)
                for value in ((part.share.hits, part.share.n, part.points) if part is not None else (None,) * 3)
            ),
        )  # fmt: skip


def as_csv(table: tuple[tuple[Value, ...], ...]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in table:
        writer.writerow([safe_cell(value) if isinstance(value, str) else value for value in row])
    return text.getvalue()


def write(table: tuple[tuple[Value, ...], ...], way: str, path: Path) -> None:
    """Write a file as "csv" or "xlsx". Raises AppError where it can't be written."""
    try:
        if way == "csv":
            path.write_bytes(b"\xef\xbb\xbf" + as_csv(table).encode())
        else:
            _write_xlsx(table, path)
    except OSError as error:
        raise AppError("Not written", f"{path.name} could not be written: {error.strerror}.") from error


def _write_xlsx(table: tuple[tuple[Value, ...], ...], path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Scores")
    for row in (COLUMNS, *table):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # a text, whatever it begins with
            cells.append(cell)
        sheet.append(cells)
    book.save(path)
