"""What the cells of a wallboard are, and where they stand: drawn to a window of 1456 by 819, growing with it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto
from typing import NamedTuple

from PySide6.QtCore import QRect, Qt

from app.floor.wall_face import Hour
from app.ui.theme import Ink

__all__ = ["Cell", "Do", "Kept", "Plan", "Show", "Sort"]

WIDE, HIGH = 1456, 819
MARGIN, GAP = 24, 15
TILES, PANELS, FOOT = 85, 299, 779
"""Where these begin, from the top."""
ROW = 40
NEWS_ROW = 47
CHART = 185
LEFT, RIGHT, CENTRE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter


class Sort(Enum):
    CARD = auto()
    ALARM = auto()  # a card that nobody overlooks
    TEXT = auto()
    CHIP = auto()
    DOT = auto()
    RULE = auto()
    CHART = auto()
    RING = auto()  # where the keyboard is


class Cell(NamedTuple):
    sort: Sort
    rect: QRect
    text: str = ""
    ink: Ink = "ink"
    size: int = 0
    weight: int = 400
    align: Qt.AlignmentFlag = LEFT
    tint: str = ""
    hours: tuple[Hour, ...] = ()
    now: int = 0
    """Of a chart: the hour that runs, counted among `hours`."""


class Do(NamedTuple):
    """A row that something can be done with."""

    rect: QRect
    lead_id: str = ""
    rep_id: str = ""
    name: str = ""
    """As a screen reader says it."""


class Show(NamedTuple):
    """What is to be shown besides the face."""

    now: datetime
    page: str = "board"
    hidden: bool = False
    live: str = ""
    """How the board stands to its floor, for the foot."""
    is_live: bool = True
    chosen: str = ""
    """The lead or rep of the row that the keyboard is on."""


class Plan:
    """Where everything is in a window of this size."""

    def __init__(self, width: int, height: int) -> None:
        self.unit = min(width / WIDE, height / HIGH)
        self.width, self.height = width / self.unit, height / self.unit

    def box(self, left: float, top: float, width: float, height: float) -> QRect:
        unit = self.unit
        x, y = round(left * unit), round(top * unit)
        return QRect(x, y, round((left + width) * unit) - x, round((top + height) * unit) - y)

    def size(self, size: float) -> int:
        return max(6, round(size * self.unit))

    @property
    def panels_high(self) -> float:
        return self.height - PANELS - (HIGH - 746)

    def tiles(self) -> list[QRect]:
        room = self.width - 2 * MARGIN - 4 * (GAP + 0.5)
        first = room * 301 / 1346
        others = (room - first) / 4
        lefts = [
            MARGIN + (first + GAP + 0.5 if n else 0) + max(n - 1, 0) * (others + GAP + 0.5) for n in range(5)
        ]
        return [self.box(left, TILES, others if n else first, 198) for n, left in enumerate(lefts)]


class Kept(NamedTuple):
    """A part of a board as it was made last, and of what."""

    of: object
    cells: list[Cell]
    rows: list[Do]
