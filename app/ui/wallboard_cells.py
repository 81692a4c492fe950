"""A wallboard as a list of cells: a rectangle each, and what stands in it. Pure; nothing is painted here.

The whole is drawn to the measure of a window of 1456 by 819 and grows with it, so that it is read from as far away on
any screen. Cells are compared with those before: what is equal is not painted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from functools import partial

from PySide6.QtCore import QCoreApplication, QRect, Qt

from app.domain.lead import RepStatus, Tier
from app.domain.presence import DeskState
from app.domain.wall import News
from app.floor.wall_face import Face, Line, RepLine
from app.ui import wallboard_words as words
from app.ui.theme import Ink, Tint
from app.ui.times import clock_face, zone_named
from app.ui.wallboard_plan import (
    CENTRE,
    CHART,
    FOOT,
    GAP,
    HIGH,
    LEFT,
    MARGIN,
    NEWS_ROW,
    PANELS,
    RIGHT,
    ROW,
    Cell,
    Do,
    Kept,
    Plan,
    Show,
    Sort,
)  # fmt: skip

__all__ = ["cells_of", "leads_first", "reps_fit"]

_TINTS: dict[Tier, Tint] = {Tier.HOT: "hot", Tier.WARM: "warm", Tier.COLD: "cold"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("wallboard", text)


class _Builder:
    def __init__(self, face: Face, show: Show, plan: Plan, kept: dict[str, Kept]) -> None:
        self.face, self.show, self.plan = face, show, plan
        self.cells: list[Cell] = []
        self.rows: list[Do] = []
        self._kept = kept
        self._whole = (plan.width, plan.unit, show.page, show.hidden, show.chosen)

    def part(self, name: str, of: object, make: Callable[[], None]) -> None:
        """Add a part, made anew only if what it is made of has changed."""
        key = (self._whole, of)
        kept = self._kept.get(name)
        if kept is None or kept.of != key:
            cells, rows, self.cells, self.rows = self.cells, self.rows, [], []
            make()
            kept = self._kept[name] = Kept(key, self.cells, self.rows)
            self.cells, self.rows = cells, rows
        self.cells += kept.cells
        self.rows += kept.rows

    def text(
        self,
        box: tuple[float, float, float, float],
        text: str,
        size: float,
        weight: int = 400,
        ink: Ink = "ink",
        align: Qt.AlignmentFlag = LEFT,
    ) -> None:
        """`box`: left, the middle of the line, width, height."""
        left, middle, width, height = box
        rect = self.plan.box(left, middle - height / 2, width, height)
        self.cells.append(Cell(Sort.TEXT, rect, text, ink, self.plan.size(size), weight, align))

    def rule(self, left: float, top: float, width: float) -> None:
        self.cells.append(Cell(Sort.RULE, self.plan.box(left, top, width, 1)))

    # -- the head and the foot

    def head(self) -> None:
        face, width = self.face, self.plan.width
        title = face.floor or _tr("The floor")
        size = self.plan.size(24)
        from app.ui.parts_paint import text_width

        taken = min(text_width(title, size, 700) / self.plan.unit, 600)
        self.text((MARGIN, 45, taken + 4, 34), title, 24, 700)
        counts = _tr("{on} of {of} reps on · {free} free now").format(on=face.on, of=face.of, free=face.free)
        self.text((MARGIN + taken + 20, 46, 420, 24), counts, 15, 400, "ink_soft")
        if self.show.page != "board":
            name = {"reps": _tr("Reps"), "hours": _tr("Hours")}[self.show.page]
            self.text((width / 2 - 100, 46, 200, 24), name, 15, 600, "ink_soft", CENTRE)
        at = self.show.now.astimezone(zone_named(face.zone))
        self.text((width - MARGIN - 220, 45, 220, 42), f"{at:%H:%M:%S}", 32, 700, "ink", RIGHT)

    def foot(self) -> None:
        face, width = self.face, self.plan.width
        middle = self.plan.height - (HIGH - FOOT)
        self.text((MARGIN, middle, 300, 22), words.promises_words(face), 14, 400, "ink_soft")
        self.text((MARGIN + 318, middle, width - 620, 22), words.chain_words(face), 14, 400, "ink_soft")
        ink: Ink = "ink_soft" if self.show.is_live else "danger"
        self.text((width - MARGIN - 270, middle, 270, 22), self.show.live, 14, 400, ink, RIGHT)

    # -- the tiles

    def tiles(self) -> None:
        face, show = self.face, self.show
        boxes = self.plan.tiles()
        oldest = face.oldest
        late = oldest is not None and words.is_late(oldest, show.now)
        number = words.countdown_of(oldest, show.now) if oldest else words.DASH
        under = words.oldest_words(oldest, hidden=show.hidden)
        self._tile(boxes[0], _tr("Oldest HOT lead waiting"), number, under, alarm=late)
        if oldest is not None:
            name = f"{number}, {words.named(oldest.who, oldest.company, oldest.tier, hidden=show.hidden)}"
            self.rows.append(Do(boxes[0], lead_id=oldest.lead_id, name=name))
        self._tile(boxes[1], _tr("Waiting"), str(sum(n for _, n in face.waiting)), "")
        self._tiers(boxes[1])
        self._tile(boxes[2], _tr("Median TTFC today"), _length(face.median), self._beside())
        ended = sum(n for _, _, n in face.met)
        met = sum(n for _, n, _ in face.met)
        share = 100 * met / ended if ended else None
        good: Ink = "ink" if share is None else "good" if share >= 90 else "warm" if share >= 75 else "danger"
        said = words.DASH if share is None else f"{share:.0f}%"
        self._tile(boxes[3], _tr("SLA met today"), said, words.share_words(face), ink=good)
        rate = f" · {100 * face.booked / face.contacted:.0f}%" if face.contacted else ""
        under = _tr("of {n} contacted").format(n=face.contacted) + rate
        self._tile(boxes[4], _tr("Booked today"), str(face.booked) if face.known else words.DASH, under)

    def _beside(self) -> str:
        return _tr("p90 {p90} · last week {before}").format(
            p90=_length(self.face.p90), before=_length(self.face.median_before)
        )

    def _tile(
        self, rect: QRect, head: str, number: str, under: str, *, ink: Ink = "ink", alarm: bool = False
    ) -> None:
        self.cells.append(Cell(Sort.ALARM if alarm else Sort.CARD, rect))
        unit = self.plan.unit
        left, top, width = rect.x() / unit + 18, rect.y() / unit, rect.width() / unit - 36
        label: Ink = "on_fill" if alarm else "ink_soft"
        self.text((left, top + 23, width, 24), head, 14.5, 600, label)
        self.text((left - 2, top + 128, width + 12, 84), number, 66, 700, "on_fill" if alarm else ink)
        if under:
            self.text((left, top + 174, width + 8, 24), under, 14.5, 400, "on_fill" if alarm else "ink_mid")

    def _tiers(self, rect: QRect) -> None:
        from app.ui.parts_paint import text_width

        unit, size = self.plan.unit, self.plan.size(14.5)
        left, middle = rect.x() / unit + 18, rect.y() / unit + 174
        for n, (said, ink) in enumerate(words.tiers_words(self.face)):
            said = f" · {said}" if n else said
            wide = text_width(said, size, 500 if n < 2 else 400) / unit
            self.text((left, middle, wide + 3, 24), said, 14.5, 500 if n < 2 else 400, ink)
            left += wide

    # -- the panels

    def panels(self) -> None:
        room = self.plan.width - 2 * MARGIN - 2 * GAP
        first, second = room * 523 / 1378, room * 475 / 1378
        high, face, second_now = self.plan.panels_high, self.face, self.show.now.replace(microsecond=0)
        of = (second_now, face.lines, face.waiting)
        self.part("lines", of, lambda: self.lines(MARGIN, first, high))
        hour = second_now.replace(minute=0, second=0)
        self.part("hours", (face.hours, hour), lambda: self.hours(MARGIN, first, high))
        self.part(
            "reps",
            (second_now, face.reps, face.promises),
            lambda: self.reps(MARGIN + first + GAP, second, high, 1),
        )
        left, width = MARGIN + first + second + 2 * GAP, room - first - second
        self.part("news", (face.news, face.known, hour), lambda: self.news(left, width, high))

    def _panel(self, left: float, width: float, high: float, head: str, more: str = "") -> None:
        self.cells.append(Cell(Sort.CARD, self.plan.box(left, PANELS, width, high)))
        self.text((left + 18, PANELS + 23, width - 120, 24), head, 14.5, 600, "ink_soft")
        if more:
            self.text((left + width - 138, PANELS + 23, 120, 24), more, 14, 400, "ink_soft", RIGHT)

    def lines(self, left: float, width: float, high: float) -> None:
        """Next to breach, and the hours below."""
        face, now = self.face, self.show.now
        fits = max(1, int((high - 42 - 34 - CHART) // ROW))
        shown = face.lines[:fits]
        behind = sum(n for _, n in face.waiting) - len(shown)
        more = _tr("{n} more").format(n=behind) if behind > 0 else ""
        self._panel(left, width, high, _tr("Next to breach"), more)
        if not shown:
            self.text((left + 18, PANELS + 62, width - 36, 26), _tr("Nobody waits."), 16, 400, "ink_soft")
        for n, line in enumerate(shown):
            of = (line, words.countdown_of(line, now), words.is_late(line, now))
            self.part(
                f"line {n}", of, partial(self._line, line, left + 18, PANELS + 42 + n * ROW, width - 36, now)
            )

    def hours(self, left: float, width: float, high: float) -> None:
        """The hours of the day, below those who wait."""
        top = PANELS + high - CHART - 34
        self.text((left + 18, top + 12, 260, 24), _tr("Leads and TTFC by hour"), 14.5, 600, "ink_soft")
        self.text((left + 200, top + 12, width - 218, 22), self._key(), 12.5, 400, "ink_faint", RIGHT)
        self.chart(left + 18, top + 30, width - 36, CHART - 10)

    def _key(self) -> str:
        return _tr("bars leads · line TTFC · pale last week")

    def _line(self, line: Line, left: float, top: float, width: float, now: datetime) -> None:
        middle, late = top + ROW / 2, words.is_late(line, now)
        self.rule(left, top, width)
        said = words.countdown_of(line, now)
        self.text((left, middle, 84, 30), said, 18, 700, "danger" if late else "ink")
        rect = self.plan.box(left + 84, middle - 10, 54, 20)
        self.cells.append(
            Cell(
                Sort.CHIP, rect, line.tier.value, size=self.plan.size(12), weight=700, tint=_TINTS[line.tier]
            )
        )
        name = words.named(line.who, line.company, line.tier, hidden=self.show.hidden)
        self.text((left + 152, middle, width - 262, 28), name, 17)
        self.text((left + width - 104, middle, 104, 28), words.owner_words(line), 15.5, 400, "ink_soft")
        row = self.plan.box(left - 8, top + 1, width + 16, ROW - 1)
        self._row(Do(row, lead_id=line.lead_id, name=f"{said}, {name}, {words.owner_words(line)}"))

    def _row(self, row: Do) -> None:
        self.rows.append(row)
        if self.show.chosen and self.show.chosen == (row.lead_id or row.rep_id):
            self.cells.append(Cell(Sort.RING, row.rect))

    def chart(self, left: float, top: float, width: float, high: float) -> None:
        hours = self.face.hours
        now = sum(hour.since <= self.show.now for hour in hours) - 1
        rect = self.plan.box(left, top, width, high)
        self.cells.append(Cell(Sort.CHART, rect, size=self.plan.size(12), hours=hours, now=now))

    def reps(self, left: float, width: float, high: float, columns: int) -> None:
        fits = max(1, int((high - 42 - 8) // ROW)) * columns
        shown = self.face.reps[:fits]
        behind = len(self.face.reps) - len(shown)
        more = _tr("{n} more").format(n=behind) if behind > 0 else ""
        self._panel(left, width, high, _tr("Reps"), more)
        a_column = (width - 36 - 30 * (columns - 1)) / columns
        down = -(-len(shown) // columns) if columns > 1 else len(shown)
        for n, line in enumerate(shown):
            across, row = divmod(n, down)
            x, y = left + 18 + across * (a_column + 30), PANELS + 42 + row * ROW
            of = (line, words.since_words(line, self.show.now), self.face.promises, x, y)
            self.part(f"rep {n}", of, partial(self._rep, line, x, y, a_column))

    def _rep(self, line: RepLine, left: float, top: float, width: float) -> None:
        middle = top + ROW / 2
        self.rule(left, top, width)
        rect = self.plan.box(left, middle - 5.5, 11, 11)
        self.cells.append(Cell(Sort.DOT, rect, tint=_dot(line)))
        self.text((left + 32, middle, width * 0.33, 28), line.name, 17, 600)
        state = f"{words.state_words(line)} {words.since_words(line, self.show.now)}"
        self.text((left + 40 + width * 0.33, middle, width * 0.36, 28), state, 16, 400, "ink_soft")
        self.text((left + width - 112, middle, 48, 28), str(line.calls), 17, 400, "ink_mid", RIGHT)
        promise = self.face.promises[0][1] if self.face.promises else 60
        ink: Ink = "ink_faint" if line.ttfc is None else "good" if line.ttfc <= promise else "warm"
        self.text((left + width - 66, middle, 66, 28), _length(line.ttfc), 17, 600, ink, RIGHT)
        row = self.plan.box(left - 8, top + 1, width + 16, ROW - 1)
        calls = _tr("{n} calls").format(n=line.calls)
        self._row(Do(row, rep_id=line.rep_id, name=f"{line.name}, {state}, {calls}, {_length(line.ttfc)}"))

    def news(self, left: float, width: float, high: float) -> None:
        self._panel(left, width, high, _tr("Just now"))
        fits = max(1, int((high - 42 - 6) // NEWS_ROW))
        zone = zone_named(self.face.zone)
        if self.face.known and not self.face.news:
            self.text((left + 18, PANELS + 62, width - 36, 26), _tr("Nothing yet."), 16, 400, "ink_soft")
        for n, line in enumerate(self.face.news[:fits]):
            day = self.show.now.replace(minute=0, second=0, microsecond=0)
            self.part(f"news {n}", (line, day), partial(self._item, line, zone, left + 18, n, width - 36))

    def _item(self, line: News, zone: tzinfo | None, left: float, n: int, width: float) -> None:
        told = words.news_words(line, self.show.now, self.face.zone, hidden=self.show.hidden)
        top = PANELS + 42 + n * NEWS_ROW
        self.rule(left, top, width)
        self._told(told, f"{line.at.astimezone(zone):%H:%M:%S}", left, top, width)

    def _told(self, told: words.Told, at: str, left: float, top: float, width: float) -> None:
        from app.ui.parts_paint import text_width

        size = self.plan.size(15)
        wide = min(text_width(told.head, size, 700) / self.plan.unit, width - 80)
        self.text((left, top + 15, wide + 3, 22), told.head, 15, 700, told.ink)
        room = width - wide - 74
        if room > 20:
            self.text((left + wide, top + 15, room, 22), f" · {told.who}", 15)
        self.text((left + width - 70, top + 15, 70, 22), at, 14, 400, "ink_soft", RIGHT)
        self.text((left, top + 34, width, 20), told.more, 14, 400, "ink_soft")

    # -- the other pages

    def page(self) -> None:
        width, high = self.plan.width - 2 * MARGIN, self.plan.panels_high
        if self.show.page == "reps":
            self.reps(MARGIN, width, high, 3 if len(self.face.reps) > 20 else 2)
        else:
            self._panel(MARGIN, width, high, _tr("Leads and TTFC by hour"))
            self.text((MARGIN + 300, PANELS + 23, width - 318, 22), self._key(), 14, 400, "ink_faint", RIGHT)
            self.chart(MARGIN + 18, PANELS + 44, width - 36, high - 60)


def cells_of(face: Face, show: Show, plan: Plan, kept: dict[str, Kept]) -> tuple[list[Cell], list[Do]]:
    """The cells in the order in which they are painted, and the rows that something can be done with. `kept` are the
    parts of the board before, and becomes those of this one."""
    made, second = _Builder(face, show, plan, kept), show.now.replace(microsecond=0)
    oldest = (second, face.oldest, face.waiting, face.met, face.median, face.p90, face.median_before)
    made.part("tiles", (oldest, face.booked, face.contacted, face.known), made.tiles)
    if show.page == "board":
        made.panels()
    else:
        made.page()
    made.part("head", (second, face.floor, face.zone, face.on, face.of, face.free), made.head)
    made.part("foot", (face.promises, face.chain, show.live, show.is_live), made.foot)
    return made.cells, made.rows


def reps_fit(face: Face, plan: Plan) -> bool:
    """Whether all reps stand on the first page."""
    return len(face.reps) * ROW <= plan.panels_high - 50


def _length(seconds: float | None) -> str:
    return words.DASH if seconds is None else clock_face(seconds)


def _dot(line: RepLine) -> str:
    """The name of a colour of the look; what it says stands beside it in words."""
    if line.desk in (DeskState.GONE, DeskState.SUSPECT):
        return "check_line"
    return {
        RepStatus.AVAILABLE: "good_mark",
        RepStatus.ON_CALL: "warm_mark",
        RepStatus.WRAP_UP: "select",
        RepStatus.BREAK: "check_line",
        RepStatus.AWAY: "check_line",
    }[line.status]


def leads_first(rows: list[Do]) -> Iterator[Do]:
    """The rows in the order in which a keyboard goes through them; a lead that stands twice is met once."""
    met: set[str] = set()
    for row in rows:
        key = row.lead_id or row.rep_id
        if key not in met:
            met.add(key)
            yield row
