"""The desks' face: who is let in, what a broken request is told, and a feed that nobody can hold up."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.codec import encode
from app.domain.commands import AddNote, AddRep, ChangeRep, SetStatus
from app.domain.errors import NotAllowed, NotFound, Refused, Unavailable
from app.domain.lead import RepStatus, Role
from app.domain.questions import FloorFacts, LeadHistory
from app.floor import wire
from app.floor.floor import Batch, Link
from app.floor.remote import RemoteFloor
from app.server import feed as feeds
from tests.floor.stand import PATIENCE, Ear
from tests.fresh import fresh_floor
from tests.server.desk_house import DeskHouse, desk_house, listening, masked

FACTS = wire.write_question(FloorFacts(check_chain=False))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[DeskHouse]:
    def none() -> object:
        raise AssertionError

    with fresh_floor("sqlite", tmp_path, none) as address, desk_house(address) as made:  # type: ignore[arg-type]
        yield made


def head(house: DeskHouse) -> int:
    return house.local.head()[0]


# -- requests


@pytest.mark.parametrize("token", [None, "", "nobody's", "ana's ", "x" * 600])
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/do"), ("POST", "/api/ask"), ("GET", "/api/me")])
def test_who_shows_no_token_of_the_floors_is_told_nothing(
    house: DeskHouse, token: str | None, method: str, path: str
) -> None:
    if token == "ana's ":
        token = "ana's x"
    before = head(house)
    status, told, headers = house.say(method, path, b"{", token)
    assert (status, told["code"]) == (401, "not_allowed")
    assert headers["www-authenticate"] == "Bearer"
    assert head(house) == before


def test_a_command_and_a_question(house: DeskHouse) -> None:
    command = AddRep(name="Ben")
    status, told, _ = house.say("POST", "/api/do", wire.write_command(command))
    assert status == 200
    assert told["cursor"] == head(house)
    assert house.say("POST", "/api/do", wire.write_command(command))[1] == told
    status, facts, _ = house.say("POST", "/api/ask", FACTS)
    assert (status, facts["head"]) == (200, head(house))
    assert house.say("GET", "/api/me")[1] == {"actor": house.ana}
    assert house.say("GET", "/api/time", token=None)[:2] == (200, {"at": "2026-03-02T09:00:00Z"})


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), [
    ("GET", "/api/do", None, 405, "refused"),
    ("PUT", "/api/ask", b"", 405, "refused"),
    ("POST", "/api/time", b"", 405, "refused"),
    ("GET", "/api/feed", None, 426, "refused"),
    ("GET", "/", None, 404, "not_found"),
    ("GET", "/api/do/", None, 404, "not_found"),
    ("POST", "/api/do", b"", 422, "refused"),
    ("POST", "/api/do", b"\xff", 422, "refused"),
    ("POST", "/api/do", b"[" * 50_000, 422, "refused"),
    ("POST", "/api/do", encode({"kind": "AddNote", "body": {}}), 422, "refused"),
    ("POST", "/api/do", encode({"kind": "Sing", "body": {}}), 426, "wrong_version"),
    ("POST", "/api/do", FACTS, 426, "wrong_version"),
    ("POST", "/api/ask", b" " * 1_100_000, 413, "refused"),
    ("POST", "/api/ask", wire.write_question(LeadHistory(lead_id="none")), 404, "not_found"),
    ("POST", "/api/do", wire.write_command(AddNote(lead_id="none", text="x")), 404, "not_found"),
])  # fmt: skip
def test_what_can_not_be_done_is_said_why(
    house: DeskHouse, method: str, path: str, body: bytes | None, status: int, code: str
) -> None:
    before = head(house)
    answer = house.say(method, path, body)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert answer[1]["message"]
    assert head(house) == before


def test_a_program_of_another_time_is_told_to_update(house: DeskHouse) -> None:
    status, told, _ = house.say("POST", "/api/ask", FACTS, **{wire.WIRE_HEADER: "99"})
    assert (status, told["code"]) == (426, "wrong_version")


def test_when_nobody_can_say_whose_a_token_is_desks_are_asked_to_come_again(house: DeskHouse) -> None:
    house.silent = True
    status, told, _ = house.say("POST", "/api/ask", FACTS)
    assert (status, told) == (503, {"code": "unavailable", "title": "The floor can't be reached",
                                    "message": "Nobody knows."})  # fmt: skip
    with pytest.raises(Unavailable, match="Nobody knows"):
        house.door().ask(FloorFacts())


@pytest.mark.expects_errors("could not be answered")
def test_a_mistake_of_the_servers_own_is_said_to_be_one(
    house: DeskHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(house.local), "ask", lambda *_: 1 / 0)
    status, told, _ = house.say("POST", "/api/ask", FACTS)
    assert (status, told["code"]) == (500, "unavailable")
    assert "mistake" in told["message"]


# -- the feed


def until_closed(line: socket.socket) -> bytes:
    told = b""
    with line, suppress(ConnectionResetError):
        while chunk := line.recv(65536):
            told += chunk
    return told


@pytest.mark.parametrize("words", [
    b"{", b"[]", b'{"token":7}', encode({"token": "nobody's"}), encode({"token": "ana's", "wire": 99}),
    encode({"token": "ana's", "since": "0"}), b" " * 70_000,
])  # fmt: skip
def test_a_feed_is_for_those_who_are_let_in(house: DeskHouse, words: bytes) -> None:
    line = listening(house.port)
    line.sendall(masked(words))
    told = until_closed(line)
    assert b"Batch" not in told
    assert b"Ana" not in told


def test_a_page_of_another_site_may_not_listen(house: DeskHouse) -> None:
    headers = {"Origin": "http://evil.example", "Connection": "Upgrade", "Upgrade": "websocket"}
    assert house.say("GET", "/api/feed", **headers)[0] == 403


def test_a_desk_that_goes_on_talking_is_ended(house: DeskHouse) -> None:
    line = listening(house.port)
    line.sendall(masked(wire.write_follow(wire.Follow(token="ana's"))) + masked(b"{}"))
    assert b"\x88" in until_closed(line)


def test_who_is_no_longer_let_in_hears_no_more(house: DeskHouse) -> None:
    ben = house.local.do(AddRep(name="Ben")).value.id
    house.tokens["ben's"] = ben
    ears = [Ear(house.door(token)) for token in ("ana's", "ben's")]
    for ear in ears:
        ear.until_link(Link.LIVE)
    del house.tokens["ben's"]
    receipt = house.local.do(ChangeRep(rep_id=ben, name="Ben", role=Role.REP, active=False))
    assert "not let in" in ears[1].until_link(Link.AWAY)
    house.local.do(AddRep(name="Cem"))
    ears[0].until(head(house))
    assert ears[1].board.cursor <= receipt.cursor
    for ear in ears:
        ear.stop()
    with pytest.raises(NotAllowed):
        house.door("ben's").ask(FloorFacts())


def test_desks_that_ask_at_once_share_one_snapshot(house: DeskHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    batch_after = type(house.local).batch_after

    def counted(self: object, cursor: int | None, mark: str = "") -> Batch | None:
        if cursor is None:
            made.append(1)
        return batch_after(house.local, cursor, mark)

    monkeypatch.setattr(type(house.local), "batch_after", counted)
    ears = [Ear(house.door()) for _ in range(12)]
    for ear in ears:
        ear.until_link(Link.LIVE)
        ear.stop()
    assert len(made) == 1
    house.local.do(AddRep(name="Ben"))
    Ear(house.door()).until_link(Link.LIVE)
    assert len(made) == 2


def test_a_desk_is_live_as_soon_as_it_has_caught_up_though_something_always_happens(
    house: DeskHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when many desks come at once from a server that died: by the time each was read to, there is more."""
    reads: list[int] = []
    batch_after = type(house.local).batch_after

    def busy(self: object, cursor: int | None, mark: str = "") -> Batch | None:
        reads.append(1)
        house.local.do(AddRep(name=f"Rep {len(reads)}"))
        return batch_after(house.local, cursor, mark)

    start = head(house)
    house.local.do(AddRep(name="Ben"))
    monkeypatch.setattr(type(house.local), "batch_after", busy)
    door = house.door()
    batches: list[Batch] = []
    live = threading.Event()
    following = door.follow(start, batches.append, lambda link, _: live.set() if link is Link.LIVE else None)
    assert live.wait(PATIENCE)
    following.stop()
    assert len(reads) < 20
    numbers = [entry.seq for batch in batches for entry in batch.entries]
    assert numbers == list(range(start + 1, start + 1 + len(numbers)))


def test_what_happens_is_read_and_encoded_once_for_all(
    house: DeskHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    ears = [Ear(house.door()) for _ in range(8)]
    for ear in ears:
        ear.until_link(Link.LIVE)
    written: list[object] = []
    write = wire.write_feed

    def counted(said: Batch) -> bytes:
        written.append(said)
        return write(said)

    monkeypatch.setattr(wire, "write_feed", counted)
    house.local.do(AddRep(name="Ben"))
    for ear in ears:
        ear.until(head(house))
        ear.stop()
    assert len(written) == 1


def test_a_desk_that_does_not_read_holds_nobody_up_and_is_cut_off(
    house: DeskHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "BEHIND", 2048)
    monkeypatch.setattr(feeds, "PATIENCE_S", 0.8)
    slow = listening(house.port, size=4096)
    slow.sendall(masked(wire.write_follow(wire.Follow(token="ana's"))))
    ear = Ear(house.door())
    ear.until_link(Link.LIVE)
    stop = threading.Event()

    def work() -> None:
        for n in range(10_000):
            house.local.as_actor(house.ana).do(AddRep(name=f"{n} " + "x" * 180))
            if stop.is_set():
                return

    worker = threading.Thread(target=work)
    worker.start()
    try:
        cut = False
        while not cut:
            try:
                slow.sendall(b"\x8a\x80" + bytes(4))  # pongs: it lives, and reads nothing
            except OSError:
                cut = True
            stop.wait(0.05)
    finally:
        stop.set()
        worker.join()
        slow.close()
    ear.until(head(house)).stop()
    numbers = [entry.seq for batch in ear.batches for entry in batch.entries]
    assert numbers == list(range(ear.batches[0].last + 1, head(house) + 1))


def test_a_desk_that_was_slow_is_told_all_of_it(house: DeskHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "BEHIND", 2048)
    slow = listening(house.port, size=4096)
    slow.sendall(masked(wire.write_follow(wire.Follow(token="ana's", since=head(house)))))
    start = head(house)
    for n in range(80):
        house.local.do(AddRep(name=f"{n} " + "x" * 180))
    told, text, numbers = b"", b"", []
    with slow:
        while not numbers or numbers[-1] < head(house):
            chunk = slow.recv(65536)
            assert chunk
            told += chunk
            while (frame := _frame(told)) is not None:
                is_last, piece, told = frame
                text += piece
                if not is_last:
                    continue
                said, text = json.loads(text), b""
                if said["kind"] == "Batch":
                    numbers += [entry["seq"] for entry in said["body"]["entries"]]
    # one may be told twice where reading by itself meets what goes to all: a board keeps the newer version
    assert sorted(set(numbers)) == list(range(start + 1, head(house) + 1))


def _frame(told: bytes) -> tuple[bool, bytes, bytes] | None:
    """Whether a frame ends its message, what is in it, and what came after it; None while it is not whole."""
    if len(told) < 10:
        return None
    size, at = told[1], 2
    if size >= 126:
        at = 4 if size == 126 else 10
        size = int.from_bytes(told[2:at])
    if len(told) < at + size:
        return None
    return bool(told[0] & 0x80), told[at : at + size], told[at + size :]


# -- servers that go and come


def test_a_desk_goes_on_at_the_next_server(house: DeskHouse) -> None:
    second = house.open()
    door = house.door("ana's", house.faces[0].url, second.url)
    ear = Ear(door)
    ear.until_link(Link.LIVE)
    house.faces[0].stop()
    ear.until_link(Link.LIVE)
    assert Link.AWAY not in [link for link, _ in ear.links]
    receipt = door.do(SetStatus(status=RepStatus.AVAILABLE))
    ear.until(receipt.cursor).stop()
    numbers = [entry.seq for batch in ear.batches for entry in batch.entries]
    assert numbers == list(range(ear.batches[0].last + 1, receipt.cursor + 1))


def test_a_server_that_comes_back_is_found_again(house: DeskHouse) -> None:
    ear = Ear(house.door())
    ear.until_link(Link.LIVE)
    port = house.port
    house.faces.pop().stop()
    ear.until_link(Link.AWAY)
    house.local.do(AddRep(name="Ben"))
    house.open(port)
    ear.until_link(Link.LIVE)
    ear.until(head(house)).stop()
    assert [batch.snapshot for batch in ear.batches] == [True, False]


class CutLine:
    """Between a desk and its server: hands on what is asked, and cuts the line before the answer comes back."""

    def __init__(self, port: int, cuts: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._port = port
        self._left = cuts
        self.cut = 0
        self._threads: list[threading.Thread] = []
        self._lines: list[socket.socket] = []
        self._start(self._accept)

    def _start(self, work: object, *said: object) -> None:
        thread = threading.Thread(target=work, args=said, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                desk, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            self._lines += [desk, server]
            self._start(self._pass_on, desk, server)
            self._start(self._answer, server, desk)

    def _pass_on(self, desk: socket.socket, server: socket.socket) -> None:
        try:
            while asked := desk.recv(65536):
                server.sendall(asked)
        except OSError:
            pass
        _end(server)

    def _answer(self, server: socket.socket, desk: socket.socket) -> None:
        try:
            while told := server.recv(65536):
                if self._left:
                    self._left -= 1
                    self.cut += 1
                    break
                desk.sendall(told)
        except OSError:
            pass
        for line in (desk, server):
            _end(line)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._lines:
            _end(line)
        for thread in self._threads:
            thread.join(PATIENCE)


def _end(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()


def test_a_command_whose_answer_was_lost_is_done_once_and_answered(house: DeskHouse) -> None:
    line = CutLine(house.port, cuts=2)
    door = RemoteFloor([line.url], "ana's")
    before = head(house)
    receipt = door.do(AddRep(name="Ben"))
    door.close()
    line.close()
    assert line.cut == 2
    assert receipt.cursor == head(house) == before + 1


def test_a_floor_that_never_answers_is_said_to_be_away(house: DeskHouse) -> None:
    port = house.port
    house.faces.pop().stop()
    door = RemoteFloor([f"http://127.0.0.1:{port}"], "ana's")
    with pytest.raises(Unavailable, match="does not answer"):
        door.do(AddRep(name="Ben"))
    door.close()


def test_what_is_no_floor_is_said_to_be_none(house: DeskHouse) -> None:
    door = house.door("ana's", house.faces[0].url + "/else")
    with pytest.raises(NotFound):
        door.ask(FloorFacts())


def test_a_desk_takes_the_floors_time(house: DeskHouse) -> None:
    door = house.door()
    assert door.clock.unsure() is None
    door.set_clock()
    unsure = door.clock.unsure()
    assert unsure is not None
    assert abs((door.clock.now() - house.clock.now()).total_seconds()) < unsure + 5
    assert door.clock.drift() > 86400 or door.clock.drift() < -86400
    assert [rep.name for rep in door.reps()] == ["Ana"]
    assert door.me() == house.ana
    assert door.as_actor("anybody") is door


def test_a_refusal_is_raised_as_itself_far_away(house: DeskHouse) -> None:
    door = house.door()
    note = AddNote(lead_id="none", text="x")
    for raised in (NotFound, Refused):
        with pytest.raises(raised, match="lead"):
            door.do(note)
