"""A desk's seat: where its token lies, how it is changed, and that a death in between locks nobody out."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from app import settings as profile
from app.clock import HandClock
from app.domain.commands import Command
from app.domain.device import new_secret
from app.domain.errors import NeedsPassword, NotAllowed, Refused, Unavailable
from app.domain.questions import Devices
from app.floor.floor import Receipt
from app.floor.link import JoinLink
from app.floor.remote import RemoteFloor
from app.floor.seat import OpenSeat, take_seat
from app.service.passes import GRACE
from app.store.book import Book
from app.workers.renewing import Renewing
from tests.joining.served import Server, serving

WORDS = "correct horse battery"


class Ring(KeyringBackend):
    """A safe keyring, in memory."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Careless(Ring):
    """One that keeps what it is told in plain text."""

    priority = 0.5  # type: ignore[assignment]


class Losing(Ring):
    """One that keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return


@pytest.fixture
def server(book: Book, clock: HandClock) -> Iterator[Server]:
    with serving(book, clock) as server:
        yield server


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path / "home"))
    before = keyring.get_keyring()
    ring = Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def taken(server: Server, ana: str, passphrase: str = "") -> str:
    """The address of the floor that a desk of Ana's has just joined."""
    return take_seat(server.invite(ana), "Laptop", passphrase, server.clock.now())[0]


def home_text() -> str:
    """Everything that lies in this desk's data folder."""
    files = [path for path in profile.home().rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("latin-1") for path in files)


def test_the_token_lies_in_the_keyring_and_nowhere_else(server: Server, ana: str, ring: Ring) -> None:
    link = server.invite(ana)
    address, seat = take_seat(link, "Laptop", "", server.clock.now())
    ((_, name), token), *more = ring.kept.items()
    assert (name, more) == (address, [])
    assert len(token) == 43
    assert seat == profile.read_seat(address)
    assert (seat.rep_id, seat.addresses, seat.pins) == (ana, link.addresses, link.pins)
    text = home_text()
    assert seat.device_id in text, "the net has no holes"
    assert token not in text
    assert link.secret not in text
    opened = OpenSeat(address)
    assert opened.floor.me() == ana
    opened.close()


@pytest.mark.parametrize("kind", [Careless, Losing, None])
def test_without_a_safe_keyring_a_passphrase_is_asked_for(
    server: Server, ana: str, kind: type[Ring] | None, ring: Ring
) -> None:
    if kind is None:
        keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[attr-defined]
    else:
        keyring.set_keyring(kind())
    link = server.invite(ana)
    for passphrase in ("", "short"):
        with pytest.raises(NeedsPassword):
            take_seat(link, "Laptop", passphrase, server.clock.now())
    assert not server.floor.ask(Devices()).devices, "the invitation is not used up by asking"
    address, _ = take_seat(link, "Laptop", WORDS, server.clock.now())
    file = profile.seat_file(address, ".sealed")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir() if "joining" in path.name] == []
    for wrong in ("", "not the words"):
        with pytest.raises(NeedsPassword):
            OpenSeat(address, wrong)
    opened = OpenSeat(address, WORDS)
    assert opened.floor.me() == ana
    assert str(opened.floor._token) not in home_text()
    opened.close()
    file.write_bytes(file.read_bytes()[:30])
    with pytest.raises(Unavailable, match="damaged"):
        OpenSeat(address, WORDS)


def test_a_seat_that_is_gone_is_said_to_be(server: Server, ana: str, ring: Ring) -> None:
    address = taken(server, ana)
    ring.kept.clear()
    for lost in (address, "firstring://nowhere", "firstring://../../etc/passwd"):
        with pytest.raises(Refused, match="has not joined"):
            OpenSeat(lost)
    profile.seat_file(address).write_text("{")
    assert profile.read_seat(address) is None


def test_a_bad_invitation_leaves_nothing_behind(server: Server, ana: str, ring: Ring) -> None:
    link = server.invite(ana)
    bad = JoinLink(addresses=link.addresses, pins=link.pins, secret=new_secret())
    with pytest.raises(NotAllowed):
        take_seat(bad, "Laptop", "", server.clock.now())
    with pytest.raises(NotAllowed):
        take_seat(bad, "Laptop", WORDS, server.clock.now())
    assert ring.kept == {}
    assert home_text() == ""


def test_a_token_is_changed_once_a_day(server: Server, ana: str, ring: Ring, clock: HandClock) -> None:
    address = taken(server, ana)
    first = dict(ring.kept)
    opened = OpenSeat(address)
    clock.advance(hours=23)
    assert not opened.renew_when_due(clock)
    clock.advance(hours=1)
    assert opened.renew_when_due(clock)
    assert not opened.renew_when_due(clock)
    assert ring.kept.keys() == first.keys()
    assert ring.kept != first
    clock.advance(seconds=GRACE.total_seconds() + 5)
    assert opened.floor.me() == ana
    opened.close()
    again = OpenSeat(address)
    assert again.floor.me() == ana
    assert again.seat.renewed_at == clock.now() - GRACE - timedelta(seconds=5)
    again.close()


class Died(BaseException):
    """The program's end."""


@pytest.mark.parametrize("done", [False, True], ids=["before it was told", "before it heard"])
@pytest.mark.parametrize("passphrase", ["", WORDS], ids=["keyring", "sealed"])
def test_whoever_dies_while_changing_a_token_gets_in_again(
    server: Server,
    ana: str,
    clock: HandClock,
    done: bool,
    passphrase: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address = taken(server, ana, passphrase)
    clock.advance(hours=25)
    opened = OpenSeat(address, passphrase)
    do = opened.floor.do

    def die(command: Command[object]) -> Receipt[object]:
        if done:
            do(command)
        raise Died

    monkeypatch.setattr(opened.floor, "do", die)
    with pytest.raises(Died):
        opened.renew_when_due(clock)
    opened.close()
    clock.advance(seconds=GRACE.total_seconds() + 5)
    again = OpenSeat(address, passphrase)
    assert not again.unsettled
    assert again.floor.me() == ana
    assert again.renew_when_due(clock)
    clock.advance(seconds=GRACE.total_seconds() + 5)
    assert again.floor.me() == ana
    again.close()
    assert server.floor.ask(Devices()).devices[0].revoked_at is None


@pytest.mark.parametrize("done", [False, True], ids=["lost on its way", "answer lost"])
def test_a_line_that_breaks_while_changing_a_token_is_no_thief(
    server: Server, ana: str, clock: HandClock, done: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = taken(server, ana)
    clock.advance(hours=25)
    opened = OpenSeat(address)
    do = opened.floor.do

    def lose(command: Command[object]) -> Receipt[object]:
        if done:
            do(command)
        raise Unavailable("The line broke.")

    with monkeypatch.context() as patch:
        patch.setattr(opened.floor, "do", lose)
        with pytest.raises(Unavailable):
            opened.renew_when_due(clock)
    assert opened.unsettled
    clock.advance(seconds=GRACE.total_seconds() + 5)
    assert opened.renew_when_due(clock)
    assert not opened.unsettled
    assert opened.floor.me() == ana
    opened.close()
    assert server.floor.ask(Devices()).devices[0].revoked_at is None


def test_the_worker_changes_it(
    server: Server, ana: str, ring: Ring, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = taken(server, ana)
    clock.advance(hours=25)
    first = dict(ring.kept)
    opened = OpenSeat(address)
    renewing = Renewing(opened, clock)
    renewing.start()
    renewing.stop()
    assert ring.kept != first
    opened.close()


def test_a_desk_knows_its_floor_by_servers_and_key(server: Server, ana: str) -> None:
    opened = OpenSeat(taken(server, ana))
    assert isinstance(opened.floor, RemoteFloor)
    assert opened.floor.servers.addresses == (f"https://{server.address}",)
    opened.close()
