"""Every flaw of a rulebook at once, each in a sentence that says what to change; and what a draft changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.chain import Chain, Step, StepKind
from app.domain.hours import Block, Calendar, Day
from app.domain.routes import Alert, Member, News, Profile, Route, Strategy, Team, When
from app.domain.rulebook import DEFAULT, ScoreRule, TierRule
from app.domain.rulebook_check import SECTIONS, flaws
from app.domain.rulebook_diff import changes
from app.domain.shifts import Shift
from app.domain.sla import ClockKind, ClockRule
from app.domain.tier import Tier
from app.domain.worth import Curve, Order
from tests.domain.rulebooks import PEOPLE

HOT, WARM, COLD = DEFAULT.tiers
OFFICE = Calendar(name="Office", week=((Block(start=9 * 3600, until=17 * 3600),),) * 7)
NORTH = Team(name="North", members=(Member(rep="a1"), Member(rep="b2", weight=2)))
EMPTY = Team(name="Empty")


def rule(**said: Any) -> dict[str, Any]:
    return {"rules": (ScoreRule(**({"text": "asked", "field": "ask", "points": 5} | said)),)}


def route(**said: Any) -> dict[str, Any]:
    return {"routes": (Route(**({"name": "R"} | said)),), "teams": (NORTH, EMPTY)}


def test_the_first_rulebook_has_no_flaw() -> None:
    assert flaws(DEFAULT, ()) == ()


WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({"name": " "}, "score", "name", "Give the rulebook a name"),
    (rule(text=""), "score", "rules.0.text", "needs a few words"),
    (rule(field="asks"), "score", "rules.0.field", "looks at “asks”, which there is not. Choose one of ask,"),
    (rule(words=("a", " ")), "score", "rules.0.words", "an empty word"),
    (rule(half_life=0.0), "score", "rules.0.half_life", "half-life of 0 or less. Give it a time"),
    (rule(half_life=-5.0), "score", "rules.0.half_life", "half-life of 0 or less"),
    (rule(half_life=60.0, is_intent=False), "score", "rules.0.half_life", "does not fade"),
    (rule(cap=-1), "score", "rules.0.cap", "below 0"),
    (rule(cap=3), "score", "rules.0.cap", "gives 5 points and is capped at 3"),
    (
        rule(least=5.0, most=2.0),
        "score",
        "rules.0.least",
        "no less than 5 and no more than 2. Turn them round",
    ),
    (rule(least=float("nan")), "score", "rules.0.least", "no number"),
    (rule(question="size"), "score", "rules.0.question", "Let it look at answers"),
    ({"rules": DEFAULT.rules[:1] * 2}, "score", "rules.1", "stands twice"),
    ({"fit_most": -1}, "score", "fit_most", "0 points or more"),
    ({"tiers": (HOT, COLD)}, "tiers", "tiers", "HOT, WARM and COLD, in this order"),
    ({"tiers": (WARM, HOT, COLD)}, "tiers", "tiers", "in this order"),
    (
        {"tiers": (HOT, replace(WARM, at_least=90), COLD)},
        "tiers",
        "tiers.1.at_least",
        "WARM begins at 90, where HOT is already (from 80): they overlap. Let WARM begin below 80.",
    ),
    (
        {"tiers": (HOT, WARM, replace(COLD, at_least=0))},
        "tiers",
        "tiers.2.at_least",
        "COLD must take every score",
    ),
    ({"tiers": (replace(HOT, sla=0), WARM, COLD)}, "tiers", "tiers.0.sla", "1 second to 1 year"),
    ({"hysteresis": -1}, "tiers", "hysteresis", "0 or more"),
    ({"hysteresis": 40}, "tiers", "hysteresis", "as much as a tier is wide"),
    ({"default_country": "us"}, "tiers", "default_country", "no country"),
    (route(team="South"), "routes", "routes.0.team", "a team that there is not"),
    (route(team="Empty"), "routes", "routes.0.team", "a team in which nobody works. Put somebody in"),
    (route(strategy=Strategy.PARTNER), "routes", "routes.0.partner", "not on this floor"),
    (
        route(strategy=Strategy.PARTNER, partner="a1"),
        "routes",
        "routes.0.partner",
        "Ana Pereira, who is no partner",
    ),
    (route(partner="p6"), "routes", "routes.0.partner", "does not lead to one"),
    (
        route(strategy=Strategy.OFFER, offer_to=0),
        "routes",
        "routes.0.offer_to",
        "Offer them to 1 to 50 people",
    ),
    (route(seconds=-1), "routes", "routes.0.seconds", "below 0"),
    (route(most_open=0), "routes", "routes.0.most_open", "1 open lead or more"),
    (route(skill="dance"), "routes", "routes.0.skill", "“dance”, which nobody is good at"),
    (route(when=When(countries=("XX",))), "routes", "routes.0.when.countries", "no country"),
    (route(when=When(languages=("german",))), "routes", "routes.0.when.languages", "no language"),
    (route(when=When(postcodes=("90-9",))), "routes", "routes.0.when.postcodes", "can't be read"),
    (route(when=When(postcodes=("96-90",))), "routes", "routes.0.when.postcodes", "can't be read"),
    (route(when=When(words=("",))), "routes", "routes.0.when.words", "empty entry"),
    (route(when=When(hours="Office")), "routes", "routes.0.when.hours", "a calendar that there is not"),
    (
        {"routes": (Route(name="All"), Route(name="North", team="North")), "teams": (NORTH,)},
        "routes",
        "routes.1",
        "The route “North” is never reached: “All” before it takes all of its leads. Move it up",
    ),
    (
        {
            "routes": (
                Route(name="Hot", when=When(tiers=(Tier.HOT, Tier.WARM))),
                Route(name="Hot DE", when=When(tiers=(Tier.HOT,), countries=("DE",))),
            )
        },
        "routes",
        "routes.1",
        "never reached",
    ),
    (
        {"routes": (Route(name="A"), Route(name="A", strategy=Strategy.OWNER))[::-1]},
        "routes",
        "routes.1.name",
        "Two r",
    ),
    (
        {"teams": (replace(NORTH, members=(Member(rep="zz"),)),)},
        "teams",
        "teams.0.members.0",
        "not on this floor",
    ),
    (
        {"teams": (replace(NORTH, members=(Member(rep="g7"),)),)},
        "teams",
        "teams.0.members.0",
        "Gone Girl, who has left",
    ),
    ({"teams": (replace(NORTH, members=NORTH.members[:1] * 2),)}, "teams", "teams.0.members.1", "twice"),
    (
        {"teams": (replace(NORTH, members=(Member(rep="a1", weight=0),)),)},
        "teams",
        "teams.0.members",
        "gives everybody the weight 0",
    ),
    (
        {"teams": (replace(NORTH, members=(Member(rep="a1", weight=-1),)),)},
        "teams",
        "teams.0.members",
        "below 0",
    ),
    ({"teams": (NORTH, NORTH)}, "teams", "teams.1.name", "Two teams are called “North”"),
    (
        {"people": (Profile(rep="a1", languages=("xx",)),)},
        "teams",
        "people.0.languages",
        "Ana Pereira speaks “xx”",
    ),
    ({"people": (Profile(rep="a1", territories=("D",)),)}, "teams", "people.0.territories", "can't be read"),
    (
        {"people": (Profile(rep="a1", territories=("US XX",)),)},
        "teams",
        "people.0.territories",
        "can't be read",
    ),
    (
        {"people": (Profile(rep="a1", territories=("DE *",)),)},
        "teams",
        "people.0.territories",
        "can't be read",
    ),
    ({"people": (Profile(rep="a1", per_hour=0),)}, "teams", "people.0.per_hour", "1 to 10,000 leads"),
    (
        {"people": (Profile(rep="a1", most_open=((Tier.HOT, -1),)),)},
        "teams",
        "people.0.most_open",
        "0 or more",
    ),
    ({"people": (Profile(rep="zz"),)}, "teams", "people.0", "not on this floor"),
    ({"calendars": (OFFICE, OFFICE)}, "hours", "calendars.1.name", "Two calendars"),
    (
        {"calendars": (replace(OFFICE, country="XX"),)},
        "hours",
        "calendars.0.country",
        "no list of public holidays",
    ),
    (
        {"calendars": (replace(OFFICE, days=(Day(on=date(2026, 1, 1)),) * 2),)},
        "hours",
        "calendars.0",
        "twice",
    ),
    (
        {"shifts": (Shift(name="Early", calendar="X"),)},
        "hours",
        "shifts.0.calendar",
        "a calendar that there is not",
    ),
    (
        {"shifts": (Shift(name="Early", calendar="Office", reps=("zz",)),), "calendars": (OFFICE,)},
        "hours",
        "shifts.0.reps.0",
        "not on this floor",
    ),
    (
        {
            "clocks": (
                ClockRule(kind=ClockKind.CALL_BACK, seconds=60),
                ClockRule(kind=ClockKind.CALL_BACK, seconds=90),
            )
        },
        "clocks",
        "clocks.1",
        "never holds",
    ),
    ({"pause_limit": 5}, "clocks", "pause_limit", "a minute to a year"),
    ({"release_after": -1}, "clocks", "release_after", "within a day"),
    (
        {"chain": (Step(kind=StepKind.OWNER, after=9), Step(kind=StepKind.LOUDER, after=3))},
        "escalation",
        "chain",
        "in the order of their seconds",
    ),
    (
        {"chain": (Step(kind=StepKind.NEXT_REP, after=0),) * 2},
        "escalation",
        "chain.1",
        "it would loop. Take one",
    ),
    (
        {"chains": (Chain(name="Far", steps=(Step(kind=StepKind.OWNER, after=31 * 86400),)),)},
        "escalation",
        "chains.0.steps.0.after",
        "more than 30 days",
    ),
    ({"hold_seconds": 10**6}, "escalation", "hold_seconds", "a day at most"),
    (
        {"alerts": (Alert(news=News.ALARM, quiet_hours="Night"),)},
        "alerts",
        "alerts.0.quiet_hours",
        "that there is not",
    ),
    (
        {"alerts": (Alert(news=News.ALARM, roles=("boss",)),)},
        "alerts",
        "alerts.0.roles",
        "“boss”, which nobody is",
    ),
    ({"order": Order(every=-1)}, "order", "order.every", "between 0 and 1000; it is -1"),
    ({"order": Order(curve=Curve(odds=0.0))}, "order", "order.curve.odds", "between 0.01 and 100"),
    ({"order": Order(curve=Curve(power=float("nan")))}, "order", "order.curve.power", "between"),
    (
        {"order": Order(chances=((40, 0.1), (0, 0.2)))},
        "order",
        "order.chances",
        "in the order of their scores",
    ),
    ({"order": Order(chances=((0, 1.5),))}, "order", "order.chances", "between 0 and 1"),
    ({"order": Order(tried_seconds=500.0)}, "order", "order.talked_seconds", "no less than"),
    ({"order": Order(values=(("s", -1),))}, "order", "order.values", "below 0"),
    ({"guard_share": 2.0}, "order", "guard_share", "between 0 and 1"),
    ({"retry_after": (0,)}, "order", "retry_after", "1 second"),
]


@pytest.mark.parametrize(
    ("wrong", "section", "at", "says"), WRONG, ids=[f"{n}-{one[2]}" for n, one in enumerate(WRONG)]
)
def test_a_flaw_is_said_in_a_sentence(wrong: dict[str, Any], section: str, at: str, says: str) -> None:
    (flaw,) = flaws(replace(DEFAULT, **wrong), PEOPLE)
    assert (flaw.section, flaw.at) == (section, at)
    assert says in flaw.text
    assert flaw.text[0].isupper() or flaw.text[0] == "“"
    assert flaw.text.endswith((".", "!"))


def test_every_flaw_is_told_at_once_in_the_order_of_the_sections() -> None:
    found = flaws(
        replace(DEFAULT, hold_seconds=-1, guard_share=9.0, tiers=(HOT, COLD), name="", pause_limit=0), PEOPLE
    )
    assert [flaw.section for flaw in found] == ["score", "tiers", "clocks", "escalation", "order"]
    assert {flaw.section for flaw in found} <= set(SECTIONS)


@pytest.mark.parametrize(
    "routes",
    [
        (Route(name="North", team="North"), Route(name="All")),
        (Route(name="Owner", strategy=Strategy.OWNER), Route(name="All")),
        (Route(name="Offer", strategy=Strategy.OFFER, seconds=60), Route(name="All")),
        (Route(name="All"), Route(name="Partner", strategy=Strategy.PARTNER, partner="p6")),
        (Route(name="Not full", most_open=5), Route(name="All")),
        (Route(name="Hot", when=When(tiers=(Tier.HOT,))), Route(name="All")),
        (Route(name="90", when=When(least=90)), Route(name="50", when=When(least=50)), Route(name="All")),
        (Route(name="Day", when=When(hours="Office")), Route(name="All")),
    ],
)
def test_a_route_behind_another_that_may_find_nobody_is_well(routes: tuple[Route, ...]) -> None:
    rulebook = replace(DEFAULT, routes=routes, teams=(NORTH,), calendars=(OFFICE,))
    assert flaws(rulebook, PEOPLE) == ()


# -- what a draft changes


def test_a_rulebook_does_not_differ_from_itself_under_another_number() -> None:
    assert changes(DEFAULT, replace(DEFAULT, version=9), PEOPLE) == ()


def test_changes_are_told_in_sentences() -> None:
    draft = replace(
        DEFAULT,
        rules=(
            replace(DEFAULT.rules[0], points=35),
            *DEFAULT.rules[2:],
            ScoreRule(text="new", field="ask", points=1),
        ),
        tiers=(TierRule(tier=Tier.HOT, at_least=85, sla=90), WARM, COLD),
        teams=(NORTH,),
        hysteresis=3,
        order=Order(every=5),
    )
    assert [
        (change.section, change.text, change.was, change.now) for change in changes(DEFAULT, draft, PEOPLE)
    ] == [
        ("score", "The rule “asked for a call”: points was 30 and becomes 35.", "30", "35"),
        ("score", "The rule “new” is new.", "", "text new, field ask, points 1"),
        (
            "score",
            "The rule “asked for pricing” is gone.",
            "text asked for pricing, field ask, words price, prices, pricing, quote, quotation, cost, costs, offer, "
            "estimate, points 30",
            "",
        ),
        ("tiers", "The points that a lead keeps its tier for was 5 and becomes 3.", "5", "3"),
        ("tiers", "HOT: lowest score was 80 and becomes 85.", "80", "85"),
        ("tiers", "HOT: time to the first call was 60 s and becomes 1 min 30 s.", "60 s", "1 min 30 s"),
        (
            "teams",
            "The team “North” is new.",
            "",
            "name North, people person Ana Pereira\nperson Ben O’Neil, weight 2",
        ),
        ("order", "The queue's every was 10 and becomes 5.", "10", "5"),
    ]


def test_routes_that_are_asked_in_another_order_are_a_change() -> None:
    a, b = Route(name="A", team="North"), Route(name="B", strategy=Strategy.OWNER)
    live = replace(DEFAULT, routes=(a, b), teams=(NORTH,))
    (change,) = changes(live, replace(live, routes=(b, a)), PEOPLE)
    assert (change.text, change.was, change.now) == ("The routes are asked in another order.", "A\nB", "B\nA")


def test_any_difference_is_a_change() -> None:
    for field in (
        "name",
        "fit_most",
        "release_after",
        "default_country",
        "guard_share",
        "chain",
        "retry_after",
    ):
        other = {"name": "x", "default_country": "DE", "chain": (), "retry_after": ()}.get(field, 7)
        assert len(changes(DEFAULT, replace(DEFAULT, **{field: other}), PEOPLE)) == 1, field  # type: ignore[arg-type]
