"""Ten desks, each a program of its own, that race for the same leads; what each of them was told."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PATIENCE_S = 300.0
"""Without a word of any desk, until something is missing."""


@dataclass(kw_only=True)
class Seat:
    """Who sits at a desk, and how it reaches the floor: by `servers`, or by `database` itself."""

    rep: str
    seed: int
    database: str = ""
    servers: list[str] = field(default_factory=list)
    token: str = ""
    pins: list[str] = field(default_factory=list)


class Racer:
    """One desk. What it says is heard on a thread."""

    def __init__(self, race: Race, seat: Seat, leads: list[str], lost: float, file: Path) -> None:
        self._race = race
        self.rep = seat.rep
        self.ready = False
        self.done = 0
        self.told: list[tuple[int, float]] = []
        """Numbers of the feed and when this desk had seen them, by this computer's steady clock."""
        self.report: dict[str, Any] = {}
        said = {"leads": leads, "lost": lost, **vars(seat)}
        file.write_text(json.dumps(said), encoding="utf-8")
        self.errors = file.with_suffix(".log")
        with self.errors.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.reliability.racing", str(file)],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self._hearing = threading.Thread(target=self._hear, name="racer", daemon=True)
        self._hearing.start()

    def _hear(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            word, _, rest = line.rstrip("\n").partition(" ")
            with self._race.changed:
                if word == "ready":
                    self.ready = True
                elif word == "done":
                    self.done += 1
                elif word == "told":
                    number, _, at = rest.partition(" ")
                    self.told.append((int(number), float(at)))
                else:
                    self.report = json.loads(line)
                self._race.changed.notify_all()

    def say(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def after(self, number: int) -> float | None:
        """When this desk was told the first event after a number; None: not yet."""
        return next((at for told, at in self.told if told > number), None)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.kill()
        self.process.wait()
        self._hearing.join()
        self.process.stdin.close()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Race:
    """All desks of a race. End it in any case."""

    def __init__(self, seats: list[Seat], leads: list[str], lost: float, folder: Path) -> None:
        self.changed = threading.Condition()
        self.racers = [
            Racer(self, seat, leads, lost, folder / f"desk{number}.json") for number, seat in enumerate(seats)
        ]

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for something that the desks say; an assertion with what they wrote if one of them is gone, or if
        none of them gets any further."""
        before, end = -1, 0.0
        with self.changed:
            while not true():
                if self.done != before:
                    before, end = self.done, time.monotonic() + PATIENCE_S
                self.changed.wait(1.0)
                for racer in self.racers:
                    code = racer.process.poll()
                    assert code is None or true(), f"a desk ended with {code}: {racer.errors.read_text()}"
                assert time.monotonic() < end or true(), f"nothing more for {PATIENCE_S:.0f} s"

    def go(self) -> float:
        """Start once all are live; when that was."""
        self.until(lambda: all(racer.ready for racer in self.racers))
        began = time.monotonic()
        for racer in self.racers:
            racer.say("go")
        return began

    @property
    def done(self) -> int:
        return sum(racer.done for racer in self.racers)

    def live_again(self, number: int, since: float) -> float:
        """Wait until every desk was told something after a number; the seconds that the last of them took."""
        self.until(lambda: all(racer.after(number) is not None for racer in self.racers))
        return max(at - since for at in (racer.after(number) for racer in self.racers) if at is not None)

    def finish(self, cursor: int) -> list[dict[str, Any]]:
        """Wait until every desk has seen an event; what each knows."""
        for racer in self.racers:
            racer.say(f"end {cursor}")
        self.until(lambda: all(racer.report for racer in self.racers))
        return [racer.report for racer in self.racers]

    def end(self) -> None:
        for racer in self.racers:
            racer.end()
