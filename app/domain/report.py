"""What a report is, before anybody draws it: figures, tables, and which leads stand behind each number.

A report of the shelf (`app/reports/`) makes a `Report`; the screen, `main.py report`, the exports and the weekly review
all draw the same value, so a number is the same wherever it is read. Spans are in seconds, money in minor units
(cents), shares between 0 and 1, days are ISO dates of the floor's zone ("2026-11-22").
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from app.domain.frozen import dataclass
from app.domain.lead import Lead
from app.domain.question import Question


class Unit(StrEnum):
    """What a value is counted in, and so how it is written."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    SPAN = "span"
    MONEY = "money"
    TIMES = "times"
    """How many times as much: a ratio, a return on investment."""
    DAY = "day"
    SCORE = "score"


class Better(StrEnum):
    """Which way a figure should go."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


class Draw(StrEnum):
    """How a table is shown; every one can be read as a table too."""

    TABLE = "table"
    LINES = "lines"
    BARS = "bars"
    BAND = "band"
    """Lines with the interval of each of their points; columns without intervals are not drawn, unless published."""
    HEAT = "heat"
    FUNNEL = "funnel"


class By(StrEnum):
    """What leads are put together by."""

    WHOLE = "whole"
    SOURCE = "source"
    """Medium, campaign and ad, each a level of its own."""
    MEDIUM = "medium"
    CAMPAIGN = "campaign"
    AD = "ad"
    CHANNEL = "channel"
    TIER = "tier"
    REP = "rep"
    COUNTRY = "country"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Some of the leads: those for which every field is one of the named values. Without fields all leads.

    Fields are those of `By`, besides the steps a lead took: "contact", "booked", "qualified", "won", "lost", "called",
    "met", "breached", "escalated", each "yes" or "no"; and "delay", the name of a group of response delays.
    """

    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def narrowed(self, field: str, *values: str) -> Segment:
        """The part of these that has one of the values too."""
        return Segment(where=(*self.where, (field, values)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is asked for: leads captured from `since` to before `until` (aware UTC)."""

    since: datetime
    until: datetime
    was_since: datetime | None = None
    """The span it is compared with, up to before `was_until`; None: with nothing."""
    was_until: datetime | None = None
    by: By = By.SOURCE
    segment: Segment = Segment()

    def narrowed(self, field: str, *values: str) -> Asked:
        """The same of fewer leads: those that have one of the values too."""
        return replace(self, segment=self.segment.narrowed(field, *values))


FEW = "not enough data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value with what it rests on. None is "there is nothing to say", shown as a dash."""

    value: float | int | str | None
    low: float | None = None
    """The 95 % interval, in the unit of the value."""
    high: float | None = None
    n: int | None = None
    """How many leads (clocks, attempts: the column says which) the value is of."""
    behind: Segment | None = None
    """The leads behind the number, within what was asked for."""
    note: str = ""
    """Why there is no value, or what to mind: `FEW`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that stands by itself at the top."""

    key: str
    title: str
    unit: Unit
    now: Cell
    was: Cell | None = None
    """The same of the span it is compared with."""
    better: Better = Better.NEITHER
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    key: str
    title: str
    unit: Unit
    tip: str = ""
    """What exactly is counted, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells, one for each column. Drawn, the first column is the x axis and the others are the lines or bars;
    as `HEAT` the first is the row and each further column a place in it; as `FUNNEL` each row is a step, with what it
    counts in the second column. Lines and bars are of one unit: that of the first column with intervals, else of the
    first after the axis; columns of other units are said where one points, and in the table."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    draw: Draw = Draw.TABLE
    beside: tuple[str, ...] = ()
    """Keys of the columns that are not the floor's own: published figures, drawn dashed."""
    notes: tuple[str, ...] = ()
    """Sentences under it: provenance, what was left out and how much that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    name: str
    title: str
    asked: Asked
    zone: str
    """IANA zone of the floor, by which days and hours are."""
    made_at: datetime
    head: int
    """The last event that the report knows."""
    figures: tuple[Figure, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    about: str = ""
    """What it is of, in words, where it is not of the leads that were captured in its time."""

    def table(self, key: str) -> Table:
        """The table of that key; raises KeyError."""
        for table in self.tables:
            if table.key == key:
                return table
        raise KeyError(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport(Question[Report]):
    """Make the report of that name. NotFound where there is none."""

    name: str
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTitle:
    name: str
    title: str
    by: tuple[By, ...]
    """What it can be put together by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    reports: tuple[ReportTitle, ...]
    zone: str
    mediums: tuple[str, ...]
    """What a segment can be chosen from: the mediums and campaigns there are, the most frequent first."""
    campaigns: tuple[str, ...]
    first_capture: datetime | None
    """Of the first lead of the cohort; None on an empty floor."""
    baseline: tuple[datetime, datetime] | None = None
    """The silent days that the floor was measured in before anybody was told of speed, where they were; without them
    a comparison with the baseline takes the floor's first 30 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports(Question[Shelf]):
    """Which reports there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    leads: tuple[Lead, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsBehind(Question[Behind]):
    """The leads of a cohort that a number counts, latest capture first, at most `limit`."""

    asked: Asked
    segment: Segment
    limit: int = 500
