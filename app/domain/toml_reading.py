"""A TOML file read as a rulebook: strictly, and with the line of whatever can't be read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from difflib import get_close_matches
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NoReturn, TypeVar, Union, get_args, get_origin, get_type_hints

from app.domain.durations import read_duration
from app.domain.errors import Refused
from app.domain.hours import Block
from app.domain.lead import Rep
from app.domain.rulebook import Rulebook
from app.domain.tier import Tier
from app.domain.toml_layout import DAYS, DURATIONS, KEYS, NOUNS, PEOPLE, TABLES

T = TypeVar("T")
Path = tuple[str | int, ...]
_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\")\s*=")
_HOURS = re.compile(r"(\d\d?):(\d\d)(?::(\d\d))?\s*[-–]\s*(\d\d?):(\d\d)(?::(\d\d))?")
_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


def from_toml(text: str, reps: Iterable[Rep]) -> Rulebook:
    """The rulebook that a file says. Raises Refused, with the line and a sentence, for one that can't be read;
    whether it could be followed is another question (`rulebook_check`)."""
    import tomllib

    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = int(found[1]) if found and found[1] else len(text.splitlines())
        why = _LINE.sub("", str(error)).strip().rstrip(".")
        raise Refused(f"Line {line}: this is no TOML. {why}.", "Not read") from error
    return _Reader(text, tuple(reps)).rulebook(said)


class _Reader:
    def __init__(self, text: str, reps: tuple[Rep, ...]) -> None:
        self._lines = _places(text)
        self._reps = reps

    def refuse(self, path: Path, sentence: str) -> NoReturn:
        while path and path not in self._lines:
            path = path[:-1]
        raise Refused(f"Line {self._lines.get(path, 1)}: {sentence}", "Not read")

    def rulebook(self, said: dict[str, Any]) -> Rulebook:
        hints = _hints(Rulebook)
        known = {"name", "version", *(table.name for table in TABLES if table.fields)}
        known |= {called for table in TABLES for called, _, _ in table.many}
        self._check_keys(said, known, (), "a rulebook")
        found: dict[str, Any] = {"version": 1}
        for name in ("name", "version"):
            if name in said:
                found[name] = self._as(hints[name], said[name], name, (name,))
        for table in TABLES:
            single = said.get(table.name, {}) if table.fields else {}
            if not isinstance(single, dict):
                self.refuse(
                    (table.name,), f"“{table.name}” is a table: write [{table.name}] above its values."
                )
            inner = table.name if table.name in table.fields else ""
            own = {KEYS.get(name, name): name for name in table.fields if name != inner}
            if inner:
                rest = {key: value for key, value in single.items() if key not in own}
                found[inner] = self._made(hints[inner], rest, (table.name,))
            else:
                self._check_keys(single, own, (table.name,), f"[{table.name}]")
            for key, name in own.items():
                if key in single:
                    found[name] = self._as(hints[name], single[key], name, (table.name, key))
            for called, field, kind in table.many:
                found[field] = self._many(kind, said.get(called, []), called)
        return Rulebook(**found)

    def _many(self, kind: type[Any], said: Any, called: str) -> tuple[Any, ...]:
        if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
            self.refuse((called,), f"there may be several of “{called}”: write [[{called}]] above each.")
        return tuple(self._made(kind, one, (called, at)) for at, one in enumerate(said))

    def _check_keys(self, said: Mapping[str, Any], known: Iterable[str], path: Path, what: str) -> None:
        names = sorted(known)
        for key in said:
            if key not in names:
                close = get_close_matches(key, names, 1)
                better = f"Did you mean “{close[0]}”?" if close else f"It knows {', '.join(names)}."
                self.refuse((*path, key), f"{what} knows nothing of “{key}”. {better}")

    def _made(self, kind: type[T], said: dict[str, Any], path: Path) -> T:
        """A value of one of our classes."""
        what = NOUNS.get(kind.__name__, f"a {kind.__name__.lower()}")
        fields = {KEYS.get(one.name, one.name): one for one in dataclasses.fields(kind)}  # type: ignore[arg-type]
        self._check_keys(said, fields, path, what)
        found = {}
        for key, field in fields.items():
            if key in said:
                hint = _hints(kind)[field.name]  # type: ignore[arg-type]
                found[field.name] = self._as(hint, said[key], field.name, (*path, key))
            elif field.default is dataclasses.MISSING:
                self.refuse(path, f"{what} needs “{key}”.")
        return kind(**found)

    def _as(self, hint: Any, said: Any, name: str, path: Path) -> Any:
        """What is said, as the field `name` wants it."""
        if get_origin(hint) in (Union, UnionType):
            hint = next(one for one in get_args(hint) if one is not NoneType)
        if name == "week":
            return self._week(said, path)
        if get_origin(hint) is tuple:
            return self._tuple(get_args(hint), said, name, path)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self._word(hint, said, path)
        if hint is Block:
            return self._block(said, path)
        if dataclasses.is_dataclass(hint):
            if not isinstance(said, dict):
                self.refuse(path, f"{name} is a table of several values.")
            return self._made(hint, said, path)  # type: ignore[arg-type]
        if hint in (int, float):
            return self._number(hint, said, name, path)
        if hint is date:
            if not isinstance(said, date) or isinstance(said, datetime):
                self.refuse(path, "a day is written like 2026-12-25, without quotes.")
            return said
        if not isinstance(said, hint):
            self.refuse(path, _WANTED[hint])
        return self._person(said, path) if name in PEOPLE and said else said

    def _tuple(self, parts: tuple[Any, ...], said: Any, name: str, path: Path) -> tuple[Any, ...]:
        if name in ("values", "most_open"):
            if not isinstance(said, dict):
                self.refuse(path, f"{name} is written like {{ HOT = 2 }}.")
            first, second = get_args(parts[0])
            return tuple(
                (self._as(first, key, "", (*path, key)), self._as(second, value, "", (*path, key)))
                for key, value in said.items()
            )
        if not isinstance(said, list):
            self.refuse(path, f"{KEYS.get(name, name)} is a list: write it in brackets, like [ … ].")
        if len(parts) == 2 and parts[1] is Ellipsis:
            return tuple(self._as(parts[0], one, name, (*path, at)) for at, one in enumerate(said))
        if len(said) != len(parts):
            self.refuse(path, f"each of {name} has {len(parts)} values.")
        return tuple(self._as(hint, one, "", path) for hint, one in zip(parts, said, strict=True))

    def _number(self, hint: Any, said: Any, name: str, path: Path) -> int | float:
        if name in DURATIONS and isinstance(said, str):
            try:
                said = read_duration(said)
            except ValueError:
                self.refuse(
                    path, f"“{said}” is no length of time. Write it like “60 s”, “15 min” or “1 h 30 min”."
                )
            if hint is int and said == int(said):
                said = int(said)
        if isinstance(said, bool) or not isinstance(said, int if hint is int else (int, float)):
            self.refuse(
                path, "this is a length of time, like “15 min”." if name in DURATIONS else _WANTED[hint]
            )
        number: int | float = said
        return number

    def _word(self, kind: type[Enum], said: Any, path: Path) -> Enum:
        words = {str(one.value): one for one in kind}
        if not isinstance(said, str) or said not in words:
            self.refuse(path, f"“{said}” is not known here. Write one of {', '.join(words)}.")
        return words[said]

    def _week(self, said: Any, path: Path) -> tuple[tuple[Block, ...], ...]:
        if not isinstance(said, dict):
            self.refuse(path, "a week is a table: write [calendar.week] above its days.")
        self._check_keys(said, DAYS, path, "a week")
        for day, hours in said.items():
            if not isinstance(hours, list):
                self.refuse((*path, day), "a day has a list of hours, like [ “09:00-17:00” ].")
        return tuple(tuple(self._block(one, (*path, day)) for one in said.get(day, ())) for day in DAYS)

    def _block(self, said: Any, path: Path) -> Block:
        found = _HOURS.fullmatch(said.strip()) if isinstance(said, str) else None
        if found is None:
            self.refuse(path, f"“{said}” are no hours. Write them like “09:00-17:00”.")
        a, b, c, d, e, f = (int(part or 0) for part in found.groups())
        return Block(start=a * 3600 + b * 60 + c, until=d * 3600 + e * 60 + f)

    def _person(self, said: str, path: Path) -> str:
        """The id of whoever is meant: by id, or by a name that one person has."""
        if any(rep.id == said for rep in self._reps):
            return said
        wanted = " ".join(said.split()).casefold()
        found = [rep for rep in self._reps if rep.name.casefold() == wanted]
        if len(found) > 1:
            ids = " or ".join(rep.id for rep in found)
            self.refuse(
                path, f"{len(found)} people are called “{said}”. Write the id of the one you mean: {ids}."
            )
        if not found:
            close = get_close_matches(said, [rep.name for rep in self._reps], 1)
            better = f"Did you mean {close[0]}?" if close else "Write a name as it stands on the Team screen."
            self.refuse(path, f"nobody on this floor is called “{said}”. {better}")
        return found[0].id


_WANTED = {
    str: "this is a text: write it in quotes.",
    bool: "this is true or false, without quotes.",
    int: "this is a whole number, without quotes.",
    float: "this is a number, without quotes.",
}


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, localns={"Tier": Tier})


def _places(text: str) -> dict[Path, int]:
    """The line of each table and of each key that begins a line; parts of a list that is written over several lines
    are counted. Good for telling where something is wrong, and for nothing else."""
    found: dict[Path, int] = {(): 1}
    counts: dict[str, int] = {}
    table: Path = ()
    key: Path = ()
    part = 0
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        named = _KEY.match(line)
        if header and not line.lstrip().startswith('["') and (not key or not line.startswith(" ")):
            names = [name.strip().strip('"') for name in header[2].split(".")]
            if header[1] == "[[":
                counts[header[2]] = counts.get(header[2], -1) + 1
            first: Path = (names[0], counts[names[0]]) if names[0] in counts else (names[0],)
            table, key = (*first, *names[1:]), ()
            found.setdefault(table, number)
        elif named:
            key, part = (*table, named[1].strip('"')), 0
            found.setdefault(key, number)
        elif key and line.strip() and not line.lstrip().startswith(("#", "]")):
            found.setdefault((*key, part), number)
            part += 1
    return found
