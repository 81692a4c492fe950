"""Leads of every kind, written into a floor's tables as they are and kept as plain values to count by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from app.clock import new_id
from app.store import tables as t
from app.store.book import Book
from app.store.tables_reports import origins as origins_table

SOURCES = [
    ("google", "spring", "a1"), ("google", "spring", "a2"), ("google", "", ""), ("Google", "Spring", "a1"),
    ("facebook", "meta", ""), ("", "", ""),
]  # fmt: skip
STAGES = ("new", "working", "prospect", "won", "lost", "unfit")


@dataclass
class Past:
    """A lead, as somebody who counts by hand knows it."""

    source: tuple[str, str, str]
    last: tuple[str, str, str]
    captured: datetime
    stage: str
    tier: str
    called: datetime | None
    contact: datetime | None
    qualified: datetime | None
    booked: datetime | None
    closed: datetime | None
    amount: int | None
    counts: bool
    """Whether it is of the cohort: no test, not staged."""
    met: int = 0
    breached: int = 0

    @property
    def won(self) -> bool:
        return self.stage == "won"

    @property
    def is_open(self) -> bool:
        return self.stage in STAGES[:3]


def some_leads(seed: int, n: int, since: datetime, days: int) -> list[Past]:
    draw = Random(seed)
    found = []
    for _ in range(n):
        at = captured = since + timedelta(
            seconds=draw.randrange(days * 86400), microseconds=draw.randrange(10**6)
        )
        steps: list[datetime | None] = []
        for chance in (0.85, 0.7, 0.6, 0.5):
            if steps and steps[-1] is None and draw.random() < 0.9:
                steps.append(None)
                continue
            at += timedelta(seconds=draw.expovariate(1 / 40000))
            steps.append(at if draw.random() < chance else None)
        called, contact, qualified, booked = steps
        stage = draw.choice(STAGES)
        closed = at + timedelta(seconds=draw.expovariate(1 / 900000)) if stage in STAGES[3:] else None
        if stage == "won":
            qualified = qualified or closed
        kind = draw.random()
        met = int(draw.random() < 0.5)
        source = draw.choice(SOURCES)
        found.append(
            Past(
                source=source, last=source if draw.random() < 0.7 else draw.choice(SOURCES), captured=captured,
                stage=stage if kind > 0.05 else f"pending:{stage}", tier=draw.choice(("HOT", "WARM", "COLD")),
                called=called, contact=contact, qualified=qualified, booked=booked, closed=closed,
                amount=draw.randrange(10**6) if stage == "won" else None, counts=kind > 0.1,
                met=met, breached=int(not met and draw.random() < 0.7),
            )
        )  # fmt: skip
    return found


def write(book: Book, leads: list[Past]) -> None:
    """Put them into the tables, with what the program keeps of each for reports."""
    origins = {source: n + 1 for n, source in enumerate(SOURCES)}
    with book.writing("tester", leads[0].captured) as w:
        w.db.execute(
            insert(origins_table),
            [
                {"id": n, "channel": "form", "medium": s[0], "campaign": s[1], "ad": s[2]}
                for s, n in origins.items()
            ],
        )
        w.db.execute(insert(t.leads), [_row(lead, origins) for lead in leads])


def _row(lead: Past, origins: dict[tuple[str, str, str], int]) -> dict[str, Any]:
    return {
        "id": new_id(), "no_call": False, "no_email": False, "clock": "none", "channel": "form",
        "medium": lead.source[0], "campaign": lead.source[1], "ad": lead.source[2],
        "is_test": not lead.counts and not lead.stage.startswith("pending:"), "captured_at": lead.captured,
        "tier": lead.tier, "stage": lead.stage, "contact_at": lead.contact, "booked_at": lead.booked,
        "closed_at": lead.closed, "amount": lead.amount, "qualified_at": lead.qualified,
        "origin": origins[lead.source], "last_origin": origins[lead.last], "first_call_at": lead.called,
        "first_call_by": "ana" if lead.called else "", "owner": "ana" if lead.contact else "",
        "clocks": lead.met + lead.breached, "clocks_met": lead.met, "clocks_breached": lead.breached,
    }  # fmt: skip
