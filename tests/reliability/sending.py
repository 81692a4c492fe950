"""A program that sends a floor's mail until it is ended.

Run as `python -m tests.reliability.sending URL ACCOUNT AHEAD`. Its clock is AHEAD seconds ahead.
It says one line when it is up.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from app.clock import FloorClock, SystemClock
from app.floor.local import LocalFloor
from app.store.book import Book
from app.workers.outbox import Outbox, by_mail


def main(address: str, account: str, ahead: str) -> None:
    clock = FloorClock(SystemClock().now() + timedelta(seconds=float(ahead)))
    floor = LocalFloor(Book(address), clock, "admin")
    sender = Outbox(floor, clock, by_mail(account, str), is_alone=True)
    sender.start()
    print("up", flush=True)  # noqa: T201 - whoever started it reads this line
    sys.stdin.read()
    sender.stop()
    floor.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
