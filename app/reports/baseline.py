"""Baseline: the thirty silent days, frozen, and how the floor has done since: before and after, like with like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain import baseline as rules
from app.domain.baseline import LENGTH, SOON, Baseline, Stratum
from app.domain.measure import Spread
from app.domain.report import Asked, Better, By, Cell, Column, Figure, Report, Segment, Table, Unit
from app.domain.strata import Standardised, compared
from app.reports._cells import FEW, NONE, count, report, share
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
        found = _compared(before, after, part, whole)
        if found is None:
            rows.append((said(title), *(Cell(value=None, note=FEW) for _ in range(4))))
            continue
        difference = Cell(
            value=found.difference, low=found.low, high=found.high, n=found.n_before + found.n_after
        )
        rows.append(
            (
                said(title),
                Cell(value=found.before, n=found.n_before),
                Cell(value=found.after, n=found.n_after, behind=_BEHIND[key]),
                difference,
                said("yes" if found.low > 0 or found.high < 0 else "can't be told"),
            )
        )
    everything = _compared(before, after, lambda s: s.contacted, lambda s: s.leads)
    left_out = everything.left_out if everything else after.leads + (before.leads if before else 0)
    return Table(
        key="rates",
        title="Before and after, like with like",
        columns=(
            Column(key="rate", title="Rate", unit=Unit.TEXT),
            Column(key="before", title="Before", unit=Unit.SHARE, tip="By the mix of leads that came after."),
            Column(key="after", title="After", unit=Unit.SHARE),
            Column(
                key="difference", title="Difference", unit=Unit.SHARE, tip="After − before, 95 % interval."
            ),
            Column(key="differs", title="Differs", unit=Unit.TEXT, tip="Whether the interval leaves 0 out."),
        ),
        rows=tuple(rows),
        notes=(
            "Each source and tier is compared with itself, and both spans are put together by the mix of sources and "
            "tiers that came after. Intervals by drawing each stratum again (bootstrap).",
            f"{left_out:,} leads are left out: their source and tier came in one of the two spans only.",
        ),
    )


def _compared(before: Baseline | None, after: Baseline, part: Count, whole: Count) -> Standardised | None:
    if before is None:
        return None
    return compared(rules.counted(before.strata, part, whole), rules.counted(after.strata, part, whole))


def _times(before: Baseline | None, after: Baseline) -> Table:
    def row(title: str, was: Spread, now: Spread) -> tuple[Cell, ...]:
        called = Segment().narrowed("called", "yes")
        ends = (Cell(value=was.p90, n=was.n), Cell(value=now.p90, n=now.n, behind=called))
        return (said(title), median(was), median(now, called), *ends)

    nothing = Spread()
    return Table(
        key="ttfc",
        title="Time to first call",
        columns=(
            Column(key="time", title="Counted in", unit=Unit.TEXT),
            Column(key="before", title="Median before", unit=Unit.SPAN),
            Column(key="after", title="Median after", unit=Unit.SPAN),
            Column(key="p90_before", title="p90 before", unit=Unit.SPAN),
            Column(key="p90_after", title="p90 after", unit=Unit.SPAN),
        ),
        rows=(
            row("Wall time", before.ttfc if before else nothing, after.ttfc),
            row("Working time", before.ttfc_worked if before else nothing, after.ttfc_worked),
        ),
        notes=(
            "Of leads that were called, whatever came in; the interval of a median is by order statistics.",
        ),
    )


def _mix(before: Baseline | None, after: Baseline) -> Table:
    was = {(one.medium, one.tier): one for one in before.strata} if before else {}
    now = {(one.medium, one.tier): one for one in after.strata}
    rows = []
    for medium, tier in sorted(was.keys() | now.keys(), key=lambda key: (-_leads(now, key), key)):
        mine = Segment().narrowed(By.MEDIUM, medium).narrowed(By.TIER, tier)
        then, here = was.get((medium, tier)), now.get((medium, tier))
        contact = mine.narrowed("contact", "yes")
        rows.append(
            (
                said(medium or NONE, mine),
                said(tier, mine),
                count(then.leads if then else 0),
                count(here.leads if here else 0, mine),
                share(then.contacted, then.leads) if then else Cell(value=None),
                share(here.contacted, here.leads, contact) if here else Cell(value=None),
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
        ),
        rows=tuple(rows),
    )


def _leads(of: dict[tuple[str, str], Stratum], key: tuple[str, str]) -> int:
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
