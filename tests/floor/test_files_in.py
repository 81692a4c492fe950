"""A floor's past comes in at a desk's import screen, on every kind of floor."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.channels.table import Wishes
from app.domain.errors import AppError, NotAllowed
from app.domain.lead import Role, Stage
from app.domain.past import ImportKind
from app.domain.questions import Costs, FindLeads
from app.ui.import_job import ImportJob
from app.workers.importer import Report
from app.workers.preview import Preview
from tests.floor.stand import Stand

FILES = {
    ImportKind.LEADS: "Lead ID,Name,Email,Created\nL-1,Dana Fox,dana@x.example,13/01/2026 09:30\n",
    ImportKind.CALLS: "Lead ID,Call time,Seconds,Status,Called by\nL-1,13/01/2026 10:00,61,connected,Jo\n",
    ImportKind.RESULTS: 'Email;Stage;Closed on;Amount\ndana@x.example;Won;14.01.2026;"1.200,50"\n',
    ImportKind.COSTS: "Month,Medium,Cost\n2026-01,fair,120\n",
}
Bring = Callable[[ImportKind], Report]


@pytest.fixture
def desk(stand: Stand, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[Role], Bring]]:
    """Has a desk of somebody bring one of the files in, as it is proposed."""
    jobs: list[ImportJob] = []

    def of(role: Role) -> Bring:
        job = ImportJob(stand.by(stand.rep(role.value, role)), stand.clock)
        jobs.append(job)
        return partial(bring, job, qtbot, tmp_path)

    yield of
    for job in jobs:
        job.stop()


def bring(job: ImportJob, qtbot: QtBot, folder: Path, kind: ImportKind) -> Report:
    told: list[Any] = []
    for signal in (job.looked, job.finished, job.failed):
        signal.connect(told.append)

    def until(wanted: type[Any]) -> Any:
        qtbot.waitUntil(lambda: bool(told), timeout=60_000)
        found = told.pop()
        if isinstance(found, AppError):
            raise found
        assert isinstance(found, wanted), found
        return found

    path = folder / f"{kind}.csv"
    path.write_text(FILES[kind])
    job.look(path, Wishes())
    preview: Preview = until(Preview)
    assert preview.kind is kind
    job.take_as(preview, ImportKind.LEADS)
    assert until(Preview).kind is ImportKind.LEADS
    job.run(preview, preview.mapping)
    report: Report = until(Report)
    return report


def test_a_past_comes_in(stand: Stand, desk: Callable[[Role], Bring]) -> None:
    bring = desk(Role.MANAGER)
    assert bring(ImportKind.LEADS).leads == 1
    for kind in (ImportKind.CALLS, ImportKind.RESULTS, ImportKind.COSTS):
        report = bring(kind)
        assert (report.told, report.rejected) == (1, 0), kind
    (dana,) = stand.setup.ask(FindLeads(text="dana")).leads
    assert (dana.stage, dana.amount, dana.attempts) == (Stage.WON, 120_050, 1)
    assert dana.captured_at == datetime(2026, 1, 13, 9, 30, tzinfo=UTC)
    assert dana.first_attempt_at == datetime(2026, 1, 13, 10, 0, tzinfo=UTC)
    assert [cost.amount for cost in stand.setup.ask(Costs()).costs] == [12_000]
    assert bring(ImportKind.CALLS).repeated == 1


def test_a_team_lead_brings_no_people_in(stand: Stand, desk: Callable[[Role], Bring]) -> None:
    bring = desk(Role.TEAM_LEAD)
    assert bring(ImportKind.LEADS).leads == 1
    with pytest.raises(NotAllowed, match=r"people whom this floor does not know \(Jo\)"):
        bring(ImportKind.CALLS)
    stand.rep("Jo")
    assert bring(ImportKind.CALLS).told == 1
    with pytest.raises(NotAllowed):
        bring(ImportKind.COSTS)
