"""Who is let in: by which token, for how long, and how often somebody may try."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.clock import HandClock
from app.domain.commands import Command, InviteDesk, JoinFloor, RenewToken, RevokeDevice
from app.domain.device import new_secret, new_token, secret_sha256, token_sha256
from app.domain.errors import NotAllowed, Refused
from app.domain.events import DeskRevoked
from app.domain.questions import Devices
from app.service.answers import answer
from app.service.handle import handle
from app.service.passes import (
    GRACE,
    KEPT,
    TRIES,
    WITHIN,
    Pass,
    Passes,
    actor_of_token,
    first_invitation,
)
from app.store.book import Book


def do(book: Book, clock: HandClock, command: Command[object], actor: str = "admin") -> None:
    handle(book, command, actor, clock.now())


def invite(book: Book, clock: HandClock, rep: str) -> str:
    secret = new_secret()
    handle(book, InviteDesk(rep_id=rep, secret_sha256=secret_sha256(secret)), "admin", clock.now())
    return secret


def let_in(book: Book, clock: HandClock, rep: str, passes: Passes) -> tuple[str, str]:
    """(token, device id) of a computer that joined."""
    token = new_token()
    command = JoinFloor(secret=invite(book, clock, rep), device="Laptop", token_sha256=token_sha256(token))
    return token, passes.join(command, "192.0.2.7")[0].device_id


def test_a_token_says_who_and_from_where(book: Book, clock: HandClock, ana: str, passes: Passes) -> None:
    token, device = let_in(book, clock, ana, passes)
    assert passes.holder(token) == Pass(ana, device) == actor_of_token(book, token, clock.now())
    for wrong in ("", token[:-1], token + "a", token_sha256(token), "\ud800", "x" * 100_000):
        assert passes.holder(wrong) is None


def test_a_revoked_computer_is_sent_away_within_two_seconds(
    book: Book, clock: HandClock, ana: str, passes: Passes
) -> None:
    token, device = let_in(book, clock, ana, passes)
    other, _ = let_in(book, clock, ana, passes)
    assert passes.holder(token) == Pass(ana, device)
    do(book, clock, RevokeDevice(device_id=device))
    assert actor_of_token(book, token, clock.now()) is None
    clock.advance(seconds=KEPT.total_seconds())
    assert passes.holder(token) is None
    assert passes.holder(other) is not None


def test_who_left_the_floor_is_sent_away(book: Book, clock: HandClock, ana: str, passes: Passes) -> None:
    token, _ = let_in(book, clock, ana, passes)
    with book.writing("admin", clock.now()) as w:  # as a program did that knew nothing of computers
        (rep,) = [rep for rep in w.reps() if rep.id == ana]
        w.save_rep(replace(rep, active=False))
    assert actor_of_token(book, token, clock.now()) is None


def test_a_look_up_is_kept_for_two_seconds_and_no_longer(
    book: Book, clock: HandClock, ana: str, passes: Passes, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    look = actor_of_token
    monkeypatch.setattr("app.service.passes.actor_of_token", lambda *a: asked.append(1) or look(*a))
    token, _ = let_in(book, clock, ana, passes)
    for _ in range(3):
        passes.holder(token)
    assert len(asked) == 1
    clock.advance(seconds=2)
    passes.holder(token)
    clock.advance(seconds=-3600)  # a clock that was put back must not keep a finding for an hour
    passes.holder(token)
    assert len(asked) == 3


def test_a_renewed_token_is_good_a_minute_longer_and_then_sounds_the_alarm(
    book: Book, clock: HandClock, ana: str, passes: Passes
) -> None:
    old, device = let_in(book, clock, ana, passes)
    other, _ = let_in(book, clock, ana, passes)
    new = new_token()
    do(book, clock, RenewToken(device_id=device, token_sha256=token_sha256(new)), ana)
    assert passes.holder(new) == passes.holder(old) == Pass(ana, device)
    clock.advance(seconds=GRACE.total_seconds())
    assert passes.holder(old) == Pass(ana, device)
    clock.advance(seconds=3)
    assert passes.holder(old) is None
    assert passes.holder(new) is None, "a copy was used: nobody knows which of the two is the thief"
    assert passes.holder(other) is not None
    with book.reading() as r:
        (said,) = [entry for entry in r.since(0) if isinstance(entry.event, DeskRevoked)]
    assert said.actor == "joining"
    assert said.event.why == "a copy of its token was used"  # type: ignore[attr-defined]


def test_a_token_before_the_spent_one_is_unknown(
    book: Book, clock: HandClock, ana: str, passes: Passes
) -> None:
    first, device = let_in(book, clock, ana, passes)
    tokens = [new_token(), new_token()]
    for token in tokens:
        do(book, clock, RenewToken(device_id=device, token_sha256=token_sha256(token)), ana)
    assert passes.holder(first) is None
    assert passes.holder(tokens[-1]) is not None


def test_when_a_computer_was_seen_is_written_every_few_minutes(
    book: Book, clock: HandClock, ana: str, passes: Passes
) -> None:
    token, _ = let_in(book, clock, ana, passes)
    joined_at = clock.now()
    with book.reading() as r:
        before = r.head()

    def seen() -> timedelta:
        return answer(book, Devices(), "admin").devices[0].seen_at - joined_at

    clock.advance(minutes=4)
    passes.holder(token)
    assert seen() == timedelta(0)
    clock.advance(minutes=2)
    passes.holder(token)
    assert seen() == timedelta(minutes=6)
    with book.reading() as r:
        assert r.head() == before, "being seen is no event"


def test_the_eleventh_wrong_try_from_an_address_waits(
    book: Book, clock: HandClock, ana: str, passes: Passes
) -> None:
    def wrong() -> JoinFloor:
        return JoinFloor(secret=new_secret(), device="x", token_sha256=token_sha256(new_token()))

    for _ in range(TRIES):
        with pytest.raises(NotAllowed, match="not good"):
            passes.join(wrong(), "192.0.2.1")
        clock.advance(seconds=10)
    secret = invite(book, clock, ana)
    right = JoinFloor(secret=secret, device="x", token_sha256=token_sha256(new_token()))
    with pytest.raises(NotAllowed, match="quarter of an hour"):
        passes.join(right, "192.0.2.1")
    with pytest.raises(NotAllowed, match="not good"):
        passes.join(wrong(), "192.0.2.2")
    clock.advance(seconds=WITHIN.total_seconds() - 100)
    assert passes.join(right, "192.0.2.1")[0].rep_id == ana


def test_who_joins_rightly_is_not_counted(book: Book, clock: HandClock, ana: str, passes: Passes) -> None:
    for _ in range(TRIES + 3):
        let_in(book, clock, ana, passes)


def test_many_addresses_do_not_fill_the_memory(
    clock: HandClock, passes: Passes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.service.passes._MOST", 50)
    for number in range(120):
        with pytest.raises(Refused):
            passes.join(
                JoinFloor(secret="x", device="x", token_sha256=token_sha256(new_token())),
                f"2001:db8::{number}",
            )
    assert len(passes._tries) == 50


def test_the_first_start_invites_the_owner_until_somebody_has_joined(
    book: Book, clock: HandClock, owner: str, passes: Passes
) -> None:
    first, second = first_invitation(book, clock.now()), first_invitation(book, clock.now())
    assert first is not None
    assert second is not None
    assert second[0].id == owner
    used = JoinFloor(secret=second[1], device="Office", token_sha256=token_sha256(new_token()))
    void = JoinFloor(secret=first[1], device="Thief", token_sha256=token_sha256(new_token()))
    with pytest.raises(NotAllowed):
        passes.join(void, "192.0.2.1")
    assert passes.join(used, "192.0.2.1")[0].rep_id == owner
    assert first_invitation(book, clock.now()) is None


def test_a_floor_without_an_owner_invites_nobody(book: Book, clock: HandClock) -> None:
    assert first_invitation(book, clock.now()) is None
