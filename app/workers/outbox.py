"""The sender: sleeps until a message is due, hands it to its messenger, notes how that went.

Only a computer that was given an account has one, so that its lease is not the keeper's: the keeper may be a
desk that can't send. Mail, text messages and webhooks have an account and a lease each. Of several senders the one
that holds the lease sends. It sends one message at a time; dead in the middle of one, it leaves a message of which
nobody knows, and that one is sent again under the same id.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.clock import Clock
from app.domain.chain import Way
from app.domain.commands import NoteMessage, TakeMessage
from app.domain.errors import AppError
from app.domain.post import LEASES, SENDING, Message
from app.domain.questions import FrozenWeek, NextMessage
from app.floor.local import LocalFloor
from app.messengers._sent import NotSent
from app.workers.drawing_apart import drawn_apart
from app.workers.leased import LONGEST_S, Leased, Terms

__all__ = ["Outbox", "by_mail", "by_text", "by_webhook"]

_log = logging.getLogger(__name__)


def by_mail(account: str, password: Callable[[], str]) -> Callable[[Message], None]:
    """What sends a message by an e-mail account. Raises Refused if that is none; the password is looked up when it
    is first needed, on the sender's own thread."""
    from app.messengers.email_ import account_of, send

    known = account_of(account)
    return lambda message: send(message, known, password() if known.login else "")


def by_text(account: str, secret: Callable[[], str]) -> Callable[[Message], None]:
    """What sends a text message by a gateway. Raises Refused if that is none."""
    from app.messengers.sms import account_of, send

    known = account_of(account)
    return lambda message: send(message, known, secret())


def by_webhook(account: str, secret: Callable[[], str]) -> Callable[[Message], None]:
    """What tells a program of the firm's own. Raises Refused if that is no address."""
    from app.messengers.webhook import account_of, send

    known = account_of(account)
    return lambda message: send(message, known, secret())


class Outbox(Leased):
    """One for each way by which a computer has an account for this floor."""

    lease = SENDING
    again_s = 5.0

    def __init__(
        self,
        floor: LocalFloor,
        clock: Clock,
        send: Callable[[Message], None],
        *,
        way: Way = Way.EMAIL,
        place: str = "",
        is_alone: bool = False,
        program: Sequence[str] = (),
    ) -> None:
        """`is_alone`: no other program can have the floor open; `program` starts another program of ours."""
        self.lease = LEASES[way]
        self._way = way
        # A longer lease than the keeper's: a server may take its time over a message.
        super().__init__(floor, clock, Terms(ttl=90.0, renew=30.0, is_alone=is_alone), place)
        self._send = send
        self._program = program

    def _work(self) -> float:
        due = self._floor.ask(NextMessage(way=self._way)).at
        wait = LONGEST_S if due is None else min(LONGEST_S, self._clock.seconds_until(due))
        if wait <= 0:
            message = self._floor.do(TakeMessage(epoch=self._epoch, way=self._way)).value.message
            if message is not None:
                self._floor.do(self._tried(message))
            wait = 0.0
        return wait

    def _page(self, attached: str) -> bytes:
        """The page of a frozen week as a PDF. Raises NotSent."""
        week, _, rep_id = attached.partition(" ")
        try:
            body = self._floor.ask(FrozenWeek(week=week, rep_id=rep_id)).body
            return drawn_apart(body, self._program)
        except AppError as error:
            raise NotSent(error.message) from error

    def _tried(self, message: Message) -> NoteMessage:
        """Send a message, with the page that goes with it; what is to be noted of it."""
        try:
            self._send(replace(message, file=self._page(message.attached)) if message.attached else message)
        except NotSent as error:
            # Why is kept with the message: the other server's words may name the address.
            _log.warning("message %s was not sent (try %d)", message.id, message.attempt)
            return NoteMessage(
                message_id=message.id,
                epoch=self._epoch,
                attempt=message.attempt,
                is_final=error.is_final,
                why=error.why,
                roll=random.random(),  # noqa: S311 - spreads tries in time, keeps no secret
            )
        return NoteMessage(message_id=message.id, epoch=self._epoch, attempt=message.attempt, is_sent=True)
