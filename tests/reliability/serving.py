"""A program that serves a floor's inquiries until it is killed: run as `python -m tests.reliability.serving PATH`.

Nothing is done by hand at its start: it makes the floor if there is none, and otherwise opens what it finds. On
standard output it says its address and its capture key, in one line, once it serves.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from app.clock import SystemClock
from app.domain.commands import AddRep, AddSource, SetStatus
from app.domain.lead import RepStatus
from app.domain.questions import AllSources
from app.floor.local import LocalFloor
from app.server.capture import CaptureFace
from app.store.book import Book, start_floor
from app.workers.keeper import Keeper


def main(path: str) -> None:
    clock = SystemClock()
    if not Path(path).exists():
        start_floor(path, "Killed again and again", clock.now())
    floor = LocalFloor(Book(path), clock, "admin")
    if not floor.ask(AllSources()).lines:
        floor.do(AddSource(name="Web site", channel="json"))
        rep = floor.do(AddRep(name="Ana")).value.id
        floor.as_actor(rep).do(SetStatus(status=RepStatus.AVAILABLE))
    Keeper(floor, clock).start()
    face = CaptureFace(floor.as_actor("capture"), clock, port=0)
    face.start()
    (line,) = floor.ask(AllSources()).lines
    print(face.url, line.source.key, flush=True)  # noqa: T201 - whoever started it reads this line
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
