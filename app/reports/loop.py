"""Response loop: what a campaign sends, how it is answered, and what comes of it."""

from __future__ import annotations

from app.domain.baseline import SOON
from app.domain.milestones import Also, Counts, Group, Span
from app.domain.report import Asked, Better, By, Cell, Column, Draw, Figure, Report, Segment, Table, Unit
from app.reports._cells import NONE, count, report, share
from app.reports._delays import Delays, by_delay
from app.reports._money import Spent, folded, spent_on
from app.reports._shown import median, paid, said
from app.store.facts import Facts

NAME = "loop"
TITLE = "Response loop"
ORDER = 7
BY = (By.CAMPAIGN, By.MEDIUM)
_MOST = 40


def run(facts: Facts, asked: Asked) -> Report:
    keys = (By.MEDIUM,) if asked.by == By.MEDIUM else (By.MEDIUM, By.CAMPAIGN)
    groups = facts.groups(asked, *keys, spans=(Span.CALL,))
    soon = _soon(facts, asked, keys)
    delays = by_delay(facts, asked)
    before = facts.before(asked)
    whole, was = facts.whole(asked), facts.whole(before) if before else None
    soon_was = _soon(facts, before, ())[()] if before else 0
    return report(
        facts,
        asked,
        NAME,
        TITLE,
        figures=_figures(whole.counts, sum(soon.values()), was.counts if was else None, soon_was),
        tables=(
            _campaigns(groups, soon, spent_on(facts, asked), keys),
            _answered(delays),
        ),
        notes=(
            "A campaign is judged by what came of its leads, and what came of them depends on how soon they were "
            "called: a campaign that is answered late looks worse than it is.",
            "What is shown is what was seen, not what an earlier call would have brought.",
        ),
    )


def _soon(facts: Facts, asked: Asked, keys: tuple[By, ...]) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {} if keys else {(): 0}
    for (*names, delay), group in facts.groups(asked, *keys, Also.DELAY).items():
        if delay in SOON:
            found[tuple(names)] = found.get(tuple(names), 0) + group.counts.leads
    return found


def _figures(now: Counts, soon: int, was: Counts | None, soon_was: int) -> tuple[Figure, ...]:
    everybody = Segment()
    return (
        Figure(
            key="soon",
            title="Called within 5 minutes",
            unit=Unit.SHARE,
            now=share(soon, now.leads, everybody.narrowed(Also.DELAY, *SOON)),
            was=share(soon_was, was.leads) if was else None,
            better=Better.MORE,
            note="Of all leads; those never called are not within five minutes.",
        ),
        Figure(
            key="never",
            title="Never called",
            unit=Unit.SHARE,
            now=share(now.leads - now.called, now.leads, everybody.narrowed("called", "no")),
            was=share(was.leads - was.called, was.leads) if was else None,
            better=Better.LESS,
        ),
        Figure(
            key="contact",
            title="Contact rate",
            unit=Unit.SHARE,
            now=share(now.contacted, now.leads, everybody.narrowed("contact", "yes")),
            was=share(was.contacted, was.leads) if was else None,
            better=Better.MORE,
        ),
    )


def _campaigns(
    groups: dict[tuple[str, ...], Group],
    soon: dict[tuple[str, ...], int],
    money: Spent,
    keys: tuple[By, ...],
) -> Table:
    rows = []
    most = sorted(groups.items(), key=lambda item: (-item[1].counts.leads, item[0]))
    for names, group in most[:_MOST]:
        c, mine = group.counts, Segment()
        for key, name in zip(keys, names, strict=True):
            mine = mine.narrowed(key, name)
        contact = mine.narrowed("contact", "yes")
        cost = money.cost(folded(names)) if all(names) else None
        rows.append(
            (
                said(" · ".join(name or NONE for name in names), mine),
                count(c.leads, mine),
                Cell(value=cost, note="" if cost is not None else "no cost entered"),
                median(group.spread(Span.CALL), mine.narrowed("called", "yes")),
                share(soon.get(names, 0), c.leads, mine.narrowed(Also.DELAY, *SOON)),
                share(c.leads - c.called, c.leads, mine.narrowed("called", "no")),
                share(c.contacted, c.leads, contact),
                paid(cost, c.contacted),
                share(c.qualified, c.leads, mine.narrowed("qualified", "yes")),
                share(c.won, c.leads, mine.narrowed("won", "yes")),
            )
        )
    rest = len(most) - len(rows)
    return Table(
        key="campaigns",
        title="Campaigns and how they are answered",
        columns=(
            Column(key="campaign", title="Campaign", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="cost", title="Cost", unit=Unit.MONEY),
            Column(key="ttfc", title="Median TTFC", unit=Unit.SPAN, tip="Of those that were called."),
            Column(key="soon", title="Within 5 minutes", unit=Unit.SHARE, tip="Of all its leads."),
            Column(key="never", title="Never called", unit=Unit.SHARE),
            Column(key="contact", title="Contact rate", unit=Unit.SHARE),
            Column(key="cpc", title="Cost per contact", unit=Unit.MONEY, tip="Cost ÷ leads talked to."),
            Column(key="qualified", title="Qualified", unit=Unit.SHARE),
            Column(key="won", title="Won", unit=Unit.SHARE),
        ),
        rows=tuple(rows),
        notes=(f"{rest:,} smaller ones are left out.",) if rest else (),
    )


def _answered(delays: Delays) -> Table:
    rows = []
    for name, c in delays.items():
        mine = Segment().narrowed(Also.DELAY, name)
        rows.append(
            (
                said(name, mine),
                count(c.leads, mine),
                share(c.contacted, c.leads, mine.narrowed("contact", "yes")),
                share(c.qualified, c.leads, mine.narrowed("qualified", "yes")),
                share(c.won, c.leads, mine.narrowed("won", "yes")),
            )
        )
    return Table(
        key="answered",
        title="What came of it, by how soon they were called",
        columns=(
            Column(key="delay", title="Called within", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="contact", title="Contact rate", unit=Unit.SHARE),
            Column(key="qualified", title="Qualified", unit=Unit.SHARE),
            Column(key="won", title="Won", unit=Unit.SHARE),
        ),
        rows=tuple(rows),
        draw=Draw.BARS,
    )
