"""The whole program, window and all, killed in the middle of inquiries, and started again as if nothing had been.

`tests/reliability` does this twenty times to the parts that keep inquiries; here it is `main.py` itself with its
desk, its lock, its socket and its bubbles, a few times.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from contextlib import ExitStack
from typing import Any

import pytest

from app.domain.commands import SetStatus
from app.domain.inquiry import InquiryState
from app.domain.lead import RepStatus
from app.domain.questions import FloorFacts, InquiriesIn
from tests.e2e.driver import JSON, House, Line, begin_floor, looking, paths
from tests.e2e.places import everywhere
from tests.e2e.screen import Desktop, press_until, until

KILLED_AFTER = (1, 40, 130)
"""Answers after which the program is killed, of 200 that are wanted."""
INQUIRIES = 200


def send_until_it_dies(
    house: House, path: str, taker: subprocess.Popen[Any], first: int, kill_after: int
) -> set[int]:
    """Send inquiries on one line and kill who takes them in the middle; the numbers of those it said it kept."""
    kept: set[int] = set()
    line = Line(house.port)
    for number in range(first, first + INQUIRIES):
        person = {
            "name": f"Person {number}",
            "email": f"p{number}@brightline.example",
            "ask": "A quote please",
        }
        if len(kept) == kill_after:
            taker.kill()  # this process and no other; it can't see it coming
        status = line.send(path, json.dumps(person).encode(), JSON).status
        if status == 0:
            break
        assert status == 201
        kept.add(number)
    line.close()
    assert taker.wait(60) == -9
    return kept


@everywhere
@pytest.mark.timeout(400)
def test_what_it_said_it_kept_is_there_and_it_starts_by_itself(house: House, desktop: Desktop) -> None:
    me = begin_floor(house)
    house.carry_out((me, SetStatus(status=RepStatus.AVAILABLE)))
    with looking(house.address) as floor:
        path = paths(floor)["json"]
    kept: set[int] = set()
    with ExitStack() as opened:
        program = opened.enter_context(house.start()) if house.place.outlives else None
        for cycle, kill_after in enumerate(KILLED_AFTER):
            with house.place.answering() as taker:
                kept |= send_until_it_dies(house, path, taker, cycle * INQUIRIES, kill_after)
        house.place.open()
        if program is None:
            program = opened.enter_context(house.start())
        program.ready()
        # a look that reads along while nobody minds the log of the killed one would not hear of its successor
        floor = opened.enter_context(looking(house.address))
        window = program.window()
        states = (floor.ask(InquiriesIn(state=state, limit=10**6)).waiting for state in InquiryState)
        found = Counter(json.loads(one.inquiry.raw)["name"] for waits in states for one in waits)
        assert set(found.values()) == {1}
        assert {f"Person {number}" for number in kept} <= set(found)
        facts = floor.ask(FloorFacts())
        assert facts.chain_holds
        assert facts.leads == facts.inquiries == len(found)
        press_until(
            lambda: floor.reps()[0].status == RepStatus.BREAK,
            lambda: desktop.keys(window, "ctrl+shift+b"),
            "the desk goes on",
        )
        desktop.minimise(window)  # the socket of the killed ones is in nobody's way
        done = house.run(*house.place.words)
        assert (done.returncode, done.stderr) == (0, "Firstring is open already; its window was raised.\n")
        until(lambda: desktop.active() == window, "the window is in front")
        assert program.leave() == 0
        assert program.complaints == ""
