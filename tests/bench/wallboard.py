"""What a shown wallboard costs: at one event a second, at fifty, and until an event is on it.

A whole desk at work, its floor in a file, the board in a window of 1920 by 1080 with 500 open leads behind it and
sixteen reps on it. Somebody at another desk does something so many times a second. Counted is the processor time
that the window's thread takes with the board shown, less what it takes without, in turn in the same run; and how
long an event takes from the feed, once the window's thread has it, until it is on the board: painted, or found to
change nothing that is seen. What the machine is like is told by a bare widget of the same size, which draws a dot's
room and a line of text at every event, and nothing else.
"""

from __future__ import annotations

import statistics
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from tests.bench import Line
from tests.bench._desk import BenchDesk, quiet

LEADS, REPS = 500, 16
SIZE = (1920, 1080)
FRAME_MS = 16.7
_SECONDS = {1: 60, 50: 20}
_LIMITS = {1: 1.0, 50: 5.0}
TURNS = 4


class _Bare(QWidget):
    """Draws as little as shows that there was an event."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.resize(*SIZE)
        self._place = QRegion(800, 500, 15, 15) + QRegion(900, 490, 240, 36)
        self._words = QRect(900, 490, 240, 36)
        self._number = 0

    def count(self) -> None:
        if self.isVisible():
            self._number += 1
            self.update(self._place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), Qt.GlobalColor.white)
        painter.drawText(self._words, f"on call {self._number}")
        painter.end()


class _Wall:
    """A desk with its wallboard on a monitor of its own."""

    def __init__(self, folder: Path) -> None:
        from app.domain.commands import AddRep, SetStatus
        from app.domain.lead import RepStatus
        from app.ui.wallboard_screen import WallboardScreen

        self.desk = BenchDesk(folder, leads=LEADS)
        floor = self.desk.session.floor
        self.reps = [floor.do(AddRep(name=f"Rep Number {n:02d}")).value.id for n in range(REPS)]
        for rep_id in self.reps:
            floor.as_actor(rep_id).do(SetStatus(status=RepStatus.AVAILABLE))
        self.desk.shell.show_screen("wallboard")
        (self.screen,) = self.desk.shell.findChildren(WallboardScreen)
        self.board = self.screen.board
        self.board.setParent(None)
        self.board.resize(*SIZE)
        self.board.show()
        self.desk.shell.show_screen(
            "queue"
        )  # so that nothing else of it is painted but what a desk paints anyway
        self.desk.shell.hide()
        self.bare = _Bare()
        self.screen.feed.changed.connect(self.bare.count)
        self.number = 0
        self.desk.live(2500)

    def close(self) -> None:
        for window in (self.board, self.bare):
            window.close()
            window.deleteLater()
        self.desk.close()


def run() -> list[Line]:
    quiet()
    with TemporaryDirectory() as folder:
        wall = _Wall(Path(folder))
        try:
            return [line for rate in (1, 50) for line in _at(wall, rate)]
        finally:
            wall.close()


def _at(wall: _Wall, rate: int) -> list[Line]:
    """The lines at so many events a second."""
    shown: list[float] = []
    which: tuple[QWidget | None, ...] = (wall.board, None, wall.bare)
    busy, took, events = [0.0] * 3, [0.0] * 3, 0
    for n in (0, 1, 2) * TURNS:
        for window in (wall.board, wall.bare):
            window.setVisible(window is which[n])
        wall.desk.live(300)
        used, lasted, came = _spell(wall, rate, _SECONDS[rate] / TURNS, shown)
        busy[n] += used
        took[n] += lasted
        events += came * (n == 0)
    with_board, without, with_bare = (used / lasted * 100 for used, lasted in zip(busy, took, strict=True))
    late = statistics.quantiles(shown, n=100)[94] if len(shown) > 1 else float("nan")
    name = f"{rate} event{'s' if rate > 1 else ''} a second"
    return [
        Line(
            what=f"board shown, {name}",
            value=with_board - without,
            limit=_LIMITS[rate],
            unit="% core",
            note=f"{with_board:.2f} % with, {without:.2f} % without, {events} events in {took[0]:.0f} s; a bare widget "
            f"takes {with_bare - without:.2f} %",
        ),
        Line(
            what=f"event to board, {name}",
            value=late,
            limit=FRAME_MS,
            unit="ms",
            note=f"p95 of {len(shown)}, median {statistics.median(shown):.2f} ms" if shown else "",
        ),
    ]


def _spell(wall: _Wall, rate: int, seconds: float, shown: list[float]) -> tuple[float, float, int]:
    """Some seconds of work: processor seconds of the window's thread, seconds that it lasted, events that came."""
    from PySide6.QtCore import QTimer

    from app.domain.commands import SetStatus
    from app.domain.lead import RepStatus

    stop, waiting, came = threading.Event(), [], 0

    def heard() -> None:
        nonlocal came
        came += 1
        if wall.board.isVisible():
            waiting.append(time.perf_counter())

    def painted() -> None:
        now = time.perf_counter()
        shown.extend((now - at) * 1000 for at in waiting)
        waiting.clear()

    def work() -> None:
        floor, began, number = wall.desk.session.floor, time.perf_counter(), 0
        while not stop.is_set():
            wall.number += 1
            rep = wall.reps[wall.number % REPS]
            status = (RepStatus.BREAK, RepStatus.WRAP_UP)[wall.number // REPS % 2]
            floor.as_actor(rep).do(SetStatus(status=status))
            number += 1
            stop.wait(max(0.0, began + number / rate - time.perf_counter()))

    wall.screen.feed.changed.connect(heard)
    wall.board.shown = painted
    second = QTimer()
    second.timeout.connect(lambda: wall.board.tick(wall.desk.clock.now()))
    second.start(1000)
    worker = threading.Thread(target=work)
    worker.start()
    began, used = time.perf_counter(), time.thread_time()
    wall.desk.live(round(seconds * 1000))
    lasted, busy = time.perf_counter() - began, time.thread_time() - used
    stop.set()
    worker.join()
    second.stop()
    wall.desk.live(100)
    wall.board.shown = None
    wall.screen.feed.changed.disconnect(heard)
    return busy, lasted, came
