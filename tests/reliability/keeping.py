"""A program that keeps a floor until it is ended: run as `python -m tests.reliability.keeping URL NAME TTL RENEW`.

It says one line when it is up; what it does is seen in the floor.
"""

from __future__ import annotations

import sys

from app.clock import FloorClock
from app.floor.local import LocalFloor
from app.store.book import Book
from app.workers.keeper import Keeper
from app.workers.leased import Terms


def main(address: str, name: str, ttl: str, renew: str) -> None:
    clock = FloorClock()
    floor = LocalFloor(Book(address), clock, "admin")
    floor.hear_time()
    keeper = Keeper(floor, clock, Terms(ttl=float(ttl), renew=float(renew)), place=name)
    keeper.start()
    print("up", flush=True)  # noqa: T201 - whoever started it reads this line
    sys.stdin.read()
    keeper.stop()
    floor.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
