"""Tables of calls, each call by itself: its number, the weekday and the hour it was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from app.domain.report import Column, Draw, Table, Unit
from app.reports import _cells as c
from app.reports._shown import said
from app.reports.response import WEEKDAYS
from app.store.calls import MOST, Calls

_OF_CALLS = "Calls that became a live conversation, of the calls made then, whenever the lead came in."


def attempts(made: Sequence[Calls], called: int) -> Table:
    number, reached, first = Counter[int](), Counter[int](), Counter[int]()
    for some in made:
        number[some.number] += some.made
        reached[some.number] += some.reached
        first[some.number] += some.first
    rows, so_far = [], 0
    for n in range(1, max(number, default=0) + 1):
        so_far += first[n]
        rows.append(
            (
                said(f"{n} and later" if n == MOST else str(n)),
                c.share(reached[n], number[n]),
                c.share(so_far, called),
                c.count(number[n]),
            )
        )
    return Table(
        key="attempts",
        title="Contact by number of the call",
        columns=(
            Column(key="number", title="Call", unit=Unit.TEXT),
            Column(
                key="contact",
                title="Contact",
                unit=Unit.SHARE,
                tip="Calls of that number that became a live conversation, of all calls of that number.",
            ),
            Column(
                key="so_far",
                title="Reached by then",
                unit=Unit.SHARE,
                tip="Leads reached by a call of that number or an earlier one, of all leads that were called.",
            ),
            Column(key="calls", title="Calls", unit=Unit.COUNT),
        ),
        rows=tuple(rows),
        draw=Draw.BAND,
        notes=(
            "Leads that are called fewer times are not those that are called often: the curve is no promise.",
        ),
    )


ByTime = Mapping[tuple[int, int], tuple[int, int]]


def by_time(made: Sequence[Calls]) -> ByTime:
    """(reached, made) by weekday (1 for Monday) and hour of the call on the floor's wall."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for some in made:
        day, hour = divmod(some.hour, 24)
        reached, of = found.get((day + 1, hour), (0, 0))
        found[day + 1, hour] = reached + some.reached, of + some.made
    return found


def heat(zone: str, found: ByTime) -> Table:
    return Table(
        key="heat",
        title="Contact by weekday and hour of the call",
        columns=(
            Column(key="weekday", title="", unit=Unit.TEXT),
            *(Column(key=str(hour), title=str(hour), unit=Unit.SHARE, tip=_OF_CALLS) for hour in range(24)),
        ),
        rows=tuple(
            (said(day), *(c.share(*found.get((number, hour), (0, 0))) for hour in range(24)))
            for number, day in enumerate(WEEKDAYS, 1)
        ),
        draw=Draw.HEAT,
        notes=(f"By the clock on the wall in {zone}, when the call began.",),
    )


def hours(found: ByTime) -> Table:
    return _times("hours", "Contact by hour of the call", "Hour", {
        str(hour): [found[day, at] for day, at in found if at == hour] for hour in range(24)
    })  # fmt: skip


def days(found: ByTime) -> Table:
    return _times("weekdays", "Contact by weekday of the call", "Weekday", {
        name: [found[day, at] for day, at in found if day == number] for number, name in enumerate(WEEKDAYS, 1)
    })  # fmt: skip


def _times(key: str, title: str, head: str, parts: Mapping[str, list[tuple[int, int]]]) -> Table:
    rows = []
    for name, some in parts.items():
        reached, made = (sum(pair[n] for pair in some) for n in (0, 1))
        rows.append((said(name), c.share(reached, made), c.count(made)))
    return Table(
        key=key,
        title=title,
        columns=(
            Column(key=head.lower(), title=head, unit=Unit.TEXT),
            Column(key="contact", title="Contact", unit=Unit.SHARE, tip=_OF_CALLS),
            Column(key="calls", title="Calls", unit=Unit.COUNT),
        ),
        rows=tuple(rows),
        draw=Draw.BAND,
    )
