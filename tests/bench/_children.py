"""Processes of a measurement: what they print is waited for no longer than `PATIENCE_S`, and none outlives it."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 120.0


class Child:
    """A module of this folder, run as a script."""

    def __init__(self, module: str, *words: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"tests.bench.{module}", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._said: queue.Queue[str] = queue.Queue()
        self._hearing = threading.Thread(target=self._hear, daemon=True)
        self._hearing.start()

    def _hear(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(line.rstrip("\n"))
        self._said.put("")

    def line(self) -> str:
        """The next line it prints; "" when it has ended."""
        try:
            return self._said.get(timeout=PATIENCE_S)
        except queue.Empty:
            raise TimeoutError(f"nothing was said for {PATIENCE_S:g} s") from None

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()


@contextmanager
def children(module: str, *each: tuple[str, ...]) -> Iterator[list[Child]]:
    """One process for each set of words."""
    started: list[Child] = []
    try:
        started += [Child(module, *words) for words in each]
        yield started
        for child in started:
            assert child.process.stdin is not None
            child.process.stdin.close()
            child.process.wait(PATIENCE_S)
    finally:
        for child in started:
            child.process.kill()
            child.process.wait()
            assert child.process.stdout is not None
            child._hearing.join()
            child.process.stdout.close()
