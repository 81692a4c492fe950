"""The baseline is kept as it was, whatever becomes of its leads, and later spans are compared with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import text, update

from app.codec import encode_text
from app.domain.commands import FreezeBaseline
from app.domain.errors import Refused
from app.domain.events import BaselineFrozen
from app.domain.journal import Part
from app.domain.measure import GRID, Spread
from app.domain.report import Asked
from app.domain.strata import compared, timed
from app.reports import baseline
from app.service.baseline import freeze
from app.store import audit
from app.store import tables as t
from app.store.baselines import newest
from app.store.book import Book
from app.store.facts import Facts
from tests.fresh import START
from tests.reports.leads import Past, some_leads, write

NOW = START + timedelta(days=90)
ASKED = Asked(since=START, until=START + timedelta(days=61))


@pytest.fixture
def past(book: Book) -> list[Past]:
    leads = some_leads(11, 500, START, 60)
    write(book, leads)
    return leads


def report(book: Book) -> baseline.Report:
    with book.reading() as r:
        return baseline.run(Facts(r, NOW), ASKED)


def frozen(book: Book, at: timedelta = timedelta(days=90)) -> None:
    with book.writing("mia", START + at) as w:
        freeze(w, FreezeBaseline())


def test_it_is_kept_as_it_was(book: Book, past: list[Past]) -> None:
    lively = report(book)
    assert any("No baseline is frozen" in note for note in lively.notes)
    frozen(book)
    before = report(book)
    assert lively.table("rates").rows == before.table("rates").rows
    with book.writing("mia", NOW) as w:
        w.db.execute(
            update(t.leads).where(t.leads.c.captured_at < START + timedelta(days=29)).values(contact_at=None)
        )
    after = report(book)
    assert after.table("rates").rows == before.table("rates").rows
    assert after.notes == before.notes
    with book.reading() as r:
        kept = newest(r)
        (entry,) = audit.page(r, Part(kinds=("baseline.frozen",)), 5)
    assert kept is not None
    assert kept.is_whole
    assert isinstance(entry.event, BaselineFrozen)
    assert entry.event.sha256 == kept.sha256
    first = min(one.captured for one in past if one.counts)
    days = [one for one in past if one.counts and one.captured < first + timedelta(days=30)]
    assert entry.event.leads == kept.baseline.leads == len(days)


def test_the_rates_are_those_counted_by_hand(book: Book, past: list[Past]) -> None:
    frozen(book)
    end = min(one.captured for one in past if one.counts) + timedelta(days=30)
    mixes: list[dict[tuple[str, ...], tuple[int, int]]] = [{}, {}]
    for one in past:
        if one.counts:
            mix = mixes[one.captured >= end]
            key = (one.source[0].casefold(), one.tier)
            some, of = mix.get(key, (0, 0))
            mix[key] = some + (one.contact is not None), of + 1
    wanted = compared(*mixes)
    assert wanted is not None
    row = next(row for row in report(book).table("rates").rows if row[0].value == "Contact rate")
    assert row[1].value == pytest.approx(wanted.before)
    assert row[2].value == pytest.approx(wanted.after)
    assert (row[3].low, row[3].high) == pytest.approx((wanted.low, wanted.high))


def test_times_are_compared_by_source_and_tier(book: Book, past: list[Past]) -> None:
    frozen(book)
    end = min(one.captured for one in past if one.counts) + timedelta(days=30)
    waits: list[dict[tuple[str, ...], list[float]]] = [{}, {}]
    for one in past:
        if one.counts and one.called is not None:
            mine = waits[one.captured >= end].setdefault((one.source[0].casefold(), one.tier), [])
            mine.append((one.called - one.captured).total_seconds())
    mixes = [{key: (len(some), np.quantile(some, GRID).tolist()) for key, some in of.items()} for of in waits]
    wanted = timed(mixes[0], mixes[1], (0.5, 0.9))
    rows = report(book).table("ttfc").rows
    hot, warm, cold = (f"Wall time, median of {tier}" for tier in ("HOT", "WARM", "COLD"))
    assert [row[0].value for row in rows] == ["Wall time, median", "Wall time, p90", hot, warm, cold]
    mine = [{key: at for key, at in mix.items() if key[1] == "HOT"} for mix in mixes]
    wanted = (*wanted, *timed(mine[0], mine[1], (0.5,)))
    for row, found in zip(rows, wanted, strict=False):
        assert found is not None
        assert row[1].value == pytest.approx(found.before)
        assert row[2].value == pytest.approx(found.after)
        assert (row[3].low, row[3].high) == pytest.approx((found.low, found.high))
    mix = {(row[0].value, row[1].value): row for row in report(book).table("mix").rows}
    for (medium, tier), some in waits[1].items():
        assert mix[medium or "(none)", tier][7].value == pytest.approx(np.median(some))


def test_one_that_was_frozen_before_times_were_kept_by_source_is_read(book: Book, past: list[Past]) -> None:
    frozen(book)
    with book.writing("mia", NOW) as w:
        kept = newest(w)
        assert kept is not None
        before = replace(
            kept.baseline, strata=tuple(replace(one, ttfc=Spread()) for one in kept.baseline.strata)
        )
        w.db.execute(text("UPDATE baselines SET body = :body"), {"body": encode_text(before)})
    table = report(book).table("ttfc")
    assert table.rows[0][1].value == kept.baseline.ttfc.median
    assert table.rows[0][3].value is None
    assert any("before times were kept" in note for note in table.notes)


def test_who_changes_it_in_the_database_is_found_out(book: Book, past: list[Past]) -> None:
    frozen(book)
    with book.writing("mia", NOW) as w:
        w.db.execute(text('UPDATE baselines SET body = replace(body, \'"tier":"HOT"\', \'"tier":"COLD"\')'))
    assert any("was changed in the database" in note for note in report(book).notes)


def test_it_is_not_frozen_before_its_days_are_over_nor_without_leads(book: Book) -> None:
    with pytest.raises(Refused, match="no lead yet"):
        frozen(book)
    write(book, some_leads(1, 20, START, 2))
    with pytest.raises(Refused, match="not over"):
        frozen(book, timedelta(days=20))
    with pytest.raises(Refused, match="No lead came"), book.writing("mia", NOW) as w:
        freeze(w, FreezeBaseline(since=START + timedelta(days=40)))
