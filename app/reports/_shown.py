"""Cells that most reports are made of: a share with its interval, a median with its own, money, and who is behind."""

from __future__ import annotations

from app.domain.measure import TOO_FEW, Spread, cost_per, share, wilson
from app.domain.report import Cell, Segment

FEW = "not enough data"


def said(text: str, behind: Segment | None = None) -> Cell:
    return Cell(value=text, behind=behind)


def counted(number: int, behind: Segment | None = None) -> Cell:
    return Cell(value=number, behind=behind)


def shared(part: int, whole: int, behind: Segment | None = None) -> Cell:
    """A share of leads with Wilson's interval; below five it says that this is little to go by."""
    ends = wilson(part, whole)
    return Cell(
        value=share(part, whole),
        low=ends[0] if ends else None,
        high=ends[1] if ends else None,
        n=whole,
        behind=behind if whole else None,
        note=FEW if whole < TOO_FEW else "",
    )


def median(spread: Spread, behind: Segment | None = None) -> Cell:
    """The median of a spread, in seconds, with its order-statistic interval."""
    return Cell(
        value=spread.median,
        low=spread.low,
        high=spread.high,
        n=spread.n,
        behind=behind if spread.n else None,
        note=FEW if spread.n < TOO_FEW else "",
    )


def paid(cost: int | None, count: int) -> Cell:
    """Money for each of so many; a dash without cost."""
    if not cost:
        return Cell(value=None, n=count, note="" if cost is not None else "no cost entered")
    return Cell(value=cost_per(cost, count), n=count, note="" if count else "nothing came of it yet")
