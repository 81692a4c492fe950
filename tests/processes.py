"""Other processes of the program, as a test finds them on Linux."""

from __future__ import annotations

import os
from pathlib import Path


def started_for(word: str) -> list[int]:
    """Children of this process that were started with this last word. One that ended has no words any more."""
    mine = f"/proc/{os.getpid()}/task"
    found = [
        int(pid) for task in os.listdir(mine) for pid in Path(mine, task, "children").read_text().split()
    ]
    return [pid for pid in found if Path(f"/proc/{pid}/cmdline").read_bytes().endswith(f"{word}\0".encode())]
