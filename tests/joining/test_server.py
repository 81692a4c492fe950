"""Joining through a server: by link, by hand, past dead servers, and never with somebody in the middle."""

from __future__ import annotations

import json
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from queue import Queue

import pytest

from app.clock import HandClock
from app.domain.commands import RenewToken, RevokeDevice
from app.domain.device import new_secret, new_token, token_sha256
from app.domain.errors import NotAllowed, Refused, Unavailable
from app.domain.events import DeskRevoked
from app.domain.questions import Devices
from app.floor import joining
from app.floor.floor import Batch, Link
from app.floor.joining import link_by_hand
from app.floor.servers import NotYourServer
from app.service.handle import handle
from app.service.passes import GRACE, TRIES
from app.store.book import Book
from tests.joining.served import Relay, Server, certificate, serving

DEAD = "127.0.0.1:9"
"""Nobody answers there."""


@pytest.fixture
def server(book: Book, clock: HandClock) -> Iterator[Server]:
    with serving(book, clock) as server:
        yield server


@pytest.fixture
def middle(server: Server) -> Iterator[Relay]:
    relay = Relay(server.address)
    yield relay
    relay.close()


def test_a_computer_joins_and_is_its_person_from_then_on(server: Server, ana: str) -> None:
    token = new_token()
    joined = joining.join(server.invite(ana), "Ana’s laptop", token)
    assert joined.rep_id == ana
    door = server.door(token)
    assert door.me() == ana
    assert [device.name for device in door.ask(Devices()).devices] == ["Ana’s laptop"]
    door.close()
    stranger = server.door(new_token())
    with pytest.raises(Refused):
        stranger.me()
    stranger.close()


def test_an_invitation_is_good_once(server: Server, ana: str) -> None:
    link = server.invite(ana)
    joining.join(link, "One", new_token())
    with pytest.raises(NotAllowed):
        joining.join(link, "Two", new_token())
    assert len(server.floor.ask(Devices()).devices) == 1


def test_a_dead_server_is_passed_over(server: Server, ana: str) -> None:
    assert joining.join(server.invite(ana, DEAD), "Laptop", new_token()).rep_id == ana


def test_a_server_with_another_key_hears_nothing(server: Server, ana: str, middle: Relay) -> None:
    link = replace(server.invite(ana), addresses=(middle.address, DEAD))
    with pytest.raises(NotYourServer):
        joining.join(link, "Laptop", new_token())
    assert middle.heard == b""
    good = replace(link, addresses=(middle.address, server.address))
    assert joining.join(good, "Laptop", new_token()).rep_id == ana, "the next one holds the key"
    assert middle.heard == b""


def test_without_a_pin_an_authority_has_to_vouch(server: Server, ana: str) -> None:
    link = replace(server.invite(ana), pins=())
    with pytest.raises(Unavailable):
        joining.join(link, "Laptop", new_token())
    assert not server.floor.ask(Devices()).devices


def test_an_address_and_a_secret_are_enough(server: Server, ana: str) -> None:
    link = server.invite(ana)
    found = link_by_hand(server.address, link.secret.lower())
    assert found.pins == (certificate().pin,)
    assert joining.join(found, "Laptop", new_token()).rep_id == ana
    with pytest.raises(NotAllowed):
        link_by_hand(server.address, link.secret)


def test_each_secret_is_proven_for_itself(server: Server, ana: str, owner: str) -> None:
    theirs, hers = server.invite(owner), server.invite(ana)
    with pytest.raises(NotAllowed, match="not good"):
        link_by_hand(server.address, new_secret())
    for link, rep in ((hers, ana), (theirs, owner)):
        found = link_by_hand(server.address, link.secret)
        assert joining.join(found, "Laptop", new_token()).rep_id == rep


def test_who_stands_in_the_middle_can_prove_nothing(server: Server, ana: str, middle: Relay) -> None:
    link = server.invite(ana)
    with pytest.raises(NotYourServer):
        link_by_hand(middle.address, link.secret)
    assert b"POST /api/join/proof" in middle.heard, "it was in the middle"
    assert link.secret.encode() not in middle.heard
    assert joining.join(link, "Laptop", new_token()).rep_id == ana, "and the invitation is still good"


def test_nothing_there_and_nothing_sensible_there(server: Server, ana: str) -> None:
    with pytest.raises(Unavailable, match=r"No server answers"):
        link_by_hand(DEAD, new_secret())
    with pytest.raises(Unavailable, match=r"No server answers"):
        joining.join(replace(server.invite(ana), addresses=(DEAD,)), "x", new_token())


def test_guessing_is_stopped(server: Server, ana: str) -> None:
    for _ in range(TRIES):
        with pytest.raises(NotAllowed, match="not good"):
            link_by_hand(server.address, new_secret())
    with pytest.raises(NotAllowed, match="too many"):
        joining.join(server.invite(ana), "x", new_token())


def post(server: Server, path: str, body: bytes, method: str = "POST") -> tuple[int, dict[str, object]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(f"https://{server.address}{path}", data=body, method=method)
    try:
        with urllib.request.urlopen(request, context=context) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.parametrize("path", ["/api/join", "/api/join/proof"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[" * 3000,
        b"\xff\xfe",
        b'{"kind":"JoinFloor","body":{}}',
        b'{"kind":"RevokeDevice","body":{"id":"x","device_id":"y","why":""}}',
        b'{"hint":"x","nonce":"y"}',
        b'{"hint":"' + b"a" * 64 + b'","nonce":"' + b"\\ud800" * 64 + b'"}',
        b"x" * 5000,
    ],
)
def test_a_malformed_request_is_told_so(server: Server, path: str, body: bytes) -> None:
    status, said = post(server, path, body)
    assert 400 <= status < 500
    assert set(said) == {"code", "title", "message"}
    assert post(server, path, b"", "PUT")[0] == 405


def test_a_desk_that_renews_its_token_goes_on_listening(
    server: Server, book: Book, clock: HandClock, ana: str
) -> None:
    old, new = new_token(), new_token()
    device = joining.join(server.invite(ana), "Laptop", old).device_id
    with closing(server.door(old)) as door:
        following = door.follow(None, lambda batch: None)
        try:
            assert server.showed(old)
            door.do(RenewToken(device_id=device, token_sha256=token_sha256(new)))
            door.use_token(new)
            assert server.showed(new), "the line was opened anew"
            clock.advance(seconds=GRACE.total_seconds() + 5)
            other = joining.join(server.invite(ana), "Other", new_token()).device_id
            server.shown.queue.clear()
            handle(book, RevokeDevice(device_id=other), "admin", clock.now())
            server.floor.bell.ring()
            assert server.showed(new), "when somebody was revoked, the server looks at everybody"
            assert door.me() == ana
            assert old not in server.shown.queue, "it would have been the alarm"
        finally:
            following.stop()


def test_a_desk_that_is_revoked_while_it_is_let_in_is_shut_out(
    server: Server, book: Book, clock: HandClock, ana: str
) -> None:
    token, told, ended = new_token(), Queue[Batch](), threading.Event()
    device = joining.join(server.invite(ana), "Laptop", token).device_id
    colleague = new_token()
    joining.join(server.invite(ana), "Other", colleague)
    looks = 0

    def found_too_early(shown: str) -> None:
        """What was found out about the token is old by the time that it is said."""
        nonlocal looks
        looks += shown == token
        if shown == token and looks == 2:  # the first was for the line, this one is for the feed
            handle(book, RevokeDevice(device_id=device), "admin", clock.now())
            server.floor.bell.ring()
            while not any(isinstance(entry.event, DeskRevoked) for entry in told.get(timeout=30).entries):
                pass

    with closing(server.door(colleague)) as other, closing(server.door(token)) as door:
        watching = other.follow(None, told.put)
        told.get(timeout=30)
        server.after_looking = found_too_early
        following = door.follow(None, lambda _: None, lambda link, _: link == Link.AWAY and ended.set())
        try:
            assert ended.wait(30), "it was told of the floor though it had been shut out"
            assert looks >= 3
        finally:
            following.stop()
            watching.stop()
