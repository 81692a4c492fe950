"""The numbers of sources, funnel, velocity, reps and loop against the same leads counted by hand, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest

from app.domain.commands import EnterCosts
from app.domain.costs import CostLine
from app.domain.report import Asked, Better, By, Cell, Report, Segment, Table
from app.reports import funnel, loop, reps, sources, velocity
from app.service import costs
from app.store.book import Book
from app.store.facts import Facts
from tests.fresh import START
from tests.reports.leads import Past, some_leads, write

PART = 91 * 100_001 // 100
"""Of a cost over 100 days what falls on the 91 that the question touches."""
NOW = START + timedelta(days=150)
ASKED = Asked(
    since=START + timedelta(days=10, hours=5),
    until=START + timedelta(days=100),
    was_since=START,
    was_until=START + timedelta(days=10, hours=5),
)


@pytest.fixture
def past(book: Book) -> list[Past]:
    leads = some_leads(5, 700, START, 120)
    write(book, leads)
    with book.writing("mia", NOW) as w:
        first = (START + timedelta(days=10)).date()
        lines = (
            CostLine(first=first.isoformat(), last=(first + timedelta(days=99)).isoformat(), medium="GOOGLE",
                     campaign="spring", amount=100_001),
            CostLine(first=first.isoformat(), medium="google", amount=7_00),
            CostLine(first=(first + timedelta(days=200)).isoformat(), medium="google", amount=9_999_00),
            CostLine(first=first.isoformat(), medium="radio", amount=50_00),
        )  # fmt: skip
        costs.enter(w, EnterCosts(costs=lines))
    return leads


@pytest.fixture
def facts(book: Book, past: list[Past]) -> Iterator[Facts]:
    with book.reading() as r:
        yield Facts(r, NOW)


def cohort(past: list[Past], since: datetime = ASKED.since, until: datetime = ASKED.until) -> list[Past]:
    return [one for one in past if one.counts and since <= one.captured < until]


def rows(table: Table, *names: str) -> dict[str, dict[str, Cell]]:
    keys = [column.key for column in table.columns]
    return {
        " · ".join(str(row[keys.index(name)].value) for name in names): dict(zip(keys, row, strict=True))
        for row in table.rows
    }


def is_behind(facts: Facts, report: Report, check: Callable[[Cell], None]) -> None:
    """Every number that can be clicked on counts the leads that are shown then."""
    for table in report.tables:
        for row in table.rows:
            for cell, column in zip(row, table.columns, strict=True):
                if cell.behind is not None and column.unit == "count":
                    total = facts.behind(report.asked, cell.behind, 5).total
                    assert total == cell.value, (table.key, column.key, row[0].value)
                    check(cell)


def test_sources(facts: Facts, past: list[Past]) -> None:
    report = sources.run(facts, ASKED)
    mine = cohort(past)
    by_medium = rows(report.table("by_medium"), "medium")
    assert set(by_medium) == {"google", "facebook", "(none)", "radio"}
    for name, leads in {
        name: [one for one in mine if (one.source[0].lower() or "(none)") == name] for name in by_medium
    }.items():
        row = by_medium[name]
        won = [one for one in leads if one.won]
        revenue = sum(one.amount or 0 for one in won)
        assert row["leads"].value == len(leads)
        assert row["qualified"].value == sum(one.qualified is not None for one in leads)
        assert row["won"].value == len(won)
        assert row["revenue"].value == revenue
        if leads:
            assert row["contact"].value == sum(one.contact is not None for one in leads) / len(leads)
            assert row["conversion"].value == len(won) / len(leads)
    google = by_medium["google"]
    assert google["cost"].value == PART + 7_00
    assert google["cpl"].value == google["cost"].value / google["leads"].value
    assert google["roi"].value == (google["revenue"].value - PART - 7_00) / (PART + 7_00)
    assert by_medium["facebook"]["cpl"].value is by_medium["facebook"]["roi"].value is None
    assert by_medium["radio"]["roi"].value == -1
    assert by_medium["radio"]["leads"].value == 0
    by_campaign = rows(report.table("by_campaign"), "medium", "campaign")
    assert by_campaign["google · spring"]["cost"].value == PART
    assert by_campaign["google · (none)"]["cost"].value is None
    last = rows(report.table("by_last_touch"), "medium")
    assert last["google"]["leads"].value == sum(one.last[0].lower() == "google" for one in mine)
    figures = {figure.key: figure for figure in report.figures}
    assert figures["cost"].now.value == PART + 7_00 + 50_00
    assert figures["leads"].now.value == len(mine)
    was = figures["leads"].was
    assert was is not None
    assert was.value == len(cohort(past, START, ASKED.since))
    is_behind(facts, report, lambda cell: None)


def test_a_sum_of_fewer_days_is_neither_better_nor_worse(facts: Facts) -> None:
    judged = sources.run(facts, ASKED)
    assert not any("first lead" in note for note in judged.notes)
    long_ago = replace(ASKED, was_since=START - timedelta(days=20))
    report = sources.run(facts, long_ago)
    assert any("first lead came in on" in note for note in report.notes)
    ways = {
        figure.key: (figure.better, was.better)
        for figure, was in zip(report.figures, judged.figures, strict=True)
    }
    for key in ("leads", "qualified", "won", "revenue"):
        assert ways[key] == (Better.NEITHER, Better.MORE)
    for key in ("contact", "conversion", "cpl"):
        assert ways[key][0] is ways[key][1] is not Better.NEITHER


def test_a_source_is_one_however_it_is_written(facts: Facts, past: list[Past]) -> None:
    mine = [one for one in cohort(past) if one.source[0].lower() == "google"]
    assert {one.source[0] for one in mine} == {"google", "Google"}
    found = {
        written: facts.groups(ASKED.narrowed(By.MEDIUM, written), By.MEDIUM, By.CAMPAIGN)
        for written in ("google", "Google", " GOOGLE")
    }
    assert len({frozenset(groups.items()) for groups in found.values()}) == 1
    groups = found["Google"]
    assert {names[0] for names in groups} == {"google"}, "as most of them have it"
    assert {names[1] for names in groups} == {"", "spring"}
    assert sum(group.counts.leads for group in groups.values()) == len(mine)
    assert facts.words()[0].count("google") == 1
    assert "Google" not in facts.words()[0]


def test_what_cannot_be_bought_has_no_cost(facts: Facts) -> None:
    hot = Asked(since=ASKED.since, until=ASKED.until, segment=Segment().narrowed(By.TIER, "HOT"))
    report = sources.run(facts, hot)
    assert {figure.now.value for figure in report.figures if figure.key in ("cost", "cpl", "roi")} == {None}
    assert any("left out" in note for note in report.notes)
    bought = Asked(since=ASKED.since, until=ASKED.until, segment=Segment().narrowed(By.MEDIUM, "google"))
    figures = {figure.key: figure.now.value for figure in sources.run(facts, bought).figures}
    assert figures["cost"] == PART + 7_00


def test_funnel(facts: Facts, past: list[Past]) -> None:
    report = funnel.run(facts, ASKED)
    mine = cohort(past)
    steps = rows(report.table("steps"), "step")
    for name, field in (("Contacted", "contact"), ("Qualified", "qualified"), ("Appointment", "booked")):
        reached = [one for one in mine if getattr(one, field)]
        assert steps[name]["leads"].value == len(reached)
        assert steps[name]["share"].value == len(reached) / len(mine)
        took = [(getattr(one, field) - one.captured).total_seconds() for one in reached]
        assert steps[name]["since_capture"].value == pytest.approx(median(took), rel=1e-9)
    assert steps["Valid"]["leads"].value == steps["Captured"]["leads"].value == len(mine)
    between = [(one.qualified - one.contact).total_seconds() for one in mine if one.contact and one.qualified]
    assert steps["Qualified"]["since_step"].value == pytest.approx(median(between), rel=1e-9)
    talked = [one for one in mine if one.contact]
    ratio = next(figure.now for figure in report.figures if figure.key == "booked_of_contacted")
    assert ratio.value == sum(one.booked is not None for one in talked) / len(talked)
    assert sum(one.booked is not None for one in mine) > ratio.value * len(talked)
    zone = ZoneInfo(facts.zone)
    cohorts = rows(report.table("cohorts"), "month")
    assert sum(int(row["leads"].value or 0) for row in cohorts.values()) == len(mine)
    for month, row in cohorts.items():
        leads = [
            one
            for one in mine
            if one.captured.astimezone(zone).date().replace(day=1) == date.fromisoformat(month)
        ]
        assert row["won"].value == sum(one.won for one in leads) / len(leads)
        assert row["open"].value == sum(one.is_open for one in leads) / len(leads)
    is_behind(facts, report, lambda cell: None)


def test_velocity(facts: Facts, past: list[Past]) -> None:
    report = velocity.run(facts, ASKED)
    zone = ZoneInfo(facts.zone)
    everybody = [one for one in past if one.counts]

    def per_month(at: Callable[[Past], datetime | None]) -> dict[str, int]:
        found: dict[str, int] = {}
        for one in everybody:
            instant = at(one)
            if instant is not None:
                month = instant.astimezone(zone).date().replace(day=1).isoformat()
                found[month] = found.get(month, 0) + 1
        return found

    months = rows(report.table("months"), "month")
    for key, rate, of in (
        ("leads", "leads_rate", lambda one: one.captured),
        ("qualified", "lvr", lambda one: one.qualified),
        ("won", "won_rate", lambda one: one.closed if one.won else None),
    ):
        wanted = per_month(of)
        for month, row in months.items():
            now = wanted.get(month, 0)
            before = (date.fromisoformat(month) - timedelta(days=1)).replace(day=1).isoformat()
            was = wanted.get(before, 0)
            assert row[key].value == now, (key, month)
            assert row[rate].value == ((now - was) / was if was else None), (key, month)
    won = [one for one in cohort(past) if one.won]
    took = [(one.closed - one.captured).total_seconds() for one in won if one.closed]
    whole = rows(report.table("time_to_win"), "medium")["All"]
    assert whole["won"].value == len(won)
    assert whole["median"].value == pytest.approx(median(took), rel=1e-9)
    assert whole["mean"].value == pytest.approx(mean(took), rel=1e-9)
    figures = {figure.key: figure for figure in report.figures}
    coming = figures["expected"].now
    assert coming.n is not None
    assert coming.low is not None
    assert coming.high is not None
    assert coming.low <= float(coming.value or 0) <= coming.high
    assert coming.n <= sum(one.is_open for one in cohort(past, START))
    assert report.table("curve").rows


def test_an_empty_floor_says_so(book: Book) -> None:
    with book.reading() as r:
        facts = Facts(r, NOW)
        for module in (sources, funnel, velocity, reps, loop):
            report = module.run(facts, ASKED)
            assert report.name == module.NAME
        expected = {figure.key: figure for figure in velocity.run(facts, ASKED).figures}["expected"]
        assert "not enough data" in expected.now.note


def test_reps_and_loop(facts: Facts, past: list[Past]) -> None:
    mine = cohort(past)
    report = reps.run(facts, ASKED)
    owners = rows(report.table("owners"), "rep")
    theirs = [one for one in mine if one.contact]
    assert owners["(left the floor)"]["leads"].value == len(theirs)
    met, breached = sum(one.met for one in theirs), sum(one.breached for one in theirs)
    assert owners["(left the floor)"]["sla"].value == met / (met + breached)
    callers = rows(report.table("callers"), "rep")
    took = [(one.called - one.captured).total_seconds() for one in mine if one.called]
    assert callers["(left the floor)"]["ttfc"].value == pytest.approx(median(took), rel=1e-9)
    is_behind(facts, report, lambda cell: None)
    report = loop.run(facts, ASKED)
    spring = rows(report.table("campaigns"), "campaign")["google · spring"]
    leads = [one for one in mine if tuple(word.lower() for word in one.source[:2]) == ("google", "spring")]
    soon = [one for one in leads if one.called and (one.called - one.captured).total_seconds() <= 300]
    assert spring["soon"].value == len(soon) / len(leads)
    assert spring["never"].value == sum(one.called is None for one in leads) / len(leads)
    is_behind(facts, report, lambda cell: None)
