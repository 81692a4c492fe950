"""Velocity & forecast: leads, qualified leads and wins by month, how long a win takes, and the wins to expect."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from app.domain.curves import FEWEST_WON, Aged, Expected, band, expected
from app.domain.hours import midnight
from app.domain.measure import velocity
from app.domain.milestones import Group, Moment, Span
from app.domain.report import Asked, Better, By, Cell, Column, Draw, Figure, Report, Segment, Table, Unit
from app.domain.report_words import cell_words
from app.reports._cells import FEW, NONE, count, key_columns, report
from app.reports._shown import median, said
from app.store.ages import ages
from app.store.facts import Facts

NAME = "velocity"
TITLE = "Velocity & forecast"
ORDER = 5
BY = (By.MEDIUM, By.CAMPAIGN, By.TIER, By.CHANNEL, By.REP)
LOOK_BACK = timedelta(days=730)
"""The curve is of the leads that were captured so long before the end of the period."""
POINTS = (1, 2, 3, 5, 7, 14, 21, 30, 45, 60, 88, 116, 179, 270, 368)
_DAY_S = 86400.0


def run(facts: Facts, asked: Asked) -> Report:
    months = _months(facts, asked)
    by = asked.by if asked.by in BY else By.MEDIUM
    facts.expect(asked, by, spans=(Span.WON,))
    whole = facts.whole(asked, spans=(Span.WON,))
    before = facts.before(asked)
    was = facts.whole(before, spans=(Span.WON,)) if before else None
    aged = ages(facts, replace(asked, since=asked.until - LOOK_BACK))
    coming = expected(aged)
    return report(
        facts,
        asked,
        NAME,
        TITLE,
        figures=(_lvr(months), _to_win(whole, was), _expected(coming, aged)),
        tables=(
            months,
            _spread_table(whole, facts.groups(asked, by, spans=(Span.WON,)), by, facts.names),
            _curve(aged),
        ),
        notes=(
            "Lead Velocity Rate: (qualified this month − last month) ÷ last month, each in the month it was qualified.",
            f"Expected wins rest on what became of the leads captured in the two years up to the end of the period, "
            f"by their age: {sum(one.won for one in aged):,} won, {sum(one.closed for one in aged):,} closed without a "
            f"sale, {sum(one.open for one in aged):,} open (counted up to their age, not as failures).",
        ),
    )


def _months(facts: Facts, asked: Asked) -> Table:
    """Whole months, from the first to the last that the period touches; the month before tells the first's change."""
    wide = _whole_months(facts, asked)
    captured = _by_month(facts, wide, Moment.CAPTURE)
    qualified = _by_month(facts, wide, Moment.QUALIFIED)
    won = _by_month(facts, wide, Moment.WON)
    every = sorted({*captured, *qualified, *won})
    running = facts.now.astimezone(ZoneInfo(facts.zone)).date().replace(day=1).isoformat()
    first = asked.since.astimezone(ZoneInfo(facts.zone)).date().replace(day=1).isoformat()
    rows = []
    for month in _all_between(every):
        if month < first:
            continue
        last = _month_before(month)
        cells = [said(month, Segment().narrowed(By.MONTH, month))]
        for counts in (captured, qualified, won):
            now, was = counts.get(month, 0), counts.get(last, 0)
            cells.append(count(now, Segment().narrowed(By.MONTH, month) if counts is captured else None))
            note = "the month is not over" if month == running else "" if was else "nothing the month before"
            cells.append(Cell(value=velocity(now, was), n=was, note=note))
        rows.append(tuple(cells))
    rate = "Change on the month before, as a share of it; “–” where there was none to compare with."
    return Table(
        key="months",
        title="By month",
        columns=(
            Column(key="month", title="Month", unit=Unit.DAY),
            Column(key="leads", title="Leads", unit=Unit.COUNT, tip="Captured in the month."),
            Column(key="leads_rate", title="Leads, change", unit=Unit.SHARE, tip=rate),
            Column(key="qualified", title="Qualified", unit=Unit.COUNT, tip="Qualified in the month."),
            Column(key="lvr", title="Lead Velocity Rate", unit=Unit.SHARE, tip=rate),
            Column(key="won", title="Won", unit=Unit.COUNT, tip="Won in the month, whenever captured."),
            Column(key="won_rate", title="Won, change", unit=Unit.SHARE, tip=rate),
        ),
        rows=tuple(rows),
        draw=Draw.BARS,
        notes=("Whole months, also where the period begins or ends within one.",),
    )


def _whole_months(facts: Facts, asked: Asked) -> Asked:
    zone = ZoneInfo(facts.zone)
    first = asked.since.astimezone(zone).date().replace(day=1)
    last = (asked.until - timedelta(microseconds=1)).astimezone(zone).date().replace(day=1)
    since = date.fromisoformat(_month_before(first.isoformat()))
    until = (last + timedelta(days=32)).replace(day=1)
    return replace(asked, since=midnight(since, zone), until=midnight(until, zone))


def _month_before(month: str) -> str:
    first = date.fromisoformat(month)
    return (first - timedelta(days=1)).replace(day=1).isoformat() if first > date.min else month


def _all_between(months: list[str]) -> list[str]:
    """Every month from the first to the last, those without anything too."""
    found: list[str] = []
    at = months[-1] if months else ""
    while at and at >= months[0]:
        found.append(at)
        at = _month_before(at)
    return found[::-1]


def _by_month(facts: Facts, asked: Asked, at: Moment) -> dict[str, int]:
    return {month: group.counts.leads for (month,), group in facts.groups(asked, By.MONTH, at=at).items()}


def _lvr(months: Table) -> Figure:
    """Of the last month that is over."""
    over = [row for row in months.rows if row[4].note != "the month is not over"]
    cell = over[-1][4] if over else Cell(value=None, note=FEW)
    note = f"{cell_words(months.columns[0], over[-1][0])} on the month before." if over else ""
    return Figure(
        key="lvr", title="Lead Velocity Rate", unit=Unit.SHARE, now=cell, better=Better.MORE, note=note
    )


def _to_win(whole: Group, was: Group | None) -> Figure:
    return Figure(
        key="to_win",
        title="Time to win",
        unit=Unit.SPAN,
        now=median(whole.spread(Span.WON), Segment().narrowed("won", "yes")),
        was=median(was.spread(Span.WON)) if was else None,
        better=Better.LESS,
        note="Median from capture to won, of those that were won.",
    )


def _expected(coming: Expected | None, aged: tuple[Aged, ...]) -> Figure:
    won = sum(one.won for one in aged)
    note = "Wins still to come from the leads that are open."
    if coming is None:
        cell = Cell(value=None, n=won, note=f"{FEW}: {won} won, {FEWEST_WON} are needed")
    else:
        cell = Cell(value=round(coming.wins, 1), low=coming.low, high=coming.high, n=coming.leads)
        if coming.older:
            note += f" Older than the curve knows, and so left out: {coming.older:,}."
    return Figure(
        key="expected", title="Expected wins", unit=Unit.SCORE, now=cell, better=Better.MORE, note=note
    )


def _spread_table(whole: Group, groups: dict[tuple[str, ...], Group], by: By, names: dict[str, str]) -> Table:
    def row(name: str, group: Group, mine: Segment) -> tuple[Cell, ...]:
        spread, won = group.spread(Span.WON), mine.narrowed("won", "yes")
        ends = (spread.p25, spread.p75, spread.p90, spread.mean)
        return (
            said(name, mine),
            count(spread.n, won),
            median(spread, won),
            *(Cell(value=value, n=spread.n) for value in ends),
        )

    most = sorted(groups.items(), key=lambda item: (-item[1].counts.won, item[0]))
    rows = [row("All", whole, Segment())]
    rows += [
        row(names.get(key, key) or NONE, group, Segment().narrowed(by, key))
        for (key,), group in most
        if group.counts.won
    ]
    return Table(
        key="time_to_win",
        title="Time to win",
        columns=(
            *key_columns(by),
            Column(key="won", title="Won", unit=Unit.COUNT),
            Column(key="median", title="Median", unit=Unit.SPAN),
            Column(key="p25", title="A quarter within", unit=Unit.SPAN),
            Column(key="p75", title="Three quarters within", unit=Unit.SPAN),
            Column(key="p90", title="90 % within", unit=Unit.SPAN),
            Column(key="mean", title="Mean", unit=Unit.SPAN),
        ),
        rows=tuple(rows),
        notes=("Of leads captured in the period and won by now; leads that are open may yet be won later.",),
    )


def _curve(aged: tuple[Aged, ...]) -> Table:
    points = band(aged, POINTS)
    rows = tuple(
        (Cell(value=days * _DAY_S), Cell(value=won, low=low, high=high, n=n))
        for days, won, low, high, n in points
    )
    title = "Won by age of the lead"
    return Table(
        key="curve",
        title=title,
        columns=(
            Column(key="age", title="Since capture", unit=Unit.SPAN),
            Column(key="won", title="Won by then", unit=Unit.SHARE),
        ),
        rows=rows,
        draw=Draw.BAND,
        notes=(
            "By Aalen and Johansen: open leads count up to their age and never as failures. The band is 95 %."
            if rows
            else f"Not enough data: a curve needs {FEWEST_WON} wins.",
        ),
    )
