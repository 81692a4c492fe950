"""The lag ledgers of many leads at once: a few statements, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select, text

from app.domain.events import Entry
from app.domain.hours import Span
from app.domain.lag import Lag, Miss, lag_of, missed
from app.domain.lead import AttemptKind, Lead
from app.domain.shifts import anybody_on_shift
from app.store import tables as t
from app.store.facts import Facts
from app.store.facts_spoken import joined
from app.store.reading import EVENT_COLUMNS, entry_of

_SOME = 200
_LONGEST = timedelta(hours=12)
"""No call is longer."""


def lags(facts: Facts, ids: Sequence[str]) -> tuple[Lag, ...]:
    """The ledgers of these leads, in their order."""
    r = facts.r
    leads = {lead.id: lead for lead in r.leads(ids)}
    stories: dict[str, list[Entry]] = defaultdict(list)
    for first in range(0, len(ids), _SOME):
        of = t.events.c.lead_id.in_(ids[first : first + _SOME])
        for row in r.db.execute(select(*EVENT_COLUMNS).where(of)):
            stories[row.lead_id].append(entry_of(row))
    found = {lead_id: missed(leads[lead_id], stories[lead_id]) for lead_id in ids}
    misses = {lead_id: miss for lead_id, miss in found.items() if miss is not None}
    busy = _busy(facts, misses)
    nobody = _nobody(facts, leads, misses)
    return tuple(
        lag_of(leads[lead_id], stories[lead_id], busy.get(lead_id, ()), lead_id in nobody) for lead_id in ids
    )


def _nobody(facts: Facts, leads: Mapping[str, Lead], misses: Mapping[str, Miss]) -> set[str]:
    """The leads for whom nobody was planned to work while their clock ran."""
    rulebooks = {
        version: facts.r.rulebook_of(version) for version in {lead.rulebook for lead in leads.values()}
    }
    found = set()
    for lead_id, miss in misses.items():
        rulebook = rulebooks[leads[lead_id].rulebook] or facts.rulebook
        if rulebook.calendars and not anybody_on_shift(rulebook, facts.reps, miss.begun, miss.deadline):
            found.add(lead_id)
    return found


def _busy(facts: Facts, misses: Mapping[str, Miss]) -> dict[str, list[Span]]:
    """By lead the calls with others of whoever had it while its clock ran."""
    asked = [(lead_id, miss) for lead_id, miss in misses.items() if miss.owner]
    if not asked:
        return {}
    a = [facts.stored(miss.begun - _LONGEST) for _, miss in asked]
    b = [facts.stored(miss.deadline) for _, miss in asked]
    columns = {"n": ("int", list(range(len(asked)))), "a": ("timestamptz", a), "b": ("timestamptz", b)}
    columns["rep"] = ("text", [miss.owner for _, miss in asked])
    table, params = joined(facts.is_sqlite, "span", columns)
    query = text(
        f"SELECT span.n, call.lead_id, call.started_at, call.ended_at FROM {table} "  # noqa: S608 - words of this program
        "CROSS JOIN attempts call WHERE call.started_at > span.a AND call.started_at < span.b "
        f"AND call.rep_id = span.rep AND call.kind = '{AttemptKind.CALL.value}'"
    )
    found: dict[str, list[Span]] = defaultdict(list)
    for row in facts.r.db.execute(query, params):
        lead_id, miss = asked[row.n]
        start, end = facts.instant(row.started_at), facts.instant(row.ended_at) or miss.deadline
        if row.lead_id != lead_id and start is not None and end > miss.begun:
            found[lead_id].append((start, end))
    return found
