"""The first rows of a file as they will be read: by their targets, or with the reason why they can't be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.costs import CostLine
from app.domain.inquiry import Draft, Unreadable
from app.domain.mapping import Mapping, Target
from app.domain.past import ImportKind, Past, PastCall, PastRow
from app.domain.past_reading import PastReader
from app.domain.row_reading import RowReader
from app.workers.preview import Preview

Said = str | int | float | bool | datetime | date | None
"""A value as it is kept: sums in hundredths, lengths in seconds, instants aware."""
_T = Target
_SAME = {
    _T.FIRST_NAME: _T.NAME, _T.LAST_NAME: _T.NAME, _T.WON: _T.RESULT, _T.LOST: _T.RESULT, _T.WON_AT: _T.CLOSED_AT,
    _T.LOST_AT: _T.CLOSED_AT, _T.MINUTES: _T.SECONDS,
}  # fmt: skip
"""Targets that come to the same in the end."""
_ORIGIN = (_T.MEDIUM, _T.CAMPAIGN, _T.AD)
_KEYS = (_T.EXTERNAL_ID, _T.EMAIL, _T.PHONE)
_OF_DRAFT = (_T.TITLE, _T.COMPANY, _T.EMAIL, _T.PHONE, _T.ASK, _T.EXTERNAL_ID, _T.COUNTRY)
_OF_PAST = (
    _T.CAPTURED_AT, _T.OWNER, _T.TIER, _T.FIRST_CALL_AT, _T.CALLED_BY, _T.CONTACT_AT, _T.QUALIFIED_AT, _T.BOOKED_AT,
    _T.RESULT, _T.CLOSED_AT, _T.AMOUNT, _T.REASON,
)  # fmt: skip
_OF_CALLS = (_T.CALLED_AT, _T.CALLED_BY, _T.SECONDS, _T.OUTCOME, _T.DIRECTION)
_OF_COSTS = (_T.FIRST_DAY, _T.LAST_DAY, *_ORIGIN, _T.AMOUNT)
_SHOWN = {
    ImportKind.LEADS: (_T.NAME, *_OF_DRAFT, *_ORIGIN, *_OF_PAST),
    ImportKind.RESULTS: (*_KEYS, *_OF_PAST),
    ImportKind.CALLS: (*_KEYS, *_OF_CALLS),
    ImportKind.COSTS: _OF_COSTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRead:
    """One row of the sample."""

    line: int
    """Of the file, from 1."""
    said: tuple[Said, ...] = ()
    """One for each shown target."""
    why: str = ""
    """Why it can't be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsRead:
    """The sample, read."""

    targets: tuple[Target, ...] = ()
    rows: tuple[RowRead, ...] = ()

    @property
    def unread(self) -> int:
        return sum(bool(row.why) for row in self.rows)


def read_rows(preview: Preview, mapping: Mapping, now: datetime) -> RowsRead:
    """The sample of a preview as a mapping reads it, at the instant `now`."""
    aimed = {_SAME.get(target, target) for _, target in mapping.columns}
    if mapping.kind is ImportKind.CALLS:
        aimed.add(_T.OUTCOME)
    if mapping.medium:
        aimed.add(_T.MEDIUM)
    if mapping.numbered:
        aimed.add(_T.NAME)
    if mapping.kind is ImportKind.COSTS:
        aimed.add(_T.LAST_DAY)
    targets = tuple(target for target in _SHOWN[mapping.kind] if target in aimed)
    read = _reading(mapping, PastReader(mapping, preview.before.zone, now))
    rows = []
    for line, cells in zip(preview.lines, preview.sample, strict=True):
        try:
            found = read(line, cells)
        except Unreadable as error:
            rows.append(RowRead(line=line, why=error.message))
        else:
            rows.append(RowRead(line=line, said=tuple(found.get(target) for target in targets)))
    return RowsRead(targets=targets, rows=tuple(rows))


def _reading(mapping: Mapping, past: PastReader) -> Callable[[int, tuple[str, ...]], dict[Target, Said]]:
    """What reads one row of the mapping's kind; it raises Unreadable."""
    if mapping.kind is ImportKind.COSTS:
        return lambda _line, cells: _of_cost(past.cost(cells))
    if mapping.kind is ImportKind.CALLS:
        return lambda line, cells: _of_told(past.call(line, cells))
    if mapping.kind is ImportKind.RESULTS:
        return lambda line, cells: _of_told(past.result(line, cells))
    reader = RowReader(mapping)

    def lead(line: int, cells: tuple[str, ...]) -> dict[Target, Said]:
        draft = reader.draft(cells, line)
        return _of_draft(draft) | _of_past(past.past(cells, won=draft.won), draft.won)

    return lead


def _fields(value: Any, targets: tuple[Target, ...]) -> dict[Target, Said]:
    """Those fields of a value that are called as their targets."""
    return {target: getattr(value, target.value) for target in targets}


def _of_draft(draft: Draft) -> dict[Target, Said]:
    name = draft.name or f"{draft.first_name} {draft.last_name}".strip()
    return _fields(draft, _OF_DRAFT) | _fields(draft.origin, _ORIGIN) | {_T.NAME: name}


def _of_past(past: Past | None, won: bool) -> dict[Target, Said]:
    if past is None:
        return {_T.RESULT: "won" if won else ""}
    return _fields(past, _OF_PAST)


def _of_told(row: PastRow) -> dict[Target, Said]:
    about = _fields(row, _KEYS)
    return about | (_of_call(row.call) if row.call is not None else _of_past(row.past, False))


def _of_call(call: PastCall) -> dict[Target, Said]:
    outcome = call.outcome.value if call.outcome is not None else "talked" if call.contact else ""
    return {
        _T.CALLED_AT: call.at,
        _T.CALLED_BY: call.by,
        _T.SECONDS: call.seconds,
        _T.OUTCOME: outcome,
        _T.DIRECTION: call.inbound,
    }


def _of_cost(told: CostLine) -> dict[Target, Said]:
    return _fields(told, (*_ORIGIN, _T.AMOUNT)) | {
        _T.FIRST_DAY: date.fromisoformat(told.first),
        _T.LAST_DAY: date.fromisoformat(told.last),
    }
