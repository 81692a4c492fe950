"""Between table rows and the domain's values. Names and order stand here; whose columns they are, in `columns.py`."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from app.codec import decode, encode_text
from app.domain.inquiry import Inquiry, InquiryState, Origin
from app.domain.lead import (
    Alarm,
    Attempt,
    AttemptKind,
    ClockState,
    Lead,
    Outcome,
    Reason,
    Rep,
    RepStatus,
    Role,
    Source,
    Stage,
    Tier,
)

if TYPE_CHECKING:
    from sqlalchemy import Row

Values = dict[str, Any]
"""Column values by name, as SQLAlchemy takes them."""

_PLAIN: Final = tuple(
    field.name
    for field in dataclasses.fields(Lead)
    if field.name
    not in ("origin", "problems", "answers", "reasons", "offered", "tier", "clock", "stage", "last_outcome")
)
_ORIGIN: Final = ("medium", "campaign", "ad", "keyword", "click_id", "page")
LEAD_NAMES: Final = (
    *_PLAIN,
    *_ORIGIN,
    "problems",
    "answers",
    "reasons",
    "offered",
    "tier",
    "clock",
    "stage",
    "last_outcome",
)
"""What a lead is read from: every column but the search keys."""
_NOTHING: Final = Origin()
_plain_of, _origin_of = attrgetter(*_PLAIN), attrgetter(*_ORIGIN)


def lead_values(lead: Lead) -> Values:
    """The row of a lead, without its search keys."""
    values: Values = dict(zip(_PLAIN, _plain_of(lead), strict=True))
    values.update(zip(_ORIGIN, _origin_of(lead.origin), strict=True))
    values["problems"] = encode_text(lead.problems) if lead.problems else "[]"
    values["answers"] = encode_text(lead.answers) if lead.answers else "[]"
    values["reasons"] = encode_text(lead.reasons) if lead.reasons else "[]"
    values["offered"] = encode_text(lead.offered) if lead.offered else "[]"
    values["tier"] = lead.tier.value
    values["clock"] = lead.clock.value
    values["stage"] = lead.stage.value
    values["last_outcome"] = lead.last_outcome.value if lead.last_outcome else ""
    if not lead.is_open:
        values["rescore_at"] = None  # nobody waits for what it would be worth
        values["lapse_at"] = None
    return values


# A frozen value is slow to make, and a desk's first look takes every open lead: its slots are filled straight away.
_FILL: Final = tuple(Lead.__dict__[name].__set__ for name in _PLAIN)
_REST: Final = tuple(
    Lead.__dict__[name].__set__
    for name in (
        "origin",
        "problems",
        "answers",
        "reasons",
        "offered",
        "tier",
        "clock",
        "stage",
        "last_outcome",
    )
)
_TIER = {tier.value: tier for tier in Tier}
_CLOCK = {state.value: state for state in ClockState}
_STAGE = {stage.value: stage for stage in Stage}
_OUTCOME: dict[str, Outcome | None] = {"": None} | {outcome.value: outcome for outcome in Outcome}
_COUNT = len(_PLAIN)


def lead_of(row: Sequence[Any]) -> Lead:
    """The lead of a row selected by `LEAD_NAMES`."""
    origin = row[_COUNT : _COUNT + 6]
    problems, answers, reasons, offered, tier, clock, stage, outcome = row[_COUNT + 6 :]
    lead = Lead.__new__(Lead)
    for fill, value in zip(_FILL, row, strict=False):
        fill(lead, value)
    rest = (
        Origin(**dict(zip(_ORIGIN, origin, strict=True))) if any(origin) else _NOTHING,
        () if problems == "[]" else decode(problems, tuple[str, ...]),
        () if answers == "[]" else decode(answers, tuple[tuple[str, str], ...]),
        () if reasons == "[]" else decode(reasons, tuple[Reason, ...]),
        () if offered == "[]" else decode(offered, tuple[str, ...]),
        _TIER[tier],
        _CLOCK[clock],
        _STAGE[stage],
        _OUTCOME[outcome],
    )
    for fill, value in zip(_REST, rest, strict=True):
        fill(lead, value)
    return lead


def origin_id(channel: str, origin: Origin) -> int:
    """The id of where a lead comes from, made of its words; 53 bits, so that it is exact wherever it is written."""
    words = "\x1f".join((channel, origin.medium, origin.campaign, origin.ad))
    return int.from_bytes(hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()[:8]) >> 11


def words_of(lead: Lead) -> str:
    """What a lead is found by: case-folded, with the phone's digits."""
    digits = "".join(character for character in lead.phone if character.isdigit())
    return " ".join((lead.name, lead.company, lead.email, digits)).casefold()


def rep_of(values: Values) -> Rep:
    role, status = Role(values["role"]), RepStatus(values["status"])
    return Rep(**values | {"role": role, "status": status})


def rep_values(rep: Rep) -> Values:
    values: Values = {field.name: getattr(rep, field.name) for field in dataclasses.fields(rep)}
    return values | {"role": rep.role.value, "status": rep.status.value}


def source_of(row: Row[Any]) -> Source:
    return Source(**row._asdict())


def alarm_of(values: Values) -> Alarm:
    return Alarm(**values)


ATTEMPT_NAMES: Final = tuple(field.name for field in dataclasses.fields(Attempt))


def attempt_of(row: Row[Any]) -> Attempt:
    values = row._asdict()
    values["kind"] = AttemptKind(values["kind"])
    values["outcome"] = _OUTCOME[values["outcome"]]
    return Attempt(**values)


INQUIRY_NAMES: Final = tuple(field.name for field in dataclasses.fields(Inquiry))


def inquiry_of(row: Row[Any]) -> Inquiry:
    """The inquiry of a row whose first columns are `INQUIRY_NAMES`."""
    values = dict(zip(INQUIRY_NAMES, row, strict=False))
    values["headers"] = decode(values["headers"], tuple[tuple[str, str], ...])
    return Inquiry(**values)


def inquiry_values(inquiry: Inquiry, state: InquiryState) -> Values:
    values: Values = {field.name: getattr(inquiry, field.name) for field in dataclasses.fields(inquiry)}
    values["headers"] = encode_text(inquiry.headers)
    values["state"] = state.value
    return values
