"""What the leads of a question cost, by medium, campaign and ad.

A cost of a whole medium (campaign) is no campaign's (ad's): it stands with the medium, and the parts below have none of
it. Mediums, campaigns and ads are the same whichever way their letters are cased.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.domain import tidy
from app.domain.costs import Cost, spent
from app.domain.report import Asked, By
from app.store.costs import counted
from app.store.facts import Facts

LEVELS = (By.MEDIUM, By.CAMPAIGN, By.AD)
Names = tuple[str, ...]
"""Medium; medium and campaign; or medium, campaign and ad, casefolded."""


class Spent(NamedTuple):
    """Minor units by what they were spent on, and how each is written."""

    of: dict[Names, int]
    written: dict[Names, Names]
    total: int
    by_other: bool
    """Whether the question is about leads chosen by something that money is not spent on: then there is no cost."""

    def cost(self, names: Names) -> int | None:
        """None where nothing was entered for it."""
        return self.of.get(names)


def folded(names: Names) -> Names:
    return tuple(map(tidy.folded, names))


def spent_on(facts: Facts, asked: Asked) -> Spent:
    """What was spent on the days of a question, up to today, on the sources it is about."""
    chosen: dict[str, set[str]] = {}
    for field, values in asked.segment.where:
        mine = {folded((value,))[0] for value in values}
        chosen[field] = chosen[field] & mine if field in chosen else mine
    if any(field not in LEVELS for field in chosen):
        return Spent({}, {}, 0, by_other=True)
    zone = ZoneInfo(facts.zone)
    since = asked.since.astimezone(zone).date()
    until = _last_moment(min(asked.until, max(facts.now, asked.since)), zone)
    found: dict[Names, int] = {}
    written: dict[Names, Names] = {}
    total = 0
    for cost in counted(facts.r, since.isoformat(), (until + timedelta(days=1)).isoformat()):
        names = (cost.medium, cost.campaign, cost.ad)
        if not _is_chosen(cost, chosen):
            continue
        amount = spent(cost, since, until + timedelta(days=1))
        total += amount
        for depth in (1, 2, 3):
            if all(names[:depth]):
                key = folded(names[:depth])
                found[key] = found.get(key, 0) + amount
                written.setdefault(key, names[:depth])
    return Spent(found, written, total, by_other=False)


def _is_chosen(cost: Cost, chosen: dict[str, set[str]]) -> bool:
    of = folded((cost.medium, cost.campaign, cost.ad))
    return all(name in chosen.get(level, (name,)) for level, name in zip(LEVELS, of, strict=True))


def _last_moment(until: datetime, zone: ZoneInfo) -> date:
    """The day of the last moment before an instant."""
    return (until - timedelta(microseconds=1)).astimezone(zone).date()
