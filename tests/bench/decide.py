"""What a decision costs: a lead is scored, routed and its clock started, all within its capture's transaction.

The rulebook has 50 rules of scoring, 30 routes of which the last fits, and 200 people with languages, places, limits
and shifts, who have 12 open leads each. Beside it, between the captures, one bare durable commit on the same
database. Then the same with fewer people, routes and rules: what each of them costs.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from app.clock import FloorClock, new_id
from app.codec import encode
from app.domain.commands import AddSource, CaptureInquiry, PublishRulebook
from app.domain.hours import Block, Calendar
from app.domain.inquiry import Inquiry
from app.domain.lead import Rep, RepStatus, Tier
from app.domain.routes import Member, Profile, Route, Strategy, Team, When
from app.domain.rulebook import DEFAULT, Rulebook, ScoreRule
from app.domain.shifts import Shift
from app.floor.local import LocalFloor
from app.service import intake
from app.store.book import Book, start_floor
from tests.bench import Line
from tests.floor.many import add_leads
from tests.fresh import START

CAPTURES, WARM_UP = 120, 15
OPEN_EACH = 12
WHOLE = (200, 30, 50)
CURVE = ((10, 1, 5), (50, 1, 5), (200, 1, 5), (200, 15, 5), (200, 30, 5), (200, 30, 25), (50, 30, 50))
"""People, routes, rules."""
FIELDS = ("ask", "title", "company", "answers")


def run() -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        lines = _on("SQLite", str(Path(folder) / "bench.floor"))
        with _postgresql() as address:
            return lines + _on("PostgreSQL", address)


@contextmanager
def _postgresql() -> Iterator[str]:
    from tests.postgres import Cluster

    cluster = Cluster(durable=True)
    try:
        yield cluster.empty()
    finally:
        cluster.stop()


def _on(name: str, address: str) -> list[Line]:
    clock = FloorClock()
    start_floor(address, "Bench", clock.now())
    floor = LocalFloor(Book(address), clock, "admin")
    floor.hear_time()
    try:
        source = floor.do(AddSource(name="Web site", channel="json")).value.id
        people = [
            Rep(id=new_id(), name=f"Rep Number {n}", status=RepStatus.AVAILABLE, status_since=START)
            for n in range(WHOLE[0])
        ]
        with floor._book.writing("setup", START) as w:
            for rep in people:
                w.add_rep(rep)
        for n, rep in enumerate(people):
            add_leads(floor._book, OPEN_EACH, owner=rep.id, email=f"{n}@open.example", phone=f"+1999{n:07d}")
        bare = _bare(floor._book)
        lines = []
        for reps, routes, rules in (WHOLE, *CURVE):
            floor.do(PublishRulebook(rulebook=_rulebook([rep.id for rep in people[:reps]], routes, rules)))
            took, commit = _measured(floor, clock, source, bare)
            what = f"{name}: {reps} people, {routes} routes, {rules} rules"
            note = f"{took:.2f} ms against {commit:.2f} ms, one bare commit"
            limit = 1.0 if (reps, routes, rules) == WHOLE else float("inf")
            lines.append(Line(what=what, value=took / commit, limit=limit, note=note))
        return lines
    finally:
        floor.close()


def _rulebook(people: list[str], routes: int, rules: int) -> Rulebook:
    whole_day = Calendar(name="Day and night", week=((Block(start=0, until=86400),),) * 7)
    return replace(
        DEFAULT,
        rules=tuple(
            ScoreRule(
                text=f"rule {n}",
                field=FIELDS[n % 4],
                words=(f"word{n}", "quote"),
                points=2,
            )
            for n in range(rules)
        ),
        calendars=(whole_day,),
        shifts=(Shift(name="All", calendar="Day and night", reps=tuple(people)),),
        teams=(
            Team(
                name="All", members=tuple(Member(rep=rep, weight=1 + n % 3) for n, rep in enumerate(people))
            ),
        ),
        people=tuple(
            Profile(
                rep=rep,
                languages=("en", "de") if n % 2 else ("en",),
                territories=("US CO", "US NY", "GB") if n % 3 else ("US", "CA"),
                skills=("racking",),
                most_open=((Tier.HOT, 40), (Tier.WARM, 400)),
                per_hour=10_000,
            )
            for n, rep in enumerate(people)
        ),
        routes=(
            *(Route(name=f"Route {n}", when=_when(n), team="All") for n in range(routes - 1)),
            Route(name="Rest", team="All", strategy=Strategy.LEAST_BUSY),
        ),
    )


def _when(n: int) -> When:
    """Conditions of every kind; they fit nobody here."""
    return (
        When(countries=(("FR", "BE", "CH", "LU", "MC", "CA", "ES", "PT")[n // 4],), languages=("fr",)),
        When(countries=("US",), postcodes=(f"9{n % 10}-9{n % 10}", f"1{n:02}")),
        When(words=(f"solar {n}", "heat pump", "battery"), tiers=(Tier.HOT,)),
        When(campaigns=(f"spring fair {n}", "autumn fair"), least=n),
    )[n % 4]


def _measured(
    floor: LocalFloor, clock: FloorClock, source: str, bare: Callable[[], float]
) -> tuple[float, float]:
    """(a decision, a bare commit), in milliseconds, each the median of many."""
    began, spent, commits = 0.0, [], []
    judged, start_clock = intake.judged, intake.start_clock

    def beginning(*values: Any, **more: Any) -> Any:
        nonlocal began
        began = time.perf_counter()
        return judged(*values, **more)

    def ending(*values: Any, **more: Any) -> Any:
        lead = start_clock(*values, **more)
        spent.append((time.perf_counter() - began) * 1000)
        return lead

    module = cast(Any, intake)
    module.judged, module.start_clock = beginning, ending
    try:
        capture = floor.as_actor("capture")
        for _ in range(CAPTURES + WARM_UP):
            key = new_id()
            said = {
                "name": f"Person {key}", "email": f"{key}@firm.example", "company": "Brightline Logistics",
                "region": "CO", "country": "US", "postcode": "80202", "title": "Head of operations",
                "message": "Need pricing for 40 pallet bays before Friday, can someone call me with a quote?",
            }  # fmt: skip
            inquiry = Inquiry(
                id=key, channel="json", source_id=source, raw=encode(said), received_at=clock.now()
            )
            capture.do(CaptureInquiry(inquiry=inquiry))
            commits.append(bare())
    finally:
        module.judged, module.start_clock = judged, start_clock
    assert len(spent) == CAPTURES + WARM_UP, "a capture failed"
    return statistics.median(spent[WARM_UP:]), statistics.median(commits[WARM_UP:])


def _bare(book: Book) -> Callable[[], float]:
    """One durable commit of one row on the same database, beside the floor's tables; in milliseconds."""
    from sqlalchemy import text

    with book.writing("setup", START) as w:
        w.db.execute(text("CREATE TABLE bare (body TEXT)"))

    def commit() -> float:
        start = time.perf_counter()
        with book._writer.begin() as db:
            db.exec_driver_sql("INSERT INTO bare (body) VALUES ('" + "x" * 600 + "')")
        return (time.perf_counter() - start) * 1000

    return commit
