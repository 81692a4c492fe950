"""What stands in the logs after a day on a served floor: who was refused what, where mistakes were made, no people."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.log import LogFile
from app.clock import SystemClock
from app.codec import encode
from app.domain.commands import AddNote, AddSource, ClaimLead, LogOutcome, SetStatus, StartAttempt
from app.domain.device import new_token
from app.domain.errors import NotAllowed, NotFound, Unavailable
from app.domain.lead import Outcome, RepStatus
from app.domain.questions import AllSources, FloorFacts
from app.domain.signing import SIGNATURE, TIMESTAMP, signature
from app.floor.remote import RemoteFloor
from tests.floor.stand import Ear
from tests.server.faulty_serve import KEEPING, NOTING, READING
from tests.server.serve_house import ServeHouse, Serving, serve_house
from tests.server.test_serve import fetch

pytestmark = pytest.mark.timeout(120)

NAME, EMAIL, PHONE = "Dana Okafor", "dana@okafor-tools.example", "+13035550142"
PERSON = {"name": NAME, "email": EMAIL, "phone": PHONE, "message": "Our saw is broken."}
SECRET, WRONG_SECRET = "the secret of the shop's own way in", "what somebody guessed it to be"
NOTE, SAID, REFUSED = "Her brother buys the blades.", "Away until the ninth.", "Nobody should have this lead."
OWNER = "Mara Keller"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[ServeHouse]:
    with serve_house(str(tmp_path / "north.floor"), tmp_path) as made:
        yield made


@pytest.fixture
def desk_log(tmp_path: Path) -> Iterator[Path]:
    """Where the desk's side, which is this program, writes its log."""
    place, root, ours = tmp_path / "desk.log", logging.getLogger(), logging.getLogger("app")
    handler, level = LogFile(place), ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield place
    root.removeHandler(handler)
    ours.setLevel(level)
    handler.close()


def way_in(door: RemoteFloor, name: str, secret: str = "") -> str:
    """A new way in's key."""
    made = door.do(AddSource(name=name, channel="json", secret=secret)).value.id
    return next(line.source.key for line in door.ask(AllSources()).lines if line.source.id == made)


def send(server: Serving, key: str, message: str = "", secret: str = "") -> int:
    """Post the person's inquiry; the answer's status."""
    body = encode(PERSON | {"message": message} if message else PERSON)
    headers = {"Content-Type": "application/json"}
    if secret:
        timestamp = str(int(SystemClock().now().timestamp()))
        headers |= {TIMESTAMP: timestamp, SIGNATURE: signature(secret, timestamp, body)}
    return fetch(f"{server.capture_url}/capture/json/{key}", body, **headers)[0]


def test_refusals_and_mistakes_stand_in_the_logs_and_no_person_and_no_secret(
    house: ServeHouse, desk_log: Path
) -> None:
    server = house.serve(program=("-m", "tests.server.faulty_serve"))
    invitation, token, wrong = server.link.secret, house.join(server), new_token()
    door = house.door(token)
    keys = way_in(door, "Shop"), way_in(door, "Signed shop", SECRET)
    door.do(SetStatus(rep_id=house.owner, status=RepStatus.AVAILABLE))
    ear = Ear(door)
    try:
        assert send(server, keys[0]) == 201
        assert send(server, keys[1], secret=SECRET) == 201
        ear.until(door.ask(FloorFacts()).head)
        lead = next(iter(ear.board.leads))
        door.do(ClaimLead(lead_id=lead))
        door.do(StartAttempt(lead_id=lead))
        door.do(LogOutcome(lead_id=lead, outcome=Outcome.NO_ANSWER, note=SAID))
        door.do(AddNote(lead_id=lead, text=NOTE))
        before = door.ask(FloorFacts()).head
        with pytest.raises(NotFound):
            door.do(AddNote(lead_id="no such lead", text=REFUSED))
        with pytest.raises(NotAllowed):
            house.door(wrong).me()
        assert send(server, keys[1], secret=WRONG_SECRET) == 401
        with pytest.raises(Unavailable):
            door.do(AddNote(lead_id=lead, text=f"{NOTE} {NOTING}"))
        assert send(server, keys[0], KEEPING) == 500
        assert door.ask(FloorFacts()).head == before, "a refusal and a mistake leave nothing on the floor"
        assert send(server, keys[0], READING) == 202
    finally:
        ear.stop()
    assert server.stop() == 0

    logs = [desk_log, *(file for file in server.home.rglob("*") if "log" in file.name)]
    told = "\n".join(file.read_text(encoding="utf-8") for file in logs if file.exists())
    for line in (
        f"refused: {house.owner}, AddNote: not_found",
        "refused: 127.0.0.1, desks: wrong token",
        "refused: 127.0.0.1, capture: wrong signature",
    ):
        assert told.count(line) == 1, told
    assert told.count("Traceback") == 4, "three mistakes, one of which was led to by another"
    assert len(re.findall(r"faulty_serve\.py\", line \d+, in (?:read|capture|note)", told)) == 4
    assert told.count("builtins.RuntimeError\n") == 2
    assert "builtins.ValueError\n" in told
    assert "builtins.KeyError\nwhich led to\n" in told
    people = (*NAME.split(), *OWNER.split(), EMAIL, PHONE, PHONE[2:], PERSON["message"])
    secrets = (token, wrong, invitation, invitation.replace("-", ""), SECRET, WRONG_SECRET, *keys)
    stumbles = (READING, KEEPING, NOTING)
    for canary in (*people, *secrets, NOTE, SAID, REFUSED, *stumbles):
        assert not re.search(rf"(?<![a-z]){re.escape(canary.lower())}(?![a-z])", told.lower()), canary
