"""The rulebook: every policy of a floor in one versioned value.

A published rulebook never changes; a lead keeps the number of the one that judged it. `DEFAULT` is what a new
floor starts with. All durations are in seconds.
"""

from __future__ import annotations

from app.domain.chain import Chain, Step, StepKind
from app.domain.frozen import dataclass
from app.domain.hours import Calendar
from app.domain.lead import Tier
from app.domain.routes import Alert, Profile, Route, Team
from app.domain.scorecard import Scorecard
from app.domain.shifts import Shift
from app.domain.sla import ClockKind, ClockRule
from app.domain.worth import Order

__all__ = ["DEFAULT", "Rulebook", "ScoreRule", "Step", "StepKind", "TierRule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRule:
    """Points for a lead of which `field` holds what is asked. `text` is the reason shown.

    `field` is one of `score.FIELDS`, or a kind of behaviour (`behaviour.Did`); `words` are matched as whole words,
    case-folded; an empty `words` means "is there and is valid".
    """

    text: str
    field: str
    words: tuple[str, ...] = ()
    points: int
    is_intent: bool = True
    """Which half it counts in: what they did, or who they are."""
    question: str = ""
    """Of answers: only those to a question that has these words."""
    least: float | None = None
    """A number must stand there, and be no less than this."""
    most: float | None = None
    cap: int = 0
    """What happened several times counts several times, up to so many points; 0: once."""
    half_life: float | None = None
    """Seconds in which half of the points are gone; None: they stay."""


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
    fit_most: int | None = None
    """Points that who they are can give in all."""
    intent_most: int | None = None
    """Points that what they did can give in all."""
    hysteresis: int = 0
    """A lead keeps its tier until it is so many points below it, so that none goes to and fro."""
    routes: tuple[Route, ...] = ()
    """In the order in which they are asked; none: whoever's turn it is."""
    teams: tuple[Team, ...] = ()
    people: tuple[Profile, ...] = ()
    alerts: tuple[Alert, ...] = ()
    scorecard: Scorecard = Scorecard()
    """By which a week's work is scored, and when a week is frozen."""

    @property
    def zone(self) -> str:
        """IANA name of the floor's time zone: that of its own hours."""
        return self.calendars[0].zone if self.calendars else "UTC"

    def tier_of(self, score: int, now: Tier | None = None) -> TierRule:
        """The tier of a score, of a lead that is in the tier `now`."""
        found = next(rule for rule in self.tiers if score >= rule.at_least)
        if now is not None and self.hysteresis:
            here = self.tier_rule(now)
            if found.at_least < here.at_least and score >= here.at_least - self.hysteresis:
                return here
        return found

    def range_of(self, tier: Tier) -> tuple[float, float]:
        """From which score on, and below which, a lead of this tier stays in it."""
        at = next(n for n, rule in enumerate(self.tiers) if rule.tier == tier)
        low = float("-inf") if at == len(self.tiers) - 1 else self.tiers[at].at_least - self.hysteresis
        return low, self.tiers[at - 1].at_least if at else float("inf")

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
        ScoreRule(text="asked to be called", field="call_asked", points=30, half_life=3 * 86400),
        ScoreRule(text="answered our mail", field="reply", points=25, half_life=7 * 86400),
        ScoreRule(
            text="looked at prices",
            field="page_view",
            words=("price", "prices", "pricing", "quote", "order"),
            points=10,
            cap=20,
            half_life=3 * 86400,
        ),
        ScoreRule(text="looked at our pages", field="page_view", points=2, cap=10, half_life=3 * 86400),
        ScoreRule(text="downloaded something", field="download", points=10, cap=20, half_life=7 * 86400),
        ScoreRule(text="clicked in our mail", field="click", points=5, cap=10, half_life=7 * 86400),
        ScoreRule(text="opened our mail", field="open", points=2, cap=6, half_life=7 * 86400),
    ),
    hysteresis=5,
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
