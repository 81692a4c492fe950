"""Webhook: a program of the firm's own is told, by a signed POST of JSON.

`Firstring-Signature: t=1700000000,v1=…` signs what is said and when: v1 is the HMAC-SHA256, in hexadecimal, of the
time, a point and the body, by the secret that both know. `Idempotency-Key` is the message's own id, the same at every
try: who gets it twice can tell.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from app.clock import SystemClock
from app.domain.post import Message
from app.messengers._http import check_url, request
from app.messengers._sent import NotSent

__all__ = ["Account", "account_of", "send", "signature"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    url: str


def account_of(address: str) -> Account:
    """Read where it goes; raises Refused if it may not go there."""
    check_url(address)
    return Account(url=address)


def signature(body: bytes, secret: str, at: int) -> str:
    """The header's value for a body at a time (seconds since 1970)."""
    signed = hmac.new(secret.encode(), b"%d." % at + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={signed}"


def send(message: Message, account: Account, secret: str) -> None:
    """Tell it. Raises NotSent."""
    if not secret:
        raise NotSent("this computer does not know the webhook's secret")
    body = message.body.encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Firstring",
        "Idempotency-Key": message.id,
        "Firstring-Attempt": str(message.attempt),
        "Firstring-Signature": signature(body, secret, int(SystemClock().now().timestamp())),
    }
    request("POST", account.url, body, headers)
