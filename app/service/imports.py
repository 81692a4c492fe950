"""A file's rows become leads: staged in short transactions, shown all at once, or not at all.

A staged lead stands in its table under the stage "pending:new" and is seen by nobody, so other desks and the
capture endpoints go on working meanwhile. Finishing is one short transaction. A lead from a file waited for nobody: it
goes to the pool, or to whom its past names, without a clock, and rings nobody. Rows that tell of leads which are here
already (calls, results) are `service/pasts.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from app.clock import new_id
from app.domain.clean import Person, person_of, plain
from app.domain.commands import (
    AddImportRows,
    BeginImport,
    CancelImport,
    FinishImport,
    Imported,
    ImportRow,
    Made,
)
from app.domain.errors import Refused
from app.domain.events import ImportFinished
from app.domain.inquiry import Draft, Inquiry
from app.domain.lead import Lead, Stage
from app.domain.past import ImportKind
from app.domain.past_merge import born
from app.domain.rulebook import Rulebook
from app.service import pasts
from app.service.intake import new_lead
from app.service.judging import judged
from app.store import costs
from app.store.pasts import Pasts
from app.store.staging import Staging
from app.store.writing import Writing


def begin(w: Writing, command: BeginImport) -> Made:
    Staging(w).begin(command.id, command.file, command.sha256, command.kind.value)
    return Made(id=command.id)


def add_rows(w: Writing, command: AddImportRows) -> Made:
    """Stage some rows.

    Whoever has an open lead already, here or in this file, is joined to it; so is a row that came in before. Leads of
    the past that have ids of their own are kept apart by these, whatever their addresses.
    """
    staging = Staging(w)
    staging.check_open(command.import_id, ImportKind.LEADS)
    rulebook = w.rulebook()
    drafts = [plain(row.draft) for row in command.rows]
    people = [person_of(draft, rulebook.default_country) for draft in drafts]
    known = staging.known(command.import_id, {p.email_key for p in people}, {p.phone_key for p in people})
    digests = [hashlib.sha256(row.raw.encode()).hexdigest() for row in command.rows]
    told = [draft.external_id if row.past else "" for row, draft in zip(command.rows, drafts, strict=True)]
    same, here = staging.repeats(
        {digest for digest, row in zip(digests, command.rows, strict=True) if row.past}, told
    )
    own = staging.own(command.import_id, told)
    names = {name for row in command.rows if row.past for name in (row.past.owner, row.past.called_by)}
    store = Pasts(w)
    reps = pasts.people(w, store, names, w.reps(), command.import_id) if names - {""} else {}
    leads: list[tuple[Lead, str, str]] = []
    inquiries: list[tuple[Inquiry, str, str, bool]] = []
    for row, draft, person, digest in zip(command.rows, drafts, people, digests, strict=True):
        inquiry = Inquiry(
            id=new_id(),
            channel="import",
            raw=row.raw.encode(),
            content_type="application/json",
            received_at=w.now,
        )
        at = row.past.captured_at if row.past else None
        lead_id = ""
        if row.past:
            lead_id = same.get(digest, "") or (here.get((draft.external_id, at), "") if at else "")
            lead_id = lead_id or own.get(draft.external_id, "")
        by_itself = row.past is not None and bool(draft.external_id)
        if not lead_id and not by_itself:
            lead_id = next((known[key] for key in (person.email_key, person.phone_key) if key in known), "")
        joined = bool(lead_id)
        if not lead_id:
            lead = _new(row, inquiry, draft, person, rulebook, w, reps)
            if row.past:
                pasts.keep_milestones(w, store, lead, row.past, reps.get(row.past.called_by, ""))
            lead = replace(lead, version=1, import_id=command.import_id)
            leads.append((lead, person.email_key, person.phone_key))
            lead_id = lead.id
            if row.past and draft.external_id:
                own[draft.external_id] = lead_id
            elif lead.is_open:
                known.update({key: lead_id for key in (person.email_key, person.phone_key) if key})
        inquiries.append((inquiry, digest, lead_id, joined))
    staging.add(command.import_id, leads, inquiries, [draft.external_id for draft in drafts])
    return Made(id=command.import_id)


def _new(
    row: ImportRow,
    inquiry: Inquiry,
    draft: Draft,
    person: Person,
    rulebook: Rulebook,
    w: Writing,
    reps: Mapping[str, str],
) -> Lead:
    """The lead of a row."""
    lead = judged(new_lead(inquiry, draft, person), person, rulebook, w.now)
    if row.past:
        return born(lead, row.past, reps.get(row.past.owner, ""))
    if draft.won:
        return replace(
            lead, stage=Stage.WON, closed_at=w.now, qualified_at=w.now, close_reason="already won in the file"
        )
    return lead


def finish(w: Writing, command: FinishImport) -> Imported:
    """Show everything that was staged, and say how the leads stand."""
    staging = Staging(w)
    file, sha256, kind = staging.check_open(command.import_id)
    leads = joined = told = 0
    pasts.add_people(w, command.import_id)
    if kind == ImportKind.LEADS:
        leads, joined = staging.finish(command.import_id)
        Pasts(w).record_new(command.import_id)
    elif kind == ImportKind.COSTS:
        told = costs.of_import(w, command.import_id)
        staging.finish_told(command.import_id, told)
    else:
        told = pasts.tell(w, command.import_id, ImportKind(kind))
        staging.finish_told(command.import_id, told)
    w.record(
        ImportFinished(
            import_id=command.import_id,
            file=file,
            leads=leads,
            rejected=command.rejected,
            sha256=sha256,
            told=told,
        )
    )
    return Imported(import_id=command.import_id, leads=leads, joined=joined, told=told)


def cancel(w: Writing, command: CancelImport) -> Made:
    """Forget everything that was staged."""
    if not Staging(w).cancel(command.import_id):
        raise Refused("This import is finished already.", "Too late to cancel")
    return Made(id=command.import_id)
