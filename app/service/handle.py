"""Command to use case: the index of what the floor can do.

Each use case runs in one transaction. The id of a command that changed something is kept with its answer, in
the same transaction, so that the same command sent again gets the same answer and does nothing. A transaction
that clashed with another one has left no trace, and is run again here.

Who asks is judged first of all, inside the transaction: what is refused has written nothing, not even its answer;
the program's log names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from app.codec import decode, encode, encode_text, keepable
from app.domain import commands as c
from app.domain.errors import CommandReused, Refused
from app.domain.roles import MACHINES, authorise
from app.refusals import note_refusal
from app.service import (
    admin,
    audit,
    baseline,
    clockwork,
    costs,
    devices,
    escalation,
    imports,
    intake,
    judging,
    keeping,
    late,
    offers,
    pasts,
    post,
    presence,
    rounds,
    rulebooks,
    telling,
    weeks,
    work,
)
from app.service.people import check_known, viewer
from app.store.book import Book
from app.store.engine import Clashed
from app.store.writing import Writing

R = TypeVar("R")

USE_CASES: dict[type[c.Command[Any]], Callable[[Writing, Any], Any]] = {
    c.CaptureInquiry: intake.capture,
    c.ReplayInquiry: intake.replay,
    c.PutInquiryAside: intake.put_aside,
    c.ClaimLead: work.claim,
    c.ReleaseLead: late.release,
    c.StartAttempt: late.start_attempt,
    c.EndAttempt: late.end_attempt,
    c.LogOutcome: late.log_outcome,
    c.UndoOutcome: late.undo_outcome,
    c.AddNote: late.add_note,
    c.CorrectLead: late.correct,
    c.SetStatus: work.change_status,
    c.AddRep: admin.add_rep,
    c.ChangeRep: admin.change_rep,
    c.AddSource: admin.add_source,
    c.ChangeSource: admin.change_source,
    c.PublishRulebook: rulebooks.publish,
    c.BeginImport: imports.begin,
    c.AddImportRows: imports.add_rows,
    c.AddPastRows: pasts.add_rows,
    c.FinishImport: imports.finish,
    c.CancelImport: imports.cancel,
    c.ClearAlarm: admin.clear_alarm,
    c.SetAlarm: admin.set_alarm,
    c.KeepClocks: rounds.keep,
    c.HoldLease: keeping.hold,
    c.ResignLease: keeping.resign,
    c.SayHere: presence.say_here,
    c.SayGoodbye: presence.say_goodbye,
    c.KeepPresence: presence.keep,
    c.SetMailAddress: post.set_address,
    c.SetTextNumber: post.set_number,
    c.TakeMessage: post.take,
    c.NoteMessage: post.note,
    c.InviteDesk: devices.invite,
    c.JoinFloor: devices.join,
    c.RenewToken: devices.renew,
    c.RenameDevice: devices.rename,
    c.RevokeDevice: devices.revoke,
    c.ExportJournal: audit.export,
    c.PauseClock: clockwork.pause,
    c.ResumeClock: clockwork.resume,
    c.AcknowledgeLead: escalation.acknowledge,
    c.SeeLead: escalation.see,
    c.NoteBehaviour: judging.note,
    c.SaveDraft: rulebooks.save_draft,
    c.DropDraft: rulebooks.drop_draft,
    c.AcceptLead: offers.accept,
    c.DeclineLead: offers.decline,
    c.RedirectLead: offers.redirect,
    c.EnterCosts: costs.enter,
    c.DropCost: costs.drop,
    c.FreezeBaseline: baseline.freeze,
    c.RaiseLead: escalation.raise_now,
    c.TellRep: telling.tell,
    c.FreezeWeek: weeks.freeze,
    c.DisputeScore: weeks.dispute,
    c.AnswerDispute: weeks.answer,
}

UNREPEATED: frozenset[type[c.Command[Any]]] = frozenset(
    {
        c.KeepClocks,
        c.HoldLease,
        c.ResignLease,
        c.SayHere,
        c.SayGoodbye,
        c.KeepPresence,
        c.TakeMessage,
        c.NoteMessage,
    }
)
"""Commands whose answer is not kept: done again, they do nothing more, or say how things stand by then."""

CHANGING_A_LEAD: frozenset[type[c.Command[Any]]] = frozenset(
    {c.ClaimLead, c.ReleaseLead, c.StartAttempt, c.LogOutcome, c.UndoOutcome, c.CorrectLead}
)
"""Commands that read their lead for change, whatever comes of it."""

_TRIES = 4
"""Times a clashing transaction is run: with a lock waited for 3 s each, longer than a silent client may hold one."""


def handle(book: Book, command: c.Command[R], actor: str, now: datetime) -> tuple[R, int]:
    """Carry out a command; (its answer, the feed number of its last event). Raises Refused or Unavailable."""
    command, written = _as_written(command)
    if isinstance(command, c.Work) and command.said_at is not None:
        written = encode(replace(command, said_at=None))
    digest = hashlib.sha256(written + type(command).__name__.encode()).hexdigest()
    try:
        for _ in range(_TRIES - 1):
            try:
                return _once(book, command, digest, actor, now)
            except Clashed:
                continue
        return _once(book, command, digest, actor, now)
    except Refused as error:
        if not isinstance(command, c.JoinFloor):  # the door says from where
            note_refusal(actor, type(command).__name__, error.code)
        raise


def _as_written(command: c.Command[R]) -> tuple[c.Command[R], bytes]:
    """The command in text that both databases can keep, and its JSON."""
    try:
        written = encode(command)
    except UnicodeEncodeError:
        written = b"\\u0000"
    if b"\\u0000" in written:
        command = keepable(command)
        written = encode(command)
    return command, written


def _once(book: Book, command: c.Command[R], digest: str, actor: str, now: datetime) -> tuple[R, int]:
    kind = type(command)
    with book.writing(actor, now) as w:
        w.foresee(
            rep="" if actor in MACHINES else actor,
            command="" if kind in UNREPEATED else command.id,
            lead=getattr(command, "lead_id", "") if kind in CHANGING_A_LEAD else "",
            source=command.inquiry.source_id if isinstance(command, c.CaptureInquiry) else "",
        )
        who = viewer(w, actor)
        authorise(who.standing, kind)
        answered = None if kind in UNREPEATED else w.answered(command.id)
        if answered is not None:
            if answered[0] != digest:
                raise CommandReused("This request was sent before with other content.", "Not done")
            return decode(answered[1], c.result_of(kind)), answered[2]
        check_known(w, command, who)
        result = USE_CASES[kind](w, command)
        if kind not in UNREPEATED:
            w.keep_answer(command.id, digest, encode_text(result))
    return result, w.cursor
