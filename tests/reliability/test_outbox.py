"""R9, its heart: a sender that is killed when the mail server has just taken the message sends it again, the same."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import SystemClock
from app.domain.commands import AddRep, HoldLease, ResignLease, SetMailAddress
from app.domain.lead import Role
from app.domain.post import SENDING, UNSURE_S
from app.floor.local import LocalFloor
from app.service.post import mail_late
from app.store.book import Book
from app.store.tables_keeping import outbox
from tests.fresh import DATABASES, Database, fresh_floor
from tests.messengers.post_box import post_box
from tests.store.notes import a_lead

ROOT = Path(__file__).parent.parent.parent
MESSAGES = 5


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    database: Database = request.param
    with fresh_floor(database, tmp_path, lambda: request.getfixturevalue("pg_cluster")) as made:
        yield made


def sending(address: str, account: str, ahead: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reliability.sending", address, account, str(ahead)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def written(address: str) -> set[str]:
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
        for n in range(MESSAGES):
            mail_late(w, f"clock {n}:2", a_lead(), w.reps())
            mail_late(w, f"clock {n}:2", a_lead(), w.reps())
    with book.reading() as r:
        ids = set(r.db.execute(select(outbox.c.id)).scalars())
    book.close()
    assert len(ids) == MESSAGES
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
            assert known.wait(30)
            return take_it_and_kill()

        box.says = once_known
        sender.append(sending(address, box.account, 0))
        known.set()
        first = box.mail.get(timeout=30)
        sender[0].communicate(timeout=30)
        assert states(address) == ["pending"] * (MESSAGES - 1) + ["sending"]

        sender.append(sending(address, box.account, UNSURE_S + 60))
        came = [box.mail.get(timeout=30)["Message-ID"] for _ in ids]
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
