"""Reports at the door: which there are, making one, and the leads behind a number of it.

What makes them is loaded when the first one is asked for: most desks never do.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from app.domain.errors import NotFound
from app.domain.report import Behind, LeadsBehind, Report, Reports, ReportTitle, RunReport, Shelf
from app.plugs import load
from app.store.reading import Reading

if TYPE_CHECKING:
    from app.store.facts import Facts


@cache
def _shelf() -> dict[str, ModuleType]:
    return {module.NAME: module for module in load("app.reports")}


def run_report(r: Reading, question: RunReport) -> Report:
    """Make a report; raises NotFound where there is none of that name, Refused for a segment of no field."""
    module = _shelf().get(question.name)
    if module is None:
        raise NotFound(f"There is no report called “{question.name[:60]}”.")
    report: Report = module.run(_facts(r), question.asked)
    return report


def reports(r: Reading, _: Reports) -> Shelf:
    """Which reports there are, and what of the floor they can be of."""
    facts = _facts(r)
    mediums, campaigns = facts.words()
    return Shelf(
        reports=tuple(
            ReportTitle(name=module.NAME, title=module.TITLE, by=module.BY) for module in _shelf().values()
        ),
        zone=facts.zone,
        mediums=mediums,
        campaigns=campaigns,
        first_capture=facts.first_capture,
    )


def leads_behind(r: Reading, question: LeadsBehind) -> Behind:
    """The leads that a number counts."""
    return _facts(r).behind(question.asked, question.segment, max(0, min(question.limit, 5000)))


def _facts(r: Reading) -> Facts:
    from app.store.facts import Facts

    return Facts(r, r.now)
