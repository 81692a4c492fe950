"""What happened to a lead, one line a journal entry: the words of the timeline.

Pure. Every event of the journal has its words here; a test holds this against `KINDS`. What a person wrote (a
note, a reason) stands in `more`, below the line.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain import events as e
from app.domain.behaviour import Did
from app.domain.lead import AttemptKind, Outcome
from app.ui.event_line import Line
from app.ui.event_words_clocks import clock_line
from app.ui.theme import Tint
from app.ui.wording import (
    amount,
    attempt_name,
    channel_name,
    clock_face,
    corrected_field,
    day_and_time,
    outcome_name,
    quoted,
)

__all__ = ["Line", "deed_words", "line_of"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("event_words", text)


def line_of(event: e.Event, now: datetime) -> Line:
    """The words for an event; an unknown one (of a newer program) is named by its class."""
    line = _told(event, now)
    said_at: datetime | None = getattr(event, "said_at", None)
    if said_at is None:
        return line
    more = _tr("recorded offline at {time}").format(time=day_and_time(said_at, now))
    if isinstance(event, e.OutcomeLogged) and not event.applied:
        more += " · " + _tr("the lead was left as it stood")
    return line._replace(more=f"{more}\n{line.more}" if line.more else more)


def _told(event: e.Event, now: datetime) -> Line:
    match event:
        case e.LeadCaptured():
            return Line(_came(_tr("Came in by {way}"), event.channel, event.source), tint="select")
        case e.LeadAskedAgain():
            return Line(
                _came(_tr("Asked again by {way}"), event.channel, event.source),
                quoted(event.ask[:400]),
                "hot",
            )
        case e.LeadScored():
            return _scored(event)
        case e.LeadRouted(to="", why=why, offered=(_, *_)):
            return Line(_tr("Offered · {why}").format(why=why), _ledger(event))
        case e.LeadDeclined():
            return Line(_tr("{name} declined").format(name=event.rep_name), quoted(event.reason), "warm")
        case e.OfferLapsed():
            names = ", ".join(event.names)
            return Line(_tr("Nobody took the offer: {names}").format(names=names), tint="warm")
        case e.LeadRouted(to="", why=why):
            return Line(_tr("To the pool · {why}").format(why=why), _ledger(event), "warm")
        case e.LeadRouted():
            return Line(
                _tr("Assigned to {name} · {why}").format(name=event.to_name, why=event.why), _ledger(event)
            )
        case (
            e.ClockStarted()
            | e.ClockMet()
            | e.ClockBreached()
            | e.ClockWarned()
            | e.ClockPaused()
            | e.ClockResumed()
            | e.LeadEscalated()
            | e.LeadAcknowledged()
            | e.LeadSeen()
        ):
            return clock_line(event, now)
        case e.AlarmRaised():
            return Line(event.text, tint="danger")
        case e.AlarmCleared():
            return Line(_tr("Alarm over · {why}").format(why=event.why), tint="good")
        case e.LeadClaimed():
            return Line(_tr("Claimed by {name}").format(name=event.rep_name), tint="select")
        case e.LeadReleased():
            return Line(_tr("Given back to the pool"), event.reason)
    return _worked(event, now)


def _worked(event: e.Event, now: datetime) -> Line:
    """What a rep did, and the rest."""
    match event:
        case e.AttemptStarted():
            return Line(
                f"{attempt_name(event.attempt_kind, event.number)} · {event.rep_name}",
                tint=_kind(event.attempt_kind),
            )
        case e.AttemptEnded():
            return Line(_tr("Hung up after {time}").format(time=clock_face(event.seconds)))
        case e.OutcomeLogged():
            return _ended(event, now)
        case e.OutcomeUndone():
            return Line(
                _tr("“{outcome}” taken back").format(outcome=outcome_name(event.outcome)), tint="warm"
            )
        case e.NoteAdded():
            return Line(_tr("Note · {name}").format(name=event.rep_name), event.text)
        case e.LeadCorrected():
            changes = "\n".join(
                f"{corrected_field(name)}: {was or '–'} → {now_is or '–'}"
                for name, was, now_is in event.changes
            )
            return Line(_tr("Details corrected"), changes)
        case e.InquiryToReview():
            return Line(
                _came(_tr("An inquiry by {way} waits in review"), event.channel, ""), event.why, "warm"
            )
        case e.InquiryPutAside():
            return Line(_came(_tr("An inquiry by {way} was put aside"), event.channel, ""), event.why)
        case e.InquiryReplayed():
            return Line(
                _tr("The inquiry was read again, corrected")
                if event.corrected
                else _tr("The inquiry was read again")
            )
        case e.ImportFinished():
            return Line(_tr("Came in with the file {file}").format(file=event.file), tint="select")
        case e.LeadsTold():
            return Line(_tr("A file told of {n} leads").format(n=f"{len(event.leads):,}"), tint="select")
        case e.CallsTold():
            return Line(_tr("A file told of {n} calls").format(n=f"{len(event.calls):,}"), tint="select")
        case e.RepAdded() | e.RepChanged() | e.SourceAdded() | e.SourceChanged() | e.FloorStarted():
            return Line(event.name)
        case e.RulebookPublished():
            return Line(_tr("Rulebook {number} came into force").format(number=event.version), event.name)
        case e.RepStatusChanged():
            status = event.status.value.replace("_", " ")
            return Line(_tr("Status: {status}").format(status=status), event.why)
        case e.RepTold():
            to = event.to_name or _tr("all desks")
            return Line(_tr("{person} wrote to {to}").format(person=event.by_name, to=to), event.text)
        case e.DeskInvited():
            return Line(_tr("{person} was invited to join").format(person=event.rep_name))
        case e.DeskJoined():
            return Line(
                _tr("{person} joined with {device}").format(person=event.rep_name, device=event.device)
            )
        case e.DeskRenamed():
            return Line(_tr("{was} is called {device} now").format(was=event.was, device=event.device))
        case e.PresenceChanged():
            words = _tr("{person}'s desk {place}: {state}")
            return Line(
                words.format(person=event.rep_name, place=event.place, state=event.state.value).replace(
                    "  ", " "
                )
            )
        case e.DeskRevoked():
            words = _tr("{device} of {person} was revoked")
            return Line(words.format(device=event.device, person=event.rep_name), event.why)
        case e.JournalExported():
            return Line(
                _tr("{n} entries of the journal were taken away").format(n=f"{event.entries:,}"), tint="warm"
            )
        case e.CostsNoted():
            return Line(_tr("Costs entered: {n}").format(n=f"{len(event.ids):,}"))
        case e.BaselineFrozen():
            return Line(_tr("Baseline of {n} leads frozen").format(n=f"{event.leads:,}"), tint="select")
        case e.WeekFrozen():
            return Line(_tr("Week {week} frozen").format(week=event.week), tint="select")
        case e.ScoreDisputed():
            return Line(_tr("A score of week {week} is disputed").format(week=event.week), tint="warm")
        case e.DisputeAnswered():
            return Line(_tr("A dispute of week {week} is answered").format(week=event.week), tint="select")
        case e.CostDropped():
            return Line(_tr("A cost was taken back"))
        case e.BehaviourNoted():
            return Line(deed_words(event.kind), event.what, "hot")
    return Line(type(event).__name__)


def deed_words(kind: Did) -> str:
    """What somebody did that is no inquiry."""
    return {
        Did.INQUIRY: _tr("Wrote again"),
        Did.PAGE_VIEW: _tr("Looked at a page"),
        Did.DOWNLOAD: _tr("Downloaded something"),
        Did.OPEN: _tr("Opened our mail"),
        Did.CLICK: _tr("Clicked in our mail"),
        Did.REPLY: _tr("Answered our mail"),
        Did.CALL_ASKED: _tr("Asked to be called"),
    }[kind]


def _came(words: str, channel: str, source: str) -> str:
    way = channel_name(channel)
    return words.format(way=f"{way} “{source}”" if source and source != way else way)


def _scored(event: e.LeadScored) -> Line:
    reasons = ", ".join(f"{reason.text} {reason.points:+d}" for reason in event.reasons[:8])
    if event.was_score is None:
        return Line(_tr("Score {score}, {tier}").format(score=event.score, tier=event.tier.value), reasons)
    text = _tr("Score {was} → {score}").format(was=event.was_score, score=event.score)
    if event.was_tier is not None and event.was_tier is not event.tier:
        text += f", {event.was_tier.value} → {event.tier.value}"
    return Line(text, reasons, "hot" if event.score > event.was_score else "grey")


def _ledger(event: e.LeadRouted) -> str:
    """Who was passed over, and why."""
    skipped = [f"{one.name}: {one.skipped}" for one in event.ledger if one.skipped]
    return "\n".join(skipped[:12])


def _ended(event: e.OutcomeLogged, now: datetime) -> Line:
    name = outcome_name(event.outcome)
    parts = [
        name if not event.number else _tr("Call {n}: {outcome}").format(n=event.number, outcome=name.lower())
    ]
    if event.outcome in (Outcome.WON, Outcome.LOST, Outcome.UNFIT):
        parts = [name]
    if event.amount is not None:
        parts.append(amount(event.amount))
    if event.at is not None:
        when = day_and_time(event.at, now)
        retry = event.outcome in (Outcome.NO_ANSWER, Outcome.VOICEMAIL)
        parts.append(_tr("next try {time}").format(time=when) if retry else when)
    if event.rep_name:
        parts.append(event.rep_name)
    more = "\n".join(text for text in (event.reason, event.note) if text)
    tint: Tint = "good" if event.outcome in (Outcome.BOOKED, Outcome.WON) else "grey"
    return Line(" · ".join(parts), more, tint)


def _kind(kind: AttemptKind) -> Tint:
    return "select" if kind is AttemptKind.CALL else "grey"
