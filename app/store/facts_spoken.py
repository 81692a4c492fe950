"""Which leads a question is about, as SQL: the one place where a segment becomes a condition.

What a person chose is always a bound value. A condition on time becomes spans of the capture, each an index range.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.codec import encode_text
from app.domain.errors import Refused
from app.domain.hours import Span
from app.domain.lead import OPEN_STAGES, Stage
from app.domain.milestones import DELAYS, NEVER, STEPS, Also, Moment
from app.domain.milestones import Span as Lasted
from app.domain.report import Asked, By
from app.domain.time_groups import TIMES, both, holding
from app.store.instants import micros

Key = By | Also

_OPEN = ", ".join(f"'{stage.value}'" for stage in OPEN_STAGES)
_STAGES = ", ".join(repr(stage.value) for stage in Stage)
ORIGIN = {
    By.MEDIUM: ("origin", "medium"),
    By.CAMPAIGN: ("origin", "campaign"),
    By.AD: ("origin", "ad"),
    By.CHANNEL: ("origin", "channel"),
    Also.LAST_MEDIUM: ("last_origin", "medium"),
    Also.LAST_CAMPAIGN: ("last_origin", "campaign"),
    Also.LAST_AD: ("last_origin", "ad"),
}
"""By key the column of a lead that leads to an origin, and the column of that."""
PLAIN = {By.TIER: "tier", By.REP: "owner", By.COUNTRY: "country", Also.CALLER: "first_call_by"}
"""By key the column of a lead."""
IS = {
    "called": "l.first_call_at IS NOT NULL",
    "contact": "l.contact_at IS NOT NULL",
    "qualified": "l.qualified_at IS NOT NULL",
    "booked": "l.booked_at IS NOT NULL",
    "won": f"l.stage = '{Stage.WON.value}'",
    "lost": f"l.stage = '{Stage.LOST.value}'",
    "unfit": f"l.stage = '{Stage.UNFIT.value}'",
    "open": f"l.stage IN ({_OPEN})",
    "met": "l.clocks_met > 0",
    "breached": "l.clocks_breached > 0",
    "escalated": "l.escalated_at IS NOT NULL",
    "clocked": "l.clocks > 0",
}
"""Of each of `STEPS` the condition."""
_REACHED = {
    Moment.CAPTURE: "captured_at",
    Moment.CALL: "first_call_at",
    Moment.CONTACT: "contact_at",
    Moment.QUALIFIED: "qualified_at",
    Moment.BOOKED: "booked_at",
    Moment.WON: "closed_at",
}
_WON_AT = f"CASE WHEN {IS['won']} THEN l.closed_at END"
_LASTED = {
    Lasted.CALL: ("l.captured_at", "l.first_call_at"),
    Lasted.CONTACT: ("l.captured_at", "l.contact_at"),
    Lasted.QUALIFIED: ("l.captured_at", "l.qualified_at"),
    Lasted.BOOKED: ("l.captured_at", "l.booked_at"),
    Lasted.WON: ("l.captured_at", _WON_AT),
    Lasted.CONTACT_TO_QUALIFIED: ("l.contact_at", "l.qualified_at"),
    Lasted.QUALIFIED_TO_BOOKED: ("l.qualified_at", "l.booked_at"),
    Lasted.BOOKED_TO_WON: ("l.booked_at", _WON_AT),
}
"""Of each span but that in working time, where it begins and ends."""


def cohort(is_sqlite: bool) -> str:
    """The leads that count. What is staged by a file has another stage, as has what was merged away.

    SQLite, which keeps no statistics, would take the index of the stages and look every lead up: a sign before the
    column keeps it from that, and so on `leads_facts`."""
    return f"NOT l.is_test AND {'+' if is_sqlite else ''}l.stage IN ({_STAGES})"


def expand(by: Iterable[Key]) -> tuple[Key, ...]:
    """The keys with `By.SOURCE` as its three levels and without the whole, which divides nothing."""
    found: list[Key] = []
    for key in by:
        if key == By.SOURCE:
            found += [By.MEDIUM, By.CAMPAIGN, By.AD]
        elif key != By.WHOLE:
            found.append(key)
    return tuple(found)


def reached(at: Moment) -> str:
    """The column of the instant that leads are taken by."""
    return f"l.{_REACHED[at]}"


def lasted(is_sqlite: bool, span: Lasted) -> str:
    """A span of a lead in seconds; on SQLite in microseconds."""
    if span == Lasted.CALL_WORKED:
        return "l.first_call_worked" if is_sqlite else "l.first_call_worked / 1e6::float8"
    begin, end = _LASTED[span]
    return f"{end} - {begin}" if is_sqlite else f"date_part('epoch', {end} - {begin})"


def had(span: Lasted) -> str:
    """What is null where a lead does not have a span: cheaper than to reckon it."""
    if span == Lasted.CALL_WORKED:
        return "l.first_call_worked"
    begin, end = _LASTED[span]
    return end if begin == "l.captured_at" else f"CASE WHEN {begin} IS NOT NULL THEN {end} END"


def joined(
    is_sqlite: bool, name: str, columns: Mapping[str, tuple[str, list[Any]]]
) -> tuple[str, dict[str, Any]]:
    """A table of values (column: PostgreSQL's type, values) to select from under a name, with what is bound for it."""
    if is_sqlite:
        told = ", ".join(f"json_extract(value, '$[{n}]') AS {column}" for n, column in enumerate(columns))
        rows = list(zip(*(values for _, values in columns.values()), strict=True))
        table = f"(SELECT {told} FROM json_each(:{name}_rows)) AS {name}"  # noqa: S608 - words of this program
        return table, {f"{name}_rows": encode_text(rows)}
    params = {f"{name}_{column}": values for column, (_, values) in columns.items()}
    arrays = ", ".join(f"CAST(:{name}_{column} AS {kind}[])" for column, (kind, _) in columns.items())
    return f"unnest({arrays}) AS {name}({', '.join(columns)})", params


class Where:
    """The condition on leads `l` for a question; `params` are its values, `origin` is what they are selected from.

    A segment's days and hours are those of the moment by which leads are taken.
    """

    def __init__(self, is_sqlite: bool, zone: str, asked: Asked, at: Moment = Moment.CAPTURE) -> None:
        """Raises Refused for a segment that names no field of a lead."""
        self._is_sqlite = is_sqlite
        self.params: dict[str, Any] = {}
        conditions = [cohort(is_sqlite)]
        if at == Moment.WON:
            conditions.append(IS["won"])
        spans: list[Span] = [(asked.since, asked.until)]
        for field, values in asked.segment.where:
            if field in TIMES:
                spans = both(spans, holding(field, values, zone, asked.since, asked.until))
            else:
                conditions.append(self._condition(field, values))
        column = reached(at)
        if len(spans) == 1:
            since, until = self.bound(self.instant(spans[0][0])), self.bound(self.instant(spans[0][1]))
            self.origin = "leads l"
            conditions.append(f"{column} >= {since} AND {column} < {until}")
        else:
            self.origin = self._ranges(spans)
            conditions.append(f"{column} >= range.a AND {column} < range.b")
        self.conditions = " AND ".join(conditions)

    def instant(self, at: datetime) -> Any:
        """An instant as the database keeps it."""
        return micros(at) if self._is_sqlite else at

    def bound(self, value: Any) -> str:
        """The value, bound: the words that stand for it."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f":{name}"

    def _ranges(self, spans: Sequence[Span]) -> str:
        """Several spans to join the leads with: an index range for each."""
        ends = zip(*spans, strict=True) if spans else ((), ())
        a, b = ([self.instant(at) for at in some] for some in ends)
        table, params = joined(self._is_sqlite, "range", {"a": ("timestamptz", a), "b": ("timestamptz", b)})
        self.params |= params
        return f"{table} CROSS JOIN leads l"

    def _among(self, values: Iterable[str]) -> str:
        return f"({', '.join(map(self.bound, values)) or 'NULL'})"

    def _condition(self, field: str, values: Sequence[str]) -> str:
        if field in STEPS:
            return f"({IS[field]}) = {'true' if 'yes' in values else 'false'}"
        if field == Also.DELAY:
            return self._delays(values)
        for key, (column, of) in ORIGIN.items():
            if field == key:
                among = self._among(values)
                return f"l.{column} IN (SELECT id FROM origins WHERE {of} IN {among})"  # noqa: S608 - as above
        for plain, column in PLAIN.items():
            if field == plain:
                return f"l.{column} IN {self._among(values)}"
        raise Refused(f"Leads can't be chosen by “{field[:40]}”.", "Not a field")

    def _delays(self, values: Sequence[str]) -> str:
        """Those whose first call came after one of the named delays."""
        seconds = lasted(self._is_sqlite, Lasted.CALL)
        unit = 1_000_000 if self._is_sqlite else 1
        parts, low = [], float("-inf")
        for name, high in DELAYS:
            if name in values:
                bounds = [f"{seconds} > {self.bound(low * unit)}"] if low > 0 else []
                bounds += [f"{seconds} <= {self.bound(high * unit)}"] if high != float("inf") else []
                parts.append(" AND ".join(bounds))
            low = high
        if NEVER in values:
            parts.append("l.first_call_at IS NULL")
        return f"({' OR '.join(f'({part})' for part in parts) or 'false'})"
