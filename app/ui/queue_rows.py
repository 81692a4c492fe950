"""How one lead looks as a row of the queue: its cells made ready once, then drawn column by column.

A row's words change only when the lead does, or when the minute turns where the person is; so they are shaped
once and kept while the row is near the screen. The countdown alone is worked out in each paint, from the
deadline and the floor's time. Columns are drawn one after the other over all rows, since a change of font or
pen costs the painter more than the glyphs. Nothing here knows a widget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from app.domain.lead import Lead, Tier
from app.domain.order import Bucket, Place
from app.ui import theme
from app.ui.parts import CHIP_HEIGHT, Shaped, elide, paint_chip, tier_tint
from app.ui.theme import RADIUS, SPACE, TEXT
from app.ui.wording import clock_cell, local_place, local_time, source_words, who

__all__ = ["CLOCK_LEFT", "CLOCK_WIDTH", "Columns", "Row", "RowPainter", "columns_for", "spoken"]

CLOCK_LEFT, CLOCK_WIDTH = 14, 78
_TIER_WIDTH = 56
_SCORE_WIDTH = 34
_TIME_WIDTH = 40
_GAP = 12


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns stand in a card so wide, from its left edge; a width of 0 leaves one out."""

    width: int
    tier: int
    name: int
    name_width: int
    ask: int
    ask_width: int
    source: int
    source_width: int
    local: int
    local_width: int
    score_right: int


def columns_for(width: int) -> Columns:
    """Share `width` out: who they are and what they ask grow, the source goes first when it gets narrow."""
    tier = CLOCK_LEFT + CLOCK_WIDTH + 6
    name = tier + _TIER_WIDTH + 11
    score_right = width - 14
    right = score_right - _SCORE_WIDTH - _GAP
    local_width = 106 if width >= 520 else 0
    local = right - local_width
    right = local - _GAP if local_width else right
    source_width = min(150, max(104, width // 8)) if width >= 700 else 0
    source = right - source_width
    right = source - _GAP if source_width else right
    room = max(right - name, 60)
    name_width = room if room < 230 else min(round(room * 0.49), 320)
    ask = name + name_width + _GAP
    return Columns(
        width=width,
        tier=tier,
        name=name,
        name_width=name_width,
        ask=ask,
        ask_width=max(right - ask, 0) if room >= 230 else 0,
        source=source,
        source_width=source_width,
        local=local,
        local_width=local_width,
        score_right=score_right,
    )


@dataclass(slots=True)
class Row:
    """A lead's cells, shaped for one set of columns."""

    lead: Lead
    place: Place
    columns: Columns
    tier: Tier
    name: Shaped
    company: Shaped | None
    ask: Shaped | None
    source: Shaped | None
    score: Shaped
    minute: int = -1
    time: Shaped | None = None
    where: Shaped | None = None


class RowPainter:
    """Keeps the shaped rows and draws them."""

    KEPT = 512
    """Rows kept shaped: a few screens full."""

    def __init__(self, place_of: Callable[[str], Place]) -> None:
        self._place_of = place_of
        self._rows: dict[str, Row] = {}
        self._chips: dict[tuple[Tier, str, float], QPixmap] = {}

    def row(self, lead: Lead, columns: Columns) -> Row:
        """The lead's shaped cells; the ones kept when neither the lead, its place nor the columns changed."""
        place = self._place_of(lead.id)
        kept = self._rows.get(lead.id)
        if kept is not None and kept.lead is lead and kept.place is place and kept.columns is columns:
            return kept
        if len(self._rows) >= self.KEPT:
            self._rows.clear()
        made = self._rows[lead.id] = _shape(lead, place, columns)
        return made

    def paint(
        self,
        painter: QPainter,
        rows: Sequence[tuple[int, Row]],
        left: int,
        now: datetime,
        *,
        clock_only: bool,
        live: bool,
        ratio: float,
    ) -> None:
        """Draw rows, each with the y of its top, in a card whose left edge is at `left`.

        With `clock_only` just the first column is drawn: all that a tick changes. Without `live` nobody knows
        the floor's time, and the countdowns are grey.
        """
        look = theme.current()
        self._clocks(painter, rows, left + CLOCK_LEFT, now, live)
        if clock_only or not rows:
            return
        columns = rows[0][1].columns
        down = (SPACE.row - CHIP_HEIGHT) // 2
        for y, row in rows:
            painter.drawPixmap(left + columns.tier, y + down, self._chip(row.tier, ratio))
        _column(painter, ((y, 0, row.name) for y, row in rows), left + columns.name, TEXT.body, 600, look.ink)
        body, soft = TEXT.body, look.ink_soft
        _column(
            painter,
            ((y, row.name.width + 5, row.company) for y, row in rows if row.company is not None),
            left + columns.name,
            body,
            400,
            soft,
        )
        for x, cells in (
            (columns.ask, [(y, 0, row.ask) for y, row in rows if row.ask is not None]),
            (columns.source, [(y, 0, row.source) for y, row in rows if row.source is not None]),
            (columns.local, [(y, 0, time) for y, row in rows if (time := _time_there(row, now)) is not None]),
            (columns.local, [(y, _TIME_WIDTH, row.where) for y, row in rows if row.where is not None]),
        ):
            _column(painter, cells, left + x, body, 400, soft)
        _column(
            painter,
            ((y, -row.score.width, row.score) for y, row in rows),
            left + columns.score_right,
            TEXT.strong,
            700,
            look.ink,
        )

    def _clocks(
        self, painter: QPainter, rows: Sequence[tuple[int, Row]], x: int, now: datetime, live: bool
    ) -> None:
        look = theme.current()
        plain: list[tuple[int, float, Shaped]] = []
        quiet: list[tuple[int, float, Shaped]] = []
        calling: list[tuple[int, float, Shaped]] = []
        late: list[tuple[int, float, Shaped]] = []
        for y, row in rows:
            text, tone = clock_cell(row.lead, row.place, now)
            shaped = elide(text, TEXT.strong, 700, CLOCK_WIDTH)
            if not live:
                quiet.append((y, 0, shaped))
            elif tone == "breached":
                late.append((y, 8, shaped))
            else:
                {"running": plain, "calling": calling, "quiet": quiet}[tone].append((y, 0, shaped))
        if late:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.danger_fill)
            for y, _inset, shaped in late:
                pill = QRectF(x, y + (SPACE.row - 22) // 2, shaped.width + 16, 22)
                painter.drawRoundedRect(pill, RADIUS.chip, RADIUS.chip)
            _column(painter, late, x, TEXT.strong, 700, look.on_fill)
        _column(painter, plain, x, TEXT.strong, 700, look.ink)
        _column(painter, quiet, x, TEXT.strong, 700, look.ink_soft)
        _column(painter, calling, x, TEXT.strong, 700, look.good)

    def _chip(self, tier: Tier, ratio: float) -> QPixmap:
        """The tier's chip as a picture, made once a look and screen scale."""
        look = theme.current()
        key = tier, look.name, ratio
        found = self._chips.get(key)
        if found is None:
            found = QPixmap(round(_TIER_WIDTH * ratio), round(CHIP_HEIGHT * ratio))
            found.setDevicePixelRatio(ratio)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            ink, ground = look.tint(tier_tint(tier))
            box = QRect(0, 0, _TIER_WIDTH, CHIP_HEIGHT)
            paint_chip(painter, box, tier.value, ink, ground, align=Qt.AlignmentFlag.AlignLeft)
            painter.end()
            self._chips[key] = found
        return found


def _column(
    painter: QPainter, cells: Iterable[tuple[int, float, Shaped]], x: int, size: int, weight: int, ink: QColor
) -> None:
    """Draw texts of one face and colour: (top of the row, pixels from `x`, text)."""
    painter.setFont(theme.font(size, weight))
    painter.setPen(ink)
    for y, along, shaped in cells:
        painter.drawStaticText(QPointF(x + along, y + round((SPACE.row - shaped.height) / 2)), shaped.glyphs)


def _shape(lead: Lead, place: Place, columns: Columns) -> Row:
    room = columns.name_width
    name = elide(who(lead), TEXT.body, 600, room)
    left = room - round(name.width) - 5
    company = elide(lead.company, TEXT.body, 400, left) if lead.company.strip() and left >= 28 else None
    asked = " ".join(lead.ask[:400].split())
    # What they asked says more than that it is a first call; what was promised or tried says more still.
    parts = (asked, place.reason) if place.bucket in (Bucket.GUARD, Bucket.FIRST) else (place.reason, asked)
    told = " · ".join(part for part in parts if part)
    return Row(
        lead=lead,
        place=place,
        columns=columns,
        tier=lead.tier,
        name=name,
        company=company,
        ask=elide(told, TEXT.body, 400, columns.ask_width) if columns.ask_width and told else None,
        source=elide(source_words(lead), TEXT.body, 400, columns.source_width)
        if columns.source_width
        else None,
        score=elide(str(lead.score), TEXT.strong, 700, _SCORE_WIDTH + _GAP),
        where=elide(local_place(lead)[:200], TEXT.body, 400, columns.local_width - _TIME_WIDTH)
        if columns.local_width
        else None,
    )


def _time_there(row: Row, now: datetime) -> Shaped | None:
    """Their time of day; shaped again only when the minute has turned."""
    if not row.columns.local_width or not row.lead.zone:
        return None
    minute = int(now.timestamp()) // 60
    if row.minute != minute:
        row.minute = minute
        row.time = elide(local_time(row.lead.zone, now), TEXT.body, 400, _TIME_WIDTH)
    return row.time


def spoken(lead: Lead, place: Place, now: datetime) -> str:
    """The row in one sentence, for a screen reader."""
    clock, _tone = clock_cell(lead, place, now)
    parts = [
        who(lead),
        lead.company,
        lead.tier.value,
        clock if clock != "–" else "",
        place.reason,
        lead.ask[:200],
        source_words(lead),
        f"{local_time(lead.zone, now)} {local_place(lead)}".strip(),
        str(lead.score),
    ]
    return ", ".join(part.strip() for part in parts if part.strip())
