"""Values to JSON text and back: the one place that knows msgspec.

The domain's frozen dataclasses are encoded as they are and decoded with their types checked; an error names
the field ("Expected `int`, got `str` - at `$.score`"). What a value *means* on the wire or in the journal
(its kind, its version) is said by `floor/wire.py` and `domain/events.py`, not here.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import TypeVar

import msgspec

__all__ = ["Malformed", "decode", "encode", "encode_text", "keepable", "pretty"]

T = TypeVar("T")

Malformed = msgspec.DecodeError
"""Raised by `decode` for text that is not JSON or not of the asked type; its message names the field."""


_encoder = msgspec.json.Encoder()


@cache
def _decoder(kind: object) -> msgspec.json.Decoder[object]:
    return msgspec.json.Decoder(kind)


def encode(value: object) -> bytes:
    """JSON bytes of a dataclass, list, dict or scalar; datetimes as RFC 3339, bytes as base64."""
    return _encoder.encode(value)


def encode_text(value: object) -> str:
    return _encoder.encode(value).decode()


def pretty(value: object) -> str:
    """JSON for a person to read, a field a line."""
    return msgspec.json.format(_encoder.encode(value), indent=2).decode()


def decode(text: str | bytes, kind: type[T]) -> T:
    """The value of `text` as `kind`; raises `Malformed`."""
    return _decoder(kind).decode(text)  # type: ignore[return-value, arg-type]


def keepable(value: T) -> T:
    """The same value with every text in it fit for both databases: no half of a character, and no NUL."""
    kept: object = value
    if isinstance(value, str):
        if "\0" in value or not value.isascii():
            kept = value.encode(errors="replace").decode().replace("\0", "\ufffd")
    elif isinstance(value, tuple):
        kept = tuple(map(keepable, value))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: keepable(getattr(value, field.name)) for field in dataclasses.fields(value)}
        kept = dataclasses.replace(value, **fields)
    return kept  # type: ignore[return-value]
