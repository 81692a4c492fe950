"""A program that takes inquiries in, one after the other: run as `python -m tests.reliability.giving ADDRESS NAME`.

It says "up", then takes a number of inquiries in for each number that it is told, and says "done" after them.
"""

from __future__ import annotations

import sys

from app.clock import FloorClock, new_id
from app.codec import encode
from app.domain.commands import CaptureInquiry
from app.domain.inquiry import Inquiry
from app.floor.local import LocalFloor
from app.store.book import Book


def main(address: str, name: str) -> None:
    clock = FloorClock()
    floor = LocalFloor(Book(address), clock, "capture")
    floor.hear_time()
    print("up", flush=True)  # noqa: T201 - whoever started it reads this line
    for line in sys.stdin:
        for _ in range(int(line)):
            key = new_id()
            raw = encode({"name": f"Person {key}", "email": f"{key}@{name}.example", "message": "Hello."})
            inquiry = Inquiry(id=key, channel="json", raw=raw, received_at=clock.now())
            floor.do(CaptureInquiry(inquiry=inquiry))
        print("done", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
