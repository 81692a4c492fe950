"""A desk's PIN: how it is kept, that wrong tries are counted and have to wait, and what gives a desk up."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import keyring
import pytest
from argon2 import Type, extract_parameters
from keyring.backend import KeyringBackend

from app import secret
from app import settings as profile
from app.boot import main
from app.clock import HandClock
from app.domain.errors import Refused, Unavailable
from app.domain.pin import FREE_TRIES, LONGEST_WAIT_S, pin_trouble, wait_after, wait_left
from app.floor.pin import DeskPin, pin_file
from app.settings import Seat
from app.store.journal import journal_of
from app.workers.leaving import leave
from tests.conftest import ROOT
from tests.fresh import START

PIN = "4711-blue"
SERVED = "firstring://0198c0de-0000-7000-8000-000000000001"
SHARED = "postgresql://ann@db.example/north"


@pytest.fixture
def clock() -> HandClock:
    return HandClock(START)


@pytest.fixture
def pin(tmp_path: Path, clock: HandClock) -> DeskPin:
    made = DeskPin(tmp_path / "seats" / "desk.pin", clock)
    made.set(PIN)
    return made


class Ring(KeyringBackend):
    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[username]


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ring]:
    monkeypatch.setenv("FIRSTRING_HOME", str(tmp_path / "home"))
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_easy_ones_are_no_pins() -> None:
    for easy in ("", "123", "1234", "4321", "7890", "0000", "aaaaaa", "abcd", "QWERTZ", "9" * 65):
        assert pin_trouble(easy), easy
    for good in ("4711", "2580", "x7-q", "ünï¢öde", "9183" * 16):
        assert not pin_trouble(good), good


def test_a_wait_doubles_and_ends_at_a_quarter_of_an_hour() -> None:
    waits = [wait_after(wrong) for wrong in range(FREE_TRIES + 7)]
    assert waits == [0, 0, 0, 30, 60, 120, 240, 480, LONGEST_WAIT_S, LONGEST_WAIT_S]
    assert wait_after(10**9) == LONGEST_WAIT_S
    assert wait_left(3, START, START + timedelta(seconds=10)) == 20
    assert wait_left(3, START, START + timedelta(seconds=31)) == 0
    assert wait_left(3, START, START - timedelta(days=3)) == 30, "a clock that was set back waits no longer"


def test_only_an_argon2id_hash_of_it_is_kept_for_its_user_alone(tmp_path: Path, pin: DeskPin) -> None:
    path = tmp_path / "seats" / "desk.pin"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or sys.platform == "win32"
    assert PIN not in path.read_text()
    told = extract_parameters(json.loads(path.read_text())["hash"])
    assert (told.type, told.time_cost, told.memory_cost, told.hash_len, told.salt_len) == (
        Type.ID,
        3,
        64 * 1024,
        32,
        16,
    )
    first = path.read_text()
    pin.set(PIN)
    assert path.read_text() != first, "a salt of its own each time"


def test_the_right_one_opens_and_a_wrong_one_does_not(pin: DeskPin) -> None:
    assert not pin.check("4711-blu")
    assert not pin.check("")
    assert pin.check(PIN)
    with pytest.raises(Refused, match="first PIN that anybody tries"):
        pin.set("0000")
    assert pin.check(PIN)


def test_wrong_tries_have_to_wait_longer_each_time(pin: DeskPin, clock: HandClock, tmp_path: Path) -> None:
    for _ in range(FREE_TRIES):
        assert pin.wait == 0
        assert not pin.check("wrong")
    for seconds in (30, 60, 120):
        assert pin.wait == seconds
        with pytest.raises(Refused, match="Too many wrong tries"):
            pin.check(PIN)
        clock.advance(seconds=seconds - 1)
        assert DeskPin(tmp_path / "seats" / "desk.pin", clock).wait == 1, "a new start forgives nothing"
        clock.advance(seconds=1)
        assert not pin.check("wrong")
    clock.advance(minutes=15)
    assert pin.check(PIN)
    assert not pin.check("wrong")
    assert pin.wait == 0, "the right one begins the count anew"


def test_a_try_is_counted_before_it_is_looked_at(
    pin: DeskPin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever ends the program while it hashes has used the try up."""
    path = tmp_path / "seats" / "desk.pin"
    seen: list[int] = []

    class Ended:
        def verify(self, kept: str, told: str) -> bool:
            seen.append(json.loads(path.read_text())["wrong"])
            raise KeyboardInterrupt

    monkeypatch.setattr("app.floor.pin.hasher", Ended)
    with pytest.raises(KeyboardInterrupt):
        pin.check(PIN)
    assert seen == [1]


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"hash": "x", "wrong": 0, "last": ""}', "\x00\xff"])
def test_a_file_that_was_damaged_opens_for_nobody(pin: DeskPin, tmp_path: Path, content: str) -> None:
    (tmp_path / "seats" / "desk.pin").write_text(content, encoding="latin-1")
    assert pin.is_set
    assert not pin.check(PIN)
    assert not pin.check("")


def test_what_can_not_be_written_is_counted_all_the_same(
    pin: DeskPin, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_kept: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pin, "_write", full)
    for _ in range(FREE_TRIES):
        assert not pin.check("wrong")
    assert pin.wait == 30
    with pytest.raises(Unavailable, match="No space left"):
        pin.set(PIN)


def test_a_file_s_pin_is_the_same_by_whatever_path_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path)
    paths = ("floor.firstring", "./x/../floor.firstring", str(tmp_path / "link" / "floor.firstring"))
    assert len({pin_file(path) for path in paths}) == 1
    assert pin_file("postgresql://ann:secret@db/north") == pin_file("postgresql://ann@db/north")
    assert len({pin_file(SERVED), pin_file(SHARED), pin_file("floor.firstring")}) == 3


def seated(address: str) -> None:
    """A desk that has joined, with a PIN and a line of work that is not sent yet."""
    secret.keep(address, "token or password")
    if profile.is_served(address):
        seat = Seat(
            addresses=("desk.example:8738",),
            pins=("ab" * 32,),
            device_id="d",
            rep_id="r",
            floor_name="North",
            renewed_at=START,
        )
        profile.write_seat(address, seat)
        profile.seat_file(address, ".sealed").write_bytes(b"sealed")
    unsent = journal_of(address, "r")
    unsent.parent.mkdir(parents=True, exist_ok=True)
    unsent.write_bytes(b"kept")
    DeskPin(pin_file(address), HandClock(START)).set(PIN)


@pytest.mark.parametrize("address", [SERVED, SHARED])
def test_who_forgot_it_logs_the_desk_out(address: str, ring: Ring) -> None:
    seated(address)
    leave(address)
    assert ring.kept == {}
    assert not pin_file(address).exists()
    assert not [path for path in profile.home().rglob("*") if path.suffix in (".json", ".sealed", ".pin")]
    assert journal_of(address, "r").read_bytes() == b"kept", "unsent work outlives it"


def test_of_a_file_the_pin_alone_goes_by_a_command(
    ring: Ring, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    floor = tmp_path / "floor.firstring"
    floor.write_bytes(b"a floor")
    DeskPin(pin_file(str(floor)), HandClock(START)).set(PIN)
    assert main(["pin", "remove", "--floor", str(floor)]) == 0
    assert "is removed" in capsys.readouterr().out
    assert not pin_file(str(floor)).exists()
    assert floor.read_bytes() == b"a floor"
    assert main(["pin", "remove", "--floor", str(floor)]) == 0
    assert "has no PIN" in capsys.readouterr().out


def test_by_the_same_command_a_joined_desk_is_logged_out(
    ring: Ring, capsys: pytest.CaptureFixture[str]
) -> None:
    seated(SHARED)
    assert main(["pin", "remove", "--floor", SHARED]) == 0
    assert "logged out" in capsys.readouterr().out
    assert ring.kept == {}


def test_argon2_is_loaded_only_when_a_pin_is_looked_at(tmp_path: Path) -> None:
    lines = (
        "import sys",
        "from pathlib import Path",
        "from app.clock import SystemClock",
        "from app.floor.pin import DeskPin",
        f"pin = DeskPin(Path({str(tmp_path / 'no.pin')!r}), SystemClock())",
        "print(pin.is_set, pin.wait, 'argon2' in sys.modules)",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "0.0", "False"]
