"""Values to JSON and back, on many threads at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEARN = """
import sys, threading, types
from app.codec import convert, decode
sys.setswitchinterval(1e-6)
source = "from __future__ import annotations\\nfrom dataclasses import dataclass\\n" + "\\n".join(
    f"@dataclass(frozen=True)\\nclass C{n}:\\n    a: int = 0\\n"
    + (f"    c: C{n - 1} | None = None\\n    d: tuple[C{n - 1}, ...] = ()\\n" if n else "")
    for n in range(6)
)
text = '{"a":1,"c":{"a":2,"c":{"a":3,"d":[{"a":4}]}},"d":[{"a":5}]}'
for round in range(100):
    module = sys.modules["learnt"] = types.ModuleType("learnt")
    exec(source, module.__dict__)
    start, found = threading.Barrier(6), []
    def learn(number):
        kind = getattr(module, f"C{5 - number % 2}")
        start.wait()
        found.append(decode(text, kind) if sys.argv[1] == "decode" else convert({"a": 1, "c": {"a": 2}}, kind))
    threads = [threading.Thread(target=learn, args=(number,)) for number in range(6)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert [one.a for one in found] == [1] * 6
"""


@pytest.mark.parametrize("way", ["decode", "convert"])
def test_classes_are_learnt_by_one_thread_at_a_time(way: str) -> None:
    """Without that the interpreter dies of a segmentation fault."""
    done = subprocess.run(
        [sys.executable, "-c", LEARN, way], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr or f"ended by signal {-done.returncode}"
