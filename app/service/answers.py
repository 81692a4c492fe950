"""Question to answer. Reads only; each in one consistent look at the book, and as the one who asks may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from app.codec import keepable
from app.domain import questions as q
from app.domain.clean import plain
from app.domain.errors import NotAllowed, NotFound
from app.domain.events import LeadRouted
from app.domain.lag import Lag
from app.domain.lead import Lead
from app.domain.roles import authorise
from app.domain.sight import Viewer, seen
from app.refusals import note_refusal
from app.service import weeks
from app.service.audit import read_journal
from app.service.costs import costs
from app.service.dry_run import dry_run
from app.service.intake import read
from app.service.keeping import who_keeps
from app.service.lag import lag
from app.service.people import viewer
from app.service.reports import leads_behind, reports, run_report
from app.service.rounds import next_due
from app.service.rulebooks import rulebook_of, shelf
from app.store.book import Book
from app.store.devices import devices, invitations
from app.store.figures import day_figures
from app.store.guards import chain_fault
from app.store.outbox import next_at
from app.store.reading import Kept, Reading
from app.store.spellings import mediums
from app.store.wall import wall_day

R = TypeVar("R")


def history(r: Reading, question: q.LeadHistory) -> q.History:
    lead, entries = r.lead(question.lead_id), r.entries_of(question.lead_id)
    return q.History(
        lead=lead,
        entries=entries,
        attempts=r.attempts_of(question.lead_id),
        inquiries=r.inquiries_of(question.lead_id),
        lag=lag(r, lead, entries),
    )


def find(r: Reading, question: q.FindLeads) -> q.Leads:
    found = r.find(question.text, question.limit + 1) if question.text.strip() else ()
    return q.Leads(leads=found[: question.limit], more=len(found) > question.limit)


def inquiries_in(r: Reading, question: q.InquiriesIn) -> q.InReview:
    kept, total = r.inquiries_in(question.state, question.limit)
    names = {line.source.id: line.source.name for line in r.source_lines()}
    return q.InReview(waiting=tuple(_waiting(item, names) for item in kept), total=total)


def _waiting(kept: Kept, names: dict[str, str]) -> q.Waiting:
    try:
        draft = plain(read(kept.inquiry))
    except Exception:  # noqa: BLE001 - why it can't be read was said and logged when it came in
        draft = None
    inquiry = kept.inquiry
    return q.Waiting(
        inquiry=inquiry,
        state=kept.state,
        why=kept.why,
        lead_id=kept.lead_id,
        source=names.get(inquiry.source_id, ""),
        draft=draft,
    )


def facts(r: Reading, question: q.FloorFacts) -> q.Facts:
    floor = r.floor_row()
    states, leads, open_leads, events = r.counts()
    head, head_hash = r.head()
    fault = chain_fault(r) if question.check_chain else ""
    return q.Facts(
        floor_id=floor.id,
        name=floor.name,
        schema=f"{floor.schema_major}.{floor.schema_minor}",
        database=r.engine_version(),
        inquiries=sum(count for _, count in states),
        by_state=states,
        leads=leads,
        open_leads=open_leads,
        events=events,
        head=head,
        head_hash=head_hash,
        chain_holds=not fault,
        chain_fault=fault,
    )


def imported_before(r: Reading, question: q.ImportedBefore) -> q.Before:
    row = r.imported(question.sha256, question.kind.value)
    here = q.Before(at=None, zone=r.rulebook().zone, mediums=mediums(r.db))
    if row is None:
        return here
    return replace(here, at=row.begun_at, file=row.file, leads=row.leads, told=row.told)


def history_of_theirs(r: Reading, question: q.LeadHistory, partner: str) -> q.History:
    theirs(r, question.lead_id, partner)
    return history(r, question)


def lag_of_lead(r: Reading, question: q.LeadLag) -> Lag:
    return lag(r, r.lead(question.lead_id), r.entries_of(question.lead_id))


def lag_of_theirs(r: Reading, question: q.LeadLag, partner: str) -> Lag:
    return lag(r, theirs(r, question.lead_id, partner), r.entries_of(question.lead_id))


def decisions(r: Reading, question: q.WhoGotIt) -> q.Decisions:
    r.lead(question.lead_id)
    entries = reversed(r.entries_of(question.lead_id))
    return q.Decisions(entries=tuple(entry for entry in entries if isinstance(entry.event, LeadRouted)))


def decisions_of_theirs(r: Reading, question: q.WhoGotIt, partner: str) -> q.Decisions:
    theirs(r, question.lead_id, partner)
    return decisions(r, question)


def theirs(r: Reading, lead_id: str, partner: str) -> Lead:
    lead = r.lead(lead_id)
    if partner not in (lead.owner, *lead.offered):
        raise NotFound("That lead is not on this floor.")
    return lead


def find_of_theirs(r: Reading, question: q.FindLeads, partner: str) -> q.Leads:
    found = r.find(question.text, question.limit + 1, partner) if question.text.strip() else ()
    return q.Leads(leads=found[: question.limit], more=len(found) > question.limit)


ANSWERS: dict[type[q.Question[Any]], Callable[[Reading, Any], Any]] = {
    q.LeadHistory: history,
    q.LeadLag: lag_of_lead,
    q.WhoGotIt: decisions,
    q.FindLeads: find,
    q.DayFigures: lambda r, asked: day_figures(r, asked.rep_id, asked.since),
    q.InquiriesIn: inquiries_in,
    q.AllSources: lambda r, _: q.SourceList(lines=r.source_lines()),
    q.SourceByKey: lambda r, asked: q.FoundSource(source=r.source_by_key(asked.key)),
    q.FloorFacts: facts,
    q.NextDue: lambda r, _: q.Due(at=next_due(r)),
    q.NextMessage: lambda r, question: q.Due(at=next_at(r, question.way)),
    q.ImportedBefore: imported_before,
    q.WhoKeeps: who_keeps,
    q.ReadJournal: read_journal,
    q.Devices: lambda r, asked: q.DeviceList(
        devices=devices(r, asked.rep_id), invitations=invitations(r, asked.rep_id)
    ),
    q.Rulebooks: shelf,
    q.RulebookOf: rulebook_of,
    q.DryRun: dry_run,
    q.Costs: costs,
    q.RunReport: run_report,
    q.Reports: reports,
    q.LeadsBehind: leads_behind,
    q.WallFigures: lambda r, asked: wall_day(r, asked.at),
}


FOR_PARTNERS: dict[type[q.Question[Any]], Callable[[Reading, Any, str], Any]] = {
    q.LeadHistory: history_of_theirs,
    q.LeadLag: lag_of_theirs,
    q.WhoGotIt: decisions_of_theirs,
    q.FindLeads: find_of_theirs,
    q.DayFigures: lambda r, asked, partner: day_figures(r, partner, asked.since),
    q.WhoKeeps: lambda r, asked, _: who_keeps(r, asked),
    q.Devices: lambda r, _, partner: q.DeviceList(devices=devices(r, partner), invitations=()),
}
"""How a partner, whose id is the last argument, is answered: from what was given to them and nothing else."""


SEEING: dict[type[q.Question[Any]], Callable[[Reading, Any, Viewer], Any]] = {
    q.FrozenWeeks: weeks.shelf,
    q.FrozenWeek: weeks.page,
}
"""Questions whose answer is another for each who asks."""


def answer(book: Book, question: q.Question[R], actor: str, now: datetime | None = None) -> R:
    """Answer a question of an actor's at floor time `now` (reports have to know it); raises NotAllowed, NotFound,
    Unavailable."""
    question = keepable(question)
    kind = type(question)
    with book.reading() as reading:
        if now is not None:
            reading.now = now
        try:
            who = viewer(reading, actor)
            authorise(who.standing, kind)
        except NotAllowed as error:
            note_refusal(actor, kind.__name__, error.code)
            raise
        result: R
        if who.is_partner:
            result = FOR_PARTNERS[kind](reading, question, actor)
        elif kind in SEEING:
            result = SEEING[kind](reading, question, who)
        else:
            result = ANSWERS[kind](reading, question)
    return seen(result, who)
