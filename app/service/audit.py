"""The journal for whoever goes through it. Taking a part of it away is an event of its own, said beforehand."""

from __future__ import annotations

from app.domain.commands import Exporting, ExportJournal
from app.domain.events import JournalExported
from app.domain.questions import JournalPage, ReadJournal
from app.store import audit as rows
from app.store.reading import Reading
from app.store.writing import Writing

LONGEST_PAGE = 1000


def read_journal(r: Reading, question: ReadJournal) -> JournalPage:
    limit = min(max(question.limit, 1), LONGEST_PAGE)
    found = rows.page(
        r,
        question.part,
        limit + 1,
        before=question.before,
        after=question.after,
        oldest_first=question.oldest_first,
    )
    entries = found[:limit]
    names = rows.lead_names(r, {entry.lead_id for entry in entries} - {""})
    return JournalPage(entries=entries, more=len(found) > limit, leads=tuple(sorted(names.items())))


def export(w: Writing, command: ExportJournal) -> Exporting:
    part = command.part
    exporting = Exporting(entries=rows.count(w, part), last=w.head()[0])
    w.record(
        JournalExported(
            entries=exporting.entries,
            last=exporting.last,
            since=part.since,
            until=part.until,
            actor=part.actor,
            kinds=part.kinds,
            lead_id=part.lead_id,
        )
    )
    return exporting
