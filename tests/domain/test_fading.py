"""Points fade by their half-life, and the instant at which that changes the tier is found to the microsecond."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.behaviour import Behaviour, Did
from app.domain.fading import Term, leaving, total
from app.domain.lead import Tier
from app.domain.rulebook import DEFAULT, Rulebook, ScoreRule
from app.domain.score import Subject, judge

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
DAY = 86400.0


def test_half_is_gone_after_each_half_life() -> None:
    term = Term(40, NOON, 3600, 100)
    for hours, points in ((0, 40), (1, 20), (2, 10), (-5, 40)):
        assert term.points(NOON + timedelta(hours=hours)) == points
    assert Term(40, NOON, 3600, 25).points(NOON) == 25
    assert Term(-40, NOON, 3600, 25).points(NOON) == -25
    assert Term(40, NOON, None, 100).points(NOON + timedelta(days=900)) == 40


def test_the_instant_is_the_one_that_a_pencil_finds() -> None:
    assert leaving([Term(40, NOON, 3600, 40)], NOON, None, 20, 100) == NOON + timedelta(hours=1) + MICRO
    assert leaving([Term(40, NOON, 3600, 40), Term(5, None, None, 5)], NOON, None, 10, 100) == (
        NOON + timedelta(hours=3) + MICRO  # at three hours it is 10 exactly, and that is still enough
    )
    assert leaving([Term(40, NOON, 3600, 40)], NOON, None, 0, 100) is None
    assert leaving([Term(40, None, None, 40)], NOON, None, 20, 100) is None
    assert leaving([Term(40, NOON, 3600, 40), Term(30, None, None, 30)], NOON, 25, 20, 100) is None


def test_what_was_held_against_them_fades_too() -> None:
    up = leaving([Term(50, None, None, 50), Term(-40, NOON, 3600, 40)], NOON, None, -100, 40)
    assert up is not None
    assert abs((up - NOON).total_seconds() - 7200) < 1e-5


_terms = st.lists(
    st.builds(
        Term,
        st.integers(-60, 60).map(float),
        st.integers(-(10**6), 0).map(lambda s: NOON + timedelta(seconds=s)),
        st.none() | st.sampled_from((60.0, 3600.0, DAY, 7 * DAY)),
        st.integers(1, 60).map(float),
    ),
    min_size=1,
    max_size=6,
)


@given(_terms, st.none() | st.integers(0, 80), st.integers(-40, 60), st.integers(1, 60))
def test_before_the_instant_the_sum_stays_and_at_it_it_has_left(
    terms: list[Term], most: int | None, low: int, wide: int
) -> None:
    """Against the sum itself, looked at minute by minute: the first leaving is never missed and never early."""
    high = low + wide
    if not low <= total(terms, NOON, most) < high:
        return
    found = leaving(terms, NOON, most, low, high)
    if found is not None:
        assert not low <= total(terms, found, most) < high
        just = found - 2 * MICRO
        value = total(terms, just, most) if just > NOON else total(terms, NOON, most)
        assert low - 1e-6 <= value <= high + 1e-6
    for minutes in (*range(0, 300, 7), *range(300, 40_000, 613)):
        at = NOON + timedelta(minutes=minutes)
        if found is not None and at >= found:
            break
        assert low - 1e-9 <= total(terms, at, most) < high + 1e-9, minutes


# -- the score


def book(*rules: ScoreRule, **more: object) -> Rulebook:
    return replace(DEFAULT, rules=rules, **more)  # type: ignore[arg-type]


def deeds(kind: Did, *hours_ago: float, what: str = "") -> tuple[Behaviour, ...]:
    return tuple(Behaviour(kind=kind, at=NOON - timedelta(hours=h), what=what) for h in hours_ago)


VIEW = ScoreRule(text="looked", field="page_view", points=10, cap=25, half_life=3600)


def test_each_deed_counts_by_its_age_up_to_the_rules_cap() -> None:
    assert judge(Subject(did=deeds(Did.PAGE_VIEW, 1, 2)), book(VIEW), NOON).score == 7  # 5 + 2.5
    assert judge(Subject(did=deeds(Did.PAGE_VIEW, 0, 0, 0, 0)), book(VIEW), NOON).score == 25
    once = replace(VIEW, cap=0)
    assert judge(Subject(did=deeds(Did.PAGE_VIEW, 0, 0, 0)), book(once), NOON).score == 10
    about = replace(VIEW, words=("pricing",))
    looked = deeds(Did.PAGE_VIEW, 0, what="/pricing") + deeds(Did.PAGE_VIEW, 0, what="/jobs")
    assert judge(Subject(did=looked), book(about), NOON).score == 10


def test_what_they_wrote_fades_from_when_they_wrote_it() -> None:
    rule = ScoreRule(text="price", field="ask", words=("price",), points=40, half_life=DAY)
    subject = Subject(ask="price?", asked_at=NOON - timedelta(days=1))
    assert judge(subject, book(rule), NOON).score == 20
    assert judge(replace(subject, asked_at=NOON), book(rule), NOON).score == 40


def test_each_half_has_its_cap_and_the_reasons_say_so_and_add_up() -> None:
    fit = ScoreRule(text="who", field="company", points=50, is_intent=False)
    found = judge(
        Subject(company="x", did=deeds(Did.PAGE_VIEW, 0, 0.5)),
        book(VIEW, fit, fit_most=30, intent_most=12),
        NOON,
    )
    assert (found.fit, found.intent, found.score) == (30, 12, 42)
    assert sum(reason.points for reason in found.reasons) == 42
    assert {reason.text for reason in found.reasons} > {"who", "looked"}


def test_a_tier_is_kept_until_the_score_is_well_below_it() -> None:
    for score, tier in ((80, Tier.HOT), (75, Tier.HOT), (74, Tier.WARM), (40, Tier.WARM), (35, Tier.COLD)):
        rule = ScoreRule(text="all", field="ask", points=score)
        found = judge(Subject(ask="x"), book(rule, hysteresis=5), NOON, Tier.HOT)
        assert found.tier == tier, score
    rule = ScoreRule(text="all", field="ask", points=79)
    assert judge(Subject(ask="x"), book(rule, hysteresis=5), NOON, Tier.WARM).tier == Tier.WARM


def test_at_the_instant_it_names_the_tier_is_another_and_just_before_it_is_not() -> None:
    fit = ScoreRule(text="who", field="company", points=50, is_intent=False)
    rules = book(fit, ScoreRule(text="asked", field="call_asked", points=31, half_life=3 * DAY), hysteresis=0)
    subject = Subject(company="x", did=deeds(Did.CALL_ASKED, 0))
    found = judge(subject, rules, NOON)
    assert found.tier == Tier.HOT
    at = found.rescore_at
    assert at is not None
    assert judge(subject, rules, at, found.tier).tier == Tier.WARM
    assert judge(subject, rules, at - 2 * MICRO, found.tier).tier == Tier.HOT
    assert judge(subject, rules, at, found.tier).rescore_at is None  # 50 points of fit stay


def test_who_they_are_can_be_asked_in_many_ways() -> None:
    subject = Subject(
        email="dana@acme.example", country="DE", region="Bayern", postcode="80331", source="Quote form",
        campaign="spring", answers=(("How many employees?", "51–200 people"), ("Budget", "€ 12,500")),
    )  # fmt: skip
    for field, words, more, fires in (
        ("domain", ("acme.example",), {}, True),
        ("country", ("de", "at"), {}, True),
        ("country", ("us",), {}, False),
        ("source", ("quote form",), {}, True),
        ("campaign", ("spring",), {}, True),
        ("size", (), {"least": 50.0}, True),
        ("size", (), {"least": 52.0}, False),
        ("size", (), {"most": 50.0}, False),
        ("answers", (), {"question": "budget", "least": 10_000.0, "most": 13_000.0}, True),
        ("answers", (), {"question": "budget", "least": 13_000.0}, False),
        ("answers", ("200",), {"question": "budget"}, False),
        ("postcode", (), {"least": 80_000.0, "most": 89_999.0}, True),
    ):
        rule = ScoreRule(text="r", field=field, words=words, points=3, is_intent=False, **more)  # type: ignore[arg-type]
        assert (judge(subject, book(rule), NOON).score == 3) == fires, (field, words, more)
