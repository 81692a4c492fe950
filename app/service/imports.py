"""A file's rows become leads: staged in short transactions, shown all at once, or not at all.

A staged lead stands in its table under the stage "pending:new" and is seen by nobody, so other desks and the
capture endpoints go on working meanwhile. Finishing is one short transaction and one event. A lead from a
file waited for nobody: it goes to the pool without a clock, and rings nobody.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from app.clock import new_id
from app.domain.clean import clean, plain
from app.domain.commands import AddImportRows, BeginImport, CancelImport, FinishImport, Imported, Made
from app.domain.errors import Refused
from app.domain.events import ImportFinished
from app.domain.inquiry import Inquiry
from app.domain.lead import Lead, Stage
from app.service.intake import new_lead
from app.service.judging import judged
from app.store.staging import Staging
from app.store.writing import Writing


def begin(w: Writing, command: BeginImport) -> Made:
    Staging(w).begin(command.id, command.file, command.sha256)
    return Made(id=command.id)


def add_rows(w: Writing, command: AddImportRows) -> Made:
    """Stage some rows. Whoever has an open lead already, here or in this file, is joined to it."""
    staging = Staging(w)
    staging.check_open(command.import_id)
    rulebook = w.rulebook()
    drafts = [plain(row.draft) for row in command.rows]
    people = [clean(draft, rulebook.default_country) for draft in drafts]
    known = staging.known(command.import_id, {p.email_key for p in people}, {p.phone_key for p in people})
    leads: list[tuple[Lead, str, str]] = []
    inquiries: list[tuple[Inquiry, str, str, bool]] = []
    for row, draft, person in zip(command.rows, drafts, people, strict=True):
        raw = row.raw.encode()
        inquiry = Inquiry(
            id=new_id(), channel="import", raw=raw, content_type="application/json", received_at=w.now
        )
        lead_id = next((known[key] for key in (person.email_key, person.phone_key) if key in known), "")
        joined = bool(lead_id)
        if not lead_id:
            lead = judged(new_lead(inquiry, draft, person), person, rulebook, w.now)
            if draft.won:
                won = "already won in the file"
                lead = replace(lead, stage=Stage.WON, closed_at=w.now, qualified_at=w.now, close_reason=won)
            lead = replace(lead, version=1, import_id=command.import_id)
            leads.append((lead, person.email_key, person.phone_key))
            lead_id = lead.id
            if not draft.won:
                known.update({key: lead_id for key in (person.email_key, person.phone_key) if key})
        inquiries.append((inquiry, hashlib.sha256(raw).hexdigest(), lead_id, joined))
    staging.add(command.import_id, leads, inquiries)
    return Made(id=command.import_id)


def finish(w: Writing, command: FinishImport) -> Imported:
    """Show everything that was staged."""
    staging = Staging(w)
    file, sha256 = staging.check_open(command.import_id)
    leads, joined = staging.finish(command.import_id)
    w.record(
        ImportFinished(
            import_id=command.import_id, file=file, leads=leads, rejected=command.rejected, sha256=sha256
        )
    )  # fmt: skip
    return Imported(import_id=command.import_id, leads=leads, joined=joined)


def cancel(w: Writing, command: CancelImport) -> Made:
    """Forget everything that was staged."""
    if not Staging(w).cancel(command.import_id):
        raise Refused("This import is finished already.", "Too late to cancel")
    return Made(id=command.import_id)
