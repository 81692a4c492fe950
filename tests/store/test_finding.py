"""Finding: the same person, the same delivery, what was searched for, and what a day came to."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median

import pytest

from app.clock import new_id
from app.domain.inquiry import InquiryState
from app.domain.lead import Attempt, AttemptKind, Lead, Outcome, Stage
from app.store.book import Book
from app.store.figures import day_figures
from tests.fresh import START
from tests.store.notes import a_lead, an_inquiry


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
        assert w.same_person("a@x.example", "", False) == newer.id
        assert w.same_person("b@x.example", "+2", False) == older.id
        assert w.same_person("", "+1", False) == older.id
        assert w.same_person("a@x.example", "+1", False) == older.id
        assert w.same_person("a@x.example", "+9", True) == test.id
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

    add(
        1,
        name="Dana Okafor",
        company="Brightline 100% Logistics",
        email="Dana@Brightline.example",
        phone="+13035550148",
    )
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
    assert found(book, "a", limit=1) == ["Jörg Strauß"]  # newest first
    assert found(book, "' OR 1=1 --") == []


# -- the day's figures, against a slow evaluation


@pytest.mark.parametrize("seed", range(5))
def test_the_days_figures_are_what_a_slow_count_finds(book: Book, seed: int) -> None:
    dice = random.Random(seed)
    leads: dict[str, Lead] = {}
    attempts: list[tuple[Attempt, bool]] = []
    clocks: list[tuple[str, datetime, str, bool]] = []

    def some_time() -> datetime:
        hours = dice.choice([-24 * 8, -24 * 7, -24 * 6, -1, 0, 0, 0, 1, 9, 50])
        return START + timedelta(hours=hours, microseconds=dice.randint(0, 3 * 10**9))

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
            clock_id, rep, state, ended = (
                new_id(),
                dice.choice("ab"),
                dice.choice(["met", "breached", "stopped"]),
                some_time(),
            )
            w.add_clock(clock_id, replace(lead, deadline=ended), rep)
            w.change_clock(clock_id, state=state, ended_at=ended, next_at=None)
            clocks.append((state, ended, rep, test))
    for rep_id in ("", "a", "b", "nobody"):
        with book.reading() as r:
            figures = day_figures(r, rep_id, START)
        mine = [a for a, test in attempts if not test and a.started_at >= START and rep_id in ("", a.rep_id)]
        waits = sorted(
            (a.started_at - leads[a.lead_id].captured_at).total_seconds()
            for a in mine
            if a.kind == AttemptKind.CALL and a.number == 1
        )
        n = len(waits)
        assert figures.ttfc_median == (pytest.approx(median(waits)) if n else None)
        assert figures.calls == sum(a.kind == AttemptKind.CALL for a in mine)
        assert figures.booked == sum(a.outcome == Outcome.BOOKED for a in mine)
        assert figures.won == sum(a.outcome == Outcome.WON for a in mine)

        def ended(state: str, since: datetime, until: datetime, rep_id: str = rep_id) -> int:
            return sum(
                s == state and since <= at < until and not test and rep_id in ("", rep)
                for s, at, rep, test in clocks
            )

        week, day = timedelta(days=7), timedelta(days=1)
        assert figures.sla_met == ended("met", START, START + 2 * day)
        assert figures.sla_missed == ended("breached", START, START + 2 * day)
        assert figures.sla_met_before == ended("met", START - week, START - week + day)
        assert figures.sla_missed_before == ended("breached", START - week, START - week + day)
