"""A deadline passes: how long until the row is red?

The keeper wakes, breaches the clock in the book, the feed brings it to the desk, the row is painted. Beside it,
in the same run: a precise timer set for the same instant, one durable commit, one painted row. And what many clocks
cost (`_clocks.py`).
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from tests.bench import Line, _clocks
from tests.bench.path import Least, percentile

BREACHES = 120
AHEAD_MS = 60
"""How long before its deadline a lead comes in; the breach finds a machine that has gone to sleep."""


def run() -> list[Line]:
    from tests.bench._desk import quiet

    quiet()
    with tempfile.TemporaryDirectory() as folder:
        return [*_clocks.lines(Path(folder)), *_run(Path(folder))]


def _run(folder: Path) -> list[Line]:
    from tests.bench._desk import BenchDesk

    desk = BenchDesk(folder, leads=200, sla=1)
    least = Least(folder)
    late: list[float] = []
    timers: list[float] = []
    try:
        for _ in range(BREACHES):
            least.measure()
            timers.append(desk.timer_lateness(AHEAD_MS))
            late.append(desk.breach())
    finally:
        least.close()
        desk.close()
    limits = []
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        floor = percentile(timers, share) + percentile(least.commits, share) + percentile(least.paints, share)
        limits.append((name, percentile(late, share), floor))
    (_, half, half_floor), (_, worst, worst_floor) = limits
    return [
        Line(
            what="deadline to red row, p99",
            value=worst / worst_floor,
            limit=3.0,
            note=f"{worst:.2f} ms against {worst_floor:.2f} ms; p50 {half:.2f} against {half_floor:.2f} = "
            f"timer {statistics.median(timers):.2f} + commit + row",
        ),
        Line(what="deadline to red row, worst", value=max(late), limit=1000, unit="ms"),
    ]
