"""Fifty desks that share a PostgreSQL without a server: from an inquiry to the last of them.

The least that could do the same is to commit the same inquiry and wake as many who listen. Both are measured by the
same processes: five, of ten desks each.
"""

from __future__ import annotations

import time

from tests.bench import Line
from tests.bench._children import children
from tests.bench._listener import DESKS as EACH
from tests.bench.path import percentile

DESKS = 50
POSTS, WARM_UP = 120, 15
PAUSE_S = 0.02
_FORM = (
    "name=Direct Person {n}&company=Brightline Logistics&email=direct{n}@brightline{n}.example"
    "&phone=%2B1303555{n:04d}&city=Denver&state=CO&country=US&message=Need pricing for {n} pallet bays before Friday"
)


def run() -> list[Line]:
    from tests.postgres import Cluster

    cluster = Cluster()
    try:
        least = _rounds("bare", cluster.empty())
        desks = _rounds("desk", cluster.empty())
    finally:
        cluster.stop()
    lines = []
    for name, share, limit in (("p50", 0.5, 6.0), ("p99", 0.99, 4.0)):
        value, floor = percentile(desks, share), percentile(least, share)
        lines.append(
            Line(
                what=f"{DESKS} desks on PostgreSQL, capture to the last, {name}",
                value=value / floor,
                limit=limit,
                note=f"{value:.1f} ms against {floor:.1f} ms for the commit and {DESKS} to wake, {POSTS} posts",
            )
        )
    return lines


def _rounds(kind: str, url: str) -> list[float]:
    """Milliseconds from each inquiry until the last desk knew of it."""
    from app.clock import FloorClock, new_id
    from app.domain.commands import AddSource, CaptureInquiry
    from app.domain.inquiry import Inquiry
    from app.floor.local import LocalFloor
    from app.store.book import Book, start_floor
    from tests.fresh import START

    start_floor(url, "Bench", START)
    clock = FloorClock()
    floor = LocalFloor(Book(url), clock, "admin")
    capture = floor.as_actor("capture")
    source = floor.do(AddSource(name="Form", channel="form")).value.id
    took = []
    address = url if kind == "desk" else url.replace("+psycopg", "")
    try:
        with children("_listener", *([(kind, address)] * (DESKS // EACH))) as listeners:
            for listener in listeners:
                assert listener.line() == "ready"
            for n in range(POSTS + WARM_UP):
                time.sleep(PAUSE_S)
                inquiry = Inquiry(
                    id=new_id(), channel="form", source_id=source, raw=_FORM.format(n=n).encode(),
                    content_type="application/x-www-form-urlencoded", received_at=clock.now(),
                )  # fmt: skip
                start = time.perf_counter()
                capture.do(CaptureInquiry(inquiry=inquiry))
                took.append((max(float(listener.line()) for listener in listeners) - start) * 1000)
    finally:
        floor.close()
    return took[WARM_UP:]
