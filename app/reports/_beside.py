"""The floor's own numbers by response delay beside the published ones (`_published.py`), to which nothing is fitted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from app.domain.measure import (
    TOO_FEW,
    odds_ratio,
    odds_ratio_interval,
    share_ratio,
    share_ratio_interval,
)
from app.domain.milestones import DELAYS, NEVER, Also, Counts
from app.domain.report import Asked, Cell, Column, Draw, Segment, Table, Unit
from app.domain.report_words import interval_words, value_words
from app.reports import _cells as c
from app.reports._delays import Delays, delay_title
from app.reports._published import (
    AUDIT,
    CONTACT_BY_DELAY,
    FIGURES,
    QUALIFIED_BY_DELAY,
    SAID,
    STUDIES,
    Like,
    Published,
)
from app.reports._shown import said
from app.store.calls import answered_within
from app.store.facts import Facts

CONTACT = "Leads with a live conversation, of all leads."
QUALIFIED = "Leads with a first appointment or won, of all leads."
Step = Callable[[Counts], int]
_ALL = Segment()
_SOON = ("1 min", "5 min")
_MONTH = timedelta(days=30)


def together(some: Iterable[Counts]) -> Counts:
    return sum(some, Counts())


def contacted(counts: Counts) -> int:
    return counts.contacted


def qualified(counts: Counts) -> int:
    return counts.qualified


def booked(counts: Counts) -> int:
    return counts.booked


def odds(delays: Delays, step: Step) -> Cell:
    return _against(delays, _SOON, ("30 min",), step, odds_ratio, odds_ratio_interval)


def _against(
    delays: Delays,
    these: tuple[str, ...],
    those: tuple[str, ...],
    step: Step,
    ratio: Callable[[int, int, int, int], float | None],
    interval: Callable[[int, int, int, int], tuple[float, float] | None],
) -> Cell:
    """Some groups of delays against others; n is of both."""
    some, others = (together(delays[name] for name in names) for names in (these, those))
    behind = _ALL.narrowed(Also.DELAY, *these, *those)
    n = some.leads + others.leads
    four = (step(some), some.leads, step(others), others.leads)
    value = ratio(*four)
    if min(some.leads, others.leads) < TOO_FEW or value is None:
        return Cell(value=None, n=n, behind=behind, note=c.FEW)
    low, high = interval(*four) or (None, None)
    return Cell(value=value, low=low, high=high, n=n, behind=behind)


def delay(delays: Delays) -> Table:
    soon = together(delays[name] for name in _SOON)
    made = []
    for name, _ in DELAYS:
        counts, behind = delays[name], _ALL.narrowed(Also.DELAY, name)
        made.append(
            (
                said(delay_title(name), behind),
                c.share(counts.contacted, counts.leads, behind.narrowed("contact", "yes")),
                c.share(counts.qualified, counts.leads, behind.narrowed("qualified", "yes")),
                Cell(value=_as_studied(soon, soon.contacted, CONTACT_BY_DELAY.get(name))),
                Cell(value=_as_studied(soon, soon.qualified, QUALIFIED_BY_DELAY.get(name))),
                c.count(counts.leads, behind),
            )
        )
    never = delays[NEVER]
    return Table(
        key="delay",
        title="Contact and qualification by response delay",
        columns=(
            Column(key="delay", title="First call", unit=Unit.TEXT),
            Column(key="contact", title="Contact", unit=Unit.SHARE, tip=CONTACT),
            Column(key="qualified", title="Qualified", unit=Unit.SHARE, tip=QUALIFIED),
            Column(key="study_contact", title="Contact, LRM study 2007", unit=Unit.SHARE, tip=SAID[0]),
            Column(key="study_qualified", title="Qualified, LRM study 2007", unit=Unit.SHARE, tip=SAID[0]),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
        ),
        rows=tuple(made),
        draw=Draw.BAND,
        beside=("study_contact", "study_qualified"),
        notes=(
            *SAID,
            f"{never.leads:,} leads without a call stand in none of the groups; {never.contacted:,} of them were "
            f"talked to all the same. Leads that are open may yet be reached.",
        ),
    )


def _as_studied(soon: Counts, part: int, odds: float | None) -> float | None:
    """The share at so many times the odds of those called within five minutes."""
    if odds is None or soon.leads < TOO_FEW:
        return None
    return part * odds / (part * odds + soon.leads - part)


def audit(delays: Delays) -> Table:
    leads = together(delays.values()).leads
    rows = []
    for when, (groups, published) in AUDIT.items():
        mine, behind = sum(delays[name].leads for name in groups), _ALL.narrowed(Also.DELAY, *groups)
        rows.append(
            (said(when, behind), c.share(mine, leads, behind), Cell(value=published), c.count(mine, behind))
        )
    return Table(
        key="audit",
        title="When leads are answered, beside an audit of 2,241 firms",
        columns=(
            Column(key="when", title="First call", unit=Unit.TEXT),
            Column(key="share", title="Of all leads", unit=Unit.SHARE),
            Column(
                key="audit",
                title="HBR audit 2011",
                unit=Unit.SHARE,
                tip="Of 2,241 US firms, each asked once.",
            ),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
        ),
        rows=tuple(rows),
        draw=Draw.BARS,
        beside=("audit",),
        notes=(
            "Dashed: Harvard Business Review, March 2011; 2,241 US firms that were sent a test inquiry; observational, "
            "vendor-linked. It counts firms, and any answer; the floor's are leads, and calls.",
        ),
    )


def published(facts: Facts, asked: Asked, delays: Delays) -> Table:
    heads = ("Figure", "Published", "This floor", "95 %", "n", "Study", "Year", "Sample", "Status", "Mind")
    rows = []
    for figure in FIGURES:
        value, between, n = _words(_own(facts, asked, delays, figure), figure.like)
        told = (figure.what, figure.said, value, between, n, figure.study, str(figure.year), figure.sample)
        rows.append(tuple(said(word) for word in (*told, figure.status, figure.note)))
    return Table(
        key="published",
        title="Published figures, and where they come from",
        columns=tuple(Column(key=head.lower(), title=head, unit=Unit.TEXT) for head in heads),
        rows=tuple(rows),
        notes=(
            *STUDIES,
            "Published figures are of web leads in the United States, by people close to a vendor, and not of "
            "experiments. In the studies a contact is a live person, and who is qualified is willing "
            "to talk of a sale.",
        ),
    )


def _own(facts: Facts, asked: Asked, delays: Delays, figure: Published) -> Cell:
    """The floor's own number that comes nearest."""
    match figure.like:
        case Like.ODDS_CONTACT:
            return _against(delays, figure.these, figure.those, contacted, odds_ratio, odds_ratio_interval)
        case Like.ODDS_QUALIFIED:
            return _against(delays, figure.these, figure.those, qualified, odds_ratio, odds_ratio_interval)
        case Like.TIMES_QUALIFIED:
            return _against(delays, figure.these, figure.those, qualified, share_ratio, share_ratio_interval)
        case Like.SHARE:
            return c.share(sum(delays[name].leads for name in figure.these), together(delays.values()).leads)
        case Like.MEAN:
            n, mean = answered_within(facts, asked, _MONTH)
            return Cell(value=mean, n=n, note="" if n >= TOO_FEW else c.FEW)


_UNITS = {Like.SHARE: Unit.SHARE, Like.MEAN: Unit.SPAN}


def _words(cell: Cell, like: Like) -> tuple[str, str, str]:
    """(value, interval, n): a column of several units is text."""
    unit = _UNITS.get(like, Unit.TIMES)
    value = value_words(unit, cell.value) if not cell.note else cell.note
    return value, interval_words(unit, cell), f"{cell.n or 0:,}"
