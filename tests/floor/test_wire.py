"""The wire: everything that goes over it comes out as it went in, and what is new or broken does no harm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.codec import Malformed, encode
from app.domain.commands import COMMANDS, AddNote, result_of
from app.domain.errors import REFUSALS, AppError, LeadAlreadyClaimed, Refused, Unavailable, WrongVersion
from app.domain.events import KINDS, Entry, Event, NoteAdded, Unknown
from app.domain.questions import QUESTIONS, answer_of
from app.floor import wire
from app.floor.floor import Batch, Receipt
from tests.fresh import START

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
st.register_type_strategy(str, text)
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))


def said(kind: type[Any], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any value of a class, with every field filled, those with a default too."""
    hints = get_type_hints(kind)
    filled = {item.name: st.from_type(hints[item.name]) for item in fields(kind) if item.name not in given}
    return st.builds(kind, **filled, **given)


def vocabulary(kind: type[Any]) -> Iterator[type[Any]]:
    """The value classes a class is made of, itself among them."""
    for hint in (kind, *get_args(kind)):
        if is_dataclass(hint):
            yield hint
    for hint in get_type_hints(kind).values() if is_dataclass(kind) else get_args(kind):
        yield from vocabulary(hint)


for value in {one for kind in (Batch, *map(result_of, COMMANDS.values()), *COMMANDS.values(), *KINDS.values(),
                               *QUESTIONS.values(), *map(answer_of, QUESTIONS.values()))
              for one in vocabulary(kind)} - {Event}:  # fmt: skip
    st.register_type_strategy(value, said)
st.register_type_strategy(Event, st.one_of([st.from_type(kind) for kind in KINDS.values()]))
few = settings(max_examples=5, phases=[Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", COMMANDS)
@few
@given(data=st.data())
def test_a_command_and_its_answer_come_through(name: str, data: st.DataObject) -> None:
    command = data.draw(said(COMMANDS[name]))
    assert wire.read_command(wire.write_command(command)) == command
    receipt = Receipt(cursor=7, value=data.draw(st.from_type(result_of(COMMANDS[name]))))
    assert wire.read_receipt(wire.write_receipt(receipt), COMMANDS[name]) == receipt


@pytest.mark.parametrize("name", QUESTIONS)
@few
@given(data=st.data())
def test_a_question_and_its_answer_come_through(name: str, data: st.DataObject) -> None:
    question = data.draw(said(QUESTIONS[name]))
    assert wire.read_question(wire.write_question(question)) == question
    answer = data.draw(said(answer_of(QUESTIONS[name])))
    assert wire.read_answer(wire.write_answer(answer), QUESTIONS[name]) == answer


@pytest.mark.parametrize("kind", KINDS)
@few
@given(data=st.data())
def test_an_event_comes_through_in_a_batch(kind: str, data: st.DataObject) -> None:
    entry = data.draw(said(Entry, event=said(KINDS[kind])))
    batch = data.draw(said(Batch, entries=st.just((entry,))))
    assert wire.read_feed(wire.write_feed(batch)) == batch


@pytest.mark.parametrize(
    "message", [wire.Live(head=3, at=START, kept=False), wire.Away(message="x"), wire.Goodbye(message="y")]
)
def test_what_a_feed_says_besides_comes_through(message: Any) -> None:
    assert wire.read_feed(wire.write_feed(message)) == message


@pytest.mark.parametrize("error", [*(kind("No.", "Not done") for kind in REFUSALS.values()),
                                   Unavailable("Later."), WrongVersion("Update.")], ids=wire.code_of)  # fmt: skip
def test_an_error_is_raised_as_itself(error: AppError) -> None:
    for told in (wire.read_error(wire.write_error(error)), wire.read_feed(wire.write_feed_error(error))):
        assert type(told) is type(error)
        assert (told.title, told.message) == (error.title, error.message)


def test_every_error_has_a_word_of_its_own() -> None:
    assert sorted(wire.ERROR_CODES) == sorted((*REFUSALS, "unavailable", "wrong_version"))
    assert wire.code_of(LeadAlreadyClaimed("x")) == "lead_already_claimed"


def test_a_refusal_of_a_newer_program_is_a_refusal() -> None:
    told = wire.read_error(encode({"code": "too_loud", "title": "T", "message": "M", "volume": 11}))
    assert (type(told), told.title, told.message) == (Refused, "T", "M")


def test_fields_and_events_of_a_newer_program_are_passed_over() -> None:
    note = AddNote(lead_id="1", text="x")
    told = wire.write_command(note).replace(b'"text"', b'"mood":[1,{}],"text"')
    assert wire.read_command(told) == note
    at = datetime(2026, 3, 2, tzinfo=UTC)

    def entry(event: Event) -> Entry:
        return Entry(seq=1, id="e", at=at, actor="a", lead_id="", event=event)

    batch = Batch(first=1, last=1, at=at, entries=(entry(NoteAdded(text="x")),))
    newer = wire.write_feed(batch).replace(b"note.added", b"note.sung")
    other = wire.write_feed(batch).replace(b'"text":"x"', b'"text":[]')
    for changed, kind in ((newer, "note.sung"), (other, "note.added")):
        read = wire.read_feed(changed)
        assert isinstance(read, Batch)
        assert read.entries == (entry(Unknown(kind=kind)),)
    passed_on = wire.read_feed(wire.write_feed(read))
    assert isinstance(passed_on, Batch)
    assert passed_on.entries == (entry(Unknown(kind="note.added")),)


@pytest.mark.parametrize("kind", ["SingSong", "__class__", "KeepClock", ""])
def test_a_kind_that_is_not_known_asks_for_an_update(kind: str) -> None:
    for read in (wire.read_command, wire.read_question, wire.read_feed):
        with pytest.raises(WrongVersion, match="not known here"):
            read(encode({"kind": kind, "body": {}}))


@pytest.mark.parametrize("broken", [
    b"", b"\xff\xfe", b"[]", b"{}", b"null", b'{"kind":"AddNote"}', b'{"kind":"AddNote","body":3}',
    b'{"kind":"AddNote","body":{"lead_id":"x","text":"\xff"}}', b'{"kind":7,"body":{}}',
    b'{"kind":"AddNote","body":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"kind":"CaptureInquiry","body":{"inquiry":{"raw":"no base64"}}}',
])  # fmt: skip
def test_what_is_broken_is_said_to_be(broken: bytes) -> None:
    with pytest.raises(Malformed):
        wire.read_command(broken)


def test_half_a_character_goes_as_a_question_mark() -> None:
    read = wire.read_command(wire.write_command(AddNote(lead_id="1", text="a\ud800b")))
    assert isinstance(read, AddNote)
    assert read.text == "a?b"
