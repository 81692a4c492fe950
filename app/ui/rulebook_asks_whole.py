"""What is asked about the rulebook as a whole: its tiers, limits and the order of the queue."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.rulebook import Rulebook
from app.domain.worth import OrderBy
from app.ui import rulebook_read as r
from app.ui.rulebook_ask import Around, Ask, Picked, Typed, typed
from app.ui.slots import parse_amount
from app.ui.wording import amount

__all__ = ["hold_asks", "limit_asks", "limit_of_clocks_asks", "order_asks", "retry_asks", "tier_asks"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook_asks", text)


def _code(text: str) -> str:
    return text.strip().upper()


def _seconds(text: str) -> float:
    return float(r.span_of(text))


def _by_worth(book: Rulebook) -> bool:
    return book.order.by is OrderBy.WORTH


def tier_asks(_around: Around) -> tuple[Ask, ...]:
    return (
        typed("tiers.0.at_least", _tr("HOT from a score of"), r.whole_of, r.whole_said),
        typed("tiers.0.sla", _tr("HOT is called within"), r.span_of, r.span_said),
        typed("tiers.1.at_least", _tr("WARM from a score of"), r.whole_of, r.whole_said),
        typed("tiers.1.sla", _tr("WARM is called within"), r.span_of, r.span_said),
        typed(
            "hysteresis",
            _tr("A lead keeps its tier until it is below by"),
            r.whole_of,
            r.whole_said,
            _tr("Points; so that none goes to and fro."),
        ),
        typed("tiers.2.sla", _tr("COLD is called within"), r.span_of, r.span_said),
        typed(
            "default_country",
            _tr("Phone numbers without a country are of"),
            _code,
            str,
            _tr("Two letters, such as US or DE."),
        ),
    )


def limit_asks(_around: Around) -> tuple[Ask, ...]:
    return (
        typed(
            "fit_most",
            _tr("Fit gives at most"),
            r.maybe_whole_of,
            r.whole_said,
            _tr("Points. Empty: no limit."),
        ),
        typed(
            "intent_most",
            _tr("Intent gives at most"),
            r.maybe_whole_of,
            r.whole_said,
            _tr("Points. Empty: no limit."),
        ),
        typed("name", _tr("This rulebook is called"), str.strip, str),
    )


def limit_of_clocks_asks(_around: Around) -> tuple[Ask, ...]:
    return (
        typed("release_after", _tr("A desk that is gone gives its leads back after"), r.span_of, r.span_said),
        typed("pause_limit", _tr("A clock is paused at a time for at most"), r.span_of, r.span_said),
    )


def retry_asks(_around: Around) -> tuple[Ask, ...]:
    return (
        typed(
            "retry_after",
            _tr("Without an answer a lead is tried again after"),
            r.spans_of,
            r.spans_said,
            _tr("One time for each further try."),
            wide=True,
        ),
    )


def hold_asks(_around: Around) -> tuple[Ask, ...]:
    return (typed("hold_seconds", _tr("“I have it” stops the chain for"), r.span_of, r.span_said),)


def _values(around: Around) -> Typed:
    """What a deal of each way in is worth, by the way's name."""
    names = dict(around.sources)
    ids = {name.casefold(): source for source, name in around.sources}

    def read(text: str) -> tuple[tuple[str, int], ...]:
        found = []
        for part in text.splitlines():
            name, colon, worth = part.rpartition(":")
            cents = parse_amount(worth) if colon else None
            if part.strip() and cents is None:
                raise ValueError(_tr("Write a way in and an amount on each line, such as Quote form: 1200."))
            if cents is not None:
                known = ids.get(name.strip().casefold(), name.strip() if name.strip() in names else "")
                if not known:
                    raise ValueError(_tr("There is no way in called “{name}”.").format(name=name.strip()))
                found.append((known, cents))
        return tuple(found)

    def write(values: tuple[tuple[str, int], ...]) -> str:
        return "\n".join(f"{names.get(source, source)}: {amount(cents)}" for source, cents in values)

    label = _tr("What a deal is worth, by way in")
    note = _tr("A line each: Quote form: 1200. The others count as their mean.")
    return typed("order.values", label, read, write, note, wide=True, lines=3, shown=_by_worth)


def order_asks(around: Around) -> tuple[Ask, ...]:
    by: dict[OrderBy, str] = {
        OrderBy.WORTH: _tr("By what waiting costs"),
        OrderBy.ARRIVAL: _tr("Oldest first"),
        OrderBy.DEADLINE: _tr("Earliest deadline first"),
        OrderBy.SCORE: _tr("Best score first"),
    }
    return (
        Picked(key="order.by", label=_tr("First calls stand"), options=list(by.items())),
        typed(
            "order.every",
            _tr("One pick in so many goes to the longest wait"),
            r.whole_of,
            r.whole_said,
            _tr("0: none."),
        ),
        typed("guard_seconds", _tr("By deadline once less is left than"), r.span_of, r.span_said),
        typed("guard_share", _tr("or than this share of its time"), r.share_of, r.share_said),
        typed("order.ahead", _tr("Looks ahead by"), _seconds, r.span_said, shown=_by_worth),
        typed(
            "order.chances",
            _tr("Chance to qualify, by score"),
            r.chances_of,
            r.chances_said,
            wide=True,
            shown=_by_worth,
        ),
        typed(
            "order.curve.odds", _tr("Odds of an answer at once"), r.number_of, r.number_said, shown=_by_worth
        ),
        typed("order.curve.shift", _tr("They begin to fall after"), _seconds, r.span_said, shown=_by_worth),
        typed("order.curve.power", _tr("How steeply"), r.number_of, r.number_said, shown=_by_worth),
        typed(
            "order.curve.retry",
            _tr("What each earlier call leaves of them"),
            r.share_of,
            r.share_said,
            shown=_by_worth,
        ),
        typed(
            "order.tried_seconds",
            _tr("A call without an answer takes"),
            _seconds,
            r.span_said,
            shown=_by_worth,
        ),
        typed("order.talked_seconds", _tr("one that is answered"), _seconds, r.span_said, shown=_by_worth),
        typed(
            "order.qualified_seconds",
            _tr("one with somebody who qualifies"),
            _seconds,
            r.span_said,
            shown=_by_worth,
        ),
        _values(around),
    )
