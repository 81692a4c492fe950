"""What is hidden from whom, of what they may ask for.

A partner sees the leads given to them and nothing else: another's lead is as if it were not there, and a lead
that is taken away leaves them as a bare, closed row, so that their desk drops it. An admin looks after the
program and calls nobody: numbers and addresses are masked, and what came in is not shown word for word. The
secret of a way in is for those who may change it, money in reports for managers and owners, and whoever leads
nobody sees their own computers only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from app.domain.events import (
    CostsNoted,
    Entry,
    LeadAskedAgain,
    LeadCorrected,
    LeadRouted,
    OfferLapsed,
    RepTold,
    Unknown,
)
from app.domain.lead import Lead, Role, Stage
from app.domain.questions import Decisions, DeviceList, History, JournalPage, Leads, SourceList
from app.domain.report import Cell, Column, Figure, Report, Table, Unit
from app.domain.roles import LETS_IN, RUNNING, Standing

T = TypeVar("T")


class Viewer(NamedTuple):
    """Who looks: the actor of the journal, and their standing."""

    actor: str
    standing: Standing

    @property
    def is_partner(self) -> bool:
        return self.standing is Role.PARTNER

    @property
    def sees_numbers(self) -> bool:
        return self.standing is not Role.ADMIN

    @property
    def sees_all(self) -> bool:
        return not self.is_partner and self.sees_numbers


def masked(text: str) -> str:
    """A number or address with all but its last two signs hidden: "••••48"."""
    return "••••" + text[-2:] if len(text) > 4 else "••••" if text else ""


def is_theirs(lead: Lead, viewer: Viewer) -> bool:
    """Whether this viewer may know of the lead at all."""
    return not viewer.is_partner or viewer.actor in (lead.owner, *lead.offered)


def seen_lead(lead: Lead, viewer: Viewer) -> Lead:
    """The lead as this viewer sees it."""
    if not is_theirs(lead, viewer):
        return Lead(id=lead.id, version=lead.version, captured_at=lead.captured_at, stage=Stage.LOST)
    if not viewer.sees_numbers:
        answers = tuple((name, "••••") for name, _ in lead.answers)
        return replace(
            lead, phone=masked(lead.phone), email=masked(lead.email), problems=(), ask="", answers=answers
        )
    return lead


def seen_entry(entry: Entry, viewer: Viewer, theirs: Callable[[str], bool]) -> Entry:
    """A line of the journal as this viewer sees it; `theirs` tells whether a lead's id is one they may know of."""
    if viewer.is_partner and not (theirs(entry.lead_id) or entry.actor == viewer.actor):
        if isinstance(entry.event, RepTold) and entry.event.to in ("", viewer.actor):
            return entry
        return replace(entry, actor="", lead_id="", event=Unknown(kind="hidden"))
    if viewer.is_partner and isinstance(entry.event, LeadRouted):
        return replace(entry, event=_own_line(entry.event, viewer.actor))
    if viewer.is_partner and isinstance(entry.event, OfferLapsed):
        return replace(entry, event=replace(entry.event, offered=(), names=()))
    if not viewer.sees_numbers and isinstance(entry.event, LeadCorrected):
        changes = tuple((field, masked(was), masked(now)) for field, was, now in entry.event.changes)
        return replace(entry, event=LeadCorrected(changes=changes))
    if not viewer.sees_numbers and isinstance(entry.event, LeadAskedAgain):
        return replace(entry, event=replace(entry.event, ask=""))
    if not viewer.sees_numbers and isinstance(entry.event, CostsNoted):
        return without_money(entry)
    return entry


def without_money(entry: Entry) -> Entry:
    """An entry as it is told to the whole floor: that costs were entered, not which."""
    if isinstance(entry.event, CostsNoted):
        return replace(entry, event=replace(entry.event, lines=()))
    return entry


def _own_line(event: LeadRouted, actor: str) -> LeadRouted:
    """A decision without what it says of others."""
    return replace(
        event,
        ledger=tuple(line for line in event.ledger if line.rep_id == actor),
        passed=(),
        offered=tuple(rep_id for rep_id in event.offered if rep_id == actor),
    )


def _decisions(found: Decisions, viewer: Viewer) -> Decisions:
    return Decisions(entries=tuple(seen_entry(entry, viewer, bool) for entry in found.entries))


def _history(history: History, viewer: Viewer) -> History:
    if viewer.sees_all:
        return history
    return History(
        lead=seen_lead(history.lead, viewer),
        entries=tuple(seen_entry(entry, viewer, bool) for entry in history.entries),
        attempts=history.attempts,
        inquiries=history.inquiries if viewer.sees_numbers else (),
        lag=history.lag,
    )


def _journal(page: JournalPage, viewer: Viewer) -> JournalPage:
    return replace(page, entries=tuple(seen_entry(entry, viewer, bool) for entry in page.entries))


def _leads(found: Leads, viewer: Viewer) -> Leads:
    return Leads(leads=tuple(seen_lead(lead, viewer) for lead in found.leads), more=found.more)


def _sources(found: SourceList, viewer: Viewer) -> SourceList:
    if viewer.standing in RUNNING:
        return found
    return SourceList(
        lines=tuple(
            replace(line, source=replace(line.source, secret="", other_secret="")) for line in found.lines
        )
    )


def _devices(found: DeviceList, viewer: Viewer) -> DeviceList:
    if viewer.standing in LETS_IN:
        return found
    return DeviceList(
        devices=tuple(device for device in found.devices if device.rep_id == viewer.actor), invitations=()
    )


NO_MONEY = "Money is shown to managers and owners."
_OF_MONEY = frozenset({"roi"})
"""Keys of figures and columns that tell of money in another unit."""


def _report(report: Report, viewer: Viewer) -> Report:
    if viewer.standing is not Role.TEAM_LEAD:
        return report
    hidden = Cell(value=None, note=NO_MONEY)
    return replace(
        report,
        figures=tuple(
            replace(one, now=hidden, was=None) if _is_money(one) else one for one in report.figures
        ),
        tables=tuple(_without_money(table, hidden) for table in report.tables),
    )


def _without_money(table: Table, hidden: Cell) -> Table:
    money = [_is_money(column) for column in table.columns]
    if not any(money):
        return table
    rows = (
        tuple(hidden if is_money else cell for is_money, cell in zip(money, row, strict=True))
        for row in table.rows
    )
    return replace(table, rows=tuple(rows))


def _is_money(one: Figure | Column) -> bool:
    return one.unit is Unit.MONEY or one.key in _OF_MONEY


_SEEN: dict[type[Any], Callable[[Any, Viewer], Any]] = {
    Decisions: _decisions,
    History: _history,
    Leads: _leads,
    JournalPage: _journal,
    SourceList: _sources,
    DeviceList: _devices,
    Report: _report,
}


def seen(answer: T, viewer: Viewer) -> T:
    """An answer as this viewer sees it."""
    see = _SEEN.get(type(answer))
    return answer if see is None else see(answer, viewer)
