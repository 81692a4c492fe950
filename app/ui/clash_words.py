"""Words for what a desk kept without its floor, and for what it clashed with. Pure."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain.clash import Cause, Clashing
from app.domain.commands import (
    AddNote,
    Command,
    CorrectLead,
    EndAttempt,
    LogOutcome,
    ReleaseLead,
    StartAttempt,
    UndoOutcome,
)
from app.domain.lead import AttemptKind, Outcome
from app.ui.wording import amount, corrected_field, day_and_time, outcome_name

__all__ = ["cause_words", "note_of", "rows_of", "value_words", "work_words"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("clash_words", text)


def work_words(command: Command[object], now: datetime) -> str:
    """What the rep did, in a line: "Booked · Tue 16:00"."""
    match command:
        case StartAttempt():
            return {
                AttemptKind.CALL: _tr("Call"),
                AttemptKind.EMAIL: _tr("E-mail"),
                AttemptKind.TEXT: _tr("Text message"),
                AttemptKind.DESK: _tr("At the desk"),
            }[command.kind]
        case EndAttempt():
            return _tr("Hung up")
        case LogOutcome():
            parts = [outcome_name(command.outcome)]
            parts += [day_and_time(command.at, now)] if command.at else []
            parts += [amount(command.amount)] if command.amount is not None else []
            return " · ".join([*parts, *(text for text in (command.reason, command.note) if text)])
        case UndoOutcome():
            return _tr("Took the last outcome back")
        case AddNote():
            return _tr("Note: {text}").format(text=command.text)
        case CorrectLead():
            changes = "; ".join(f"{corrected_field(name)}: {text or '–'}" for name, text in command.changes)
            return _tr("Corrected {changes}").format(changes=changes)
        case ReleaseLead():
            return _tr("Given back to the pool")
    return type(command).__name__


def cause_words(clash: Clashing) -> str:
    """Why it was not carried out, in a sentence."""
    by = clash.by or _tr("Somebody else")
    match clash.cause:
        case Cause.TAKEN:
            return _tr("{name} worked on this lead meanwhile.").format(name=by)
        case Cause.CLOSED:
            return _tr("The lead was closed meanwhile by {name}.").format(name=by)
        case Cause.NEWER:
            return _tr("{name} said a later outcome meanwhile.").format(name=by)
        case Cause.EDITED:
            return _tr("{name} changed the same meanwhile.").format(name=by)
        case Cause.MOVED:
            return clash.why or _tr("The lead moved on since you looked at it.")
        case Cause.OLD:
            return _tr("It was kept for more than 60 days; the floor can’t tell whether it has it already.")
    return clash.why or _tr("The floor refused it.")


def rows_of(command: Command[object], clash: Clashing, now: datetime) -> tuple[tuple[str, str, str], ...]:
    """(what, as it stands on the floor, as the rep said it), for what differs or is said by one side only."""
    stands, said = dict(clash.stands), dict(clash.said)
    if not said:
        return ((_tr("What you did"), _state(stands, now), work_words(command, now)),)
    names = [*said, *(name for name in stands if name not in said)]
    rows = [(_name(name), _value(name, stands, now), _value(name, said, now)) for name in names]
    return tuple(row for row in rows if row[1] != row[2])


def note_of(command: Command[object], now: datetime, said_at: datetime) -> str:
    """The text of a note that keeps what was said, for those who read the lead later."""
    if isinstance(command, AddNote):
        return command.text
    when = day_and_time(said_at, now)
    return _tr("Said offline at {time}: {what}").format(time=when, what=work_words(command, now))


def _state(stands: dict[str, str], now: datetime) -> str:
    return " · ".join(_value(name, stands, now) for name in stands if stands[name]) or "–"


def _name(name: str) -> str:
    named = {
        "owner": _tr("Who has it"),
        "stage": _tr("Stage"),
        "outcome": _tr("Outcome"),
        "at": _tr("When"),
        "reason": _tr("Reason"),
        "amount": _tr("Amount"),
    }
    return named.get(name) or corrected_field(name)


def _value(name: str, values: dict[str, str], now: datetime) -> str:
    if name not in values:
        return "–"
    return value_words(name, values[name], now)


def value_words(name: str, text: str, now: datetime) -> str:
    """A value of a clash as it is read on the floor; what can't be read stays as it is."""
    try:
        if name == "outcome":
            return outcome_name(Outcome(text))
        if name == "at":
            return day_and_time(datetime.fromisoformat(text), now)
        if name == "amount":
            return amount(int(text))
    except ValueError:
        return text
    if name == "owner":
        return text or _tr("in the pool")
    if name == "stage":
        stages = {
            "new": _tr("new"),
            "working": _tr("working"),
            "prospect": _tr("appointment made"),
            "won": _tr("won"),
            "lost": _tr("lost"),
            "unfit": _tr("not a fit"),
        }
        return stages.get(text, text)
    return text or "–"
