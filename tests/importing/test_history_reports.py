"""Real exports in, reports out: what the floor's reports say of them is what `facts.json` counts."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.clock import SystemClock
from app.domain.lead import AttemptKind
from app.domain.past import ImportKind
from app.domain.questions import Costs
from app.domain.report import Asked, By, Report, RunReport, Table
from app.floor.local import LocalFloor
from app.store import tables as t
from app.workers.importer import Importer
from app.workers.importer import Report as Done

Bring = Callable[..., Done]
SINCE, UNTIL = datetime(2015, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def bring(local: LocalFloor, tmp_path: Path) -> Bring:
    """Import a file as something."""

    def into(path: Path, kind: ImportKind, *, again: bool = False) -> Done:
        importer = Importer(local, SystemClock())
        preview = importer.look(path, kind=kind)
        return importer.run(path, preview=preview, again=again, rejects=tmp_path / f"{path.name}.rejects.csv")

    return into


def table_of(local: LocalFloor, name: str, key: str, by: By = By.SOURCE) -> Table:
    found: Report = local.ask(RunReport(name=name, asked=Asked(since=SINCE, until=UNTIL, by=by)))
    return next(table for table in found.tables if table.key == key)


def lines(table: Table) -> list[dict[str, Any]]:
    return [
        {column.key: cell.value for column, cell in zip(table.columns, row, strict=True)}
        for row in table.rows
    ]


def by_medium(local: LocalFloor) -> dict[str, tuple[int, int, float]]:
    """(leads, won, conversion to six digits), as the sources report says."""
    return {
        str(line["medium"]).casefold(): (line["leads"], line["won"], round(line["conversion"], 6))
        for line in lines(table_of(local, "sources", "by_medium", By.MEDIUM))
        if line["leads"]
    }


def expected(facts: dict[str, Any]) -> dict[str, tuple[int, int, float]]:
    return {
        key.casefold().replace("(blank)", "(none)"): (one["n"], one["won"], one["conversion"])
        for key, one in facts.items()
    }


def months(local: LocalFloor, leads: str, rate: str) -> dict[str, dict[str, Any]]:
    told = {}
    for line in lines(table_of(local, "velocity", "months")):
        if line[leads]:
            change = None if line[rate] is None else round(line[rate], 6)
            told[str(line["month"])[:7]] = {"leads": line[leads], "lvr": change}
    return told


def test_zohos_reports_are_as_facts_say(
    data_dir: Path, facts: dict[str, Any], local: LocalFloor, bring: Bring
) -> None:
    known, folder = facts["zoho-crm"], data_dir / "zoho-crm"
    assert bring(folder / "Leads.csv", ImportKind.LEADS).leads == known["leads"]
    deals = bring(folder / "Potentials.csv", ImportKind.RESULTS)
    assert (deals.told, deals.rejected) == (sum(known["potential_stages"].values()), 0)
    assert by_medium(local) == expected(known["by_lead_source_won"])
    assert months(local, "leads", "leads_rate") == known["months"]
    owners = {rep.id: rep.name for rep in local.reps()}
    with local._book.reading() as r:
        won = func.sum(func.coalesce(t.leads.c.stage == "won", False).cast(t.leads.c.attempts.type))
        counted = r.db.execute(select(t.leads.c.owner, func.count(), won).group_by(t.leads.c.owner))
        by_owner = {owners[owner]: (n, won, round(won / n, 6)) for owner, n, won in counted}
    assert {name.casefold(): told for name, told in by_owner.items()} == expected(known["by_owner_won"])

    calls = bring(folder / "Calls.csv", ImportKind.CALLS)
    assert calls.told == known["calls_tied_to_a_lead"]
    assert calls.rejected == known["calls"] - known["calls_tied_to_a_lead"]
    with (folder / "Calls.csv").open(encoding="utf-8-sig", newline="") as file, local._book.reading() as r:
        leads = set(r.db.execute(select(t.inquiries.c.external_id)).scalars())
        tied = [row for row in csv.DictReader(file) if row["LEADID"] in leads]
        kept = list(r.db.execute(select(t.attempts)))
        called = r.db.execute(
            select(func.count()).select_from(t.leads).where(t.leads.c.first_call_at.is_not(None))
        )
        assert called.scalar_one() == len({row["LEADID"] for row in tied if row["Call Type"] == "Outbound"})
    assert len(kept) == len(tied)
    assert sum((row.ended_at - row.started_at).total_seconds() for row in kept) == sum(
        float(row["Call Duration (in seconds)"]) for row in tied
    )
    assert sum(row.kind == AttemptKind.DESK.value for row in kept) == sum(
        row["Call Type"] == "Inbound" for row in tied
    )

    spent = bring(folder / "Campaigns.csv", ImportKind.COSTS)
    assert (spent.told, spent.rejected) == (known["campaigns"], 0)
    total = round(known["campaign_actual_cost_total"] * 100)
    assert sum(cost.amount for cost in local.ask(Costs()).costs) == total
    found = local.ask(RunReport(name="sources", asked=Asked(since=SINCE, until=UNTIL)))
    cost = next(figure for figure in found.figures if figure.key == "cost")
    assert cost.now.value == total

    again = bring(folder / "Campaigns.csv", ImportKind.COSTS, again=True)
    assert (again.told, again.repeated) == (0, known["campaigns"])
    assert sum(cost.amount for cost in local.ask(Costs()).costs) == total


def test_x_educations_sources_are_as_facts_say(
    data_dir: Path, facts: dict[str, Any], local: LocalFloor, bring: Bring
) -> None:
    known = facts["x-education"]
    assert bring(data_dir / "x-education/Leads.csv", ImportKind.LEADS).leads == known["rows"]
    assert by_medium(local) == expected(known["by_lead_source_case_folded"])


def test_olists_reports_are_as_facts_say(
    data_dir: Path, facts: dict[str, Any], local: LocalFloor, bring: Bring
) -> None:
    known, folder = facts["olist-funnel"], data_dir / "olist-funnel"
    bring(folder / "olist_marketing_qualified_leads_dataset.csv", ImportKind.LEADS)
    bring(folder / "olist_closed_deals_dataset.csv", ImportKind.RESULTS)
    assert by_medium(local) == expected(known["by_origin"])
    assert months(local, "leads", "leads_rate") == known["months_by_first_contact"]
    assert months(local, "won", "won_rate") == known["won_months"]


LEADS = "Lead ID,Email,Captured at\n" + "".join(
    f"L-{n},l{n}@x.example,2024-05-0{n} 09:00\n" for n in (1, 2, 3, 4)
)
LOG = """Lead ID,Call time,Duration (seconds),Call outcome
L-1,2024-05-01 09:04,180,Connected
L-1,2024-05-02 11:00,90,Connected
L-2,2024-05-02 09:30,12,No answer
L-2,2024-05-03 14:10,200,Connected
L-3,2024-05-03 09:02,60,Booked
L-4,2024-05-04 09:02,9,Voicemail
"""


def test_a_call_that_a_log_calls_connected_is_a_conversation_in_every_table(
    local: LocalFloor, bring: Bring, tmp_path: Path
) -> None:
    for name, text, kind in (("leads", LEADS, ImportKind.LEADS), ("log", LOG, ImportKind.CALLS)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        assert not bring(tmp_path / f"{name}.csv", kind).rejected
    attempts = lines(table_of(local, "contact", "attempts"))
    assert [(one["contact"], one["so_far"], one["calls"]) for one in attempts] == [
        (0.5, 0.5, 4),
        (1.0, 0.75, 2),
    ]
    hours = {
        line["hour"]: line["contact"] for line in lines(table_of(local, "contact", "hours")) if line["calls"]
    }
    assert hours == {"9": 0.5, "11": 1.0, "14": 1.0}
    (group,) = lines(table_of(local, "contact", "groups", By.MEDIUM))
    assert group["contact"] == 0.75
