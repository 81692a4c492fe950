"""The lag ledger in words: why a lead was missed, and how long each stage took."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.lag import Cause, Lag, Stamp
from app.ui.times import clock_face


def _tr(text: str) -> str:
    return QCoreApplication.translate("lag_words", text)


def why_missed(lag: Lag) -> str:
    """The one cause of a missed deadline, in a sentence; "" where none was missed."""
    match lag.cause:
        case Cause.SYSTEM:
            return _tr("Firstring itself was slow: it came in later than it should have.")
        case Cause.CALLING_HOURS:
            return _tr("Nobody may be called there at that hour.")
        case Cause.NOBODY_ON_SHIFT:
            return _tr("Nobody was there who could have called.")
        case Cause.AT_CAPACITY if lag.who:
            return _tr("{name} was on the phone with others.").format(name=lag.who)
        case Cause.AT_CAPACITY:
            return _tr("Everybody was busy.")
        case Cause.NOT_DIALLED:
            return _tr("{name} had taken it and did not call.").format(name=lag.who)
        case Cause.IGNORED if lag.who:
            return _tr("It was offered to {name}, who did not take it.").format(name=lag.who)
        case Cause.IGNORED:
            return _tr("It lay in the pool and nobody took it.")
    return ""


def stages(lag: Lag) -> str:
    """How long after capture each stage was reached: "decided 0:00 · offered 0:00 · opened 0:12"."""
    names = {
        Stamp.DECISION: _tr("decided"),
        Stamp.OFFER: _tr("offered"),
        Stamp.SEEN: _tr("opened"),
        Stamp.ACCEPT: _tr("taken"),
        Stamp.DIAL: _tr("called"),
        Stamp.CONTACT: _tr("talked to"),
    }
    captured = lag.at(Stamp.CAPTURE)
    if captured is None:
        return ""
    reached = ((names[kind], (at - captured).total_seconds()) for kind, at in lag.stamps if kind in names)
    return " · ".join(f"{name} {clock_face(seconds)}" for name, seconds in reached)
