"""The columns a value is read from, in the order in which `rows.py` takes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Column, Table

from app.store import rows
from app.store import tables as t


def _of(table: Table, names: Iterable[str]) -> tuple[Column[Any], ...]:
    return tuple(table.c[name] for name in names)


LEAD_COLUMNS: Final = _of(t.leads, rows.LEAD_NAMES)
ATTEMPT_COLUMNS: Final = _of(t.attempts, rows.ATTEMPT_NAMES)
INQUIRY_COLUMNS: Final = _of(t.inquiries, rows.INQUIRY_NAMES)
