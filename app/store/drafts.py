"""Rulebooks in the book: those that were put in force, which never change, and the one draft of the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update

from app.codec import decode, encode_text
from app.domain.questions_rulebook import RulebookVersion
from app.domain.rulebook import Rulebook
from app.store.reading import Reading
from app.store.tables import rulebooks
from app.store.tables_rulebook import drafts
from app.store.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """Of a rulebook's text all that a list of versions says."""

    name: str


class Drafted(NamedTuple):
    rulebook: Rulebook
    at: datetime
    by: str
    """The actor who saved it."""


def draft(r: Reading) -> Drafted | None:
    """The draft, if there is one."""
    row = r.db.execute(select(drafts.c.body, drafts.c.saved_at, drafts.c.saved_by)).first()
    return None if row is None or not row.body else Drafted(decode(row.body, Rulebook), row[1], row[2])


def save(w: Writing, rulebook: Rulebook | None) -> None:
    """Keep this draft in the place of the one that stands, or none."""
    w.alone("draft")
    values = {
        "body": encode_text(rulebook) if rulebook is not None else "",
        "saved_at": w.now,
        "saved_by": w.actor,
    }
    if w.db.execute(update(drafts).values(**values)).rowcount == 0 and rulebook is not None:
        w.db.execute(insert(drafts).values(one=1, **values))


def versions(r: Reading) -> tuple[RulebookVersion, ...]:
    """Every version that was ever in force, newest first; `by` is still the actor's id."""
    c = rulebooks.c
    rows = r.db.execute(select(c.version, c.published_at, c.body, c.published_by).order_by(c.version.desc()))
    return tuple(
        RulebookVersion(
            version=row.version,
            name=decode(row.body, _Named).name,
            published_at=row.published_at,
            by=row.published_by,
        )
        for row in rows
    )
