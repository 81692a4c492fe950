"""What a routing decision is made of beside the lead: what is owed to whom, who has how much to do, who had the person
before; and the offers that are over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, func, null, select, text, union_all

from app.codec import decode, encode_text
from app.domain.lead import Lead
from app.domain.tier import Tier
from app.store import tables as t
from app.store.columns import NOTHING
from app.store.reading import Reading
from app.store.ready import Ready
from app.store.rows import lead_of
from app.store.selected import LEAD_COLUMNS
from app.store.tables_rulebook import turns
from app.store.writing import Writing

_OWED = Ready(select(turns.c.credits).where(turns.c.route == bindparam("route")))
_KEEP = Ready(
    text(
        "INSERT INTO turns (route, credits) VALUES (:route, :credits) "
        "ON CONFLICT (route) DO UPDATE SET credits = excluded.credits"
    )
)
_given = (
    select(t.leads.c.owner, null().label("tier"), func.count().label("n"))
    .where(t.leads.c.given_at > bindparam("since"), t.leads.c.owner != NOTHING)
    .group_by(t.leads.c.owner)
)
_LOADS = Ready(
    select(t.leads.c.owner, t.leads.c.tier, func.count().label("n"))
    .where(text(t.HELD))
    .group_by(t.leads.c.owner, t.leads.c.tier)
    .union_all(_given)
)
_BEFORE = Ready(
    union_all(
        *(
            select(t.leads.c.captured_at, t.leads.c.id, t.leads.c.owner).where(
                key == bindparam(name), key != NOTHING, t.leads.c.owner != NOTHING
            )
            for name, key in (("email", t.leads.c.email_key), ("phone", t.leads.c.phone_key))
        )
    )
)
_LAPSED = Ready(
    select(*LEAD_COLUMNS)
    .where(t.leads.c.lapse_at <= bindparam("now"))
    .order_by(t.leads.c.lapse_at, t.leads.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_NEXT = Ready(select(func.min(t.leads.c.lapse_at)).where(t.leads.c.lapse_at.is_not(None)))


_TIERS = {tier.value: tier for tier in Tier}


def owed(r: Reading, route: str) -> dict[str, int]:
    """What is owed to whom on a route, in parts of a lead."""
    row = _OWED.on(r.db, {"route": route}).first()
    return {} if row is None else decode(row.credits, dict[str, int])


def keep_owed(w: Writing, route: str, credits: Mapping[str, int]) -> None:
    """Write what is owed on a route; only by who is alone with the turn."""
    _KEEP.on(w.db, {"route": route, "credits": encode_text(dict(credits))})


def loads(r: Reading, since: datetime) -> tuple[dict[str, dict[Tier, int]], dict[str, int]]:
    """(by owner, their open leads of each tier; by owner, the leads that went to them after `since`), in one look.

    Of the latter those count that they still have or have closed.
    """
    held: dict[str, dict[Tier, int]] = {}
    given: dict[str, int] = {}
    for owner, tier, n in _LOADS.on(r.db, {"since": since}):
        if tier is None:
            given[owner] = n
        else:
            held.setdefault(owner, {})[_TIERS[tier]] = n
    return held, given


def last_owner(r: Reading, email_key: str, phone_key: str, but: str) -> str:
    """Who had the newest lead of a person, of those that somebody had; "" if nobody. `but` is the lead in question."""
    if not email_key and not phone_key:
        return ""
    found = [row for row in _BEFORE.on(r.db, {"email": email_key, "phone": phone_key}) if row.id != but]
    return str(max(found)[2]) if found else ""


def lapsed(w: Writing, limit: int) -> tuple[Lead, ...]:
    """Leads whose offer is over, locked; one that somebody is just taking is left for the next round."""
    return tuple(map(lead_of, _LAPSED.on(w.db, {"now": w.now, "limit": limit})))


def next_lapse(r: Reading) -> datetime | None:
    """When the next offer is over."""
    at: datetime | None = _NEXT.on(r.db).scalar_one()
    return at
