"""Rulebooks of every kind, all of them such as could be in force, and the people that they name."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from app.domain.chain import Chain, Step, StepKind, Way
from app.domain.hours import Block, Calendar, Day
from app.domain.lead import Rep, Role
from app.domain.routes import Alert, Loudness, Member, News, Profile, Route, Strategy, Team, When
from app.domain.rulebook import DEFAULT, Rulebook, ScoreRule, TierRule
from app.domain.score import FIELDS
from app.domain.shifts import Shift
from app.domain.sla import ClockKind, ClockRule
from app.domain.tier import Tier
from app.domain.worth import Curve, Order, OrderBy
from tests.fresh import START


def person(rep_id: str, name: str, role: Role = Role.REP, *, active: bool = True) -> Rep:
    return Rep(id=rep_id, name=name, role=role, status_since=START, active=active)


PEOPLE = (
    person("a1", "Ana Pereira"),
    person("b2", "Ben O’Neil"),
    person("c3", "Cem Kaya", Role.TEAM_LEAD),
    person("d4", "Sam Lee"),
    person("e5", "sam lee"),  # two of one name
    person("p6", "Outside Ltd", Role.PARTNER),
    person("g7", "Gone Girl", active=False),
)
WORKING = ("a1", "b2", "c3", "d4", "e5")

names = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(str.strip)
words = st.lists(names, max_size=3).map(tuple)
seconds = st.integers(1, 366 * 86400) | st.sampled_from((60, 90, 3600, 86400))
tiers = st.lists(st.sampled_from(Tier), unique=True).map(tuple)


@st.composite
def score_rules(draw: Any) -> ScoreRule:
    points = draw(st.integers(-500, 500))
    is_intent = draw(st.booleans())
    field = draw(st.sampled_from(FIELDS))
    least, most = sorted((draw(st.floats(-1e6, 1e6)), draw(st.floats(-1e6, 1e6))))
    return ScoreRule(
        text=draw(names),
        field=field,
        words=draw(words),
        points=points,
        is_intent=is_intent,
        question=draw(names) if field == "answers" and draw(st.booleans()) else "",
        least=draw(st.sampled_from((None, least))),
        most=draw(st.sampled_from((None, most))),
        cap=draw(st.sampled_from((0, abs(points), abs(points) + 7))),
        half_life=draw(st.none() | st.floats(1e-3, 1e8) | seconds) if is_intent else None,
    )


blocks = st.lists(st.integers(0, 86400), min_size=2, max_size=6, unique=True).map(
    lambda ends: tuple(
        Block(start=start, until=until) for start, until in zip(*[iter(sorted(ends))] * 2, strict=False)
    )
)


@st.composite
def calendars(draw: Any, name: str) -> Calendar:
    week = [draw(blocks)] + [draw(st.just(()) | blocks) for _ in range(6)]
    days = draw(st.lists(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=3, unique=True))
    return Calendar(
        name=name,
        zone=draw(st.sampled_from(("UTC", "Europe/Berlin", "America/Denver"))),
        week=tuple(draw(st.permutations(week))),
        days=tuple(Day(on=on, name=draw(names), blocks=draw(st.just(()) | blocks)) for on in days),
        country=draw(st.sampled_from(("", "DE", "DE-BY"))),
    )


chains = st.lists(
    st.tuples(
        st.sampled_from(StepKind), st.integers(-3600, 86400), st.lists(st.sampled_from(Way), unique=True)
    ),
    max_size=5,
    unique_by=lambda step: step[:2],
).map(
    lambda told: tuple(
        Step(kind=kind, after=after, by=tuple(by))
        for kind, after, by in sorted(told, key=lambda step: step[1])
    )
)


@st.composite
def rulebooks(draw: Any) -> Rulebook:
    """One without a flaw."""
    hours = tuple(draw(calendars(name)) for name in draw(st.lists(names, max_size=2, unique=True)))
    known = tuple(one.name for one in hours)
    hot, warm = sorted((draw(st.integers(-100, 100)), draw(st.integers(101, 300))), reverse=True)
    teams = tuple(
        Team(
            name=name,
            members=(
                Member(rep=draw(st.sampled_from(WORKING)), weight=draw(st.integers(1, 9))),
                Member(rep="p6", weight=draw(st.integers(0, 3))),
            ),
        )
        for name in draw(st.lists(names, max_size=2, unique=True))
    )
    named = tuple(
        Chain(name=name, steps=draw(chains)) for name in draw(st.lists(names, max_size=2, unique=True))
    )
    skills = draw(st.lists(names, min_size=1, max_size=2))
    routes = tuple(
        Route(
            name=f"Route {at}",
            when=When(
                tiers=draw(tiers),
                countries=draw(st.sampled_from(((), ("DE", "AT")))),
                postcodes=draw(st.sampled_from(((), ("90", "SW1", "10-19")))),
                words=(f"word {at}", *draw(words)),  # each for leads of its own, so that each can be reached
                least=draw(st.none() | st.integers(-99, 99)),
                hours=draw(st.sampled_from(("", *known))),
            ),
            strategy=(strategy := draw(st.sampled_from(Strategy))),
            team=draw(st.sampled_from(("", *(team.name for team in teams)))),
            partner="p6" if strategy == Strategy.PARTNER else "",
            offer_to=draw(st.integers(1, 9)),
            seconds=draw(st.integers(0, 86400)),
            skill=draw(st.sampled_from(("", skills[0]))),
            most_open=draw(st.none() | st.integers(1, 99)),
        )
        for at in range(draw(st.integers(0, 3)))
    )
    return Rulebook(
        version=draw(st.integers(1, 10**6)),
        name=draw(names),
        rules=tuple(draw(st.lists(score_rules(), max_size=4, unique=True))),
        tiers=(
            TierRule(tier=Tier.HOT, at_least=hot, sla=draw(st.integers(1, 3600))),
            TierRule(tier=Tier.WARM, at_least=warm, sla=draw(st.integers(1, 3600))),
            TierRule(tier=Tier.COLD, at_least=-(10**6), sla=draw(st.integers(1, 3600))),
        ),
        chain=draw(chains),
        retry_after=tuple(draw(st.lists(seconds, max_size=4))),
        guard_seconds=draw(st.integers(0, 86400)),
        guard_share=draw(st.floats(0, 1)),
        release_after=draw(st.integers(0, 86400)),
        default_country=draw(st.sampled_from(("US", "DE"))),
        calendars=hours,
        shifts=tuple(
            Shift(name=f"Shift {at}", calendar=name, reps=draw(st.sampled_from(((), WORKING[:2]))))
            for at, name in enumerate(known)
        ),
        clocks=(
            ClockRule(
                kind=ClockKind.CALL_BACK,
                tier=Tier.HOT,
                seconds=draw(st.integers(1, 600)),
                warnings=(0.5, 0.8),
            ),
            ClockRule(
                kind=ClockKind.FIRST_ATTEMPT, chain=draw(st.sampled_from(("", *(c.name for c in named))))
            ),
        ),
        chains=named,
        hold_seconds=draw(st.integers(0, 86400)),
        pause_limit=draw(st.integers(60, 86400)),
        order=Order(
            by=draw(st.sampled_from(OrderBy)),
            curve=Curve(odds=draw(st.floats(0.01, 100)), shift=draw(st.floats(1, 86400))),
            every=draw(st.integers(0, 1000)),
            chances=draw(st.sampled_from(((), ((-5, 0.0), (40, 0.25), (80, 1.0))))),
            values=draw(
                st.dictionaries(names, st.integers(0, 10**12), max_size=2).map(lambda d: tuple(d.items()))
            ),
        ),
        fit_most=draw(st.none() | st.integers(0, 500)),
        intent_most=draw(st.none() | st.integers(0, 500)),
        hysteresis=draw(st.sampled_from((0, min(1, hot - warm - 1)))),
        routes=routes,
        teams=teams,
        people=(
            Profile(
                rep="a1",
                languages=("de", "en"),
                skills=tuple(skills),
                territories=("DE", "US CO", "DE 80*"),
                most_open=((Tier.HOT, 3), (Tier.COLD, 0)),
                per_hour=draw(st.none() | st.integers(1, 99)),
            ),
        ),
        alerts=tuple(
            Alert(
                news=draw(st.sampled_from(News)),
                tiers=draw(tiers),
                roles=("rep",),
                loudness=draw(st.sampled_from(Loudness)),
                quiet_hours=draw(st.sampled_from(("", *known))),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
    )


__all__ = ["DEFAULT", "PEOPLE", "WORKING", "person", "rulebooks"]
