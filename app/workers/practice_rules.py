"""The rulebook of a practice floor, and a draft of the next one: what somebody finds who opens it for the first time.

The one in force keeps the pace of the floor: leads go round the whole team. The draft has what else there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.domain.chain import Step, StepKind
from app.domain.hours import Block, Calendar
from app.domain.routes import Alert, Loudness, Member, News, Profile, Route, Strategy, Team, When
from app.domain.rulebook import DEFAULT, Rulebook
from app.domain.sla import ClockKind, ClockRule
from app.domain.tier import Tier

__all__ = ["draft_of", "live_of"]

_SALES, _BERLIN = "Inside sales", "Team Berlin"
_MORNING = Block(start=8 * 3600, until=12 * 3600 + 1800)
_AFTERNOON = Block(start=13 * 3600 + 900, until=18 * 3600)


def live_of(ids: Mapping[str, str]) -> Rulebook:
    """The rulebook in force; `ids` are those of the people, by name."""
    sellers = (
        "Mara Keller", "Jonas Weber", "Ana Pereira", "Kim Tran",
        "Leo Martin", "Sam Osei", "Nina Falk", "Owen Blake",
    )  # fmt: skip
    return replace(
        DEFAULT,
        name="Autumn",
        teams=(Team(name=_SALES, members=tuple(Member(rep=ids[name]) for name in sellers)),),
        routes=(
            Route(name="Own customers", strategy=Strategy.OWNER),
            Route(name="Everyone else", team=_SALES),
        ),
        chain=(
            Step(kind=StepKind.LOUDER, after=-30),
            Step(kind=StepKind.NEXT_REP, after=0),
            Step(kind=StepKind.TEAM_LEAD, after=30),
            Step(kind=StepKind.MANAGER, after=120),
            Step(kind=StepKind.OWNER, after=600),
        ),
    )


def draft_of(live: Rulebook, ids: Mapping[str, str]) -> Rulebook:
    """What the manager has been working on."""
    office = Calendar(
        name="Office hours",
        zone="America/New_York",
        week=(*((_MORNING, _AFTERNOON),) * 5, (), ()),
        country="US",
    )
    berlin = Team(
        name=_BERLIN,
        members=tuple(
            Member(rep=ids[name], weight=weight)
            for name, weight in (("Jonas Weber", 2), ("Ana Pereira", 1), ("Kim Tran", 1), ("Leo Martin", 1))
        ),
    )
    own, everyone = live.routes
    return replace(
        live,
        name="Winter",
        teams=(*live.teams, berlin),
        calendars=(office,),
        people=(
            Profile(rep=ids["Jonas Weber"], languages=("de", "en"), per_hour=12),
            Profile(rep=ids["Ana Pereira"], languages=("pt", "en"), skills=("cold storage",)),
            Profile(rep=ids["Pacific Racks"], territories=("US CA", "US OR"), most_open=((Tier.COLD, 40),)),
        ),
        routes=(
            own,
            Route(
                name="Hot, working hours",
                when=When(tiers=(Tier.HOT,), hours=office.name),
                strategy=Strategy.OFFER,
                seconds=20,
            ),
            Route(name="DACH", when=When(countries=("DE", "AT", "CH"), languages=("de",)), team=_BERLIN),
            Route(
                name="West coast partners",
                when=When(tiers=(Tier.COLD,), postcodes=("90-96",)),
                strategy=Strategy.PARTNER,
                partner=ids["Pacific Racks"],
                seconds=2 * 3600,
            ),
            replace(everyone, strategy=Strategy.LEAST_BUSY, most_open=12),
        ),
        clocks=(
            ClockRule(kind=ClockKind.FIRST_ATTEMPT, tier=Tier.HOT, calendar=office.name, warnings=(0.5,)),
            *live.clocks,
            ClockRule(kind=ClockKind.PARTNER, seconds=4 * 3600, calendar=office.name),
        ),
        alerts=(
            Alert(news=News.ARRIVED, tiers=(Tier.HOT,), loudness=Loudness.LOUD),
            Alert(news=News.BREACHED, roles=("team_lead", "manager")),
        ),
    )
