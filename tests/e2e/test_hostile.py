"""Whatever is sent: it is kept, the desk goes on, and on the screen it is words and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest

from app import plugs
from app.domain.commands import AddRep, AddSource, ChangeRep, ChangeSource, SetStatus
from app.domain.inquiry import InquiryState
from app.domain.lead import RepStatus, Role
from app.domain.questions import AllSources, FloorFacts, InquiriesIn
from tests.e2e.driver import ROOT, House, Line, begin_floor, looking, paths
from tests.e2e.hostile import Sent, baits, corpora, everywhere, unreadable
from tests.e2e.screen import Desktop, until

_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c63fccfc0f01f0005050201ecb4a4b30000000049454e44ae426082"
)


@pytest.fixture
def canary() -> Iterator[Path]:
    """A picture that nobody has a reason to open; its path is short enough for a name."""
    with tempfile.TemporaryDirectory(prefix="c-") as folder:
        path = Path(folder, "canary.png")
        path.write_bytes(_PNG)
        yield path


def without_limits(house: House) -> dict[str, str]:
    """Let the floor take as much as can be sent; where each channel's inquiries go."""
    with looking(house.address) as floor:
        sources = [line.source for line in floor.ask(AllSources()).lines]
        ways = paths(floor)
    changes = (ChangeSource(source_id=one.id, name=one.name, per_minute=100_000) for one in sources)
    house.carry_out(*(("admin", change) for change in changes))
    return ways


def send_all(port: int, ways: dict[str, str], requests: list[Sent]) -> Counter[int]:
    """Send each channel's requests over one kept connection of its own; how often each status came."""

    def send(channel: str) -> Counter[int]:
        line = Line(port)
        try:
            mine = [sent for sent in requests if sent.channel == channel]
            return Counter(line.send(ways[channel], sent.body, sent.kind).status for sent in mine)
        finally:
            line.close()

    with ThreadPoolExecutor(len(ways)) as senders:
        return sum(senders.map(send, ways), Counter())


@pytest.mark.timeout(400)
def test_the_program_keeps_whatever_comes(
    house: House, desktop: Desktop, data_dir: Path, canary: Path
) -> None:
    me = begin_floor(house)
    ways = without_limits(house)
    house.carry_out((me, SetStatus(status=RepStatus.AVAILABLE)))
    requests = [*everywhere(corpora(data_dir)), *everywhere(baits(canary)), *unreadable(canary)]
    assert len(requests) > 2800
    begun = time.time()
    with house.start() as program, looking(house.address) as floor:
        window = program.window()
        program.ready()
        statuses = send_all(house.port, ways, requests)
        assert set(statuses) <= {200, 201, 202, 303}
        assert statuses.total() == len(requests)
        facts = floor.ask(FloorFacts())
        assert facts.inquiries == len(requests)
        assert sum(count for _, count in facts.by_state) == len(requests)
        assert facts.chain_holds
        review = floor.ask(InquiriesIn(state=InquiryState.REVIEW, limit=10**6)).waiting
        assert [waiting.why for waiting in review if "mistake" in waiting.why] == []
        raw = Counter(sent.body for sent in requests)
        states = (floor.ask(InquiriesIn(state=state, limit=10**6)).waiting for state in InquiryState)
        assert Counter(waiting.inquiry.raw for waits in states for waiting in waits) == raw

        heard = desktop.ear.bubbles
        until(lambda: [one for one in heard(begun) if "“Quote today" in one.body], "the hot one rings")
        for bubble in heard(begun):
            assert list(ElementTree.fromstring(f"<body>{bubble.body}</body>")) == []
        desktop.keys(window, "ctrl+shift+b")
        until(lambda: floor.reps()[0].status == RepStatus.BREAK, "the desk goes on")
        assert house.lines_dialled() == []
        assert program.leave() == 0
    assert program.said == ""


@pytest.mark.timeout(400)
def test_every_screen_shows_it_as_words_and_opens_no_file(
    bare_house: House, data_dir: Path, canary: Path
) -> None:
    strace = shutil.which("strace")
    trial = [strace or "", "-f", "--seccomp-bpf", "-o", os.devnull, "true"]
    if strace is None or subprocess.call(trial, stderr=subprocess.DEVNULL):
        pytest.skip("nothing here can watch which files a program opens (strace)")
    house = bare_house
    me, bait = begin_floor(house), f'<img src="{canary}">'
    ways = without_limits(house)
    house.carry_out(
        ("admin", ChangeRep(rep_id=me, name=bait, role=Role.OWNER)),
        ("admin", AddRep(name=f"<b>{bait}</b>")),
        ("admin", AddSource(name=bait, channel="form")),
    )
    naughty = [person for person in corpora(data_dir) if set("<>&[]") & set(person.get("message", ""))]
    keep(house, ways, [*everywhere(baits(canary)), *unreadable(canary), *everywhere(iter(naughty[::8]))])
    file = house.folder / "people.csv"
    file.write_text(f'Name,Phone,Ask\n"<img src=""{canary}"">",+1 303 555 0148,<b>{canary}</b>\n' * 20)
    trace = house.folder / "opened.txt"
    watched = [strace, "-f", "--seccomp-bpf", "-s", "400", "-e", "trace=%file", "-o", str(trace)]
    done = subprocess.run(
        [*watched, sys.executable, "-m", "tests.e2e.every_screen", house.address, str(file)],
        env=house.env | {"QT_QPA_PLATFORM": "offscreen", "FIRSTRING_TOASTS": "inapp"},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert found["faults"] == []
    assert found["qt"] == []
    assert found["screens"] == [module.KEY for module in plugs.load("app.ui.screens")]
    assert found["leads"] > 20
    assert found["rows"] > 20
    assert found["labels"] > 1000
    opened = trace.read_text("utf-8", "replace").splitlines()
    assert any(house.address in line for line in opened)  # it was watched
    assert [line for line in opened if canary.name in line] == []


def keep(house: House, ways: dict[str, str], requests: list[Sent]) -> None:
    """Have the capture endpoints take these, without a desk."""
    from app.boot import Session
    from app.clock import SystemClock

    session = Session(house.address, SystemClock())
    try:
        session.serve_capture(house.port)
        assert set(send_all(house.port, ways, requests)) <= {200, 201, 202, 303}
    finally:
        session.close()
