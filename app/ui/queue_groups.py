"""Where the rows of the queue stand: two cards with a heading each, rows of one height, arithmetic only.

Pixels are the list's own, from the top of what can be scrolled. Nothing here costs more with more rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.ui.theme import SPACE

__all__ = ["FOOT", "HEAD", "LEAD_IN", "Group", "Groups"]

HEAD = 44
"""Height of a heading, the gap above it included."""
LEAD_IN = 14
"""The first heading stands so much higher: the hero above leaves this room below its frame."""
FOOT = SPACE.page
"""Left free below the last card."""


@dataclass(frozen=True, slots=True)
class Group:
    """One of the two cards: its heading, its rows, and where it begins."""

    title: str
    aside: str
    first: int
    count: int
    top: int

    @property
    def end(self) -> int:
        """The row after its last."""
        return self.first + self.count

    @property
    def rows_top(self) -> int:
        return self.top + HEAD

    @property
    def bottom(self) -> int:
        return self.rows_top + self.count * SPACE.row

    def y_of(self, row: int) -> int:
        """The top of one of its rows."""
        return self.rows_top + (row - self.first) * SPACE.row


class Groups:
    """The cards that are there, from the top."""

    def __init__(self) -> None:
        self.all: tuple[Group, ...] = ()

    def add(self, title: str, aside: str, first: int, count: int) -> None:
        """Put a card below the others; one without rows is left out."""
        if count > 0:
            top = self.all[-1].bottom if self.all else -LEAD_IN
            self.all = (*self.all, Group(title, aside, first, count, top))

    @property
    def height(self) -> int:
        """Of everything."""
        return self.all[-1].bottom + FOOT if self.all else 0

    def y_of(self, row: int) -> int | None:
        """The top of a row; None when it is not painted."""
        return next((group.y_of(row) for group in self.all if group.first <= row < group.end), None)

    def row_at(self, y: int) -> int:
        """The row at this height; -1 where there is none."""
        for group in self.all:
            if group.rows_top <= y < group.bottom:
                return group.first + (y - group.rows_top) // SPACE.row
        return -1
