"""Text messages, by any gateway that takes them over HTTP.

How a gateway wants to be asked is filled in by whoever has a contract with it: address, method, fields, headers. In
each of them `{to}`, `{text}`, `{id}` and `{secret}` stand for the number, the message, its id and the account's
secret, which is kept in the keyring. Its 2xx counts, or an answer in which a given word stands.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from app.codec import decode, encode, encode_text
from app.domain.errors import Refused
from app.domain.post import Message
from app.messengers._http import check_url, request

__all__ = ["Account", "account_of", "address_of", "send"]

_PLACE = re.compile(r"\{(to|text|id|secret)\}")
_METHODS = ("POST", "GET", "PUT")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    url: str
    method: str = "POST"
    fields: Pairs = ()
    """Said as a form, or as JSON; in the address for GET."""
    headers: Pairs = ()
    is_json: bool = False
    login: str = ""
    """For gateways that want a name and the secret (HTTP Basic)."""
    expects: str = ""
    """A word that stands in the gateway's answer when it has taken the message."""


def account_of(address: str) -> Account:
    """Read an account as `address_of` writes it; raises Refused if it is none, or could never send."""
    try:
        account = decode(address, Account)
    except ValueError as error:
        raise Refused("That is no gateway for text messages.", "No gateway") from error
    check_url(_filled(account.url, _quoted(_SAMPLE)))
    if account.method not in _METHODS:
        raise Refused("A gateway is asked by POST, GET or PUT.", "No gateway")
    said = " ".join((account.url, *(text for _name, text in (*account.fields, *account.headers))))
    for need, what in (("{to}", "the number"), ("{text}", "the message")):
        if need not in said:
            raise Refused(f"No field says {what}: write {need} where it belongs.", "No gateway")
    if any("\n" in text or "\r" in text for pair in account.headers for text in pair):
        raise Refused("A header is one line.", "No gateway")
    return account


def address_of(account: Account) -> str:
    """The account as one line of text. No secret is in it."""
    return encode_text(account)


def send(message: Message, account: Account, secret: str) -> None:
    """Hand one message over. Raises NotSent."""
    values = {"to": message.to, "text": message.body.strip(), "id": message.id, "secret": secret}
    url = _filled(account.url, _quoted(values))
    headers = {"User-Agent": "Firstring"} | {
        name: _filled(text, _line(values)) for name, text in account.headers
    }
    if account.login:
        headers["Authorization"] = "Basic " + b64encode(f"{account.login}:{secret}".encode()).decode()
    fields = {name: _filled(text, values) for name, text in account.fields}
    body: bytes | None = None
    if account.method == "GET":
        if fields:
            url += ("&" if urlsplit(url).query else "?") + urlencode(fields)
    elif account.is_json:
        body = encode(fields)
        headers["Content-Type"] = "application/json"
    else:
        body = urlencode(fields).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    request(account.method, url, body, headers, account.expects)


_SAMPLE = {"to": "+1", "text": "x", "id": "x", "secret": "x"}


def _filled(text: str, values: dict[str, str]) -> str:
    """The text with each place filled once; what a value itself says is no place."""
    return _PLACE.sub(lambda place: values[place[1]], text)


def _quoted(values: dict[str, str]) -> dict[str, str]:
    return _each(values, lambda text: quote(text, safe=""))


def _line(values: dict[str, str]) -> dict[str, str]:
    """For a header: one line of letters that a header can have."""
    return _each(values, lambda text: " ".join(text.split()).encode("ascii", "replace").decode())


def _each(values: dict[str, str], change: Callable[[str], str]) -> dict[str, str]:
    return {name: change(text) for name, text in values.items()}
