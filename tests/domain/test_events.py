"""Every event goes into the journal and comes back the same, and stays readable as the program grows."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC
from typing import Any, get_type_hints

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.codec import decode, encode_text
from app.domain import events
from app.domain.events import KIND_OF, KINDS, Event, Unknown

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
"""What JSON can hold: everything but halves of characters."""


def anything(kind: type[Event]) -> st.SearchStrategy[Event]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: _of(hints[field.name]) for field in fields(kind)})  # type: ignore[arg-type]


def _of(hint: Any) -> st.SearchStrategy[Any]:
    if hint is str:
        return TEXT
    if hint is float:
        return st.floats(allow_nan=False, allow_infinity=False)
    if hint in (int, int | None):
        whole = st.integers(-(2**53), 2**53)
        return whole if hint is int else st.none() | whole
    if "datetime" in str(hint):
        instants = st.datetimes(timezones=st.just(UTC))
        return instants | st.none() if "None" in str(hint) else instants
    if is_dataclass(hint):
        return anything(hint)  # type: ignore[type-var]
    parts = getattr(hint, "__args__", ())
    if getattr(hint, "__origin__", None) is tuple:
        if parts[-1] is Ellipsis:
            return st.lists(_of(parts[0]), max_size=3).map(tuple)
        return st.tuples(*map(_of, parts))
    return st.from_type(hint)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of([anything(kind) for kind in KINDS.values()]))
def test_an_event_comes_back_as_it_went_and_so_does_one_with_fields_of_a_newer_program(event: Event) -> None:
    text = encode_text(event)
    assert decode(text, type(event)) == event
    newer = text[:-1] + ("," if text != "{}" else "") + '"mood":"calm"}'
    assert decode(newer, type(event)) == event


def test_every_event_class_stands_in_the_journal_under_one_name() -> None:
    classes = {
        thing for thing in vars(events).values() if isinstance(thing, type) and issubclass(thing, Event)
    }
    assert set(KINDS.values()) == classes - {Event, Unknown}
    assert len(KIND_OF) == len(KINDS)
