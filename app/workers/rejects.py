"""The file of refused rows: line, reason, and the cells as they were, to be mended and brought back.

It is written beside the file it speaks of and only when there is something to write. A cell that a
spreadsheet would run as a formula is led by an apostrophe, which the import takes off again.
"""

from __future__ import annotations

import contextlib
import csv
import os
import re
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from app.domain.errors import AppError

if TYPE_CHECKING:
    from _csv import Writer

_PHONE = re.compile(r"\+?[\d ().\-]{3,25}")
_TOLD = 20
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%")


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula; phone numbers stay as they are."""
    first = text.lstrip(" \t\r\n\u00a0\ufeff")
    if (first.startswith(_STARTS) or text[:1] in ("\t", "\r", "\n")) and not (
        _PHONE.fullmatch(text) and any(map(str.isdigit, text))
    ):
        return "'" + text
    return text


def beside(path: Path) -> Path:
    """Where the refused rows of a file go by default."""
    return path.with_name(path.name + ".rejects.csv")


class RejectsFile:
    """Takes refused rows; `keep` puts the file in its place, leaving the context without it removes it
    again."""

    def __init__(self, path: Path, headers: Sequence[str]) -> None:
        self.path = path
        self.count = 0
        self.told: list[tuple[int, str]] = []
        """Line and reason of the first ones."""
        self._headers = headers
        self._part = path.with_name(path.name + ".part")
        self._file: TextIO | None = None
        self._writer: Writer | None = None

    def __enter__(self) -> Self:
        return self

    def add(self, line: int, why: str, cells: Sequence[str]) -> None:
        """Write one refused row; raises AppError where the file can't be written."""
        try:
            if self._writer is None:
                self._file = open(self._part, "w", encoding="utf-8-sig", newline="")  # noqa: SIM115
                self._writer = csv.writer(self._file, quoting=csv.QUOTE_ALL)
                self._writer.writerow(["line", "why", *map(safe_cell, self._headers)])
            self._writer.writerow([str(line), why, *map(safe_cell, cells)])
        except OSError as error:
            raise self._unwritable(error) from error
        if len(self.told) < _TOLD:
            self.told.append((line, why))
        self.count += 1

    @property
    def first(self) -> str:
        """The first refusal: line and reason; "" before there is one."""
        return "line {}, {}.".format(*self.told[0]) if self.told else ""

    def keep(self) -> Path | None:
        """Put the file in its place and return where that is; None where no row was refused."""
        if self._file is None:
            return None
        try:
            self._file.close()
            os.replace(self._part, self.path)
        except OSError as error:
            raise self._unwritable(error) from error
        self._file = None
        return self.path

    def _unwritable(self, error: OSError) -> AppError:
        return AppError(
            "Nothing was imported",
            f"The refused rows can't be written to {self.path} ({error.strerror or error}); "
            "choose another place.",
        )

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            with contextlib.suppress(OSError):
                self._part.unlink()
