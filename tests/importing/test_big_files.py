"""A file's size costs time, not memory. The full 100 MB are run by hand: see `big_file.py`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.importing import big_file

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads its memory from /proc")
MEGABYTES = 4


def figures(folder: Path, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", big_file.__name__, str(MEGABYTES), str(folder), *more]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_memory_stays_flat(tmp_path: Path) -> None:
    found = figures(tmp_path)
    assert found["leads"] + found["joined"] > 8_000
    assert found["growth"] < 60


def test_a_big_import_is_cancelled_within_a_second(tmp_path: Path) -> None:
    assert figures(tmp_path, "cancel")["cancel_seconds"] < 1
