"""The rows of a file as what they come in: each kind reads them its way and sends them to the floor in its command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.channels.table import raw_of
from app.domain.commands import AddImportRows, AddPastRows, ImportRow
from app.domain.mapping import Mapping, RowReader
from app.domain.past import ImportKind, PastRow
from app.domain.past_reading import PastReader
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
        draft = self._reader.draft(cells)
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


def rows_of(mapping: Mapping, zone: str, floor: Floor, import_id: str, now: datetime) -> Rows:
    """What takes the rows of a file of the mapping's kind; `zone` is the floor's."""
    past = PastReader(mapping, zone, now)
    if mapping.kind is ImportKind.LEADS:
        return _Leads(mapping, past, floor, import_id)
    return _Told(mapping.kind, past, floor, import_id)
