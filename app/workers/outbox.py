"""The sender: holds the outbox's lease, sleeps until a message is due, hands it to its messenger, notes how that went.

Only a computer that was given a mail account has one, so that its lease is not the keeper's: the keeper may be a
desk that can't send. Of several the one that holds the lease sends. It sends one message at a time; dead in the
middle of one, it leaves a message of which nobody knows, and that one is sent again under the same id.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from datetime import timedelta

from app.clock import Clock, FloorClock, new_id, pace
from app.domain.commands import HoldLease, NoteMessage, ResignLease, TakeMessage
from app.domain.errors import AppError, LeaseLost
from app.domain.post import SENDING, Message
from app.domain.questions import NextMessage
from app.floor.local import LocalFloor
from app.messengers._sent import NotSent

__all__ = ["LEASE_S", "RENEW_S", "Outbox", "by_mail"]

_log = logging.getLogger(__name__)
LEASE_S, RENEW_S = 90.0, 30.0
"""Real seconds. Longer than a keeper's: a server may take its time over a message."""
_LONGEST = 60.0
_AGAIN = 5.0
"""Seconds until the next try after a round that failed."""


def by_mail(account: str, password: Callable[[], str]) -> Callable[[Message], None]:
    """What sends a message by an e-mail account. Raises Refused if that is none; the password is looked up when it
    is first needed, on the sender's own thread."""
    from app.messengers.email_ import account_of, send

    known = account_of(account)
    return lambda message: send(message, known, password() if known.login else "")


class Outbox(threading.Thread):
    """One for each program on a computer that has a mail account for this floor."""

    def __init__(
        self,
        floor: LocalFloor,
        clock: Clock,
        send: Callable[[Message], None],
        *,
        place: str = "",
        is_alone: bool = False,
    ) -> None:
        """`is_alone`: no other program can have the floor open."""
        super().__init__(name="outbox")
        self._floor = floor.as_actor("keeper")
        self._clock = clock
        self._send = send
        self._place = place
        self._is_alone = is_alone
        self._holder = new_id()
        self._watch = FloorClock()  # real time, whatever the floor's is
        self._epoch = 0
        self._renew_at = self._watch.now()
        self._ended = threading.Event()

    def run(self) -> None:
        bell = self._floor.bell
        while not self._ended.is_set():
            rung = bell.count
            try:
                wait = self._round()
            except LeaseLost:
                self._epoch, wait = 0, _AGAIN
            except AppError as error:
                _log.warning("the outbox could not do its round: %s", error)
                wait = _AGAIN
            except Exception:  # noqa: BLE001 - mail must go on being sent whatever it is
                _log.exception("the outbox could not do its round")
                wait = _AGAIN
            if self._ended.is_set():
                break
            if self._epoch:
                bell.wait(rung, wait)
            else:
                self._ended.wait(wait)
        self._resign()

    def stop(self) -> None:
        """End the thread once the message that is being sent is through; another program may go on at once."""
        self._ended.set()
        self._floor.bell.ring()
        if self.is_alive():
            self.join()

    def _round(self) -> float:
        """Hold the lease, and send what is due; the seconds until there may be something to do again."""
        left = (self._renew_at - self._watch.now()).total_seconds()
        if left <= 0 or not self._epoch:
            self._hold()
            if not self._epoch:
                return RENEW_S
            left = RENEW_S
        due = self._floor.ask(NextMessage()).at
        wait = _LONGEST if due is None else min(_LONGEST, self._clock.seconds_until(due))
        if wait <= 0:
            message = self._floor.do(TakeMessage(epoch=self._epoch)).value.message
            if message is not None:
                self._floor.do(self._tried(message))
            wait = 0.0
        return max(min(wait, left), 0.0)

    def _tried(self, message: Message) -> NoteMessage:
        """Send a message; what is to be noted of it."""
        try:
            self._send(message)
        except NotSent as error:
            _log.warning("message %s was not sent (try %d): %s", message.id, message.attempt, error.why)
            return NoteMessage(
                message_id=message.id,
                epoch=self._epoch,
                attempt=message.attempt,
                is_final=error.is_final,
                why=error.why,
                roll=random.random(),
            )
        return NoteMessage(message_id=message.id, epoch=self._epoch, attempt=message.attempt, is_sent=True)

    def _hold(self) -> None:
        """Take or renew the lease."""
        asked_at = self._watch.now()
        command = HoldLease(
            name=SENDING,
            holder=self._holder,
            place=self._place,
            seconds=LEASE_S * pace(self._clock),
            is_alone=self._is_alone and not self._epoch,
        )
        self._epoch = self._floor.do(command).value.epoch
        self._renew_at = asked_at + timedelta(seconds=RENEW_S)

    def _resign(self) -> None:
        if self._epoch:
            self._epoch = 0
            try:
                self._floor.do(ResignLease(name=SENDING, holder=self._holder))
            except AppError as error:
                _log.warning("the outbox's lease could not be given back: %s", error)
