"""R9: mail against a bad server, and a sender that is killed again and again. Nothing is lost; what comes twice comes
under the same Message-ID."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.clock import SystemClock
from app.domain.chain import Way
from app.domain.commands import AddRep, HoldLease, ResignLease, SetMailAddress
from app.domain.lead import Role
from app.domain.post import SENDING, UNSURE_S
from app.floor.local import LocalFloor
from app.service.post import Late, tell_late
from app.store.book import Book
from app.store.tables_keeping import outbox
from tests.fresh import DATABASES, Database, fresh_floor
from tests.messengers.post_box import PostBox, post_box
from tests.reliability.trial import Trial

ROOT = Path(__file__).parent.parent.parent
MESSAGES = 5
FAILS, HANGS, DIES = 0.10, 0.05, 0.02
"""Shares of the messages that the bad server refuses for now, never answers, or takes and then breaks the line."""
SPEED, PATIENCE_S = 30.0, 0.4
"""Of the sender's clock, so that five seconds until the next try are none; and of its wait for an answer."""
A_KILL = 50
"""Messages for each time the sender is killed."""
LONGEST_S = 120.0
"""Without another message taken or noted."""


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    database: Database = request.param
    with fresh_floor(database, tmp_path, lambda: request.getfixturevalue("pg_cluster")) as made:
        yield made


def sending(address: str, account: str, ahead: float, *terms: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.sending", address, account, str(ahead), *map(str, terms)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def written(address: str, messages: int = MESSAGES) -> set[str]:
    """Write some messages, as an escalation does; their ids."""
    clock = SystemClock()
    floor = LocalFloor(Book(address), clock, "admin")
    tess = floor.do(AddRep(name="Tess", role=Role.TEAM_LEAD)).value.id
    floor.do(SetMailAddress(rep_id=tess, address="tess@firm.example"))
    floor.as_actor("keeper").do(HoldLease(name=SENDING, holder="before"))
    floor.as_actor("keeper").do(ResignLease(name=SENDING, holder="before"))
    floor.close()
    book = Book(address)
    with book.writing("keeper", clock.now()) as w:
        for n in range(messages):
            for _ in range(2):
                tell_late(
                    w,
                    Late(key=f"clock {n}:2", text="Ann waits", deadline=clock.now()),
                    w.reps(),
                    (Way.EMAIL,),
                )
    with book.reading() as r:
        ids = set(r.db.execute(select(outbox.c.id)).scalars())
    book.close()
    assert len(ids) == messages
    return ids


@pytest.mark.trial("R9", unit="kill")
def test_killed_when_the_server_has_it_the_message_comes_again_under_the_same_id(address: str) -> None:
    ids = written(address)
    with post_box() as box:
        sender: list[subprocess.Popen[str]] = []

        def take_it_and_kill() -> str:
            box.says = lambda: "250 OK"
            sender[0].kill()
            sender[0].wait()
            return "250 OK"

        # One message waits in the middle of its way until the test knows whom to kill.
        known = threading.Event()

        def once_known() -> str:
            assert known.wait(60)
            return take_it_and_kill()

        box.says = once_known
        sender.append(sending(address, box.account, 0))
        known.set()
        first = box.mail.get(timeout=60)
        sender[0].communicate(timeout=30)
        assert states(address) == ["pending"] * (MESSAGES - 1) + ["sending"]

        sender.append(sending(address, box.account, UNSURE_S + 60))
        came = [box.mail.get(timeout=60)["Message-ID"] for _ in ids]
        sender[1].communicate(timeout=30)
        assert box.mail.empty()
    assert first["Message-ID"] in came
    assert set(came) == {f"<{message_id}@firstring.invalid>" for message_id in ids}
    assert states(address) == ["sent"] * MESSAGES


def states(address: str) -> list[str]:
    book = Book(address)
    with book.reading() as r:
        found = sorted(r.db.execute(select(outbox.c.state)).scalars())
    book.close()
    return found


class BadServer(PostBox):
    """`taken` counts what it took, by Message-ID."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self._dice = dice
        self.taken: Counter[str] = Counter()
        self.did: Counter[str] = Counter()

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        roll = self._dice.random()
        if roll < FAILS:
            self.did["failed"] += 1
            return "451 try again"
        if roll < FAILS + HANGS:
            self.did["hung"] += 1
            await asyncio.sleep(3 * PATIENCE_S)
            return "451 too late"
        self.taken[mail["Message-ID"]] += 1
        if roll < FAILS + HANGS + DIES:
            self.did["died"] += 1
            server.transport.abort()
        return "250 OK"


@pytest.mark.timeout(900)
@pytest.mark.trial("R9", short=100, ci=500, full=10_000, unit="messages")
def test_of_a_bad_mail_server_and_a_sender_that_is_killed_nothing_is_lost(address: str, trial: Trial) -> None:
    messages = trial.share(0.2) if "://" in address else trial.size
    ids = written(address, messages)
    kills = max(1, messages // A_KILL)
    server = BadServer(trial.random)
    began = last = time.monotonic()

    def start() -> subprocess.Popen[str]:
        ahead = (time.monotonic() - began) * (SPEED - 1)  # its time goes on as if it had never been away
        return sending(address, server.account, ahead, SPEED, PATIENCE_S)

    killed, seen = 0, ""
    with post_box(server):
        sender = start()
        try:
            while (now := str(Counter(states(address)))) != str(Counter(sent=messages)):
                if now != seen:
                    seen, last = now, time.monotonic()
                assert time.monotonic() - last < LONGEST_S, now
                if killed < kills and len(server.taken) > messages * (killed + 0.5) / (kills + 1):
                    threading.Event().wait(trial.random.random() * 0.05)
                    sender.kill()
                    sender.communicate(timeout=30)
                    killed += 1
                    sender = start()
                threading.Event().wait(0.05)
        finally:
            sender.kill()
            sender.communicate(timeout=30)
    doubled = server.taken.total() - len(server.taken)
    trial.found(lost=len(ids) - len(server.taken), doubled=doubled, kills=killed, **server.did)
    assert set(server.taken) == {f"<{message_id}@firstring.invalid>" for message_id in ids}
    assert doubled <= killed + server.did["died"]
    assert killed == kills
