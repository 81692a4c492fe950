"""A rep works on twenty leads without the floor while others move the same leads, in any order.

What must come of it is worked out by a slow judge that knows nothing of the program's way: it goes through the
story once, keeps who touched what, and says which facts, clashes and values there must be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.commands import AddNote, ClaimLead, CorrectLead, LogOutcome, ReleaseLead
from app.domain.events import NoteAdded
from app.domain.lead import Lead, Outcome, RepStatus, Role
from tests.floor.desk import Desk
from tests.floor.stand import Stand

LEADS = 20
MINE = ("no_answer", "voicemail", "booked", "call_back", "lost", "note", "edit")
THEIRS = ("call", "close", "take", "take and give back", "edit", "note")

moves = st.lists(
    st.one_of(
        st.tuples(st.just("me"), st.integers(0, LEADS - 1), st.sampled_from(MINE)),
        st.tuples(st.just("tess"), st.integers(0, LEADS - 1), st.sampled_from(THEIRS)),
        st.tuples(st.just("line"), st.just(0), st.sampled_from(("lose an answer", "back for a moment"))),
    ),
    max_size=25,
)


@dataclass
class Judged:
    """What the judge expects of one lead."""

    calls: list[tuple[datetime, Outcome]] = field(default_factory=list)
    """(begun at, outcome), as I said them."""
    notes: list[str] = field(default_factory=list)
    clashes: int = 0
    company: str = ""
    decided: Outcome | None = None
    """The outcome that must stand; None: nobody said one that counts."""


@pytest.fixture
def floor(stand: Stand, tmp_path: Path) -> Iterator[tuple[Stand, Desk, str, str]]:
    ana = stand.rep("Ana")
    tess = stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY)
    desk = Desk(stand, tmp_path / "unsent.journal", ana)
    yield stand, desk, ana, tess
    desk.close()


@pytest.mark.timeout(600)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=moves, order=st.permutations(range(LEADS)))
def test_all_facts_arrive_once_and_nothing_is_overwritten_unseen(
    floor: tuple[Stand, Desk, str, str], story: list[tuple[str, int, str]], order: list[int]
) -> None:
    stand, desk, ana, tess = floor
    leads = [stand.new_lead(company=f"Firm {n}") for n in range(LEADS)]
    desk.settled()
    desk.cable.cut()
    told = [("me", n, "no_answer" if n % 3 else "call_back") for n in order]  # twenty calls, and the story
    mixed = [move for pair in zip(told, [story[n::LEADS] for n in range(LEADS)], strict=True)
             for move in (*pair[1], pair[0])]  # fmt: skip
    said: list[tuple[int, str, datetime]] = []
    done: list[tuple[str, int, str, datetime]] = []
    for who, n, what in mixed:
        stand.clock.advance(seconds=45)
        if who == "line":
            if what == "lose an answer":
                desk.cable.lost_answers += 1
            continue
        began = stand.clock.now()
        if who == "tess":
            if she_does(stand, tess, leads[n], what):
                done.append(("tess", n, what, began))
        elif i_do(stand, desk, leads[n], what, began):
            said.append((n, what, began))
            done.append(("me", n, what, began))
    before = {lead.id: stand.lead(lead.id) for lead in leads}
    desk.cable.lost_answers = 0
    desk.mend()
    expected = judge(done, ana)
    assert desk.floor.unsent == ()
    for n, lead in enumerate(leads):
        compare(stand, lead.id, expected[n], ana, before[lead.id])
    waiting = [getattr(line.command, "lead_id", "") for line in desk.floor.waiting]
    assert {n: waiting.count(leads[n].id) for n in range(LEADS)} == {
        n: expected[n].clashes for n in range(LEADS)
    }
    for line in desk.floor.waiting:
        desk.floor.drop(line.no)


def i_do(stand: Stand, desk: Desk, lead: Lead, what: str, began: datetime) -> bool:
    """Something I do at my desk; whether I can still see the lead there."""
    if lead.id not in desk.ear.board.leads:
        return False
    if what == "note":
        desk.floor.do(AddNote(lead_id=lead.id, text=f"mine at {began}"))
    elif what == "edit":
        seen = (("company", desk.shown(lead.id).company),)
        mine = CorrectLead(lead_id=lead.id, changes=(("company", f"Mine {began}"),), seen=seen)
        desk.floor.do(mine)
    else:
        outcome = Outcome(what)
        needs_time = outcome in (Outcome.BOOKED, Outcome.CALL_BACK)
        at = began + timedelta(days=1) if needs_time else None
        desk.call(lead, outcome, at=at, reason="why not" if outcome is Outcome.LOST else "")
    return True


def she_does(stand: Stand, tess: str, lead: Lead, what: str) -> bool:
    """Something the team lead does with a lead that the floor has as nobody's call; whether she still can."""
    floor, now = stand.by(tess), stand.clock.now()
    if what == "note":
        floor.do(AddNote(lead_id=lead.id, text="hers"))
        return True
    if what == "edit":
        floor.do(CorrectLead(lead_id=lead.id, changes=(("company", f"Hers {now}"),)))
        return True
    if not stand.lead(lead.id).is_open:
        return False
    if what == "call":
        floor.do(LogOutcome(lead_id=lead.id, outcome=Outcome.CALL_BACK, at=now + timedelta(hours=9)))
    elif what == "close":
        floor.do(LogOutcome(lead_id=lead.id, outcome=Outcome.UNFIT, reason="too small"))
    else:
        floor.do(ClaimLead(lead_id=lead.id))
        if what == "take and give back":
            floor.do(ReleaseLead(lead_id=lead.id, reason="changed my mind"))
    return True


def judge(done: list[tuple[str, int, str, datetime]], ana: str, leads: int = LEADS) -> dict[int, Judged]:
    """What must come of it: first everything Tess did, then everything I said, since I was away all the time."""
    result = {n: Judged(company=f"Firm {n}") for n in range(leads)}
    hers: dict[int, set[str]] = {n: set() for n in range(leads)}
    last_edit: dict[int, str] = {}
    for who, n, what, at in done:
        if who == "tess":
            hers[n].add(what)
            if what == "edit":
                last_edit[n] = f"Hers {at}"
            if what in ("call", "close"):
                result[n].decided = Outcome.CALL_BACK if what == "call" else Outcome.UNFIT
    for n, company in last_edit.items():
        result[n].company = company
    for who, n, what, at in done:
        mine = result[n]
        if who != "me":
            continue
        if what == "note":
            mine.notes.append(f"mine at {at}")
        elif what == "edit":
            if n in last_edit:
                mine.clashes += 1
            else:
                mine.company = f"Mine {at}"
        else:
            outcome = Outcome(what)
            mine.calls.append((at, outcome))
            if not hers[n] & {"call", "close", "take", "take and give back"}:
                mine.decided = outcome
            elif outcome not in (Outcome.NO_ANSWER, Outcome.VOICEMAIL):
                mine.clashes += 1
    return result


def compare(stand: Stand, lead_id: str, expected: Judged, ana: str, before: Lead) -> None:
    history = stand.history(lead_id)
    mine = sorted((one for one in history.attempts if one.rep_id == ana), key=lambda one: one.started_at)
    assert [(one.started_at, one.outcome) for one in mine] == expected.calls
    assert len(history.attempts) - len(mine) == before.attempts or before.stage == "unfit"
    notes = [event.text for event in stand.events(lead_id, NoteAdded) if event.text != "hers"]  # type: ignore[attr-defined]
    assert notes == expected.notes
    now = history.lead
    assert now.company == expected.company
    assert now.last_outcome == expected.decided
    assert now.attempts == before.attempts + len(expected.calls)
    if before.owner != ana or not before.is_open:  # somebody else's by then: as they left it
        decided = (
            "owner",
            "claim_no",
            "last_outcome",
            "call_back_at",
            "appointment_at",
            "closed_at",
            "close_reason",
        )
        assert [getattr(now, name) for name in decided] == [getattr(before, name) for name in decided]
