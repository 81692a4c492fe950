"""The rulebook that a new floor starts with, and that a rulebook comes back from the book as it went in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codec import Malformed, decode, encode
from app.domain.lead import Tier
from app.domain.rulebook import DEFAULT, Rulebook, Step, StepKind


def test_what_a_new_floor_promises() -> None:
    assert [(rule.tier, rule.sla) for rule in DEFAULT.tiers] == [
        (Tier.HOT, 60), (Tier.WARM, 3600), (Tier.COLD, 86400),
    ]  # fmt: skip
    assert [(step.kind, step.after) for step in DEFAULT.chain] == [
        (StepKind.LOUDER, 0), (StepKind.NEXT_REP, 0), (StepKind.TEAM_LEAD, 30), (StepKind.OWNER, 120),
    ]  # fmt: skip


@given(st.integers(-(10**6), 10**6))
def test_every_score_has_its_tier(score: int) -> None:
    rule = DEFAULT.tier_of(score)
    assert score >= rule.at_least
    assert DEFAULT.tier_rule(rule.tier) is rule
    assert all(score < other.at_least for other in DEFAULT.tiers[: DEFAULT.tiers.index(rule)])


def test_a_rulebook_comes_back_as_it_went() -> None:
    book = replace(DEFAULT, version=7, chain=(Step(kind=StepKind.OWNER, after=5),))
    assert decode(encode(book), Rulebook) == book
    assert decode(encode(DEFAULT), Rulebook) == DEFAULT


def test_what_a_newer_program_added_is_passed_over_and_what_is_wrong_is_named() -> None:
    assert decode(b'{"version": 3, "moods": ["calm"]}', Rulebook) == Rulebook(version=3)
    with pytest.raises(Malformed, match=r"\$\.version"):
        decode(b'{"version": "three"}', Rulebook)
