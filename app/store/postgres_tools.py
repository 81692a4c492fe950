"""PostgreSQL's own pg_dump and pg_restore: found, fitting the server, and run without a password on their line.

They are looked for on the PATH, where systems install PostgreSQL, and beside the binaries of a server on this
computer. A pg_dump older than its server refuses to work; of those that are new enough, the one of the server's
own version is taken, else the oldest.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.address import parted, secured
from app.store.backup import BadBackup

_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
_WINDOWS_PLACES = "PostgreSQL/*/bin"
_VERSION_S = 10


@dataclass(frozen=True, slots=True)
class Tools:
    """A folder with both programs, of a version."""

    folder: Path
    major: int
    server_major: int

    @property
    def same_version(self) -> bool:
        return self.major == self.server_major

    def run(self, name: str, address: str, *words: str) -> str:
        """Run one of them on a database; what it complained of, with exit code 0. Raises `ToolFailed`."""
        bare, secret = parted(secured(address))
        done = subprocess.run(  # noqa: S603 - no shell; names and addresses are words of their own
            [_program(self.folder, name), "--no-password", f"--dbname={bare}", *words],
            env={**os.environ, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}
            | ({"PGPASSWORD": secret} if secret else {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise ToolFailed(name, done.stderr)
        return done.stderr

    def read_through(self, dump: Path) -> None:
        """Unpack a whole dump to nowhere; raises `ToolFailed` if it can't be."""
        done = subprocess.run(  # noqa: S603 - no shell; the file is a word of its own
            [_program(self.folder, "pg_restore"), f"--file={os.devnull}", str(dump)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise ToolFailed("pg_restore", done.stderr)


class ToolFailed(BadBackup):
    """One of the two ended with an error; `said` is all of what it wrote."""

    def __init__(self, name: str, said: str) -> None:
        lines = [line for line in said.splitlines() if "error:" in line] or said.splitlines() or ["no reason"]
        super().__init__(f"{name} says: {lines[0].partition('error: ')[2] or lines[0]}")
        self.said = said


def tools_for(connection: Connection) -> Tools:
    """The programs that fit the server of a connection; raises BadBackup with what to install."""
    server = int(str(connection.exec_driver_sql("SHOW server_version_num").scalar_one())) // 10000
    found = {folder: _major(folder) for folder in _folders(_beside(connection))}
    fitting = sorted((major, str(folder)) for folder, major in found.items() if major >= server)
    if not fitting:
        have = ", ".join(sorted({str(major) for major in found.values() if major})) or "none"
        raise BadBackup(
            f"pg_dump {server} is needed for this server (found here: {have}). Install PostgreSQL's client "
            f"programs of version {server} and try again.",
            "No pg_dump",
        )
    major, folder = fitting[0]
    return Tools(Path(folder), major, server)


def _beside(connection: Connection) -> list[Path]:
    """Where the server's own binaries are, if it may be asked and is on this computer."""
    try:
        with connection.begin_nested():
            told = connection.exec_driver_sql("SELECT setting FROM pg_config WHERE name = 'BINDIR'").scalar()
    except DBAPIError:
        return []
    return [Path(str(told))] if told else []


def _folders(beside: list[Path]) -> list[Path]:
    on_path = shutil.which("pg_dump")
    found = [*beside, *([Path(on_path).parent] if on_path else [])]
    if sys.platform == "win32":
        for root in filter(None, (os.environ.get("PROGRAMFILES"), os.environ.get("PROGRAMW6432"))):
            found += Path(root).glob(_WINDOWS_PLACES)
    else:
        found += [folder for place in _PLACES for folder in Path("/").glob(place[1:])]
    return [folder for folder in dict.fromkeys(found) if Path(_program(folder, "pg_dump")).exists()]


def _program(folder: Path, name: str) -> str:
    return str(folder / (f"{name}.exe" if sys.platform == "win32" else name))


def _major(folder: Path) -> int:
    """The major version of the programs in a folder; 0 if they don't run or one is missing."""
    versions = []
    for name in ("pg_dump", "pg_restore"):
        try:
            said = subprocess.run(  # noqa: S603 - no shell; words of the program's own
                [_program(folder, name), "--version"],
                capture_output=True,
                text=True,
                timeout=_VERSION_S,
                check=False,
            ).stdout
        except (OSError, subprocess.TimeoutExpired):
            return 0
        number = re.search(r"\) (\d+)", said)
        versions.append(int(number[1]) if number else 0)
    return min(versions)
