"""A program that sends a floor's mail until it is ended.

Run as `python -m tests.reliability.sending URL ACCOUNT AHEAD [SPEED PATIENCE]`. Its clock is AHEAD seconds ahead and
runs SPEED times as fast; it waits PATIENCE seconds for each answer of the mail server. It says one line when it is up.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from app.clock import FloorClock, SystemClock
from app.floor.local import LocalFloor
from app.messengers import email_
from app.store.book import Book
from app.workers.outbox import Outbox, by_mail


def main(address: str, account: str, ahead: str, speed: str = "1", patience: str = "") -> None:
    if patience:
        email_.PATIENCE_S = float(patience)
    clock = FloorClock(SystemClock().now() + timedelta(seconds=float(ahead)), float(speed))
    floor = LocalFloor(Book(address), clock, "admin")
    sender = Outbox(floor, clock, by_mail(account, str), is_alone=True)
    sender.start()
    print("up", flush=True)  # noqa: T201 - whoever started it reads this line
    sys.stdin.read()
    sender.stop()
    floor.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
