"""Mail of a late lead: written with the step that tells of it, tried again, given up aloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.codec import decode
from app.domain.chain import Step, StepKind, Way
from app.domain.commands import (
    HoldLease,
    NoteMessage,
    ResignLease,
    SetMailAddress,
    SetTextNumber,
    TakeMessage,
)
from app.domain.errors import LeaseLost, Refused
from app.domain.lead import Role
from app.domain.post import GIVE_UP_S, LEASES, SENDING, UNSURE_S, Message, wait_after
from app.domain.questions import NextMessage
from app.domain.rulebook import DEFAULT
from app.store.book import Book
from app.store.tables_keeping import outbox
from tests.floor.conftest import LocalHouse
from tests.floor.stand import HOT, Ear, Stand

TOLD = 60 + 30
"""Seconds until a hot lead's team lead is told."""


def sender(stand: Stand, holder: str = "one", *, is_alone: bool = True, way: Way = Way.EMAIL) -> int:
    """Somebody takes the outbox's lease for a way; its epoch."""
    held = HoldLease(name=LEASES[way], holder=holder, seconds=90, is_alone=is_alone)
    return stand.by("keeper").do(held).value.epoch


def take(stand: Stand, epoch: int, way: Way = Way.EMAIL) -> Message | None:
    return stand.by("keeper").do(TakeMessage(epoch=epoch, way=way)).value.message


def rows(stand: Stand) -> list[Any]:
    assert isinstance(stand.house, LocalHouse)
    book: Book = stand.house.book
    with book.reading() as r:
        return list(r.db.execute(select(outbox).order_by(outbox.c.to_name)))


def alarms(stand: Stand) -> dict[str, str]:
    ear = Ear(stand.setup).until(0)
    ear.stop()
    return {alarm.name: alarm.text for alarm in ear.board.alarms}


@pytest.fixture
def late(stand: Stand) -> Stand:
    """A floor that sends mail, on which a team lead with an address was told of a late lead."""
    tess = stand.rep("Tess", Role.TEAM_LEAD)
    stand.rep("Tom", Role.TEAM_LEAD)
    stand.setup.do(SetMailAddress(rep_id=tess, address="Tess@Firm.example"))
    sender(stand)
    stand.new_lead(HOT, name="Dana\r\nBcc: x@y.example")
    stand.keep(seconds=TOLD)
    return stand


def test_who_has_an_address_is_written_to_once_with_the_step(late: Stand) -> None:
    (row,) = rows(late)
    assert (row.to_address, row.to_name, row.state) == ("Tess@firm.example", "Tess", "pending")
    assert row.made_at == late.clock.now()
    assert "Dana" in row.subject
    assert "\n" not in row.subject
    late.keep(seconds=10**4)
    assert len({row.dedupe_key for row in rows(late)}) == len(rows(late))


def test_where_nobody_sends_nothing_is_written(stand: Stand) -> None:
    tess = stand.rep("Tess", Role.TEAM_LEAD)
    stand.setup.do(SetMailAddress(rep_id=tess, address="tess@firm.example"))
    stand.new_lead(HOT)
    stand.keep(seconds=TOLD)
    assert rows(stand) == []
    assert stand.by("keeper").ask(NextMessage()).at is None


def test_an_address_is_an_address_or_none(stand: Stand) -> None:
    tess = stand.rep("Tess", Role.TEAM_LEAD)
    for wrong in ("tess", "a@b", "tess@firm", "@"):
        with pytest.raises(Refused):
            stand.setup.do(SetMailAddress(rep_id=tess, address=wrong))
    stand.setup.do(SetMailAddress(rep_id=tess, address="tess@firm.example"))
    stand.setup.do(SetMailAddress(rep_id=tess))
    sender(stand)
    stand.new_lead(HOT)
    stand.keep(seconds=TOLD)
    assert rows(stand) == []


def test_sent_it_is_over_and_keeps_nobodys_name(late: Stand) -> None:
    epoch = sender(late)
    message = take(late, epoch)
    assert message is not None
    assert message.attempt == 1
    assert take(late, epoch) is None  # it is being sent
    late.by("keeper").do(NoteMessage(message_id=message.id, epoch=epoch, attempt=1, is_sent=True))
    (row,) = rows(late)
    assert (row.id, row.state, row.next_at) == (message.id, "sent", None)
    assert (row.to_address, row.subject, row.body) == ("", "", "")
    assert late.by("keeper").ask(NextMessage()).at is None


def test_a_try_of_which_nobody_knows_is_made_again_under_the_same_id(late: Stand) -> None:
    first = sender(late)
    began = take(late, first)
    assert began is not None
    second = sender(late, "two")
    late.clock.advance(seconds=UNSURE_S - 1)
    assert take(late, second) is None
    late.clock.advance(seconds=1)
    again = take(late, second)
    assert again is not None
    assert (again.id, again.attempt) == (began.id, 2)
    # The first one wakes up and says what it knows: too late.
    late.by("keeper").do(NoteMessage(message_id=began.id, epoch=first, attempt=1, is_sent=True))
    assert rows(late)[0].state == "sending"
    with pytest.raises(LeaseLost):
        take(late, first)
    with pytest.raises(LeaseLost):
        take(late, 0)


def test_the_lease_is_held_by_one(late: Stand) -> None:
    one = sender(late)
    assert sender(late, "two", is_alone=False) == 0
    late.by("keeper").do(ResignLease(name=SENDING, holder="one"))
    assert sender(late, "two", is_alone=False) == one + 1


def test_it_is_tried_again_ever_later_and_given_up_after_a_day_with_an_alarm(late: Stand) -> None:
    epoch = sender(late)
    written, waits = late.clock.now(), []
    while rows(late)[0].state != "dead":
        message = take(late, epoch)
        if message is None:
            continue
        tried = NoteMessage(message_id=message.id, epoch=epoch, attempt=message.attempt, why="451 not\r\nnow")
        late.by("keeper").do(tried)
        due = late.by("keeper").ask(NextMessage()).at
        assert due is not None
        waits.append((due - late.clock.now()).total_seconds())
        late.clock.set(due)
    assert waits[:4] == [5, 10, 20, 40]
    assert max(waits) == waits[-1] == 3600
    (row,) = rows(late)
    assert timedelta(seconds=GIVE_UP_S) <= row.ended_at - written < timedelta(seconds=GIVE_UP_S + 3600)
    assert (row.body, row.to_address) == ("", "")
    assert alarms(late)["mail_given_up"] == "Mail to Tess was given up: 451 not now"


def test_refused_for_good_it_is_not_tried_again(late: Stand) -> None:
    epoch = sender(late)
    message = take(late, epoch)
    assert message is not None
    no = NoteMessage(message_id=message.id, epoch=epoch, attempt=1, is_final=True, why="550 no such user")
    late.by("keeper").do(no)
    assert rows(late)[0].state == "dead"
    assert "550 no such user" in alarms(late)["mail_given_up"]


@pytest.mark.parametrize(
    ("attempt", "roll", "seconds"), [(1, 0, 5), (1, 1, 2.5), (3, 0.5, 15), (400, 0, 3600)]
)
def test_the_wait_grows_to_an_hour(attempt: int, roll: float, seconds: float) -> None:
    assert wait_after(attempt, roll) == seconds


# -- by text message and webhook

EVERY_WAY = (Way.DESKTOP, Way.EMAIL, Way.SMS, Way.WEBHOOK)


@pytest.fixture
def told(stand: Stand) -> Stand:
    """A floor whose team lead is told of a late lead by every way, and that sends all of them."""
    tess = stand.rep("Tess", Role.TEAM_LEAD)
    stand.rep("Tom", Role.TEAM_LEAD)
    stand.setup.do(SetMailAddress(rep_id=tess, address="tess@firm.example"))
    stand.setup.do(SetTextNumber(rep_id=tess, number="(303) 555-0148"))
    for way in LEASES:
        sender(stand, way=way)
    chain = (Step(kind=StepKind.TEAM_LEAD, after=0, by=EVERY_WAY),)
    stand.publish(replace(DEFAULT, chain=chain))
    stand.new_lead(HOT, name="Dana Okafor")
    stand.keep(seconds=60)
    return stand


def test_each_way_has_its_messages_and_its_sender(told: Stand) -> None:
    assert sorted((row.way, row.to_address) for row in rows(told)) == [
        ("email", "tess@firm.example"),
        ("sms", "+13035550148"),
        ("webhook", ""),
    ]
    for way in LEASES:
        assert told.by("keeper").ask(NextMessage(way=way)).at is not None
        epoch = sender(told, way=way)
        message = take(told, epoch, way)
        assert message is not None
        assert message.way is way
        assert take(told, epoch, way) is None
        told.by("keeper").do(NoteMessage(message_id=message.id, epoch=epoch, attempt=1, is_sent=True))
    assert {row.state for row in rows(told)} == {"sent"}


def test_a_text_message_is_short_and_a_webhook_is_told_all(told: Stand) -> None:
    text = take(told, sender(told, way=Way.SMS), Way.SMS)
    assert text is not None
    assert text.body == "Dana Okafor waits past the deadline. Deadline 09:01 UTC."
    hook = take(told, sender(told, way=Way.WEBHOOK), Way.WEBHOOK)
    assert hook is not None
    said = decode(hook.body, dict[str, Any])
    lead_id = said.pop("lead_id")
    assert told.lead(lead_id).name == "Dana Okafor"
    assert said == {
        "id": hook.id,
        "kind": "lead.late",
        "text": "Dana Okafor waits past the deadline.",
        "tier": "HOT",
        "clock": "first_attempt",
        "deadline": "2026-03-02T09:01:00Z",
        "step": "team_lead",
        "told": ["Tess", "Tom"],
    }


def test_what_is_given_up_says_by_which_way(told: Stand) -> None:
    for way, alarm in (
        (Way.SMS, "A text message to Tess was given up: 401 no"),
        (Way.WEBHOOK, "A message to the webhook was given up: 401 no"),
    ):
        epoch = sender(told, way=way)
        message = take(told, epoch, way)
        assert message is not None
        no = NoteMessage(message_id=message.id, epoch=epoch, attempt=1, is_final=True, why="401 no")
        told.by("keeper").do(no)
        assert alarms(told)[f"{way.value}_given_up"] == alarm


def test_by_a_way_that_nobody_sends_nothing_is_written(stand: Stand) -> None:
    tess = stand.rep("Tess", Role.TEAM_LEAD)
    stand.setup.do(SetTextNumber(rep_id=tess, number="+13035550148"))
    stand.publish(replace(DEFAULT, chain=(Step(kind=StepKind.TEAM_LEAD, after=0, by=EVERY_WAY),)))
    stand.new_lead(HOT)
    stand.keep(seconds=60)
    assert rows(stand) == []


def test_a_number_is_a_number_or_none_and_leaves_the_address_alone(stand: Stand) -> None:
    tess = stand.rep("Tess", Role.TEAM_LEAD)
    stand.setup.do(SetMailAddress(rep_id=tess, address="tess@firm.example"))
    for wrong in ("12", "tess", "+1 303 555 01480000000"):
        with pytest.raises(Refused):
            stand.setup.do(SetTextNumber(rep_id=tess, number=wrong))
    stand.setup.do(SetTextNumber(rep_id=tess, number="+1 303 555 0148"))
    stand.setup.do(SetTextNumber(rep_id=tess))
    sender(stand)
    sender(stand, way=Way.SMS)
    stand.publish(replace(DEFAULT, chain=(Step(kind=StepKind.TEAM_LEAD, after=0, by=EVERY_WAY),)))
    stand.new_lead(HOT)
    stand.keep(seconds=60)
    assert [(row.way, row.to_address) for row in rows(stand)] == [("email", "tess@firm.example")]
