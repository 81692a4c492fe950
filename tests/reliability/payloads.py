"""Payloads that nobody should send and somebody will: made from a corpus and a seed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from urllib.parse import quote_plus

from tests.server.test_hostile_bodies import FIELDS, MUTILATED

Payload = tuple[str | None, bytes]
"""(content type, body)"""
KINDS = (
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "text/plain",
    "application/json; charset=utf-16",
    "application/json; charset=no-such",
    "application/xml",
    "application/octet-stream",
    "",
    None,
)
RAW = (
    "NaN", "-Infinity", "1e999999", "-0", "9" * 10_000, "[" * 3000 + "]" * 3000, '{"a":' * 900 + "1" + "}" * 900,
    '"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', '"' + "x" * 40_000 + '"', "null", "true", "[]", "{}", "1.5",
    '{"a": 1, "a": 2}', "9223372036854775808", "-9223372036854775809",
    '"2026-13-45T99:99:99Z"', '"\\u202e\\u2066\\ufeff"',
)  # fmt: skip
"""Values as they stand in JSON, not all of them as JSON has them."""
TEXTS = (
    "' OR 1=1; DROP TABLE leads; --", "=cmd|' /C calc'!A0", "{{7*7}}${7*7}<%= 7*7 %>", "../../../../etc/passwd",
    "a\r\nBcc: everybody@x.example", "<img src=x onerror=alert(1)>", "\x00\x01\x7f", "😀" * 200, "a\u0301" * 300,
    "+1 303 555 01" + "0" * 400, "a@" + "b." * 200 + "example", "\ud800", "", " ", "\u200b", "％００",
)  # fmt: skip


def value(dice: random.Random, depth: int = 0) -> str:
    """A value in something like JSON."""
    roll = dice.random()
    if roll < 0.35:
        return dice.choice(RAW)
    if roll < 0.8 or depth > 3:
        return json.dumps(dice.choice(TEXTS), ensure_ascii=dice.random() < 0.7)
    if roll < 0.9:
        return "[" + ",".join(value(dice, depth + 1) for _ in range(dice.randrange(4))) + "]"
    return members((dice.choice(FIELDS), value(dice, depth + 1)) for _ in range(dice.randrange(4)))


def members(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ",".join(f"{json.dumps(name)}:{held}" for name, held in pairs) + "}"


def spoilt(dice: random.Random, body: bytes) -> bytes:
    """Cut off, with bytes flipped, or doubled; or whole."""
    roll = dice.random()
    if not body or roll < 0.4:
        return body
    if roll < 0.6:
        return body[: dice.randrange(len(body))]
    if roll < 0.7:
        return body + body
    flipped = bytearray(body)
    for _ in range(dice.randrange(1, 6)):
        flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
    return bytes(flipped)


def payload(dice: random.Random, number: int) -> Payload:
    """For a capture endpoint; `number` keeps one from being taken for a repeat of another."""
    roll = dice.random()
    kind = dice.choice(KINDS)
    if roll < 0.2:
        kind, body = dice.choice(MUTILATED)
        return kind, spoilt(dice, body)
    names = [dice.choice(FIELDS) for _ in range(dice.randrange(1, 8))]
    if roll < 0.6:
        text = members([("number", str(number)), *((name, value(dice)) for name in names)])
    elif roll < 0.85:
        pairs = ((name, dice.choice(TEXTS)) for name in names)
        text = f"number={number}&" + "&".join(
            f"{name}={quote_plus(said, errors='replace') if dice.random() < 0.7 else said}"
            for name, said in pairs
        )
    else:
        return kind, dice.randbytes(dice.randrange(2000))
    return kind, spoilt(dice, text.encode("utf-8", dice.choice(("surrogatepass", "replace"))))
