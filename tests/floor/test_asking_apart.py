"""Reports of a file are made by another process, and by this one where that can't be."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from app.boot import Session
from app.clock import HandClock
from app.domain.commands import AddRep
from app.domain.errors import NotAllowed, NotFound
from app.domain.report import Asked, By, LeadsBehind, Reports, RunReport, Segment
from app.floor.asking_apart import WORD, AskingApart
from app.floor.local import LocalFloor
from app.program import own_words
from app.store.book import Book
from tests.floor.many import add_leads
from tests.fresh import START, fresh_floor
from tests.processes import started_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
EVER = Asked(since=START - timedelta(days=30), until=START + timedelta(days=1), by=By.MEDIUM)
RESPONSE = RunReport(name="response", asked=EVER)
BEHIND = LeadsBehind(asked=EVER, segment=Segment())
IMPATIENT = "import app.floor.asking_apart as a; a.IDLE_S = 0.3; a.serve()"
DEAF = "import sys, time; sys.stdin.buffer.read(1); time.sleep(60)"
Opened = Callable[[Sequence[str]], LocalFloor]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with fresh_floor("sqlite", tmp_path, lambda: pytest.fail("no server is asked for")) as made:
        yield made


@pytest.fixture
def opened(address: str, clock: HandClock) -> Iterator[Opened]:
    """Opens the floor's file, its reports made by what these words start."""
    floors: list[LocalFloor] = []

    def made(words: Sequence[str]) -> LocalFloor:
        floor = LocalFloor(Book(address), clock, "admin")
        floor.answer_apart(words)
        floors.append(floor)
        add_leads(floor._book, 30)
        return floor

    yield made
    for floor in floors:
        floor.close()


def answering() -> list[int]:
    """Processes of ours that answer."""
    return started_for(WORD)


def until(holds: Callable[[], object]) -> None:
    for _ in range(6000):
        if holds():
            return
        threading.Event().wait(0.01)
    pytest.fail("waited for a minute")


def test_another_process_gives_the_same_answers_and_knows_what_came_since(opened: Opened) -> None:
    floor = opened(own_words())
    assert answering() == []
    plain = LocalFloor(floor._book, floor._clock, "admin")
    floor.ask(Reports())
    (first,) = answering()
    assert floor.ask(RESPONSE) == plain.ask(RESPONSE)
    assert floor.ask(BEHIND) == plain.ask(BEHIND)
    add_leads(floor._book, 1)
    assert floor.as_actor("admin").ask(BEHIND).total == 31
    assert answering() == [first]
    floor.close()
    assert answering() == []


def test_what_is_refused_is_refused_and_noted_here(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    floor = opened(own_words())
    caplog.set_level(logging.INFO, "app.refusals")
    rep = floor.do(AddRep(name="Ana")).value.id
    with pytest.raises(NotAllowed):
        floor.as_actor(rep).ask(RESPONSE)
    with pytest.raises(NotFound, match="There is no report called"):
        floor.ask(RunReport(name="weather", asked=EVER))
    assert f"refused: {rep}, RunReport: not_allowed" in caplog.text
    assert len(answering()) == 1


def test_one_that_was_killed_is_followed_by_another(opened: Opened) -> None:
    floor = opened(own_words())
    assert floor.ask(BEHIND).total == 30
    (first,) = answering()
    os.kill(first, signal.SIGKILL)
    assert floor.ask(BEHIND).total == 30
    (second,) = answering()
    assert second != first


def test_who_asks_meanwhile_has_another_one(opened: Opened) -> None:
    floor = opened(own_words())
    found: list[int] = []
    floor.ask(BEHIND)
    (first,) = answering()
    os.kill(first, signal.SIGSTOP)  # it is long at something
    slow = threading.Thread(target=lambda: found.append(floor.ask(BEHIND).total))
    slow.start()
    until(lambda: floor._apart is not None and not floor._apart._idle)
    assert floor.ask(BEHIND).total == 30
    assert len(answering()) == 2
    os.kill(first, signal.SIGCONT)
    slow.join(30)
    assert found == [30]


@pytest.mark.parametrize("words", [["/nowhere/firstring"], ["/bin/false"]], ids=["not there", "ends at once"])
def test_where_there_can_be_none_the_answer_comes_from_here(
    words: list[str], opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    floor = opened(words)
    floor.ask(Reports())
    assert floor.ask(BEHIND).total == 30
    assert "process for" in caplog.text


def test_one_that_has_nothing_to_do_leaves_and_another_one_comes(opened: Opened) -> None:
    floor = opened([sys.executable, "-c", IMPATIENT])
    assert floor.ask(BEHIND).total == 30
    assert len(answering()) == 1
    until(lambda: all(Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z" for pid in answering()))
    assert floor.ask(BEHIND).total == 30


def test_closing_the_floor_frees_whoever_waits(address: str, clock: HandClock) -> None:
    apart = AskingApart(address, [sys.executable, "-c", DEAF])
    found: list[object] = []
    waiting = threading.Thread(target=lambda: found.append(apart.ask(BEHIND, "admin", clock.now())))
    waiting.start()
    until(answering)
    apart.close()
    waiting.join(20)
    assert found == [None]
    assert answering() == []
    assert apart.ask(BEHIND, "admin", clock.now()) is None


def test_it_leaves_with_the_program_that_started_it() -> None:
    process = subprocess.Popen([*own_words(), WORD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.communicate(b"", timeout=60)
    assert process.returncode == 0


def test_a_desk_has_its_reports_made_apart(address: str, clock: HandClock) -> None:
    session = Session(address, clock)
    try:
        session.floor.ask(Reports())
        assert answering() == []  # a word of the terminal needs no second process
        session.keep()
        session.floor.as_actor("admin").ask(RESPONSE)
        assert len(answering()) == 1
    finally:
        session.close()
    assert answering() == []
