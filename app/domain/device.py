"""The computers that a floor lets in, and the invitations by which they come.

A person is invited by a secret of 80 random bits that can be read aloud; a computer is known by a token of 256.
Both are made where they will be used, and the floor is only ever told their SHA-256: it has nothing to give away,
and an answer sent twice holds no secret. A plain hash is enough, because nobody can guess through so many bits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

from app.domain.frozen import dataclass

HOURS = 24
"""An invitation is good for a day unless it is said otherwise."""
MOST_HOURS = 14 * 24
_MISREAD = str.maketrans("018", "OIB")
"""Base32 has none of these digits: who typed one misread a letter."""
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_SECRET = re.compile(r"[A-Z2-7]{16}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A computer at which one person works. `seen_at` is exact to some minutes."""

    id: str
    rep_id: str
    name: str
    joined_at: datetime
    seen_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """One that nobody has used yet."""

    id: str
    rep_id: str
    made_at: datetime
    made_by: str
    expires_at: datetime


def new_secret() -> str:
    """The secret of an invitation: four groups of four letters and digits, 80 bits."""
    text = base64.b32encode(secrets.token_bytes(10)).decode()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))


def tidy_secret(secret: str) -> str:
    """A secret as `new_secret` writes it, however its letters and groups were typed; "" for what is none."""
    typed = _letters(secret)
    return "-".join(typed[at : at + 4] for at in range(0, 16, 4)) if _SECRET.match(typed) else ""


def secret_sha256(secret: str) -> str:
    """What the floor knows of a secret, however its letters and groups were typed. Takes any text."""
    return hashlib.sha256(_letters(secret).encode(errors="replace")).hexdigest()


def _letters(secret: str) -> str:
    return "".join(filter(str.isalnum, secret[:200])).upper().translate(_MISREAD)


def secret_hint(digest: str) -> str:
    """By what a server finds the invitation of a secret's SHA-256, and from which nobody gets back to either."""
    return hmac.digest(digest.encode(), b"which invitation", "sha256").hex()


def key_proof(digest: str, nonce: str, pin: str) -> str:
    """What only a server can say that knows the invitation of a secret's SHA-256: that the key of this `pin` is
    its own. `nonce` is the asking computer's, and used once."""
    return hmac.digest(digest.encode(), f"my key\n{nonce}\n{pin}".encode(), "sha256").hex()


def new_token() -> str:
    """What a computer shows at the door from now on: 256 bits, as 43 letters, digits, - and _."""
    return secrets.token_urlsafe(32)


def token_sha256(token: str) -> str:
    """What the floor knows of a token. Takes any text."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def is_digest(text: str) -> bool:
    """Whether a text may be a SHA-256 in hexadecimal."""
    return _DIGEST.match(text) is not None
