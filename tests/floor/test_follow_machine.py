"""Whatever reps, senders and time do to a floor: a desk that followed from the start shows what a fresh one shows.
So does a wallboard.

One machine makes moves at random on a real floor, with two desks listening: one from the beginning, one that
goes away and comes back to where it left off. What must always hold is looked at after each run of moves.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.clock import HandClock
from app.domain.commands import (
    AddImportRows,
    AddNote,
    AddRep,
    BeginImport,
    CancelImport,
    CaptureInquiry,
    ClaimLead,
    ClearAlarm,
    Command,
    CorrectLead,
    EndAttempt,
    FinishImport,
    ImportRow,
    LogOutcome,
    PublishRulebook,
    PutInquiryAside,
    ReleaseLead,
    ReplayInquiry,
    SetStatus,
    StartAttempt,
    UndoOutcome,
)
from app.domain.errors import Refused
from app.domain.inquiry import Draft, InquiryState
from app.domain.lead import AttemptKind, ClockState, Outcome, RepStatus, Role
from app.domain.questions import DayFigures, FloorFacts, InquiriesIn, NextDue
from app.domain.rulebook import DEFAULT
from tests.floor.conftest import KINDS, house
from tests.floor.stand import HOT, WARM, Ear, Stand, WallEar
from tests.floor.test_follow import afresh, head, pictured
from tests.fresh import START, fresh_floor

PEOPLE = 5
"""Different senders: few, so that they meet again."""
some = st.integers(0, 10**6)


class Floor(RuleBasedStateMachine):
    """A floor and what is done to it. `open_at` makes it, and is set by the test."""

    open_at: Callable[[HandClock], Stand]

    @initialize()
    def begin(self) -> None:
        self.clock = HandClock(START)
        self.stand = type(self).open_at(self.clock)
        self.reps = [self.stand.rep(name) for name in ("Ana", "Ben")]
        self.reps.append(self.stand.rep("Tess", Role.TEAM_LEAD, status=RepStatus.AWAY))
        self.leads: list[str] = []
        self.inquiries: list[str] = []
        self.attempts: list[str] = []
        self.imports: list[str] = []
        self.always = Ear(self.stand.setup)
        self.often = Ear(self.stand.setup)
        self.watched = WallEar(self.stand.setup)

    def do(self, actor: str, command: Command[object]) -> object:
        with suppress(Refused):
            return self.stand.by(actor).do(command).value
        return None

    def rep(self, n: int) -> str:
        return self.reps[n % len(self.reps)]

    def lead(self, n: int) -> str:
        return self.leads[n % len(self.leads)]

    # senders

    @rule(
        who=st.integers(0, PEOPLE),
        ask=st.sampled_from([HOT, WARM]),
        same=st.sampled_from(["email", "phone", "both"]),
    )
    def captured(self, who: int, ask: str, same: str) -> None:
        known = {"email": f"p{who}@firm.example", "phone": f"+1303555{8000 + who}"}
        said = known if same == "both" else {same: known[same]}
        answer = self.stand.capture(ask, **said)
        self.inquiries.append(answer.inquiry_id)
        if answer.lead_id and answer.lead_id not in self.leads:
            self.leads.append(answer.lead_id)

    @rule(raw=st.sampled_from([b"{", b"", b'{"message":"x"}', b'{"email":"a@firm.example","name":"T"}']))
    def captured_oddly(self, raw: bytes) -> None:
        answer = self.stand.by("capture").do(CaptureInquiry(inquiry=self.stand.inquiry(raw))).value
        self.inquiries.append(answer.inquiry_id)

    @precondition(lambda self: self.inquiries)
    @rule(n=some, rep=some, mended=st.booleans())
    def replayed(self, n: int, rep: int, mended: bool) -> None:
        draft = Draft(name="Mended", email=f"p{n % PEOPLE}@firm.example") if mended else None
        command = ReplayInquiry(inquiry_id=self.inquiries[n % len(self.inquiries)], draft=draft)
        answer = self.do(self.rep(rep), command)
        lead_id = getattr(answer, "lead_id", "")
        if lead_id and lead_id not in self.leads:
            self.leads.append(lead_id)

    @precondition(lambda self: self.inquiries)
    @rule(n=some)
    def put_aside(self, n: int) -> None:
        self.do("admin", PutInquiryAside(inquiry_id=self.inquiries[n % len(self.inquiries)], why="noise"))

    # reps

    @precondition(lambda self: self.leads)
    @rule(rep=some, n=some, what=st.sampled_from(["claim", "release", "call", "text", "note", "undo"]))
    def worked(self, rep: int, n: int, what: str) -> None:
        lead_id = self.lead(n)
        command: Command[object] = {
            "claim": ClaimLead(lead_id=lead_id),
            "release": ReleaseLead(lead_id=lead_id, reason="x"),
            "call": StartAttempt(lead_id=lead_id),
            "text": StartAttempt(lead_id=lead_id, kind=AttemptKind.TEXT),
            "note": AddNote(lead_id=lead_id, text="x"),
            "undo": UndoOutcome(lead_id=lead_id),
        }[what]  # type: ignore[assignment]
        answer = self.do(self.rep(rep), command)
        if what == "call" and answer is not None:
            self.attempts.append(answer.attempt_id)  # type: ignore[attr-defined]

    @precondition(lambda self: self.leads)
    @rule(rep=some, n=some, outcome=st.sampled_from(Outcome))
    def ended(self, rep: int, n: int, outcome: Outcome) -> None:
        when = self.clock.now() + timedelta(hours=1)
        command = LogOutcome(lead_id=self.lead(n), outcome=outcome, at=when, reason="because", amount=100)
        self.do(self.rep(rep), command)  # type: ignore[arg-type]

    @precondition(lambda self: self.attempts)
    @rule(rep=some, n=some)
    def hung_up(self, rep: int, n: int) -> None:
        self.do(self.rep(rep), EndAttempt(attempt_id=self.attempts[n % len(self.attempts)]))  # type: ignore[arg-type]

    @precondition(lambda self: self.leads)
    @rule(rep=some, n=some, who=st.integers(0, PEOPLE), ask=st.sampled_from([HOT, WARM, ""]))
    def corrected(self, rep: int, n: int, who: int, ask: str) -> None:
        changes = (("email", f"p{who}@firm.example"), ("ask", ask))
        self.do(self.rep(rep), CorrectLead(lead_id=self.lead(n), changes=changes))  # type: ignore[arg-type]

    @rule(rep=some, status=st.sampled_from(RepStatus))
    def said_what_they_do(self, rep: int, status: RepStatus) -> None:
        self.do(self.rep(rep), SetStatus(status=status))  # type: ignore[arg-type]

    # the floor

    @rule(seconds=st.sampled_from([0.5, 10, 59, 61, 3600]))
    def time_passed(self, seconds: float) -> None:
        self.stand.keep(seconds=seconds)
        due = self.stand.setup.ask(NextDue()).at
        assert due is None or due > self.clock.now()

    @rule(seconds=st.sampled_from([1, 61, 200]))
    def time_passed_and_the_keeper_slept(self, seconds: float) -> None:
        self.clock.advance(seconds=seconds)

    @precondition(lambda self: len(self.reps) < 5)
    @rule()
    def hired(self) -> None:
        self.reps.append(self.stand.do(AddRep(name=f"Rep {len(self.reps)}")))

    @rule(short=st.booleans())
    def published(self, short: bool) -> None:
        chain = DEFAULT.chain[:2] if short else DEFAULT.chain
        self.stand.do(PublishRulebook(rulebook=replace(DEFAULT, chain=chain)))

    @rule(n=some)
    def saw_to_an_alarm(self, n: int) -> None:
        alarms = self.always.board.alarms
        if alarms:
            self.do("admin", ClearAlarm(alarm_id=alarms[n % len(alarms)].id, why="seen"))  # type: ignore[arg-type]

    @rule()
    def began_a_file(self) -> None:
        self.imports.append(self.stand.do(BeginImport(file="a.csv", sha256="x")))

    @precondition(lambda self: self.imports)
    @rule(n=some, who=st.integers(0, PEOPLE), what=st.sampled_from(["rows", "rows", "finish", "cancel"]))
    def went_on_with_a_file(self, n: int, who: int, what: str) -> None:
        import_id = self.imports[n % len(self.imports)]
        rows = (ImportRow(line=2, raw="{}", draft=Draft(name="File", email=f"p{who}@firm.example")),)
        command: Command[object] = {
            "rows": AddImportRows(import_id=import_id, rows=rows),
            "finish": FinishImport(import_id=import_id),
            "cancel": CancelImport(import_id=import_id),
        }[what]  # type: ignore[assignment]
        self.do("admin", command)

    # desks

    @rule()
    def a_desk_went_and_came_back(self) -> None:
        self.often.stop()
        if self.often.board.cursor >= 0:
            self.often = Ear(self.stand.setup, since=self.often.board.cursor, board=self.often.board)
        else:
            self.often = Ear(self.stand.setup)

    @rule(first=st.booleans(), ask=st.sampled_from([HOT, WARM]), who=st.integers(0, PEOPLE))
    def a_wallboard_asked(self, first: bool, ask: str, who: int) -> None:
        """And somebody wrote in before the answer was given, or before it came."""
        self.watched.until(head(self.stand) if first else 0)
        self.watched.ask(self.clock.now(), lambda: self.captured(who, ask, "both"))

    def teardown(self) -> None:
        if not hasattr(self, "watched"):
            return
        try:
            self.look()
        finally:
            self.always.stop()
            self.often.stop()
            self.watched.stop()
            self.stand.close()

    def look(self) -> None:
        end = head(self.stand)
        fresh = afresh(self.stand)
        for ear in (self.always, self.often):
            ear.until(end)
            assert pictured(ear.board) == pictured(fresh)
        begun = WallEar(self.stand.setup)
        try:
            assert self.watched.face(end, self.clock.now()) == begun.face(end, self.clock.now())
        finally:
            begun.stop()
        facts = self.stand.setup.ask(FloorFacts())
        assert facts.chain_fault == ""
        assert facts.open_leads == len(fresh.leads)
        assert dict(facts.by_state).get("review", 0) == fresh.in_review
        assert self.stand.setup.ask(InquiriesIn(state=InquiryState.REVIEW)).total == fresh.in_review
        calls = [lead.owner for lead in fresh.leads.values() if lead.on_call]
        assert len(calls) == len(set(calls))
        for lead in fresh.leads.values():
            assert not lead.on_call or lead.owner
            assert (lead.deadline is not None) == (lead.clock != ClockState.NONE)
            assert (lead.breached_at == lead.deadline) or lead.clock != ClockState.BREACHED
            assert lead.score == sum(reason.points for reason in lead.reasons)
        assert {alarm.lead_id for alarm in fresh.alarms} <= fresh.leads.keys()
        figures = self.stand.setup.ask(DayFigures(since=START - timedelta(days=1)))
        histories = [self.stand.history(lead_id) for lead_id in self.leads]
        attempts = [attempt for history in histories for attempt in history.attempts]
        assert figures.calls == sum(attempt.kind == AttemptKind.CALL for attempt in attempts)
        assert figures.won == sum(attempt.outcome == Outcome.WON for attempt in attempts)
        for history in histories:
            story = [type(entry.event).__name__ for entry in history.entries]
            met = story.count("ClockMet") + story.count("ClockBreached")
            assert met <= story.count("ClockStarted")
            numbers = [attempt.number for attempt in history.attempts if attempt.kind == AttemptKind.CALL]
            assert sorted(numbers) == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("kind", "examples"), [("local on sqlite", 25), ("local on postgresql", 6), ("served from sqlite", 4)]
)
def test_a_desk_shows_what_a_fresh_one_shows(
    kind: str, examples: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    def cluster() -> object:
        return request.getfixturevalue("pg_cluster")

    def open_at(clock: HandClock) -> Stand:
        folder = TemporaryDirectory(dir=tmp_path)
        made = fresh_floor(KINDS[kind], Path(folder.name), cluster)  # type: ignore[arg-type]
        stand = Stand(house(kind, made.__enter__(), clock), clock)
        closes = stand.close

        def close() -> None:
            closes()
            made.__exit__(None, None, None)
            folder.cleanup()

        stand.close = close  # type: ignore[method-assign]
        return stand

    machine = type("Machine", (Floor,), {"open_at": staticmethod(open_at)})
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
