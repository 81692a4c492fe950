"""Trials of a rulebook on a floor that lived: what really happened comes out again, and a draft stands beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.boot import main
from app.domain.commands import PublishRulebook
from app.domain.errors import Refused
from app.domain.questions import DryRun, Rulebooks, Tried
from app.domain.routes import Member, Route, Strategy, Team, When
from app.domain.rulebook import Rulebook
from app.domain.tier import Tier
from app.service import dry_run
from app.service.answers import answer
from app.store.book import Book
from app.workers.practice import MORNING, Practice

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BEGAN = NOON - MORNING


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A practice floor with its morning behind it."""
    path = tmp_path_factory.mktemp("practice") / "floor.firstring"
    Practice(str(path), seed=3).prepare(NOON)
    return str(path)


@pytest.fixture
def book(address: str) -> Iterator[Book]:
    opened = Book(address, read_only=True)
    yield opened
    opened.close()


@pytest.fixture
def live(book: Book) -> Rulebook:
    """The rulebook that the morning was played by."""
    with book.reading() as r:
        return r.rulebook()


def trial(
    book: Book, rulebook: Rulebook, since: datetime = BEGAN, until: datetime = NOON + timedelta(hours=1)
) -> Tried:
    return answer(book, DryRun(rulebook=rulebook, since=since, until=until), "admin")


def test_the_rulebook_in_force_reproduces_exactly_what_happened(book: Book, live: Rulebook) -> None:
    tried = trial(book, live)
    assert tried.leads > 50
    assert tried.recorded > 3 * tried.leads  # a score, an owner, a deadline each, and what came after
    assert (tried.reproduced, tried.differing) == (tried.recorded, ())


def test_the_rulebook_in_force_as_a_draft_differs_nowhere(book: Book, live: Rulebook) -> None:
    tried = trial(book, live)
    assert tried.draft == tried.live
    assert tried.leads_elsewhere == ()
    with book.reading() as r:
        leads = r.counts()[1]
    assert tried.leads == leads
    assert sum(tier.leads for tier in tried.live.tiers) == leads
    assert sum(rep.leads for rep in tried.live.reps) + tried.live.nobody == leads


def test_a_part_of_the_morning_begins_with_the_turns_of_then(book: Book, live: Rulebook) -> None:
    for minutes in (13, 37, 71):
        tried = trial(book, live, since=BEGAN + timedelta(minutes=minutes))
        assert (tried.reproduced, tried.differing) == (tried.recorded, ())
        assert tried.draft == tried.live


def test_what_was_met_is_what_the_floor_counted(book: Book, live: Rulebook) -> None:
    tried = trial(book, live)
    with book.reading() as r:
        met = r.db.exec_driver_sql(
            "SELECT count(DISTINCT lead_id) FROM clocks WHERE kind = 'first_attempt' AND state = 'met'"
        ).scalar_one()
        escalated = r.db.exec_driver_sql(
            "SELECT count(DISTINCT lead_id) FROM events WHERE kind = 'lead.escalated'"
        ).scalar_one()
    told = sum(tier.met for tier in tried.live.tiers)
    assert told <= met <= told + 5  # a lead that asked again may have met its second promise alone
    assert tried.live.escalated <= escalated <= tried.live.escalated + 5


def team_of(book: Book, *names: str) -> Team:
    with book.reading() as r:
        ids = {rep.name: rep.id for rep in r.reps()}
    return Team(name="North", members=tuple(Member(rep=ids[name]) for name in names))


def test_a_draft_stands_beside_it(book: Book, live: Rulebook) -> None:
    hot = tuple(replace(rule, at_least=60) if rule.tier == Tier.HOT else rule for rule in live.tiers)
    team = team_of(book, "Jonas Weber", "Ana Pereira")
    routes = (Route(name="Hot leads", when=When(tiers=(Tier.HOT,)), team="North"), Route(name="Rest"))
    tried = trial(book, replace(live, tiers=hot, teams=(team,), routes=routes))
    assert tried.reproduced == tried.recorded
    live, draft = ({tier.tier: tier.leads for tier in side.tiers} for side in (tried.live, tried.draft))
    assert draft[Tier.HOT] > live[Tier.HOT]
    assert sum(draft.values()) == sum(live.values()) == tried.leads
    assert tried.elsewhere == len(tried.leads_elsewhere) > 5
    for moved in tried.leads_elsewhere:
        assert moved.was != moved.now
        if moved.now_tier == Tier.HOT and moved.now:
            assert moved.why
    names = {rep.name: rep.leads for rep in tried.draft.reps}
    before = {rep.name: rep.leads for rep in tried.live.reps}
    assert names["Jonas Weber"] + names["Ana Pereira"] > before["Jonas Weber"] + before["Ana Pereira"]


def test_leads_that_nobody_would_have_had_are_told_with_the_reason(book: Book, live: Rulebook) -> None:
    team = team_of(book, "Ida Nyberg")  # who was away all morning
    routes = (Route(name="Owner", team="North", when=When(tiers=(Tier.HOT,))), Route(name="Rest"))
    tried = trial(book, replace(live, teams=(team,), routes=routes[:1]))
    assert tried.draft.nobody == tried.leads
    reasons = {group.why: group.leads for group in tried.unserved}
    assert sum(reasons.values()) == tried.leads
    assert any("nobody could take it: away" in why for why in reasons), reasons
    assert any("it is for HOT leads" in why for why in reasons), reasons
    assert trial(book, replace(live, teams=(team,), routes=routes)).draft.nobody <= tried.live.nobody + 1
    cold = Route(name="Cold", team="North", when=When(tiers=(Tier.COLD,)))
    both = trial(book, replace(live, teams=(team,), routes=(cold, routes[0])))
    assert {group.why for group in both.unserved} == {
        "Cold: nobody could take it: away",
        "Owner: nobody could take it: away",
        "Cold: it is for COLD leads; Owner: it is for HOT leads",
    }


def test_a_lead_that_would_be_offered_is_nobodys_load(book: Book, live: Rulebook) -> None:
    routes = (Route(name="All", strategy=Strategy.OFFER, offer_to=2, seconds=60),)
    tried = trial(book, replace(live, routes=routes))
    assert sum(rep.leads for rep in tried.draft.reps) < tried.leads / 4
    assert any("was offered to" in note for note in tried.notes)


def test_a_shorter_promise_is_kept_less_often(book: Book, live: Rulebook) -> None:
    quick = tuple(replace(rule, sla=max(5, rule.sla // 4)) for rule in live.tiers)
    tried = trial(book, replace(live, tiers=quick))
    live, draft = (sum(tier.met for tier in side.tiers) for side in (tried.live, tried.draft))
    assert draft < live
    assert tried.elsewhere < tried.leads  # the same people stood there
    assert [tier.ttfc_median for tier in tried.live.tiers] == [tier.ttfc_median for tier in tried.draft.tiers]


def test_what_cant_be_tried(book: Book, live: Rulebook) -> None:
    for rulebook, since, until, says in (
        (live, NOON, NOON, "ends after it begins"),
        (live, NOON - timedelta(days=400), NOON, "at most a year"),
        (replace(live, tiers=()), BEGAN, NOON, "HOT, WARM and COLD"),
    ):
        with pytest.raises(Refused, match=says):
            trial(book, rulebook, since, until)
    assert trial(book, live, NOON + timedelta(days=1), NOON + timedelta(days=2)).leads == 0


def test_whoever_asks_again_ends_the_trial_before(
    book: Book, live: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = dry_run.replaying.pieces

    def interrupted(*args: object, **said: object) -> object:
        yield from whole(*args, **said)  # type: ignore[arg-type]
        with pytest.raises(Refused):
            trial(book, live, NOON, NOON)

    monkeypatch.setattr(dry_run.replaying, "pieces", interrupted)
    monkeypatch.setattr(dry_run.replaying, "PIECE", 100)
    with pytest.raises(Refused, match="Another trial was begun"):
        trial(book, live)


# -- at the terminal


def test_a_rulebook_is_exported_changed_checked_tried_and_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address, file = str(tmp_path / "own.floor"), tmp_path / "rules.toml"
    Practice(address, seed=3).prepare(NOON, quiet=True)

    def said(*words: str, code: int = 0) -> str:
        assert main(["rulebook", *words, "--floor", address]) == code
        return capsys.readouterr().out

    first = json.loads(said("export", "--json"))
    assert "is written to" in said("export", "--out", str(file))
    assert said("check", str(file)).startswith(
        f"{file} has no flaw. It says what rulebook {first['version']} says"
    )
    text = file.read_text(encoding="utf-8").replace('sla = "60 s"', 'sla = "90 s"')
    file.write_text(text.replace(f'name = "{first["name"]}"', 'name = "Second"'), encoding="utf-8")
    told = json.loads(said("check", str(file), "--json"))
    assert (told["flaws"], told["live"]) == ([], first["version"])
    assert [change["now"] for change in told["changes"]] == ["Second", "1 min 30 s"]
    period = ("--since", "2026-03-01", "--until", "2026-03-03")
    tried = json.loads(said("dryrun", str(file), *period, "--json"))
    assert tried["draft"]["name"] == "Second"
    assert "came out the same again" in said("dryrun", str(file), *period)
    assert main(["rulebook", "publish", str(file), "--floor", address]) == 3
    assert "Say --yes" in capsys.readouterr().err
    assert json.loads(said("publish", str(file), "--yes", "--json"))["version"] == first["version"] + 1
    assert 'sla = "1 min 30 s"' in said("export")
    assert 'sla = "60 s"' in said("export", "--version", "1")
    assert json.loads(said("export", "--json"))["name"] == "Second"
    file.write_text(text.replace("at_least = 40", "at_least = 95"), encoding="utf-8")
    assert "tiers: WARM begins at 95" in said("check", str(file), code=1)
    assert "tiers: WARM begins at 95" in said("publish", str(file), "--yes", code=1)
    file.write_text("nam = 3\n", encoding="utf-8")
    assert "Line 1: a rulebook knows nothing of “nam”" in said("dryrun", str(file), *period, code=1)
    for words, says in (
        (("export", "--version", "9"), "No rulebook 9"),
        (("check", str(tmp_path / "none.toml")), "can't be read"),
        (("export", "--out", str(tmp_path / "no" / "x.toml")), "can't be written"),
    ):
        assert main(["rulebook", *words, "--floor", address]) == 3
        assert says in capsys.readouterr().err


def test_a_rulebook_that_was_put_in_force_in_the_middle_follows_the_record_from_there(tmp_path: Path) -> None:
    """What came before is judged by it too, and compared with nothing."""
    from app.clock import HandClock
    from app.floor.local import LocalFloor

    address = str(tmp_path / "own.floor")
    Practice(address, seed=5).prepare(NOON)
    floor = LocalFloor(Book(address), HandClock(NOON), "admin")
    try:
        first = floor.ask(Rulebooks()).live
        floor.do(PublishRulebook(rulebook=replace(first, name="Second")))
        tried = floor.ask(DryRun(rulebook=first, since=BEGAN, until=NOON + timedelta(hours=1)))
    finally:
        floor.close()
    assert tried.live.version == first.version + 1
    assert tried.recorded == 0
    assert tried.live.tiers == tried.draft.tiers
