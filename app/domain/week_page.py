"""The pages of a week: what was counted, as reports that every drawer draws. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.hours import zone_of
from app.domain.lead import Rep
from app.domain.report import FEW, Asked, Better, Cell, Column, Figure, Report, Table, Unit
from app.domain.rulebook import Rulebook
from app.domain.scorecard import Measure, Scorecard
from app.domain.scoring import Card, Share, median, score, shares
from app.domain.week import WeekPage
from app.domain.week_count import Counted

__all__ = ["MEASURES", "pages"]

MEASURES = {
    Measure.FAST: "First calls made soon",
    Measure.PROMISE: "Promises kept",
    Measure.CONTACT: "Contact rate",
    Measure.BOOKED: "Booking rate",
    Measure.WON: "Won",
    Measure.LOGGED: "Outcomes said",
    Measure.TALKED: "Talked at length",
}
"""What a measure is called on every page and in every table."""
_SHORT = {
    Measure.FAST: "Soon",
    Measure.PROMISE: "Promises",
    Measure.CONTACT: "Contact",
    Measure.BOOKED: "Booked",
    Measure.WON: "Won",
    Measure.LOGGED: "Said",
    Measure.TALKED: "Length",
}
_FOOT = "Counted is what was done in this week; what changed afterwards is listed beside the page and alters nothing."


def pages(
    week: str,
    lines: tuple[Counted, ...],
    rulebook: Rulebook,
    people: Mapping[str, Rep],
    span: tuple[datetime, datetime],
    made_at: datetime,
    head: int,
) -> tuple[WeekPage, ...]:
    """The floor's page, then one for everybody for whom anything was counted, by name."""
    rule = rulebook.scorecard
    floor = shares(lines, rule)
    ids = sorted({line.rep_id for line in lines} & people.keys(), key=lambda one: (people[one].name, one))
    cards = {one: score(rule, one, people[one].name, lines, floor) for one in ids}

    def page(rep_id: str, title: str, mine: tuple[Counted, ...], tables: tuple[Table, ...]) -> WeekPage:
        card = cards.get(rep_id)
        name = card.name if card is not None else ""
        report = Report(
            name="week",
            title=title,
            asked=Asked(since=span[0], until=span[1]),
            zone=zone_of(rulebook.calendars),
            about=_about(rulebook, span),
            made_at=made_at,
            head=head,
            figures=(*_score(card), *_figures(mine, rule)),
            tables=tables,
            notes=(*(card.why if card is not None else ()), _rule(rulebook), _FOOT),
        )
        shown = tuple(cards.values()) if not rep_id else (cards[rep_id],)
        return WeekPage(
            week=week, rep_id=rep_id, rep_name=name, rulebook=rulebook.version, rule=rule, report=report,
            cards=shown, counted=mine,
        )  # fmt: skip

    whole = page("", f"Week {week}", lines, (_everybody(cards.values(), rule), _measures(lines, rule)))
    return (
        whole,
        *(
            page(one, f"{cards[one].name}, week {week}", mine, (_points(cards[one]),))
            for one in ids
            if (mine := tuple(line for line in lines if line.rep_id == one))
        ),
    )


def _about(rulebook: Rulebook, span: tuple[datetime, datetime]) -> str:
    zone = zone_of(rulebook.calendars)
    first, last = (at.astimezone(ZoneInfo(zone)) for at in (span[0], span[1] - timedelta(seconds=1)))
    return f"What was done from {first:%d %B} to {last:%d %B %Y} · {zone}"


def _rule(rulebook: Rulebook) -> str:
    return f"Scored by rulebook {rulebook.version}, “{rulebook.name}”; points of the measures add up to the score."


def _score(card: Card | None) -> tuple[Figure, ...]:
    if card is None:
        return ()
    note = "" if card.score is not None else "too few"
    cell = Cell(value=card.score, low=card.low, high=card.high, n=card.leads, note=note)
    return (Figure(key="score", title="Score", unit=Unit.SCORE, now=cell, better=Better.MORE),)


def _figures(lines: tuple[Counted, ...], rule: Scorecard) -> tuple[Figure, ...]:
    own = shares(lines, rule)
    wait, n = median(lines)
    counting = [line for line in lines if line.why_not in ("", "shift")]
    return (
        Figure(
            key="ttfc", title="Median wait", unit=Unit.SPAN, now=Cell(value=wait, n=n),
            better=Better.LESS, note="first call, working time",
        ),
        *(
            Figure(
                key=measure.value, title=MEASURES[measure], unit=Unit.SHARE, now=share_cell(own[measure]),
                better=Better.MORE,
            )
            for measure in (Measure.PROMISE, Measure.CONTACT, Measure.BOOKED)
        ),
        Figure(
            key="calls", title="Calls", unit=Unit.COUNT, now=Cell(value=sum(one.calls for one in counting))
        ),
        Figure(
            key="booked", title="First appointments", unit=Unit.COUNT, better=Better.MORE,
            now=Cell(value=sum(one.booked for one in counting)),
        ),
        Figure(
            key="won", title="Won", unit=Unit.COUNT, better=Better.MORE,
            now=Cell(value=sum(one.won for one in counting)),
        ),
        Figure(
            key="amount", title="Amount won", unit=Unit.MONEY, better=Better.MORE,
            now=Cell(value=sum(one.amount for one in counting)),
        ),
    )  # fmt: skip


def share_cell(share: Share) -> Cell:
    """A share with its interval and of how many it is."""
    if share.value is None:
        return Cell(value=None, n=0, note=FEW)
    low, high = share.interval()
    return Cell(value=share.value, low=low, high=high, n=share.n)


def _points(card: Card) -> Table:
    rows = tuple(
        (
            Cell(value=MEASURES[part.measure]),
            share_cell(part.share),
            Cell(value=part.floor),
            Cell(value=part.reckoned, low=part.low, high=part.high),
            Cell(value=part.points, note="" if part.points is not None else "too few"),
            Cell(value=round(part.of, 1) if part.points is not None else None),
        )
        for part in card.parts
    )
    return Table(
        key="points",
        title="Points",
        columns=(
            Column(key="measure", title="Measure", unit=Unit.TEXT),
            Column(key="share", title="Share", unit=Unit.SHARE),
            Column(key="floor", title="Floor", unit=Unit.SHARE),
            Column(key="reckoned", title="Reckoned", unit=Unit.SHARE, tip="Moved towards the floor's mean."),
            Column(key="points", title="Points", unit=Unit.SCORE),
            Column(key="of", title="Of", unit=Unit.SCORE),
        ),
        rows=rows,
        notes=tuple(f"{MEASURES[part.measure]}: {part.why}" for part in card.parts),
    )


def _everybody(cards: Iterable[Card], rule: Scorecard) -> Table:
    rows = []
    for card in cards:
        points = {part.measure: part.points for part in card.parts}
        note = "" if card.score is not None else "too few"
        rows.append(
            (
                Cell(value=card.name),
                Cell(value=card.leads),
                Cell(value=card.score, low=card.low, high=card.high, note=note),
                *(Cell(value=points[target.measure]) for target in rule.measures),
            )
        )
    return Table(
        key="scores",
        title="Scores",
        columns=(
            Column(key="rep", title="Rep", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT, tip="Leads called."),
            Column(key="score", title="Score", unit=Unit.SCORE),
            *(
                Column(
                    key=target.measure.value,
                    title=_SHORT[target.measure],
                    unit=Unit.SCORE,
                    tip=MEASURES[target.measure],
                )
                for target in rule.measures
            ),
        ),
        rows=tuple(rows),
        notes=("The columns of the measures are points.",),
    )


def _measures(lines: tuple[Counted, ...], rule: Scorecard) -> Table:
    own = shares(lines, rule)
    return Table(
        key="measures",
        title="The floor's measures",
        columns=(
            Column(key="measure", title="Measure", unit=Unit.TEXT),
            Column(key="share", title="Share", unit=Unit.SHARE),
            Column(key="none_at", title="No points up to", unit=Unit.SHARE),
            Column(key="full_at", title="All points from", unit=Unit.SHARE),
            Column(key="weight", title="Weight", unit=Unit.SCORE),
        ),
        rows=tuple(
            (
                Cell(value=MEASURES[target.measure]),
                share_cell(own[target.measure]),
                Cell(value=target.none_at),
                Cell(value=target.full_at),
                Cell(value=target.weight),
            )
            for target in rule.measures
        ),
    )
