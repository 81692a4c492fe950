"""The capture face over a real socket, in front of a real floor: what is kept, what the sender is told."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.errors import Unavailable
from app.domain.inquiry import InquiryState
from app.server.capture import CaptureFace
from app.server.intake import Limits
from tests.server.conftest import Sender
from tests.server.watched_floor import WatchedFloor

JSON = "application/json"
DANA = b"name=Dana+Okafor&email=dana%40example.com&phone=%28303%29+555-0148&message=Please+call+me"


def test_a_form_is_kept_as_it_came_and_thanked_for(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    answer = sender.post(f"/capture/form/{source.key}", DANA, headers={"Referer": "https://shop.example/x"})
    assert answer.status == 303
    assert answer.headers["location"] == f"../../form/{source.key}/thanks"
    inquiry, captured = floor.last()
    assert captured.state == InquiryState.LEAD
    assert (inquiry.raw, inquiry.channel, inquiry.source_id) == (DANA, "form", source.id)
    assert inquiry.remote == "127.0.0.1"
    assert dict(inquiry.headers)["referer"] == "https://shop.example/x"
    lead = floor.last_lead()
    assert (lead.name, lead.email, lead.phone) == ("Dana Okafor", "dana@example.com", "+13035550148")
    assert lead.ask == "Please call me"
    assert lead.origin.page == "https://shop.example/x"
    thanks = sender.get(f"/form/{source.key}/thanks")
    assert thanks.status == 200
    assert "Thank you" in thanks.text


def test_json_is_answered_with_the_inquiry(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("json")
    body = b'{"customer": {"name": "Dana", "email": "dana@example.com"}, "budget": 12345678901234567890}'
    answer = sender.post(f"/capture/json/{source.key}", body, JSON)
    inquiry, _ = floor.last()
    assert answer.status == 201
    assert answer.json == {"ok": True, "inquiry": inquiry.id, "state": "taken"}
    assert inquiry.raw == body
    assert floor.last_lead().answers == (("budget", "12345678901234567890"),)


def test_a_json_answer_does_not_tell_who_is_known(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("json")
    first = sender.post(f"/capture/json/{source.key}", b'{"email": "dana@example.com"}', JSON)
    again = sender.post(f"/capture/json/{source.key}", b'{"email": "dana@example.com", "n": 2}', JSON)
    assert floor.told[-1][1].state == InquiryState.JOINED
    trap = sender.post(f"/capture/json/{source.key}", b'{"email": "bot@example.com", "_gotcha": "x"}', JSON)
    assert floor.told[-1][1].state == InquiryState.ASIDE
    assert {answer.json["state"] for answer in (first, again, trap)} == {"taken"}
    assert {answer.status for answer in (first, again, trap)} == {201}


def test_what_cannot_be_understood_is_kept_and_waits(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("json")
    answer = sender.post(f"/capture/json/{source.key}", b'{"a": {"b": NaN}}', JSON)
    inquiry, captured = floor.last()
    assert answer.status == 202
    assert answer.json == {
        "ok": True,
        "inquiry": inquiry.id,
        "state": "review",
        "why": "The value of a.b is NaN, which is not a JSON number.",
    }
    assert captured.state == InquiryState.REVIEW
    form = floor.source("form")
    assert sender.post(f"/capture/form/{form.key}", b"\x00\xff nothing").status == 303
    assert floor.last()[0].raw == b"\x00\xff nothing"
    assert floor.kept == 2


@pytest.mark.parametrize(
    ("path", "is_page"),
    [
        ("/capture/form/{}", True),
        ("/capture/json/{}", False),
        ("/capture/google/{}", False),
        ("/form/{}", True),
    ],
)
def test_an_unknown_key_keeps_nothing(sender: Sender, floor: WatchedFloor, path: str, is_page: bool) -> None:
    for key in ("nokey", "x" * 500, "%00", "..%2f..", "é".encode().hex()):
        url = path.format(key)
        answer = sender.get(url) if url.startswith("/form") else sender.post(url, DANA)
        assert answer.status == 404, key
        assert answer.headers["content-type"] == (
            "text/html; charset=utf-8" if is_page else "application/json"
        )
    assert floor.kept == 0


def test_a_key_that_is_switched_off_stops_soon(
    open_face: Callable[[Limits], Sender], floor: WatchedFloor
) -> None:
    assert Limits().known_seconds < 5
    sender = open_face(Limits(known_seconds=0))
    source = floor.source("form")
    assert sender.post(f"/capture/form/{source.key}", DANA).status == 303
    floor.change(source.id, active=False)
    assert sender.post(f"/capture/form/{source.key}", DANA).status == 404
    assert floor.kept == 1


def test_a_key_is_looked_up_once_in_a_while(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    for number in range(20):
        sender.post(f"/capture/form/{source.key}", b"email=a%d@example.com" % number)
    assert floor.kept == 20
    assert floor.lookups == 1


def test_google_by_its_contract(sender: Sender, floor: WatchedFloor, data_dir: Path) -> None:
    source = floor.source("google", secret="REDACTED-google-key")
    body = (data_dir / "webhooks" / "google_lead_form_test_roofing.json").read_bytes()
    answer = sender.post(f"/capture/google/{source.key}", body, JSON)
    assert (answer.status, answer.json) == (200, {})
    assert "access-control-allow-origin" not in answer.headers
    lead = floor.last_lead()
    assert lead.is_test
    assert (lead.name, lead.origin.campaign) == ("FirstName LastName", "991214827")
    broken = data_dir / "webhooks" / "google_lead_form_test_insurance.trailing-comma.invalid.json"
    answer = sender.post(f"/capture/google/{source.key}", broken.read_bytes(), JSON)
    assert (answer.status, answer.json) == (200, {})
    assert floor.last()[1].state == InquiryState.REVIEW
    assert "line 33" in floor.last()[1].why


@pytest.mark.parametrize("key", ["wrong", "", None, 12, "\ud800"])
def test_google_with_a_wrong_key_is_refused_and_kept_for_review(
    sender: Sender, floor: WatchedFloor, key: object
) -> None:
    source = floor.source("google", secret="open sesame")
    columns = [{"column_id": "EMAIL", "string_value": "dana@example.com"}]
    body = json.dumps({"lead_id": "1", "user_column_data": columns, "google_key": key}).encode()
    answer = sender.post(f"/capture/google/{source.key}", body, JSON)
    _, captured = floor.last()
    assert captured.state == InquiryState.REVIEW
    if key == "\ud800":  # not JSON at all, so nobody can tell whose key it is
        assert answer.status == 200
    else:
        assert answer.status == 403
        assert "google_key" in str(answer.json["message"])
        assert captured.why == answer.json["message"]
    right = body.replace(json.dumps(key).encode(), b'"open sesame"')
    assert sender.post(f"/capture/google/{source.key}", right, JSON).status == 200
    assert floor.last()[1].state == InquiryState.LEAD


def test_googles_secret_cannot_be_gone_round(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("google", secret="open sesame")
    assert sender.post(f"/capture/json/{source.key}", b'{"email": "a@example.com"}', JSON).status == 404
    assert sender.post(f"/capture/form/{source.key}", b"email=a@example.com").status == 404
    form = floor.source("form")
    body = b'{"user_column_data": [{"column_id": "EMAIL", "string_value": "a@example.com"}]}'
    assert sender.post(f"/capture/google/{form.key}", body, JSON).status == 404
    sent = {"Firstring-Doubt": "x", "Referer": "firstring-doubt"}
    assert sender.post(f"/capture/form/{form.key}", b"email=a@example.com", headers=sent).status == 303
    assert floor.last()[1].state == InquiryState.LEAD
    assert floor.kept == 1


def test_a_body_that_is_too_large(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    just = b"email=a@example.com&message=" + b"x" * (256 * 1024 - 28)
    assert sender.post(f"/capture/form/{source.key}", just).status == 303
    for body in (just + b"y", just * 3):
        answer = sender.post(f"/capture/form/{source.key}", body)
        assert answer.status == 413
        assert "256 kB" in answer.text
    chunked = b"".join(b"8000\r\n" + b"z" * 0x8000 + b"\r\n" for _ in range(12)) + b"0\r\n\r\n"
    head = (
        f"POST /capture/json/{source.key} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    assert sender.raw(head + chunked).startswith(b"HTTP/1.1 413")
    assert floor.kept == 1


def test_a_chunked_body_and_100_continue(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    head = f"POST /capture/form/{source.key} HTTP/1.1\r\nHost: x\r\n"
    chunked = (
        head + "Transfer-Encoding: chunked\r\n\r\n"
    ).encode() + b"5\r\nemail\r\n7\r\n=c@x.io\r\n0\r\n\r\n"
    assert sender.raw(chunked).startswith(b"HTTP/1.1 303")
    assert floor.last()[0].raw == b"email=c@x.io"
    with socket.create_connection(("127.0.0.1", sender.port), timeout=10) as line:
        line.sendall((head + "Content-Length: 12\r\nExpect: 100-continue\r\n\r\n").encode())
        assert line.recv(100).startswith(b"HTTP/1.1 100 Continue")
        line.sendall(b"email=d@x.io")
        assert line.recv(1000).startswith(b"HTTP/1.1 303")
    assert floor.last()[0].raw == b"email=d@x.io"


def test_a_packed_body_is_kept_packed_and_read(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("json")
    body = gzip.compress(b'{"email": "dana@example.com"}')
    packed = {"Content-Encoding": "gzip"}
    assert sender.post(f"/capture/json/{source.key}", body, JSON, packed).status == 201
    assert floor.last()[0].raw == body
    assert sender.post(f"/capture/json/{source.key}", b"not gzip", JSON, packed).status == 202
    bomb = gzip.compress(b'{"email": "' + b"a" * 20_000_000 + b'"}')
    assert sender.post(f"/capture/json/{source.key}", bomb, JSON, packed).status == 202
    assert "larger" in floor.last()[1].why


def test_too_many_are_asked_to_wait(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("json", per_minute=3)
    for number in range(6):  # the burst is twice the rate
        assert (
            sender.post(f"/capture/json/{source.key}", b'{"email":"a%d@x.io"}' % number, JSON).status == 201
        )
    answer = sender.post(f"/capture/json/{source.key}", b'{"email":"b@x.io"}', JSON)
    assert answer.status == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 20
    assert floor.kept == 6
    other = floor.source("json", per_minute=3)
    assert sender.post(f"/capture/json/{other.key}", b'{"email":"b@x.io"}', JSON).status == 201


def test_a_floor_out_of_reach_is_a_503_and_nothing_is_promised(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    assert sender.get("/healthz").json == {"ok": True}
    floor.away = True
    for path in (f"/capture/form/{source.key}", f"/capture/json/{source.key}"):
        answer = sender.post(path, DANA)
        assert answer.status == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "disk" not in answer.text
    floor.away = False
    assert sender.post(f"/capture/form/{source.key}", DANA).status == 303
    floor.away = True
    assert sender.post(f"/capture/form/{source.key}", DANA).status == 503
    assert floor.kept == 1


def test_health_says_when_the_floor_is_away(sender: Sender, floor: WatchedFloor) -> None:
    floor.away = True
    answer = sender.get("/healthz")
    assert answer.status == 503
    assert answer.json == {"ok": False, "message": "The floor can't be reached."}


def test_the_answer_waits_for_the_commit(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    floor.hold = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(sender.post, f"/capture/form/{source.key}", DANA)
        assert floor.inside.wait(60)
        assert floor.kept == 0
        assert not answer.done()
        floor.hold.set()
        assert answer.result(10).status == 303
    assert floor.kept == 1


def test_more_than_the_floor_can_take_is_sent_away(
    open_face: Callable[[Limits], Sender], floor: WatchedFloor
) -> None:
    sender = open_face(Limits(waiting=1))
    source = floor.source("form")
    floor.hold = threading.Event()
    other = Sender(sender.port)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(other.post, f"/capture/form/{source.key}", DANA)
        assert floor.inside.wait(60)
        assert sender.post(f"/capture/form/{source.key}", b"email=b@x.io").status == 503
        floor.hold.set()
        assert answer.result(10).status == 303
    other.close()
    assert floor.kept == 1


def test_stopping_finishes_what_is_in_hand(floor: WatchedFloor) -> None:
    face = CaptureFace(floor, SystemClock(), port=0)
    sender = Sender(face.start())
    idle = socket.create_connection(("127.0.0.1", sender.port), timeout=10)
    source = floor.source("form")
    floor.hold = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(sender.post, f"/capture/form/{source.key}", DANA)
        assert floor.inside.wait(60)
        stopped = pool.submit(face.stop)
        assert idle.recv(10) == b""  # whoever said nothing is cut at once
        assert not stopped.done()
        floor.hold.set()
        assert answer.result(10).status == 303
        stopped.result(10)
    idle.close()
    sender.close()
    assert floor.kept == 1
    face.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", sender.port), timeout=1)


def test_a_taken_port_is_one_clear_sentence(sender: Sender, floor: WatchedFloor) -> None:
    with pytest.raises(Unavailable, match=rf"Port {sender.port} is already in use"):
        CaptureFace(floor, SystemClock(), port=sender.port).start()
    with pytest.raises(Unavailable, match="no network address"):
        CaptureFace(floor, SystemClock(), host="192.0.2.1", port=0).start()
    with pytest.raises(Unavailable, match="not a port"):
        CaptureFace(floor, SystemClock(), port=70000).start()


def test_it_can_be_started_again(floor: WatchedFloor) -> None:
    face = CaptureFace(floor, SystemClock(), port=0)
    port = face.start()
    assert face.start() == port
    assert face.url == f"http://127.0.0.1:{port}"
    face.stop()
    assert face.start() == port
    sender = Sender(port)
    assert sender.get("/healthz").status == 200
    sender.close()
    face.stop()


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/capture/form/KEY", 405, "POST"),
        ("DELETE", "/capture/json/KEY", 405, "POST"),
        ("OPTIONS", "/capture/google/KEY", 405, "POST"),
        ("POST", "/form/KEY", 405, "GET, HEAD"),
        ("PATCH", "/form/KEY/thanks", 405, "GET, HEAD"),
        ("HEAD", "/form/KEY", 200, None),
        ("GET", "/", 404, None),
        ("GET", "/capture", 404, None),
        ("POST", "/capture/smoke/KEY", 404, None),
        ("POST", "/capture/form", 404, None),
        ("GET", "/form/KEY/../../etc/passwd", 404, None),
    ],
)
def test_other_methods_and_places(
    sender: Sender, floor: WatchedFloor, method: str, path: str, status: int, allow: str | None
) -> None:
    source = floor.source("form")
    answer = sender.send(method, path.replace("KEY", source.key))
    assert answer.status == status
    assert answer.headers.get("allow") == allow
    assert floor.kept == 0


def test_any_site_may_post(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("json")
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "content-type"
    answer = sender.send("OPTIONS", f"/capture/json/{source.key}", None, None, asked)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()
    assert "POST" in answer.headers["access-control-allow-methods"]
    answer = sender.post(f"/capture/json/{source.key}", b'{"email": "a@x.io"}', JSON, asked)
    assert answer.headers["access-control-allow-origin"] == "*"
    by_script = sender.post(f"/capture/form/{source.key}", DANA, headers={"Accept": "application/json"})
    assert by_script.status == 201
    assert by_script.json["state"] == "taken"


def test_a_site_may_have_its_own_thank_you_page_but_not_another_sites(
    sender: Sender, floor: WatchedFloor
) -> None:
    source = floor.source("form")

    def sent_to(after: str, number: int, **headers: str) -> str:
        body = b"email=a%d@x.io&_next=" % number + after.encode()
        return sender.post(f"/capture/form/{source.key}", body, headers=headers).headers["location"]

    own = f"../../form/{source.key}/thanks"
    site = {"Origin": "https://shop.example"}
    assert sent_to("https://shop.example/thanks?x=1", 1, **site) == "https://shop.example/thanks?x=1"
    assert (
        sent_to("https://shop.example/t", 2, Referer="https://shop.example/form") == "https://shop.example/t"
    )
    for number, other in enumerate(
        (
            "https://evil.example/",
            "https://shop.example@evil.example/",
            "//evil.example",
            "javascript:alert(1)",
            "https://shop.example/%0d%0aSet-Cookie:x",
            "http://shop.example/",
            "https://[",
        ),
        10,
    ):
        assert sent_to(other, number, **site) == own
    assert sent_to("https://shop.example/t", 30) == own
    assert floor.last_lead().answers == ()


def test_no_answer_repeats_what_was_sent(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    evil = "<script>alert(1)</script>"
    for answer in (
        sender.get(f"/form/{source.key}?utm_source={evil}&name={evil}"),
        sender.post(f"/capture/form/{source.key}", f"_form=hosted&name={evil}&message={evil}".encode()),
        sender.get(f"/nowhere/{evil}"),
        sender.post(f"/capture/form/{evil}", b"x"),
    ):
        assert "<script" not in answer.text
    answer = sender.post(f"/capture/json/{source.key}", b'{"<script>": 1}', JSON)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"POST /capture/form/x HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"POST /capture/form/x HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000 + b"\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /capture/form/KEY HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
        b"POST /capture/form/KEY HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nabc",
    ],
)
def test_what_is_not_http_is_refused_plainly(sender: Sender, floor: WatchedFloor, garbage: bytes) -> None:
    source = floor.source("form")
    found = sender.raw(garbage.replace(b"KEY", source.key.encode()))
    assert found.startswith((b"HTTP/1.1 400", b"HTTP/1.0 400", b"HTTP/1.1 414", b"HTTP/1.1 431"))
    assert b"Traceback" not in found
    assert b"aiohttp" not in found
    assert floor.kept == 0
    assert sender.get("/healthz").status == 200


def test_headers_of_strangers_are_fit_to_store(sender: Sender, floor: WatchedFloor) -> None:
    source = floor.source("form")
    head = f"POST /capture/form/{source.key} HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n".encode()
    odd = (
        b"Referer: \xff\xfe\xed\xa0\x80\r\nUser-Agent: \xe2\x80\xae\r\nContent-Type: a/\xff; charset=\xe4\r\n"
    )
    secret = b"Authorization: Bearer abc\r\nCookie: session=1\r\n\r\n"
    assert sender.raw(head + odd + secret + b"email=a@x.io").startswith(b"HTTP/1.1 303")
    inquiry, _ = floor.told[-1]
    assert inquiry.content_type.isprintable()
    assert all(value.isprintable() for _, value in inquiry.headers)
    assert not {"authorization", "cookie"} & {name for name, _ in inquiry.headers}
