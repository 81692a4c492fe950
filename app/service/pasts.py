"""Calls and results of the past are told of the leads they are about: all of a file at once, or none.

Each row finds its lead by the sender's id, by e-mail or by phone, in this order; one that finds none, or several, is
handed back with a sentence. What an earlier file told already is not told again. When the file is whole the leads are
changed in slices, without a clock started and without anybody rung; a promise that runs on a lead which turns out to
be closed is ended as a closing at a desk ends it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from itertools import groupby

from app.clock import new_id
from app.codec import decode, encode_text
from app.domain import reach
from app.domain.clean import plain
from app.domain.commands import AddPastRows, AddRep, Placed
from app.domain.errors import NotAllowed, Refused
from app.domain.events import CallsTold, RepAdded, RepChanged
from app.domain.events_past import ToldCall
from app.domain.inquiry import Draft
from app.domain.lead import Attempt, AttemptKind, Lead, Rep, RepStatus, Role
from app.domain.past import ImportKind, Past, PastRow, Result
from app.domain.past_merge import with_answers, with_call, with_result
from app.domain.roles import why_not
from app.service.clockwork import stop_clock
from app.service.people import viewer
from app.store.pasts import WIN, Pasts
from app.store.staging import Staging
from app.store.writing import Writing

_CHANGED = (
    "stage", "owner", "attempts", "first_attempt_at", "last_attempt_at", "last_outcome", "contact_at", "booked_at",
    "qualified_at", "closed_at", "close_reason", "amount", "answers", "on_call", "hung_up_at", "call_back_at",
    "retry_at", "offered", "lapse_at", "rescore_at", "clock", "deadline", "breached_at", "paused_until", "words",
)  # fmt: skip


def add_rows(w: Writing, command: AddPastRows) -> Placed:
    """Find the leads of some rows; these wait for the end of their import."""
    _, _, kind = Staging(w).check_open(command.import_id, ImportKind.CALLS, ImportKind.RESULTS)
    store = Pasts(w)
    found = _placed(w, store, command.rows)
    refused: list[tuple[int, str]] = []
    rows: list[tuple[str, str, str]] = []
    for row, lead_id in zip(command.rows, found, strict=True):
        if (row.past is None) == (row.call is None):
            raise Refused("A row tells of a call or of a result.", "Not imported")
        if len(lead_id) == 1:
            rows.append((next(iter(lead_id)), _fingerprint(row), encode_text(row)))
        else:
            refused.append((row.line, _why(row, len(lead_id))))
    known = store.known({(lead, key) for lead, key, _ in rows}, command.import_id) if rows else set()
    new: dict[tuple[str, str], tuple[str, str, str]] = {}
    for one in rows:
        if one[:2] not in known:
            new.setdefault(one[:2], one)
    store.add(command.import_id, kind, list(new.values()))
    names = {name for row in command.rows for name in _names(row)}
    if names:
        people(w, store, names, w.reps(), command.import_id)
    return Placed(refused=tuple(refused), repeated=len(rows) - len(new))


def _placed(w: Writing, store: Pasts, rows: tuple[PastRow, ...]) -> list[set[str]]:
    """The leads that each row may be about."""
    country = w.rulebook().default_country
    ids = [plain(Draft(external_id=row.external_id)).external_id for row in rows]
    emails = [reach.email(row.email, [])[1] if row.email else "" for row in rows]
    phones = [reach.phone(row.phone, country, [])[1] if row.phone else "" for row in rows]
    ways = (
        (ids, store.by_external_id(ids)),
        (emails, store.by_key("email_key", emails)),
        (phones, store.by_key("phone_key", phones)),
    )
    found: list[set[str]] = []
    for number in range(len(rows)):
        leads: set[str] = set()
        for keys, by_key in ways:
            here = by_key.get(keys[number], set())
            leads = leads & here or leads or here
            if len(leads) == 1:
                break
        found.append(leads)
    return found


def _why(row: PastRow, leads: int) -> str:
    key = row.external_id or row.email or row.phone
    if leads:
        return f"{leads} leads on this floor are known by “{key}”; it can't be told which is meant"
    return f"no lead on this floor is known by “{key}”"


def _fingerprint(row: PastRow) -> str:
    """What a row says, wherever it stands."""
    told = encode_text(row.call if row.call is not None else row.past)
    digest = hashlib.sha256(told.encode()).hexdigest()
    return WIN + digest if row.past is not None and row.past.result is Result.WON else digest


def _names(row: PastRow) -> tuple[str, ...]:
    if row.call is not None:
        return (row.call.by,) if row.call.by else ()
    assert row.past is not None
    return tuple(name for name in (row.past.owner, row.past.called_by) if name)


def people(
    w: Writing, store: Pasts, names: Collection[str], reps: Sequence[Rep], import_id: str
) -> dict[str, str]:
    """Rep id by name as a file writes it. Raises NotAllowed where it names somebody the floor never knew and whoever
    brings it in adds no people."""
    found = store.people(names, reps, import_id)
    here = {rep.id for rep in reps}
    new = sorted(name for name, rep_id in found.items() if rep_id not in here)
    if new and why_not(viewer(w, w.actor).standing, AddRep):
        named = ", ".join(new[:3]) + (" …" if len(new) > 3 else "")
        raise NotAllowed(
            f"The file names people whom this floor does not know ({named}); they would become former reps. Let "
            "somebody bring it in who may add people, or leave that column out."
        )
    return found


def add_people(w: Writing, import_id: str) -> None:
    """Those whom a file names and the floor never knew are former reps from now on: reports count by them."""
    here = {rep.id for rep in w.reps()}
    for rep_id, name in Pasts(w).named(import_id):
        if rep_id not in here:
            w.add_rep(
                Rep(
                    id=rep_id,
                    name=name,
                    role=Role.REP,
                    status=RepStatus.AWAY,
                    status_since=w.now,
                    active=False,
                )
            )
            w.record(RepAdded(rep_id=rep_id, name=name, role=Role.REP))
            w.record(RepChanged(rep_id=rep_id, name=name, active=False, role=Role.REP))


def tell(w: Writing, import_id: str, kind: ImportKind) -> int:
    """Tell the leads what waits for them; how many rows that were."""
    store = Pasts(w)
    reps = w.reps()
    for waiting in store.slices(import_id, kind.value):
        rows = [(lead_id, decode(body, PastRow)) for lead_id, body in waiting]
        people = store.people({name for _, row in rows for name in _names(row)}, reps, import_id)
        was = store.leads({lead_id for lead_id, _ in rows})
        by_lead = [
            (was[lead_id], [row for _, row in some])
            for lead_id, some in groupby(rows, key=lambda pair: pair[0])
            if lead_id in was
        ]
        if kind is ImportKind.RESULTS:
            summed = store.with_earlier_wins(was.keys())
            leads = [_with_results(lead, some, people, summed) for lead, some in by_lead]
            for lead, some in by_lead:
                for row in some:
                    if row.past is not None:
                        keep_milestones(w, store, lead, row.past, people.get(row.past.called_by, ""))
        else:
            leads = _with_calls(w, store, import_id, by_lead, people)
        leads = [_ended(w, was[lead.id], lead) for lead in leads]
        store.save(leads, _CHANGED)
        store.record_leads(import_id, [lead.id for lead in leads])
    return store.told(import_id)


def _with_results(lead: Lead, rows: list[PastRow], people: Mapping[str, str], summed: set[str]) -> Lead:
    sums = lead.id in summed
    for row in rows:
        assert row.past is not None
        lead = with_result(lead, row.past, people.get(row.past.owner, ""), sums=sums)
        lead = with_answers(lead, row.answers)
        sums = sums or row.past.result is Result.WON
    return lead


def keep_milestones(w: Writing, store: Pasts, lead: Lead, past: Past, caller: str) -> None:
    """Keep what a file says of a lead's first call, its clock and its escalation; `caller` is a rep id."""
    at = past.first_call_at
    if at is not None:
        w.milestones.called(lead, caller, at, store.rulebook_at(at))
    if past.in_time is not None:
        w.milestones.clock_told(lead.id, past.in_time)
    if past.escalated_at is not None:
        w.milestones.escalated(lead.id, past.escalated_at)


def _with_calls(
    w: Writing,
    store: Pasts,
    import_id: str,
    by_lead: list[tuple[Lead, list[PastRow]]],
    people: Mapping[str, str],
) -> list[Lead]:
    leads: list[Lead] = []
    attempts: list[tuple[Attempt, bool]] = []
    told: list[ToldCall] = []
    for lead, rows in by_lead:
        calls = sorted((row.call for row in rows if row.call is not None), key=lambda call: call.at)
        if ours := next((call for call in calls if not call.inbound), None):
            w.milestones.called(lead, people.get(ours.by, ""), ours.at, store.rulebook_at(ours.at))
        for call in calls:
            lead, number = with_call(lead, call)
            rep_id = people.get(call.by, "")
            ended = call.at + timedelta(seconds=call.seconds or 0)
            attempt = Attempt(
                id=new_id(),
                lead_id=lead.id,
                rep_id=rep_id,
                kind=AttemptKind.DESK if call.inbound else AttemptKind.CALL,
                number=number,
                started_at=call.at,
                ended_at=ended,
                outcome=call.outcome,
                outcome_at=ended if call.outcome else None,
                talked=call.contact,
            )
            attempts.append((attempt, lead.is_test))
            told.append(
                ToldCall(
                    attempt_id=attempt.id,
                    lead_id=lead.id,
                    rep_id=rep_id,
                    number=number,
                    at=call.at,
                    seconds=call.seconds,
                    outcome=call.outcome,
                    contact=call.contact,
                    inbound=call.inbound,
                )
            )
        leads.append(lead)
    store.add_attempts(attempts)
    w.record(CallsTold(import_id=import_id, calls=tuple(told)))
    return leads


def _ended(w: Writing, was: Lead, lead: Lead) -> Lead:
    """The lead, with what ran for it stopped where the file closed it."""
    if was.is_open and not lead.is_open and was.clock.value in ("running", "breached"):
        return stop_clock(w, lead, "the lead is closed")
    return lead
