"""`main.py serve`: joined by the printed invitation, watched, stopped gracefully, and killed without harm."""

from __future__ import annotations

import http.client
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.codec import decode, encode
from app.domain.commands import AddNote, AddSource, SetStatus
from app.domain.lead import RepStatus
from app.domain.questions import AllSources, FloorFacts
from app.floor.floor import Link
from app.server.certificate import own_certificate
from tests.conftest import ROOT
from tests.floor.stand import Ear
from tests.fresh import START
from tests.server.serve_house import ServeHouse, Serving, serve_house

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ServeHouse]:
    with serve_house(str(tmp_path / "north.floor"), tmp_path) as made:
        yield made


@pytest.fixture
def shared(pg_url: str, tmp_path: Path) -> Iterator[ServeHouse]:
    with serve_house(pg_url.replace("+psycopg", ""), tmp_path) as made:
        yield made


def fetch(url: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        context = ssl._create_unverified_context()
        line: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=20, context=context
        )
    else:
        line = http.client.HTTPConnection(host, port, timeout=60)
    try:
        line.request("GET" if body is None else "POST", parts.path, body=body, headers=headers)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def capture(server: Serving, key: str, n: int) -> str:
    """Post an inquiry; the inquiry's id."""
    body = encode({"name": f"Person {n}", "email": f"p{n}@firm{n}.example", "phone": f"+1303555{n:04d}"})
    status, told = fetch(
        f"{server.capture_url}/capture/json/{key}", body, **{"Content-Type": "application/json"}
    )
    assert status == 201, told
    return str(decode(told, dict)["inquiry"])


def test_from_the_first_start_to_a_working_desk_and_a_graceful_stop(house: ServeHouse) -> None:
    server = house.serve()
    assert server.link.pins == (server.pin,)
    door = house.door(house.join(server))
    assert door.me() == house.owner
    ear = Ear(door)
    ear.until_link(Link.LIVE)
    source = door.do(AddSource(name="API", channel="json")).value.id
    key = next(line.source.key for line in door.ask(AllSources()).lines if line.source.id == source)
    for n in range(5):
        capture(server, key, n)
    facts = door.ask(FloorFacts())
    assert (facts.inquiries, facts.leads, facts.chain_fault) == (5, 5, "")
    ear.until(facts.head)
    assert len(ear.board.leads) == 5
    figures = fetch(f"https://{server.address}/metrics")[1].decode()
    for line in (
        'firstring_captures_total{state="lead"} 5.0',
        'firstring_requests_total{kind="AddSource",outcome="done"} 1.0',
        "firstring_desks 1.0",
        f"firstring_feed_head {float(facts.head)}",
        "firstring_keeper 1.0",
    ):
        assert line in figures
    assert "Person" not in figures
    assert fetch(f"https://{server.address}/healthz") == (200, b'{"ok":true}')
    assert server.process.poll() is None
    assert server.stop() == 0
    ear.until_link(Link.AWAY)
    ear.stop()
    assert "Traceback" not in server.log
    assert not any(word in server.log for word in (key, "token"))


def test_a_second_start_has_the_same_key_and_invites_nobody(house: ServeHouse) -> None:
    first = house.serve()
    token = house.join(first)
    assert first.stop() == 0
    again = Serving(house.address, first.home)
    house.servers[0] = again
    assert again.pin == first.pin
    assert not any("invitation" in line for line in again.said)
    assert house.door(token).me() == house.owner


def test_a_certificate_of_ones_own_is_shown(house: ServeHouse) -> None:
    given = own_certificate(house.folder / "given", START)
    server = house.serve("--cert", str(given.certificate), "--key", str(given.key))
    assert server.pin == given.pin
    assert house.door(house.join(server)).me() == house.owner


def test_inquiries_come_by_https_where_a_certificate_is_given(house: ServeHouse) -> None:
    given = own_certificate(house.folder / "given", START, ("shop.example",))
    server = house.serve("--capture-cert", str(given.certificate), "--capture-key", str(given.key))
    assert server.pin != given.pin
    assert server.capture_url.startswith("https://127.0.0.1:")
    door = house.door(house.join(server))
    door.do(AddSource(name="API", channel="json"))
    key = next(line.source.key for line in door.ask(AllSources()).lines if line.source.name == "API")
    capture(server, key, 1)
    assert door.ask(FloorFacts()).inquiries == 1
    with pytest.raises((http.client.HTTPException, OSError)):
        fetch(server.capture_url.replace("https:", "http:") + "/healthz")


@pytest.mark.parametrize("words", [["--capture-plain"], []])
def test_beyond_this_computer_inquiries_come_by_https_or_somebody_said_so(
    house: ServeHouse, words: list[str]
) -> None:
    given = own_certificate(house.folder / "given", START)
    certificate = ["--cert", str(given.certificate), "--key", str(given.key)]
    server = house.serve("--capture", "0.0.0.0:0", *certificate, *words)
    url = server.capture_url.replace("0.0.0.0", "127.0.0.1")
    assert url.startswith("http://" if words else "https://")
    assert fetch(url + "/healthz")[0] == 200


@pytest.mark.parametrize(("words", "sentence"), [
    (["--cert", "x.pem"], "come together"),
    (["--capture-key", "x.pem"], "say --capture-cert and --capture-key"),
    (["--capture", "127.0.0.1:0", "--capture-cert", "x.pem", "--capture-key", "y.pem"], "not a certificate"),
    (["--capture", "0.0.0.0:0"], "would come to 0.0.0.0:0 unencrypted"),
    (["--capture", ":0"], "unencrypted"),
    (["--listen", "here"], "not a place to listen"),
    (["--cert", "x.pem", "--key", "y.pem"], "not a certificate"),
    (["--database", "nowhere.floor"], "no floor at nowhere.floor"),
    (["--listen", "127.0.0.1:99999"], "not a port"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(house: ServeHouse, words: list[str], sentence: str) -> None:
    command = [sys.executable, "main.py", "serve", "--quiet", "--capture", "off"]
    if "--database" not in words:
        words = ["--database", house.address, *words]
    done = subprocess.run(command + words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 3
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_server_that_is_killed_is_followed_by_the_other_and_nothing_is_missed(shared: ServeHouse) -> None:
    first, second = shared.serve(), shared.serve()
    token = shared.join(second)  # each new start voids the invitation before
    doors = [shared.door(token) for _ in range(6)]
    ears = [Ear(door) for door in doors]
    for ear in ears:
        ear.until_link(Link.LIVE)
    source = doors[0].do(AddSource(name="API", channel="json")).value.id
    key = next(line.source.key for line in doors[0].ask(AllSources()).lines if line.source.id == source)
    leads = [capture(first, key, n) for n in range(10)]
    first.kill()
    leads += [capture(second, key, n) for n in range(10, 20)]
    receipt = doors[1].do(SetStatus(status=RepStatus.AVAILABLE))  # sent to the dead one first
    for ear in ears:
        ear.until(receipt.cursor)
        ear.until_link(Link.LIVE)
    facts = doors[2].ask(FloorFacts())
    assert (facts.leads, facts.chain_fault) == (20, "")
    assert len(set(leads)) == 20
    lead = next(iter(ears[0].board.leads))
    last = doors[3].do(AddNote(lead_id=lead, text="still here")).cursor
    for ear in ears:
        ear.until(last).stop()
        numbers = [entry.seq for batch in ear.batches for entry in batch.entries]
        assert numbers == list(range(ear.batches[0].last + 1, last + 1))
        assert len(ear.board.leads) == 20
