"""A process of its own that imports a made-up file of so many megabytes, and prints what that took.

`python -m tests.importing.big_file MEGABYTES FOLDER [cancel]`: memory in MB above what a small import
needed, rows, seconds; with `cancel`, the seconds from the cancel in the middle of the file to the return.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from pathlib import Path

from app.clock import SystemClock
from app.domain.questions import FloorFacts
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor
from app.workers.importer import Cancelled, Importer, Progress, Stage

SENTENCE = "pallet racking for a warehouse in the north with forty bays before spring, can someone call me? "
WORDS = SENTENCE.split()
CODES = range(201, 220)


def make(path: Path, megabytes: float) -> None:
    """Invented people with a message of some length each; about 550 bytes a row."""
    chance = random.Random(7)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("Name,Company,E-mail,Phone,City,Lead Source,Message,Reference\r\n")
        number = 0
        while file.tell() < megabytes * 1e6:
            for _ in range(200):
                number += 1
                message = " ".join(chance.choices(WORDS, k=70))
                # There are few numbers that are nobody's, and each person's must be another.
                area, last = divmod(number // 50, 100)
                phone = f"+1 {CODES[area]} 555 01{last:02}" if number % 50 == 0 and area < len(CODES) else ""
                person = f"Person {number},Company {number % 977},p{number}@company{number % 977}.example"
                file.write(f'{person},{phone},Denver,Trade show,"{message}",R-{number}\r\n')


def memory() -> float:
    """The most memory this process ever had, in MB."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


def main(megabytes: float, folder: Path, cancels: bool) -> None:
    clock = SystemClock()
    address = str(folder / "big.floor")
    start_floor(address, "Big", clock.now())
    floor = LocalFloor(Book(address), clock, "admin")
    importer = Importer(floor, clock)
    small, big = folder / "small.csv", folder / "big.csv"
    make(small, 0.3)
    make(big, megabytes)
    importer.run(small)
    at_first, before = memory(), floor.ask(FloorFacts())

    stop = threading.Event()
    stopped_at = []

    def tell(progress: Progress) -> None:
        if cancels and progress.stage == Stage.SENDING and (progress.share or 0) > 0.5 and not stop.is_set():
            stopped_at.append(clock.now())
            stop.set()

    began = clock.now()
    figures: dict[str, float] = {"megabytes": round(big.stat().st_size / 1e6, 1)}
    preview = importer.look(big)
    figures["look_seconds"] = round((clock.now() - began).total_seconds(), 1)
    try:
        report = importer.run(big, progress=tell, cancelled=stop, preview=preview)
        figures.update(leads=report.leads, joined=report.joined, seconds=round(report.seconds, 1))
    except Cancelled:
        after = floor.ask(FloorFacts())
        assert (after.leads, after.inquiries, after.head) == (before.leads, before.inquiries, before.head)
        figures["cancel_seconds"] = (clock.now() - stopped_at[0]).total_seconds()
    figures["growth"] = round(memory() - at_first, 1)
    floor.close()
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main(float(sys.argv[1]), Path(sys.argv[2]), "cancel" in sys.argv)
