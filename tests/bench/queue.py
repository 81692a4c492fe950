"""What the queue's list costs: a tick, a full repaint, an arriving lead, a step of scrolling.

At 1,000, 10,000 and 100,000 leads. A full repaint is set beside a bare scroll area that draws the same cells from
texts shaped beforehand: the least that painting these words can cost. Invented leads on a hand clock.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.clock import HandClock
from app.domain.inquiry import Origin
from app.domain.lead import ClockState, Lead, Reason, Tier
from app.domain.rulebook import DEFAULT
from app.floor.board import Changes
from app.floor.queue import Queue
from tests.bench import Line

SIZES = (1_000, 10_000, 100_000)
FRAME_MS = 16.7
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

_FIRST = [
    "Ada",
    "Bo",
    "Cleo",
    "Dan",
    "Eve",
    "Finn",
    "Gus",
    "Hal",
    "Ida",
    "Jo",
    "Kim",
    "Lou",
    "Max",
    "Nia",
    "Otto",
    "Pia",
    "Quin",
    "Ros",
    "Sam",
    "Tess",
]
_LAST = [
    "Abel",
    "Brandt",
    "Castro",
    "Dietz",
    "Egede",
    "Fuchs",
    "Garza",
    "Holm",
    "Ivers",
    "Jensen",
    "Kaya",
    "Lund",
    "Mora",
    "Nagy",
    "Okoye",
    "Prado",
]
_ZONES = ("America/Denver", "Europe/Lisbon", "Asia/Kolkata", "Europe/Berlin", "America/Toronto", "Asia/Tokyo")
_ASKS = (
    "Need pricing for 40 pallet bays before Friday, can someone call me?",
    "A demo for two sites, please",
    "Please call me back after lunch about the site visit",
    "",
    "We compare your plan with what we have",
)


def lead(number: int) -> Lead:
    """An invented lead; the same number makes the same lead."""
    tier = (Tier.HOT, Tier.WARM, Tier.COLD)[number % 3]
    sla = {Tier.HOT: 60, Tier.WARM: 3600, Tier.COLD: 86400}[tier]
    captured = AT - timedelta(seconds=number * 7919 % sla)
    return Lead(
        id=f"lead-{number:07d}",
        name=f"{_FIRST[number % 20]} {_LAST[number * 7 % 16]}",
        company=f"{_LAST[number * 3 % 16]} & Sons {number % 89}",
        ask=_ASKS[number % 5],
        channel="form",
        origin=Origin(medium=("google", "referral", "Trade show")[number % 3], campaign="Spring"),
        phone=f"+1303555{number % 10000:04d}",
        city=("Denver", "Lisbon", "Pune", "Berlin", "Toronto", "Osaka")[number % 6],
        zone=_ZONES[number % 6],
        captured_at=captured,
        tier=tier,
        score=number * 31 % 100,
        reasons=(Reason(text="asked for pricing", points=30),),
        clock=ClockState.RUNNING,
        sla_seconds=sla,
        deadline=captured + timedelta(seconds=sla),
    )


def median_ms(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def run() -> list[Line]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from app.ui import theme
    from app.ui.queue_list import QueueList

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme.apply(app, theme.LIGHT)
    settle = app.processEvents
    lines: list[Line] = []
    ticks: dict[int, float] = {}
    for size in SIZES:
        clock, queue = HandClock(AT), Queue("me")
        queue.reset((lead(number) for number in range(size)), AT, DEFAULT)
        view = QueueList(queue, clock)
        view.resize(870, 900)
        view.follow(queue.advance(AT), True)
        view.show()
        settle()
        port = view.viewport()

        bare = _bare_area(view)
        settle()
        pairs = [(median_ms(port.repaint, 1), median_ms(bare.viewport().repaint, 1)) for _ in range(60)]
        whole, least = (statistics.median(column) for column in zip(*pairs, strict=True))
        bare.close()

        def tick(view: QueueList = view, clock: HandClock = clock) -> None:
            clock.advance(seconds=1)
            view.tick()
            settle()

        tick()
        ticks[size] = median_ms(tick, 60)

        numbers = iter(range(size, size + 1000))

        def arrive(view: QueueList = view, queue: Queue = queue, clock: HandClock = clock) -> None:
            number = next(numbers)
            new = replace(
                lead(number),
                tier=Tier.HOT,
                score=101,
                captured_at=clock.now(),
                sla_seconds=60,
                deadline=clock.now() + timedelta(seconds=60),
            )
            view.follow(queue.apply(Changes(added=(new,)), clock.now()), True)
            settle()

        arrive()
        arrivals = _times_ms(arrive, 40)

        bar = view.verticalScrollBar()

        def scroll(step: int) -> None:
            bar.setValue(bar.value() + step)
            settle()

        steps = _times_ms(lambda: scroll(141), 120) + _times_ms(lambda: scroll(port.height()), 60)  # noqa: B023
        dropped = sum(taken > FRAME_MS for taken in steps)
        there = f"{size:,} leads"
        lines += [
            Line(
                what=f"tick, {there}",
                value=ticks[size] / 10,
                limit=1.0,
                unit="% core",
                note=f"{ticks[size]:.2f} ms a second",
            ),
            Line(
                what=f"full repaint, {there}",
                value=whole / least,
                limit=3.5,
                note=f"{whole:.2f} ms against {least:.2f} ms",
            ),
            Line(
                what=f"arriving lead shown, {there}",
                value=_high(arrivals),
                limit=16.0,
                unit="ms",
                note=f"p95 of {len(arrivals)}, median {statistics.median(arrivals):.2f} ms",
            ),
            Line(
                what=f"frames dropped scrolling, {there}",
                value=dropped,
                limit=0,
                unit="steps",
                note=f"of {len(steps)}, median {statistics.median(steps):.2f}, longest {max(steps):.2f} ms",
            ),
        ]
        view.close()
        view.deleteLater()
        settle()
    few, many = ticks[SIZES[0]], ticks[SIZES[-1]]
    lines.append(
        Line(
            what="tick, 100,000 leads against 1,000",
            value=many / few,
            limit=1.2,
            note=f"{many:.2f} ms against {few:.2f} ms",
        )
    )
    return lines


def _times_ms(work: Callable[[], object], times: int) -> list[float]:
    return [median_ms(work, 1) for _ in range(times)]


def _high(taken: Sequence[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


def _bare_area(view: object):  # type: ignore[no-untyped-def]
    """A scroll area that draws the same texts and chips at the same places, and knows nothing else."""
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QAbstractScrollArea

    from app.ui import theme
    from app.ui.parts import elide
    from app.ui.queue_list import QueueList
    from app.ui.theme import SPACE, TEXT
    from app.ui.wording import clock_cell

    assert isinstance(view, QueueList)
    look, columns = theme.current(), view._columns
    faces = {key: theme.font(*key) for key in ((TEXT.body, 400), (TEXT.body, 600), (TEXT.strong, 700))}
    body, name, strong = faces.values()
    cells, chips = [], []
    now = view._clock.now()
    group = view._groups[0]
    for y, row in view._rows_between(
        group, group.first, group.first + view.viewport().height() // SPACE.row, group.rows_top
    ):

        def put(x: float, shaped: object, face: object, y: int = y) -> None:
            if shaped is not None:
                cells.append(
                    (QPointF(SPACE.page + x, y + round((SPACE.row - shaped.height) / 2)), shaped.glyphs, face)
                )

        put(14, elide(clock_cell(row.lead, row.place, now)[0], TEXT.strong, 700, 78), strong)
        put(columns.name, row.name, name)
        put(columns.name + row.name.width + 5, row.company, body)
        put(columns.ask, row.ask, body)
        put(columns.source, row.source, body)
        put(columns.local, row.local, body)
        put(columns.score_right - row.score.width, row.score, strong)
        chips.append((QPointF(SPACE.page + columns.tier, y + 13), view.painter._chip(row.tier, 1.0)))

    class Bare(QAbstractScrollArea):
        def paintEvent(self, event: object) -> None:
            painter = QPainter(self.viewport())
            painter.fillRect(self.viewport().rect(), look.paper)
            painter.setPen(look.ink)
            for at, glyphs, face in cells:
                painter.setFont(face)
                painter.drawStaticText(at, glyphs)
            for at, chip in chips:
                painter.drawPixmap(at, chip)

    area = Bare()
    area.resize(view.size())
    area.show()
    return area
