"""The rows of a file that is coming in: in their tables already, but seen by nobody until it is finished."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Column, Table, func, insert, or_, select, update

from app.domain.errors import Refused
from app.domain.inquiry import Inquiry, InquiryState
from app.domain.lead import OPEN_STAGES, Lead
from app.store import tables as t
from app.store.book import GIVEN_UP
from app.store.columns import NOTHING
from app.store.rows import inquiry_values
from app.store.writing import NO_MILESTONES, Writing, new_lead_values

_PENDING = "pending:"
_SLICE = 2000
_VISIBLE_OR = [stage.value for stage in OPEN_STAGES]


class Staging:
    """An import within an open transaction."""

    def __init__(self, writing: Writing) -> None:
        self._w = writing

    def begin(self, import_id: str, file: str, sha256: str, kind: str = "leads") -> None:
        w = self._w
        row = {
            "id": import_id,
            "file": file,
            "sha256": sha256,
            "state": "open",
            "begun_at": w.now,
            "actor": w.actor,
            "kind": kind,
        }
        w.db.execute(insert(t.imports), row)

    def check_open(self, import_id: str, *kinds: str) -> tuple[str, str, str]:
        """(file, sha256, kind) of an import that is still open; raises Refused otherwise."""
        row = self._w.db.execute(select(t.imports).where(t.imports.c.id == import_id)).first()
        if row is None or row.state != "open" or (kinds and row.kind not in kinds):
            raise Refused("This import is no longer open.", "Not imported")
        return row.file, row.sha256, row.kind

    def known(self, import_id: str, emails: Collection[str], phones: Collection[str]) -> dict[str, str]:
        """Lead id by e-mail or phone, of open leads and of this import's own."""
        wanted = or_(t.leads.c.email_key.in_(emails - {""}), t.leads.c.phone_key.in_(phones - {""}))  # type: ignore[operator]
        seen = or_(
            t.leads.c.stage.in_(_VISIBLE_OR),
            (t.leads.c.import_id == import_id) & (t.leads.c.stage == _PENDING + "new"),
        )
        query = select(t.leads.c.id, t.leads.c.email_key, t.leads.c.phone_key).where(wanted, seen)
        found: dict[str, str] = {}
        for row in self._w.db.execute(query.order_by(t.leads.c.captured_at.desc(), t.leads.c.id.desc())):
            found.update({key: row.id for key in (row.email_key, row.phone_key) if key})
        return found

    def repeats(
        self, digests: Collection[str], external_ids: Collection[str]
    ) -> tuple[dict[str, str], dict[tuple[str, datetime], str]]:
        """Rows of files that are on the floor already: lead by digest of a row, and by (sender's id, captured at)."""
        i, lead = t.inquiries.c, t.leads.c
        here = (i.channel == "import", i.state.in_(("lead", "joined")), i.lead_id != "")
        rows = self._w.db.execute(select(i.digest, i.lead_id).where(i.digest.in_(digests), *here))
        same: dict[str, str] = {row.digest: row.lead_id for row in rows}
        wanted = set(external_ids) - {""}
        known: dict[tuple[str, datetime], str] = {}
        if not wanted:
            return same, known
        query = (
            select(i.external_id, lead.captured_at, lead.id)
            .select_from(t.inquiries.join(t.leads, lead.id == i.lead_id))
            .where(i.source_id == "", i.external_id.in_(wanted), i.external_id != NOTHING, *here)
        )
        known.update({(row[0], row[1]): row[2] for row in self._w.db.execute(query)})
        return same, known

    def own(self, import_id: str, external_ids: Collection[str]) -> dict[str, str]:
        """Leads of this import by the sender's id."""
        i = t.inquiries.c
        query = select(i.external_id, i.lead_id).where(
            i.source_id == "",
            i.external_id.in_(set(external_ids) - {""}),
            i.external_id != NOTHING,
            i.import_id == import_id,
        )
        return {row.external_id: row.lead_id for row in self._w.db.execute(query)}

    def add(
        self,
        import_id: str,
        leads: Sequence[tuple[Lead, str, str]],
        inquiries: Sequence[tuple[Inquiry, str, str, bool]],
        external_ids: Sequence[str] = (),
    ) -> None:
        """Stage leads (lead, e-mail key, phone key) and inquiries (inquiry, digest, lead id, joined), with the sender's
        id of each."""
        if leads:
            rows = []
            for lead in leads:
                row = new_lead_values(*lead) | NO_MILESTONES | self._w.milestones.of_new(lead[0])
                row["stage"] = _PENDING + row["stage"]
                rows.append(row)
            self._w.db.execute(insert(t.leads), rows)
        if inquiries:
            rows = []
            ids = external_ids or ("",) * len(inquiries)
            for (inquiry, digest, lead_id, joined), external_id in zip(inquiries, ids, strict=True):
                state = InquiryState.JOINED if joined else InquiryState.LEAD
                values = inquiry_values(inquiry, state)
                values.update(
                    state=_PENDING + state.value, digest=digest, lead_id=lead_id, import_id=import_id
                )
                values["external_id"] = external_id
                rows.append(values)
            self._w.db.execute(insert(t.inquiries), rows)

    def finish(self, import_id: str) -> tuple[int, int]:
        """Show what was staged; (leads, rows joined to a lead)."""
        db = self._w.db
        joined = db.execute(
            select(func.count()).where(
                t.inquiries.c.import_id == import_id, t.inquiries.c.state == _PENDING + "joined"
            )
        ).scalar_one()
        leads = self._show(t.leads, t.leads.c.stage, import_id)
        self._show(t.inquiries, t.inquiries.c.state, import_id)
        done = update(t.imports).where(t.imports.c.id == import_id)
        db.execute(done.values(state="done", leads=leads, joined=joined))
        return leads, joined

    def finish_told(self, import_id: str, told: int) -> None:
        """The rows of an import are told."""
        self._w.db.execute(
            update(t.imports).where(t.imports.c.id == import_id).values(state="done", told=told)
        )

    def _show(self, table: Table, column: Column[str], import_id: str) -> int:
        """Take the mark off every staged row; how many. In slices: one statement would hold every touched page."""
        shown, last = 0, ""
        while True:
            mine = (table.c.import_id == import_id, table.c.id > last)
            some = select(table.c.id).where(*mine).order_by(table.c.id).limit(_SLICE)
            end = self._w.db.execute(select(func.max(some.subquery().c.id))).scalar_one()
            if end is None:
                return shown
            bare = {column.key: func.substr(column, len(_PENDING) + 1)}
            shown += self._w.db.execute(update(table).where(*mine, table.c.id <= end).values(bare)).rowcount
            last = end

    def cancel(self, import_id: str) -> bool:
        """Give an import up; False if there is no open one of that id.

        Its rows were never shown and are only in the way: deleting 100,000 of them here would hold every
        capture up for seconds, so they go when the floor is next opened.
        """
        mine = t.imports.c.id == import_id
        state = self._w.db.execute(select(t.imports.c.state).where(mine)).scalar_one_or_none()
        if state != "open":
            return state in GIVEN_UP
        self._w.db.execute(update(t.imports).where(mine).values(state="cancelling"))
        return True
