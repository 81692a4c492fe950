"""What is put into a book is what comes out of it, on either database, to the last microsecond and letter."""

from __future__ import annotations

import json
import random
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.clock import new_id
from app.domain.inquiry import Inquiry, InquiryState, Origin
from app.domain.lead import (
    Alarm,
    ClockState,
    Lead,
    Outcome,
    Reason,
    Rep,
    Source,
    Stage,
    Tier,
)
from app.domain.rulebook import DEFAULT, ScoreRule
from app.store.book import Book
from tests.fresh import START
from tests.store.notes import a_lead, an_inquiry, note

TEXTS = tuple(
    field.name
    for field in fields(Lead)
    if field.type == "str" and field.name not in ("id", "on_call", "owner")
)
ODD = [
    "",
    " ",
    "Zoë ☎",
    "a'b\"c\\d",
    "%_\\%",
    "'; DROP TABLE leads; --",
    "<b>x</b>",
    "\u202egnp.exe",
    "\u0301" * 200,
]


def full_of(text: str) -> Lead:
    """A lead with a text wherever it can have one."""
    return replace(
        a_lead(
            problems=(text, text), answers=((text, text), ("", text)), reasons=(Reason(text=text, points=1),)
        ),
        origin=Origin(medium=text, campaign=text, ad=text, keyword=text, click_id=text, page=text),
        **dict.fromkeys(TEXTS, text),
    )


def test_every_text_comes_back_from_every_column(book: Book, data_dir: Path) -> None:
    """The big list of naughty strings, in each text of each noun."""
    texts = ODD + json.loads((data_dir / "text-corpora" / "blns.json").read_text("utf-8"))
    leads = {lead.id: lead for lead in map(full_of, texts)}
    kept: dict[str, tuple[Inquiry, str]] = {}
    alarms, reps, sources = {}, {}, {}
    with book.writing("tester", START) as w:
        for text, lead in zip(texts, leads.values(), strict=True):
            w.add_lead(lead, text, text)
            one = an_inquiry(text.encode(), content_type=text, headers=((text, text),), remote=text)
            w.add_inquiry(one, "d", InquiryState.REVIEW, why=text, external_id=text, lead_id=lead.id)
            kept[one.id] = (one, text)
            alarm = Alarm(id=new_id(), name=text, lead_id=lead.id, text=text, raised_at=START)
            rep = Rep(id=new_id(), name=text, status_since=START)
            source = Source(id=new_id(), key=new_id(), name=text, channel=text, secret=text, created_at=START)
            alarms[alarm.id], reps[rep.id], sources[source.id] = alarm, replace(rep, version=1), source
            w.add_alarm(alarm)
            w.add_rep(rep)
            w.save_source(source, new=True)
            w.keep_answer(lead.id, "hash", json.dumps(text))
        w.publish(
            replace(
                DEFAULT, version=2, name=texts[5], rules=(ScoreRule(text=texts[4], field="ask", points=1),)
            )
        )
    last = note(book, *texts)
    with book.reading() as r:
        found = r.open_leads()
        assert {lead.id: lead for lead in found} == leads
        assert {alarm.id: alarm for alarm in r.alarms()} == alarms
        assert {rep.id: rep for rep in r.reps()} == reps
        assert {line.source.id: line.source for line in r.source_lines()} == sources
        waiting, total = r.inquiries_in(InquiryState.REVIEW, 10_000)
        assert total == len(texts)
        assert {item.inquiry.id: (item.inquiry, item.why) for item in waiting} == kept
        notes = [entry.event.text for entry in r.since(0, limit=10_000)]  # type: ignore[attr-defined]
        assert notes == texts
        assert r.rulebook().name == texts[5]
        assert last == len(texts)


def test_bytes_are_kept_as_they_came(book: Book) -> None:
    raws = [b"", bytes(range(256)) * 300, b"\xff\xfe\0", "☎".encode("utf-16")]
    with book.writing("tester", START) as w:
        ids = []
        for raw in raws:
            one = an_inquiry(raw)
            w.add_inquiry(one, "d", InquiryState.REVIEW)
            ids.append(one.id)
    with book.reading() as r:
        assert [r.inquiry(one).inquiry.raw for one in ids] == raws


def test_instants_are_exact_to_the_microsecond(book: Book) -> None:
    dice = random.Random(1)
    instants = [
        datetime(1, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1900, 2, 28, 23, 59, 59, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, 0, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ]  # fmt: skip
    instants += [START + timedelta(microseconds=dice.randint(-(10**16), 10**16)) for _ in range(200)]
    leads = [a_lead(deadline=at, retry_at=at) for at in instants]
    with book.writing("tester", START) as w:
        for lead in leads:
            w.add_lead(lead, "", "")
    with book.reading() as r:
        found = {lead.id: lead for lead in r.open_leads()}
    assert [found[lead.id].deadline for lead in leads] == instants
    assert {lead.deadline.tzinfo for lead in found.values() if lead.deadline} == {UTC}


def test_a_whole_lead_comes_back_whole(book: Book) -> None:
    lead = replace(
        full_of("x"), zones=3, no_call=True, no_email=True, is_test=True, inquiries=4, tier=Tier.HOT, score=-5, fit=2,
        intent=-7, rulebook=9, clock=ClockState.BREACHED, sla_seconds=60, deadline=START, breached_at=START,
        stage=Stage.WORKING, rescore_at=START, owner="rep", claim_no=3, claimed_at=START, on_call="attempt",
        hung_up_at=START, paused_until=START, paused_why="lunch", seen_at=START, qualified_at=START, attempts=2,
        first_attempt_at=START, last_attempt_at=START, last_outcome=Outcome.BOOKED, contact_at=START, booked_at=START,
        appointment_at=START, call_back_at=START, retry_at=START, closed_at=START, amount=2**40,
        offered=("rep", "other"), lapse_at=START, given_at=START,
    )  # fmt: skip
    with book.writing("tester", START) as w:
        w.add_lead(lead, "", "")
        assert w.lead(lead.id) == lead
        assert w.on_call("rep") == lead
        newer = w.save_lead(replace(lead, amount=0, last_outcome=None))
        assert newer.version == lead.version + 1
        assert w.lead(lead.id) == newer
        for name in (field.name for field in fields(Lead)):
            assert getattr(lead, name) or name == "id", f"{name} is empty, and so is not tried here"
