"""The shared methods of the vocabularies do what the standard library would have compiled for each class."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from app.codec import decode, encode
from app.domain import commands, device, events, inquiry, lead, questions, rulebook
from app.domain.commands import AddNote, ClaimLead
from app.domain.events import LeadCaptured, LeadScored
from app.domain.frozen import dataclass
from app.domain.lead import Reason, Rep, RepStatus, Tier
from app.floor import board, floor, queue

MODULES = (commands, device, events, inquiry, lead, questions, rulebook, board, floor, queue)


def _classes(module: ModuleType) -> Iterator[type]:
    for value in vars(module).values():
        if (
            isinstance(value, type)
            and dataclasses.is_dataclass(value)
            and value.__module__ == module.__name__
        ):
            yield value


CLASSES = [kind for module in MODULES for kind in _classes(module)]


def _filled(kind: type) -> dict[str, Any]:
    """Something hashable for every field; which type it has is nobody's business here."""
    return {field.name: f"<{field.name}>" for field in dataclasses.fields(kind)}


def _twin(kind: type) -> Any:
    """The class as the standard library makes it."""
    twin = dataclasses.make_dataclass(
        kind.__name__,
        [
            (f.name, f.type, dataclasses.field(
                default=f.default, default_factory=f.default_factory, repr=f.repr, compare=f.compare
            ))
            for f in dataclasses.fields(kind)
        ],
        frozen=True, slots=True, kw_only=True,
    )  # fmt: skip
    twin.__qualname__ = kind.__qualname__
    return twin


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_class_is_what_the_standard_library_would_have_made(kind: Any) -> None:
    twin, values = _twin(kind), _filled(kind)
    here, there = kind(**values), twin(**values)
    assert repr(here) == repr(there)
    assert [f.name for f in dataclasses.fields(here)] == [f.name for f in dataclasses.fields(there)]
    assert not hasattr(here, "__dict__")
    assert here == kind(**values)
    assert hash(here) == hash(kind(**values))
    assert here != there
    for name in values:
        other = dataclasses.replace(here, **{name: "something else"})
        assert other != here
        assert getattr(other, name) == "something else"
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(here, name, "something else")
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(here, name)
    assert repr(here) == repr(there), "it was changed after all"
    assert copy.deepcopy(here) == here
    assert pickle.loads(pickle.dumps(here)) == here


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_value_that_lacks_something_can_not_be_made(kind: Any) -> None:
    twin, values = _twin(kind), _filled(kind)
    for name in values:
        lacking = {other: value for other, value in values.items() if other != name}
        try:
            there = twin(**lacking)
        except TypeError:
            with pytest.raises(TypeError, match=name):
                kind(**lacking)
        else:
            here = kind(**lacking)
            if name != "id":  # a command makes one up
                assert repr(here) == repr(there)
    with pytest.raises(TypeError, match="nonsense"):
        kind(**values, nonsense=1)
    with pytest.raises(TypeError):
        kind(*values.values(), "by its place")


def test_every_command_has_an_id_of_its_own() -> None:
    assert ClaimLead(lead_id="a").id != ClaimLead(lead_id="a").id


def test_values_of_two_classes_with_the_same_fields_differ() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class One:
        a: int = 1

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Other:
        a: int = 1

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Nothing:
        pass

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Secret:
        key: str = dataclasses.field(repr=False)
        note: str = dataclasses.field(default="", compare=False)

    assert One() == One(a=1) != One(a=2)
    assert One() != Other()
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())
    assert One.__doc__ == "One"
    assert "hush" not in repr(Secret(key="hush"))
    assert Secret(key="a", note="x") == Secret(key="a", note="y") != Secret(key="b")
    assert hash(Secret(key="a", note="x")) == hash(Secret(key="a", note="y"))


def test_json_goes_there_and_back() -> None:
    scored = LeadScored(
        score=71, tier=Tier.HOT, reasons=(Reason(text="asks for a call", points=30),), rulebook=3
    )
    assert decode(encode(scored), LeadScored) == scored
    captured = decode(b'{"inquiry_id": "i", "channel": "form", "source": "s"}', LeadCaptured)
    assert captured == LeadCaptured(inquiry_id="i", channel="form", source="s")
    note = AddNote(lead_id="a", text="b")
    assert decode(encode(note), AddNote) == note
    since = datetime(2026, 3, 4, tzinfo=UTC)
    rep = Rep(id="r", name="Mara Keller", status=RepStatus.BREAK, status_since=since)
    assert decode(encode(rep), Rep) == rep
    assert rep.initials == "MK"
