"""R17: one model, three back ends. Whatever is done to a floor, the file, PostgreSQL and the server do the same.

Each step is said to all three and to a floor on paper (paper_floor.py), and everything they answer and hold afterwards
must be the same. A command said a second time must be answered as it was, and change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.clock import HandClock
from app.codec import encode
from app.domain.commands import (
    AddNote,
    CaptureInquiry,
    ClaimLead,
    Command,
    CorrectLead,
    EndAttempt,
    LogOutcome,
    ReleaseLead,
    SetStatus,
    StartAttempt,
    UndoOutcome,
)
from app.domain.errors import Refused
from app.domain.events import NoteAdded
from app.domain.inquiry import InquiryState
from app.domain.lead import Lead, Outcome, RepStatus, Role
from app.domain.questions import FloorFacts, InquiriesIn
from app.domain.rulebook import DEFAULT
from tests.floor.conftest import KINDS, house
from tests.floor.stand import Stand
from tests.fresh import START, fresh_floor
from tests.reliability.paper_floor import RETRIES, SLA, PaperFloor, PaperLead, PaperRep
from tests.reliability.trial import Trial

BACK_ENDS = ("local on sqlite", "local on postgresql", "served from sqlite")
STEPS = 50
PEOPLE = 5
"""Who writes, in one run: few, so that they write again."""
TEAM = {"Ana": Role.REP, "Ben": Role.REP, "Tess": Role.TEAM_LEAD}
COMPANIES = ("", "Brightline", "Northwind", "Cobalt Works")
some = st.integers(0, 10**6)


class BackEnd:
    """One real floor, with the names that the paper has for its ids."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        quick = tuple(replace(tier, sla=int(SLA.total_seconds())) for tier in DEFAULT.tiers)
        retries = tuple(int(time.total_seconds()) for time in RETRIES)
        stand.publish(replace(DEFAULT, tiers=quick, chain=(), retry_after=retries))
        self.id_of: dict[str, str] = {}
        self.name_of: dict[str, str] = {"": ""}
        for name, role in TEAM.items():
            self.named(name, stand.rep(name, role, status=RepStatus.AWAY))

    def named(self, name: str, known_as: str) -> None:
        self.id_of[name] = known_as
        self.name_of[known_as] = name

    def do(self, rep: str, command: Command[Any]) -> tuple[str, Any]:
        """(the title of a refusal, or "ok"; the answer)."""
        try:
            return "ok", self.stand.by(self.id_of[rep]).do(command).value
        except Refused as error:
            return error.title, None

    def pictured(self, name: str, *, by_door: bool) -> Lead:
        """The lead, with names for ids: the same on every back end. By the door, or as it lies in the database."""
        if by_door:
            lead = self.stand.lead(self.id_of[name])
        else:
            with self.stand.house.book.reading() as r:  # type: ignore[attr-defined]
                lead = r.lead(self.id_of[name])
        return replace(
            lead,
            id=name,
            source_id="",
            owner=self.name_of[lead.owner],
            on_call=self.name_of[lead.on_call],
        )


class World:
    """Three floors and one on paper, all with the same clock. They outlive a run that went well, so that a run need
    not make floors; its leads matter no more then."""

    def __init__(self, make: Callable[[HandClock], list[Stand]]) -> None:
        self._make = make
        self.back_ends: list[BackEnd] = []
        self.is_clean = False
        self.runs = 0
        self.steps = 0

    def begin(self) -> PaperFloor:
        """A new sheet. Leads of the run before have no promise left, and nobody is at work."""
        if not self.is_clean:
            self.close()
            self.clock = HandClock(START)
            self.paper = PaperFloor(reps={name: PaperRep(name=name) for name in TEAM})
            self.back_ends = [BackEnd(stand) for stand in self._make(self.clock)]
        self.is_clean = False
        old = self.paper
        for lead in old.leads.values():
            if lead.on_call:
                self.outcome(lead.owner, lead.name, Outcome.NO_ANSWER)
        for rep in TEAM:
            self.do(rep, lambda _: SetStatus(status=RepStatus.AWAY), old.status(rep, "away"))
        self.pass_time(86400)
        self.keep()
        self.runs += 1
        self.paper = PaperFloor(now=self.clock.now(), in_review=old.in_review)
        for name, role in TEAM.items():
            leads_floor = role == Role.TEAM_LEAD
            self.paper.reps[name] = PaperRep(name=name, leads_floor=leads_floor, turn=old.reps[name].turn)
        return self.paper

    def close(self) -> None:
        for back_end in self.back_ends:
            back_end.stand.close()
        self.back_ends = []

    def do(self, rep: str, make: Callable[[BackEnd], Command[Any]], expected: str) -> list[Any]:
        """Say it to all; each must answer as expected: a title, "ok", or a call that was begun or is known."""
        self.steps += 1
        answers = []
        for back_end in self.back_ends:
            command = make(back_end)
            title, answer = back_end.do(rep, command)
            if expected.startswith("call "):
                assert title == "ok", (title, expected)
                attempt = getattr(answer, "attempt_id", "") or getattr(answer, "id", "")
                if expected not in back_end.id_of:
                    back_end.named(expected, attempt)
                assert back_end.name_of.get(attempt) == expected
            else:
                assert title == expected, (title, expected)
            if title == "ok":
                assert back_end.do(rep, command) == (title, answer)  # said again
            answers.append(answer)
        return answers

    def outcome(self, rep: str, lead: str, outcome: Outcome) -> None:
        at = self.clock.now() + timedelta(hours=3)
        expected = self.paper.outcome(rep, lead, outcome.value, at, "they said so", 12_300)
        amount = 12_300 if outcome == Outcome.WON else None
        self.do(
            rep,
            lambda there: LogOutcome(
                lead_id=there.id_of[lead], outcome=outcome, at=at, reason="they said so", amount=amount
            ),
            expected,
        )

    def pass_time(self, seconds: float) -> None:
        self.paper.now = self.clock.advance(seconds=seconds)

    def keep(self) -> None:
        self.paper.keep()
        for back_end in self.back_ends:
            back_end.stand.keep()


class Machine(RuleBasedStateMachine):
    """What is done to them. `world` is set by the test."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.paper = self.world.begin()
        self.back_ends = self.world.back_ends
        self.last: tuple[str, str] | None = None
        """Who said the last outcome, of which lead."""
        for back_end in self.back_ends:  # names of this run
            back_end.id_of = {name: known for name, known in back_end.id_of.items() if name in TEAM}
            back_end.name_of = {"": ""} | {known: name for name, known in back_end.id_of.items()}

    def lead(self, n: int) -> str:
        return f"lead {n % len(self.paper.leads)}"

    def check(self, name: str, *, by_door: bool = False) -> None:
        """All floors hold of a lead what the paper says, and the same as each other."""
        paper = self.paper.leads[name]
        pictures = [back_end.pictured(name, by_door=by_door) for back_end in self.back_ends]
        for picture in pictures:
            assert picture == pictures[0]
            assert held(picture, paper) == {}

    # senders

    @rule(who=st.integers(0, PEOPLE), by=st.sampled_from(["email", "phone", "both"]))
    def captured(self, who: int, by: str) -> None:
        person = f"{self.world.runs} {who}"
        known = {
            "email": f"p{who}@run{self.world.runs}.example",
            "phone": f"+1303{5550000 + self.world.runs * 10 + who}",
        }
        was = set(self.paper.leads)
        name = self.paper.capture(person)
        if name not in was:
            by = "both"  # so that they are known again by either
        said = {key: value if by in (key, "both") else None for key, value in known.items()}
        self.world.steps += 1
        for back_end in self.back_ends:
            stand = back_end.stand
            inquiry = stand.inquiry(
                encode(stand.body(f"Step {self.world.steps}", name=f"Person {who}", **said))
            )
            answer = stand.by("capture").do(CaptureInquiry(inquiry=inquiry)).value
            assert answer.state == (InquiryState.JOINED if name in was else InquiryState.LEAD)
            if name not in was:
                back_end.named(name, answer.lead_id)
            assert answer.lead_id == back_end.id_of[name]
        self.check(name)

    @rule()
    def captured_oddly(self) -> None:
        self.world.steps += 1
        self.paper.capture_oddly()
        for back_end in self.back_ends:
            stand = back_end.stand
            raw = b"{%d" % self.world.steps
            stand.by("capture").do(CaptureInquiry(inquiry=stand.inquiry(raw)))

    # reps

    @precondition(lambda self: self.paper.leads)
    @rule(rep=st.sampled_from(list(TEAM)), n=some, what=st.sampled_from(["claim", "release", "call", "undo"]))
    def worked(self, rep: str, n: int, what: str) -> None:
        name = self.lead(n)
        expected: str = getattr(self.paper, what)(rep, name)

        def make(there: BackEnd) -> Command[Any]:
            lead_id = there.id_of[name]
            made: dict[str, Command[Any]] = {
                "claim": ClaimLead(lead_id=lead_id),
                "release": ReleaseLead(lead_id=lead_id, reason="lunch"),
                "call": StartAttempt(lead_id=lead_id),
                "undo": UndoOutcome(lead_id=lead_id),
            }
            return made[what]

        self.world.do(rep, make, expected)
        self.check(name)

    @precondition(lambda self: self.paper.leads)
    @rule(rep=st.sampled_from(list(TEAM)), n=some, outcome=st.sampled_from(Outcome), whose=st.booleans())
    def ended(self, rep: str, n: int, outcome: Outcome, whose: bool) -> None:
        busy = [lead.name for lead in self.paper.leads.values() if lead.on_call and lead.owner == rep]
        name = busy[0] if whose and busy else self.lead(n)
        self.world.outcome(rep, name, outcome)
        self.check(name)
        self.last = rep, name

    @precondition(lambda self: self.last is not None)
    @rule()
    def taken_back(self) -> None:
        """At once, as somebody does who pressed the wrong key."""
        assert self.last is not None
        (rep, name), self.last = self.last, None
        expected = self.paper.undo(rep, name)
        self.world.do(rep, lambda there: UndoOutcome(lead_id=there.id_of[name]), expected)
        self.check(name)

    @precondition(lambda self: any(call.is_call for call in self.paper.calls.values()))
    @rule(rep=st.sampled_from(list(TEAM)), n=some)
    def hung_up(self, rep: str, n: int) -> None:
        calls = [call.name for call in self.paper.calls.values() if call.is_call]
        name = calls[-1 - n % min(3, len(calls))]
        expected = self.paper.hang_up(rep, name)
        self.world.do(rep, lambda there: EndAttempt(attempt_id=there.id_of[name]), expected)
        self.check(self.paper.calls[name].lead)

    @precondition(lambda self: self.paper.leads)
    @rule(
        rep=st.sampled_from(list(TEAM)),
        n=some,
        to=st.sampled_from(COMPANIES),
        seen=st.sampled_from(COMPANIES),
    )
    def corrected(self, rep: str, n: int, to: str, seen: str) -> None:
        name = self.lead(n)
        expected = self.paper.correct(name, to, seen)
        said = {"changes": (("company", to),), "seen": (("company", seen),)}
        self.world.do(rep, lambda there: CorrectLead(lead_id=there.id_of[name], **said), expected)  # type: ignore[arg-type]
        self.check(name)

    @precondition(lambda self: self.paper.leads)
    @rule(rep=st.sampled_from(list(TEAM)), n=some)
    def noted(self, rep: str, n: int) -> None:
        name = self.lead(n)
        text = f"note {self.world.steps}"
        expected = self.paper.note(name, text)
        self.world.do(rep, lambda there: AddNote(lead_id=there.id_of[name], text=text), expected)
        for back_end in self.back_ends:
            events = back_end.stand.events(back_end.id_of[name], NoteAdded)
            assert [event.text for event in events] == self.paper.notes[name]  # type: ignore[attr-defined]

    @rule(rep=st.sampled_from(list(TEAM)), status=st.sampled_from(RepStatus))
    def said_what_they_do(self, rep: str, status: RepStatus) -> None:
        expected = self.paper.status(rep, status.value)
        self.world.do(rep, lambda _: SetStatus(status=status), expected)

    # time

    @rule(seconds=st.sampled_from([0.25, 1, 20, 59.75, 60, 61, 600]), kept=st.booleans())
    def time_passed(self, seconds: float, kept: bool) -> None:
        self.world.pass_time(seconds)
        if kept:
            self.world.keep()

    def teardown(self) -> None:
        if not hasattr(self, "paper"):
            return
        for name in self.paper.leads:
            self.check(name, by_door=True)
        stories = []
        for back_end in self.back_ends:
            assert back_end.stand.setup.ask(InquiriesIn(limit=1)).total == self.paper.in_review
            reps = {rep.name: rep for rep in back_end.stand.house.local.reps()}  # type: ignore[attr-defined]
            assert {name: reps[name].status.value for name in TEAM} == {
                name: rep.status for name, rep in self.paper.reps.items()
            }
            stories.append({name: back_end.stand.story(back_end.id_of[name]) for name in self.paper.leads})
        assert stories[0] == stories[1] == stories[2]
        self.world.is_clean = True


def held(lead: Lead, paper: PaperLead) -> dict[str, tuple[object, object]]:
    """Where a lead is otherwise than on paper: field → (floor's, paper's)."""
    found = {}
    for name, value in vars(paper).items():
        if name in ("name", "person"):
            continue
        real = getattr(lead, name)
        real = "" if real is None and isinstance(value, str) else getattr(real, "value", real)
        if real != value:
            found[name] = (real, value)
    return found


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    with ExitStack() as closing:

        def make(clock: HandClock) -> list[Stand]:
            stands = []
            for kind in BACK_ENDS:
                folder = Path(closing.enter_context(TemporaryDirectory(dir=tmp_path)))
                floor = fresh_floor(KINDS[kind], folder, lambda: request.getfixturevalue("pg_cluster"))
                stands.append(Stand(house(kind, closing.enter_context(floor), clock), clock))
            return stands

        made = World(make)
        closing.callback(made.close)
        yield made


@pytest.mark.trial("R17", ci=100, full=2_000, short=8, unit="runs of 50 steps")
@pytest.mark.timeout(1200)
def test_every_back_end_is_the_floor_on_paper(world: World, trial: Trial) -> None:
    machine = seeded(trial.seed)(type("Run", (Machine,), {"world": world}))
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=trial.size,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
            database=None,
            report_multiple_bugs=False,
            phases=[Phase.generate],  # to make a failure shorter would take longer than to read it
        ),
    )
    trial.found(
        runs=world.runs, said=world.steps, leads=sum(_leads(back_end) for back_end in world.back_ends)
    )
    for back_end in world.back_ends:
        assert back_end.stand.chain_fault() == ""
    assert world.runs >= trial.size


def _leads(back_end: BackEnd) -> int:
    return back_end.stand.setup.ask(FloorFacts(check_chain=False)).leads
