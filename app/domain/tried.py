"""What a trial shows: two worlds side by side, counted. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from statistics import median

from app.domain.questions_rulebook import Elsewhere, RepTried, Side, TierTried, Tried, Unserved
from app.domain.replay import World
from app.domain.replay_cases import Fate
from app.domain.sla import ClockKind, rule_of, terms_of
from app.domain.tier import Tier

__all__ = ["tried"]

_MOST = 500
_GROUPS = 50
_SHOWN = 20
_COUNT = re.compile(r"\b\d+ (?=[a-z])")
"""In a reason, how many it held for: the same reason groups whatever the count."""
_NOTES = (
    "Whether somebody else would have called sooner or later can't be known: each lead is judged by the call that was "
    "really made, against the deadline that the rulebook would have set.",
    "People were at work, on calls and on breaks as they really were.",
)


def tried(
    live: World,
    draft: World,
    since: datetime,
    until: datetime,
    *,
    seen: datetime,
    names: Mapping[str, str],
    from_files: int = 0,
    unread: int = 0,
) -> Tried:
    """The two worlds at the end of the period, or of what was `seen` of it; `names` of people by id."""
    moved = [
        (fate, draft.fates[lead])
        for lead, fate in live.fates.items()
        if not fate.case.lead.is_test and set(fate.to) != set(draft.fates[lead].to)
    ]
    return Tried(
        since=since,
        until=until,
        leads=sum(not fate.case.lead.is_test for fate in live.fates.values()),
        live=_side(live, seen, names),
        draft=_side(draft, seen, names),
        elsewhere=len(moved),
        leads_elsewhere=tuple(_elsewhere(was, now, names) for was, now in moved[:_MOST]),
        unserved=_unserved(draft),
        recorded=live.recorded,
        reproduced=live.reproduced,
        differing=tuple(live.differing),
        notes=(*_NOTES, *_more(live, draft, from_files, unread)),
    )


def _more(live: World, draft: World, from_files: int, unread: int) -> list[str]:
    notes = []
    if any(len(fate.to) > 1 for world in (live, draft) for fate in world.fates.values()):
        notes.append(
            "Which of those it was offered to would have taken a lead can't be known: it is nobody's load."
        )
    if live.rulebook.default_country != draft.rulebook.default_country:
        notes.append("Numbers without a country code were read by the country of the rulebook in force.")
    if from_files:
        notes.append(
            f"{from_files:,} leads came from files: they wait for nobody's call, and are not counted."
        )
    if unread:
        notes.append(f"{unread:,} leads were put right by a person: they are judged as they are now.")
    return notes


def _side(world: World, until: datetime, names: Mapping[str, str]) -> Side:
    fates = [fate for fate in world.fates.values() if not fate.case.lead.is_test]
    loads = Counter(fate.to[0] for fate in fates if len(fate.to) == 1)
    people = {rep.id for rep in world.hands.people.values() if rep.active} | set(loads)
    return Side(
        version=world.rulebook.version,
        name=world.rulebook.name,
        tiers=tuple(_tier(tier, [fate for fate in fates if fate.first == tier], until) for tier in Tier),
        escalated=sum(_is_escalated(world, fate, until) for fate in fates),
        nobody=sum(not fate.to for fate in fates),
        reps=tuple(
            RepTried(rep_id=rep, name=names.get(rep, rep), leads=loads[rep])
            for rep in sorted(people, key=lambda rep: (-loads[rep], names.get(rep, rep)))
        ),
    )


def _tier(tier: Tier, fates: list[Fate], until: datetime) -> TierTried:
    waits = [
        (fate.case.called_at - fate.case.lead.captured_at).total_seconds()
        for fate in fates
        if fate.case.called_at is not None
    ]
    ends = Counter(_end(fate, until) for fate in fates)
    return TierTried(
        tier=tier,
        leads=len(fates),
        met=ends["met"],
        missed=ends["missed"],
        open=ends["open"],
        ttfc_median=median(waits) if waits else None,
        called=len(waits),
    )


def _end(fate: Fate, until: datetime) -> str:
    """How the first promise to a lead ended."""
    promised, called, closed = fate.promised, fate.case.called_at, fate.case.closed_at
    if promised is None:
        return "open"
    if called is not None and called <= promised:
        return "met"
    if closed is not None and closed <= promised:
        return "open"  # closed without a call: neither met nor missed
    return "missed" if promised < until else "open"


def _is_escalated(world: World, fate: Fate, until: datetime) -> bool:
    """Whether a step of the chain would have been taken before the lead was called or closed."""
    if fate.promised is None:
        return False
    rule = rule_of(world.rulebook, ClockKind.FIRST_ATTEMPT, fate.first)
    assert rule is not None  # there is always one for the first attempt
    steps = terms_of(world.rulebook, rule, fate.sla).steps
    if not steps:
        return False
    end = min(at for at in (fate.case.called_at, fate.case.closed_at, until) if at is not None)
    return fate.promised + timedelta(seconds=min(step.after for step in steps)) < end


def _elsewhere(was: Fate, now: Fate, names: Mapping[str, str]) -> Elsewhere:
    return Elsewhere(
        lead_id=was.case.lead.id,
        lead=was.case.lead.title_line,
        captured_at=was.case.lead.captured_at,
        was=", ".join(names.get(rep, rep) for rep in was.to),
        now=", ".join(names.get(rep, rep) for rep in now.to),
        was_tier=was.first,
        now_tier=now.first,
        why=now.why,
    )


def _unserved(draft: World) -> tuple[Unserved, ...]:
    groups: dict[str, list[str]] = {}
    for lead, fate in draft.fates.items():
        if not fate.to and not fate.case.lead.is_test:
            groups.setdefault(_COUNT.sub("", fate.why), []).append(lead)
    most = sorted(groups.items(), key=lambda group: -len(group[1]))[:_GROUPS]
    return tuple(Unserved(why=why, leads=len(leads), lead_ids=tuple(leads[:_SHOWN])) for why, leads in most)
