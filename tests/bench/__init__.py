"""How fast and how small: `python3 tests bench NAME` runs `tests/bench/NAME.py`.

Each measurement is a module with `run() -> list[Line]`. A line sets what was measured beside the most it
may be. Modules whose names begin with an underscore are shared by several. Limits are ratios to something
measured in the same run, so that they mean the same on every machine.
"""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from app.boot import SWITCH_S

__all__ = ["Line", "measure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measured figure: `value` may be at most `limit`, both in `unit` ("×", "ms", "MB", "%")."""

    what: str
    value: float
    limit: float
    unit: str = "×"
    note: str = ""
    """How the figure came about, for whoever doubts it: "8.1 ms against 3.9 ms, 500 posts"."""

    @property
    def ok(self) -> bool:
        return self.value <= self.limit  # a figure that is not a number is a miss

    def __str__(self) -> str:
        figure = f"{self.value:8.3g} {self.unit} of {self.limit:g} {self.unit}"
        note = f"  ({self.note})" if self.note else ""
        return f"{self.what:<44} {figure:<24}{note}  {'ok' if self.ok else 'MISS'}"


def names() -> list[str]:
    return sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def measure(wanted: list[str]) -> int:
    """Run the named measurements, or all; 0 when every line is ok, 1 on a miss, 2 on a wrong name."""
    known = names()
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(
            f"no measurement called {', '.join(unknown)}; there are: {', '.join(known) or 'none'}",
            file=sys.stderr,
        )
        return 2
    sys.setswitchinterval(SWITCH_S)  # as the program does
    missed = 0
    for name in wanted or known:
        try:
            lines: list[Line] = import_module(f"tests.bench.{name}").run()
        except Exception:  # noqa: BLE001 - one that breaks is a miss; the others still run
            traceback.print_exc()
            lines = []
        for line in lines:
            print(f"{name:<10} {line}", flush=True)
        if not lines:
            print(f"{name:<10} measured nothing  MISS", flush=True)
        missed += sum(not line.ok for line in lines) or (not lines)
    return 1 if missed else 0
