"""JSON from strangers: read strictly, its numbers kept as they were written, and laid flat.

The standard parser takes two keys of one name, NaN, and half a character, and each of them would be found
out only later, by somebody else; here they are refused with the place where they stand. Numbers stay
text, digit for digit: a lead form's ids are longer than a number may be in many a program, and nothing is
calculated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.inquiry import Unreadable
from app.domain.tidy import line

DEEPEST = 32

Json: TypeAlias = "str | bool | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class _Object:
    """An object with its keys as they stood, doubles included."""

    pairs: list[tuple[str, object]]


@dataclass(frozen=True, slots=True)
class _NoNumber:
    """NaN or Infinity, which are not JSON."""

    name: str


_HALF = re.compile("[\ud800-\udfff]")


def parse(text: str) -> Json:
    """The value; raises Unreadable with a sentence that names the place."""
    try:
        found = _DECODER.decode(text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Unreadable(f"The body is not JSON: {_reason(error.msg)} at {place}.") from error
    except RecursionError as error:
        raise Unreadable(_too_deep("the body")) from error
    return _checked(found, "", 1)


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Object, parse_int=str, parse_float=str, parse_constant=_NoNumber, strict=False
)


def _reason(said: str) -> str:
    return said[:1].casefold() + said[1:].removesuffix(" at").strip()


def _too_deep(place: str) -> str:
    return f"The JSON is nested more than {DEEPEST} deep, in {place[:60]}."


def _checked(value: object, place: str, depth: int) -> Json:
    here = place or "the body"
    if isinstance(value, str):
        if _HALF.search(value):
            raise Unreadable(f"The text of {here} contains half a character (a lone surrogate).")
        return value
    if isinstance(value, _NoNumber):
        raise Unreadable(f"The value of {here} is {value.name}, which is not a JSON number.")
    if not isinstance(value, (list, _Object)):
        return value if isinstance(value, bool) else None
    if depth > DEEPEST:
        raise Unreadable(_too_deep(here))
    if isinstance(value, list):
        return [_checked(part, f"{place}[{number}]", depth + 1) for number, part in enumerate(value)]
    found: dict[str, Json] = {}
    for key, part in value.pairs:
        if _HALF.search(key):
            raise Unreadable(f"A key in {here} contains half a character (a lone surrogate).")
        inner = f"{place}.{line(key[:60])}" if place else line(key[:60])
        if key in found:
            raise Unreadable(f"The key {inner} stands there twice.")
        found[key] = _checked(part, inner, depth + 1)
    return found


# -- laid flat

_NAMES = ("name", "label", "question", "key", "title", "column_name", "column_id", "id", "field")
_VALUES = ("value", "values", "answer", "string_value", "text")


def flat(value: Json) -> Iterator[tuple[str, str]]:
    """Names and values: keys of inner objects joined with dots, lists of name and value taken as fields.

    Raises Unreadable unless the value is one object, or a list of one.
    """
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, list) and not _are_fields(value):
        raise Unreadable(f"The body holds {len(value)} things; an inquiry is one object.")
    if not isinstance(value, (dict, list)):
        raise Unreadable("The body is JSON, but not an object with names and values.")
    return _flat("", value)


def _flat(name: str, value: Json) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(_inner(name, key), part)
    elif isinstance(value, list):
        if _are_fields(value):
            for part in value:
                if isinstance(part, dict):
                    yield from _field(part)
        elif any(isinstance(part, (dict, list)) for part in value):
            for number, part in enumerate(value):
                yield from _flat(_inner(name, str(number)), part)
        else:
            yield name, ", ".join(text for part in value if (text := scalar(part)))
    elif text := scalar(value):
        yield name, text


def _inner(name: str, key: str) -> str:
    return f"{name}.{key}"[:200] if name else key[:200]


def scalar(value: Json) -> str:
    """A single value as text: "yes" and "no" for true and false, nothing for null."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else ""


def _are_fields(parts: list[Json]) -> bool:
    """Whether this is a list of objects that each give a field's name and value."""
    return bool(parts) and all(
        isinstance(part, dict) and bool(_name(part)) and any(key in part for key in _VALUES) for part in parts
    )


def _name(part: dict[str, Json]) -> str:
    return next((text[:200] for key in _NAMES if (text := scalar(part.get(key)))), "")


def _field(part: dict[str, Json]) -> Iterator[tuple[str, str]]:
    return _flat(_name(part), next(part[key] for key in _VALUES if key in part))
