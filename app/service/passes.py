"""Who stands at the door: what a server asks before it does anything for somebody.

A token is looked up in the database and the finding kept for two seconds, so that a revocation is felt at once
and a busy desk costs a look-up every two seconds; a desk that goes on listening is looked up each time that somebody
was let in or shut out. A token that was changed for a new one is good for a minute
more, for requests on the way; shown later it was copied, and whoever has the new one is let in no more either.
Tries to join are counted by address, in this program's memory: guessing through 80 bits is hopeless anyway, and
the count only keeps it from being loud.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from contextlib import suppress
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import NamedTuple

from app.clock import Clock
from app.domain.commands import InviteDesk, Joined, JoinFloor, RevokeDevice
from app.domain.device import key_proof, new_secret, secret_hint, secret_sha256, token_sha256
from app.domain.errors import NotAllowed, Refused, Unavailable
from app.domain.lead import Rep, Role
from app.refusals import note_refusal
from app.service.devices import NO_INVITATION
from app.service.handle import handle
from app.store import devices as rows
from app.store.book import Book

ACTOR = "joining"
"""Who lets computers in, and revokes one whose token was stolen: the only thing that it may do."""
KEPT = timedelta(seconds=2)
"""A revoked computer may go on for this long."""
GRACE = timedelta(seconds=60)
SEEN_EVERY = timedelta(minutes=5)
TRIES, WITHIN = 10, timedelta(minutes=15)
_MOST = 10_000
"""Addresses and tokens that are remembered at a time."""
_LONGEST = 200
_log = logging.getLogger(__name__)


class Pass(NamedTuple):
    """Whose request it is, and from which computer."""

    rep_id: str
    device_id: str


def actor_of_token(book: Book, token: str, now: datetime) -> Pass | None:
    """Whose token that is, as the database says at this moment; None lets nobody in. Raises Unavailable."""
    digest = token_sha256(token[:_LONGEST])
    with book.reading() as r:
        found = rows.shown(r, digest)
    if found is None:
        return None
    if found.spent_at is not None and now - found.spent_at > GRACE:
        _log.warning("a spent token was shown; device %s is revoked", found.device_id)
        why = "a copy of its token was used"
        handle(book, RevokeDevice(device_id=found.device_id, why=why), ACTOR, now)
        return None
    if now - found.seen_at >= SEEN_EVERY:
        with suppress(Unavailable), book.writing(ACTOR, now) as w:
            rows.saw(w, found.device_id)
    return Pass(found.rep_id, found.device_id)


def first_invitation(book: Book, now: datetime) -> tuple[Rep, str] | None:
    """The owner and the secret of an invitation, to be printed where the server runs; None once there is a computer.

    Whoever sees it becomes the owner: it is made anew at each start, until the first computer has joined.
    """
    with book.reading() as r:
        owner = next((rep for rep in r.reps() if rep.active and rep.role == Role.OWNER), None)
        if owner is None or rows.devices(r):
            return None
    secret = new_secret()
    handle(book, InviteDesk(rep_id=owner.id, secret_sha256=secret_sha256(secret)), "admin", now)
    return owner, secret


class Passes:
    """The tokens and tries of one server. Thread-safe; every call may wait for the database."""

    def __init__(self, book: Book, clock: Clock) -> None:
        self._book = book
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[datetime, Pass]] = OrderedDict()
        self._tries: OrderedDict[str, list[datetime]] = OrderedDict()

    def holder(self, token: str, *, afresh: bool = False) -> Pass | None:
        """Whose token that is; None lets nobody in. Up to two seconds old, unless `afresh`. Raises Unavailable."""
        now = self._clock.now()
        key = token_sha256(token[:_LONGEST])
        with self._lock:
            kept = self._known.get(key)
        if not afresh and kept is not None and timedelta(0) <= now - kept[0] < KEPT:
            return kept[1]
        found = actor_of_token(self._book, token, now)
        with self._lock:
            self._known.pop(key, None)
            if found is not None:
                self._known[key] = now, found
                if len(self._known) > _MOST:
                    self._known.popitem(last=False)
        return found

    def join(self, command: JoinFloor, address: str) -> tuple[Joined, int]:
        """Let a computer in by its invitation: (whom it works for, the feed number of its event).

        Raises Refused, also for an eleventh failure within 15 minutes from one `address`, and Unavailable.
        """
        now = self._clock.now()
        self._count_try(address, now)
        try:
            joined = handle(self._book, command, ACTOR, now)
        except Refused:
            note_refusal(address, "joining", "wrong invitation")
            raise
        except BaseException:
            self._forget_try(address, now)
            raise
        self._forget_try(address, now)
        return joined

    def prove(self, hint: str, nonce: str, pin: str, address: str) -> str:
        """Show to somebody who was told a secret, but not the server's key, that the key of `pin` is the floor's.

        Raises NotAllowed for a hint of no invitation that is good now, and counts it like a try to join.
        """
        now = self._clock.now()
        self._count_try(address, now)
        with self._book.reading() as r:
            digests = rows.open_secrets(r, now)
        for digest in digests:
            if compare_digest(secret_hint(digest).encode(), hint.encode(errors="replace")):
                self._forget_try(address, now)
                return key_proof(digest, nonce, pin)
        note_refusal(address, "joining", "wrong invitation")
        raise NotAllowed(NO_INVITATION, "Not joined")

    def _count_try(self, address: str, now: datetime) -> None:
        with self._lock:
            tries = [at for at in self._tries.pop(address, ()) if abs(now - at) < WITHIN]
            self._tries[address] = tries
            if len(tries) >= TRIES:
                note_refusal(address, "joining", "too many tries")
                raise NotAllowed(
                    "There were too many tries from this address. Wait a quarter of an hour.", "Not joined"
                )
            tries.append(now)
            if len(self._tries) > _MOST:
                self._tries.popitem(last=False)

    def _forget_try(self, address: str, now: datetime) -> None:
        with self._lock, suppress(KeyError, ValueError):
            self._tries[address].remove(now)
