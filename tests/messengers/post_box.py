"""A real mail server for tests, which keeps what it takes and refuses what it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import SimpleQueue
from typing import Any

from aiosmtpd.controller import Controller


class PostBox:
    """What came, in `mail`. `says` is asked for the answer to each message that was read whole."""

    def __init__(self) -> None:
        self.mail: SimpleQueue[EmailMessage] = SimpleQueue()
        self.says: Callable[[], str] = lambda: "250 OK"
        self.to: Callable[[str], str] = lambda address: "250 OK"
        self.port = 0

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        answer = self.to(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        answer = self.says()
        if answer.startswith("2"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            self.mail.put(mail)
        return answer

    @property
    def account(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?from=floor@firm.example"


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def post_box(box: PostBox | None = None) -> Iterator[PostBox]:
    box = box or PostBox()
    controller = _AnyPort(box, hostname="127.0.0.1", port=0)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()
