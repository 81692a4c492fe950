"""The whole program, window and all, killed in the middle of inquiries, and started again as if nothing had been.

`tests/reliability` does this twenty times to the parts that keep inquiries; here it is `main.py` itself with its
desk, its lock, its socket and its bubbles, a few times.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest

from app.domain.commands import SetStatus
from app.domain.inquiry import InquiryState
from app.domain.lead import RepStatus
from app.domain.questions import FloorFacts, InquiriesIn
from tests.e2e.driver import JSON, House, Line, Program, begin_floor, looking, paths
from tests.e2e.screen import Desktop, until

KILLED_AFTER = (1, 40, 130)
"""Answers after which the program is killed, of 200 that are wanted."""
INQUIRIES = 200


def send_until_it_dies(house: House, path: str, program: Program, first: int, kill_after: int) -> set[int]:
    """Send inquiries on one line and kill the program in the middle; the numbers of those it said it kept."""
    kept: set[int] = set()
    line = Line(house.port)
    for number in range(first, first + INQUIRIES):
        person = {
            "name": f"Person {number}",
            "email": f"p{number}@brightline.example",
            "ask": "A quote please",
        }
        if len(kept) == kill_after:
            program.kill()
        status = line.send(path, json.dumps(person).encode(), JSON).status
        if status == 0:
            break
        assert status == 201
        kept.add(number)
    line.close()
    assert program.process.wait(60) == -9
    return kept


@pytest.mark.timeout(400)
def test_what_it_said_it_kept_is_there_and_it_starts_by_itself(house: House, desktop: Desktop) -> None:
    me = begin_floor(house)
    house.carry_out((me, SetStatus(status=RepStatus.AVAILABLE)))
    with looking(house.address) as floor:
        path = paths(floor)["json"]
    kept: set[int] = set()
    for cycle, kill_after in enumerate(KILLED_AFTER):
        with house.start() as program:
            program.ready()
            kept |= send_until_it_dies(house, path, program, cycle * INQUIRIES, kill_after)
            assert program.said == ""
    with house.start() as program, looking(house.address) as floor:
        program.ready()
        window = program.window()
        states = (floor.ask(InquiriesIn(state=state, limit=10**6)).waiting for state in InquiryState)
        found = Counter(json.loads(one.inquiry.raw)["name"] for waits in states for one in waits)
        assert set(found.values()) == {1}
        assert {f"Person {number}" for number in kept} <= set(found)
        facts = floor.ask(FloorFacts())
        assert facts.chain_holds
        assert facts.leads == facts.inquiries == len(found)
        desktop.minimise(window)  # the socket of the killed ones is in nobody's way
        done = house.run()
        assert (done.returncode, done.stderr) == (0, "Firstring is open already; its window was raised.\n")
        until(lambda: desktop.active() == window, "the window is in front")
        assert program.leave() == 0
        assert program.said == ""
