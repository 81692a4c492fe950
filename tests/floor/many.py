"""Many leads put into a book straight away, for tests of what many leads cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.clock import new_id
from app.domain.lead import ClockState, Lead, Reason, Tier
from app.store import tables as t
from app.store.book import Book
from app.store.writing import new_lead_values
from tests.fresh import START


def add_leads(book: Book, count: int, **said: object) -> list[Lead]:
    """Open leads like those that come in, in one transaction and without a journal."""
    leads = [
        replace(
            Lead(
                id=new_id(), version=1, captured_at=START, name=f"Person {n}", company=f"Firm {n}",
                phone=f"+1303{n:07d}", email=f"person{n}@firm{n}.example", channel="json",
                ask="Please call me back with a quote.", tier=Tier.HOT,
                reasons=(Reason(text="asked for pricing", points=30), Reason(text="phone valid", points=15)), score=45,
            ),
            **said,  # type: ignore[arg-type]
        )
        for n in range(count)
    ]  # fmt: skip
    with book.writing("tester", START) as w:
        w.db.execute(t.leads.insert(), [new_lead_values(lead, lead.email, lead.phone) for lead in leads])
    return leads


def add_due(book: Book, count: int, deadline: datetime) -> list[Lead]:
    """Leads whose clocks are all due at one moment."""
    leads = add_leads(book, count, clock=ClockState.RUNNING, deadline=deadline, sla_seconds=60)
    rows = [
        {"id": new_id(), "lead_id": lead.id, "started_at": START, "deadline": deadline, "state": "running",
         "rep_id": "", "step": 0, "next_at": deadline, "tried": "[]", "is_test": False}
        for lead in leads
    ]  # fmt: skip
    with book.writing("tester", START) as w:
        w.db.execute(t.clocks.insert(), rows)
    return leads
