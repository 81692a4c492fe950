"""A mapping on disk: TOML or JSON, one line a column, to be used again for the next file of the same kind."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from app.domain.errors import AppError
from app.domain.mapping import Mapping, Target

_HEAD = "# Which column means what, for Firstring's import.\n"


class BadMapping(AppError):
    """A mapping file that can't be read or does not fit the table."""

    def __init__(self, message: str) -> None:
        super().__init__("The mapping does not fit", message)


def load(path: Path, table: Mapping) -> Mapping:
    """The columns of `table` aimed as the file says; those it does not name are kept as answers.

    Raises BadMapping, naming the column or the target that is not there.
    """
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
    columns = found.get("columns") if isinstance(found, dict) else None
    if not isinstance(columns, dict):
        raise BadMapping(f"The mapping file {path} has no list of columns, under “columns”.")
    targets: list[tuple[str, Target]] = []
    for header, target in columns.items():
        if target not in Target.__members__.values():
            raise BadMapping(
                f"{path.name}: “{target}” is no target for “{header}”; there are {target_names()}."
            )
        targets.append((header, Target(target)))
    try:
        return table.aimed(targets)
    except KeyError as error:
        raise BadMapping(
            f"{path.name} speaks of a column “{error.args[0]}” that this file does not have."
        ) from None


def save(path: Path, mapping: Mapping) -> None:
    """Write a mapping, as JSON where the name ends so, else as TOML; raises BadMapping where that fails."""
    if path.suffix.lower() == ".json":
        text = json.dumps({"columns": dict(mapping.columns)}, indent=1, ensure_ascii=False) + "\n"
    else:
        # A header is one line without control characters, so JSON's quoting is TOML's.
        lines = (
            f"{json.dumps(header, ensure_ascii=False)} = {json.dumps(t)}\n" for header, t in mapping.columns
        )
        text = _HEAD + "[columns]\n" + "".join(lines)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadMapping(f"The mapping can't be written to {path}: {error.strerror or error}.") from error


def target_names() -> str:
    """All targets, for a person who has to type one."""
    return ", ".join(Target)
