"""What a form asks about hours, clocks, the escalation and alerts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.chain import StepKind, Way
from app.domain.lead import Role
from app.domain.routes import Loudness, News
from app.domain.sla import ClockKind
from app.ui import rulebook_read as r
from app.ui import rulebook_words_clocks as w
from app.ui.rulebook_ask import Around, Ask, Picked, Ticked, typed
from app.ui.rulebook_asks import calendars, first, tiers

__all__ = ["alert_asks", "calendar_asks", "chain_asks", "clock_asks", "shift_asks", "step_asks"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook_asks", text)


def _chains(around: Around) -> list[tuple[object, str]]:
    first = ("", _tr("The first chain"))
    return [first, *((chain.name, chain.name) for chain in around.rulebook.chains)]


def calendar_asks(_around: Around) -> tuple[Ask, ...]:
    days = [
        typed(f"week.{number}", QLocale().dayName(number + 1), r.blocks_of, r.blocks_said)
        for number in range(7)
    ]
    return (
        typed("name", _tr("Name"), str.strip, str),
        typed("zone", _tr("Time zone"), str.strip, str, _tr("Such as Europe/Berlin.")),
        typed(
            "country",
            _tr("Public holidays of"),
            lambda text: text.strip().upper(),
            str,
            _tr("DE, DE-BY, US. Empty: none."),
            wide=True,
        ),
        *days,
        typed(
            "days",
            _tr("Holidays and days with other hours"),
            r.days_of,
            r.days_said,
            _tr("A line each: 2026-12-24 Christmas Eve 08:00–12:00. Without hours it is a holiday."),
            lines=4,
            wide=True,
        ),
    )


def shift_asks(around: Around) -> tuple[Ask, ...]:
    return (
        typed("name", _tr("Name"), str.strip, str),
        Picked(key="calendar", label=_tr("Hours"), options=calendars(around, _tr("not chosen"))),
        Ticked(key="reps", label=_tr("Who works them"), options=around.callers, wide=True),
    )


def clock_asks(around: Around) -> tuple[Ask, ...]:
    every: list[tuple[object, str]] = [(None, _tr("Every tier")), *tiers()]
    return (
        Picked(
            key="kind",
            label=_tr("What is promised"),
            options=[(kind, w.kind_name(kind)) for kind in ClockKind],
        ),
        Picked(key="tier", label=_tr("Tier"), options=every),
        typed(
            "seconds",
            _tr("Within"),
            r.span_of,
            r.span_said,
            shown=lambda v: v.kind is not ClockKind.FIRST_ATTEMPT,
        ),
        Picked(key="calendar", label=_tr("Counts"), options=calendars(around, _tr("Around the clock"))),
        typed(
            "warnings", _tr("Warns at"), r.shares_of, r.shares_said, _tr("Shares of the time: 50 %, 80 %.")
        ),
        Picked(key="chain", label=_tr("A breach sets off"), options=_chains(around)),
    )


def chain_asks(_around: Around) -> tuple[Ask, ...]:
    return (typed("name", _tr("Name"), str.strip, str),)


def step_asks(_around: Around) -> tuple[Ask, ...]:
    return (
        Picked(
            key="kind", label=_tr("What happens"), options=[(kind, w.step_name(kind)) for kind in StepKind]
        ),
        typed(
            "after",
            _tr("When"),
            r.span_of,
            r.span_said,
            _tr("From the deadline: 30 s, 2 min; −30 s is before it."),
        ),
        Ticked(
            key="by",
            label=_tr("Told by"),
            options=[(way, first(w.way_name(way))) for way in Way],
            wide=True,
            note=_tr("None: by desktop, and those above by e-mail too."),
        ),
    )


def alert_asks(around: Around) -> tuple[Ask, ...]:
    loud: list[tuple[object, str]] = [(one, first(w.loudness_name(one))) for one in Loudness]
    roles: list[tuple[object, str]] = [(role.value, first(w.role_name(role.value))) for role in Role]
    return (
        Picked(key="news", label=_tr("When"), options=[(news, w.news_name(news)) for news in News]),
        Picked(key="loudness", label=_tr("How loudly"), options=loud),
        Picked(key="on_call", label=_tr("To somebody on a call"), options=loud),
        Picked(
            key="quiet_hours",
            label=_tr("Quiet during"),
            options=calendars(around, _tr("Never")),
            note=_tr("While these hours are open there is no sound, but for alarms."),
        ),
        Ticked(key="tiers", label=_tr("Tiers"), options=tiers(), wide=True, note=_tr("None: every tier.")),
        Ticked(
            key="roles",
            label=_tr("Told are"),
            options=roles,
            wide=True,
            note=_tr("None: whoever it concerns."),
        ),
    )
