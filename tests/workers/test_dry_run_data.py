"""A trial over real leads from a file and days of a practice floor: what is in force reproduces exactly what happened.

`FIRSTRING_TRIALS=full` takes the whole file and thirty days; otherwise a part of both.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli.rulebook import told
from app.clock import HandClock
from app.domain.questions import DryRun
from app.domain.routes import Member, Route, Team, When
from app.domain.tier import Tier
from app.floor.local import LocalFloor
from app.service.answers import answer
from app.store.book import Book, start_floor
from app.workers import practice
from app.workers.importer import Importer

FULL = os.environ.get("FIRSTRING_TRIALS") == "full"
ROWS, PLAYED, BETWEEN = (None, timedelta(days=30), 900.0) if FULL else (300, timedelta(hours=3), 120.0)
NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)
BEGAN = NOON - PLAYED


@pytest.mark.timeout(7200 if FULL else 300)
def test_two_rulebooks_side_by_side_over_a_file_and_days_of_practice(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = (data_dir / "x-education/Leads.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    file = tmp_path / "Leads.csv"
    file.write_text("".join(lines[: ROWS + 1 if ROWS else None]), encoding="utf-8")

    def with_file(address: str, name: str, now: datetime) -> None:
        start_floor(address, name, now)
        floor = LocalFloor(Book(address), HandClock(now), "admin")
        try:
            Importer(floor, HandClock(now)).run(file, rejects=tmp_path / "rejects.csv")
        finally:
            floor.close()

    monkeypatch.setattr(practice, "start_floor", with_file)
    monkeypatch.setattr(practice, "MORNING", PLAYED)
    monkeypatch.setattr(practice, "BETWEEN_SECONDS", BETWEEN)
    address = str(tmp_path / "test.floor")
    practice.Practice(address, seed=11).prepare(NOON)

    book = Book(address, read_only=True)
    try:
        with book.reading() as r:
            ids = {rep.name: rep.id for rep in r.reps()}
            live = r.rulebook()
        tiers = tuple(replace(rule, sla=rule.sla * 2) for rule in live.tiers)
        north = Team(
            name="North", members=(Member(rep=ids["Jonas Weber"]), Member(rep=ids["Kim Tran"], weight=3))
        )
        routes = (Route(name="Hot", when=When(tiers=(Tier.HOT,)), team="North"), Route(name="Rest"))
        draft = replace(live, name="Twice the time", tiers=tiers, teams=(north,), routes=routes)
        tried = answer(book, DryRun(rulebook=draft, since=BEGAN, until=NOON), "admin")
        same = answer(book, DryRun(rulebook=live, since=BEGAN, until=NOON), "admin")
    finally:
        book.close()
    print("\n" + "\n".join(told(tried)))  # noqa: T201

    assert tried.leads > (1500 if FULL else 50)
    assert tried.recorded > 3 * tried.leads
    assert (tried.reproduced, tried.differing) == (tried.recorded, ())
    assert same.draft == same.live == tried.live
    assert tried.elsewhere > 0
    assert sum(tier.met for tier in tried.draft.tiers) > sum(tier.met for tier in tried.live.tiers)
    assert any("came from files" in note for note in tried.notes)
