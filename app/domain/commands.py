"""What may be asked of the floor, in the imperative: the only ways to change anything.

Every command carries an id of its own. The same command sent again is answered the same without being done
again, so that a lost answer can be asked for once more. Who asks is known to the floor, not said here.
Each command names the type of its answer: `Command[Captured]`.
"""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Any, TypeVar

from app.domain.clash import Clashing
from app.domain.command import Command, Made, result_of
from app.domain.commands_clocks import AcknowledgeLead, PauseClock, ResumeClock, SeeLead
from app.domain.commands_costs import CostsEntered, DropCost, EnterCosts, FreezeBaseline
from app.domain.commands_keeping import (
    KEEPING,
    ClocksKept,
    Held,
    Here,
    HoldLease,
    KeepClocks,
    KeepPresence,
    PresenceKept,
    ResignLease,
    SayGoodbye,
    SayHere,
)
from app.domain.commands_post import NoteMessage, SetMailAddress, SetTextNumber, TakeMessage, Taken
from app.domain.commands_rulebook import (
    AcceptLead,
    DeclineLead,
    DropDraft,
    NoteBehaviour,
    RedirectLead,
    SaveDraft,
)
from app.domain.commands_wall import RaiseLead, TellRep
from app.domain.device import HOURS
from app.domain.frozen import dataclass
from app.domain.inquiry import Draft, Inquiry, InquiryState
from app.domain.journal import Part
from app.domain.lead import AttemptKind, Outcome, RepStatus, Role
from app.domain.past import ImportKind, Past, PastRow
from app.domain.rulebook import Rulebook
from app.domain.week import AnswerDispute, DisputeScore, FreezeWeek

__all__ = (
    "COMMANDS",
    "KEEPING",
    "AcceptLead",
    "AcknowledgeLead",
    "AddImportRows",
    "AddNote",
    "AddPastRows",
    "AddRep",
    "AddSource",
    "AnswerDispute",
    "BeginImport",
    "CallStarted",
    "CancelImport",
    "CaptureInquiry",
    "Captured",
    "ChangeRep",
    "ChangeSource",
    "ClaimLead",
    "ClearAlarm",
    "ClocksKept",
    "Command",
    "CorrectLead",
    "CostsEntered",
    "DeclineLead",
    "DisputeScore",
    "DropCost",
    "DropDraft",
    "EndAttempt",
    "EnterCosts",
    "FinishImport",
    "FreezeBaseline",
    "FreezeWeek",
    "Held",
    "Here",
    "HoldLease",
    "ImportRow",
    "Imported",
    "InviteDesk",
    "Invited",
    "JoinFloor",
    "Joined",
    "KeepClocks",
    "KeepPresence",
    "LogOutcome",
    "Made",
    "Merged",
    "NoteBehaviour",
    "NoteMessage",
    "PauseClock",
    "Placed",
    "PresenceKept",
    "PublishRulebook",
    "PutInquiryAside",
    "RaiseLead",
    "RedirectLead",
    "ReleaseLead",
    "RenameDevice",
    "RenewToken",
    "ReplayInquiry",
    "ResignLease",
    "ResumeClock",
    "RevokeDevice",
    "SaveDraft",
    "SayGoodbye",
    "SayHere",
    "SeeLead",
    "SetAlarm",
    "SetMailAddress",
    "SetStatus",
    "SetTextNumber",
    "StartAttempt",
    "TakeMessage",
    "Taken",
    "TellRep",
    "UndoOutcome",
    "Work",
    "result_of",
)  # fmt: skip
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What became of an inquiry. `lead_id` is empty unless a lead was made or joined."""

    inquiry_id: str
    state: InquiryState
    lead_id: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The id of what was made or changed; `clash` is the part of it that came too late to be decided here."""

    id: str
    clash: Clashing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted:
    attempt_id: str
    number: int
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    import_id: str
    leads: int
    joined: int = 0
    """Rows whose person had an open lead already and were added there."""
    told: int = 0
    """Calls or results that were told of leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation that stands. Its secret is known to whoever made it, and not to the floor."""

    invitation_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Who this computer works for from now on, and where."""

    device_id: str
    rep_id: str
    rep_name: str
    floor_id: str
    floor_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Command[R]):
    """Something that a rep did with a lead. A desk without its floor keeps it and says it later."""

    said_at: datetime | None = None
    """When it was done, floor's time, if the desk had to keep it; None: now. It is no part of what was said: the
    same command with it and without it is the same."""
    claim_no: int | None = None
    """Of the lead, as the desk saw it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureInquiry(Command[Captured]):
    """Keep what came in, then make a lead of it in the same transaction."""

    inquiry: Inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayInquiry(Command[Captured]):
    """Read an inquiry in review again; with `draft`, a person's correction is taken instead of the reading."""

    inquiry_id: str
    draft: Draft | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutInquiryAside(Command[Made]):
    inquiry_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLead(Command[Made]):
    """Take a lead from the pool, or confirm that one routed to me is mine."""

    lead_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLead(Work[Made]):
    """Give a lead back to the pool."""

    lead_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartAttempt(Work[CallStarted]):
    """Claim the lead if it is free or mine, and start an attempt: the first one meets the SLA clock."""

    lead_id: str
    kind: AttemptKind = AttemptKind.CALL
    attempt_id: str = ""
    """What the attempt is to be called, so that a desk can go on with it before the floor has answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAttempt(Work[Made]):
    """The line is down; the rep goes to wrap-up until the outcome is known."""

    attempt_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOutcome(Work[Merged]):
    """How the running (or, without one, a call made otherwise just now) attempt ended.

    `at` is needed for booked and call_back, `reason` for unfit and lost, `amount` (cents) goes with won.
    """

    lead_id: str
    outcome: Outcome
    at: datetime | None = None
    reason: str = ""
    amount: int | None = None
    note: str = ""
    attempt_id: str = ""
    """The attempt that ended so, where the desk knows it."""
    over: int | None = None
    """Version of the lead on top of which the rep puts a decision that clashed, having seen what stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoOutcome(Work[Merged]):
    """Take back the last outcome of a lead, as long as nobody has touched the lead since."""

    lead_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote(Work[Made]):
    lead_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectLead(Work[Merged]):
    """Change what is known of a person: field name to new text; of name, title, company, email, phone, ask ..."""

    lead_id: str
    changes: tuple[tuple[str, str], ...]
    seen: tuple[tuple[str, str], ...] = ()
    """What stood in these fields on the rep's screen; a field that reads otherwise by now is not overwritten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStatus(Command[Made]):
    """What this rep is doing now. Routing obeys."""

    status: RepStatus
    rep_id: str = ""
    """Whose; empty means the rep who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRep(Command[Made]):
    name: str
    role: Role = Role.REP


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRep(Command[Made]):
    rep_id: str
    name: str
    role: Role
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSource(Command[Made]):
    name: str
    channel: str
    secret: str = field(default="", repr=False)
    other_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSource(Command[Made]):
    source_id: str
    name: str
    secret: str = field(default="", repr=False)
    other_secret: str = field(default="", repr=False)
    per_minute: int = 600
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishRulebook(Command[Made]):
    """Put a rulebook in force; its version number is given by the floor."""

    rulebook: Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginImport(Command[Made]):
    """Open an import; its rows stay unseen until `FinishImport`."""

    file: str
    sha256: str
    kind: ImportKind = ImportKind.LEADS


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    line: int
    """Line of the file at which the row starts, from 1."""
    raw: str
    draft: Draft
    past: Past | None = None
    """What became of the lead, where the file tells that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddImportRows(Command[Made]):
    import_id: str
    rows: tuple[ImportRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of rows about leads of the floor: which can't be placed, each (line, why), and how many were told by
    an earlier file already."""

    refused: tuple[tuple[int, str], ...] = ()
    repeated: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPastRows(Command[Placed]):
    """Find the leads that rows of calls or results are about; the rows wait for the end of their import."""

    import_id: str
    rows: tuple[PastRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishImport(Command[Imported]):
    """All rows become leads, or are told of them, at once."""

    import_id: str
    rejected: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelImport(Command[Made]):
    import_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearAlarm(Command[Made]):
    alarm_id: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAlarm(Command[Made]):
    """The floor's own alarm of a name, of no lead: raised with a text, or cleared by an empty one. What stands
    already is not raised again."""

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteDesk(Command[Invited]):
    """Let a person's next computer in, once, within so many hours; an earlier invitation of theirs is void.

    Whoever asks has made the secret (`domain.device.new_secret`), and says only its hash here.
    """

    rep_id: str
    secret_sha256: str
    hours: int = HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinFloor(Command[Joined]):
    """Become a person's computer by an invitation. The computer has made its token, and says only its hash here."""

    secret: str = field(repr=False)
    device: str
    """What the computer is called: "Front desk", "Sam's laptop"."""
    token_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewToken(Command[Made]):
    """Change a computer's token for a new one, which it has made and kept; the old one is good a minute longer."""

    device_id: str
    token_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameDevice(Command[Made]):
    device_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeDevice(Command[Made]):
    """Let a computer in no more, at once and for good."""

    device_id: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporting:
    """What may now be read page by page: so many entries, up to and with number `last`."""

    entries: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJournal(Command[Exporting]):
    """Say that a part of the journal is being taken away, before it is."""

    part: Part = field(default_factory=Part)


COMMANDS: dict[str, type[Command[Any]]] = {
    cls.__name__: cls
    for cls in (
        CaptureInquiry, ReplayInquiry, PutInquiryAside, ClaimLead, ReleaseLead, StartAttempt, EndAttempt, LogOutcome,
        UndoOutcome, AddNote, CorrectLead, SetStatus, AddRep, ChangeRep, AddSource, ChangeSource, PublishRulebook,
        BeginImport, AddImportRows, FinishImport, CancelImport, ClearAlarm, SetAlarm, KeepClocks, HoldLease,
        ResignLease, InviteDesk, JoinFloor, RenewToken, RenameDevice, RevokeDevice, ExportJournal,
        SayHere, SayGoodbye, KeepPresence,
        SetMailAddress, TakeMessage, NoteMessage,
        PauseClock, ResumeClock, AcknowledgeLead, SeeLead,
        NoteBehaviour,
        SaveDraft, DropDraft,
        AcceptLead, DeclineLead, RedirectLead,
        SetTextNumber,
        EnterCosts, DropCost, FreezeBaseline,
        RaiseLead, TellRep,
        FreezeWeek, DisputeScore, AnswerDispute,
        AddPastRows,
    )
}  # fmt: skip
"""By the name they have on the wire: added, never renamed."""
