"""A report on paper and as a picture: the same painting as on the screen, in the light look, cut into pieces.

A piece is something of a known height that is not broken: a head, a chart, a row. A page takes as many as have room; a
table that goes on to the next page says its head again there. Charts and letters are drawn as shapes, with the fonts
within the file, so that they are sharp at any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.domain.report import Cell, Draw, Figure, Report, Table, Unit
from app.domain.report_periods import days_words
from app.domain.report_words import BY_WORDS, asked_words
from app.ui.parts import paint_card, paint_text
from app.ui.plain import broken
from app.ui.reports_cells import ROWS, SIDE, paint_cell, paint_rule, scale_of, sizes_of
from app.ui.reports_figures import HEIGHT as FIGURE_HEIGHT
from app.ui.reports_figures import paint_figure
from app.ui.theme import LIGHT, RADIUS, SPACE, TEXT

__all__ = ["Piece", "flow", "paint_pieces", "pieces_of", "table_pieces"]

_CHARTS = (Draw.LINES, Draw.BARS, Draw.BAND)
_CHART_HEIGHT = 210
_HEAD = 30
_LEAST_SCALE = 0.5
_SQUARE = 30
"""How wide a square of a heat map is at least, so that its number has room."""


class Piece(NamedTuple):
    """Something that is drawn whole, `height` high."""

    height: int
    draw: Callable[[QPainter, int], object]
    """Draws it at a height of the page."""
    again: tuple[Piece, ...] = ()
    """What is said once more above it where it begins a page."""
    keep: int = 0
    """Pixels of what follows that must have room on the same page."""


def pieces_of(report: Report, width: int) -> list[Piece]:
    """The whole report."""
    asked = report.asked
    lines = [f"Leads captured {days_words(asked.since, asked.until, report.zone)} · {report.zone}"]
    if report.about:
        lines = [report.about]
    if asked.was_since is not None and asked.was_until is not None:
        lines.append(f"compared with {days_words(asked.was_since, asked.was_until, report.zone)}")
    whole = f"{asked_words(asked)} · by {BY_WORDS[asked.by]}"
    found = [_text(report.title, width, 22, 700, lead=0), _text(" · ".join(lines), width, TEXT.body)]
    if not report.about:
        found.append(_text(whole, width, TEXT.small, faint=True))
    found.append(_gap(SPACE.snug))
    found += _figures(report, width)
    for table in report.tables:
        found += [_gap(SPACE.pad), *table_pieces(table, width)]
    if report.notes:
        found.append(_gap(SPACE.pad))
        found += [_text(note, width, TEXT.small, faint=True) for note in report.notes]
    return found


def table_pieces(table: Table, width: int) -> list[Piece]:
    """One table in the way it is meant to be drawn, with its title and its notes."""
    if not table.rows:
        body = [_text("Not enough data", width, TEXT.small, faint=True)]
    elif table.draw in _CHARTS:
        body = list(_chart(table, width))
    else:
        body = list(_rows(table, width))
    first = body[0].height + (body[1].height if len(body) > 1 else 0)
    title = _text(table.title, width, TEXT.strong, 700)._replace(keep=first)
    return [title, *body, *(_text(note, width, TEXT.caption, faint=True) for note in table.notes)]


def flow(pieces: Sequence[Piece], room: int) -> list[list[tuple[int, Piece]]]:
    """Which pieces stand on which page, and how high; `room` is the height of a page."""
    pages: list[list[tuple[int, Piece]]] = [[]]
    y = 0
    for piece in pieces:
        if y and y + piece.height + piece.keep > room:
            pages.append([])
            y = 0
            for head in piece.again:
                pages[-1].append((y, head))
                y += head.height
        pages[-1].append((y, piece))
        y += piece.height
    return pages


def paint_pieces(painter: QPainter, placed: Sequence[tuple[int, Piece]]) -> None:
    """Draw them where they stand."""
    for y, piece in placed:
        painter.save()
        piece.draw(painter, y)
        painter.restore()


def _gap(height: int) -> Piece:
    return Piece(height, lambda _painter, _y: None)


def _text(
    text: str, width: int, size: int, weight: int = 400, *, faint: bool = False, lead: int = SPACE.tight
) -> Piece:
    lines = broken(text, size, weight, width, 6)
    tall = round(size * 1.45)
    ink = LIGHT.ink_soft if faint else LIGHT.ink

    def draw(painter: QPainter, y: int) -> None:
        for number, line in enumerate(lines):
            paint_text(painter, QRect(0, y + number * tall, width, tall), line, ink, size, weight)

    return Piece(len(lines) * tall + lead, draw)


def _figures(report: Report, width: int) -> Iterator[Piece]:
    across = 4 if len(report.figures) % 4 == 0 else 3
    figures = report.figures
    for begin in range(0, len(figures), across):
        row = figures[begin : begin + across]

        def draw(painter: QPainter, y: int, row: Sequence[Figure] = row) -> None:
            for place, figure in enumerate(row):
                left = round(place * (width + SPACE.gap) / across)
                right = round((place + 1) * (width + SPACE.gap) / across) - SPACE.gap
                box = QRect(left, y, right - left, FIGURE_HEIGHT)
                paint_card(painter, QRectF(box), LIGHT.card, LIGHT.field_line, RADIUS.control)
                paint_figure(painter, box, figure, LIGHT)

        yield Piece(FIGURE_HEIGHT + SPACE.gap, draw)


def _chart(table: Table, width: int) -> Iterator[Piece]:
    from app.ui.charts import Plot
    from app.ui.reports_page import paint_legend

    def legend(painter: QPainter, y: int) -> None:
        paint_legend(painter, QRect(0, y, width, 18), table, LIGHT)

    def draw(painter: QPainter, y: int) -> None:
        Plot(table, QRect(0, y, width, _CHART_HEIGHT), LIGHT).paint(painter)

    yield Piece(20, legend, keep=_CHART_HEIGHT)
    yield Piece(_CHART_HEIGHT + SPACE.tight, draw)


def _rows(table: Table, width: int) -> Iterator[Piece]:
    sizes = sizes_of(table)
    scale = scale_of(table)
    heat = table.draw is Draw.HEAT
    first, rest = min(sizes.widths[0], 120), max(len(table.columns) - 1, 1)
    wanted = first + rest * _SQUARE if heat else sum(sizes.widths)
    # A table that is wider than the page is drawn smaller, down to a half; beyond that its texts are cut.
    fits = min(1.0, max(width / max(wanted, 1), _LEAST_SCALE))
    room = round(width / fits)
    if heat:
        widths, beside = [first, *([(room - first) // rest] * rest)], [0] * len(table.columns)
    elif table.draw is Draw.FUNNEL:
        others = sizes.widths[2:]
        widths = [sizes.widths[0], max(room - sizes.widths[0] - sum(others), 120), *others]
        beside = [0] * len(widths)
    else:
        widths, beside = sizes.fitted(room)
    lefts = [sum(widths[:place]) for place in range(len(widths))]
    tall = ROWS.get(table.draw, ROWS[Draw.TABLE])

    def shrunk(draw: Callable[[QPainter], object]) -> Callable[[QPainter, int], object]:
        def at(painter: QPainter, y: int) -> None:
            painter.translate(0, y)
            painter.scale(fits, fits)
            draw(painter)

        return at

    def head(painter: QPainter) -> None:
        for place, column in enumerate(table.columns):
            box = QRect(lefts[place], 0, widths[place], _HEAD)
            text = not place or column.unit is Unit.TEXT or (table.draw is Draw.FUNNEL and place == 1)
            align = Qt.AlignmentFlag.AlignLeft if text else Qt.AlignmentFlag.AlignRight
            if heat and place:
                align = Qt.AlignmentFlag.AlignHCenter
            inner = box.adjusted(SIDE, 0, -SIDE - (beside[place] if not text else 0), 0) if not heat else box
            size = TEXT.caption if heat else TEXT.small
            paint_text(painter, inner, column.title, LIGHT.ink_soft, size, 600, align)
            if not heat:
                paint_rule(painter, box, LIGHT)

    heading = Piece(round(_HEAD * fits), shrunk(head), keep=round(tall * fits))
    yield heading
    for row in table.rows:

        def draw(painter: QPainter, row: Sequence[Cell] = row) -> None:
            for place in range(len(table.columns)):
                box = QRect(lefts[place], 0, widths[place], tall)
                paint_cell(
                    painter,
                    box,
                    table,
                    place,
                    row[place],
                    LIGHT,
                    beside=beside[place],
                    scale=scale,
                )
                if not heat:
                    paint_rule(painter, box, LIGHT)

        yield Piece(round(tall * fits), shrunk(draw), again=(heading,))
