"""What cells of a file say, in words that can be read one way only: "3 April 2024, 09:15", "1,234.50", "Won".

Pure functions; the zone is handed in.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain import amounts, dates
from app.domain.amounts import Mark
from app.domain.columns_seen import Seen
from app.domain.dates import Order
from app.domain.lead import Outcome
from app.domain.mapping import Target
from app.domain.past import Result
from app.domain.result_words import call_end
from app.ui.times import clock_face
from app.ui.wording import amount, outcome_name
from app.workers.preview_rows import Said

__all__ = [
    "amount_example",
    "call_end_words",
    "date_example",
    "examples_of",
    "mark_note",
    "mark_words",
    "order_note",
    "order_words",
    "result_name",
    "said_words",
]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Import", text)


def result_name(result: Result) -> str:
    return {
        Result.OPEN: _tr("Still open"),
        Result.WON: _tr("Won"),
        Result.LOST: _tr("Lost"),
        Result.UNFIT: _tr("Not a fit"),
    }[result]


def call_end_words(word: str) -> str:
    """How a word of a call log is read."""
    found = call_end(word)
    if found is None:
        return _tr("says nothing; the length decides")
    outcome, talked = found
    return outcome_name(outcome) if outcome is not None else _tr("Talked") if talked else _tr("No answer")


def _day(at: date) -> str:
    return f"{at.day} {QLocale().standaloneMonthName(at.month)} {at.year}"


def _moment(at: datetime) -> str:
    """An instant; midnight is most likely a day of which nothing more was told."""
    return _day(at) if at.time() == at.time().min else f"{_day(at)}, {at:%H:%M}"


def said_words(target: Target, said: Said, zone: ZoneInfo) -> str:
    """A value as it was read for a target; instants stand in `zone`."""
    if said is None or said == "":
        return ""
    if isinstance(said, datetime):
        return _moment(said.astimezone(zone))
    if isinstance(said, date):
        return _day(said)
    if target is Target.DIRECTION:
        return _tr("The lead called") if said else ""
    if target is Target.AMOUNT and isinstance(said, int):
        return amount(said)
    if target is Target.SECONDS and isinstance(said, int | float):
        return clock_face(said)
    if target is Target.RESULT:
        return result_name(Result(str(said)))
    if target is Target.OUTCOME:
        return _tr("Talked") if said == "talked" else outcome_name(Outcome(str(said)))
    return str(said)


def order_words(order: Order) -> str:
    """A way of writing dates, with New Year's Eve written so."""
    return {
        Order.PLAIN: _tr("As they say themselves · 2024-12-31"),
        Order.DAY_FIRST: _tr("Day first · 31/12/2024"),
        Order.MONTH_FIRST: _tr("Month first · 12/31/2024"),
        Order.YEAR_FIRST: _tr("Year first · 24/12/31"),
        Order.UNTOLD: _tr("Choose: day or month first?"),
    }[order]


def order_note(order: Order, column: Seen) -> str:
    """Why a column is read in this order."""
    if order is Order.UNTOLD:
        return _tr("Nothing in this column says which of the two stands first.")
    if order is not column.order:
        return _tr("As you say.")
    if order is Order.PLAIN:
        return _tr("Every cell says itself which day it is.")
    if column.proof:
        return _tr("“{cell}” can only be read so.").format(cell=column.proof)
    if "." in column.open:
        return _tr("With points between the numbers the day comes first.")
    return _tr("As the other dates of this file are.")


def examples_of(column: Seen, samples: tuple[str, ...]) -> tuple[str, ...]:
    """Two cells that show best how a column of dates is read: one that may be read either way and one that may not."""
    return tuple(dict.fromkeys(text for text in (column.open, column.proof, *samples) if text))[:2]


def date_example(text: str, order: Order, zone: ZoneInfo) -> str:
    """A cell and the day, or the instant, that it is read as."""
    if dates.is_month(text):
        first, last = dates.month_days(text)
        return _tr("{cell} → {first} to {last}").format(cell=text, first=_day(first), last=_day(last))
    if order is Order.UNTOLD:
        both = [
            _day(dates.written(text, one).at)
            for one in (Order.DAY_FIRST, Order.MONTH_FIRST)
            if _reads(text, one)
        ]
        if len(set(both)) == 2:
            return _tr("{cell} → {one} or {other}?").format(cell=text, one=both[0], other=both[1])
        order = Order.PLAIN
    try:
        found = dates.written(text, order)
    except dates.NotADate:
        return _tr("{cell} → no date, read so").format(cell=text)
    at = found.at if found.at.tzinfo is None else found.at.astimezone(zone)
    said = f"{_day(at)}, {at:%H:%M}" if found.has_time else _day(at)
    return _tr("{cell} → {said}").format(cell=text, said=said)


def _reads(text: str, order: Order) -> bool:
    try:
        dates.written(text, order)
    except dates.NotADate:
        return False
    return True


def mark_words(mark: Mark) -> str:
    """A way of writing sums."""
    return {
        Mark.POINT: _tr("Decimal point · 1,234.50"),
        Mark.COMMA: _tr("Decimal comma · 1.234,50"),
        Mark.NONE: _tr("No decimals · 1,234 or 1.234"),
    }[mark]


def mark_note(mark: Mark, column: Seen) -> str:
    """Why a column is read with this mark."""
    if mark is not column.mark:
        return _tr("As you say.")
    if mark is Mark.NONE:
        return _tr("No cell of this column has decimals.")
    return _tr("As its cells with decimals are written.")


def amount_example(text: str, mark: Mark) -> str:
    """A cell and the sum that it is read as."""
    try:
        return _tr("{cell} → {said}").format(cell=text, said=amount(amounts.cents(text, mark)))
    except amounts.NotANumber:
        return _tr("{cell} → no sum, read so").format(cell=text)
