"""Commands and questions: each has its own id, names its answer's type, and survives being written down."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime

import pytest

from app.clock import new_id
from app.codec import decode, encode, keepable
from app.domain import commands, questions
from app.domain.commands import COMMANDS, AddNote, Captured, CaptureInquiry, LogOutcome, Made, result_of
from app.domain.inquiry import Inquiry
from app.domain.lead import Outcome
from app.domain.questions import QUESTIONS, FindLeads, Leads, answer_of
from app.service.answers import ANSWERS, SEEING
from app.service.handle import USE_CASES

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def test_every_command_has_a_name_and_somebody_who_does_it() -> None:
    classes = {
        thing
        for thing in vars(commands).values()
        if isinstance(thing, type)
        and issubclass(thing, commands.Command)
        and thing not in (commands.Command, commands.Work)
    }
    assert set(COMMANDS.values()) == classes == set(USE_CASES)


def test_every_question_has_a_name_and_an_answer() -> None:
    classes = {
        thing
        for thing in vars(questions).values()
        if isinstance(thing, type)
        and issubclass(thing, questions.Question)
        and thing is not questions.Question
    }
    assert set(QUESTIONS.values()) == classes == set(ANSWERS) | set(SEEING)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_names_the_type_of_its_answer(name: str) -> None:
    assert is_dataclass(result_of(COMMANDS[name]))


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_names_the_type_of_its_answer(name: str) -> None:
    assert is_dataclass(answer_of(QUESTIONS[name]))


def test_answers_types_are_those_promised() -> None:
    assert result_of(CaptureInquiry) is Captured
    assert result_of(AddNote) is Made
    assert answer_of(FindLeads) is Leads


def test_two_commands_never_share_an_id_and_ids_sort_as_they_were_made() -> None:
    ids = [AddNote(lead_id="a", text="b").id for _ in range(2000)]
    assert ids == sorted(ids)
    assert max(Counter(ids).values()) == 1
    assert {len(one) for one in ids} == {36}
    assert {one[14] for one in ids} == {"7"}


def test_a_command_comes_back_as_it_went() -> None:
    inquiry = Inquiry(
        id=new_id(), channel="form", raw=bytes(range(256)), headers=(("a", "b"),), received_at=NOON
    )
    for command in (
        CaptureInquiry(inquiry=inquiry),
        LogOutcome(lead_id="l", outcome=Outcome.BOOKED, at=NOON, note="☎"),
    ):
        assert decode(encode(command), type(command)) == command


def test_text_that_no_database_keeps_is_mended_wherever_it_stands() -> None:
    inquiry = Inquiry(
        id="i", channel="form", raw=b"\0", remote="1\0", headers=(("a\ud800", "b\0"),), received_at=NOON
    )  # fmt: skip
    mended = keepable(CaptureInquiry(id="c", inquiry=inquiry)).inquiry
    assert (mended.remote, mended.headers, mended.raw) == ("1\ufffd", (("a?", "b\ufffd"),), b"\0")
    good = AddNote(id="n", lead_id="l", text="Zoë ☎ 数\u200b")
    assert keepable(good) == good


def test_the_fields_of_commands_are_frozen() -> None:
    command = AddNote(lead_id="a", text="b")
    for field in fields(command):
        with pytest.raises(AttributeError):
            setattr(command, field.name, "x")
