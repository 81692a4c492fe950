"""A mapping on disk: TOML or JSON, one line a column, to be used again for the next file of the same kind."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from app.domain.amounts import Mark
from app.domain.dates import Order, zone_named
from app.domain.errors import AppError
from app.domain.mapping import DATES, TARGETS, Mapping, Target
from app.domain.past import ImportKind, Result
from app.domain.tidy import line

_HEAD = "# Which column means what, for Firstring's import.\n"
_ORDERS = (Order.DAY_FIRST, Order.MONTH_FIRST, Order.YEAR_FIRST)


class BadMapping(AppError):
    """A mapping file that can't be read or does not fit the table."""

    def __init__(self, message: str) -> None:
        super().__init__("The mapping does not fit", message)


def kind_of(path: Path) -> ImportKind | None:
    """As what the files come in that a mapping file is for; None where it does not say. Raises BadMapping."""
    named = _read(path).get("as")
    if named is None:
        return None
    try:
        return ImportKind(named)
    except ValueError:
        raise BadMapping(
            f"{path.name}: files come in as {', '.join(ImportKind)}, not as “{named}”."
        ) from None


def load(path: Path, table: Mapping) -> Mapping:
    """The columns of `table` aimed as the file says; those it does not name are kept as answers, or left out.

    Raises BadMapping, naming the column or the target that is not there.
    """
    found = _read(path)
    columns = found.get("columns")
    if not isinstance(columns, dict):
        raise BadMapping(f"The mapping file {path} has no list of columns, under “columns”.")
    targets: list[tuple[str, Target]] = []
    for header, target in columns.items():
        if target not in TARGETS[table.kind]:
            raise BadMapping(
                f"{path.name}: “{target}” is no target for “{header}”; there are {target_names(table.kind)}."
            )
        targets.append((header, Target(target)))
    try:
        mapping = table.aimed(targets)
    except KeyError as error:
        raise BadMapping(
            f"{path.name} speaks of a column “{error.args[0]}” that this file does not have."
        ) from None
    values = tuple(
        (
            header,
            tuple((word, _one_of(path, Result, result)) for word, result in _table(path, words, "values")),
        )
        for header, words in _table(path, found.get("values"), "values")
    )
    zone = found.get("zone", "")
    try:
        if zone:
            zone_named(str(zone))
    except ValueError:
        raise BadMapping(f"{path.name}: there is no time zone “{zone}”.") from None
    return replace(
        mapping,
        zone=str(zone),
        medium=line(str(found.get("medium", ""))),
        numbered=found.get("numbered") is True,
        dates=tuple((h, _one_of(path, Order, o)) for h, o in _table(path, found.get("dates"), "dates")),
        marks=tuple((h, _one_of(path, Mark, m)) for h, m in _table(path, found.get("decimals"), "decimals")),
        values=values,
    )


def headers_of(path: Path) -> frozenset[str]:
    """The columns that a mapping file speaks of. Raises BadMapping."""
    columns = _read(path).get("columns")
    return frozenset(columns) if isinstance(columns, dict) else frozenset()


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadMapping(f"There is no mapping file {path}.") from None
    except (OSError, UnicodeError) as error:
        raise BadMapping(f"The mapping file {path} can't be read: {error}.") from error
    try:
        found = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except ValueError as error:  # both kinds of syntax error are one
        raise BadMapping(f"The mapping file {path} is not written right: {error}.") from error
    return found if isinstance(found, dict) else {}


def _table(path: Path, found: object, name: str) -> list[tuple[str, Any]]:
    if found is None:
        return []
    if not isinstance(found, dict):
        raise BadMapping(f"{path.name}: “{name}” is a list of columns, each with what holds for it.")
    return list(found.items())


E = TypeVar("E", bound=StrEnum)


def _one_of(path: Path, kind: type[E], word: object) -> E:
    try:
        return kind(str(word))
    except ValueError:
        raise BadMapping(f"{path.name}: “{word}” is none of {', '.join(kind)}.") from None


def save(path: Path, mapping: Mapping) -> None:
    """Write a mapping, as JSON where the name ends so, else as TOML; raises BadMapping where that fails."""
    found: dict[str, Any] = {}
    if mapping.kind is not ImportKind.LEADS:
        found["as"] = mapping.kind.value
    if mapping.zone:
        found["zone"] = mapping.zone
    if mapping.medium:
        found["medium"] = mapping.medium
    if mapping.numbered:
        found["numbered"] = True
    found["columns"] = dict(mapping.columns)
    aimed = dict(mapping.columns)
    if orders := {h: o for h, o in mapping.dates if o in _ORDERS and aimed.get(h) in DATES}:
        found["dates"] = orders
    if marks := {h: m for h, m in mapping.marks if m is not Mark.NONE}:
        found["decimals"] = marks
    if values := {h: dict(words) for h, words in mapping.values if words}:
        found["values"] = values
    text = (
        json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        if path.suffix.lower() == ".json"
        else _HEAD + "".join(_toml(found))
    )
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadMapping(f"The mapping can't be written to {path}: {error.strerror or error}.") from error


def _toml(found: dict[str, Any], name: str = "") -> Iterator[str]:
    """A header is one line without control characters, so JSON's quoting is TOML's."""
    plain = {key: value for key, value in found.items() if not isinstance(value, dict)}
    if name and (plain or not found):
        yield f"[{name}]\n"
    for key, value in plain.items():
        yield f"{json.dumps(key, ensure_ascii=False) if name else key} = {json.dumps(value, ensure_ascii=False)}\n"
    for key, value in found.items():
        if isinstance(value, dict):
            yield from _toml(value, f"{name}.{json.dumps(key, ensure_ascii=False)}" if name else key)


def target_names(kind: ImportKind = ImportKind.LEADS) -> str:
    """All targets of a kind of file, for a person who has to type one."""
    return ", ".join(target for target in Target if target in TARGETS[kind])
