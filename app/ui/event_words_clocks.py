"""What happened to a lead's clocks, one line a journal entry."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain import events as e
from app.domain.sla import ClockKind
from app.ui.event_line import Line
from app.ui.wording import clock_face, day_and_time, length_of


def _tr(text: str) -> str:
    return QCoreApplication.translate("event_words", text)


def clock_line(event: e.Event, now: datetime) -> Line:
    """The words for an event of a clock or its chain."""
    match event:
        case e.ClockStarted():
            return _started(event, now)
        case e.ClockMet(clock=ClockKind.CALL_BACK):
            return Line(_tr("Called back as promised"), tint="good")
        case e.ClockMet(clock=ClockKind.FIRST_CONTACT):
            return Line(
                _tr("Talked to in time, after {time}").format(time=clock_face(event.after_seconds)),
                tint="good",
            )
        case e.ClockMet(clock=ClockKind.RESULT):
            return Line(_tr("The partner's result came in time"), tint="good")
        case e.ClockMet():
            return Line(
                _tr("In time: called after {time}").format(time=clock_face(event.after_seconds)), tint="good"
            )
        case e.ClockWarned():
            left = _tr("{share} % of the time is over: due {time}")
            due = day_and_time(event.deadline, now)
            return Line(left.format(share=round(event.share * 100), time=due), tint="warm")
        case e.ClockBreached():
            return Line(_missed(event.clock).format(time=day_and_time(event.deadline, now)), tint="danger")
        case e.ClockPaused():
            text = _tr("Clock paused until {until}, then due {time} · {name}")
            until, due = day_and_time(event.until, now), day_and_time(event.deadline, now)
            return Line(text.format(until=until, time=due, name=event.rep_name), event.reason, "warm")
        case e.ClockResumed():
            text = _tr("Clock goes on, due {time} · {name}")
            return Line(text.format(time=day_and_time(event.deadline, now), name=event.rep_name))
    return _chain_line(event, now)


def _chain_line(event: e.Event, now: datetime) -> Line:
    match event:
        case e.LeadEscalated():
            to = ", ".join(event.to_names)
            what = _step(event.what)
            return Line(f"{what} · {to}" if to else what, tint="danger")
        case e.LeadAcknowledged():
            text = _tr("{name} has it; the chain rests until {time}")
            return Line(text.format(name=event.rep_name, time=day_and_time(event.until, now)), tint="select")
        case e.LeadSeen():
            return Line(_tr("Opened by {name}").format(name=event.rep_name))
    return Line(type(event).__name__)


def _started(event: e.ClockStarted, now: datetime) -> Line:
    promised, due = length_of(event.sla_seconds), day_and_time(event.deadline, now)
    if event.clock == ClockKind.CALL_BACK:
        return Line(_tr("A call is promised, at the latest {time}").format(time=due))
    if event.clock == ClockKind.FIRST_CONTACT:
        return Line(_tr("To be talked to within {time}").format(time=promised))
    if event.clock == ClockKind.PARTNER:
        return Line(_tr("The partner is to call within {time}").format(time=promised))
    if event.clock == ClockKind.RESULT:
        return Line(_tr("The partner owes a result by {time}").format(time=due))
    return Line(_tr("To be called within {time}").format(time=promised))


def _missed(clock: str) -> str:
    if clock == ClockKind.CALL_BACK:
        return _tr("The promised call was not made by {time}")
    if clock == ClockKind.FIRST_CONTACT:
        return _tr("Nobody talked to them by {time}")
    if clock == ClockKind.PARTNER:
        return _tr("The partner had not called by {time}")
    if clock == ClockKind.RESULT:
        return _tr("The partner owed a result by {time}")
    return _tr("Nobody called by {time}")


def _step(what: str) -> str:
    steps = {
        "louder": _tr("Rung again, louder"),
        "next_rep": _tr("Given to the next rep"),
        "team_lead": _tr("Team leads told"),
        "manager": _tr("Managers told"),
        "owner": _tr("Managers and owner told"),
        "partner": _tr("Given to a partner"),
    }
    return steps.get(what, what)
