"""Baseline: the thirty silent days, frozen, and how the floor has done since: before and after, like with like."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain import baseline as rules
from app.domain.baseline import LENGTH, SOON, Baseline, Stratum
from app.domain.measure import Spread
from app.domain.report import Asked, Better, By, Cell, Column, Figure, Report, Segment, Table, Unit
from app.domain.strata import Standardised, compared, timed
from app.domain.tier import Tier
from app.reports._cells import FEW, NONE, count, report, share, spread
from app.reports._shown import median, said
from app.store.baselines import Kept, newest, taken
from app.store.facts import Facts

NAME = "baseline"
TITLE = "Baseline"
ORDER = 8
BY = (By.WHOLE,)
Count = Callable[[Stratum], int]
_RATES: tuple[tuple[str, str, Count, Count, str], ...] = (
    ("soon", "Called within 5 minutes", lambda s: s.soon, lambda s: s.leads, "Of all leads."),
    ("sla", "SLA met", lambda s: s.met, lambda s: s.met + s.breached, "Clocks met ÷ (met + breached)."),
    ("contact", "Contact rate", lambda s: s.contacted, lambda s: s.leads, "Leads talked to ÷ leads."),
    ("booked", "Booking rate", lambda s: s.booked, lambda s: s.leads, "Leads with an appointment ÷ leads."),
    ("qualified", "Qualification rate", lambda s: s.qualified, lambda s: s.leads, "Qualified ÷ leads."),
    ("won", "Lead conversion rate", lambda s: s.won, lambda s: s.leads, "Won ÷ leads."),
)
_TIMES = (("Wall time", "ttfc"), ("Working time", "ttfc_worked"))
_DIFFERENCE = "After − before, 95 % interval."
_DIFFERS = "Whether the interval leaves 0 out."
_UNKNOWN = "can't be told"
_MEDIAN = "Median time to the first call, of the leads that were called."
_BEHIND = {
    "soon": Segment().narrowed("delay", *SOON),
    "sla": Segment().narrowed("met", "yes"),
    **{step: Segment().narrowed(step, "yes") for step in ("contact", "booked", "qualified", "won")},
}


def run(facts: Facts, asked: Asked) -> Report:
    kept = newest(facts.r)
    before = kept.baseline if kept else _living(facts)
    since = max(asked.since, before.until) if before else asked.since
    later = replace(asked, since=since, until=max(asked.until, since), was_since=None, was_until=None)
    after = taken(facts, later)
    return report(
        facts,
        later,
        NAME,
        TITLE,
        figures=_figures(before, after),
        tables=(_rates(before, after), _times(before, after), _mix(before, after)),
        notes=_notes(facts, kept, before, after, asked),
    )


def _living(facts: Facts) -> Baseline | None:
    """The floor's first thirty days as they look now, where none were frozen."""
    if facts.first_capture is None:
        return None
    return taken(facts, Asked(since=facts.first_capture, until=facts.first_capture + LENGTH))


def _figures(before: Baseline | None, after: Baseline) -> tuple[Figure, ...]:
    rates = tuple(
        Figure(
            key=key,
            title=title,
            unit=Unit.SHARE,
            now=_plain(after, part, whole, _BEHIND[key]),
            was=_plain(before, part, whole) if before else None,
            better=Better.MORE,
            note=f"{tip} As it was, whatever came in; like with like it stands in the table.",
        )
        for key, title, part, whole, tip in _RATES
    )
    ttfc = Figure(
        key="ttfc",
        title="Median TTFC",
        unit=Unit.SPAN,
        now=median(after.ttfc, Segment().narrowed("called", "yes")),
        was=median(before.ttfc) if before else None,
        better=Better.LESS,
        note="Of the leads that were called; the others are in “called within 5 minutes”.",
    )
    return (ttfc, *rates)


def _plain(of: Baseline, part: Count, whole: Count, behind: Segment | None = None) -> Cell:
    return share(sum(map(part, of.strata)), sum(map(whole, of.strata)), behind)


def _rates(before: Baseline | None, after: Baseline) -> Table:
    rows = []
    for key, title, part, whole, _ in _RATES:
        rows.append((said(title), *_compared_cells(_compared(before, after, part, whole), _BEHIND[key])))
    everything = _compared(before, after, lambda s: s.contacted, lambda s: s.leads)
    left_out = everything.left_out if everything else after.leads + (before.leads if before else 0)
    return Table(
        key="rates",
        title="Before and after, like with like",
        columns=(
            Column(key="rate", title="Rate", unit=Unit.TEXT),
            Column(key="before", title="Before", unit=Unit.SHARE, tip="By the mix of leads that came after."),
            Column(key="after", title="After", unit=Unit.SHARE),
            Column(key="difference", title="Difference", unit=Unit.SHARE, tip=_DIFFERENCE),
            Column(key="differs", title="Differs", unit=Unit.TEXT, tip=_DIFFERS),
        ),
        rows=tuple(rows),
        notes=(
            "Each source and tier is compared with itself, and both spans are put together by the mix of sources and "
            "tiers that came after. Intervals by drawing each stratum again (bootstrap).",
            *(
                (
                    f"{left_out:,} leads are left out: their source and tier came in one of the two spans only.",
                )
                if left_out
                else ()
            ),
        ),
    )


def _compared_cells(found: Standardised | None, behind: Segment) -> tuple[Cell, ...]:
    """Before, after, the difference, and whether there is one."""
    if found is None:
        return tuple(Cell(value=None, note=FEW) for _ in range(4))
    n = found.n_before + found.n_after
    return (
        Cell(value=found.before, n=found.n_before),
        Cell(value=found.after, n=found.n_after, behind=behind),
        Cell(value=found.difference, low=found.low, high=found.high, n=n),
        said("yes" if found.low > 0 or found.high < 0 else _UNKNOWN),
    )


def _compared(before: Baseline | None, after: Baseline, part: Count, whole: Count) -> Standardised | None:
    if before is None:
        return None
    return compared(rules.counted(before.strata, part, whole), rules.counted(after.strata, part, whole))


def _times(before: Baseline | None, after: Baseline) -> Table:
    rows = [row for title, key in _TIMES for row in _time_rows(before, after, title, key)]
    half = len(rows) // 2
    wall, working = ([row[1:] for row in some] for some in (rows[:half], rows[half:]))
    if working == wall or all(row[1].value is None for row in working):
        rows = rows[:half]  # the floor never closes, so working time is wall time
    notes = [
        "Of leads that were called, put together as the rates are; the others are in “called within 5 minutes”."
    ]
    if before is not None and not _has_times(before):
        notes.append(
            "The baseline was frozen before times were kept by source and tier, so they stand as they were, whatever "
            "came in, and their difference can't be told."
        )
    return Table(
        key="ttfc",
        title="Time to first call, like with like",
        columns=(
            Column(key="time", title="Time", unit=Unit.TEXT),
            Column(key="before", title="Before", unit=Unit.SPAN, tip="By the mix of leads that came after."),
            Column(key="after", title="After", unit=Unit.SPAN),
            Column(key="difference", title="Difference", unit=Unit.SPAN, tip=_DIFFERENCE),
            Column(key="differs", title="Differs", unit=Unit.TEXT, tip=_DIFFERS),
        ),
        rows=tuple(rows),
        notes=tuple(notes),
    )


def _has_times(before: Baseline) -> bool:
    return any(one.ttfc.quantiles for one in before.strata)


def _time_rows(before: Baseline | None, after: Baseline, title: str, key: str) -> Iterator[tuple[Cell, ...]]:
    """The median and the 90th percentile of a time, and the median of each tier."""
    called = Segment().narrowed("called", "yes")
    if before is None or not _has_times(before):
        plain = (getattr(before, key) if before else Spread()), getattr(after, key)
        for which in ("median", "p90"):
            yield (
                said(f"{title}, {which}"),
                spread(plain[0], which),
                spread(plain[1], which, called),
                Cell(value=None, note=FEW),
                said(_UNKNOWN),
            )
        return

    def of(one: Stratum) -> Spread:
        found: Spread = getattr(one, key)
        return found

    was_of, now_of = rules.timed(before.strata, of), rules.timed(after.strata, of)
    for words, found in zip(("median", "p90"), timed(was_of, now_of, (0.5, 0.9)), strict=True):
        yield (said(f"{title}, {words}"), *_compared_cells(found, called))
    for tier in Tier:
        was, now = ({key: at for key, at in mix.items() if key[1] == tier} for mix in (was_of, now_of))
        (found,) = timed(was, now, (0.5,))
        mine = called.narrowed(By.TIER, tier.value)
        yield (said(f"{title}, median of {tier.value}"), *_compared_cells(found, mine))


def _mix(before: Baseline | None, after: Baseline) -> Table:
    was = rules.together(before.strata) if before else {}
    now = rules.together(after.strata)
    rows = []
    for key in sorted(was.keys() | now.keys(), key=lambda key: (-_leads(now, key), key)):
        then, here = was.get(key), now.get(key)
        medium, tier = (now.get(key) or was[key]).medium, key[1]
        mine = Segment().narrowed(By.MEDIUM, medium).narrowed(By.TIER, tier)
        contact, called = mine.narrowed("contact", "yes"), mine.narrowed("called", "yes")
        rows.append(
            (
                said(medium or NONE, mine),
                said(tier, mine),
                count(then.leads if then else 0),
                count(here.leads if here else 0, mine),
                share(then.contacted, then.leads) if then else Cell(value=None),
                share(here.contacted, here.leads, contact) if here else Cell(value=None),
                median(then.ttfc) if then else Cell(value=None),
                median(here.ttfc, called) if here else Cell(value=None),
            )
        )
    return Table(
        key="mix",
        title="What came in, before and after",
        columns=(
            Column(key="medium", title="Medium", unit=Unit.TEXT),
            Column(key="tier", title="Tier", unit=Unit.TEXT),
            Column(key="before", title="Leads before", unit=Unit.COUNT),
            Column(key="after", title="Leads after", unit=Unit.COUNT),
            Column(key="contact_before", title="Contact before", unit=Unit.SHARE),
            Column(key="contact_after", title="Contact after", unit=Unit.SHARE),
            Column(key="ttfc_before", title="TTFC before", unit=Unit.SPAN, tip=_MEDIAN),
            Column(key="ttfc_after", title="TTFC after", unit=Unit.SPAN, tip=_MEDIAN),
        ),
        rows=tuple(rows),
    )


def _leads(of: dict[tuple[str, ...], Stratum], key: tuple[str, ...]) -> int:
    return of[key].leads if key in of else 0


def _notes(
    facts: Facts, kept: Kept | None, before: Baseline | None, after: Baseline, asked: Asked
) -> tuple[str, ...]:
    if before is None:
        return ("There is no lead yet to take a baseline of.",)

    def day(at: datetime) -> str:
        return at.astimezone(ZoneInfo(facts.zone)).date().isoformat()

    span = f"{day(before.since)} to {day(before.until)}, {before.leads:,} leads"
    if kept is None:
        first = f"No baseline is frozen. Shown are the first thirty days ({span}) as they look now: they still change."
    else:
        first = (
            f"Baseline of {span}, frozen as it was on {day(before.counted_at)}, SHA-256 {kept.sha256[:16]}…"
        )
        if not kept.is_whole:
            first = (
                "The baseline was changed in the database after it was frozen: its hash is another. " + first
            )
    notes = [first]
    if before.until > asked.since:
        notes.append(f"After: only leads captured from {day(before.until)} on; {after.leads:,} leads.")
    if asked.segment.where:
        notes.append("The baseline is of all leads; the leads chosen here are only those after.")
    notes.append(
        "Leads of the baseline had more or less time to come far than those after: late steps (won) are fair only "
        "where both had long enough. Nothing here was drawn by lot; other things changed too."
    )
    return tuple(notes)
