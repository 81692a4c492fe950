"""What the queue's list costs: a tick, a full repaint, an arriving lead, a step of scrolling.

At 1,000, 10,000 and 100,000 leads. A full repaint is set beside a bare scroll area that draws the same cells
from texts shaped beforehand: the least that painting these words can cost. Invented leads, a clock moved by
hand. Garbage is not collected meanwhile: a desk does that by a timer, and its leads are set aside from it.
Times are those of the GUI thread itself, where the system can tell them finely enough, so that what else the
machine does at the moment is not counted.
"""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.clock import HandClock
from app.domain.inquiry import Origin
from app.domain.lead import ClockState, Lead, Reason, Tier
from app.domain.rulebook import DEFAULT
from app.floor.board import Changes
from app.floor.queue import Queue
from tests.bench import Line

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea

    from app.ui.queue_list import QueueList

SIZES = (1_000, 10_000, 100_000)
FRAME_MS = 16.7
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

_FIRST = ("Ada", "Bo", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ida", "Jo", "Kim", "Lou")
_LAST = ("Abel", "Brandt", "Castro", "Dietz", "Egede", "Fuchs", "Garza", "Holm", "Ivers", "Kaya", "Lund")
_PLACES = (
    ("Denver", "America/Denver"),
    ("Lisbon", "Europe/Lisbon"),
    ("Pune", "Asia/Kolkata"),
    ("Berlin", "Europe/Berlin"),
    ("Toronto", "America/Toronto"),
    ("Osaka", "Asia/Tokyo"),
)
_ASKS = (
    "Need pricing for 40 pallet bays before Friday, can someone call me?",
    "A demo for two sites, please",
    "Please call me back after lunch about the site visit",
    "",
    "We compare your plan with what we have",
)
_SLA = {Tier.HOT: 60, Tier.WARM: 3600, Tier.COLD: 86400}


def lead(number: int) -> Lead:
    """An invented lead; the same number makes the same lead."""
    tier = list(Tier)[number % 3]
    captured = AT - timedelta(seconds=number * 7919 % _SLA[tier])
    city, zone = _PLACES[number % 6]
    return Lead(
        id=f"lead-{number:07d}",
        name=f"{_FIRST[number % 12]} {_LAST[number * 7 % 11]}",
        company=f"{_LAST[number * 3 % 11]} & Sons {number % 89}",
        ask=_ASKS[number % 5],
        channel="form",
        origin=Origin(medium=("google", "referral", "Trade show")[number % 3], campaign="Spring"),
        phone=f"+1303555{number % 10000:04d}",
        city=city,
        zone=zone,
        captured_at=captured,
        tier=tier,
        score=number * 31 % 100,
        reasons=(Reason(text="asked for pricing", points=30),),
        clock=ClockState.RUNNING,
        sla_seconds=_SLA[tier],
        deadline=captured + timedelta(seconds=_SLA[tier]),
    )


class Desk:
    """A list with so many leads on the screen."""

    def __init__(self, size: int) -> None:
        from PySide6.QtWidgets import QApplication

        from app.ui.queue_list import QueueList

        self.settle = QApplication.processEvents
        self.clock, self.queue = HandClock(AT), Queue("me")
        self.queue.reset((lead(number) for number in range(size)), AT, DEFAULT)
        self.next = size
        self.view = QueueList(self.queue, self.clock)
        self.view.resize(870, 900)
        self.view.follow(self.queue.advance(AT), True)
        self.view.show()
        self.settle()

    def tick(self) -> None:
        self.clock.advance(seconds=1)
        self.view.tick()
        self.settle()

    def arrive(self) -> None:
        """A lead that goes to the top comes in, is sorted in and shown."""
        now = self.clock.now()
        new = replace(
            lead(self.next),
            tier=Tier.HOT,
            captured_at=now,
            sla_seconds=60,
            deadline=now + timedelta(seconds=60),
        )
        self.next += 1
        self.view.follow(self.queue.apply(Changes(added=(new,)), now), True)
        self.settle()

    def scroll(self, by: int) -> None:
        bar = self.view.verticalScrollBar()
        bar.setValue(bar.value() + by)
        self.settle()

    def close(self) -> None:
        self.view.close()
        self.view.deleteLater()
        self.settle()


def run() -> list[Line]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from app.ui import theme

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, theme.LIGHT)
    lines: list[Line] = []
    desks = {size: Desk(size) for size in SIZES}
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        for size, desk in desks.items():
            lines += _measured(desk, f"{size:,} leads")
        few, many = [], []
        for _ in range(80):  # in turn, so that both see the same machine
            few += times_ms(desks[SIZES[0]].tick, 1)
            many += times_ms(desks[SIZES[-1]].tick, 1)
    finally:
        gc.enable()
        gc.unfreeze()
        for desk in desks.values():
            desk.close()
    least, most = statistics.median(few), statistics.median(many)
    note = f"{most:.2f} ms against {least:.2f} ms"
    lines.append(Line(what="tick, most leads against fewest", value=most / least, limit=1.2, note=note))
    return lines


def _measured(desk: Desk, there: str) -> list[Line]:
    """The lines of one size."""
    bare = bare_area(desk.view)
    desk.settle()
    whole, least = [], []
    for _ in range(60):
        whole += times_ms(desk.view.viewport().repaint, 1)
        least += times_ms(bare.viewport().repaint, 1)
    bare.close()
    repaint, floor = statistics.median(whole), statistics.median(least)
    desk.tick()
    tick = statistics.median(times_ms(desk.tick, 60))
    desk.arrive()
    arrivals = times_ms(desk.arrive, 40)
    page = desk.view.viewport().height()
    steps = times_ms(lambda: desk.scroll(141), 120) + times_ms(lambda: desk.scroll(page), 60)
    return [
        Line(
            what=f"tick, {there}", value=tick / 10, limit=1.0, unit="% core", note=f"{tick:.2f} ms a second"
        ),
        Line(
            what=f"full repaint, {there}",
            value=repaint / floor,
            limit=3.5,
            note=f"{repaint:.2f} ms against {floor:.2f} ms",
        ),
        Line(
            what=f"arriving lead shown, {there}",
            value=sorted(arrivals)[int(len(arrivals) * 0.95)],
            limit=16.0,
            unit="ms",
            note=f"p95 of {len(arrivals)}, median {statistics.median(arrivals):.2f} ms",
        ),
        Line(
            what=f"frames dropped scrolling, {there}",
            value=sum(taken > FRAME_MS for taken in steps),
            limit=0,
            unit="steps",
            note=f"of {len(steps)}, median {statistics.median(steps):.2f}, longest {max(steps):.2f} ms",
        ),
    ]


_FINE = time.get_clock_info("thread_time").resolution < 1e-5
_seconds = time.thread_time if _FINE else time.perf_counter


def times_ms(work: Callable[[], object], times: int) -> list[float]:
    """Milliseconds that each of so many runs took."""
    taken = []
    for _ in range(times):
        start = _seconds()
        work()
        taken.append((_seconds() - start) * 1000)
    return taken


class _Recorder:
    """Stands in for a painter and writes down the texts and chips that the list draws."""

    def __init__(self) -> None:
        self.texts: list[tuple[object, object, object]] = []
        self.chips: list[tuple[int, int, object]] = []
        self._font: object = None

    def setFont(self, font: object) -> None:
        self._font = font

    def drawStaticText(self, at: object, glyphs: object) -> None:
        self.texts.append((at, glyphs, self._font))

    def drawPixmap(self, x: int, y: int, chip: object) -> None:
        self.chips.append((x, y, chip))

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


def bare_area(view: QueueList) -> QAbstractScrollArea:
    """A scroll area that draws the same texts and chips at the same places, and knows nothing else."""
    from PySide6.QtGui import QPainter, QPaintEvent
    from PySide6.QtWidgets import QAbstractScrollArea

    from app.ui import theme
    from app.ui.theme import SPACE

    group = view.groups.all[0]
    last = min(group.end, group.first + view.viewport().height() // SPACE.row)
    rows = [(group.y_of(row), view.shaped(row)) for row in range(group.first, last)]
    drawn = _Recorder()
    view.painter.paint(drawn, rows, SPACE.page, AT, clock_only=False, live=True, ratio=1.0)  # type: ignore[arg-type]
    look = theme.current()

    class Bare(QAbstractScrollArea):
        def paintEvent(self, event: QPaintEvent) -> None:
            painter = QPainter(self.viewport())
            painter.fillRect(self.viewport().rect(), look.paper)
            painter.setPen(look.ink)
            for at, glyphs, font in drawn.texts:
                painter.setFont(font)  # type: ignore[arg-type]
                painter.drawStaticText(at, glyphs)  # type: ignore[call-overload]
            for x, y, chip in drawn.chips:
                painter.drawPixmap(x, y, chip)  # type: ignore[call-overload]

    area = Bare()
    area.resize(view.size())
    area.show()
    return area
