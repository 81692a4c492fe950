"""Hours, clocks, the escalation and alerts of a rulebook in words: values in, words out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.chain import Step, StepKind, Way
from app.domain.hours import Block, Calendar
from app.domain.lead import Role
from app.domain.routes import Alert, Loudness, News
from app.domain.rulebook import Rulebook
from app.domain.shifts import Shift
from app.domain.sla import ClockKind, ClockRule
from app.ui.parts import tier_tint
from app.ui.rulebook_read import blocks_said, shares_said, span_said
from app.ui.rulebook_words import Chip, Line, Names, few
from app.ui.theme import Tint

__all__ = [
    "StepWords", "alert_line", "calendar_line", "clock_line", "hours_words", "kind_name", "loudness_name",
    "news_name", "role_name", "shift_line", "step_name", "step_words", "way_name",
]  # fmt: skip


class StepWords(NamedTuple):
    """A step of a chain as its box shows it."""

    when: str
    what: str
    how: str
    tint: Tint

    @property
    def spoken(self) -> str:
        return ", ".join((self.when, self.what, self.how))


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook_words", text)


# hours


def hours_words(calendar: Calendar) -> str:
    """ "Mon–Fri 08:00–12:30, 13:15–18:00 · US holidays"."""
    day = [QLocale().dayName(number, QLocale.FormatType.ShortFormat) for number in range(1, 8)]
    runs: list[str] = []
    for blocks, group in groupby(range(min(7, len(calendar.week))), key=lambda number: calendar.week[number]):
        numbers = list(group)
        if blocks:
            span = day[numbers[0]] if len(numbers) == 1 else f"{day[numbers[0]]}–{day[numbers[-1]]}"
            runs.append(f"{span} {_round_the_clock(blocks)}")
    parts = ["; ".join(runs) or _tr("never open")]
    if calendar.country:
        parts.append(_tr("{country} holidays").format(country=calendar.country))
    return " · ".join(parts)


def _round_the_clock(blocks: Sequence[Block]) -> str:
    return _tr("all day") if [(b.start, b.until) for b in blocks] == [(0, 86400)] else blocks_said(blocks)


def calendar_line(calendar: Calendar, rulebook: Rulebook) -> Line:
    first = bool(rulebook.calendars) and rulebook.calendars[0].name == calendar.name
    own = [day.name or day.on.isoformat() for day in calendar.days]
    return Line(
        title=calendar.name,
        chips=((_tr("the floor's own"), "select"),) if first else (),
        detail=calendar.zone,
        what=hours_words(calendar),
        then=_tr("{n} days of its own").format(n=len(own)) if own else "",
    )


def shift_line(shift: Shift, names: Names) -> Line:
    people = [names.get(rep, _tr("somebody who has left")) for rep in shift.reps]
    return Line(title=shift.name, what=shift.calendar, then=few(people), detail=_people(len(people)))


def _people(count: int) -> str:
    return _tr("1 person") if count == 1 else _tr("{n} people").format(n=count)


# clocks, chains, alerts


def kind_name(kind: ClockKind) -> str:
    return {
        ClockKind.FIRST_ATTEMPT: _tr("First call"),
        ClockKind.FIRST_CONTACT: _tr("First conversation"),
        ClockKind.CALL_BACK: _tr("Promised call-back"),
        ClockKind.PARTNER: _tr("A partner's first call"),
        ClockKind.RESULT: _tr("What came of it at a partner"),
    }[kind]


def clock_line(rule: ClockRule) -> Line:
    tier = (rule.tier.value, tier_tint(rule.tier.value)) if rule.tier else None
    time = _tr("the tier's own time") if rule.kind is ClockKind.FIRST_ATTEMPT else span_said(rule.seconds)
    hours = _tr("of “{hours}”").format(hours=rule.calendar) if rule.calendar else _tr("around the clock")
    then = []
    if rule.warnings:
        then.append(_tr("warns at {shares}").format(shares=shares_said(rule.warnings)))
    if rule.chain:
        then.append(_tr("sets off “{chain}”").format(chain=rule.chain))
    return Line(
        title=kind_name(rule.kind),
        chips=(tier,) if tier else (),
        detail="" if tier else _tr("every tier"),
        what=f"{time}, {hours}",
        then=", ".join(then),
    )


def step_name(kind: StepKind) -> str:
    return {
        StepKind.LOUDER: _tr("Ring again, louder"),
        StepKind.NEXT_REP: _tr("Next free rep"),
        StepKind.TEAM_LEAD: _tr("Team lead"),
        StepKind.OWNER: _tr("Managers and owner"),
        StepKind.MANAGER: _tr("Manager"),
        StepKind.PARTNER: _tr("Partner"),
    }[kind]


def way_name(way: Way) -> str:
    return {
        Way.DESKTOP: _tr("desktop"),
        Way.EMAIL: _tr("e‑mail"),
        Way.SMS: _tr("SMS"),
        Way.WEBHOOK: _tr("webhook"),
    }[way]


def step_words(step: Step) -> StepWords:
    """When a step is taken, what it does and how; one before the breach is amber, one at it red."""
    if step.after < 0:
        when, tint = _tr("{time} before").format(time=span_said(-step.after)), "warm"
    elif step.after == 0:
        when, tint = _tr("at breach"), "hot"
    else:
        when, tint = f"+{span_said(step.after)}", "grey"
    how = {
        StepKind.LOUDER: _tr("owner’s desk"),
        StepKind.NEXT_REP: _tr("has the lead"),
        StepKind.PARTNER: _tr("has the lead"),
    }.get(step.kind) or ", ".join(way_name(way) for way in step.ways)
    return StepWords(when, step_name(step.kind), how, tint)  # type: ignore[arg-type]


def news_name(news: News) -> str:
    return {
        News.ARRIVED: _tr("A lead comes"),
        News.WARNED: _tr("A clock is near its end"),
        News.BREACHED: _tr("A clock has run out"),
        News.ALARM: _tr("An alarm"),
        News.BEHAVIOUR: _tr("A lead did something"),
    }[news]


def loudness_name(loudness: Loudness) -> str:
    return {
        Loudness.SILENT: _tr("in the window only"),
        Loudness.QUIET: _tr("a bubble, no sound"),
        Loudness.NORMAL: _tr("a bubble and a sound"),
        Loudness.LOUD: _tr("rings until somebody answers"),
    }[loudness]


def role_name(role: str) -> str:
    return {
        Role.REP.value: _tr("reps"), Role.TEAM_LEAD.value: _tr("team leads"), Role.MANAGER.value: _tr("managers"),
        Role.OWNER.value: _tr("owners"), Role.ADMIN.value: _tr("admins"), Role.PARTNER.value: _tr("partners"),
    }.get(role, role)  # fmt: skip


def alert_line(alert: Alert) -> Line:
    chips: list[Chip] = [(tier.value, tier_tint(tier.value)) for tier in alert.tiers]
    then = [_tr("on a call: {how}").format(how=loudness_name(alert.on_call))]
    if alert.quiet_hours:
        then.append(_tr("quiet during “{hours}”").format(hours=alert.quiet_hours))
    whom = ", ".join(role_name(role) for role in alert.roles) or _tr("whoever it concerns")
    return Line(
        title=news_name(alert.news), chips=tuple(chips), detail=whom, what=loudness_name(alert.loudness),
        then="; ".join(then),
    )  # fmt: skip
