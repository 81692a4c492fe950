"""One row of a table as what it tells of the past, by a mapping.

`PastReader` is made for one table and the floor's zone. A cell that a column's order or decimal mark can't read makes
the row unreadable, with a sentence that shows the cell and how it was to be read: a report must not rest on a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.domain import amounts, dates
from app.domain.amounts import Mark
from app.domain.costs import CostLine, checked
from app.domain.dates import Order
from app.domain.errors import Refused
from app.domain.inquiry import Unreadable
from app.domain.lead import Outcome
from app.domain.mapping import PAST, Mapping, Target, given, is_yes, phone_of, row_id
from app.domain.past import ImportKind, Past, PastCall, PastRow, Result
from app.domain.result_words import call_end, is_inbound, plain_value, result_of, tier_of
from app.domain.tidy import line

TALK_SECONDS = 30
"""A call of which only the length is known was a conversation from here on."""
_ORDERS = {
    Order.DAY_FIRST: "day first",
    Order.MONTH_FIRST: "month first",
    Order.YEAR_FIRST: "year first",
    Order.UNTOLD: "day or month first, which the column does not tell",
}
_KEYS = (Target.EXTERNAL_ID, Target.EMAIL, Target.PHONE)
_TIMED = (Target.CAPTURED_AT, Target.CALLED_AT)
"""Whose time of day may stand in a column of its own."""
_KEPT = (*_KEYS, Target.WON, Target.MEDIUM, Target.CAMPAIGN, Target.AD)


class PastReader:
    """Reads the rows of one table; `zone` is where times stand that name none, unless the mapping says."""

    def __init__(self, mapping: Mapping, zone: str, now: datetime | None = None) -> None:
        self._zone = ZoneInfo(mapping.zone or zone)
        self._now = now
        self._orders = dict(mapping.dates)
        self._marks = dict(mapping.marks)
        self._values = {
            header: {plain_value(word): result for word, result in words} for header, words in mapping.values
        }
        wanted = PAST if mapping.kind is ImportKind.LEADS else PAST | frozenset(_KEPT)
        self._plan = tuple(
            (index, header, target)
            for index, (header, target) in enumerate(mapping.columns)
            if target in wanted
        )
        self._answers = tuple(
            (index, header)
            for index, (header, target) in enumerate(mapping.columns)
            if target is Target.ANSWER and mapping.kind is ImportKind.RESULTS
        )
        self._tells = mapping.tells_past
        self._medium = mapping.medium

    def past(self, cells: Sequence[str], *, won: bool = False) -> Past | None:
        """What a row says of its lead, None where its table says nothing of the past; raises Unreadable."""
        return self._past(_Row(self, cells), won) if self._tells else None

    def result(self, number: int, cells: Sequence[str]) -> PastRow:
        """A row of results; raises Unreadable."""
        row = _Row(self, cells)
        answers = tuple((header, text) for index, header in self._answers if (text := given(cells[index])))
        past = self._past(row, is_yes(row.text(Target.WON)))
        return replace(self._about(number, row), past=past, answers=answers)

    def call(self, number: int, cells: Sequence[str]) -> PastRow:
        """A row of calls; raises Unreadable."""
        row = _Row(self, cells)
        about = self._about(number, row)
        at = row.instant(Target.CALLED_AT)
        if at is None:
            raise Unreadable("nothing in this row says when the call was")
        self._not_ahead(at, "the call")
        seconds = row.seconds()
        ended = call_end(row.text(Target.OUTCOME))
        if ended is None:
            contact = seconds is not None and seconds >= TALK_SECONDS
            ended = (None if contact else Outcome.NO_ANSWER if seconds is not None else None), contact
        return replace(
            about,
            call=PastCall(
                at=at,
                by=line(row.text(Target.CALLED_BY)),
                seconds=seconds,
                outcome=ended[0],
                contact=ended[1],
                inbound=is_inbound(row.text(Target.DIRECTION)),
            ),
        )

    def cost(self, cells: Sequence[str]) -> CostLine:
        """A row of costs; raises Unreadable."""
        row = _Row(self, cells)
        amount = row.cents()
        if amount is None:
            raise Unreadable("nothing in this row says what was spent")
        first, last = row.days()
        told = CostLine(
            first=first.isoformat(),
            last=last.isoformat(),
            medium=line(row.text(Target.MEDIUM)) or self._medium,
            campaign=line(row.text(Target.CAMPAIGN)),
            ad=line(row.text(Target.AD)),
            amount=amount,
        )
        try:
            return checked(told)
        except Refused as error:
            raise Unreadable(error.message[:1].lower() + error.message[1:].rstrip(".")) from None

    @staticmethod
    def _about(number: int, row: _Row) -> PastRow:
        """The row, with which lead it is about."""
        about = PastRow(
            line=number,
            external_id=row_id(row.text(Target.EXTERNAL_ID)),
            email=line(row.text(Target.EMAIL)),
            phone=phone_of(row.text(Target.PHONE)),
        )
        if not (about.external_id or about.email or about.phone):
            raise Unreadable("nothing in this row says which lead it is about: no id, e-mail or phone")
        return about

    def _past(self, row: _Row, won: bool) -> Past:
        won_at, lost_at = row.instant(Target.WON_AT), row.instant(Target.LOST_AT)
        result = row.result()
        if won or won_at is not None or result is Result.WON:
            result, closed_at = Result.WON, won_at
        elif result is Result.OPEN and (lost_at is not None or is_yes(row.text(Target.LOST))):
            result, closed_at = Result.LOST, lost_at
        else:
            closed_at = lost_at
        if result is Result.OPEN:
            closed_at = None
        elif closed_at is None:
            closed_at = row.instant(Target.CLOSED_AT)
        captured_at = row.instant(Target.CAPTURED_AT)
        if captured_at is not None:
            self._not_ahead(captured_at, "the lead")
        word = row.text(Target.TIER)
        return Past(
            captured_at=captured_at,
            owner=line(row.text(Target.OWNER)),
            tier=tier_of(word) if word else None,
            first_call_at=row.instant(Target.FIRST_CALL_AT),
            called_by=line(row.text(Target.CALLED_BY)),
            contact_at=row.instant(Target.CONTACT_AT),
            qualified_at=row.instant(Target.QUALIFIED_AT),
            booked_at=row.instant(Target.BOOKED_AT),
            result=result,
            closed_at=closed_at,
            amount=row.cents() if result is Result.WON else None,
            reason=line(row.text(Target.REASON)) if result is not Result.OPEN else "",
        )

    def _not_ahead(self, at: datetime, what: str) -> None:
        if self._now is not None and at > self._now + dates.DAY:
            raise Unreadable(f"by its date, {at:%Y-%m-%d}, {what} is still to come")


class _Row:
    """The cells of one row by their targets."""

    def __init__(self, reader: PastReader, cells: Sequence[str]) -> None:
        self._reader = reader
        self._found: dict[Target, tuple[str, str]] = {}
        for index, header, target in reader._plan:
            cell = cells[index]
            if cell and target not in self._found and (text := given(cell)):
                self._found[target] = header, text

    def text(self, target: Target) -> str:
        return self._found.get(target, ("", ""))[1]

    def instant(self, target: Target) -> datetime | None:
        found = self._found.get(target)
        if found is None or dates.is_blank(found[1]):
            return None
        order = self._reader._orders.get(found[0], Order.PLAIN)
        clock = self._found.get(Target.TIME) if target in _TIMED else None
        if clock is not None and not dates.is_time(clock[1]):
            raise Unreadable(f"“{clock[1]}” in “{clock[0]}” is no time of day")
        try:
            if clock is not None:
                said = dates.at_time(found[1], clock[1], order)
                return dates.instant(said, order if said == found[1] else Order.PLAIN, self._reader._zone)
            return dates.instant(found[1], order, self._reader._zone)
        except dates.NotADate:
            raise _no_date(*found, order) from None

    def days(self) -> tuple[date, date]:
        """The span of a cost. A month is all of its days; without a last day the first is the only one."""
        first = self._found.get(Target.FIRST_DAY)
        last = self._found.get(Target.LAST_DAY)
        if first is None or dates.is_blank(first[1]):
            raise Unreadable("nothing in this row says on which day it was spent")
        begins, ends = self._span(*first)
        return (begins, ends) if last is None or dates.is_blank(last[1]) else (begins, self._span(*last)[1])

    def _span(self, header: str, text: str) -> tuple[date, date]:
        order = self._reader._orders.get(header, Order.PLAIN)
        try:
            if dates.is_month(text):
                return dates.month_days(text)
            on = dates.day(text, order, self._reader._zone)
        except dates.NotADate:
            raise _no_date(header, text, order) from None
        return on, on

    def cents(self) -> int | None:
        found = self._found.get(Target.AMOUNT)
        if found is None:
            return None
        mark = self._reader._marks.get(found[0], Mark.POINT)
        try:
            return amounts.cents(found[1], mark)
        except amounts.NotANumber:
            raise Unreadable(
                f"“{found[1]}” in “{found[0]}” is no sum with a decimal {_MARKS[mark]}"
            ) from None

    def seconds(self) -> float | None:
        for target, unit in ((Target.SECONDS, 1), (Target.MINUTES, 60)):
            if found := self._found.get(target):
                try:
                    return amounts.seconds(found[1], unit)
                except amounts.NotANumber:
                    raise Unreadable(f"“{found[1]}” in “{found[0]}” is no length of a call") from None
        return None

    def result(self) -> Result:
        found = self._found.get(Target.RESULT)
        if found is None:
            return Result.OPEN
        said = self._reader._values.get(found[0], {}).get(plain_value(found[1]))
        return result_of(found[1]) if said is None else said


_MARKS = {Mark.POINT: "point", Mark.COMMA: "comma", Mark.NONE: "mark, whose column has none"}


def _no_date(header: str, text: str, order: Order) -> Unreadable:
    way = _ORDERS.get(order)
    return Unreadable(f"“{text}” in “{header}” is no date" + (f" with the {way}" if way else ""))
