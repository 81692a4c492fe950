"""Names that stand in journals and on wires for years: more may be added, none is ever renamed or taken away.

A new one is added to its list here, in the same change. Removing one from a list would make the events of
every floor that has them unreadable, and every desk of last month's program fail.
"""

from __future__ import annotations

from dataclasses import MISSING, fields

from app.domain.behaviour import Did
from app.domain.chain import StepKind, Way
from app.domain.commands import COMMANDS
from app.domain.errors import REFUSALS
from app.domain.events import KINDS
from app.domain.inquiry import InquiryState
from app.domain.lead import AttemptKind, ClockState, Outcome, RepStatus, Role, Stage, Tier
from app.domain.presence import DeskState
from app.domain.questions import QUESTIONS
from app.domain.scorecard import Measure, Weekday
from app.domain.sla import ClockKind
from app.floor import wire

EVENTS = """
    floor.started lead.captured lead.asked_again lead.scored lead.routed clock.started clock.met
    clock.breached lead.escalated alarm.raised alarm.cleared lead.claimed lead.released
    attempt.started attempt.ended outcome.logged outcome.undone note.added lead.corrected
    inquiry.to_review inquiry.put_aside inquiry.replayed rep.added rep.changed rep.status_changed
    source.added source.changed rulebook.published import.finished
    desk.invited desk.joined desk.renamed desk.revoked
    desk.presence_changed
    journal.exported
    clock.warned clock.paused clock.resumed lead.acknowledged lead.seen
    lead.did
    lead.declined offer.lapsed
    costs.noted costs.dropped baseline.frozen
    rep.told
    week.frozen score.disputed dispute.answered
    import.leads_told import.calls_told
"""
COMMAND_NAMES = """
    CaptureInquiry ReplayInquiry PutInquiryAside ClaimLead ReleaseLead StartAttempt EndAttempt
    LogOutcome UndoOutcome AddNote CorrectLead SetStatus AddRep ChangeRep AddSource ChangeSource
    PublishRulebook BeginImport AddImportRows FinishImport CancelImport ClearAlarm KeepClocks
    SetAlarm
    HoldLease ResignLease
    SayHere SayGoodbye KeepPresence
    SetMailAddress TakeMessage NoteMessage
    InviteDesk JoinFloor RenewToken RenameDevice RevokeDevice ExportJournal
    PauseClock ResumeClock AcknowledgeLead SeeLead
    NoteBehaviour
    SaveDraft DropDraft
    AcceptLead DeclineLead RedirectLead
    SetTextNumber
    EnterCosts DropCost FreezeBaseline
    RaiseLead TellRep
    FreezeWeek DisputeScore AnswerDispute
    AddPastRows
"""
QUESTION_NAMES = """
    LeadHistory LeadLag FindLeads DayFigures InquiriesIn AllSources SourceByKey FloorFacts NextDue
    ImportedBefore WhoKeeps Devices ReadJournal NextMessage WhoGotIt
    Rulebooks RulebookOf DryRun
    Costs
    RunReport Reports LeadsBehind
    WallFigures
    FrozenWeeks FrozenWeek
"""
FEED_NAMES = "Batch Live Away Goodbye"
"""What a server says on a feed, besides Error."""
REFUSAL_CODES = """
    refused lead_already_claimed lead_changed clash not_found not_allowed command_reused lease_lost
"""
WORDS = {
    InquiryState: "lead joined repeat review aside",
    Tier: "HOT WARM COLD",
    Stage: "new working prospect won lost unfit",
    ClockState: "none running met breached",
    Outcome: "booked call_back no_answer voicemail unfit won lost",
    AttemptKind: "call email text desk",
    RepStatus: "available on_call wrap_up break away",
    DeskState: "here idle locked suspect gone",
    Role: "rep team_lead manager owner admin partner",
    Way: "desktop email sms webhook",
    ClockKind: "first_attempt first_contact call_back partner result",
    Did: "inquiry page_view download open click reply call_asked",
    Measure: "fast promise contact booked won logged talked",
    Weekday: "monday tuesday wednesday thursday friday saturday sunday",
    StepKind: "louder next_rep team_lead owner manager partner",
}
"""What the values of an enumeration are called in the database."""
FIELDS = {
    "floor.started": "name",
    "lead.captured": "inquiry_id channel source",
    "lead.asked_again": "inquiry_id channel source ask",
    "lead.scored": "score tier was_score was_tier reasons rulebook",
    "lead.routed": "to to_name why ledger",
    "clock.started": "deadline sla_seconds",
    "clock.met": "after_seconds",
    "clock.breached": "deadline",
    "lead.escalated": "step what to to_names",
    "alarm.raised": "name text",
    "alarm.cleared": "name why",
    "lead.claimed": "rep_id rep_name claim_no",
    "lead.released": "reason",
    "attempt.started": "attempt_id attempt_kind number rep_name",
    "attempt.ended": "attempt_id seconds",
    "outcome.logged": "attempt_id number outcome at reason amount note rep_name",
    "outcome.undone": "attempt_id outcome",
    "note.added": "text rep_name",
    "lead.corrected": "changes",
    "inquiry.to_review": "inquiry_id channel why",
    "inquiry.put_aside": "inquiry_id channel why",
    "inquiry.replayed": "inquiry_id corrected",
    "rep.added": "rep_id name",
    "rep.changed": "rep_id name active",
    "rep.status_changed": "rep_id status was",
    "rep.told": "to to_name by_name text",
    "source.added": "source_id name channel",
    "source.changed": "source_id name active",
    "rulebook.published": "version name",
    "import.finished": "import_id file leads rejected sha256",
    "desk.invited": "rep_id rep_name expires_at",
    "desk.joined": "rep_id rep_name device_id device",
    "desk.renamed": "rep_id device_id device was",
    "desk.revoked": "rep_id rep_name device_id device why",
    "desk.presence_changed": "rep_id rep_name device_id place state was",
    "journal.exported": "entries last since until actor kinds lead_id",
    "clock.warned": "deadline share clock",
    "clock.paused": "until deadline reason rep_name",
    "clock.resumed": "deadline rep_name",
    "lead.acknowledged": "rep_id rep_name until",
    "lead.seen": "rep_id rep_name",
    "lead.did": "kind at what",
    "lead.declined": "rep_id rep_name reason",
    "offer.lapsed": "route offered names until",
    "costs.noted": "ids lines import_id",
    "costs.dropped": "cost_id",
    "baseline.frozen": "baseline_id since until leads sha256",
    "week.frozen": "week digest pages rulebook head",
    "score.disputed": "dispute_id week sha256",
    "dispute.answered": "dispute_id week sha256",
    "import.leads_told": "import_id leads",
    "import.calls_told": "import_id calls",
}
"""Of each kind of event, as first written."""


def test_every_name_is_where_it_was() -> None:
    for here, written in (
        (KINDS, EVENTS),
        (COMMANDS, COMMAND_NAMES),
        (QUESTIONS, QUESTION_NAMES),
        (REFUSALS, REFUSAL_CODES),
        (wire.FEED, FEED_NAMES),
        (wire.ERROR_CODES, f"{REFUSAL_CODES} unavailable wrong_version"),
    ):
        assert sorted(here) == sorted(written.split())


def test_every_stored_word_is_what_it_was() -> None:
    for kind, words in WORDS.items():
        assert " ".join(kind) == words, kind.__name__


def test_the_fields_of_an_event_are_still_there_and_new_ones_may_be_missing() -> None:
    for kind, names in FIELDS.items():
        needed = {field.name for field in fields(KINDS[kind]) if _is_needed(field)}
        assert needed <= set(names.split()), f"a new field of {kind} needs a default: older events lack it"
        assert set(names.split()) <= {field.name for field in fields(KINDS[kind])}, f"{kind} lost a field"
    assert sorted(FIELDS) == sorted(EVENTS.split())


def _is_needed(field: object) -> bool:
    return field.default is MISSING and field.default_factory is MISSING  # type: ignore[attr-defined]
