"""Text messages and webhooks, as a real server takes them, or does not."""

from __future__ import annotations

import hashlib
import hmac
import socket
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from app import settings as profile
from app.boot import CANNOT, Session, main
from app.cli.messenger import VARIABLES
from app.clock import FloorClock
from app.codec import decode
from app.domain.chain import Step, StepKind, Way
from app.domain.commands import PublishRulebook
from app.domain.errors import Refused
from app.domain.post import Message
from app.domain.rulebook import DEFAULT
from app.messengers import _http, sms, webhook
from app.messengers._sent import NotSent
from tests.messengers.gateway import gateway
from tests.messengers.test_command import address, late_lead

__all__ = ["address"]

TEXT = Message(
    id="0190-1",
    to="+13035550148",
    to_name="Zoë",
    subject="Dana",
    body="Dana & {secret} ☎ waits\n",
    attempt=2,
    way=Way.SMS,
)
HOOK = replace(TEXT, to="", body='{"id":"0190-1"}', way=Way.WEBHOOK)


def by(url: str, **said: object) -> sms.Account:
    fields = (("to", "{to}"), ("text", "{text}"), ("from", "Firm"))
    account = sms.Account(**({"url": url, "fields": fields} | said))  # type: ignore[arg-type]
    return sms.account_of(sms.address_of(account))


# -- text messages


def test_a_form_a_json_and_an_address_say_the_same_to_a_gateway() -> None:
    said = {"to": TEXT.to, "text": "Dana & {secret} ☎ waits", "from": "Firm"}
    with gateway() as server:
        sms.send(TEXT, by(server.url), "")
        form = server.asked.get(timeout=60)
        assert (form.method, dict(parse_qsl(form.body.decode()))) == ("POST", said)
        sms.send(TEXT, by(server.url, is_json=True, method="PUT"), "")
        body = server.asked.get(timeout=60)
        assert (body.method, decode(body.body, dict[str, str])) == ("PUT", said)
        assert body.headers["content-type"] == "application/json"
        sms.send(TEXT, by(server.url + "?v=2", method="GET"), "")
        query = server.asked.get(timeout=60)
        assert dict(parse_qsl(query.target.partition("?")[2])) == {"v": "2"} | said
        assert query.body == b""


def test_the_secret_goes_where_the_gateway_wants_it() -> None:
    with gateway() as server:
        sms.send(TEXT, by(server.url, headers=(("X-Key", "k {secret}"), ("X-Id", "{id}"))), "s3\r\nX-Evil: 1")
        asked = server.asked.get(timeout=60)
        assert (asked.headers["x-key"], asked.headers["x-id"]) == ("k s3 X-Evil: 1", "0190-1")
        assert "x-evil" not in asked.headers
        sms.send(TEXT, by(server.url, login="me"), "s3")
        assert server.asked.get(timeout=60).headers["authorization"] == "Basic bWU6czM="
        sms.send(TEXT, by(server.url + "/{to}", fields=(("t", "{text}"),)), "s3")
        assert server.asked.get(timeout=60).target == "/in/%2B13035550148"


def test_a_gateway_that_says_no_in_a_friendly_way_has_not_taken_it() -> None:
    with gateway() as server:
        sms.send(TEXT, by(server.url, expects="taken"), "")
        server.says = lambda: (200, {}, b'{"error": "no credit"}')
        with pytest.raises(NotSent, match="taken") as refused:
            sms.send(TEXT, by(server.url, expects="taken"), "")
        assert refused.value.is_final


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "gateway.example"},
        {"url": "http://gateway.example/"},
        {"url": "https://me:secret@gateway.example/"},
        {"url": "ftp://gateway.example/"},
        {"url": "https://gateway.example:port/"},
        {"method": "DELETE"},
        {"fields": (("to", "{to}"),)},
        {"fields": (("text", "{text}"),)},
        {"headers": (("A", "b\r\nC: d"),)},
    ],
)
def test_what_could_never_send_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        by(**({"url": "https://gateway.example/"} | wrong))  # type: ignore[arg-type]
    with pytest.raises(Refused):
        sms.account_of("nonsense")


# -- webhooks


def test_a_webhook_is_signed_with_its_time_and_has_the_same_key_at_every_try() -> None:
    with gateway() as server:
        account = webhook.account_of(server.url)
        webhook.send(HOOK, account, "s3cret")
        webhook.send(replace(HOOK, attempt=3), account, "s3cret")
        first, second = server.asked.get(timeout=60), server.asked.get(timeout=60)
    assert first.body == second.body == HOOK.body.encode()
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == "0190-1"
    assert (first.headers["firstring-attempt"], second.headers["firstring-attempt"]) == ("2", "3")
    assert first.headers["content-type"] == "application/json"
    at, signed = first.headers["firstring-signature"].removeprefix("t=").split(",v1=")
    wanted = hmac.new(b"s3cret", f"{at}.{HOOK.body}".encode(), hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signed, wanted)
    assert webhook.signature(b"{}", "other", int(at)) != webhook.signature(b"{}", "s3cret", int(at))


def test_without_its_secret_nothing_is_said() -> None:
    with gateway() as server:
        with pytest.raises(NotSent) as refused:
            webhook.send(HOOK, webhook.account_of(server.url), "")
        assert server.asked.empty()
    assert not refused.value.is_final


@pytest.mark.parametrize(
    ("status", "is_final"), [(400, True), (404, True), (408, False), (429, False), (500, False), (503, False)]
)
def test_what_the_server_says_decides_whether_it_is_tried_again(status: int, is_final: bool) -> None:
    with gateway() as server:
        server.says = lambda: (status, {}, b"")
        with pytest.raises(NotSent, match=str(status)) as refused:
            webhook.send(HOOK, webhook.account_of(server.url), "s")
    assert refused.value.is_final == is_final


def test_it_is_not_sent_on_to_where_somebody_else_says() -> None:
    with gateway() as server, gateway() as other:
        server.says = lambda: (307, {"Location": other.url}, b"")
        with pytest.raises(NotSent, match="307") as refused:
            webhook.send(HOOK, webhook.account_of(server.url), "s")
        assert refused.value.is_final
        assert other.asked.empty()


def test_where_no_server_is_it_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/", f"https://127.0.0.1:{port}/"):
        with pytest.raises(NotSent) as refused:
            webhook.send(HOOK, webhook.account_of(url), "s")
        assert not refused.value.is_final


def test_a_server_that_does_not_encrypt_is_not_told() -> None:
    with gateway() as server:
        with pytest.raises(NotSent):
            webhook.send(HOOK, webhook.account_of(server.url.replace("http:", "https:")), "s")
        assert server.asked.empty()


def test_a_name_that_leads_into_this_network_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]
    monkeypatch.setattr(_http, "getaddrinfo", lambda *_args, **_more: found)
    with gateway() as server:
        account = webhook.account_of(f"https://hooks.example:{server.port}/")
        with pytest.raises(NotSent, match="private address"):
            webhook.send(HOOK, account, "s")
        assert server.asked.empty()


# -- from the terminal to the phone


def test_a_team_lead_gets_a_text_message_and_the_webhook_is_told(
    address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLES[Way.SMS], "s3cret")
    monkeypatch.setenv(VARIABLES[Way.WEBHOOK], "h00k")
    with gateway() as texts, gateway() as hooks:
        said = ["--field", "to={to}", "--field", "text={text}", "--header", "Authorization=Bearer {secret}"]
        assert main(["messenger", "sms", texts.url, *said, "--floor", address]) == 0
        assert main(["messenger", "webhook", hooks.url, "--floor", address]) == 0
        assert main(["messenger", "to", "tess", "+1 303 555 0148", "--floor", address]) == 0
        assert "Tess gets text messages at +1 303 555 0148." in capsys.readouterr().out
        session = Session(address, FloorClock())
        try:
            by_all = (Step(kind=StepKind.TEAM_LEAD, after=0, by=(Way.SMS, Way.WEBHOOK)),)
            quick = tuple(replace(tier, sla=1) for tier in DEFAULT.tiers)
            session.floor.do(PublishRulebook(rulebook=replace(DEFAULT, tiers=quick, chain=by_all)))
            session.keep()
            _until_somebody_sends(session)
            late_lead(session)
            text, hook = texts.asked.get(timeout=60), hooks.asked.get(timeout=60)
        finally:
            session.close()
    assert dict(parse_qsl(text.body.decode()))["to"] == "+13035550148"
    assert "Dana Okafor waits" in text.body.decode().replace("+", " ")
    assert text.headers["authorization"] == "Bearer s3cret"
    told = decode(hook.body, dict[str, object])
    assert (told["kind"], told["told"], told["id"]) == (
        "lead.late",
        ["Tess"],
        hook.headers["idempotency-key"],
    )
    settings = profile.load()
    assert settings.path is not None
    kept = settings.path.read_text(encoding="utf-8")
    assert "s3cret" not in kept
    assert "h00k" not in kept
    for way in ("sms", "webhook"):
        assert main(["messenger", "off", way, "--floor", address]) == 0
    assert (profile.load().sms, profile.load().webhooks) == ({}, {})


def _until_somebody_sends(session: Session) -> None:
    """Nothing is written for nobody to send: wait until each sender has its lease."""
    import threading

    from app.domain.post import LEASES
    from app.store.leases import lease

    pause = threading.Event()
    for _ in range(600):
        with session.floor._book.reading() as r:
            if all(lease(r, LEASES[way]) is not None for way in (Way.SMS, Way.WEBHOOK)):
                return
        pause.wait(0.1)
    raise AssertionError("nobody sends")


def test_what_cannot_be_is_said_in_a_sentence(
    address: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for wrong in (
        ["sms", "https://gateway.example/"],
        ["sms", "https://gateway.example/", "--field", "to"],
        ["sms", "https://gateway.example/", "--field", "to={to}{text}", "--login", "me"],
        ["webhook", "http://hooks.example/"],
        ["to", "Nobody", "+1 303 555 0148"],
        ["to", "Tess", "twelve"],
    ):
        assert main(["messenger", *wrong, "--floor", address]) == CANNOT, wrong
    told = capsys.readouterr().err.splitlines()
    assert [line[:11] for line in told] == ["firstring: "] * 6
    assert (profile.load().sms, profile.load().webhooks) == ({}, {})


def test_an_account_that_was_spoilt_by_hand_costs_its_messages_and_not_the_floor(address: str) -> None:
    settings = profile.load()
    settings.sms[address] = settings.webhooks[address] = "nonsense"
    settings.save()
    session = Session(address, FloorClock())
    session.keep()
    session.close()
