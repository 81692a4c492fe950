"""Cells that the shelf's later reports are made of besides the ordinary ones: a word, a median, money for each."""

from __future__ import annotations

from app.domain.measure import Spread, cost_per
from app.domain.report import Cell, Segment
from app.reports._cells import spread


def said(text: str, behind: Segment | None = None) -> Cell:
    return Cell(value=text, behind=behind)


def median(found: Spread, behind: Segment | None = None) -> Cell:
    """The median of a spread, in seconds, with its order-statistic interval."""
    return spread(found, "median", behind if found.n else None)


def paid(cost: int | None, number: int) -> Cell:
    """Money for each of so many; a dash without cost."""
    if not cost:
        return Cell(value=None, n=number, note="" if cost is not None else "no cost entered")
    return Cell(value=cost_per(cost, number), n=number, note="" if number else "nothing came of it yet")
