"""A trial of a rulebook on the leads of a past period, beside the one in force (`domain/replay.py`).

The journal is read once from its beginning, in pieces: what was before the period only says whose hands leads were
in by then. What leads wrote is read again from their inquiries, which are kept as they came. It is one consistent
look at the book and takes no lock. One trial runs at a time: a newer one, be it of an empty period, ends the one
before it.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

from app.domain import events as e
from app.domain.behaviour import Behaviour, Did
from app.domain.clean import clean, draft_of, plain
from app.domain.errors import AppError, Refused
from app.domain.hands import KINDS, Hands
from app.domain.inquiry import Draft, Inquiry
from app.domain.lead import Lead
from app.domain.questions_rulebook import DryRun, Tried
from app.domain.replay import World
from app.domain.replay_cases import Case, Former, played
from app.domain.routing_fit import arranged
from app.domain.rulebook_check import flaws
from app.domain.tried import tried
from app.service.intake import joined, new_lead, read
from app.store import replaying
from app.store.reading import Reading

__all__ = ["LONGEST", "dry_run"]

LONGEST = timedelta(days=366)


class _Trials:
    """One trial at a time: a newer one ends the one before it, so that nothing is reckoned that nobody waits for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = 0

    def begin(self) -> int:
        with self._lock:
            self._newest += 1
            return self._newest

    def check(self, number: int) -> None:
        """Raise Refused for a trial that a newer one has taken the place of."""
        if number != self._newest:
            raise Refused("Another trial was begun, so this one was ended.", "Ended")


_trials = _Trials()


def dry_run(r: Reading, question: DryRun) -> Tried:
    """Raises Refused for a rulebook with flaws, a period of more than a year, and a trial that was ended."""
    number = _trials.begin()
    since, until = question.since, question.until
    if until <= since:
        raise Refused("A period ends after it begins.", "Not tried")
    if until - since > LONGEST:
        raise Refused("A period of at most a year can be tried. Choose a shorter one.", "Too long")
    for flaw in flaws(question.rulebook, r.reps()):
        raise Refused(flaw.text, "Not tried")
    return _Trial(r, question, number).made()


class _Trial:
    def __init__(self, r: Reading, question: DryRun, number: int) -> None:
        self._r = r
        self._number = number
        self._since, self._until = question.since, question.until
        self._rulebooks = replaying.rulebooks(r)
        self._live = r.rulebook()
        self._draft = question.rulebook
        self._sources = {line.source.id: line.source.name for line in r.source_lines()}
        self._cases: dict[str, Case] = {}
        self._unread = 0
        """Leads whose inquiry a person put right: their particulars are today's."""
        self._seen = question.since
        """When the last thing happened that is known of: what comes after it is still open."""

    def made(self) -> Tried:
        r, former = self._r, Former()
        if arranged(self._live).asks_before or arranged(self._draft).asks_before:
            for lead, at, email, phone in replaying.keys(r, self._until):
                former.add(lead, at, email, phone)
        recorded = Hands(r.reps(), replaying.tests(r))
        first = replaying.begins(r, self._since)
        for piece in replaying.pieces(r, 0, first, KINDS):
            _trials.check(self._number)
            for entry in piece:
                recorded.happened(entry, self._rulebooks)
        live = World(self._live, recorded.copy(), former, is_live=True)
        draft = World(self._draft, recorded.copy(), former, is_live=False)
        for piece in replaying.pieces(r, first):
            _trials.check(self._number)
            if not self._play(piece, recorded, (live, draft)):
                break
        return tried(
            live,
            draft,
            self._since,
            self._until,
            seen=self._seen,
            names={rep.id: rep.name for rep in r.reps()},
            from_files=replaying.from_files(r, self._since, self._until),
            unread=self._unread,
        )

    def _play(self, piece: list[e.Entry], recorded: Hands, worlds: tuple[World, World]) -> bool:
        """Whether the period goes on behind these events."""
        wanted = {
            entry.event.inquiry_id
            for entry in piece
            if isinstance(entry.event, e.LeadCaptured | e.LeadAskedAgain)
        }
        inquiries = replaying.inquiries(self._r, wanted)
        captured = {entry.lead_id for entry in piece if isinstance(entry.event, e.LeadCaptured)}
        leads = {lead.id: lead for lead in self._r.leads(captured)}
        for entry in piece:
            if entry.at >= self._until:
                self._seen = self._until
                return False
            self._seen = max(self._seen, entry.at)
            case = self._case(entry, inquiries, leads)
            if isinstance(entry.event, e.RulebookPublished) and entry.event.version == self._live.version:
                worlds[0].sync(recorded.copy())
            for world in worlds:
                world.take(entry, case, recorded)
            recorded.happened(entry, self._rulebooks)
            if case is not None:
                case.last = entry
        return True

    # -- what is known of a lead

    def _case(self, entry: e.Entry, inquiries: dict[str, Inquiry], leads: dict[str, Lead]) -> Case | None:
        """The lead of an event, with the event in it; None for what is of no lead of the period."""
        event, lead_id = entry.event, entry.lead_id
        if isinstance(event, e.LeadCaptured):
            now = leads.get(lead_id)
            if now is None:
                return None
            self._cases[lead_id] = self._captured(now, event, inquiries.get(event.inquiry_id))
        case = self._cases.get(lead_id)
        if case is None:
            return None
        if isinstance(event, e.LeadAskedAgain):
            self._asked_again(case, event, inquiries.get(event.inquiry_id))
        elif isinstance(event, e.BehaviourNoted):
            case.source = self._name(case.lead)
            case.deed(Behaviour(kind=event.kind, at=event.at, what=event.what))
        elif isinstance(event, e.LeadCorrected):
            case.source = self._name(case.lead)
            self._corrected(case, event)
        else:
            played(case, entry)
        return case

    def _name(self, lead: Lead) -> str:
        return self._sources.get(lead.source_id, "")

    def _draft_of(self, inquiry: Inquiry | None) -> Draft | None:
        try:
            return plain(read(inquiry)) if inquiry is not None else None
        except AppError:
            return None
        except Exception:  # noqa: BLE001 - why it can't be read was said and logged when it came in
            return None

    def _captured(self, now: Lead, event: e.LeadCaptured, inquiry: Inquiry | None) -> Case:
        draft = self._draft_of(inquiry)
        try:
            if draft is not None and inquiry is not None:
                person = clean(draft, self._live.default_country)
                return Case(_as(now, new_lead(inquiry, draft, person)), person, event.source)
        except AppError:
            pass  # a person put it right: what they wrote is nowhere but in the lead
        self._unread += 1
        return Case(now, clean(draft_of(now), self._live.default_country), event.source)

    def _asked_again(self, case: Case, event: e.LeadAskedAgain, inquiry: Inquiry | None) -> None:
        draft = self._draft_of(inquiry)
        if draft is None or inquiry is None:
            return
        try:
            person = clean(draft, self._live.default_country)
        except AppError:
            return
        case.lead = joined(case.lead, draft, person)
        case.person = clean(draft_of(case.lead), self._live.default_country)
        case.source = self._name(case.lead)
        case.deed(Behaviour(kind=Did.INQUIRY, at=inquiry.received_at, what=inquiry.channel))

    def _corrected(self, case: Case, event: e.LeadCorrected) -> None:
        case.lead = replace(case.lead, **{name: now for name, _, now in event.changes})  # type: ignore[arg-type]
        case.person = clean(draft_of(case.lead), self._live.default_country)


def _as(now: Lead, then: Lead) -> Lead:
    """The lead as it was, under its own id."""
    return replace(then, id=now.id)
