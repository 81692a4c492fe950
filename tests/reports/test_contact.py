"""Contact: the numbers by delay and by call against the same leads and calls counted by hand, and where the published
figures beside them come from."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from app.clock import new_id
from app.domain.lead import Outcome
from app.domain.measure import odds_ratio, odds_ratio_interval, share_ratio_interval, wilson
from app.domain.report import Asked, By, Report
from app.reports import contact
from app.reports._published import AUDIT, FIGURES
from app.store import tables as t
from app.store.book import Book
from app.store.facts import Facts
from tests.fresh import START
from tests.reports.leads import Past, some_leads, write
from tests.reports.test_shelf import is_behind, rows

NOW = START + timedelta(days=60)
ASKED = Asked(since=START + timedelta(days=3), until=START + timedelta(days=40), by=By.MEDIUM)
Made = tuple[Past, int, datetime, str]


@pytest.fixture
def past(book: Book) -> list[Past]:
    leads = some_leads(3, 600, START, 45)
    draw = Random(4)
    for one in leads:  # many are called soon, so that groups of delays hold enough
        if one.called and draw.random() < 0.8:
            one.called = one.captured + timedelta(
                seconds=draw.choice((20, 60, 61, 300, 301, 900, 1800, 1801, 4000))
            )
    write(book, leads)
    return leads


@pytest.fixture
def made(book: Book, past: list[Past]) -> list[Made]:
    """Up to thirteen calls to each lead that was called, and letters that count in nothing."""
    draw = Random(5)
    with book.reading() as r:
        ids = {row.captured_at: row.id for row in r.db.execute(select(t.leads.c.id, t.leads.c.captured_at))}
    found: list[Made] = []
    stored = []
    for one in past:
        at = one.called
        for number in range(1, draw.choice((1, 1, 2, 3, 13)) + 1) if at else ():
            assert at is not None
            outcome = draw.choice(("no_answer", "voicemail", "", "booked", "call_back", "lost"))
            found.append((one, number, at, outcome))
            stored.append({"kind": "call", "number": number, "started_at": at, "outcome": outcome})
            stored.append({"kind": "email", "number": number, "started_at": at, "outcome": "won"})
            for row in stored[-2:]:
                row |= {
                    "id": new_id(),
                    "lead_id": ids[one.captured],
                    "rep_id": "ana",
                    "undone": outcome == "",
                    "is_test": False,
                }
            at += timedelta(minutes=draw.randrange(1, 4000))
    with book.writing("tester", START) as w:
        w.db.execute(insert(t.attempts), stored)
    return [one for one in found if one[0].counts and ASKED.since <= one[0].captured < ASKED.until]


def report(book: Book) -> Report:
    with book.reading() as r:
        facts = Facts(r, NOW)
        facts.zone = "Europe/Berlin"  # whose clocks are put on within the period
        return contact.run(facts, ASKED)


def between(past: list[Past], more: float, until: float) -> list[Past]:
    mine = [one for one in past if one.counts and ASKED.since <= one.captured < ASKED.until]
    return [one for one in mine if one.called and more < (one.called - one.captured).total_seconds() <= until]


def test_by_delay_and_the_odds(book: Book, past: list[Past]) -> None:
    found = report(book)
    table = rows(found.table("delay"), "delay")
    for name, more, until in (
        ("within 1 min", 0, 60), ("within 5 min", 60, 300), ("within 10 min", 300, 600),
        ("within 30 min", 600, 1800), ("within 1 h", 1800, 3600), ("within 24 h", 3600, 86400),
    ):  # fmt: skip
        leads = between(past, more, until)
        reached = sum(one.contact is not None for one in leads)
        row = table[name]
        assert row["leads"].value == len(leads)
        assert (row["contact"].value, row["contact"].n) == (
            reached / len(leads) if leads else None,
            len(leads),
        )
        if leads:
            assert (row["contact"].low, row["contact"].high) == wilson(reached, len(leads))
    soon, late = between(past, 0, 300), between(past, 600, 1800)
    four = [n for some in (soon, late) for n in (sum(one.contact is not None for one in some), len(some))]
    figures = {figure.key: figure.now for figure in found.figures}
    odds = figures["odds_contact"]
    assert odds.value == odds_ratio(*four)
    assert (odds.low, odds.high) == odds_ratio_interval(*four)
    part, whole = four[:2]
    ours = part / (whole - part)
    study = table["within 30 min"]["study_contact"].value
    assert isinstance(study, float)
    assert study / (1 - study) == pytest.approx(ours / 100)
    assert table["within 10 min"]["study_contact"].value is None
    with book.reading() as r:
        is_behind(Facts(r, NOW), found, lambda cell: None)


def test_by_number_weekday_and_hour_of_the_call(book: Book, made: list[Made]) -> None:
    found = report(book)
    live = {outcome.value for outcome in Outcome if outcome.is_contact}
    table = rows(found.table("attempts"), "number")
    assert len(table) == 10
    reached: set[int] = set()
    called = {id(one) for one, _, _, _ in made}
    for n in range(1, 11):
        mine = [call for call in made if min(call[1], 10) == n]
        hits = [call for call in mine if call[3] in live]
        row = table["10 and later" if n == 10 else str(n)]
        assert (row["calls"].value, row["contact"].value) == (len(mine), len(hits) / len(mine))
        reached |= {id(one) for one, _, _, _ in hits}
        assert row["so_far"].value == len(reached) / len(called)
    zone = ZoneInfo(found.zone)
    heat = found.table("heat").rows
    for weekday in range(7):
        for hour in range(24):
            mine = [
                c
                for c in made
                if (c[2].astimezone(zone).weekday(), c[2].astimezone(zone).hour) == (weekday, hour)
            ]
            cell = heat[weekday][1 + hour]
            assert cell.n == len(mine)
            if mine:
                assert cell.value == sum(call[3] in live for call in mine) / len(mine)
            assert (cell.note == "not enough data") == (len(mine) < 5)
    by_hour = rows(found.table("hours"), "hour")
    by_day = rows(found.table("weekdays"), "weekday")
    for table in (by_hour, by_day):
        assert sum(int(row["calls"].value or 0) for row in table.values()) == len(made)
    assert by_hour["9"]["contact"].n == sum(call[2].astimezone(zone).hour == 9 for call in made)


def test_published_figures_carry_year_sample_and_status(book: Book, past: list[Past]) -> None:
    found = report(book)
    table = rows(found.table("published"), "figure")
    assert len(table) == len(FIGURES) == 10
    for row in table.values():
        assert row["year"].value in ("2007", "2011")
        assert row["status"].value == "observational, vendor-linked"
        assert any(letter.isdigit() for letter in str(row["sample"].value))
    lrm = [row for row in table.values() if row["year"].value == "2007"]
    assert {row["published"].value for row in lrm} == {"100×", "21×", "4×"}
    for row in lrm:
        assert "15,000 leads" in str(row["sample"].value)
        assert "100,000 call attempts" in str(row["sample"].value)
    hours = table["Mean time to the first answer"]
    assert hours["published"].value == "42 h"
    assert hours["study"].value == "HBR, March 2011"
    notes = " ".join(found.table("published").notes)
    assert "Oldroyd, McElheran and Elkington, Harvard Business Review, March 2011" in notes
    assert "Lead Response Management Study, J. Oldroyd with InsideSales.com, 2007" in notes
    assert "“42 hours that Drift documented” is this figure: it is HBR's" in str(hours["mind"].value)
    assert "answered within 30 days" in str(hours["mind"].value)
    assert [row["published"].value for name, row in table.items() if name.startswith("First answer")] == [
        "37%", "16%", "24%", "23%",
    ]  # fmt: skip
    assert sum(part for _, part in AUDIT.values()) == pytest.approx(1)
    assert {row["sample"].value for row in table.values() if "×" in str(row["published"].value)} >= {
        "1.25 million leads of 42 firms (29 sell to consumers, 13 to firms)"
    }
    for key in ("delay", "audit"):
        drawn = found.table(key)
        assert drawn.beside
        assert all(column in [one.key for one in drawn.columns] for column in drawn.beside)
        words = " ".join(drawn.notes)
        assert "observational, vendor-linked" in words
        assert any(year in words for year in ("2007", "2011"))


def test_an_empty_floor_says_there_is_not_enough(book: Book) -> None:
    found = report(book)
    assert {figure.now.value for figure in found.figures} == {None}
    assert found.figures[3].now.note == "not enough data"
    assert {row["this floor"].value for row in rows(found.table("published"), "figure").values()} == {
        "not enough data"
    }


def test_intervals_of_ratios() -> None:
    """The example of Bland and Altman, BMJ 320, 2000, p. 1468: hay fever and eczema, 4.89 (3.99 to 6.00)."""
    low, high = odds_ratio_interval(141, 561, 928, 14453) or (0, 0)
    assert odds_ratio(141, 561, 928, 14453) == pytest.approx(4.89, abs=0.01)
    assert (low, high) == pytest.approx((3.99, 6.00), abs=0.03)
    assert odds_ratio_interval(0, 10, 5, 10) is None
    low, high = share_ratio_interval(20, 100, 10, 100) or (0, 0)
    assert (low, high) == pytest.approx((0.986, 4.056), abs=0.01)
    assert share_ratio_interval(0, 0, 5, 10) is None
