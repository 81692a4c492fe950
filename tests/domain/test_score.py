"""What a lead is worth: words matched whole, reasons that add up, tiers at their edges."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.lead import Tier
from app.domain.rulebook import DEFAULT, Rulebook, ScoreRule
from app.domain.score import FREE_MAIL, Subject, judge


def fired(subject: Subject, rulebook: Rulebook = DEFAULT) -> list[str]:
    return [reason.text for reason in judge(subject, rulebook).reasons]


@pytest.mark.parametrize(
    "ask",
    [
        "What does it cost?",
        "PRICE please",
        "(price)",
        "your prices/terms",
        "a\nquote\nplease",
        "pricing",
        "PRICING!",
    ],
)
def test_whoever_asks_for_a_price_is_heard(ask: str) -> None:
    assert "asked for pricing" in fired(Subject(ask=ask))


@pytest.mark.parametrize(
    "ask",
    ["your service is priceless", "misquoted", "precost", "price_list_2024", "Preis", "costume party", ""],
)
def test_a_word_inside_another_is_not_the_word(ask: str) -> None:
    assert "asked for pricing" not in fired(Subject(ask=ask))


def test_several_words_are_matched_together() -> None:
    assert "asked for a call" in fired(Subject(ask="Please CALL ME."))
    assert "asked for a call" not in fired(Subject(ask="call mercy hospital"))
    assert "asked for a call" not in fired(Subject(ask="me, call"))


def test_words_of_other_alphabets_are_whole_words_too() -> None:
    rule = ScoreRule(text="eilt", field="ask", words=("STRASSE", "цена"), points=1)
    book = replace(DEFAULT, rules=(rule,))
    assert fired(Subject(ask="in der Straße"), book) == ["eilt"]  # ß is ss to whoever folds case
    assert fired(Subject(ask="какая ЦЕНА?"), book) == ["eilt"]
    assert fired(Subject(ask="оценка"), book) == []


def test_a_rule_without_words_asks_whether_the_thing_is_there() -> None:
    assert "phone valid" in fired(Subject(phone="+13035550148"))
    assert "phone valid" not in fired(Subject())
    assert "names a company" in fired(Subject(company="Brightline"))


@pytest.mark.parametrize("host", ["gmail.com", "GMX.de", "web.de"])
def test_an_address_that_anybody_can_have_is_no_work_address(host: str) -> None:
    assert host.casefold() in FREE_MAIL
    assert "work e-mail" not in fired(Subject(email=f"dana@{host}"))
    assert "work e-mail" in fired(Subject(email="dana@brightline.example"))
    assert "work e-mail" not in fired(Subject(email=""))


def test_answers_are_looked_at_with_their_questions() -> None:
    rule = ScoreRule(text="big", field="answers", words=("more than 50",), points=9)
    book = replace(DEFAULT, rules=(rule,))
    assert fired(Subject(answers=(("How many seats?", "More than 50"),)), book) == ["big"]
    assert fired(Subject(answers=(("More than", "50"),)), book) == ["big"]
    assert fired(Subject(answers=(("Seats", "more than"), ("50", ""))), book) == []  # two answers are two


def test_asking_again_makes_hotter() -> None:
    once, twice = judge(Subject(inquiries=1), DEFAULT), judge(Subject(inquiries=2), DEFAULT)
    assert twice.score - once.score == 15
    assert [reason.text for reason in twice.reasons] == ["asked again"]


def test_the_largest_reason_comes_first_and_equals_keep_the_rulebooks_order() -> None:
    found = judge(
        Subject(ask="call me with a quote and a demo today", phone="+1", email="a@b.example"), DEFAULT
    )
    assert [reason.points for reason in found.reasons] == sorted(
        (reason.points for reason in found.reasons), reverse=True
    )
    assert [reason.text for reason in found.reasons][:3] == [
        "asked for a call",
        "asked for pricing",
        "asked for a demo",
    ]


@pytest.mark.parametrize(
    ("score", "tier", "sla"),
    [(10_000, Tier.HOT, 60), (80, Tier.HOT, 60), (79, Tier.WARM, 3600), (40, Tier.WARM, 3600), (39, Tier.COLD, 86400),
     (0, Tier.COLD, 86400), (-500, Tier.COLD, 86400)],
)  # fmt: skip
def test_the_tier_is_read_from_the_score(score: int, tier: Tier, sla: int) -> None:
    book = replace(DEFAULT, rules=(ScoreRule(text="all of it", field="ask", points=score),))
    found = judge(Subject(ask="x"), book)
    assert (found.score, found.tier, found.sla_seconds) == (score, tier, sla)


def test_a_novel_in_the_message_box_costs_no_time_and_hides_nothing_near_its_start() -> None:
    assert "asked for pricing" in fired(Subject(ask="price " + "x " * 500_000))


_texts = st.text(max_size=40) | st.sampled_from(
    ["call me", "quote", "urgent", "demo", "google", "form", "json", "owner", "+13035550148", "a@b.example"]
)


@given(_texts, _texts, _texts, _texts, _texts, _texts, st.lists(st.tuples(_texts, _texts)), st.integers(1, 5))
def test_the_reasons_add_up_to_the_score_whatever_they_wrote(
    ask: str,
    channel: str,
    phone: str,
    email: str,
    company: str,
    title: str,
    answers: list[tuple[str, str]],
    n: int,
) -> None:
    subject = Subject(
        ask=ask, channel=channel, phone=phone, email=email, company=company, title=title,
        answers=tuple(answers), inquiries=n,
    )  # fmt: skip
    found = judge(subject, DEFAULT)
    assert found.score == found.fit + found.intent == sum(reason.points for reason in found.reasons)
    assert found.tier == DEFAULT.tier_of(found.score).tier
    assert found == judge(subject, DEFAULT)
