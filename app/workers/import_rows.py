"""The rows of a file as what they come in: each kind reads them its way and sends them to the floor in its command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.channels.table import raw_of
from app.domain.commands import AddImportRows, AddPastRows, EnterCosts, ImportRow
from app.domain.commands_costs import MOST_LINES
from app.domain.costs import Cost, CostLine
from app.domain.mapping import Mapping
from app.domain.past import ImportKind, PastRow
from app.domain.past_reading import PastReader
from app.domain.questions import Costs
from app.domain.row_reading import RowReader
from app.floor.floor import Floor


class Rows(Protocol):
    """Takes the rows of one file, and sends what it took."""

    repeated: int
    """Rows that an earlier file told already."""

    def add(self, line: int, cells: Sequence[str]) -> int:
        """Take a row; about how many characters it is. Raises Unreadable."""

    def send(self) -> tuple[tuple[int, str], ...]:
        """Send what was taken since; (line, why) of those that the floor can't place."""


class _Leads:
    def __init__(self, mapping: Mapping, past: PastReader, floor: Floor, import_id: str) -> None:
        self.repeated = 0
        self._mapping, self._past, self._floor, self._import_id = mapping, past, floor, import_id
        self._reader = RowReader(mapping)
        self._rows: list[ImportRow] = []

    def add(self, line: int, cells: Sequence[str]) -> int:
        draft = self._reader.draft(cells, line)
        past = self._past.past(cells, won=draft.won)
        raw = raw_of(line, self._mapping, cells)
        self._rows.append(ImportRow(line=line, raw=raw, draft=draft, past=past))
        return len(raw)

    def send(self) -> tuple[tuple[int, str], ...]:
        rows, self._rows = tuple(self._rows), []
        if rows:
            self._floor.do(AddImportRows(import_id=self._import_id, rows=rows))
        return ()


class _Told:
    """Calls and results."""

    def __init__(self, kind: ImportKind, past: PastReader, floor: Floor, import_id: str) -> None:
        self.repeated = 0
        self._floor, self._import_id = floor, import_id
        self._read = past.call if kind is ImportKind.CALLS else past.result
        self._rows: list[PastRow] = []

    def add(self, line: int, cells: Sequence[str]) -> int:
        self._rows.append(self._read(line, cells))
        return sum(map(len, cells))

    def send(self) -> tuple[tuple[int, str], ...]:
        rows, self._rows = tuple(self._rows), []
        if not rows:
            return ()
        placed = self._floor.do(AddPastRows(import_id=self._import_id, rows=rows)).value
        self.repeated += placed.repeated
        return placed.refused


class _Costs:
    def __init__(self, past: PastReader, floor: Floor, import_id: str) -> None:
        self.repeated = 0
        self._floor, self._import_id, self._past = floor, import_id, past
        self._lines: list[CostLine] = []
        self._here: Counter[CostLine | None] | None = None

    def add(self, _line: int, cells: Sequence[str]) -> int:
        self._lines.append(self._past.cost(cells))
        return sum(map(len, cells))

    def send(self) -> tuple[tuple[int, str], ...]:
        if self._here is None:
            self._here = Counter(map(_line_of, self._floor.ask(Costs()).costs))
        lines, self._lines = self._lines, []
        new: list[CostLine] = []
        for told in lines:
            if self._here[told]:
                self._here[told] -= 1
                self.repeated += 1
            else:
                new.append(told)
        for start in range(0, len(new), MOST_LINES):
            lot = tuple(new[start : start + MOST_LINES])
            self._floor.do(EnterCosts(costs=lot, import_id=self._import_id))
        return ()


def _line_of(cost: Cost) -> CostLine | None:
    """What an earlier file told; None of a cost that was entered by hand."""
    if not cost.import_id:
        return None
    return CostLine(
        first=cost.first,
        last=cost.last,
        medium=cost.medium,
        campaign=cost.campaign,
        ad=cost.ad,
        amount=cost.amount,
        note=cost.note,
    )


def rows_of(mapping: Mapping, zone: str, floor: Floor, import_id: str, now: datetime) -> Rows:
    """What takes the rows of a file of the mapping's kind; `zone` is the floor's."""
    past = PastReader(mapping, zone, now)
    if mapping.kind is ImportKind.LEADS:
        return _Leads(mapping, past, floor, import_id)
    if mapping.kind is ImportKind.COSTS:
        return _Costs(past, floor, import_id)
    return _Told(mapping.kind, past, floor, import_id)
