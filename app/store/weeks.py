"""Weeks in the book: what was done in one, the pages that were frozen, and what was said beside them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, insert, select, union

from app.codec import decode
from app.domain.sla import ClockKind
from app.domain.week import digest_of
from app.domain.week_count import Deeds, Ended, Told, Try
from app.domain.week_events import WeekFrozen
from app.store import tables as t
from app.store.reading import Reading
from app.store.tables_week import frozen_weeks, week_entries
from app.store.writing import Writing

_f = frozen_weeks.c
_e = week_entries.c


class Kept(NamedTuple):
    """A page as it stands in the book."""

    week: str
    rep_id: str
    body: bytes
    sha256: str
    frozen_at: datetime
    tx: str


class Line(NamedTuple):
    """A page in the list of those there are."""

    week: str
    rep_id: str
    head: int
    rulebook: int
    frozen_at: datetime
    frozen_by: str


class Said(NamedTuple):
    """An entry beside a frozen week: a dispute, or the answer to one."""

    id: str
    dispute_id: str
    week: str
    rep_id: str
    about: str
    text: str
    accepted: bool
    points: float
    at: datetime
    by: str


def deeds(r: Reading, since: datetime, until: datetime) -> Deeds:
    """What was done from `since` to before `until`: three statements, whatever the floor's size."""
    a, c, leads = t.attempts.c, t.clocks.c, t.leads.c
    tried = select(a.lead_id).where(a.started_at >= since, a.started_at < until)
    ended = (
        c.ended_at >= since,
        c.ended_at < until,
        c.kind == ClockKind.FIRST_ATTEMPT.value,
        c.state.in_(("met", "breached")),
    )
    touched = union(tried, select(c.lead_id).where(*ended)).subquery()
    of_touched = select(touched.c.lead_id)
    tries = r.db.execute(
        select(a.lead_id, a.rep_id, a.kind, a.started_at, a.ended_at, a.outcome).where(
            a.lead_id.in_(of_touched), a.started_at < until
        )
    )
    clocks = r.db.execute(select(c.lead_id, c.rep_id, c.deadline, c.state).where(*ended))
    by_hand = _by_hand()
    known = r.db.execute(
        select(
            leads.id, leads.captured_at, leads.phone, leads.amount, leads.is_test, leads.import_id, by_hand
        ).where(leads.id.in_(of_touched))
    )
    told = {
        row.id: Told(
            captured_at=row.captured_at,
            has_phone=bool(row.phone),
            amount=row.amount,
            why_not="test" if row.is_test else "file" if row.import_id else "hand" if row.by_hand else "",
        )
        for row in known
    }
    # An erased lead leaves attempts that count for nobody.
    return Deeds(
        tuple(Try(*row) for row in tries if row.lead_id in told),
        tuple(
            Ended(row.lead_id, row.rep_id, row.deadline, row.state == "met")
            for row in clocks
            if row.lead_id in told
        ),
        told,
    )


def _by_hand() -> ColumnElement[Any]:
    """Whether a person of the floor let the lead in, and no channel did."""
    e = t.events.c
    captured = select(func.count()).where(
        e.lead_id == t.leads.c.id, e.kind == "lead.captured", e.actor.in_(select(t.reps.c.id))
    )
    return captured.scalar_subquery().label("by_hand")


def freeze(
    w: Writing, week: str, pages: tuple[tuple[str, bytes], ...], head: int, rulebook: int
) -> WeekFrozen:
    """Keep the pages, each (person, bytes); the event that tells their hashes, still to be recorded."""
    hashes = tuple((rep_id, hashlib.sha256(body).hexdigest()) for rep_id, body in pages)
    w.db.execute(
        insert(frozen_weeks),
        [
            {
                "week": week, "rep_id": rep_id, "body": body, "sha256": sha256, "head": head, "rulebook": rulebook,
                "frozen_at": w.now, "frozen_by": w.actor, "tx": w.tx,
            }
            for (rep_id, body), (_, sha256) in zip(pages, hashes, strict=True)
        ],
    )  # fmt: skip
    return WeekFrozen(week=week, digest=digest_of(hashes), pages=hashes, rulebook=rulebook, head=head)


def hashes(r: Reading, week: str) -> tuple[tuple[str, str], ...]:
    """(person, SHA-256) of the pages of a week; none: it is not frozen."""
    rows = r.db.execute(select(_f.rep_id, _f.sha256).where(_f.week == week).order_by(_f.rep_id))
    return tuple((row.rep_id, row.sha256) for row in rows)


def page(r: Reading, week: str, rep_id: str) -> Kept | None:
    query = select(_f.week, _f.rep_id, _f.body, _f.sha256, _f.frozen_at, _f.tx)
    row = r.db.execute(query.where(_f.week == week, _f.rep_id == rep_id)).first()
    return None if row is None else Kept(*row)


def is_whole(r: Reading, kept: Kept) -> bool:
    """Whether a page is the one whose hash the journal tells."""
    query = select(t.events.c.body).where(t.events.c.tx == kept.tx, t.events.c.kind == "week.frozen")
    body = r.db.execute(query).scalar_one_or_none()
    told = dict(decode(body, WeekFrozen).pages) if body is not None else {}
    return told.get(kept.rep_id) == hashlib.sha256(kept.body).hexdigest()


def lines(r: Reading) -> tuple[Line, ...]:
    """Every page that is frozen, newest week first, the floor's before the people's."""
    query = select(_f.week, _f.rep_id, _f.head, _f.rulebook, _f.frozen_at, _f.frozen_by)
    return tuple(Line(*row) for row in r.db.execute(query.order_by(_f.week.desc(), _f.rep_id)))


def say(w: Writing, said: Said) -> None:
    w.db.execute(insert(week_entries), said._asdict())


def said(r: Reading, week: str, rep_id: str) -> tuple[Said, ...]:
    """The entries beside a page, oldest first; beside the floor's, all of the week."""
    query = select(*(_e[name] for name in Said._fields)).where(_e.week == week)
    if rep_id:
        query = query.where(_e.rep_id == rep_id)
    return tuple(Said(*row) for row in r.db.execute(query.order_by(_e.at, _e.id)))


def said_of(r: Reading, dispute_id: str) -> tuple[Said, ...]:
    """A dispute, and its answer if there is one; none: no such dispute."""
    query = select(*(_e[name] for name in Said._fields)).where(_e.dispute_id == dispute_id)
    return tuple(Said(*row) for row in r.db.execute(query.order_by(_e.at, _e.id)))
