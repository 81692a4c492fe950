"""A floor's past out of real files: leads and their results, as `facts.json` counts them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest
from sqlalchemy import select

from app.clock import SystemClock
from app.codec import decode
from app.domain.events import LeadsTold
from app.domain.lead import Stage
from app.domain.past import ImportKind
from app.floor.local import LocalFloor
from app.store import tables as t
from app.workers.importer import Importer, Report

Bring = Callable[[Path, ImportKind], Report]


@pytest.fixture
def bring(local: LocalFloor, tmp_path: Path) -> Bring:
    """Import a file as something."""

    def into(path: Path, kind: ImportKind) -> Report:
        importer = Importer(local, SystemClock())
        preview = importer.look(path, kind=kind)
        return importer.run(path, preview=preview, rejects=tmp_path / f"{path.name}.rejects.csv")

    return into


def rows(local: LocalFloor, *columns: str) -> list[Any]:
    with local._book.reading() as r:
        wanted = [t.leads.c[name] for name in columns]
        return list(r.db.execute(select(*wanted).where(t.leads.c.stage.not_like("pending:%"))))


def by_source(found: list[Any]) -> dict[str, tuple[int, int, float]]:
    """(leads, won, conversion to six digits) by the case-folded medium."""
    leads, won = Counter[str](), Counter[str]()
    for row in found:
        key = row.medium.casefold() or "(blank)"
        leads[key] += 1
        won[key] += row.stage == Stage.WON
    return {key: (n, won[key], round(won[key] / n, 6)) for key, n in leads.items()}


def expected(facts: dict[str, Any]) -> dict[str, tuple[int, int, float]]:
    return {key.casefold(): (one["n"], one["won"], one["conversion"]) for key, one in facts.items()}


def months(found: list[datetime]) -> dict[str, dict[str, Any]]:
    counted = Counter(f"{at:%Y-%m}" for at in found)
    told: dict[str, dict[str, Any]] = {}
    before = 0
    for month in sorted(counted):
        lvr = round((counted[month] - before) / before, 6) if before else None
        told[month] = {"leads": counted[month], "lvr": lvr}
        before = counted[month]
    return told


def as_journal_says(local: LocalFloor) -> dict[str, Any]:
    """Each lead as the journal alone has it."""
    with local._book.reading() as r:
        query = select(t.events.c.body).where(t.events.c.kind == "import.leads_told").order_by(t.events.c.seq)
        told = [decode(body, LeadsTold) for body in r.db.execute(query).scalars()]
    return {lead.lead_id: lead for event in told for lead in event.leads}


@pytest.mark.parametrize("style", ["", "us-dates/"])
def test_olist_as_facts_say(
    data_dir: Path, facts: dict[str, Any], local: LocalFloor, bring: Bring, style: str
) -> None:
    known = facts["olist-funnel"]
    folder = data_dir / f"olist-funnel/{style}"
    assert (
        bring(folder / "olist_marketing_qualified_leads_dataset.csv", ImportKind.LEADS).leads == known["mqls"]
    )
    report = bring(folder / "olist_closed_deals_dataset.csv", ImportKind.RESULTS)
    found = rows(local, "medium", "stage", "captured_at", "closed_at", "owner", "id", "clock")
    captured = [row.captured_at for row in found]
    assert months(captured) == known["months_by_first_contact"]
    assert (f"{min(captured):%Y-%m-%d}", f"{max(captured):%Y-%m-%d}") == tuple(
        known["date_range"]["first_contact"]
    )
    told = as_journal_says(local)
    assert {row.id: (row.captured_at, row.closed_at, row.stage, row.medium, row.owner) for row in found} == {
        one.lead_id: (one.captured_at, one.closed_at, one.stage, one.medium, one.owner)
        for one in told.values()
    }
    assert {row.clock for row in found} == {"none"}
    if style:
        assert (report.told, report.rejected) == (380, 0)
        return
    assert (report.told, report.rejected) == (known["closed_deals"], 0)
    assert by_source(found) == expected(known["by_origin"])
    won = [row for row in found if row.stage == Stage.WON]
    assert months([row.closed_at for row in won]) == known["won_months"]
    days = [(row.closed_at - row.captured_at).total_seconds() / 86400 for row in won]
    said = known["days_to_win"]
    assert (round(median(days), 4), round(mean(days), 4)) == (said["median"], said["mean"])
    assert sum(n < 0 for n in days) == said["negative"]
    by_medium = defaultdict(list)
    for row, n in zip(won, days, strict=True):
        by_medium[row.medium or "(blank)"].append(n)
    assert {key: round(median(some), 4) for key, some in by_medium.items()} == known[
        "median_days_to_win_by_origin"
    ]
    assert len({row.owner for row in won}) == known["srs"]
    with local._book.reading() as r:
        assert [rep.active for rep in r.reps()] == [False] * known["srs"]
    first = datetime.fromisoformat(known["date_range"]["won"][0]).replace(tzinfo=UTC)
    assert min(row.closed_at for row in won) == first
