"""JSON from a web site's script or a connected system (Zapier, Make, a CRM): one object, fields named
freely.

Inner objects are read by dotted names ("customer.email"), and so are lists of {"name": ..., "value":
...}. A form that arrives at this door is read as a form: it is the same person who wants to be called.

What somebody did comes by the same door, beside how to recognise them: {"email": "dana@firm.example", "behaviour":
{"kind": "page_view", "what": "/pricing", "at": "2026-11-22T10:15:00Z"}}.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.channels._body import Pairs, fields
from app.channels._fields import draft_of
from app.domain.behaviour import Behaviour, Did
from app.domain.inquiry import Draft, Inquiry, Unreadable

NAME = "json"
TITLE = "JSON"
ORDER = 20
_DEED = {f"{word}.{part}": part for word in ("behaviour", "behavior") for part in ("kind", "at", "what")}


def read(inquiry: Inquiry) -> Draft:
    """The draft of a JSON body; raises Unreadable with a sentence that names the place."""
    pairs = fields(inquiry)
    said = {_DEED[name]: value for name, value in pairs if name in _DEED}
    if "kind" not in said:
        return draft_of(pairs, inquiry)
    rest: Pairs = [pair for pair in pairs if pair[0] not in _DEED]
    return replace(draft_of(rest, inquiry), did=_deed(said, inquiry.received_at))


def _deed(said: dict[str, str], now: datetime) -> Behaviour:
    try:
        kind = Did(said["kind"].strip().casefold())
    except ValueError:
        known = ", ".join(kind.value for kind in Did if kind != Did.INQUIRY)
        raise Unreadable(f"“{said['kind'][:60]}” is no behaviour. There are: {known}.") from None
    try:
        at = datetime.fromisoformat(said["at"]) if "at" in said else now
    except ValueError:
        raise Unreadable(f"“{said['at'][:60]}” is no time like 2026-11-22T10:15:00Z.") from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return Behaviour(kind=kind, at=min(at.astimezone(UTC), now), what=said.get("what", ""))
