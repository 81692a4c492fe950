"""What files tell of leads that are on the floor already: rows that wait for the end of their import, and told ones.

A row is kept for good with the lead it was told of and a fingerprint of what it said, so that the same call or result
that comes in again is known. People whom a file names and the floor does not know wait here too.
"""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from app.clock import new_id
from app.codec import encode_text
from app.domain.events import KIND_OF, LeadsTold
from app.domain.lead import Attempt, Lead, Rep
from app.domain.rulebook import Rulebook
from app.store import tables as t
from app.store.columns import NOTHING
from app.store.rows import Values, lead_of, lead_values, words_of
from app.store.selected import ATTEMPT_COLUMNS, LEAD_COLUMNS
from app.store.writing import Writing

PERSON = "person"
WIN = "won:"
"""Begins the fingerprint of a result that is a win."""
_PENDING = "pending"
_SAID = "told"
SLICE = 500
"""Rows, and leads, taken at a time."""
_NAMES = uuid.UUID("0198d1f0-6a52-7c35-9b1e-4f6e0c6b0018")
"""Makes the same id of the same name, whichever lot of a file names it."""
_NOT_WAITING = "pending:%"


def rep_id_of(name: str) -> str:
    """The id of a former rep whom only files name."""
    return str(uuid.uuid5(_NAMES, name.casefold()))


class Pasts:
    """An import of calls or results within an open transaction, and the people it names."""

    def __init__(self, writing: Writing) -> None:
        self._w = writing
        self._db: Connection = writing.db
        self._published: list[tuple[datetime, int]] = []
        self._rulebooks: dict[int, Rulebook] = {}

    # whom it is about

    def by_external_id(self, ids: Collection[str]) -> dict[str, set[str]]:
        """Leads by a sender's id, of any way in."""
        wanted = set(ids) - {""}
        if not wanted:
            return {}
        ways = ["", *self._db.execute(select(t.sources.c.id)).scalars()]
        i = t.inquiries.c
        query = select(i.external_id, i.lead_id).where(
            i.source_id.in_(ways),
            i.external_id.in_(wanted),
            i.external_id != NOTHING,
            i.state.in_(("lead", "joined")),
            i.lead_id != "",
        )
        return _grouped(self._db.execute(query))

    def by_key(self, column: str, keys: Collection[str]) -> dict[str, set[str]]:
        """Leads by "email_key" or "phone_key"."""
        wanted = set(keys) - {""}
        if not wanted:
            return {}
        key = t.leads.c[column]
        query = select(key, t.leads.c.id).where(
            key.in_(wanted), key != NOTHING, t.leads.c.stage.not_like(_NOT_WAITING)
        )
        return _grouped(self._db.execute(query))

    # rulebooks

    def rulebook_at(self, at: datetime) -> Rulebook:
        """The one that was in force at an instant; before the first there was the first."""
        if not self._published:
            r = t.rulebooks.c
            rows = self._db.execute(select(r.published_at, r.version).order_by(r.version))
            self._published = [(row.published_at, row.version) for row in rows]
        version = self._published[max(0, bisect_right(self._published, at, key=itemgetter(0)) - 1)][1]
        if version not in self._rulebooks:
            found = self._w.rulebook_of(version)
            assert found is not None
            self._rulebooks[version] = found
        return self._rulebooks[version]

    # rows

    def known(self, keys: Collection[tuple[str, str]], import_id: str) -> set[tuple[str, str]]:
        """Of (lead, fingerprint) those that were told before, or stand in this import already."""
        p = t.pasts.c
        query = select(p.lead_id, p.key).where(
            p.lead_id.in_({lead for lead, _ in keys}), (p.state == _SAID) | (p.import_id == import_id)
        )
        return {(row.lead_id, row.key) for row in self._db.execute(query)} & set(keys)

    def add(self, import_id: str, kind: str, rows: Sequence[tuple[str, str, str]]) -> None:
        """Let rows (lead or rep, fingerprint, body) wait."""
        values = [
            {
                "id": new_id(), "import_id": import_id, "kind": kind, "lead_id": lead, "key": key, "body": body,
                "state": _PENDING,
            }
            for lead, key, body in rows
        ]  # fmt: skip
        if values:
            self._db.execute(insert(t.pasts), values)

    def slices(self, import_id: str, kind: str) -> Iterator[list[tuple[str, str]]]:
        """(lead, body) of the rows that wait, all of one lead together, in slices of about `SLICE`."""
        p, last = t.pasts.c, ""
        while True:
            mine = (p.import_id == import_id, p.kind == kind, p.lead_id > last)
            ids = select(p.lead_id).where(*mine).order_by(p.lead_id).limit(SLICE)
            end = self._db.execute(select(func.max(ids.subquery().c.lead_id))).scalar_one()
            if end is None:
                return
            query = select(p.lead_id, p.body).where(*mine, p.lead_id <= end).order_by(p.lead_id, p.id)
            yield [(row.lead_id, row.body) for row in self._db.execute(query)]
            last = end

    def told(self, import_id: str) -> int:
        """Say of all rows of an import that they are told; how many calls or results those are."""
        mine = t.pasts.c.import_id == import_id
        self._db.execute(update(t.pasts).where(mine).values(state=_SAID))
        count = select(func.count()).select_from(t.pasts).where(mine, t.pasts.c.kind != PERSON)
        return int(self._db.execute(count).scalar_one())

    def with_earlier_wins(self, lead_ids: Collection[str]) -> set[str]:
        """Leads of which a file told a win before."""
        p = t.pasts.c
        query = select(p.lead_id).where(p.lead_id.in_(lead_ids), p.state == _SAID, p.key.like(f"{WIN}%"))
        return set(self._db.execute(query).scalars())

    # leads

    def leads(self, ids: Collection[str]) -> dict[str, Lead]:
        """Leads by id, locked until the transaction ends."""
        query = select(*LEAD_COLUMNS).where(t.leads.c.id.in_(ids)).order_by(t.leads.c.id).with_for_update()
        return {lead.id: lead for lead in map(lead_of, self._db.execute(query))}

    def save(self, leads: Sequence[Lead], columns: tuple[str, ...]) -> None:
        """Write these columns of leads that are locked, and raise their versions."""
        rows = []
        for lead in leads:
            values = lead_values(lead) | {"words": words_of(lead)}
            rows.append(
                {name: values[name] for name in columns} | {"key": lead.id, "version": lead.version + 1}
            )
        if rows:
            query = update(t.leads).where(t.leads.c.id == bindparam("key"))
            self._db.execute(query.values({name: bindparam(name) for name in (*columns, "version")}), rows)
        self._w.milestones.settle_at_once()

    def add_attempts(self, attempts: Sequence[tuple[Attempt, bool]]) -> None:
        """Add calls of the past, each with whether its lead is a test."""
        rows: list[Values] = []
        for attempt, is_test in attempts:
            values: Values = {column.name: getattr(attempt, column.name) for column in ATTEMPT_COLUMNS}
            outcome = attempt.outcome.value if attempt.outcome else ""
            rows.append(
                values | {"kind": attempt.kind.value, "outcome": outcome, "is_test": is_test, "before": ""}
            )
        if rows:
            self._db.execute(insert(t.attempts), rows)

    def record_leads(self, import_id: str, ids: Collection[str]) -> None:
        """Say how leads stand from now on."""
        query = select(*_TOLD).where(t.leads.c.id.in_(ids)).order_by(t.leads.c.id)
        self._tell(import_id, self._db.execute(query).all())

    def record_new(self, import_id: str) -> None:
        """Say of all leads that an import made how they stand."""
        last = ""
        while True:
            query = select(*_TOLD).where(t.leads.c.import_id == import_id, t.leads.c.id > last)
            rows = self._db.execute(query.order_by(t.leads.c.id).limit(SLICE)).all()
            if not rows:
                return
            last = rows[-1].id
            self._tell(import_id, rows)

    def _tell(self, import_id: str, rows: Sequence[Row[Any]]) -> None:
        lines = [
            {"lead_id": row.id} | _without_defaults(dict(zip(_TOLD_COLUMNS, row[1:], strict=True)))
            for row in rows
        ]
        body = encode_text({"import_id": import_id, "leads": lines})
        self._w.recorded.append(("", KIND_OF[LeadsTold], body))

    # people

    def people(self, names: Collection[str], reps: Sequence[Rep], import_id: str) -> dict[str, str]:
        """Rep id by name as the file writes it; whom the floor does not know waits to become a former rep."""
        by_name: dict[str, str] = {}
        for rep in sorted(reps, key=lambda rep: (rep.active, rep.id)):
            by_name[rep.name.casefold()] = rep.id
        found: dict[str, str] = {}
        unknown: dict[str, str] = {}
        for name in sorted(set(names) - {""}):
            rep_id = by_name.get(name.casefold()) or rep_id_of(name)
            found[name] = rep_id
            if name.casefold() not in by_name:
                unknown.setdefault(rep_id, name)
        if unknown:
            p = t.pasts.c
            query = select(p.lead_id).where(
                p.import_id == import_id, p.kind == PERSON, p.lead_id.in_(unknown)
            )
            here = set(self._db.execute(query).scalars())
            self.add(import_id, PERSON, [(rep, "", name) for rep, name in unknown.items() if rep not in here])
        return found

    def named(self, import_id: str) -> list[tuple[str, str]]:
        """(id, name) of the people who wait to become former reps."""
        p = t.pasts.c
        query = select(p.lead_id, p.body).where(p.import_id == import_id, p.kind == PERSON).order_by(p.body)
        return [(row.lead_id, row.body) for row in self._db.execute(query)]


_TOLD_COLUMNS = (
    "captured_at", "channel", "medium", "campaign", "ad", "country", "tier", "stage", "owner", "attempts",
    "first_attempt_at", "last_attempt_at", "first_call_at", "first_call_by", "first_call_worked", "contact_at",
    "qualified_at", "booked_at", "closed_at", "amount", "clocks", "clocks_met", "clocks_breached", "escalated_at",
    "is_test",
)  # fmt: skip
_TOLD = (t.leads.c.id, *(t.leads.c[name] for name in _TOLD_COLUMNS))
_EMPTY: tuple[object, ...] = ("", 0, False)
_ZEROS = ("amount", "first_call_worked")
"""Of these 0 says something."""


def _without_defaults(line: Values) -> Values:
    """Without what is empty."""
    return {
        name: value
        for name, value in line.items()
        if value is not None and (value not in _EMPTY or name in _ZEROS)
    }


def _grouped(rows: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key, lead_id in rows:
        found.setdefault(key, set()).add(lead_id)
    return found
