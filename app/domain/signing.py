"""Deliveries that only somebody who knows a way in's secret can have made.

A sender writes down when it signs, and signs that and the body together:

    Firstring-Timestamp: 1767225600                        seconds since 1970, UTC
    Firstring-Signature: v1=<HMAC-SHA256 of "1767225600." and the body, in hex>

as GitHub and Stripe have it. The time is part of what is signed, so a delivery that somebody else saw can't be sent
again later; within the time it is good for, the same signature is taken once (`delivery_id`). A way in may have two
secrets, either of which will do: so the secret can be changed at the sender after it was changed here.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime
from uuid import UUID

from app.domain.lead import Source

TIMESTAMP, SIGNATURE = "Firstring-Timestamp", "Firstring-Signature"
GOOD_SECONDS = 300
"""How far the time of a signature may be from ours, either way."""
SHORTEST = 16
"""Characters of a secret that is signed with."""
SIGNED = ("form", "json")
"""Channels whose deliveries are signed where their way in has a secret; Google sends the secret itself."""

UNSIGNED = (
    f"This way in takes signed inquiries only: {TIMESTAMP} or {SIGNATURE} is missing or not as it should be."
)
WRONG = "The signature does not belong to this inquiry and the secret of this way in."
STALE = "The signature was made more than 5 minutes ago, or the sender's clock is wrong. Please sign and send it again."


def is_signed(source: Source) -> bool:
    """Whether what comes by this way in has to be signed."""
    return source.channel in SIGNED and bool(source.secret or source.other_secret)


def knows_secret(source: Source, shown: str) -> bool:
    """Whether this is one of the way in's secrets, compared in constant time."""
    return any(hmac.compare_digest(shown.encode(), known.encode()) for known in _secrets(source))


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What stands in the header `Firstring-Signature`."""
    made = hmac.new(secret.encode(), timestamp.encode("ascii") + b"." + body, hashlib.sha256)
    return f"v1={made.hexdigest()}"


def trouble(source: Source, timestamp: str, signed: str, body: bytes, now: datetime) -> str:
    """Why a delivery with these headers is not taken, in a sentence for its sender; empty if it is."""
    if not re.fullmatch(r"[0-9]{1,15}", timestamp) or not re.fullmatch(r"v1=[0-9a-fA-F]{64}", signed):
        return UNSIGNED
    given = signed.lower()
    if not any(hmac.compare_digest(given, signature(key, timestamp, body)) for key in _secrets(source)):
        return WRONG
    return STALE if abs(now.timestamp() - int(timestamp)) > GOOD_SECONDS else ""


def delivery_id(source: Source, signed: str) -> str:
    """The id of a signed delivery: the same however often and to whichever server it is sent."""
    digest = hashlib.sha256(f"{source.id} {signed.lower()}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=5))


def _secrets(source: Source) -> list[str]:
    return [secret for secret in (source.secret, source.other_secret) if secret]
