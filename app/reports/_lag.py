"""The lag ledger of a cohort: how long each stage took, and what the breaches were due to, by a sample of its leads."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from app.domain.lag import Cause, Lag, Stamp
from app.domain.measure import GRID, percentile, spread_of
from app.domain.report import Asked, Cell, Column, Draw, Table, Unit
from app.reports import _cells as c
from app.store.facts import Facts
from app.store.lags import lags

SAMPLE = 400
"""Leads whose journals are read for the ledger."""
_CAUSES = {
    Cause.SYSTEM: "The program was slow",
    Cause.CALLING_HOURS: "Nobody may be called at that hour",
    Cause.NOBODY_ON_SHIFT: "Nobody was on shift",
    Cause.AT_CAPACITY: "Whoever could was busy",
    Cause.NOT_DIALLED: "Claimed and not dialled",
    Cause.IGNORED: "Offered and nobody took it",
}
_STAGES = {
    Stamp.DECISION: "Capture to decision",
    Stamp.OFFER: "Decision to offer",
    Stamp.SEEN: "Offer to seen",
    Stamp.ACCEPT: "To accepted",
    Stamp.DIAL: "Accepted to dialled",
    Stamp.CONTACT: "Dialled to contact",
}


def tables(facts: Facts, asked: Asked) -> tuple[Table, Table]:
    """(stages, causes)"""
    (called, n_called), (breached, n_breached) = (
        facts.sample(asked, step, SAMPLE) for step in ("called", "breached")
    )
    return _stages(lags(facts, called), n_called), _causes(lags(facts, breached), n_breached)


def _sampled(found: int, total: int, what: str) -> tuple[str, ...]:
    if found >= total:
        return ()
    return (f"By the journals of {found:,} of {total:,} {what}, evenly spread over the period.",)


def _stages(found: tuple[Lag, ...], total: int) -> Table:
    took: dict[Stamp, list[float]] = {stamp: [] for stamp in _STAGES}
    for lag in found:
        for (_, before), (stamp, at) in pairwise(lag.stamps):
            took[stamp].append(max((at - before).total_seconds(), 0.0))
    made = []
    for stamp, title in _STAGES.items():
        ordered = sorted(took[stamp])
        quantiles = [percentile(ordered, p) or 0.0 for p in GRID]
        of = spread_of(len(ordered), sum(ordered) / len(ordered) if ordered else None, quantiles)
        made.append((Cell(value=title), c.spread(of, "median"), c.spread(of, "p90")))
    return Table(
        key="stages",
        title="Where the time goes",
        columns=(
            Column(
                key="stage", title="Stage", unit=Unit.TEXT, tip="From the stage before that the lead had."
            ),
            Column(key="median", title="Median", unit=Unit.SPAN),
            Column(key="p90", title="p90", unit=Unit.SPAN),
        ),
        rows=tuple(made),
        draw=Draw.BARS,
        notes=_sampled(len(found), total, "called leads"),
    )


def _causes(found: tuple[Lag, ...], total: int) -> Table:
    known = Counter(lag.cause for lag in found if lag.cause is not None)
    judged = known.total()
    return Table(
        key="causes",
        title="Why clocks were missed",
        columns=(
            Column(key="cause", title="Cause", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT),
            Column(key="share", title="Of the breaches", unit=Unit.SHARE),
        ),
        rows=tuple(
            (Cell(value=title), c.count(known[cause]), c.share(known[cause], judged))
            for cause, title in _CAUSES.items()
        ),
        draw=Draw.BARS,
        notes=_sampled(len(found), total, "leads with a breach"),
    )
