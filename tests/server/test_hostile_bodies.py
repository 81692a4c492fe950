"""Whatever is posted: no 5xx, and each 2xx lies in the book byte for byte."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from urllib.parse import quote_plus, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.conftest import FORM, Sender
from tests.server.watched_floor import WatchedFloor

JSON = "application/json"
FIELDS = (
    "name",
    "email",
    "phone",
    "company",
    "city",
    "country",
    "state",
    "zip",
    "message",
    "utm_source",
    "budget",
)


def check_answer(sender: Sender, floor: WatchedFloor, path: str, body: bytes, kind: str | None) -> int:
    """Post it and hold the face to its promise; returns the status."""
    before = len(floor.told)
    answer = sender.post(path, body, kind)
    assert answer.status < 500, (path, kind, body[:200])
    taken = 200 <= answer.status < 400
    assert len(floor.told) - before == taken, (path, kind, body[:200])
    if taken:
        assert floor.told[-1][0].raw == body
    return answer.status


def _multipart(fields: dict[str, str]) -> tuple[bytes, str]:
    parts = (
        f'--=_x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode(
            "utf-8", "surrogatepass"
        )
        for name, value in fields.items()
    )
    return b"".join(parts) + b"--=_x--\r\n", 'multipart/form-data; boundary="=_x"'


def _google(fields: dict[str, str]) -> bytes:
    columns = {"name": "FULL_NAME", "email": "EMAIL", "phone": "PHONE_NUMBER", "message": "what_do_you_need?"}
    answers = [{"column_id": columns.get(k, k), "string_value": v} for k, v in fields.items()]
    return json.dumps(
        {"lead_id": fields["name"], "user_column_data": answers, "gcl_id": fields["name"]}
    ).encode()


def _everywhere(
    sender: Sender, floor: WatchedFloor, keys: dict[str, str], fields: dict[str, str], number: int
) -> None:
    """Through each endpoint, in the ways of writing it down by turns."""
    ways = (
        lambda: (urlencode(fields).encode(), FORM),
        lambda: _multipart(fields),
        lambda: ("&".join(f"{k}={v}" for k, v in fields.items()).encode(), "text/plain"),
    )
    bodies = {
        "form": ways[number % 3](),
        "json": (json.dumps(fields, ensure_ascii=number % 2 == 0).encode(), JSON),
        "google": (_google(fields), JSON),
    }
    for channel, (body, kind) in bodies.items():
        assert check_answer(sender, floor, f"/capture/{channel}/{keys[channel]}", body, kind) < 400


@pytest.fixture
def keys(floor: WatchedFloor) -> dict[str, str]:
    return {channel: floor.source(channel).key for channel in ("form", "json", "google")}


def all_in_the_book(floor: WatchedFloor) -> None:
    assert floor.kept == len(floor.told)
    with floor.book.reading() as reading:
        for inquiry, captured in floor.told[::25]:
            kept = reading.inquiry(inquiry.id)
            assert (kept.inquiry.raw, kept.state) == (inquiry.raw, captured.state)
    assert not [captured.why for _, captured in floor.told if "made a mistake" in captured.why]


@pytest.mark.timeout(240)  # 1,500 durable commits
def test_naughty_strings_in_every_field(
    sender: Sender, floor: WatchedFloor, keys: dict[str, str], data_dir: Path
) -> None:
    strings = json.loads((data_dir / "text-corpora" / "blns.json").read_text("utf-8"))
    assert len(strings) >= 500
    for number, naughty in enumerate(strings):
        # The number keeps one string from being taken for a repeat or for the same person as another.
        fields = dict.fromkeys(FIELDS, naughty) | {"number": str(number)}
        _everywhere(sender, floor, keys, fields, number)
    all_in_the_book(floor)


@pytest.mark.timeout(120)
def test_addresses_and_numbers_of_the_corpora(
    sender: Sender, floor: WatchedFloor, keys: dict[str, str], data_dir: Path
) -> None:
    tests = ElementTree.parse(data_dir / "text-corpora" / "isemail-tests.xml").getroot().iter("test")
    phones = json.loads((data_dir / "text-corpora" / "phone-examples.mobile.json").read_text("utf-8"))
    people = [{"name": "E", "email": test.findtext("address") or ""} for test in tests]
    people += [{"name": "P", "phone": number, "country": country} for country, number in phones.items()]
    for number, person in enumerate(people):
        channel = ("form", "json", "google")[number % 3]
        fields = {"name": person["name"], **person, "number": str(number)}
        body = {
            "form": urlencode(fields).encode(),
            "json": json.dumps(fields).encode(),
            "google": _google(fields),
        }
        kind = FORM if channel == "form" else JSON
        assert check_answer(sender, floor, f"/capture/{channel}/{keys[channel]}", body[channel], kind) < 400
    all_in_the_book(floor)


_PART = b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\na@example.com\r\n'
MUTILATED: list[tuple[str | None, bytes]] = [
    (FORM, b""),
    (FORM, b"&&&==&=&"),
    (FORM, b"%"),
    (FORM, b"email=%zz%f&%00=%00&a%00b=\x00"),
    (FORM, b"email=a%40example.com%ED%A0%80&name=%FF%FE"),
    (FORM, b"&".join(b"f%d=1" % n for n in range(5000))),
    (FORM, b"a" * 200_000),
    (FORM, b"=" * 200_000),
    (FORM, quote_plus("a\u0301\u0316" * 30_000).encode()[:250_000]),
    (FORM, b"email=a@example.com&message=" + "e\u0301\u0316".encode() * 40_000),
    (FORM, b"email=" + b"a" * 100_000 + b"@example.com"),
    (FORM, b"phone=" + b"1" * 100_000),
    (FORM, b"name=" + b"<a " * 60_000 + b"&email=a@example.com&message=" + b"<a " * 20_000),
    (FORM + "; charset=utf-7", b"email=a@example.com&name=+AGE-"),
    (FORM + "; charset=punycode", b"email=a@example.com&name=" + b"\xff" + b"-a" * 50_000),
    (FORM + "; charset=\xff", b"email=a@example.com&name=\xe4"),
    (FORM + "; charset=idna", b"email=a@example.com&name=\xe4" + b"a." * 50_000),
    (FORM + "; charset=utf-16", "email=a@example.com".encode("utf-16")),
    ("multipart/form-data", _PART),
    ("multipart/form-data; boundary=", _PART + b"--b--"),
    ("multipart/form-data; boundary=b", b""),
    ("multipart/form-data; boundary=b", _PART[:20]),
    ("multipart/form-data; boundary=b", _PART * 1500),
    ("multipart/form-data; boundary=b", b"--b" * 80_000),
    ("multipart/form-data; boundary=b", b"--b\r\n\r\n\r\n" * 20_000),
    ("multipart/form-data; boundary=c", _PART),
    ("multipart/form-data; boundary=" + "b" * 4000, _PART),
    ("multipart/form-data; boundary=b", _PART.replace(b'"email"', b'"' + b"\\" * 50_000)),
    ("multipart/form-data; boundary=b", _PART.replace(b'"email"', b"email*=utf-8''%65mail")),
    ("multipart/mixed; boundary=b", _PART + b"--b--"),
    (JSON, b"{"),
    (JSON, b"[" * 250_000),
    (JSON, b'{"a":' * 40_000),
    (JSON, b'{"a":' * 31 + b'"b"' + b"}" * 31),
    (JSON, b'{"n": ' + b"9" * 10_000 + b', "email": "a@example.com"}'),
    (JSON, b'{"n": 1e999999, "m": -0, "email": "a@example.com"}'),
    (JSON, b'{"n": NaN}'),
    (JSON, b'{"n": -Infinity}'),
    (JSON, b'{"email": "a@example.com", "email": "b@example.com"}'),
    (JSON, b'{"email": "\\ud800@example.com"}'),
    (JSON, b'{"\\udfff": "x", "email": "a@example.com"}'),
    (JSON, b'{"email": "a@example.com", "name": "\\u0000\\u001f\\ufffe\\u202e"}'),
    (JSON, b'{"email": "a@example.com", "name": "\x00\x01\n"}'),
    (JSON, b'{"' + b"k" * 100_000 + b'": {' + b",".join(b'"a%d": 1' % n for n in range(9000)) + b"}}"),
    (JSON, b"[" + b",".join(b'{"email": "a%d@example.com"}' % n for n in range(500)) + b"]"),
    (JSON, b'{"fields": [{"name": {"a": 1}, "value": []}, {"name": [], "value": null}]}'),
    (JSON, b'{"email": ["a@example.com", {"x": [[[]]]}], "phone": {"": {"": "1"}}}'),
    (JSON, b"\xef\xbb\xbf" + b'{"email": "bom@example.com"}'),
    (JSON, '{"email": "utf16@example.com"}'.encode("utf-16")),
    (JSON, '{"email": "utf32@example.com"}'.encode("utf-32")),
    (JSON, b'{"name": "M\xfcller", "email": "latin@example.com"}'),
    (JSON, b"null"),
    (JSON, b"1"),
    (JSON, b'"a@example.com"'),
    (JSON, b"true false"),
    ("application/xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><adf><email>&b;</email></adf>'),
    ("text/csv", b"name,email\nDana,dana@example.com\n"),
    ("image/png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 1000),
    (None, b"email=none@example.com"),
    ("", b'{"email": "empty@example.com"}'),
    ("application/octet-stream", gzip.compress(b"email=a@example.com")),
    ("text/html; charset=\"" + "\\" * 300, b"email=quoted@example.com"),
]  # fmt: skip


def test_mutilated_bodies_at_every_door(sender: Sender, floor: WatchedFloor, keys: dict[str, str]) -> None:
    for channel, key in keys.items():
        for number, (kind, body) in enumerate(MUTILATED):
            assert check_answer(sender, floor, f"/capture/{channel}/{key}", body, kind) < 400, (
                channel,
                number,
            )
    all_in_the_book(floor)
    google = (b'{"user_column_data": %s}' % part for part in (b"1", b"[]", b"[1,[],{}]", b"{}"))
    for body in google:
        assert check_answer(sender, floor, f"/capture/google/{keys['google']}", body, JSON) == 200


_KEYS = st.sampled_from(("email", "name", "fields", "value", "phone")) | st.text(max_size=8)
_JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=5),
    max_leaves=12,
)
_BODIES = st.one_of(
    st.binary(max_size=400),
    _JSONS.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(st.text(max_size=10), st.text(max_size=30), max_size=6).map(
        lambda d: urlencode(d).encode()
    ),
    st.lists(
        st.sampled_from([_PART, b"--b", b"\r\n", b"--", b"\x00", b'name="', b"Content-Type: text/x"]),
        max_size=12,
    ).map(b"".join),
)
_KINDS = st.sampled_from(
    (FORM, JSON, "multipart/form-data; boundary=b", "text/plain", "multipart/form-data", None)
) | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


@given(body=_BODIES, kind=_KINDS, channel=st.sampled_from(("form", "json", "google")))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_anything_at_all(
    sender: Sender, floor: WatchedFloor, keys: dict[str, str], body: bytes, kind: str | None, channel: str
) -> None:
    check_answer(sender, floor, f"/capture/{channel}/{keys[channel]}", body, kind)
    assert "made a mistake" not in (floor.told[-1][1].why if floor.told else "")


@given(
    target=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60),
    method=st.sampled_from(("GET", "POST", "PUT")),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_address(sender: Sender, floor: WatchedFloor, target: str, method: str) -> None:
    for path in (f"/{target}", f"/form/{target}", f"/capture/form/{target}", f"/form/x?{target}"):
        found = sender.raw(f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
        assert found.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 200")), (path, found[:100])
    assert not floor.told
