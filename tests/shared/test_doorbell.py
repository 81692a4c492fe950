"""The doorbell of a shared floor: heard, swallowed by a pooler, or on a line that fell silent."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from app.clock import FloorClock
from app.domain.commands import AddSource
from app.domain.errors import Unavailable
from app.floor.floor import Link
from app.floor.local import LocalFloor
from app.store import doorbell, line
from app.store.book import Book
from tests.floor.stand import PATIENCE, Ear
from tests.fresh import fresh_floor
from tests.postgres import NOBODY, Cluster, _free_port
from tests.reliability.line import line_to
from tests.shared.middlebox import Middlebox

pytestmark = pytest.mark.timeout(120)
Opens = Callable[[str], LocalFloor]


@pytest.fixture
def shared(pg_cluster: Cluster, tmp_path: Path) -> Iterator[str]:
    with fresh_floor("postgresql", tmp_path, lambda: pg_cluster) as address:
        yield address.replace("+psycopg", "")


@pytest.fixture
def opens() -> Iterator[Opens]:
    made: list[LocalFloor] = []

    def opened(address: str) -> LocalFloor:
        made.append(LocalFloor(Book(address), FloorClock(), "admin"))
        return made[-1]

    yield opened
    for floor in made:
        floor.close()


def says(ear: Ear, words: str) -> None:
    """Wait until the foot of the window says that about the link."""
    with ear._told:
        told = ear._told.wait_for(lambda: bool(ear.links) and ear.links[-1] == (Link.LIVE, words), PATIENCE)
    assert told, ear.links


def add(floor: LocalFloor, name: str) -> int:
    return floor.do(AddSource(name=name, channel="json")).cursor


LOOKING = "no doorbell, looking every 1 s"


def test_it_is_heard(shared: str, opens: Opens) -> None:
    ear = Ear(opens(shared))
    says(ear, "")
    ear.until(add(opens(shared), "Other desk"))


def test_where_it_is_swallowed_the_feed_is_looked_at_and_the_desk_says_so(shared: str, opens: Opens) -> None:
    box = Middlebox(shared, swallow=True)
    try:
        ear = Ear(opens(box.address))
        says(ear, LOOKING)
        other = opens(shared)
        for number in range(3):
            ear.until(add(other, f"Site {number}"))
        ear.stop()
    finally:
        box.close()


@pytest.mark.expects_errors
def test_a_line_that_fell_silent_is_found_and_everybody_on_it_let_go(
    shared: str, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not hung up and acknowledges what is sent: only an answer that does not come says so."""
    monkeypatch.setattr(doorbell, "PING_SECONDS", 0.5)
    monkeypatch.setattr(line, "ANSWER_SECONDS", 0.5)
    box = Middlebox(shared)
    try:
        desk = opens(box.address)
        ear = Ear(desk)
        says(ear, "")
        assert box.fall_silent() >= 2
        ear.until(add(opens(shared), "Site"))
        says(ear, "")
        ear.until(add(desk, "From the desk itself"))
        ear.stop()
    finally:
        box.close()


@pytest.mark.expects_errors
def test_a_line_that_falls_silent_before_the_doorbell_hangs_on_it_is_found_too(
    shared: str, opens: Opens
) -> None:
    """Nobody answers the doorbell's call, and whoever waits on a line that stood before is let go."""
    cable, address = line_to(shared)
    try:
        desk = opens(address)
        add(desk, "Site")
        cable.fall_silent()
        desk._book.listen()
        with pytest.raises(Unavailable):
            add(desk, "Other site")
        cable.mend()
        ear = Ear(desk)
        says(ear, "")
        ear.until(add(desk, "Third site"))
        ear.stop()
    finally:
        cable.close()


def test_behind_a_pooler_a_desk_works_and_says_that_it_hears_no_doorbell(
    shared: str, opens: Opens, tmp_path: Path, pg_cluster: Cluster
) -> None:
    """The real pgbouncer, which gives each transaction another session."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        pytest.skip("there is no pgbouncer on this machine")
    parts, port = urlsplit(shared), _free_port()
    logins, settings = tmp_path / "logins.txt", tmp_path / "pgbouncer.ini"
    logins.write_text(f'"{parts.username}" "{parts.password}"\n')
    settings.write_text(
        f"[databases]\n* = host=127.0.0.1 port={parts.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nunix_socket_dir =\nauth_type = plain\nauth_file = {logins}\n"
        "pool_mode = transaction\nignore_startup_parameters = options,extra_float_digits\n"
    )
    for path in (tmp_path, logins, settings, *tmp_path.parents):
        if path.is_relative_to("/tmp") and path != Path("/tmp"):
            path.chmod(path.stat().st_mode | 0o055)
    pooler = subprocess.Popen([program, str(settings)], stderr=subprocess.PIPE, text=True, user=NOBODY)
    assert pooler.stderr is not None
    try:
        for told in pooler.stderr:
            if "process up" in told:
                break
        address = shared.replace(f":{parts.port}/", f":{port}/")
        desk = opens(address)
        ear = Ear(desk)
        says(ear, LOOKING)
        for number in range(12):  # more often than the driver would keep a statement ready in a session
            ear.until(add(desk, f"Site {number}"))
        ear.until(add(opens(shared), "Other desk"))
        ear.stop()
        desk.close()
    finally:
        pooler.terminate()
        pooler.wait()
        pooler.stderr.close()


def test_the_rings_of_others_are_not_the_test_s(shared: str) -> None:
    """A busy floor rings all the time; that is no proof."""
    with psycopg.connect(shared, autocommit=True) as one, psycopg.connect(shared, autocommit=True) as other:
        asked = line.Line(one)
        asked.say("LISTEN firstring_feed")
        other.execute("NOTIFY firstring_feed")
        assert not asked.heard("firstring_else", 0.2)
        assert asked.heard("firstring_feed", 0.2)
