"""Mail as a real server takes it, or does not."""

from __future__ import annotations

import socket

import pytest

from app.domain.errors import Refused
from app.domain.post import Message
from app.messengers._sent import NotSent
from app.messengers.email_ import account_of, send
from tests.messengers.post_box import post_box

MESSAGE = Message(
    id="0190-1",
    to="tess@firm.example",
    to_name="Zoë\r\nBcc: x@y.example",
    subject="Dana ☎ \n waits",
    body="Not called back.\n.\nEnd\n",
    attempt=1,
)


def test_it_arrives_whole_under_its_own_id() -> None:
    with post_box() as box:
        send(MESSAGE, account_of(box.account), "")
        send(MESSAGE, account_of(box.account), "")
        first, second = box.mail.get(timeout=60), box.mail.get(timeout=60)
    assert first["Message-ID"] == second["Message-ID"] == "<0190-1@firstring.invalid>"
    assert first["Subject"] == "Dana ☎ waits"
    assert first["Bcc"] is None
    assert first["From"].addresses[0].addr_spec == "floor@firm.example"
    assert first["To"].addresses[0].addr_spec == "tess@firm.example"
    assert first.get_content().replace("\r\n", "\n") == MESSAGE.body


@pytest.mark.parametrize(("code", "is_final"), [("451 not now", False), ("552 never", True)])
def test_what_the_server_says_decides_whether_it_is_tried_again(code: str, is_final: bool) -> None:
    with post_box() as box:
        box.says = lambda: code
        with pytest.raises(NotSent, match=code) as refused:
            send(MESSAGE, account_of(box.account), "")
        assert refused.value.is_final == is_final
        box.to = lambda _address: code
        with pytest.raises(NotSent, match=code) as refused:
            send(MESSAGE, account_of(box.account), "")
        assert refused.value.is_final == is_final


def test_where_no_server_is_it_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotSent) as refused:
        send(MESSAGE, account_of(f"smtp://127.0.0.1:{port}?from=a@b.example"), "")
    assert not refused.value.is_final


def test_a_server_that_does_not_know_logins_is_tried_again() -> None:
    with post_box() as box:
        account = account_of(f"smtp://me@127.0.0.1:{box.port}?from=a@b.example")
        with pytest.raises(NotSent) as refused:
            send(MESSAGE, account, "secret")
    assert not refused.value.is_final
    assert "secret" not in refused.value.why


def test_beyond_this_computer_it_is_encrypted_or_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.messengers.email_._HERE", ())
    with post_box() as box:
        with pytest.raises(NotSent, match="does not encrypt"):
            send(MESSAGE, account_of(box.account), "")
        assert box.mail.empty()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mail.firm.example",
        "http://mail.firm.example?from=a@b.example",
        "smtps://mail.firm.example",
        "smtps://mail.firm.example?from=floor",
        "smtps://?from=a@b.example",
        "smtps://me:secret@mail.firm.example?from=a@b.example",
        "smtps://mail.firm.example:port?from=a@b.example",
        "smtps://mail.firm.example?from=a@b.example%0d%0aBcc:c@d.example",
    ],
)
def test_what_is_no_account_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        account_of(address)


def test_an_account_is_read() -> None:
    account = account_of("smtps://me%40firm@mail.firm.example?from=floor@firm.example")
    assert (account.server, account.port, account.login) == ("mail.firm.example", 465, "me@firm")
    assert account.is_tls
    assert account_of("smtp://mail.firm.example?from=floor@firm.example").port == 587
