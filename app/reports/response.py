"""How soon leads are called: time to first call, the SLA, who was escalated, and where the time went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from app.domain.milestones import Also, Group, Span
from app.domain.report import (
    Asked,
    Better,
    By,
    Cell,
    Column,
    Draw,
    Figure,
    Report,
    Segment,
    Table,
    Unit,
)
from app.reports import _cells as c
from app.reports import _lag
from app.reports._delays import by_delay, delay_title
from app.store.facts import Facts

NAME = "response"
TITLE = "Response"
ORDER = 1
BY = c.ORDINARY

_SPANS = (Span.CALL, Span.CALL_WORKED)
_ALL = Segment()
_CALLED = _ALL.narrowed("called", "yes")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CLOCK_TITLES = {
    "first_attempt": "First attempt",
    "first_contact": "First contact",
    "call_back": "Promised call-back",
    "partner": "Partner's first try",
    "result": "Partner's result",
}
_SLA = "Clocks for the first attempt that were met, of those met or breached."


def run(facts: Facts, asked: Asked) -> Report:
    before = facts.before(asked)
    facts.expect(asked, By.DAY, By.TIER, asked.by, spans=_SPANS)
    now = facts.whole(asked, spans=_SPANS)
    was = facts.whole(before, spans=_SPANS) if before else None
    tables = [
        _course(facts, asked),
        _distribution(facts, asked, now),
        _tiers(facts, asked),
        _heat(facts, asked),
    ]
    if asked.by is not By.WHOLE:
        tables.append(_groups(facts, asked))
    tables += [_promises(facts, asked, now), *_lag.tables(facts, asked)]
    return c.report(facts, asked, NAME, TITLE, _figures(now, was), tables)


def _figures(now: Group, was: Group | None) -> Iterator[Figure]:
    for key, title, span, which in (
        ("ttfc_median", "Time to first call, median", Span.CALL, "median"),
        ("ttfc_p90", "Time to first call, p90", Span.CALL, "p90"),
        ("ttfc_worked_median", "In working time, median", Span.CALL_WORKED, "median"),
        ("ttfc_worked_p90", "In working time, p90", Span.CALL_WORKED, "p90"),
    ):
        then = c.spread(was.spread(span), which) if was else None
        yield c.figure(key, title, Unit.SPAN, c.spread(now.spread(span), which, _CALLED), then, Better.LESS)
    yield c.figure(
        "never_called", "Not called", Unit.COUNT, _never(now, _ALL), _never(was) if was else None, Better.LESS,
        "Leads without a call so far; they are in no median.",
    )  # fmt: skip
    yield c.figure(
        "sla", "SLA met", Unit.SHARE, c.sla(now.counts, _ALL), c.sla(was.counts) if was else None, Better.MORE, _SLA
    )  # fmt: skip
    yield c.figure(
        "escalated", "Escalated", Unit.SHARE, _escalated(now, _ALL), _escalated(was) if was else None, Better.LESS,
        "Leads for which a step of a chain was taken, of those with an SLA clock.",
    )  # fmt: skip


def _never(group: Group, behind: Segment | None = None) -> Cell:
    counts = group.counts
    left = behind and behind.narrowed("called", "no")
    return c.count(counts.leads - counts.called, left, n=counts.leads)


def _escalated(group: Group, behind: Segment | None = None) -> Cell:
    counts = group.counts
    return c.share(counts.escalated, counts.clocked, behind and behind.narrowed("escalated", "yes"))


_MEASURES = (
    Column(key="leads", title="Leads", unit=Unit.COUNT),
    Column(key="never", title="Not called", unit=Unit.COUNT),
    Column(key="median", title="Median", unit=Unit.SPAN, tip="From capture to the start of the first call."),
    Column(key="p90", title="p90", unit=Unit.SPAN),
    Column(key="worked_median", title="Median, worked", unit=Unit.SPAN, tip="In the floor's working hours."),
    Column(key="worked_p90", title="p90, worked", unit=Unit.SPAN),
    Column(key="sla", title="SLA met", unit=Unit.SHARE, tip=_SLA),
    Column(key="escalated", title="Escalated", unit=Unit.SHARE, tip="Of the leads with an SLA clock."),
)


def _measures(group: Group, behind: Segment) -> tuple[Cell, ...]:
    called = behind.narrowed("called", "yes")
    return (
        c.count(group.counts.leads, behind),
        _never(group, behind),
        c.spread(group.spread(Span.CALL), "median", called),
        c.spread(group.spread(Span.CALL), "p90", called),
        c.spread(group.spread(Span.CALL_WORKED), "median", called),
        c.spread(group.spread(Span.CALL_WORKED), "p90", called),
        c.sla(group.counts, behind),
        _escalated(group, behind),
    )


def _groups(facts: Facts, asked: Asked) -> Table:
    columns = c.key_columns(asked.by)
    groups = facts.groups(asked, asked.by, spans=_SPANS)
    return Table(
        key="groups",
        title=f"By {asked.by.value}",
        columns=(*columns, *_MEASURES),
        rows=tuple(
            (*cells, *_measures(group, behind)) for cells, group, behind in c.rows(facts, columns, groups)
        ),
    )


def _course(facts: Facts, asked: Asked) -> Table:
    """Days of a month or less, else weeks."""
    by = By.DAY if asked.until - asked.since <= timedelta(days=31) else By.WEEK
    groups = facts.groups(asked, by, spans=_SPANS)
    columns = c.key_columns(by)
    made = []
    for name in facts.times(asked, by):
        behind = c.told(columns, (name,))
        made.append((*c.key_cells(facts, columns, (name,)), *_measures(groups.get((name,), Group()), behind)))
    return Table(
        key="course",
        title="Time to first call",
        columns=(*columns, *_MEASURES),
        rows=tuple(made),
        draw=Draw.BAND,
    )


def _distribution(facts: Facts, asked: Asked, now: Group) -> Table:
    made = []
    for name, counts in by_delay(facts, asked).items():
        behind = _ALL.narrowed(Also.DELAY, name)
        made.append(
            (
                Cell(value=delay_title(name), behind=behind),
                c.count(counts.leads, behind),
                c.share(counts.leads, now.counts.leads, behind),
            )
        )
    return Table(
        key="distribution",
        title="How soon the first call came",
        columns=(
            Column(key="delay", title="First call", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="share", title="Of all", unit=Unit.SHARE),
        ),
        rows=tuple(made),
        draw=Draw.BARS,
    )


def _tiers(facts: Facts, asked: Asked) -> Table:
    groups = facts.groups(asked, By.TIER, spans=_SPANS)
    columns = c.key_columns(By.TIER)
    order = {rule.tier.value: n for n, rule in enumerate(facts.rulebook.tiers)}
    made = sorted(groups.items(), key=lambda item: order.get(item[0][0], len(order)))
    return Table(
        key="tiers",
        title="By tier",
        columns=(*columns, *_MEASURES),
        rows=tuple(
            (*c.key_cells(facts, columns, key), *_measures(group, c.told(columns, key)))
            for key, group in made
        ),
        notes=("A lead counts in the tier that it has now.",),
    )


def _heat(facts: Facts, asked: Asked) -> Table:
    groups = facts.groups(asked, Also.WEEKDAY, Also.HOUR)
    made = []
    for number, day in enumerate(WEEKDAYS, 1):
        row = [Cell(value=day, behind=_ALL.narrowed("weekday", str(number)))]
        for hour in range(24):
            behind = _ALL.narrowed("weekday", str(number)).narrowed("hour", str(hour))
            row.append(c.sla(groups.get((str(number), str(hour)), Group()).counts, behind))
        made.append(tuple(row))
    return Table(
        key="heat",
        title="SLA met by when they asked",
        columns=(
            Column(key="weekday", title="", unit=Unit.TEXT),
            *(Column(key=str(hour), title=str(hour), unit=Unit.SHARE) for hour in range(24)),
        ),
        rows=tuple(made),
        draw=Draw.HEAT,
        notes=(f"By the clock on the wall in {facts.zone}, when the lead was captured.",),
    )


def _promises(facts: Facts, asked: Asked, now: Group) -> Table:
    """Clocks of every kind, each apart: only the first attempt's are the SLA."""
    clocks = {"first_attempt": (now.counts.met, now.counts.breached)} | facts.clocks(asked)
    made = []
    for kind, title in _CLOCK_TITLES.items():
        met, breached = clocks.get(kind, (0, 0))
        if met + breached:
            made.append((Cell(value=title), c.count(met), c.count(breached), c.share(met, met + breached)))
    return Table(
        key="promises",
        title="Promises by kind",
        columns=(
            Column(key="kind", title="Clock", unit=Unit.TEXT),
            Column(key="met", title="Met", unit=Unit.COUNT),
            Column(key="breached", title="Breached", unit=Unit.COUNT),
            Column(key="share", title="Met, of both", unit=Unit.SHARE),
        ),
        rows=tuple(made),
    )
