"""`main.py import` as a process of its own, on a floor file that it makes: `python -m ... FLOOR import FILE
...`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cli import import_file
from app.clock import SystemClock
from app.floor.floor import Floor
from app.floor.local import LocalFloor
from app.store.book import Book, start_floor


@contextmanager
def opened(address: str) -> Iterator[Floor]:
    clock = SystemClock()
    if not Path(address).exists():
        start_floor(address, "Test", clock.now())
    floor = LocalFloor(Book(address), clock, "admin")
    try:
        yield floor
    finally:
        floor.close()


def run(address: str, *words: str) -> int:
    parser = argparse.ArgumentParser(prog="main.py")
    import_file.add(parser.add_subparsers())
    return import_file.run(parser.parse_args(words), lambda: opened(address))


if __name__ == "__main__":
    sys.exit(run(*sys.argv[1:]))
