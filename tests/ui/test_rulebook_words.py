"""The rulebook in words, and what is typed read back: values in, words out, no widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chain import Step, StepKind, Way
from app.domain.hours import Block, Calendar, Day
from app.domain.lead import Role, Tier
from app.domain.routes import Alert, Loudness, Member, News, Profile, Route, Strategy, Team, When
from app.domain.rulebook import DEFAULT, ScoreRule
from app.domain.score import FIELDS
from app.domain.sla import ClockKind, ClockRule
from app.ui import rulebook_read as r
from app.ui import rulebook_words as w
from app.ui import rulebook_words_clocks as c
from app.ui.rulebook_ask import put, taken

NAMES = {"ana": "Ana Pereira", "racks": "Pacific Racks"}
BERLIN = Team(name="Team Berlin", members=(Member(rep="ana", weight=2), Member(rep="jo")))
BOOK = replace(DEFAULT, teams=(BERLIN,))


@pytest.mark.parametrize(
    ("route", "chips", "what", "then"),
    [
        (Route(name="a", strategy=Strategy.OWNER), (), "stays with its owner", "else goes on"),
        (
            Route(name="b", when=When(tiers=(Tier.HOT,)), strategy=Strategy.OFFER, seconds=20),
            ("HOT",),
            "offered to 3 free reps, first to claim",
            "20 s, then goes on",
        ),
        (
            Route(name="c", when=When(countries=("DE", "AT"), languages=("de",)), team="Team Berlin"),
            ("country DE, AT", "speaks German"),
            "Team Berlin, round robin",
            "weights 2 · 1",
        ),
        (
            Route(
                name="d",
                when=When(tiers=(Tier.COLD,), postcodes=("90-96",)),
                strategy=Strategy.PARTNER,
                partner="racks",
                seconds=7200,
            ),
            ("COLD", "zip 90–96"),
            "Partner Pacific Racks",
            "accept in 2 h, else back",
        ),
        (
            Route(name="e", strategy=Strategy.LEAST_BUSY, most_open=12, skill="pallets"),
            (),
            "Everybody who can pallets, least busy",
            "12 open at most",
        ),
        (Route(name="f", strategy=Strategy.PARTNER, partner="gone"), (), "Partner not chosen", ""),
    ],
)
def test_a_route_says_whose_leads_go_where(
    route: Route, chips: tuple[str, ...], what: str, then: str
) -> None:
    line = w.route_line(route, BOOK, NAMES)
    assert tuple(text for text, _ in line.chips) == chips
    assert (line.title, line.what, line.then) == (route.name, what, then)
    assert bool(line.detail) is not bool(chips)


def test_a_long_list_is_cut_and_says_so() -> None:
    when = When(countries=("DE", "AT", "CH", "LI", "LU", "BE", "NL"), least=60, hours="Office")
    assert [text for text, _ in w.when_chips(when)] == [
        "country DE, AT, CH, LI, 3 more",
        "score 60 or more",
        "while “Office” is open",
    ]


def test_steps_say_when_what_and_how() -> None:
    assert c.step_words(Step(kind=StepKind.LOUDER, after=-30)) == (
        "30 s before", "Ring again, louder", "owner’s desk", "warm",
    )  # fmt: skip
    assert c.step_words(Step(kind=StepKind.NEXT_REP, after=0))[:2] == ("at breach", "Next free rep")
    manager = c.step_words(Step(kind=StepKind.MANAGER, after=120, by=(Way.EMAIL,)))
    assert manager == ("+2 min", "Manager", "e‑mail", "grey")


def test_a_rule_of_the_score_says_what_it_looks_at_and_gives() -> None:
    rule = ScoreRule(
        text="looked at prices", field="page_view", words=("price",), points=10, cap=20, half_life=259_200
    )
    line = w.rule_line(rule)
    assert (line.what, line.then) == ("looked at a page has “price”", "+10, up to 20, half gone in 3 d")
    assert line.chips[0][0] == "intent"
    size = ScoreRule(text="large", field="size", points=-5, least=50.0, is_intent=False)
    assert (w.rule_line(size).what, w.rule_line(size).then) == ("how many people work there 50–…", "−5")


def test_hours_clocks_alerts_and_people_are_told() -> None:
    day = (Block(start=28_800, until=45_000), Block(start=47_700, until=64_800))
    calendar = Calendar(name="Office", zone="Europe/Berlin", week=(*(day,) * 5, (), ()), country="US")
    assert c.hours_words(calendar) == "Mon–Fri 08:00–12:30, 13:15–18:00 · US holidays"
    clock = ClockRule(
        kind=ClockKind.CALL_BACK, tier=Tier.HOT, seconds=300, calendar="Office", warnings=(0.5,), chain="Soft"
    )
    assert (c.clock_line(clock).what, c.clock_line(clock).then) == (
        "5 min, of “Office”",
        "warns at 50 %, sets off “Soft”",
    )
    alert = Alert(news=News.BREACHED, loudness=Loudness.LOUD, roles=("manager",), quiet_hours="Night")
    assert c.alert_line(alert).detail == "managers"
    assert c.alert_line(alert).then == "on a call: in the window only; quiet during “Night”"
    profile = Profile(rep="ana", languages=("de",), most_open=((Tier.HOT, 3),), per_hour=6)
    assert w.profile_line(profile, NAMES).then == "3 HOT open at most, 6 an hour"
    assert w.team_line(BERLIN, BOOK, NAMES).what == "Ana Pereira, somebody who has left"
    assert w.tier_span(BOOK, Tier.WARM) == "WARM 40–79"


def test_everything_a_rulebook_may_hold_has_its_word() -> None:
    names: tuple[tuple[Callable[..., str], Iterable[object]], ...] = (
        (c.kind_name, ClockKind), (c.step_name, StepKind), (c.way_name, Way), (c.news_name, News),
        (c.loudness_name, Loudness), (c.role_name, Role), (w.strategy_name, Strategy), (w.field_name, FIELDS),
    )  # fmt: skip
    for name, kinds in names:
        said = [name(kind) for kind in kinds]
        assert len(set(said)) == len(said), name
        assert not any("_" in word for word in said), name


@given(st.integers(-30 * 86_400, 366 * 86_400))
def test_a_length_of_time_is_read_as_it_is_written(seconds: int) -> None:
    assert r.span_of(r.span_said(seconds)) == seconds


@given(st.lists(st.tuples(st.integers(0, 1439), st.integers(0, 1440)), max_size=4))
def test_hours_are_read_as_they_are_written(spans: list[tuple[int, int]]) -> None:
    blocks = tuple(Block(start=start * 60, until=until * 60) for start, until in spans)
    assert r.blocks_of(r.blocks_said(blocks)) == blocks


def test_other_things_are_read_as_they_are_written() -> None:
    days = (
        Day(on=date(2026, 12, 24), name="Christmas Eve", blocks=(Block(start=28_800, until=43_200),)),
        Day(on=date(2026, 12, 25), name="Christmas"),
    )
    assert r.days_of(r.days_said(days)) == days
    chances = ((0, 0.08), (40, 0.22), (80, 0.456))
    assert r.chances_of(r.chances_said(chances)) == chances
    assert r.shares_of(r.shares_said((0.5, 0.125))) == (0.5, 0.125)
    assert r.words_of(" call me,call  back,, call me") == ("call me", "call back")
    assert r.spans_of("15 min, 1 h, 1 d") == (900, 3600, 86_400)
    assert r.blocks_of("closed") == ()
    assert r.span_of("1:30") == 90
    assert r.span_of("1 h 30 min") == 5400


@pytest.mark.parametrize(
    ("read", "text", "says"),
    [
        (r.span_of, "soon", "such as 30 s"),
        (r.span_of, "", "such as 30 s"),
        (r.span_of, "900 d", "a year at most"),
        (r.whole_of, "ten", "whole number"),
        (r.number_of, "1.2.3", "a number"),
        (r.blocks_of, "08:00 to noon", "08:00–12:30"),
        (r.blocks_of, "08:75–09:00", "08:00–12:30"),
        (r.days_of, "Christmas", "a date"),
        (r.chances_of, "40 22", "with their chance"),
        (r.shares_of, "half", "Write shares"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(
    read: Callable[[str], object], text: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        read(text)


def test_a_path_leads_into_a_rulebook_and_changes_only_that() -> None:
    assert taken(DEFAULT, "tiers.0.sla") == 60
    changed = put(DEFAULT, "tiers.1.at_least", 50)
    assert [rule.at_least for rule in changed.tiers][:2] == [80, 50]
    assert replace(changed, tiers=DEFAULT.tiers) == DEFAULT
    assert put(DEFAULT, "order.curve.odds", 0.5).order.curve.odds == 0.5
