"""What a wallboard says: short words that are read from across a room. Pure; `now` is handed in."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from app.domain.behaviour import Did
from app.domain.lead import RepStatus, Tier
from app.domain.presence import DeskState
from app.domain.wall import News, Was
from app.floor.wall_face import Face, Line, RepLine, initials
from app.ui.event_words import deed_words
from app.ui.theme import Ink
from app.ui.times import day_and_time, length_of, length_words, seconds_left, zone_named
from app.ui.wording import amount

__all__ = [
    "Told", "chain_words", "countdown_of", "first_name", "named", "news_words", "oldest_words", "owner_words",
    "promises_words", "share_words", "short_name", "since_words", "state_words", "step_words", "tiers_words",
]  # fmt: skip

DASH = "–"


def _tr(text: str) -> str:
    return QCoreApplication.translate("wallboard", text)


# -- people


def named(who: str, company: str, tier: Tier, *, hidden: bool = False) -> str:
    """A lead by name and company; hidden: by initials, or by its tier where it has none."""
    if not hidden:
        who = who.strip() or _tr("Somebody")
        return f"{who} · {company}" if company else who
    return initials(who, tier)


def first_name(name: str) -> str:
    return name.split(maxsplit=1)[0] if name.split() else name


def short_name(name: str) -> str:
    """ "Mara K."."""
    words = name.split()
    return f"{words[0]} {words[-1][0]}." if len(words) > 1 else name


# -- waiting


def countdown_of(line: Line, now: datetime) -> str:
    """What its clock shows: time left, time over with a minus, or that it stands still."""
    if line.paused_until is not None and line.paused_until > now:
        return _tr("paused")
    left = seconds_left(line.deadline, now)
    return length_words(min(left, 0) if line.late else left)


def is_late(line: Line, now: datetime) -> bool:
    paused = line.paused_until is not None and line.paused_until > now
    return line.late or (not paused and line.deadline <= now)


def owner_words(line: Line) -> str:
    """Whose it is, for a column: "Mara K.", "offered to 3", "pool"."""
    if line.owner_name:
        return short_name(line.owner_name)
    return _tr("offered to {n}").format(n=line.offered) if line.offered else _tr("in the pool")


def oldest_words(line: Line | None, *, hidden: bool) -> str:
    """Under the largest number of all: who it is, with whom, and how far the chain has gone."""
    if line is None:
        return _tr("Nobody HOT waits")
    parts = [named(line.who, "", line.tier, hidden=hidden)]
    if line.owner_name:
        words = _tr("now with {name}") if line.late else _tr("with {name}")
        parts.append(words.format(name=first_name(line.owner_name)))
    else:
        parts.append(owner_words(line))
    if line.step and line.step != "next_rep":
        parts.append(step_words(line.step))
    return " · ".join(parts)


def step_words(step: str) -> str:
    """A step of the chain that was taken."""
    words = {
        "louder": _tr("rung again"),
        "next_rep": _tr("given to the next rep"),
        "team_lead": _tr("team lead told"),
        "manager": _tr("manager told"),
        "owner": _tr("owner told"),
        "partner": _tr("given to a partner"),
    }
    return words.get(step, step)


def tiers_words(face: Face) -> tuple[tuple[str, Ink], ...]:
    """ "2 hot", "7 warm", "41 cold", each with its colour."""
    words = {Tier.HOT: _tr("{n} hot"), Tier.WARM: _tr("{n} warm"), Tier.COLD: _tr("{n} cold")}
    inks: dict[Tier, Ink] = {Tier.HOT: "hot", Tier.WARM: "warm", Tier.COLD: "ink_soft"}
    return tuple((words[tier].format(n=n), inks[tier]) for tier, n in face.waiting)


def share_words(face: Face) -> str:
    """SLA met by tier: "HOT 91 · WARM 97 · COLD –"."""
    parts = (f"{tier.value} {round(100 * met / ended) if ended else DASH}" for tier, met, ended in face.met)
    return " · ".join(parts)


# -- reps


def state_words(line: RepLine) -> str:
    """What a rep does, or that their desk is gone."""
    if line.desk is DeskState.GONE and line.status is not RepStatus.AWAY:
        return _tr("desk closed")
    if line.desk is DeskState.SUSPECT and line.status is not RepStatus.AWAY:
        return _tr("not heard of")
    return {
        RepStatus.AVAILABLE: _tr("free"),
        RepStatus.ON_CALL: _tr("on call"),
        RepStatus.WRAP_UP: _tr("wrap-up"),
        RepStatus.BREAK: _tr("break"),
        RepStatus.AWAY: _tr("away"),
    }[line.status]


def since_words(line: RepLine, now: datetime) -> str:
    return length_words(max(0, int((now - line.since).total_seconds())))


# -- just now


class Told(NamedTuple):
    """A line of the news: a word in a colour, who, and what came of it."""

    head: str
    ink: Ink
    who: str
    more: str


def news_words(line: News, now: datetime, zone: str, *, hidden: bool) -> Told:
    """The words of a line of the news."""
    who = named(line.who, "", line.tier, hidden=hidden)
    place = who if hidden or not line.company else line.company
    match line.was:
        case Was.BREACH:
            steps = [step_words(step) for step in line.steps if step != "next_rep"]
            to = [f"→ {line.to_name}"] if line.to_name else []
            return Told(_tr("Breach"), "danger", who, " · ".join((*to, *steps)))
        case Was.NEW:
            if line.offered:
                to = [_tr("offered to {n}").format(n=line.offered)]
            else:
                to = [_tr("to {name}").format(name=line.to_name) if line.to_name else _tr("in the pool")]
            return Told(_tr("New HOT"), "ink", who, ", ".join(filter(None, (line.source, *to))))
        case Was.TIER:
            before = line.tier_before.value if line.tier_before else ""
            deed = deed_words(Did(line.deed)) if line.deed else ""
            more = " · ".join(filter(None, (deed, line.more)))
            return Told(f"{before} → {line.tier.value}", "ink", who, more)
        case Was.BOOKED:
            when = day_and_time(line.when, now, zone_named(zone)) if line.when else ""
            more = ", ".join(filter(None, (first_name(line.rep_name), when)))
            return Told(_tr("Booked"), "good", place, more)
        case Was.WON:
            money = f" · {amount(line.amount)}" if line.amount is not None else ""
            come = _tr("from {campaign}").format(campaign=line.source) if line.source else ""
            more = ", ".join(filter(None, (first_name(line.rep_name), come)))
            return Told(_tr("Won"), "good", place + money, more)


# -- the foot


def promises_words(face: Face) -> str:
    """ "HOT 60 s · WARM 1 h · COLD 24 h"."""
    return " · ".join(f"{tier.value} {length_of(seconds)}" for tier, seconds in face.promises)


def chain_words(face: Face) -> str:
    """ "Breach → next free rep → team lead 30 s → owner 2 min"."""
    words = {
        "louder": _tr("louder"),
        "next_rep": _tr("next free rep"),
        "team_lead": _tr("team lead"),
        "manager": _tr("manager"),
        "owner": _tr("owner"),
        "partner": _tr("partner"),
    }
    after = [
        words.get(step, step) + (f" {length_of(seconds)}" if seconds else "")
        for step, seconds in face.chain
        if seconds >= 0
    ]
    return " → ".join((_tr("Breach"), *after)) if after else ""
