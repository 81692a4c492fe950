"""A rulebook as a TOML file that a person can read, change and keep beside others, and back.

`from_toml(to_toml(rulebook, reps), reps)` is the same rulebook, for any that may be in force. What can't be read is
refused with its line and a sentence. Pure.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

from app.domain.durations import say_duration
from app.domain.hours import Block, Calendar
from app.domain.lead import Rep
from app.domain.rulebook import Rulebook
from app.domain.toml_layout import DAYS, DURATIONS, HEAD, KEYS, PEOPLE, TABLES
from app.domain.toml_reading import from_toml

__all__ = ["from_toml", "to_toml"]

_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_WIDTH = 110


def to_toml(rulebook: Rulebook, reps: Iterable[Rep]) -> str:
    """The text of the file. `reps` are the floor's people, whoever has left among them."""
    people = tuple(reps)
    same = Counter(rep.name.casefold() for rep in people) + Counter(rep.id.casefold() for rep in people)
    writer = _Writer({rep.id: rep.name if same[rep.name.casefold()] == 1 else rep.id for rep in people})
    lines = [*_comment(HEAD), f"name = {text(rulebook.name)}", f"version = {rulebook.version}"]
    for table in TABLES:
        lines += ["", "", *_comment(table.why)]
        single = [(name, getattr(rulebook, name)) for name in table.fields]
        if single:
            lines += [f"[{table.name}]", *writer.fields(single)]
        for name, value in single:
            if dataclasses.is_dataclass(value):
                lines += writer.inner(table.name, value) if name == table.name else ()
        for called, field, _ in table.many:
            for item in getattr(rulebook, field):
                lines += ["", *writer.item(called, item)]
    return "\n".join(lines) + "\n"


def _comment(words: str) -> Iterator[str]:
    for line in words.splitlines():
        yield f"# {line}".rstrip()


def text(value: str) -> str:
    """A TOML string."""
    return '"' + "".join(_escaped(letter) for letter in value) + '"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPED:
        return _ESCAPED[letter]
    return f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else letter


class _Writer:
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def item(self, called: str, item: Any) -> Iterator[str]:
        """A table that may stand several times: its plain values, then the tables in it."""
        yield f"[[{called}]]"
        yield from self.fields(_told(item))
        if isinstance(item, Calendar):
            yield f"[{called}.week]"
            for day, blocks in zip(DAYS, item.week, strict=False):
                yield f"{day} = [{', '.join(text(_hours(block)) for block in blocks)}]"
        for name, value in _told(item):
            if dataclasses.is_dataclass(value):
                yield f"[{called}.{name}]"
                yield from self.fields(_told(value))

    def inner(self, called: str, value: Any) -> Iterator[str]:
        """A value that a table is made of: its plain values in it, those in turn in tables of their own."""
        yield from self.fields([(one.name, getattr(value, one.name)) for one in dataclasses.fields(value)])
        for one in dataclasses.fields(value):
            part = getattr(value, one.name)
            if dataclasses.is_dataclass(part):
                yield f"[{called}.{one.name}]"
                yield from self.fields([(of.name, getattr(part, of.name)) for of in dataclasses.fields(part)])

    def fields(self, told: Iterable[tuple[str, Any]]) -> Iterator[str]:
        for name, value in told:
            if value is None or dataclasses.is_dataclass(value) or name == "week":
                continue
            yield f"{KEYS.get(name, name)} = {self._listed(value, name)}"

    def _listed(self, value: Any, name: str) -> str:
        """A value; a list that is too long for a line has a line for each of its parts."""
        line = self._value(value, name)
        if not isinstance(value, tuple) or name in ("values", "most_open"):
            return line
        if len(line) <= _WIDTH and not any(dataclasses.is_dataclass(part) for part in value):
            return line
        return "[\n" + "".join(f"    {self._value(part, name)},\n" for part in value) + "]"

    def _value(self, value: Any, name: str) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, Enum):
            return text(str(value.value))
        if isinstance(value, int | float):
            return text(say_duration(value)) if name in DURATIONS else repr(value)
        if isinstance(value, str):
            return text(self._names.get(value, value) if name in PEOPLE else value)
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Block):
            return text(_hours(value))
        if isinstance(value, tuple):
            if name in ("values", "most_open"):
                return "{ " + ", ".join(f"{text(key)} = {number!r}" for key, number in value) + " }"
            return "[" + ", ".join(self._value(part, name) for part in value) + "]"
        parts = (f"{KEYS.get(of, of)} = {self._value(part, of)}" for of, part in _told(value))
        return "{ " + ", ".join(parts) + " }"


def _told(item: Any) -> list[tuple[str, Any]]:
    """The fields that must be said: the others have their usual value."""
    return [
        (one.name, getattr(item, one.name))
        for one in dataclasses.fields(item)
        if one.default is dataclasses.MISSING or getattr(item, one.name) != one.default
    ]


def _hours(block: Block) -> str:
    return f"{_time(block.start)}-{_time(block.until)}"


def _time(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{second:02}" if second else "")
