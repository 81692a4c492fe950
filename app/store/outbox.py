"""Rows of the outbox, and of where people get mail and text messages.

A message is written with what it tells, in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.store.reading import Reading
from app.store.tables_keeping import mail_addresses, outbox
from app.store.writing import Writing

_o = outbox.c
_NEXT = select(func.min(_o.next_at)).where(_o.way == bindparam("way"))
_DUE = (
    select(outbox)
    .where(_o.next_at <= bindparam("now"), _o.way == bindparam("way"))
    .order_by(_o.next_at, _o.id)
    .limit(1)
    .with_for_update()
)
_GONE = {"next_at": None, "to_address": "", "subject": "", "body": "", "attached": ""}
"""Of a message that is over only what tells that it was is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that is due."""

    id: str
    to_address: str
    to_name: str
    subject: str
    body: str
    made_at: datetime
    attempt: int
    """Tries that were begun."""
    why: str
    way: str
    attached: str


def _waiting(row: Any) -> Waiting:
    return Waiting(**{name: getattr(row, name) for name in Waiting.__dataclass_fields__})


def addresses(r: Reading) -> dict[str, str]:
    """Where people get mail, by rep."""
    rows = r.db.execute(select(mail_addresses.c.rep_id, mail_addresses.c.address))
    return {row.rep_id: row.address for row in rows if row.address}


def numbers(r: Reading) -> dict[str, str]:
    """Where people get text messages, by rep."""
    rows = r.db.execute(select(mail_addresses.c.rep_id, mail_addresses.c.number))
    return {row.rep_id: row.number for row in rows if row.number}


def set_address(w: Writing, rep_id: str, address: str) -> None:
    """Set where a person gets mail; "" for nowhere."""
    _set(w, rep_id, address=address)


def set_number(w: Writing, rep_id: str, number: str) -> None:
    """Set where a person gets text messages; "" for nowhere."""
    _set(w, rep_id, number=number)


def _set(w: Writing, rep_id: str, **values: str) -> None:
    its = mail_addresses.c.rep_id == rep_id
    if not w.db.execute(update(mail_addresses).where(its).values(values)).rowcount:
        w.db.execute(insert(mail_addresses).values({"rep_id": rep_id, "address": "", **values}))


def put(w: Writing, **values: Any) -> bool:
    """Write a message; False if one of the same `dedupe_key` was ever written."""
    try:
        with w.db.begin_nested():
            w.db.execute(insert(outbox).values(made_at=w.now, next_at=w.now, state="pending", **values))
    except IntegrityError:
        return False
    return True


def next_at(r: Reading, way: str) -> datetime | None:
    """When the next message by a way is due."""
    at: datetime | None = r.db.execute(_NEXT, {"way": way}).scalar_one()
    return at


def due(w: Writing, way: str) -> Waiting | None:
    """The message by a way that is due first, locked."""
    row = w.db.execute(_DUE, {"now": w.now, "way": way}).first()
    return None if row is None else _waiting(row)


def begin(w: Writing, message_id: str, epoch: int, attempt: int, until: datetime) -> None:
    """Somebody begins to send it, and has until then to say how it went."""
    values = {"state": "sending", "epoch": epoch, "attempt": attempt, "next_at": until}
    w.db.execute(update(outbox).where(_o.id == message_id).values(values))


def tried(w: Writing, message_id: str, epoch: int, attempt: int) -> Waiting | None:
    """The message whose try this is, locked; None if it is over, or somebody else's by now."""
    asked = _o.id == message_id, _o.state == "sending", _o.epoch == epoch, _o.attempt == attempt
    row = w.db.execute(select(outbox).where(*asked).with_for_update()).first()
    return None if row is None else _waiting(row)


def retry(w: Writing, message_id: str, at: datetime, why: str) -> None:
    w.db.execute(update(outbox).where(_o.id == message_id).values(state="retry", next_at=at, why=why))


def end(w: Writing, message_id: str, state: str, why: str = "") -> None:
    """It is "sent" or "dead"."""
    w.db.execute(
        update(outbox).where(_o.id == message_id).values(state=state, ended_at=w.now, why=why, **_GONE)
    )
