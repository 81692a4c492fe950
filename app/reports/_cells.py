"""Cells, columns and figures as all reports write them: a number with what it is of, its interval, its leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from app.domain.measure import TOO_FEW, Spread
from app.domain.milestones import Counts, Group
from app.domain.report import (
    FEW,
    Asked,
    Better,
    By,
    Cell,
    Column,
    Figure,
    Report,
    Segment,
    Table,
    Unit,
)
from app.domain.report import share_cell as share
from app.domain.report_periods import day_words
from app.store.facts import Facts

__all__ = [
    "FEW",
    "NONE",
    "ORDINARY",
    "count",
    "figure",
    "key_cells",
    "key_columns",
    "report",
    "rows",
    "share",
    "sla",
    "spread",
    "told",
]

NONE = "(none)"
ORDINARY: tuple[By, ...] = (
    By.WHOLE, By.SOURCE, By.MEDIUM, By.CAMPAIGN, By.CHANNEL, By.TIER, By.REP, By.COUNTRY,
    By.DAY, By.WEEK, By.MONTH,
)  # fmt: skip
"""What most reports can be put together by."""
_TITLES = {
    By.MEDIUM: "Medium",
    By.CAMPAIGN: "Campaign",
    By.AD: "Ad",
    By.CHANNEL: "Channel",
    By.TIER: "Tier",
    By.REP: "Rep",
    By.COUNTRY: "Country",
    By.DAY: "Day",
    By.WEEK: "Week",
    By.MONTH: "Month",
}
_DAYS = (By.DAY, By.WEEK, By.MONTH)


def count(value: int, behind: Segment | None = None, *, n: int | None = None) -> Cell:
    return Cell(value=value, n=n, behind=behind)


def sla(counts: Counts, behind: Segment | None = None) -> Cell:
    """First-attempt clocks met of those met or breached; behind it are the leads with a breach."""
    return share(counts.met, counts.met + counts.breached, behind and behind.narrowed("breached", "yes"))


def spread(found: Spread, which: str, behind: Segment | None = None) -> Cell:
    """One number of a spread ("median", "p90"), seconds; the median has its interval."""
    is_median = which == "median"
    return Cell(
        value=getattr(found, which),
        low=found.low if is_median else None,
        high=found.high if is_median else None,
        n=found.n,
        behind=behind,
        note="" if found.n >= TOO_FEW else FEW,
    )


def key_columns(by: By) -> tuple[Column, ...]:
    """The columns that name a row's group; `By.SOURCE` has three."""
    keys = (By.MEDIUM, By.CAMPAIGN, By.AD) if by is By.SOURCE else () if by is By.WHOLE else (by,)
    return tuple(
        Column(key=key.value, title=_TITLES[key], unit=Unit.DAY if key in _DAYS else Unit.TEXT)
        for key in keys
    )


def key_cells(facts: Facts, columns: Iterable[Column], key: Sequence[str]) -> tuple[Cell, ...]:
    """The cells that name a group; each opens its leads."""
    behind = told(columns, key)
    names = (
        facts.names.get(value, value) if column.key == By.REP else value
        for column, value in zip(columns, key, strict=True)
    )
    return tuple(Cell(value=name or NONE, behind=behind) for name in names)


def told(columns: Iterable[Column], key: Sequence[str]) -> Segment:
    """The leads of a group."""
    return Segment(where=tuple((column.key, (value,)) for column, value in zip(columns, key, strict=True)))


def rows(
    facts: Facts, columns: Sequence[Column], groups: Mapping[tuple[str, ...], Group]
) -> Iterator[tuple[tuple[Cell, ...], Group, Segment]]:
    """(the cells that name it, the group, its leads), most leads first; days, weeks and months in their order."""
    in_time = any(column.unit is Unit.DAY for column in columns)
    ordered = sorted(groups.items(), key=lambda item: (0 if in_time else -item[1].counts.leads, item[0]))
    for key, group in ordered:
        yield key_cells(facts, columns, key), group, told(columns, key)


def figure(
    key: str,
    title: str,
    unit: Unit,
    now: Cell,
    was: Cell | None = None,
    better: Better = Better.NEITHER,
    note: str = "",
) -> Figure:
    return Figure(key=key, title=title, unit=unit, now=now, was=was, better=better, note=note)


_A_DAY = timedelta(days=1)
_SUMS = {"cost", "revenue"}


def _is_sum(one: Figure) -> bool:
    return one.unit is Unit.COUNT or one.key in _SUMS


def report(
    facts: Facts,
    asked: Asked,
    name: str,
    title: str,
    figures: Iterable[Figure],
    tables: Iterable[Table],
    notes: tuple[str, ...] = (),
) -> Report:
    """The report, with what all of them say of themselves.

    A span to compare with that began before there were leads has leads of fewer days: no count or sum of it is better
    or worse than another, and the report says so.
    """
    first = facts.first_capture
    if first is not None and asked.was_since is not None and first - asked.was_since > _A_DAY:
        figures = [replace(one, better=Better.NEITHER) if _is_sum(one) else one for one in figures]
        began = day_words(first.astimezone(ZoneInfo(facts.zone)).date())
        notes = (
            *notes,
            f"The floor's first lead came in on {began}: what this is compared with has fewer days.",
        )
    return Report(
        name=name,
        title=title,
        asked=asked,
        zone=facts.zone,
        made_at=facts.now,
        head=facts.head,
        figures=tuple(figures),
        tables=tuple(tables),
        notes=notes,
    )
