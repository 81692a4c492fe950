"""What a draft changes of the rulebook in force, in sentences: one for each thing that is new, gone or different.

Things with a name (routes, teams, calendars, shifts, chains) are told apart by it, score rules by their reason; what
has neither is told apart by its place. Pure.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from enum import Enum
from typing import Any

from app.domain.durations import say_duration
from app.domain.flaw import SECTIONS
from app.domain.frozen import dataclass
from app.domain.hours import Block
from app.domain.lead import Rep
from app.domain.rulebook import Rulebook
from app.domain.scorecard import MEASURES, Scorecard

__all__ = ["Change", "changes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    section: str
    """One of `flaw.SECTIONS`."""
    text: str
    """A sentence."""
    was: str = ""
    """Empty: it is new."""
    now: str = ""
    """Empty: it is gone."""


def _clock(rule: Any) -> str:
    whose = f" ({rule.tier.value})" if rule.tier else ""
    return f"{rule.kind.value.replace('_', ' ')}{whose}"


def _alert(alert: Any) -> str:
    whose = ", ".join((*(tier.value for tier in alert.tiers), *alert.roles))
    return f"{alert.news.value} ({whose})" if whose else str(alert.news.value)


_LISTS: tuple[tuple[str, str, str, Callable[[Any], Hashable]], ...] = (
    ("score", "rules", "The rule “{}”", lambda rule: rule.text),
    ("tiers", "tiers", "{}", lambda rule: rule.tier.value),
    ("routes", "routes", "The route “{}”", lambda route: route.name),
    ("hours", "calendars", "The calendar “{}”", lambda calendar: calendar.name),
    ("hours", "shifts", "The shift “{}”", lambda shift: shift.name),
    ("clocks", "clocks", "The {} clock", _clock),
    ("escalation", "chains", "The chain “{}”", lambda chain: chain.name),
    ("alerts", "alerts", "The alert for {}", _alert),
    ("teams", "teams", "The team “{}”", lambda team: team.name),
    ("teams", "people", "{}", lambda profile: profile.rep),
)
"""(section, field of the rulebook, what one is called, what it is told apart by)"""
_SINGLE = {
    "name": ("score", "The rulebook's name"),
    "fit_most": ("score", "The most that counts for who they are"),
    "intent_most": ("score", "The most that counts for what they did"),
    "hysteresis": ("tiers", "The points that a lead keeps its tier for"),
    "default_country": ("tiers", "The country of numbers without a code"),
    "chain": ("escalation", "The chain"),
    "hold_seconds": ("escalation", "How long a chain rests once somebody has the lead"),
    "pause_limit": ("clocks", "The longest that a clock may be paused"),
    "release_after": ("clocks", "The time after which leads of somebody who is gone go to others"),
    "retry_after": ("order", "When a try without an answer is tried again"),
    "guard_seconds": ("order", "The time before a deadline that goes by it"),
    "guard_share": ("order", "The share of a promise that goes by its deadline"),
}
_FIELDS = {
    "sla": "time to the first call",
    "at_least": "lowest score",
    "is_intent": "half",
    "half_life": "half-life",
    "most_open": "open leads at most",
    "per_hour": "leads an hour at most",
    "offer_to": "people it is offered to",
    "seconds": "time",
    "when": "conditions",
    "rep": "person",
    "reps": "people",
    "members": "people",
    "week": "hours",
    "days": "holidays and other days",
    "by": "order",
    "curve": "curve of the chance",
    "none_at": "share for no points",
    "full_at": "share for all points",
    "least_leads": "fewest leads of a score",
    "fast_seconds": "time of a soon first call",
    "dial_seconds": "shortest call",
    "contact_seconds": "shortest conversation",
    "talk_seconds": "conversation at length",
    "prior": "leads of the floor's mean",
    "quality_least": "share of quality that speed needs",
    "is_sent": "mail",
    "floor_to": "people who get the floor's page",
}
_DURATIONS = {
    "sla", "half_life", "seconds", "hold_seconds", "pause_limit", "release_after", "retry_after", "guard_seconds",
    "after", "ahead", "tried_seconds", "talked_seconds", "qualified_seconds", "shift", "fast_seconds",
    "dial_seconds", "contact_seconds", "talk_seconds",
}  # fmt: skip
_PEOPLE = {"rep", "reps", "partner"}


def changes(live: Rulebook, draft: Rulebook, reps: Iterable[Rep]) -> tuple[Change, ...]:
    """Every change, in the order of the sections; the version's number is none."""
    names = {rep.id: rep.name for rep in reps}
    found = [*_single(live, draft, names)]
    for section, field, called, key in _LISTS:
        found += _listed(section, called, key, getattr(live, field), getattr(draft, field), names)
    for name, text, was, now in _fields(live.order, draft.order, names):
        found.append(Change(section="order", text=f"The queue's {name} {text}", was=was, now=now))
    found += _scorecard(live.scorecard, draft.scorecard, names)
    return tuple(sorted(found, key=lambda change: SECTIONS.index(change.section)))


def _single(live: Rulebook, draft: Rulebook, names: dict[str, str]) -> Iterator[Change]:
    for field, (section, called) in _SINGLE.items():
        was, now = getattr(live, field), getattr(draft, field)
        if was != now:
            before, after = said(was, field, names), said(now, field, names)
            text = f"{called} {_became(before, after)}"
            yield Change(section=section, text=text, was=before, now=after)


def _scorecard(live: Scorecard, draft: Scorecard, names: dict[str, str]) -> Iterator[Change]:
    yield from _listed(
        "scorecard",
        "The measure “{}”",
        lambda target: MEASURES[target.measure],
        live.measures,
        draft.measures,
        names,
    )
    same = dataclasses.replace(live, measures=draft.measures, review=draft.review)
    for called, was, now in (("scorecard", same, draft), ("weekly review", live.review, draft.review)):
        for name, text, before, after in _fields(was, now, names):
            yield Change(section="scorecard", text=f"The {called}'s {name} {text}", was=before, now=after)


def _listed(
    section: str,
    called: str,
    key: Callable[[Any], Hashable],
    live: Sequence[Any],
    draft: Sequence[Any],
    names: dict[str, str],
) -> Iterator[Change]:
    was, now = _keyed(live, key), _keyed(draft, key)
    for at, item in now.items():
        name = called.format(names.get(str(at[0]), at[0]))
        if at not in was:
            yield Change(section=section, text=f"{name} is new.", now=said(item, "", names))
            continue
        for field, text, before, after in _fields(was[at], item, names):
            yield Change(section=section, text=f"{name}: {field} {text}", was=before, now=after)
    for at, item in was.items():
        if at not in now:
            name = called.format(names.get(str(at[0]), at[0]))
            yield Change(section=section, text=f"{name} is gone.", was=said(item, "", names))
    both = [at for at in was if at in now]
    if both != [at for at in now if at in was] and section in ("routes", "alerts", "clocks"):
        order = "\n".join(str(at[0]) for at in both), "\n".join(str(at[0]) for at in now if at in was)
        text = f"The {section} are asked in another order."
        yield Change(section=section, text=text, was=order[0], now=order[1])


def _keyed(items: Iterable[Any], key: Callable[[Any], Hashable]) -> dict[tuple[Hashable, int], Any]:
    """By what tells them apart, and how many of the same came before."""
    found: dict[tuple[Hashable, int], Any] = {}
    for item in items:
        name, number = key(item), 0
        while (name, number) in found:
            number += 1
        found[name, number] = item
    return found


def _fields(was: Any, now: Any, names: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """(field, what became of it, was, now) of each field that differs."""
    for field in dataclasses.fields(was):
        before, after = getattr(was, field.name), getattr(now, field.name)
        if before == after:
            continue
        told = said(before, field.name, names), said(after, field.name, names)
        called = _FIELDS.get(field.name, field.name.replace("_", " "))
        yield called, _became(*told), *told


def _became(was: str, now: str) -> str:
    if "\n" in was + now or len(was + now) > 160:
        return "is another."
    return f"was {was or 'not set'} and becomes {now or 'not set'}."


def said(value: Any, field: str, names: dict[str, str]) -> str:
    """A value in words: times by their units, people by their names; "" for what is not set."""
    if value is None or value in ("", ()):
        return ""
    if isinstance(value, bool):
        return (
            {True: "what they did", False: "who they are"}[value]
            if field == "is_intent"
            else {True: "on", False: "off"}[value]
        )
    if isinstance(value, Enum):
        return str(value.value).replace("_", " ")
    if isinstance(value, int | float):
        return say_duration(value) if field in _DURATIONS else f"{value:g}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return names.get(value, value) if field in _PEOPLE else value
    if isinstance(value, Block):
        return f"{_time(value.start)}–{_time(value.until)}"
    if isinstance(value, tuple):
        parts = [said(part, field, names) or "–" for part in value]
        long = any(dataclasses.is_dataclass(part) or isinstance(part, tuple) for part in value)
        return ("\n" if long and len(parts) > 1 else ", ").join(parts)
    parts = [
        f"{_FIELDS.get(one.name, one.name.replace('_', ' '))} {said(getattr(value, one.name), one.name, names)}"
        for one in dataclasses.fields(value)
        if getattr(value, one.name) != one.default and said(getattr(value, one.name), one.name, names)
    ]
    return ", ".join(parts)


def _time(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
