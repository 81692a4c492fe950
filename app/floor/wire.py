"""What goes between a desk and a server: commands, questions, answers, batches and errors, as JSON.

What has a kind is said with it: `{"kind": "ClaimLead", "body": {...}}`. A command's kind is the name of its class,
as is a question's; an event's is its name in the journal. Kinds are frozen by a test: added, never renamed.
What one side does not know it passes over: a field that is new, an event that is new. An error travels as its
code and its two sentences and is raised on the other side as itself.
"""

from __future__ import annotations

import types
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from app.codec import Malformed, Raw, convert, decode, encode, keepable
from app.domain.commands import COMMANDS, Command, result_of
from app.domain.errors import REFUSALS, AppError, NotAllowed, Refused, Unavailable, WrongVersion
from app.domain.events import KIND_OF, KINDS, Event, Unknown
from app.domain.questions import QUESTIONS, Question, answer_of
from app.floor.floor import Batch, Receipt

R = TypeVar("R")

WIRE = 1
"""Version of all this. It rises when an older program could no longer make sense of it, and only then."""
WIRE_HEADER = "Firstring-Wire"


# -- small answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The floor's time."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Whom a token stands for: a rep's id, or a machine's word."""

    actor: str


# -- what a feed says besides batches


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A desk's first words on a feed: who it is, and the number of the last event it has seen (None: the whole
    floor, please), with that event's mark where it knows it."""

    token: str
    since: int | None = None
    mark: str = ""
    wire: int = WIRE


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """All there is was told; what comes now happens now."""

    head: int
    at: datetime
    """The floor's time."""
    kept: bool = True
    """Whether somebody keeps the clocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """The server has lost the floor's database, and goes on trying."""

    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goodbye:
    """The server goes; another one, or the same one soon, will go on."""

    message: str


FEED: dict[str, type[Any]] = {cls.__name__: cls for cls in (Batch, Live, Away, Goodbye)}
"""What a server may say on a feed. `Error` is the one kind that is no class here."""
ERROR = "Error"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tagged:
    kind: str
    body: Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receipt:
    cursor: int
    value: Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An error on the wire."""

    code: str
    title: str
    message: str


# -- commands and questions


def write_command(command: Command[Any]) -> bytes:
    return _tagged(type(command).__name__, command)


def read_command(text: bytes | str) -> Command[Any]:
    """Raises `Malformed`, or WrongVersion for a command that this program does not know."""
    return _read(text, COMMANDS)  # type: ignore[no-any-return]


def write_question(question: Question[Any]) -> bytes:
    return _tagged(type(question).__name__, question)


def read_question(text: bytes | str) -> Question[Any]:
    """Raises `Malformed`, or WrongVersion for a question that this program does not know."""
    return _read(text, QUESTIONS)  # type: ignore[no-any-return]


def write_receipt(receipt: Receipt[Any]) -> bytes:
    return _encoded({"cursor": receipt.cursor, "value": _sayable(receipt.value)})


def read_receipt(text: bytes | str, command: type[Command[R]]) -> Receipt[R]:
    told = decode(text, _Receipt)
    return Receipt(cursor=told.cursor, value=decode(told.value, result_of(command), _made))


def write_answer(answer: object) -> bytes:
    return _encoded(_sayable(answer))


def read_answer(text: bytes | str, question: type[Question[R]]) -> R:
    return decode(text, answer_of(question), _made)


# -- the feed


def write_follow(follow: Follow) -> bytes:
    return _encoded(follow)


def read_follow(text: bytes | str) -> Follow:
    return decode(text, Follow)


def write_feed(said: Batch | Live | Away | Goodbye) -> bytes:
    return _tagged(type(said).__name__, said)


def write_feed_error(error: AppError) -> bytes:
    return _tagged(ERROR, _said(error))


def read_feed(text: bytes | str) -> Batch | Live | Away | Goodbye | AppError:
    """Raises `Malformed`, or WrongVersion for what this program does not know."""
    told = decode(text, _Tagged)
    if told.kind == ERROR:
        return _error(decode(told.body, Said))
    return _read_as(told, FEED)  # type: ignore[no-any-return]


# -- errors

_UNAVAILABLE, _WRONG_VERSION = "unavailable", "wrong_version"


def code_of(error: AppError) -> str:
    """The word by which an error travels."""
    if isinstance(error, Refused):
        return error.code
    return _WRONG_VERSION if isinstance(error, WrongVersion) else _UNAVAILABLE


ERROR_CODES = (*REFUSALS, _UNAVAILABLE, _WRONG_VERSION)


def not_known() -> NotAllowed:
    """What a device is told whose token is not, or no longer, one of the floor's."""
    return NotAllowed(
        "This device is not let in here, or not any more. Ask for a new invitation.", "Not let in"
    )


def write_error(error: AppError) -> bytes:
    return _encoded(_said(error))


def read_error(text: bytes | str) -> AppError:
    """The error itself, to be raised. Raises `Malformed`."""
    return _error(decode(text, Said))


def _said(error: AppError) -> Said:
    return Said(code=code_of(error), title=error.title, message=error.message)


def _error(said: Said) -> AppError:
    if said.code == _UNAVAILABLE:
        return Unavailable(said.message, said.title)
    if said.code == _WRONG_VERSION:
        return WrongVersion(said.message, said.title)
    return REFUSALS.get(said.code, Refused)(said.message, said.title)  # a newer refusal is a refusal still


# -- kinds


def _tagged(kind: str, value: object) -> bytes:
    return _encoded({"kind": kind, "body": _sayable(value)})


def _encoded(value: object) -> bytes:
    try:
        return encode(value)
    except UnicodeEncodeError:  # half a character, which no JSON can carry and no floor would keep
        return encode(_whole(value))


def _whole(value: object) -> object:
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    return keepable(value)


def _read(text: bytes | str, kinds: dict[str, type[Any]]) -> Any:
    return _read_as(decode(text, _Tagged), kinds)


def _read_as(told: _Tagged, kinds: dict[str, type[Any]]) -> Any:
    kind = kinds.get(told.kind)
    if kind is None:
        raise WrongVersion(
            f"“{told.kind[:60]}” is not known here; one side has an older Firstring than the other."
        )
    return decode(told.body, kind, _made)


# -- events inside of answers and batches


def _made(kind: type[Any], told: Any) -> Any:
    """An event of what stands for one. One that is new, or that has changed beyond recognition, is passed over."""
    if kind is not Event or not isinstance(told, dict):
        raise Malformed(f"a {kind.__name__} can't be read")
    name, body = told.get("kind"), told.get("body")
    known = KINDS.get(name) if isinstance(name, str) else None
    if known is not None:
        try:
            return convert(body, known)
        except Malformed:
            pass
    return Unknown(kind=str(name))


def _sayable(value: Any) -> Any:
    """A value with every event in it said with its kind."""
    if isinstance(value, Unknown):
        return {"kind": value.kind, "body": {}}
    if isinstance(value, Event):
        return {"kind": KIND_OF[type(value)], "body": value}
    if isinstance(value, tuple):
        return tuple(map(_sayable, value))
    kind: Any = type(value)
    carrying = _carrying(kind)
    if not carrying:
        return value
    told = {item.name: getattr(value, item.name) for item in fields(value)}
    for name in carrying:
        told[name] = _sayable(told[name])
    return told


@cache
def _carrying(kind: Any) -> tuple[str, ...]:
    """The fields of a class in which an event may stand."""
    if not is_dataclass(kind):
        return ()
    hints = get_type_hints(kind)
    return tuple(item.name for item in fields(kind) if _may_hold(hints[item.name]))


def _may_hold(hint: Any) -> bool:
    if get_origin(hint) is not None or isinstance(hint, types.UnionType):
        return any(map(_may_hold, get_args(hint)))
    named: Any = hint
    return isinstance(hint, type) and (issubclass(hint, Event) or bool(_carrying(named)))
