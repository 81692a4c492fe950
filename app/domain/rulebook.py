"""The rulebook: every policy of a floor in one versioned value.

A published rulebook never changes; a lead keeps the number of the one that judged it. `DEFAULT` is what a new
floor starts with. All durations are in seconds.
"""

from __future__ import annotations

from app.domain.chain import Chain, Step, StepKind
from app.domain.frozen import dataclass
from app.domain.hours import Calendar
from app.domain.lead import Tier
from app.domain.shifts import Shift
from app.domain.sla import ClockKind, ClockRule
from app.domain.worth import Order

__all__ = ["DEFAULT", "Rulebook", "ScoreRule", "Step", "StepKind", "TierRule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRule:
    """Points for a lead of which `test` holds. `text` is the reason shown, `is_intent` which half it counts in.

    `field` names what is looked at (ask, channel, phone, email, company, title, answers, inquiries); `words` are
    matched as whole words, case-folded; an empty `words` means "is there and is valid".
    """

    text: str
    field: str
    words: tuple[str, ...] = ()
    points: int
    is_intent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRule:
    tier: Tier
    at_least: int
    """Lowest score of this tier."""
    sla: int
    """Seconds within which the first attempt is promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    version: int
    name: str = "First rulebook"
    rules: tuple[ScoreRule, ...] = ()
    tiers: tuple[TierRule, ...] = ()
    """Highest first; the last takes every score."""
    chain: tuple[Step, ...] = ()
    """What a breach sets off; `chains` are others, which a clock's rule may name."""
    retry_after: tuple[int, ...] = (900, 3600, 3 * 3600, 86400, 86400)
    """When a try without an answer is tried again; after the last there is none."""
    guard_seconds: int = 60
    guard_share: float = 0.1
    """A never-called lead is called by deadline once its slack is below the larger of these (share of its SLA)."""
    release_after: int = 300
    """Seconds after a rep's desk is gone at which what they have not worked on goes to others."""
    default_country: str = "US"
    """Read for phone numbers written without a country code."""
    calendars: tuple[Calendar, ...] = ()
    """Hours by name; the first is the floor's own. None: the floor never closes."""
    shifts: tuple[Shift, ...] = ()
    clocks: tuple[ClockRule, ...] = ()
    """How clocks run, and which there are beside that for the first attempt."""
    chains: tuple[Chain, ...] = ()
    hold_seconds: int = 120
    """How long a chain rests once somebody has said that they have the lead."""
    pause_limit: int = 4 * 3600
    """The longest that a clock may be paused at a time."""
    order: Order = Order()

    def tier_of(self, score: int) -> TierRule:
        return next(rule for rule in self.tiers if score >= rule.at_least)

    def tier_rule(self, tier: Tier) -> TierRule:
        return next(rule for rule in self.tiers if rule.tier == tier)


DEFAULT = Rulebook(
    version=1,
    rules=(
        ScoreRule(
            text="asked for a call",
            field="ask",
            words=(
                "call me",
                "call back",
                "callback",
                "phone me",
                "ring me",
                "speak to",
                "talk to",
                "someone call",
            ),
            points=30,
        ),
        ScoreRule(
            text="asked for pricing",
            field="ask",
            words=("price", "prices", "pricing", "quote", "quotation", "cost", "costs", "offer", "estimate"),
            points=30,
        ),
        ScoreRule(
            text="asked for a demo",
            field="ask",
            words=("demo", "demonstration", "trial", "site visit"),
            points=25,
        ),
        ScoreRule(
            text="in a hurry",
            field="ask",
            words=(
                "asap",
                "urgent",
                "urgently",
                "today",
                "tomorrow",
                "this week",
                "by friday",
                "before friday",
            ),
            points=15,
        ),
        ScoreRule(text="wrote in their own words", field="ask", points=5),
        ScoreRule(text="answered an ad's form", field="channel", words=("google",), points=25),
        ScoreRule(text="came by the web form", field="channel", words=("form",), points=15),
        ScoreRule(text="came by a connected system", field="channel", words=("json",), points=10),
        ScoreRule(text="asked again", field="inquiries", points=15),
        ScoreRule(text="phone valid", field="phone", points=15, is_intent=False),
        ScoreRule(text="work e-mail", field="email", points=10, is_intent=False),
        ScoreRule(text="names a company", field="company", points=5, is_intent=False),
        ScoreRule(
            text="decides",
            field="title",
            words=(
                "owner",
                "founder",
                "ceo",
                "cfo",
                "coo",
                "cto",
                "president",
                "director",
                "head",
                "vp",
                "chief",
                "manager",
            ),
            points=10,
            is_intent=False,
        ),
    ),
    tiers=(
        TierRule(tier=Tier.HOT, at_least=80, sla=60),
        TierRule(tier=Tier.WARM, at_least=40, sla=3600),
        TierRule(tier=Tier.COLD, at_least=-(10**6), sla=86400),
    ),
    chain=(
        Step(kind=StepKind.LOUDER, after=0),
        Step(kind=StepKind.NEXT_REP, after=0),
        Step(kind=StepKind.TEAM_LEAD, after=30),
        Step(kind=StepKind.OWNER, after=120),
    ),
    clocks=(ClockRule(kind=ClockKind.CALL_BACK, seconds=300, warnings=(0.5,)),),
)
