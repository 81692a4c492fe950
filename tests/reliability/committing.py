"""A program that commits to a floor and says so after each: run as `python -m tests.reliability.committing PATH N`.

One thread, so that whoever records its system calls sees them in their order. It ends without closing anything.
"""

from __future__ import annotations

import os
import sys

from app.store.book import Book
from tests.store.notes import note


def main(path: str, count: str) -> None:
    book = Book(path)
    for number in range(int(count)):
        seq = note(book, f"number {number} " + "x" * (37 * (number % 23)))
        os.write(1, f"ACK {seq}\n".encode())
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
