"""Sources & ROI: what each medium, campaign and ad brought and cost, by the first touch and by the last."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.measure import roi
from app.domain.milestones import Also, Counts
from app.domain.report import Asked, Better, By, Cell, Column, Draw, Figure, Report, Segment, Table, Unit
from app.reports._cells import NONE, count, report, share
from app.reports._money import LEVELS, Names, Spent, folded, spent_on
from app.reports._shown import paid, said
from app.store.facts import Facts

NAME = "sources"
TITLE = "Sources & ROI"
ORDER = 3
BY = (By.SOURCE, By.MEDIUM, By.CAMPAIGN, By.AD)
_HEADS = ("Medium", "Campaign", "Ad")
_FIGURES = (
    Column(key="leads", title="Leads", unit=Unit.COUNT),
    Column(
        key="cost", title="Cost", unit=Unit.MONEY, tip="What was spent on it in the period, spread by day."
    ),
    Column(key="cpl", title="Cost per lead", unit=Unit.MONEY, tip="Cost ÷ leads."),
    Column(key="contact", title="Contact", unit=Unit.SHARE, tip="Leads that were talked to ÷ leads."),
    Column(key="qualified", title="Qualified", unit=Unit.COUNT),
    Column(key="cpq", title="Cost per qualified", unit=Unit.MONEY, tip="Cost ÷ qualified leads."),
    Column(key="won", title="Won", unit=Unit.COUNT),
    Column(key="conversion", title="Conversion", unit=Unit.SHARE, tip="Won ÷ leads."),
    Column(key="cps", title="Cost per sale", unit=Unit.MONEY, tip="Cost ÷ leads that were won."),
    Column(key="revenue", title="Revenue", unit=Unit.MONEY),
    Column(key="roi", title="ROI", unit=Unit.TIMES, tip="(Revenue − cost) ÷ cost."),
)
_LAST = (Also.LAST_MEDIUM, Also.LAST_CAMPAIGN, Also.LAST_AD)
_LAST_FIGURES = tuple(
    column for column in _FIGURES if column.key in ("leads", "won", "conversion", "revenue")
)


class _Row:
    """A source: its leads however it is written, and each way in which it is."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.ways: dict[Names, int] = {}

    def add(self, names: Names, counts: Counts) -> None:
        self.counts += counts
        self.ways[names] = self.ways.get(names, 0) + counts.leads

    @property
    def written(self) -> Names:
        """As most of its leads have it."""
        return max(self.ways, key=lambda names: (self.ways[names], names))


def run(facts: Facts, asked: Asked) -> Report:
    facts.expect(asked, *LEVELS, *_LAST)
    counts = {names: group.counts for names, group in facts.groups(asked, *LEVELS).items()}
    money = spent_on(facts, asked)
    before = facts.before(asked)
    depth = {By.MEDIUM: (1,), By.CAMPAIGN: (2,), By.AD: (3,)}.get(asked.by, (1, 2, 3))
    tables = [_table(level, _rows(counts, level), money) for level in depth]
    last = {names: group.counts for names, group in facts.groups(asked, *_LAST).items()}
    tables.append(_by_last(_rows(last, 1)))
    return report(
        facts,
        asked,
        NAME,
        TITLE,
        figures=_figures(_sum(counts.values()), money, *_was(facts, before)),
        tables=tuple(tables),
        notes=_notes(money),
    )


def _was(facts: Facts, before: Asked | None) -> tuple[Counts, Spent] | tuple[None, None]:
    return (facts.whole(before).counts, spent_on(facts, before)) if before else (None, None)


def _sum(counts: Iterable[Counts]) -> Counts:
    total = Counts()
    for one in counts:
        total += one
    return total


def _rows(counts: dict[Names, Counts], depth: int) -> dict[Names, _Row]:
    """The sources of a level, the one with most leads first."""
    found: dict[Names, _Row] = {}
    for names, of in counts.items():
        found.setdefault(folded(names[:depth]), _Row()).add(names[:depth], of)
    return dict(sorted(found.items(), key=lambda item: (-item[1].counts.leads, item[0])))


def _table(depth: int, rows: dict[Names, _Row], money: Spent) -> Table:
    for names in sorted(money.of):
        if len(names) == depth and names not in rows:
            rows[names] = _Row()
            rows[names].add(money.written[names], Counts())
    level = _HEADS[depth - 1]
    columns = tuple(Column(key=head.lower(), title=head, unit=Unit.TEXT) for head in _HEADS[:depth])
    lines = []
    for names, row in rows.items():
        behind = _behind(row, LEVELS[:depth])
        heads = tuple(said(name or NONE, behind) for name in row.written)
        lines.append(heads + _line(row.counts, money.cost(names), behind))
    return Table(
        key=f"by_{level.lower()}",
        title=f"By {level.lower()} · first touch",
        columns=columns + _FIGURES,
        rows=tuple(lines),
        draw=Draw.TABLE,
        notes=_level_notes(depth, money),
    )


def _behind(row: _Row, fields: Iterable[str]) -> Segment:
    segment = Segment()
    for place, field in enumerate(fields):
        segment = segment.narrowed(field, *sorted({names[place] for names in row.ways}))
    return segment


def _line(counts: Counts, cost: int | None, behind: Segment) -> tuple[Cell, ...]:
    return (
        count(counts.leads, behind),
        Cell(value=cost, note="" if cost is not None else "no cost entered"),
        paid(cost, counts.leads),
        share(counts.contacted, counts.leads, behind.narrowed("contact", "yes")),
        count(counts.qualified, behind.narrowed("qualified", "yes")),
        paid(cost, counts.qualified),
        count(counts.won, behind.narrowed("won", "yes")),
        share(counts.won, counts.leads, behind.narrowed("won", "yes")),
        paid(cost, counts.won),
        Cell(value=counts.revenue, n=counts.won, behind=behind.narrowed("won", "yes")),
        Cell(value=roi(counts.revenue, cost or 0), n=counts.won, note="" if cost else "no cost entered"),
    )


def _by_last(rows: dict[Names, _Row]) -> Table:
    lines = []
    for row in rows.values():
        behind = _behind(row, _LAST[:1])
        c = row.counts
        won = behind.narrowed("won", "yes")
        cells = (count(c.leads, behind), count(c.won, won), share(c.won, c.leads, won))
        lines.append(
            (said(row.written[0] or NONE, behind), *cells, Cell(value=c.revenue, n=c.won, behind=won))
        )
    return Table(
        key="by_last_touch",
        title="By medium · last touch",
        columns=(Column(key="medium", title="Medium", unit=Unit.TEXT), *_LAST_FIGURES),
        rows=tuple(lines),
        notes=(
            "The last touch is where the latest inquiry that said so came from; the first, where the first did. "
            "Who asked once has the same for both. Costs stand with the first touch only.",
        ),
    )


def _figures(now: Counts, money: Spent, was: Counts | None, money_was: Spent | None) -> tuple[Figure, ...]:
    def cells(counts: Counts, spent: Spent) -> dict[str, Cell]:
        cost = None if spent.by_other or not spent.of else spent.total
        return dict(zip((column.key for column in _FIGURES), _line(counts, cost, Segment()), strict=True))

    mine = cells(now, money)
    theirs = cells(was, money_was) if was is not None and money_was is not None else {}
    better = {"cpl": Better.LESS, "cpq": Better.LESS, "cps": Better.LESS, "cost": Better.NEITHER}
    return tuple(
        Figure(
            key=column.key,
            title=column.title,
            unit=column.unit,
            now=mine[column.key],
            was=theirs.get(column.key),
            better=better.get(column.key, Better.MORE),
            note=column.tip,
        )
        for column in _FIGURES
    )


def _level_notes(depth: int, money: Spent) -> tuple[str, ...]:
    if depth == 1 or not money.of:
        return ()
    below = {1: "", 2: "campaign", 3: "ad"}[depth]
    parts = sum(amount for names, amount in money.of.items() if len(names) == depth)
    rest = money.total - parts
    return (f"Cost that was entered for no one {below} stands with the level above.",) if rest else ()


def _notes(money: Spent) -> tuple[str, ...]:
    notes = [
        "Leads by capture in the period, and what became of them until now; cost by the days of the period.",
        "Without cost, cost per lead and ROI are “–”. Names that differ only in capital letters are one source.",
    ]
    if money.by_other:
        notes.append("Cost is left out: it is spent on sources, not on the leads that were chosen here.")
    return tuple(notes)
