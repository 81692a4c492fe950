"""Points of a week: what was counted, judged by the rule, with every step in a sentence.

A share of few leads is chance. So each is moved towards the floor's mean as if `prior` more leads had gone as the
floor's do: the posterior mean of a binomial share under a beta prior at the floor's mean (empirical Bayes; Efron and
Morris, "Data analysis using Stein's estimator", JASA 70, 1975). Its interval is Wilson's 95 % of the same counts
(E. B. Wilson, JASA 22, 1927). The interval of the score joins those of its parts as variances are joined (MOVER; Zou
and Donner, Statistics in Medicine 27, 2008). The points of the measures, rounded to a tenth, add up to the score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt

from app.domain.durations import say_duration
from app.domain.frozen import dataclass
from app.domain.measure import percentile, wilson
from app.domain.scorecard import QUALITY, SPEED, Measure, Scorecard, Target
from app.domain.week_count import Counted

__all__ = ["Card", "Points", "Share", "median", "score", "shares"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    hits: int = 0
    n: int = 0

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None

    def interval(self, more_hits: float = 0.0, more: float = 0.0) -> tuple[float, float]:
        """Wilson's 95 % interval of the share, with so many more put to it."""
        return wilson(self.hits + more_hits, self.n + more) or (0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """One measure of one person."""

    measure: Measure
    share: Share
    floor: float | None
    """The floor's mean."""
    reckoned: float | None
    """The share that is judged: moved towards the mean."""
    low: float | None
    high: float | None
    """95 % of it."""
    points: float | None
    """None: too few to judge by."""
    of: float
    """Points at most. Where a measure could not be judged the others share its weight."""
    why: str
    """A sentence or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A person's week."""

    rep_id: str
    name: str
    leads: int
    """Leads that they called."""
    score: float | None
    """0 to 100 in tenths; None: too few to judge by."""
    low: float | None
    high: float | None
    parts: tuple[Points, ...]
    why: tuple[str, ...]
    """What holds for the whole, in sentences."""


def shares(lines: Iterable[Counted], rule: Scorecard) -> dict[Measure, Share]:
    """Each measure of these lines; what does not count is left out here."""
    k, n = dict.fromkeys(Measure, 0), dict.fromkeys(Measure, 0)

    def add(measure: Measure, hits: int, of: int) -> None:
        k[measure] += hits
        n[measure] += of

    for line in lines:
        if line.why_not not in ("", "shift"):
            continue
        if not line.why_not:
            if line.waited is not None:
                add(Measure.FAST, int(line.waited <= rule.fast_seconds), 1)
            add(Measure.PROMISE, line.met, line.met + line.missed)
        is_contact, is_booked, is_won = bool(line.contacts), bool(line.booked), bool(line.won)
        add(Measure.CONTACT, int(is_contact), int(line.calls > 0))
        reached = int(is_contact or is_booked or is_won)
        add(Measure.BOOKED, int(is_booked), reached)
        add(Measure.WON, int(is_won), reached)
        add(Measure.LOGGED, line.said, line.calls)
        add(Measure.TALKED, int(line.talks > 0), int(is_contact))
    return {measure: Share(hits=k[measure], n=n[measure]) for measure in Measure}


def median(lines: Iterable[Counted]) -> tuple[float | None, int]:
    """The median wait for the first call in working seconds, and of how many leads."""
    waits = sorted(line.waited for line in lines if line.waited is not None and not line.why_not)
    return percentile(waits, 0.5), len(waits)


def score(
    rule: Scorecard,
    rep_id: str,
    name: str,
    lines: Iterable[Counted],
    floor: Mapping[Measure, Share],
) -> Card:
    """The card of a person whose lines these are, beside the floor's shares."""
    mine = [line for line in lines if line.rep_id == rep_id]
    own = shares(mine, rule)
    leads = sum(1 for line in mine if line.calls and line.why_not in ("", "shift"))
    judged = [target for target in rule.measures if own[target.measure].n >= target.least and target.weight]
    weight = sum(target.weight for target in judged)
    is_judged = leads >= rule.least_leads and 2 * weight >= sum(target.weight for target in rule.measures)
    scale = 100 / weight if is_judged else 1.0
    halved = is_judged and _quality(rule, judged, own, floor) < rule.quality_least
    parts, below, above = [], 0.0, 0.0
    for target in rule.measures:
        counts = is_judged and target in judged
        of = target.weight * scale * (0.5 if halved and target.measure in SPEED else 1.0)
        part, down, up = _part(rule, target, own[target.measure], floor[target.measure], of, counts, halved)
        parts.append(part)
        below, above = below + down**2, above + up**2
    why = list(_whole(rule, leads, weight, is_judged, halved, mine))
    total = round(sum(part.points or 0.0 for part in parts), 1) if is_judged else None
    return Card(
        rep_id=rep_id,
        name=name,
        leads=leads,
        score=total,
        low=round(max(total - sqrt(below), 0.0), 1) if total is not None else None,
        high=round(min(total + sqrt(above), 100.0), 1) if total is not None else None,
        parts=tuple(parts),
        why=tuple(why),
    )


def _reckoned(rule: Scorecard, own: Share, floor: Share) -> tuple[float, float, float]:
    """(the share moved towards the floor's mean, low, high)"""
    mean = floor.value or 0.0
    low, high = own.interval(rule.prior * mean, rule.prior)
    return (own.hits + rule.prior * mean) / max(own.n + rule.prior, 1), low, high


def _filled(target: Target, share: float) -> float:
    """How much of its points a share gives, 0 to 1."""
    return min(max((share - target.none_at) / (target.full_at - target.none_at), 0.0), 1.0)


def _quality(
    rule: Scorecard, judged: Iterable[Target], own: Mapping[Measure, Share], floor: Mapping[Measure, Share]
) -> float:
    """The share of the points for quality, of the measures of it that can be judged; 1 where none can."""
    some = [target for target in judged if target.measure in QUALITY]
    got = sum(
        target.weight * _filled(target, _reckoned(rule, own[target.measure], floor[target.measure])[0])
        for target in some
    )
    return got / sum(target.weight for target in some) if some else 1.0


def _part(
    rule: Scorecard, target: Target, own: Share, floor: Share, of: float, counts: bool, halved: bool
) -> tuple[Points, float, float]:
    """The points of a measure, and how far they reach below and above."""
    what = _WORDS[target.measure].format(
        hits=f"{own.hits:,}",
        n=f"{own.n:,}",
        fast=say_duration(rule.fast_seconds),
        talk=say_duration(rule.talk_seconds),
    )
    if not counts:
        why = (
            f"{what} Too few: judged from {target.least:,} on."
            if own.n < target.least
            else f"{what} Not judged."
        )
        part = Points(
            measure=target.measure, share=own, floor=floor.value, reckoned=None, low=None, high=None,
            points=None, of=0.0, why=why,
        )  # fmt: skip
        return part, 0.0, 0.0
    share, low, high = _reckoned(rule, own, floor)
    points, least, most = (of * _filled(target, one) for one in (share, low, high))
    why = f"{what} That is {own.value or 0:.0%}, the floor's mean {floor.value or 0:.0%}"
    why += f"; with {rule.prior:,} leads at that mean it is reckoned as {share:.1%}." if rule.prior else "."
    why += f" {target.none_at:.0%} gives nothing, {target.full_at:.0%} all {of:.1f} points."
    if halved and target.measure in SPEED:
        why += " They are half, since quality fell short."
    part = Points(
        measure=target.measure, share=own, floor=floor.value, reckoned=share, low=low, high=high,
        points=round(points, 1), of=of, why=why,
    )  # fmt: skip
    return part, points - least, most - points


_WORDS = {
    Measure.FAST: "{hits} of {n} first calls came within {fast} of working time.",
    Measure.PROMISE: "{hits} of {n} promises of a first call were kept.",
    Measure.CONTACT: "{hits} of {n} leads called were talked to.",
    Measure.BOOKED: "{hits} of {n} leads reached got a first appointment.",
    Measure.WON: "{hits} of {n} leads reached were won.",
    Measure.LOGGED: "The outcome of {hits} of {n} calls was said.",
    Measure.TALKED: "{hits} of {n} leads talked to were talked to for {talk} or longer.",
}
_LEFT_OUT = {
    "test": "of a test",
    "file": "from a file",
    "hand": "let in by hand",
    "shift": "that came off shift (their speed does not count, the rest does)",
}


def _whole(
    rule: Scorecard, leads: int, weight: int, is_judged: bool, halved: bool, mine: Iterable[Counted]
) -> Iterable[str]:
    if not is_judged:
        if leads < rule.least_leads:
            yield f"Too few: {leads:,} leads were called, a score needs {rule.least_leads:,}."
        else:
            yield f"Too few: the measures that can be judged give {weight} points of 100, a score needs 50."
    elif weight < sum(target.weight for target in rule.measures):
        yield f"Measures with too few to judge by are left out; the others, {weight} points, are put up to 100."
    if halved:
        yield f"Quality reached less than {rule.quality_least:.0%} of its points, so speed counts half."
    left = [line.why_not for line in mine if line.why_not]
    for why in sorted(set(left)):
        number = left.count(why)
        yield f"Not counted: {number:,} {'lead' if number == 1 else 'leads'} {_LEFT_OUT.get(why, why)}."
