"""Who may what: one table of every command and every question against everybody who may say it.

People have a role; some hands of the program itself have a standing of their own: the capture endpoints, the
keeper, this computer's terminal, the door that lets computers in. `authorise` is the only judge, asked inside
the transaction before anything is read for the use case, let alone written. What is not in the table nobody may.
Rules that depend on the lead or the person concerned stand where those are known, and are few: whose lead it is
(`service/people.py`), who may give which role (`GIVES`) or let whom in (`LETS_IN`), what is hidden from whom
(`domain/sight.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple

from app.domain import commands as c
from app.domain import questions as q
from app.domain.errors import NotAllowed
from app.domain.lead import Role


class Machine(StrEnum):
    """A hand of the program's own. The words differ from every role's: they are compared as text."""

    CAPTURE = "capture key"
    KEEPER = "the keeper"
    TERMINAL = "this computer's terminal"
    JOINING = "the door"


Standing = Role | Machine
Group = frozenset[Standing]
MACHINES = {
    "capture": Machine.CAPTURE,
    "keeper": Machine.KEEPER,
    "admin": Machine.TERMINAL,
    "joining": Machine.JOINING,
}
"""By the actor's word in the journal. Every other actor is the id of a person."""

REP, TEAM_LEAD, MANAGER, OWNER = Role.REP, Role.TEAM_LEAD, Role.MANAGER, Role.OWNER
ADMIN, PARTNER = Role.ADMIN, Role.PARTNER
CAPTURE, KEEPER, TERMINAL, JOINING = Machine

LEADING: Group = frozenset({TEAM_LEAD, MANAGER, OWNER})
FLOOR: Group = LEADING | {REP}
"""Who works leads and sees all of them."""
CALLING: Group = FLOOR | {PARTNER}
PEOPLE: Group = CALLING | {ADMIN}
RUNNING: Group = frozenset({MANAGER, OWNER, ADMIN, TERMINAL})
"""Who sets the floor up: people, ways in."""
MONEY: Group = frozenset({MANAGER, OWNER})
"""Who sees what was spent."""
FILING: Group = RUNNING | {TEAM_LEAD}
"""Who brings files in."""


class Right(NamedTuple):
    """`what` goes on after "may": "change the rulebook"."""

    what: str
    who: Group


RIGHTS: dict[type[Any], Right] = {
    # commands
    c.CaptureInquiry: Right("hand inquiries in", frozenset({CAPTURE})),
    c.ReplayInquiry: Right("make leads of what waits in review", FLOOR | {TERMINAL}),
    c.PutInquiryAside: Right("put an inquiry aside", LEADING | {TERMINAL}),
    c.ClaimLead: Right("take a lead", CALLING),
    c.ReleaseLead: Right("give a lead back", CALLING),
    c.StartAttempt: Right("call or write to a lead", CALLING),
    c.EndAttempt: Right("end a call", CALLING),
    c.LogOutcome: Right("say how a call ended", CALLING),
    c.UndoOutcome: Right("take an outcome back", CALLING),
    c.AddNote: Right("write a note", CALLING),
    c.CorrectLead: Right("correct a lead", CALLING),
    c.SetStatus: Right("set a status", PEOPLE),
    c.AddRep: Right("add people", RUNNING),
    c.ChangeRep: Right("change people", RUNNING),
    c.AddSource: Right("add a way in", RUNNING),
    c.ChangeSource: Right("change a way in", RUNNING),
    c.PublishRulebook: Right("change the rulebook", frozenset({MANAGER, OWNER, TERMINAL})),
    c.SaveDraft: Right("draft a rulebook", frozenset({MANAGER, OWNER, TERMINAL})),
    c.DropDraft: Right("draft a rulebook", frozenset({MANAGER, OWNER, TERMINAL})),
    c.BeginImport: Right("import files", FILING),
    c.AddImportRows: Right("import files", FILING),
    c.AddPastRows: Right("import files", FILING),
    c.FinishImport: Right("import files", FILING),
    c.CancelImport: Right("import files", FILING),
    c.ClearAlarm: Right("see to an alarm", LEADING | {TERMINAL}),
    c.SetAlarm: Right("raise the floor's alarm", frozenset({KEEPER, TERMINAL})),
    c.KeepClocks: Right("keep the clocks", frozenset({KEEPER})),
    c.HoldLease: Right("keep the clocks", frozenset({KEEPER})),
    c.ResignLease: Right("keep the clocks", frozenset({KEEPER})),
    c.SayHere: Right("have a desk", PEOPLE),
    c.SayGoodbye: Right("have a desk", PEOPLE),
    c.KeepPresence: Right("keep the clocks", frozenset({KEEPER})),
    c.SetMailAddress: Right("say where people get mail", frozenset({MANAGER, OWNER, TERMINAL})),
    c.SetTextNumber: Right("say where people get text messages", frozenset({MANAGER, OWNER, TERMINAL})),
    c.TakeMessage: Right("send the floor's mail", frozenset({KEEPER})),
    c.NoteMessage: Right("send the floor's mail", frozenset({KEEPER})),
    c.InviteDesk: Right("invite", LEADING | {ADMIN, TERMINAL}),
    c.JoinFloor: Right("join by an invitation", frozenset({JOINING})),
    c.RenewToken: Right("renew a computer's token", PEOPLE),
    c.RenameDevice: Right("rename a computer", PEOPLE | {TERMINAL}),
    c.RevokeDevice: Right("shut a computer out", PEOPLE | {TERMINAL, JOINING}),
    c.ExportJournal: Right("take the journal away", RUNNING),
    c.PauseClock: Right("pause a lead's clock", CALLING),
    c.ResumeClock: Right("let a lead's clock go on", CALLING),
    c.AcknowledgeLead: Right("have a lead", CALLING),
    c.SeeLead: Right("open a lead", CALLING),
    c.NoteBehaviour: Right("say what a lead did", CALLING | {CAPTURE, TERMINAL}),
    c.AcceptLead: Right("take an offer", CALLING),
    c.DeclineLead: Right("decline an offer", CALLING),
    c.RedirectLead: Right("hand a lead to somebody else", FLOOR),
    c.EnterCosts: Right("enter what leads cost", MONEY | {TERMINAL}),
    c.DropCost: Right("enter what leads cost", MONEY | {TERMINAL}),
    c.FreezeBaseline: Right("freeze the baseline", MONEY | {TERMINAL}),
    c.RaiseLead: Right("raise a lead", LEADING),
    c.TellRep: Right("send messages to desks", LEADING),
    c.FreezeWeek: Right("freeze a week", frozenset({MANAGER, OWNER, KEEPER, TERMINAL})),
    c.DisputeScore: Right("dispute a score", FLOOR),
    c.AnswerDispute: Right("answer a dispute", frozenset({MANAGER, OWNER})),
    # questions
    q.LeadHistory: Right("read a lead", PEOPLE | {TERMINAL}),
    q.LeadLag: Right("read a lead", PEOPLE | {TERMINAL}),
    q.WhoGotIt: Right("read a lead", PEOPLE | {TERMINAL}),
    q.FindLeads: Right("search leads", PEOPLE | {TERMINAL}),
    q.DayFigures: Right("read the day's figures", PEOPLE | {TERMINAL}),
    q.InquiriesIn: Right("read what waits in review", FLOOR | {TERMINAL}),
    q.AllSources: Right("see the ways in", FILING),
    q.SourceByKey: Right("look a capture key up", frozenset({CAPTURE, TERMINAL})),
    q.FloorFacts: Right("read the floor's facts", FLOOR | {ADMIN, TERMINAL}),
    q.NextDue: Right("ask for the next deadline", frozenset({KEEPER, TERMINAL})),
    q.NextMessage: Right("ask for the next message", frozenset({KEEPER, TERMINAL})),
    q.ImportedBefore: Right("import files", FILING),
    q.WhoKeeps: Right("ask who keeps the clocks", PEOPLE | {KEEPER, TERMINAL}),
    q.Devices: Right("see who works at which computer", PEOPLE | {TERMINAL}),
    q.ReadJournal: Right("go through the journal", RUNNING),
    q.Rulebooks: Right("read the rulebooks", LEADING | {TERMINAL}),
    q.RulebookOf: Right("read a rulebook", FLOOR | {ADMIN, TERMINAL}),
    q.Costs: Right("see what leads cost", MONEY | {TERMINAL}),
    q.FrozenWeeks: Right("read the weekly review", FLOOR | {KEEPER, TERMINAL}),
    q.FrozenWeek: Right("read the weekly review", FLOOR | {KEEPER, TERMINAL}),
    q.DryRun: Right("try a rulebook on past leads", frozenset({MANAGER, OWNER, TERMINAL})),
    q.RunReport: Right("read reports", LEADING | {TERMINAL}),
    q.Reports: Right("read reports", LEADING | {TERMINAL}),
    q.LeadsBehind: Right("read reports", LEADING | {TERMINAL}),
    q.WallFigures: Right("see the wallboard", FLOOR | {TERMINAL}),
}
FOLLOWING = Right("follow the floor", PEOPLE | {TERMINAL})

GIVES: dict[Standing, frozenset[Role]] = {
    MANAGER: frozenset({REP, TEAM_LEAD, MANAGER, PARTNER}),
    ADMIN: frozenset({REP, TEAM_LEAD, MANAGER, PARTNER, ADMIN}),
    OWNER: frozenset(Role),
    TERMINAL: frozenset(Role),
}
"""Which roles one may give and take away. Whoever can change people can't so become more than they are."""

LETS_IN: dict[Standing, frozenset[Role]] = {
    TEAM_LEAD: frozenset({REP, PARTNER}),
    MANAGER: frozenset({REP, TEAM_LEAD, PARTNER}),
    ADMIN: frozenset({REP, TEAM_LEAD, MANAGER, PARTNER}),
    OWNER: frozenset(Role),
    TERMINAL: frozenset(Role),
    JOINING: frozenset(Role),
}
"""For whose computers one decides, beside one's own: whoever holds an invitation becomes that person."""

_WORDS = {
    REP: "a rep",
    TEAM_LEAD: "a team lead",
    MANAGER: "a manager",
    OWNER: "an owner",
    ADMIN: "an admin",
    PARTNER: "a partner",
}


def may(standing: Standing, kind: type[Any]) -> bool:
    """Whether somebody of this standing may say a command or ask a question of this kind."""
    right = RIGHTS.get(kind)
    return right is not None and standing in right.who


def why_not(standing: Standing, kind: type[Any]) -> str:
    """The sentence that refuses it: what, and who may; "" for those who may."""
    if may(standing, kind):
        return ""
    return _sentence(standing, RIGHTS.get(kind, Right("do that", frozenset())))


def authorise(standing: Standing, kind: type[Any]) -> None:
    """Raise NotAllowed unless this standing may say this kind of command or ask this kind of question.

    A kind that does not stand in the table is a mistake in the program: LookupError.
    """
    if kind not in RIGHTS:
        raise LookupError(f"{kind.__name__} does not stand in the table of rights")
    if not may(standing, kind):
        raise NotAllowed(why_not(standing, kind), "Not yours to do")


def authorise_following(standing: Standing) -> None:
    """Raise NotAllowed unless this standing may follow the floor's feed."""
    if standing not in FOLLOWING.who:
        raise NotAllowed(_sentence(standing, FOLLOWING), "Not yours to see")


def authorise_giving(standing: Standing, *roles: Role) -> None:
    """Raise NotAllowed unless this standing may give, or take away, each of these roles."""
    for role in roles:
        if role not in GIVES.get(standing, frozenset()):
            givers = [_WORDS[giver] for giver in Role if role in GIVES.get(giver, frozenset())]
            raise NotAllowed(f"Only {_listed(givers)} may make or change {_WORDS[role]}.", "Not yours to do")


def _sentence(standing: Standing, right: Right) -> str:
    people = [_WORDS[role] for role in Role if role in right.who]
    if not people:
        return f"Nobody at a desk may {right.what}."
    you = f" You are {_WORDS[standing]}." if isinstance(standing, Role) else ""
    return f"Only {_listed(people)} may {right.what}.{you}"


def _listed(words: list[str]) -> str:
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def matrix() -> str:
    """The table for reading: a line for each command and question, a column for each standing."""
    columns: list[tuple[str, Standing]] = [(role.value, role) for role in Role]
    columns += [
        (word, machine)
        for word, machine in zip(("capture", "keeper", "terminal", "door"), Machine, strict=True)
    ]
    width = max(len(kind.__name__) for kind in RIGHTS)
    rows = [("", [name for name, _ in columns])]
    for kind, right in RIGHTS.items():
        marks = [("x" if standing in right.who else "·").center(len(name)) for name, standing in columns]
        rows.append((kind.__name__, marks))
    return "\n".join(f"{name:<{width}}  {'  '.join(cells)}".rstrip() for name, cells in rows)
