"""Baselines in the book: counted, kept with their hash, and never changed."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlalchemy import insert, select

from app.codec import decode, encode_text
from app.domain.baseline import SOON, Baseline, Stratum
from app.domain.milestones import Also, Span
from app.domain.report import Asked, By
from app.store.facts import Facts
from app.store.reading import Reading
from app.store.tables_reports import baselines
from app.store.writing import Writing


class Kept(NamedTuple):
    baseline: Baseline
    sha256: str
    is_whole: bool
    """Whether the text is the one that was kept, by its hash."""


def taken(facts: Facts, asked: Asked) -> Baseline:
    """The figures of a span as they are now."""
    facts.expect(asked, By.MEDIUM, By.TIER, spans=(Span.CALL, Span.CALL_WORKED))
    soon: dict[tuple[str, ...], int] = {}
    for (medium, tier, delay), group in facts.groups(asked, By.MEDIUM, By.TIER, Also.DELAY).items():
        if delay in SOON:
            soon[medium, tier] = soon.get((medium, tier), 0) + group.counts.leads
    strata = []
    for (medium, tier), group in facts.groups(asked, By.MEDIUM, By.TIER).items():
        c = group.counts
        strata.append(
            Stratum(
                medium=medium,
                tier=tier,
                leads=c.leads,
                called=c.called,
                soon=soon.get((medium, tier), 0),
                contacted=c.contacted,
                qualified=c.qualified,
                booked=c.booked,
                won=c.won,
                met=c.met,
                breached=c.breached,
            )
        )
    whole = facts.whole(asked, spans=(Span.CALL, Span.CALL_WORKED))
    return Baseline(
        since=asked.since,
        until=asked.until,
        counted_at=facts.now,
        strata=tuple(strata),
        ttfc=whole.spread(Span.CALL),
        ttfc_worked=whole.spread(Span.CALL_WORKED),
    )


def keep(w: Writing, baseline_id: str, baseline: Baseline) -> str:
    """Keep it; its hash."""
    body = encode_text(baseline)
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    w.db.execute(
        insert(baselines).values(
            id=baseline_id,
            since=baseline.since,
            until=baseline.until,
            frozen_at=w.now,
            frozen_by=w.actor,
            body=body,
            hash=sha256,
        )
    )
    return sha256


def newest(r: Reading) -> Kept | None:
    """The baseline that counts, if one was frozen."""
    row = r.db.execute(
        select(baselines.c.body, baselines.c.hash)
        .order_by(baselines.c.frozen_at.desc(), baselines.c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    is_whole = hashlib.sha256(row.body.encode()).hexdigest() == row.hash
    return Kept(decode(row.body, Baseline), row.hash, is_whole)
