"""Ways in whose senders sign: what is let in, what is refused, and how their secret is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.clock import SystemClock
from app.domain.signing import SIGNATURE, STALE, TIMESTAMP, UNSIGNED, WRONG, signature
from app.server.intake import Limits
from tests.server.conftest import FORM, Answer, Sender
from tests.server.watched_floor import WatchedFloor

JSON = "application/json"
NEW, OLD = "the new secret of the shop", "the old secret of the shop"
DANA = b'{"name": "Dana Okafor", "email": "dana@example.com"}'
RFC_TIME = "1767225600"


def signed(secret: str, body: bytes, ago: int = 0) -> dict[str, str]:
    """The headers that somebody who knows the secret sends with a body, signed so many seconds ago."""
    timestamp = str(int(SystemClock().now().timestamp()) - ago)
    return {TIMESTAMP: timestamp, SIGNATURE: signature(secret, timestamp, body)}


def said(answer: Answer) -> str:
    return str(answer.json["message"])


def test_the_signature_is_what_any_sender_can_reckon() -> None:
    """Reckoned by `printf '1767225600.{}' | openssl dgst -sha256 -hmac 'the new secret of the shop'`."""
    assert (
        signature(NEW, RFC_TIME, b"{}")
        == "v1=c1d1f60236f16cb6304ce7d195c5c8948f5e16cfe0f1b2e39e58435c21f72db1"
    )


@pytest.mark.parametrize("channel", ["json", "form"])
def test_a_signed_delivery_is_taken(sender: Sender, floor: WatchedFloor, channel: str) -> None:
    source = floor.source(channel, secret=NEW)
    body, kind = (DANA, JSON) if channel == "json" else (b"name=Dana+Okafor&email=dana%40example.com", FORM)
    answer = sender.post(f"/capture/{channel}/{source.key}", body, kind, signed(NEW, body, ago=240))
    assert answer.status == (201 if channel == "json" else 303)
    assert floor.last()[0].raw == body
    assert floor.last_lead().name == "Dana Okafor"
    assert NEW not in str(floor.last()[0])
    assert SIGNATURE.lower() not in dict(floor.last()[0].headers)


def test_any_other_is_refused_and_not_kept(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("json", secret=NEW)
    right = signed(NEW, DANA)
    tries: list[tuple[dict[str, str], str]] = [
        ({}, UNSIGNED),
        ({SIGNATURE: right[SIGNATURE]}, UNSIGNED),
        ({TIMESTAMP: right[TIMESTAMP]}, UNSIGNED),
        (right | {TIMESTAMP: "yesterday"}, UNSIGNED),
        (right | {TIMESTAMP: "9" * 400}, UNSIGNED),
        (right | {SIGNATURE: right[SIGNATURE].removeprefix("v1=")}, UNSIGNED),
        (right | {SIGNATURE: "v1=" + "0" * 64}, WRONG),
        (signed(NEW, DANA + b" "), WRONG),
        (signed(OLD, DANA), WRONG),
        (right | {TIMESTAMP: str(int(right[TIMESTAMP]) - 1)}, WRONG),
        (signed(NEW, DANA, ago=301), STALE),
        (signed(NEW, DANA, ago=-400), STALE),
    ]
    for channel in ("json", "form"):  # either may be posted to with this key
        for headers, why in tries:
            headers = headers | {"Accept": JSON}
            answer = sender.post(f"/capture/{channel}/{source.key}", DANA, JSON, headers)
            assert (answer.status, said(answer)) == (401, why), headers
    assert floor.kept == 0
    assert sender.post(f"/capture/json/{source.key}", DANA, JSON, right).status == 201


def test_either_of_two_secrets_will_do_while_one_is_changed(
    open_face: Callable[[Limits], Sender], floor: WatchedFloor
) -> None:
    sender = open_face(Limits(known_seconds=0))
    source = floor.source("json", secret=OLD)

    def post(secret: str, number: int) -> int:
        body = b'{"email": "dana%d@example.com"}' % number
        return sender.post(f"/capture/json/{source.key}", body, JSON, signed(secret, body)).status

    assert (post(OLD, 1), post(NEW, 2)) == (201, 401)
    floor.change(source.id, secret=NEW, other_secret=OLD)
    assert (post(OLD, 3), post(NEW, 4)) == (201, 201)
    floor.change(source.id, secret=NEW)
    assert (post(OLD, 5), post(NEW, 6)) == (401, 201)
    floor.change(source.id)
    assert sender.post(f"/capture/json/{source.key}", DANA, JSON).status == 201
    assert floor.kept == 5


def test_the_same_delivery_adds_nothing_however_often_it_is_sent(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("json", secret=NEW)
    headers = signed(NEW, DANA)
    first, again = (sender.post(f"/capture/json/{source.key}", DANA, JSON, headers) for _ in range(2))
    upper = headers | {SIGNATURE: "v1=" + headers[SIGNATURE][3:].upper()}
    third = sender.post(f"/capture/json/{source.key}", DANA, JSON, upper)
    assert first.json == again.json == third.json
    assert first.status == again.status == third.status == 201
    assert floor.kept == 1


def test_googles_other_key_is_good_too(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("google", secret="new key")
    floor.change(source.id, secret="new key", other_secret="old key")
    for number, (key, status) in enumerate([("new key", 200), ("old key", 200), ("no key", 403)]):
        body = b'{"lead_id": "%d", "google_key": "%s", "user_column_data": []}' % (number, key.encode())
        assert sender.post(f"/capture/google/{source.key}", body, JSON).status == status, key


def test_there_is_no_open_page_where_inquiries_are_signed(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form", secret=NEW)
    answer = sender.get(f"/form/{source.key}")
    assert answer.status == 404
    assert "signed" in answer.text
