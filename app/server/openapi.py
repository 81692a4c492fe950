"""The server's description of itself, OpenAPI 3.1: made of the very classes that the wire reads and writes."""

from __future__ import annotations

from functools import cache
from typing import Any

from app import VERSION
from app.codec import encode, schemas
from app.domain.commands import COMMANDS, JoinFloor, result_of
from app.domain.events import KINDS, Event
from app.domain.questions import QUESTIONS, answer_of
from app.floor import wire
from app.floor.joining import Challenge, Proof

_PLACE = "#/components/schemas/{name}"
_EVENT = {
    "type": "object",
    "properties": {"kind": {"type": "string", "examples": sorted(KINDS)}, "body": {"type": "object"}},
    "required": ["kind", "body"],
}
_SECURED: list[dict[str, list[str]]] = [{"token": []}]
_OPEN = ("400", "403", "404", "408", "409", "413", "422", "426", "503")
"""Errors that anybody may get who sends something."""
_SHUT = (*_OPEN, "401")


@cache
def description() -> bytes:
    """The document, as JSON."""
    commands, questions = list(COMMANDS.values()), list(QUESTIONS.values())
    results = list({result_of(kind): None for kind in commands})
    answers = list({answer_of(kind): None for kind in questions})
    others = [wire.Said, wire.Time, wire.Me, wire.Follow, Challenge, Proof]
    _, parts = schemas([*commands, *questions, *results, *answers, *others], _PLACE, _hook)
    parts["Receipt"] = {
        "type": "object",
        "properties": {
            "cursor": {"type": "integer", "description": "Number of the last event of its effect"},
            "value": {"anyOf": [_ref(kind) for kind in results]},
        },
        "required": ["cursor", "value"],
    }
    parts["Command"] = {"oneOf": [_tagged(kind) for kind in commands]}
    parts["Question"] = {"oneOf": [_tagged(kind) for kind in questions]}
    paths = {
        "/api/do": {"post": _operation(
            "do", "Carry out a command. The same command sent again is answered the same and done once.",
            _named("Command"), _named("Receipt"), _SHUT,
        )},
        "/api/ask": {"post": _operation(
            "ask", "Answer a question.", _named("Question"),
            {"anyOf": [_ref(kind) for kind in answers]}, _SHUT,
        )},
        "/api/join": {"post": _operation(
            "join", "Let a computer in by an invitation.", _tagged(JoinFloor), _named("Receipt"),
            _OPEN, is_open=True,
        )},
        "/api/join/proof": {"post": _operation(
            "prove", "Prove, to somebody who holds an invitation, that this server knows it and has this key.",
            _ref(Challenge), _ref(Proof), _OPEN, is_open=True,
        )},
        "/api/time": {"get": _operation("time", "The floor's time.", None, _ref(wire.Time), (), is_open=True)},
        "/api/me": {"get": _operation("me", "Whom the token stands for.", None, _ref(wire.Me), ("401", "426", "503"))},
        "/healthz": {"get": _operation(
            "health", "Whether the floor can be reached through this server.", None, _health(), (), is_open=True,
            more={"503": {"description": "It can't", "content": _content(_health())}},
        )},
    }  # fmt: skip
    return encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Firstring",
                "version": VERSION,
                "description": "A floor's server. What happens is told on the WebSocket /api/feed: the first frame "
                "is a Follow, what comes back are {kind, body} with the kinds "
                + ", ".join((*wire.FEED, wire.ERROR))
                + ".",
            },
            "paths": paths,
            "components": {
                "schemas": parts,
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _hook(kind: type[Any]) -> dict[str, Any]:
    if kind is Event:
        return _EVENT
    raise NotImplementedError(kind)


def _named(name: str) -> dict[str, Any]:
    return {"$ref": _PLACE.format(name=name)}


def _ref(kind: type[Any]) -> dict[str, Any]:
    return _named(kind.__name__)


def _tagged(kind: type[Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"kind": {"const": kind.__name__}, "body": _ref(kind)},
        "required": ["kind", "body"],
    }


def _health() -> dict[str, Any]:
    return {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _operation(
    name: str,
    summary: str,
    body: dict[str, Any] | None,
    answer: dict[str, Any],
    errors: tuple[str, ...],
    *,
    is_open: bool = False,
    more: dict[str, Any] | None = None,
) -> dict[str, Any]:
    told = {
        "description": "An error: its code, and two sentences for a person",
        "content": _content(_ref(wire.Said)),
    }
    said: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": "Done", "content": _content(answer)},
            **dict.fromkeys(errors, told),
            **(more or {}),
        },
    }
    if body is not None:
        said["requestBody"] = {"required": True, "content": _content(body)}
    if not is_open:
        said["security"] = _SECURED
    return said
