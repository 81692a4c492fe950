"""Values to JSON text and back: the one place that knows msgspec.

The domain's frozen dataclasses are encoded as they are and decoded with their types checked; an error names
the field ("Expected `int`, got `str` - at `$.score`"). What a value *means* on the wire or in the journal
(its kind, its version) is said by `floor/wire.py` and `domain/events.py`, not here.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

import msgspec

__all__ = ["Malformed", "Raw", "convert", "decode", "encode", "encode_text", "keepable", "pretty", "schemas"]

T = TypeVar("T")

Malformed = msgspec.DecodeError
"""Raised by `decode` for text that is not JSON or not of the asked type; its message names the field."""


Raw = msgspec.Raw
"""A part of a text that is decoded later, when it is known what it is; in `encode`, one that is encoded already."""

Make = Callable[[type[Any], Any], Any]
"""Makes a value of a class that JSON does not know from what stands in its place."""


_encoder = msgspec.json.Encoder()


_learning = threading.Lock()
"""What msgspec finds out about a class it keeps with the class, unfinished at first: a thread that meets it so ends
the program with a segmentation fault (0.22). So one thread at a time makes it learn classes."""


@cache
def _decoder(kind: object, make: Make | None) -> msgspec.json.Decoder[object]:
    with _learning:
        return msgspec.json.Decoder(kind, dec_hook=make)


def encode(value: object) -> bytes:
    """JSON bytes of a dataclass, list, dict or scalar; datetimes as RFC 3339, bytes as base64."""
    return _encoder.encode(value)


def encode_text(value: object) -> str:
    return _encoder.encode(value).decode()


def pretty(value: object) -> str:
    """JSON for a person to read, a field a line."""
    return msgspec.json.format(_encoder.encode(value), indent=2).decode()


def decode(text: str | bytes | Raw, kind: type[T], make: Make | None = None) -> T:
    """The value of `text` as `kind`; raises `Malformed`. `make` is asked for values of classes of our own that
    are no dataclasses."""
    try:
        return _decoder(kind, make).decode(text)  # type: ignore[return-value, arg-type]
    except (UnicodeDecodeError, RecursionError) as error:
        raise Malformed("JSON is malformed: no UTF-8, or too deep") from error


def convert(value: object, kind: type[T]) -> T:
    """What `decode` made of a text without being told its type (dicts, lists, texts), as `kind`; raises `Malformed`."""
    _decoder(kind, None)  # type: ignore[arg-type]  # the class is known from here on
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Malformed(str(error)) from error


def schemas(
    kinds: Iterable[Any], place: str, hook: Callable[[type[Any]], dict[str, Any]]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """JSON Schemas of types, and of the classes they are made of by name; `place` is where the latter will stand
    ("#/components/schemas/{name}"). `hook` describes a class that JSON does not know."""
    with _learning:
        shown, parts = msgspec.json.schema_components(kinds, schema_hook=hook, ref_template=place)
    return list(shown), parts


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
