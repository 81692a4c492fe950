"""The files of the project, for the tests that look at all of them."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@cache
def committed() -> list[Path]:
    """Every file that is committed, or would be by `git add .`; paths from the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    names = [name for name in listed.stdout.split("\0") if name]
    return sorted(Path(name) for name in names if (ROOT / name).is_file())


def modules(*folders: str) -> list[Path]:
    """The Python files under these folders, and those named outright."""
    return [path for path in committed() if path.suffix == ".py" and (path.parts[0] in folders)]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_bytes(), str(path))
