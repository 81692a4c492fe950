"""What is put into a book is what comes out of it, on either database, to the last microsecond and letter."""

from __future__ import annotations

import json
import random
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from app.clock import new_id
from app.domain.events import NoteAdded
from app.domain.inquiry import Inquiry, InquiryState, Origin
from app.domain.lead import (
    Alarm,
    Attempt,
    AttemptKind,
    ClockState,
    Lead,
    Outcome,
    Reason,
    Rep,
    RepStatus,
    Source,
    Stage,
    Tier,
)
from app.domain.rulebook import DEFAULT, ScoreRule
from app.store.book import Book
from app.store.staging import Staging
from tests.fresh import START
from tests.store.notes import a_lead, an_inquiry, note

TEXTS = tuple(
    field.name for field in fields(Lead) if field.type == "str" and field.name not in ("id", "on_call", "owner")
)
ODD = ["", " ", "Zoë ☎", "a'b\"c\\d", "%_\\%", "'; DROP TABLE leads; --", "<b>x</b>", "\u202egnp.exe", "\u0301" * 200]


def full_of(text: str) -> Lead:
    """A lead with a text wherever it can have one."""
    return replace(
        a_lead(problems=(text, text), answers=((text, text), ("", text)), reasons=(Reason(text=text, points=1),)),
        origin=Origin(medium=text, campaign=text, ad=text, keyword=text, click_id=text, page=text),
        **dict.fromkeys(TEXTS, text),
    )


def test_every_text_comes_back_from_every_column(book: Book, data_dir: Path) -> None:
    """The big list of naughty strings, in each text of each noun."""
    texts = ODD + json.loads((data_dir / "text-corpora" / "blns.json").read_text("utf-8"))
    leads = {lead.id: lead for lead in map(full_of, texts)}
    kept: dict[str, tuple[Inquiry, str]] = {}
    alarms, reps, sources = {}, {}, {}
    with book.writing("tester", START) as w:
        for text, lead in zip(texts, leads.values(), strict=True):
            w.add_lead(lead, text, text)
            one = an_inquiry(text.encode(), content_type=text, headers=((text, text),), remote=text)
            w.add_inquiry(one, "d", InquiryState.REVIEW, why=text, external_id=text, lead_id=lead.id)
            kept[one.id] = (one, text)
            alarm = Alarm(id=new_id(), name=text, lead_id=lead.id, text=text, raised_at=START)
            rep = Rep(id=new_id(), name=text, status_since=START)
            source = Source(id=new_id(), key=new_id(), name=text, channel=text, secret=text, created_at=START)
            alarms[alarm.id], reps[rep.id], sources[source.id] = alarm, replace(rep, version=1), source
            w.add_alarm(alarm)
            w.add_rep(rep)
            w.save_source(source, new=True)
            w.keep_answer(lead.id, "hash", json.dumps(text))
        w.publish(replace(DEFAULT, version=2, name=texts[5], rules=(ScoreRule(text=texts[4], field="ask", points=1),)))
    last = note(book, *texts)
    with book.reading() as r:
        found = r.open_leads()
        assert {lead.id: lead for lead in found} == leads
        assert {alarm.id: alarm for alarm in r.alarms()} == alarms
        assert {rep.id: rep for rep in r.reps()} == reps
        assert {line.source.id: line.source for line in r.source_lines()} == sources
        waiting, total = r.inquiries_in(InquiryState.REVIEW, 10_000)
        assert total == len(texts)
        assert {item.inquiry.id: (item.inquiry, item.why) for item in waiting} == kept
        notes = [entry.event.text for entry in r.since(0, limit=10_000)]  # type: ignore[attr-defined]
        assert notes == texts
        assert r.rulebook().name == texts[5]
        assert last == len(texts)


def test_bytes_are_kept_as_they_came(book: Book) -> None:
    raws = [b"", bytes(range(256)) * 300, b"\xff\xfe\0", "☎".encode("utf-16")]
    with book.writing("tester", START) as w:
        ids = []
        for raw in raws:
            one = an_inquiry(raw)
            w.add_inquiry(one, "d", InquiryState.REVIEW)
            ids.append(one.id)
    with book.reading() as r:
        assert [r.inquiry(one).inquiry.raw for one in ids] == raws


def test_instants_are_exact_to_the_microsecond(book: Book) -> None:
    dice = random.Random(1)
    instants = [
        datetime(1, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1900, 2, 28, 23, 59, 59, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, 0, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    ]  # fmt: skip
    instants += [START + timedelta(microseconds=dice.randint(-(10**17), 10**17)) for _ in range(200)]
    leads = [a_lead(deadline=at, retry_at=at) for at in instants]
    with book.writing("tester", START) as w:
        for lead in leads:
            w.add_lead(lead, "", "")
    with book.reading() as r:
        found = {lead.id: lead for lead in r.open_leads()}
    assert [found[lead.id].deadline for lead in leads] == instants
    assert {lead.deadline.tzinfo for lead in found.values() if lead.deadline} == {UTC}


def test_a_whole_lead_comes_back_whole(book: Book) -> None:
    lead = replace(
        full_of("x"), zones=3, no_call=True, no_email=True, is_test=True, inquiries=4, tier=Tier.HOT, score=-5, fit=2,
        intent=-7, rulebook=9, clock=ClockState.BREACHED, sla_seconds=60, deadline=START, breached_at=START,
        stage=Stage.PROSPECT, owner="rep", claim_no=3, claimed_at=START, on_call="attempt", hung_up_at=START, attempts=2,
        first_attempt_at=START, last_attempt_at=START, last_outcome=Outcome.BOOKED, contact_at=START, booked_at=START,
        appointment_at=START, call_back_at=START, retry_at=START, closed_at=START, amount=2**40,
    )  # fmt: skip
    with book.writing("tester", START) as w:
        w.add_lead(lead, "", "")
        assert w.lead(lead.id) == lead
        assert w.on_call("rep") == lead
        newer = w.save_lead(replace(lead, amount=0, last_outcome=None))
        assert newer.version == lead.version + 1
        assert w.lead(lead.id) == newer
        for name in (field.name for field in fields(Lead)):
            assert getattr(lead, name) or name == "id", f"{name} is empty, and so is not tried here"


# -- told apart, and not twice


def test_a_lead_that_moved_on_is_not_written_over(book: Book) -> None:
    lead = a_lead(name="Dana")
    with book.writing("tester", START) as w:
        w.add_lead(lead, "", "")
        w.save_lead(replace(lead, name="Dana O."))
    with pytest.raises(Exception, match="changed this lead at the same moment"), book.writing("tester", START) as w:
        w.save_lead(replace(lead, name="lost"))
    with book.reading() as r:
        assert r.lead(lead.id).name == "Dana O."


def test_nobody_is_on_two_calls(book: Book) -> None:
    with book.writing("tester", START) as w:
        w.add_lead(a_lead(owner="ana", on_call="one"), "", "")
        w.add_lead(a_lead(owner="ben", on_call="two"), "", "")
        w.add_lead(a_lead(owner="ana"), "", "")
    with pytest.raises((DBAPIError, Exception), match=r"(?i)unique|busy"), book.writing("tester", START) as w:
        w.add_lead(a_lead(owner="ana", on_call="three"), "", "")


def test_a_step_is_taken_once(book: Book) -> None:
    with book.writing("tester", START) as w:
        assert w.take_step("clock", 0)
        assert not w.take_step("clock", 0)
        assert w.take_step("clock", 1)
    with book.writing("tester", START) as w:
        assert not w.take_step("clock", 1)
        assert w.take_step("other", 1)


def test_a_turn_is_given_once_to_a_rep_as_they_were_read(book: Book) -> None:
    with book.writing("tester", START) as w:
        for name in ("ana", "ben"):
            w.add_rep(Rep(id=name, name=name, status_since=START))
        ana, ben = w.reps()
        assert w.give_turn(ana)
        assert not w.give_turn(ana)
        assert w.give_turn(ben)
        assert [rep.turn for rep in w.reps()] == [1, 2]
        w.save_rep(replace(ana, status=RepStatus.BREAK))  # a status that was read earlier takes no turn back
        assert [(rep.turn, rep.version) for rep in w.reps()] == [(1, 2), (2, 1)]
        w.save_rep(w.reps()[0], turn=7)
        assert w.reps()[0].turn == 7


def test_the_answer_to_a_command_is_kept_with_the_number_of_its_event(book: Book) -> None:
    note(book, "before")
    with book.writing("tester", START) as w:
        assert w.answered("c") is None
        w.keep_answer("c", "hash", '{"id":"x"}')
    with book.writing("tester", START) as w:
        assert w.answered("c") == ("hash", '{"id":"x"}', 0)
        w.keep_answer("d", "hash", "{}")
        w.record(NoteAdded(text="one"))
        w.record(NoteAdded(text="two"))
    with book.writing("tester", START) as w:
        assert w.answered("d") == ("hash", "{}", 3)


# -- the same person, the same delivery


def test_the_same_person_is_the_oldest_open_lead_with_the_mail_or_the_phone(book: Book) -> None:
    def at(minutes: int, **said: object) -> Lead:
        return replace(a_lead(**said), captured_at=START + timedelta(minutes=minutes))

    newer, older, closed, test, nobody = (
        at(5), at(1), at(0, stage=Stage.LOST), at(0, is_test=True), at(0),
    )  # fmt: skip
    with book.writing("tester", START) as w:
        w.add_lead(newer, "a@x.example", "+1")
        w.add_lead(older, "b@x.example", "+1")
        w.add_lead(closed, "a@x.example", "+1")
        w.add_lead(test, "a@x.example", "+1")
        w.add_lead(nobody, "", "")
        assert w.same_person("a@x.example", "", False) == newer
        assert w.same_person("b@x.example", "+2", False) == older
        assert w.same_person("", "+1", False) == older
        assert w.same_person("a@x.example", "+1", False) == older
        assert w.same_person("a@x.example", "+9", True) == test
        assert w.same_person("c@x.example", "+9", False) is None
        assert w.same_person("", "", False) is None
        assert w.same_person("", "+9", False) is None


def test_the_same_delivery_is_known_by_its_bytes_for_a_while_and_by_its_id_for_good(book: Book) -> None:
    one = an_inquiry(source_id="s", after=0)
    with book.writing("tester", START) as w:
        w.add_inquiry(one, "digest", InquiryState.LEAD, lead_id="l", external_id="google-1")
        assert w.repeat_of("digest", "s", START) == (one.id, "l")
        assert w.repeat_of("digest", "s", START + timedelta(microseconds=1)) is None
        assert w.repeat_of("digest", "t", START) is None
        assert w.repeat_of("other", "s", START) is None
        assert w.same_delivery("s", "google-1") == (one.id, "l")
        assert w.same_delivery("t", "google-1") is None
        assert w.same_delivery("s", "") is None
        w.settle_inquiry(one.id, InquiryState.REVIEW, "why", "")
        assert w.same_delivery("s", "google-1") is None  # what waits in review made no lead yet


# -- search


def found(book: Book, text: str, limit: int = 20) -> list[str]:
    with book.reading() as r:
        return [lead.name for lead in r.find(text, limit)]


def test_search_finds_names_companies_mail_and_numbers_however_they_are_written(book: Book) -> None:
    def add(minutes: int, **said: object) -> None:
        lead = replace(a_lead(**said), captured_at=START + timedelta(minutes=minutes))
        with book.writing("tester", START) as w:
            w.add_lead(lead, "", "")

    add(1, name="Dana Okafor", company="Brightline 100% Logistics", email="Dana@Brightline.example", phone="+13035550148")
    add(2, name="Jörg Strauß", company="a_b Werke", phone="+4930901820")
    add(3, name="ÉLODIE", company="back\\slash", stage=Stage.WON)
    add(4, name="élodie two")
    add(5, name="Percy 50 %", stage=Stage.UNFIT)
    assert found(book, "  dana   OKAFOR ") == ["Dana Okafor"]
    assert found(book, "brightline.EXAMPLE") == ["Dana Okafor"]
    assert found(book, "(303) 555-0148") == ["Dana Okafor"]
    assert found(book, "303.555") == ["Dana Okafor"]
    assert found(book, "strauss") == ["Jörg Strauß"]
    assert found(book, "STRAUSS") == ["Jörg Strauß"]
    assert found(book, "élodie") == ["élodie two", "ÉLODIE"]  # the open one first
    assert found(book, "100%") == ["Dana Okafor"]
    assert found(book, "%") == ["Dana Okafor", "Percy 50 %"]
    assert found(book, "_") == ["Jörg Strauß"]
    assert found(book, "k\\s") == ["ÉLODIE"]
    assert found(book, "0%0") == found(book, "a%b") == found(book, "n_ O") == []
    assert found(book, "o", limit=2) == ["élodie two", "Jörg Strauß"]  # newest first
    assert found(book, "' OR 1=1 --") == []


# -- the day's figures, against a slow evaluation


@pytest.mark.parametrize("seed", range(5))
def test_the_days_figures_are_what_a_slow_count_finds(book: Book, seed: int) -> None:
    dice = random.Random(seed)
    leads: dict[str, Lead] = {}
    attempts: list[tuple[Attempt, bool]] = []
    clocks: list[tuple[str, datetime, str, bool]] = []

    def some_time() -> datetime:
        return START + timedelta(hours=dice.choice([-24 * 8, -24 * 7, -24 * 6, -1, 0, 0, 0, 1, 9, 50]), microseconds=dice.randint(0, 3 * 10**9))  # fmt: skip

    with book.writing("tester", START) as w:
        for _ in range(40):
            test = dice.random() < 0.2
            lead = replace(a_lead(is_test=test), captured_at=some_time() - timedelta(hours=2))
            leads[lead.id] = lead
            w.add_lead(lead, "", "")
            for number in range(dice.randint(0, 3)):
                outcome = dice.choice([None, *Outcome])
                attempt = Attempt(
                    id=new_id(), lead_id=lead.id, rep_id=dice.choice("ab"), kind=dice.choice(list(AttemptKind)),
                    number=number, started_at=some_time(), outcome=outcome, outcome_at=START if outcome else None,
                )  # fmt: skip
                attempts.append((attempt, test))
                w.add_attempt(attempt, test)
            clock_id, rep, state, ended = new_id(), dice.choice("ab"), dice.choice(["met", "breached", "stopped"]), some_time()
            w.add_clock(clock_id, replace(lead, deadline=ended), rep)
            w.change_clock(clock_id, state=state, ended_at=ended, next_at=None)
            clocks.append((state, ended, rep, test))
    for rep_id in ("", "a", "b", "nobody"):
        with book.reading() as r:
            figures = r.day_figures(rep_id, START)
        mine = [a for a, test in attempts if not test and a.started_at >= START and rep_id in ("", a.rep_id)]
        waits = sorted(
            (a.started_at - leads[a.lead_id].captured_at).total_seconds()
            for a in mine
            if a.kind == AttemptKind.CALL and a.number == 1
        )
        n = len(waits)
        assert figures.ttfc_median == ((waits[(n - 1) // 2] + waits[n // 2]) / 2 if n else None)
        assert figures.calls == sum(a.kind == AttemptKind.CALL for a in mine)
        assert figures.booked == sum(a.outcome == Outcome.BOOKED for a in mine)
        assert figures.won == sum(a.outcome == Outcome.WON for a in mine)

        def ended(state: str, since: datetime, until: datetime, rep_id: str = rep_id) -> int:
            return sum(
                s == state and since <= at < until and not test and rep_id in ("", rep) for s, at, rep, test in clocks
            )

        week, day = timedelta(days=7), timedelta(days=1)
        assert figures.sla_met == ended("met", START, START + 2 * day)
        assert figures.sla_missed == ended("breached", START, START + 2 * day)
        assert figures.sla_met_before == ended("met", START - week, START - week + day)
        assert figures.sla_missed_before == ended("breached", START - week, START - week + day)


# -- a file that comes in


def stage(book: Book, *names: str, joined: str = "", import_id: str = "import-1") -> None:
    with book.writing("importer", START) as w:
        Staging(w).begin(import_id, "leads.csv", "5ha")
    with book.writing("importer", START) as w:
        leads = [(a_lead(name=name, import_id=import_id), f"{name}@x.example", "") for name in names]
        inquiries = [(an_inquiry(name.encode()), "d", lead[0].id, False) for name, lead in zip(names, leads, strict=True)]
        if joined:
            inquiries.append((an_inquiry(b"again"), "d", joined, True))
        Staging(w).add(import_id, leads, inquiries)


def picture(book: Book) -> tuple[object, ...]:
    """Everything that anybody can see of leads and inquiries."""
    with book.reading() as r:
        leads = r.open_leads()
        return (
            sorted(lead.name for lead in leads),
            [sorted(i.raw for i in r.inquiries_of(lead.id)) for lead in sorted(leads, key=lambda lead: lead.name)],
            sorted(lead.name for lead in r.find("x", 100)),
            r.counts(),
            r.same_person("max@x.example", "", False) is not None,
            [r.inquiries_in(state, 100)[1] for state in InquiryState],
            r.head(),
            r.imported("5ha") is not None,
        )


def test_a_file_is_seen_by_nobody_until_it_is_finished(book: Book) -> None:
    here = a_lead(name="xena")
    with book.writing("tester", START) as w:
        w.add_lead(here, "", "")
        w.add_inquiry(an_inquiry(b"first"), "d", InquiryState.LEAD, lead_id=here.id)
    before = picture(book)
    stage(book, "max", "rex", joined=here.id)
    assert picture(book) == before
    with book.writing("importer", START) as w:
        assert Staging(w).check_open("import-1") == ("leads.csv", "5ha")
        assert Staging(w).known("import-1", {"max@x.example", ""}, {"", "+1"}).keys() == {"max@x.example"}
        assert Staging(w).known("import-2", {"max@x.example"}, set()) == {}
        assert Staging(w).finish("import-1") == (2, 1)
    names, inquiries, found, counts, same, by_state, _, imported = picture(book)
    assert names == found == ["max", "rex", "xena"]
    assert inquiries == [[b"max"], [b"rex"], [b"again", b"first"]]
    assert (same, imported) == (True, True)
    assert counts == ((("joined", 1), ("lead", 3)), 3, 3, 0)
    assert by_state == [3, 1, 0, 0, 0]


def test_a_file_that_is_cancelled_was_never_here(book: Book) -> None:
    before = picture(book)
    stage(book, "max", "rex")
    with book.writing("importer", START) as w:
        assert Staging(w).cancel("import-1")
        assert Staging(w).cancel("import-1")  # said twice, done once
        assert not Staging(w).cancel("import-9")
    assert picture(book) == before
    with pytest.raises(Exception, match="no longer open"), book.writing("importer", START) as w:
        Staging(w).check_open("import-1")


def test_a_file_that_a_dead_program_left_is_swept_away_where_there_is_one_program(book: Book) -> None:
    before = picture(book)
    stage(book, "max", "rex")
    again = Book(book.address)
    try:
        assert picture(again) == before
        with again.writing("importer", START) as w:
            state = "open"
            try:
                Staging(w).check_open("import-1")
            except Exception:  # noqa: BLE001 - only whether it is open is asked
                state = "gone"
        assert state == ("gone" if book.is_sqlite else "open")  # on a shared database somebody may be at it
    finally:
        again.close()
