"""What of a report's table is drawn: which columns are lines or bars, in which colours, and the steps of the axis.

Without a painter, so that the small chart, the large one, pictures and paper draw the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

from PySide6.QtGui import QColor

from app.domain.report import FEW, Cell, Draw, Table, Unit
from app.domain.report_words import cell_words, has_intervals, interval_words, rest_words
from app.ui import theme
from app.ui.theme import Look

__all__ = [
    "Series", "ends_of", "is_drawn", "legend_of", "lines_at", "nice_steps", "points_of", "runs_of", "series_of",
]  # fmt: skip


_BEYOND = 4
"""So many times the longest time an interval may reach."""


class Series(NamedTuple):
    """A column that is drawn."""

    place: int
    published: bool
    colour: QColor


def series_of(table: Table, look: Look) -> list[Series]:
    """The columns that are lines or bars: those of one unit, the one of the first with intervals, else of the first.

    Of a `BAND` those without intervals are not drawn: a ninetieth percentile beside its median would press that flat.
    A column that says in every place what one before it says would only lie over that: `same_as` names it.
    """
    values = range(1, len(table.columns))
    first = next((place for place in values if has_intervals(table, place)), 1)
    if first >= len(table.columns):
        return []
    unit = table.columns[first].unit
    banded = table.draw is Draw.BAND and has_intervals(table, first)
    colours = [look.select, look.accent, look.good_mark, look.warm_mark, look.cold, look.ink_soft]
    found: list[Series] = []
    for place in values:
        column = table.columns[place]
        if column.unit is not unit:
            continue
        published = column.key in table.beside
        if banded and not published and not has_intervals(table, place):
            continue
        if table.draw is not Draw.BARS and any(_same(table, series.place, place) for series in found):
            continue
        own = sum(not series.published for series in found)
        found.append(Series(place, published, look.ink_faint if published else colours[own % len(colours)]))
    return found


def _same(table: Table, place: int, other: int) -> bool:
    return len(table.rows) > 1 and all(
        (row[place].value, row[place].low, row[place].high)
        == (row[other].value, row[other].low, row[other].high)
        for row in table.rows
    )


def same_as(table: Table, series: Series) -> list[str]:
    """The titles of the columns that lie under a line, since they are the same in every place."""
    unit = table.columns[series.place].unit
    return [
        column.title
        for place, column in enumerate(table.columns)
        if place > series.place and column.unit is unit and _same(table, series.place, place)
    ]


def nice_steps(least: float, most: float, unit: Unit, parts: int = 4) -> list[float]:
    """Some `parts` round numbers from at or below the least to at or above the most."""
    span = max(most - least, 1e-9)
    if unit is Unit.SPAN:
        rough = span / parts
        sizes = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
        step: float = next((size for size in sizes if size >= rough), 0) or ceil(rough / 86400) * 86400
    else:
        rough = span / parts
        power = 10 ** floor(log10(rough))
        step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
        if unit is Unit.COUNT:
            step = max(step, 1)
    begin = floor(least / step)
    return [number * step for number in range(begin, ceil(most / step - 1e-9) + 1)]


def ends_of(table: Table, series: Sequence[Series]) -> tuple[float, float]:
    """The least and the most that is drawn, intervals included; nought is always among it. The interval of a time that
    few leads give may reach days beyond every value: it leaves the chart rather than press all others flat."""
    values, ends = [0.0], [0.0]
    for one in series:
        for _, cell, value in points_of(table, one.place):
            values.append(value)
            if not one.published:
                ends += [end for end in (cell.low, cell.high) if end is not None]
    least, most = min(values), max(values)
    if series and table.columns[series[0].place].unit is Unit.SPAN and most:
        ends = [min(end, _BEYOND * most) for end in ends]
    return min(least, *ends), max(most, *ends) or 1.0


def points_of(table: Table, place: int) -> list[tuple[int, Cell, float]]:
    """The numbers of a column that are drawn: (place on the axis, cell, value). Those of too few leads to say anything
    are not: two of two would stand at 100 %, far over what is known. The table has them."""
    return [
        (number, row[place], float(row[place].value))  # type: ignore[arg-type]
        for number, row in enumerate(table.rows)
        if isinstance(row[place].value, int | float) and row[place].note != FEW
    ]


def is_drawn(table: Table) -> bool:
    """Whether there is anything to draw: where all groups are too few, the table says more than an empty chart."""
    return any(points_of(table, series.place) for series in series_of(table, theme.LIGHT))


def lines_at(table: Table, number: int) -> list[str]:
    """What is said of a place on the axis: each column's value with its interval and number."""
    row = table.rows[number]
    said = [cell_words(table.columns[0], row[0])]
    for place in range(1, len(table.columns)):
        column, cell = table.columns[place], row[place]
        rest = rest_words(column.unit, cell)
        said.append(f"{column.title}: {cell_words(column, cell)}" + (f" · {rest}" if rest else ""))
    return said


def runs_of(
    series: Series, points: Sequence[tuple[int, Cell, float]]
) -> Sequence[Sequence[tuple[int, Cell, float]]]:
    """What is drawn in one stroke: a published line over what its study left out, the floor's own not over a gap."""
    return [points] if series.published and points else _unbroken(points)


def _unbroken(points: Sequence[tuple[int, Cell, float]]) -> list[list[tuple[int, Cell, float]]]:
    """The points in runs without a gap: nothing is drawn where there is not enough data."""
    runs: list[list[tuple[int, Cell, float]]] = []
    for point in points:
        if runs and runs[-1][-1][0] == point[0] - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def legend_of(table: Table, look: Look) -> list[tuple[str, Series]]:
    """What each line is, for the legend: its title, and for a single interval what the band is."""
    return [
        (
            table.columns[series.place].title
            + "".join(f" ({title}: the same)" for title in same_as(table, series))
            + (", with 95% interval" if _banded(table, series) else ""),
            series,
        )
        for series in series_of(table, look)
    ]


def _banded(table: Table, series: Series) -> bool:
    place = series.place
    return not series.published and any(
        interval_words(table.columns[place].unit, row[place]) for row in table.rows
    )
