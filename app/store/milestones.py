"""The milestones of leads that only reports read: kept with the leads' rows, in no desk's memory and on no wire.

What happens in a transaction is gathered by lead and written with the lead's own row where that is written too; a
capture and a claim so say no statement more than before.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, ColumnElement, Connection, Engine, bindparam, case, func, text, update

from app.domain.inquiry import Origin
from app.domain.lead import Lead
from app.domain.milestones import worked
from app.domain.rulebook import Rulebook
from app.store import tables as t
from app.store.columns import Instant
from app.store.ready import Ready
from app.store.rows import Values, origin_id

_c = t.leads.c
_earlier = _c.first_call_at.is_(None) | (_c.first_call_at > bindparam("first_call_at", type_=Instant))
_CHANGES: dict[str, ColumnElement[Any]] = {
    "clocks": _c.clocks + bindparam("clocks"),
    "clocks_met": _c.clocks_met + bindparam("clocks_met"),
    "clocks_breached": _c.clocks_breached + bindparam("clocks_breached"),
    "escalated_at": func.coalesce(_c.escalated_at, bindparam("escalated_at", type_=Instant)),
    "first_call_at": case((_earlier, bindparam("first_call_at", type_=Instant)), else_=_c.first_call_at),
    "first_call_by": case((_earlier, bindparam("first_call_by")), else_=_c.first_call_by),
    "first_call_worked": case(
        (_earlier, bindparam("first_call_worked", type_=BigInteger)), else_=_c.first_call_worked
    ),
    "last_origin": bindparam("last_origin"),
}
"""Counts are added to; of two first calls, as of two escalations, the earlier one stands."""

_ADD_ORIGIN = Ready(
    text(
        "INSERT INTO origins (id, channel, medium, campaign, ad) "
        "VALUES (:id, :channel, :medium, :campaign, :ad) ON CONFLICT DO NOTHING"
    )
)


def changes(names: frozenset[str]) -> dict[str, ColumnElement[Any]]:
    """What an update sets these columns to."""
    return {name: _CHANGES[name] for name in sorted(names)}


@cache
def _alone(names: frozenset[str]) -> Ready:
    return Ready(update(t.leads).where(_c.id == bindparam("key")).values(changes(names)))


class Milestones:
    """Those of one transaction that are not written yet."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._of: dict[str, Values] = {}
        self._new: set[int] = set()
        """Origins that this transaction has added."""

    def count(self, lead_id: str, name: str) -> None:
        values = self._of.setdefault(lead_id, {})
        values[name] = values.get(name, 0) + 1

    def escalated(self, lead_id: str, at: datetime) -> None:
        self._of.setdefault(lead_id, {}).setdefault("escalated_at", at)

    def called(self, lead: Lead, rep_id: str, at: datetime, rulebook: Rulebook) -> None:
        """A call to a lead began; `rulebook` was in force then."""
        took = worked(rulebook, lead.captured_at, at)
        first = {
            "first_call_at": at,
            "first_call_by": rep_id,
            "first_call_worked": round(took.total_seconds() * 1_000_000),
        }
        self._of.setdefault(lead.id, {}).update(first)

    def clock_told(self, lead_id: str, in_time: bool) -> None:
        """A file says that a lead had a first-attempt clock, and whether it was met."""
        self.count(lead_id, "clocks")
        self.count(lead_id, "clocks_met" if in_time else "clocks_breached")

    def touched(self, lead_id: str, channel: str, origin: Origin) -> None:
        """A later inquiry of a lead says where it came from."""
        self._of.setdefault(lead_id, {})["last_origin"] = self.origin(channel, origin)

    def origin(self, channel: str, origin: Origin) -> int:
        """The id of an origin, which is added where this program has not seen it yet."""
        number = origin_id(channel, origin)
        if number not in self._new and number not in _known(self._db.engine):
            row = {
                "id": number,
                "channel": channel,
                "medium": origin.medium,
                "campaign": origin.campaign,
                "ad": origin.ad,
            }
            _ADD_ORIGIN.later(self._db, row)
            self._new.add(number)
        return number

    def of_new(self, lead: Lead) -> Values:
        """The columns of a new lead."""
        here = self.origin(lead.channel, lead.origin)
        return {"origin": here, "last_origin": here} | self.take(lead.id)

    def take(self, lead_id: str) -> Values:
        """What is to be written of a lead; whoever takes it writes it."""
        return self._of.pop(lead_id, {})

    def drop(self) -> None:
        """What was gathered since is undone."""
        self._of.clear()
        self._new.clear()

    def settle(self) -> None:
        """Write what is left of leads whose own row was not written."""
        for lead_id, values in self._of.items():
            _alone(frozenset(values)).later(self._db, values | {"key": lead_id})
        self._of.clear()

    def settle_at_once(self) -> None:
        """The same for many leads: one statement for all that have the same milestones."""
        alike: dict[frozenset[str], list[Values]] = {}
        for lead_id, values in self._of.items():
            alike.setdefault(frozenset(values), []).append(values | {"key": lead_id})
        for names, rows in alike.items():
            self._db.execute(update(t.leads).where(_c.id == bindparam("key")).values(changes(names)), rows)
        self._of.clear()

    def committed(self) -> None:
        _known(self._db.engine).update(self._new)


_KNOWN: WeakKeyDictionary[Engine, set[int]] = WeakKeyDictionary()


def _known(engine: Engine) -> set[int]:
    """Origins that stand in the book for good."""
    return _KNOWN.setdefault(engine, set())
