"""Mappings that a person saved under a name, to be offered again for a file with the same columns.

They lie on this computer, one file each, as `--map` takes them. One that can't be read, or names a column that the file
does not have, is not offered for it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.domain.errors import Refused
from app.domain.guessing import completed
from app.domain.mapping import Mapping, Target
from app.domain.past import ImportKind
from app.workers import mapping_file
from app.workers.mapping_file import BadMapping
from app.workers.preview import Preview

LONGEST: Final = 60
"""Characters of a name."""
_ENDING: Final = ".toml"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


class SavedMappings:
    """Those of one folder, which is made when the first is saved."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        """All of them, the one that was saved last first."""
        with contextlib.suppress(OSError):
            files = [(path.stat().st_mtime_ns, path.stem) for path in self._folder.glob("*" + _ENDING)]
            return tuple(name for _, name in sorted(files, reverse=True))
        return ()

    def path(self, name: str) -> Path:
        """Where the mapping of a name lies, or would."""
        return self._folder / (name + _ENDING)

    def fitting(self, preview: Preview) -> Iterator[tuple[str, Mapping]]:
        """Name and mapping of those that are for a file with these columns."""
        headers = set(preview.reading.headers)
        for name in self.names():
            with contextlib.suppress(BadMapping):
                path = self.path(name)
                if mapping_file.headers_of(path) == headers:
                    yield name, mapping_of(path, preview)

    def save(self, name: str, mapping: Mapping) -> str:
        """Keep a mapping; the name under which it is kept. Raises Refused for no name, BadMapping where that fails."""
        kept = " ".join(_NOT_IN_NAMES.sub(" ", name).split()).strip(". ")[:LONGEST].strip(". ")
        if not kept:
            raise Refused("Give the columns a name to find them by.", "Not saved")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadMapping(
                f"The folder {self._folder} can't be made: {error.strerror or error}."
            ) from error
        mapping_file.save(self.path(kept), mapping)
        return kept

    def forget(self, name: str) -> None:
        """Throw one away; one that is not there is no matter."""
        with contextlib.suppress(OSError):
            self.path(name).unlink()


def mapping_of(path: Path, preview: Preview) -> Mapping:
    """What a mapping file makes of a file that was looked at, of the kind it is for. Raises BadMapping."""
    kind = mapping_file.kind_of(path) or ImportKind.LEADS
    plain = Mapping(columns=tuple((header, Target.OUT) for header in preview.reading.headers), kind=kind)
    return completed(mapping_file.load(path, plain), preview.columns)
