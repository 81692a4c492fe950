"""What counts of a week's work, and the points that come of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codec import decode, encode_text
from app.domain.errors import Refused
from app.domain.hours import Block, Calendar
from app.domain.rulebook import DEFAULT, Rulebook
from app.domain.rulebook_check import flaws
from app.domain.rulebook_diff import changes
from app.domain.rulebook_toml import from_toml, to_toml
from app.domain.scorecard import Measure, Scorecard
from app.domain.scoring import Card, Share, median, score, shares
from app.domain.week_count import Counted, Deeds, Ended, Told, Try, counted, later, span_of, week_of
from tests.domain.rulebooks import person

SINCE, UNTIL = span_of("2026-W10", "UTC")
AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
ANA, BEN = person("ana", "Ana"), person("ben", "Ben")
RULE = Scorecard()


def call(
    lead: str, rep: str, after: float, lasts: float = 30, outcome: str = "no_answer", kind: str = "call"
) -> Try:
    start = AT + timedelta(seconds=after)
    return Try(lead, rep, kind, start, start + timedelta(seconds=lasts), outcome)


def count(
    *tries: Try, ended: tuple[Ended, ...] = (), rulebook: Rulebook = DEFAULT, **told: Any
) -> dict[str, Counted]:
    known = {"captured_at": AT, "has_phone": True, "amount": None} | told
    leads = {one.lead_id: Told(**known) for one in (*tries, *ended)}
    lines = counted(Deeds(tries, ended, leads), rulebook, (ANA, BEN), SINCE, UNTIL)
    return {line.rep_id: line for line in lines}


def test_speed_is_whose_first_call_it_was_and_the_result_whose_call_brought_it() -> None:
    met = Ended("x", "ana", AT + timedelta(seconds=60), True)
    found = count(
        call("x", "ana", 40), call("x", "ben", 900, 300, "booked"), call("x", "ben", 9000, 60, "won"),
        ended=(met,), amount=5000,
    )  # fmt: skip
    assert (found["ana"].waited, found["ana"].met, found["ana"].booked) == (40, 1, 0)
    assert (found["ben"].waited, found["ben"].met, found["ben"].booked, found["ben"].won) == (None, 0, 1, 1)
    assert found["ben"].amount == 5000


def test_a_dial_of_two_seconds_is_neither_a_first_call_nor_a_contact_and_keeps_no_promise() -> None:
    promise = Ended("x", "ana", AT + timedelta(seconds=60), True)
    found = count(call("x", "ana", 5, 2, "call_back"), call("x", "ben", 600), ended=(promise,))
    assert (found["ana"].waited, found["ana"].calls, found["ana"].contacts) == (None, 0, 0)
    assert (found["ana"].met, found["ana"].missed) == (0, 1)
    assert found["ben"].waited == 600


def test_a_short_conversation_is_none_and_one_at_length_is_told_apart() -> None:
    found = count(
        call("x", "ana", 5, 9, "lost"), call("y", "ana", 9, 119, "lost"), call("z", "ana", 9, 120, "lost")
    )
    lines = counted(
        Deeds(
            (call("x", "ana", 5, 9, "lost"), call("y", "ana", 9, 119, "lost"), call("z", "ana", 9, 120, "lost")),
            (), dict.fromkeys("xyz", Told(AT, True, None)),
        ), DEFAULT, (ANA,), SINCE, UNTIL,
    )  # fmt: skip
    assert found
    assert [(line.contacts, line.talks) for line in lines] == [(0, 0), (1, 0), (1, 1)]


def test_letters_and_automatic_answers_stop_no_clock() -> None:
    missed = Ended("x", "ana", AT + timedelta(seconds=60), False)
    found = count(call("x", "ana", 1, 60, "", "email"), call("x", "ana", 600), ended=(missed,))
    assert (found["ana"].waited, found["ana"].met, found["ana"].missed) == (600, 0, 1)
    by_letter = count(ended=(Ended("x", "ana", AT, True),), has_phone=False)
    assert by_letter["ana"].met == 1


@pytest.mark.parametrize("why", ["test", "file", "hand"])
def test_what_is_no_lead_of_the_floors_own_does_not_count(why: str) -> None:
    found = count(call("x", "ana", 5, 300, "won"), why_not=why)
    assert found["ana"].why_not == why
    assert {share.n for share in shares(found.values(), RULE).values()} == {0}
    assert median(found.values()) == (None, 0)


def test_speed_does_not_count_where_the_lead_came_off_shift_and_the_result_does() -> None:
    office = Calendar(name="Office", week=((Block(start=13 * 3600, until=17 * 3600),),) * 7)
    rulebook = replace(DEFAULT, calendars=(office,))
    late = Ended("x", "ana", AT + timedelta(seconds=60), False)
    found = count(call("x", "ana", 4 * 3600, 200, "booked"), ended=(late,), rulebook=rulebook)
    got = shares(found.values(), RULE)
    assert found["ana"].why_not == "shift"
    assert found["ana"].waited == 3600, "the floor opened an hour before"
    assert (got[Measure.FAST].n, got[Measure.PROMISE].n, got[Measure.BOOKED].hits) == (0, 0, 1)


def test_what_was_done_in_another_week_is_of_that_week() -> None:
    before, after = (SINCE - AT).total_seconds() - 1, (UNTIL - AT).total_seconds()
    found = count(
        call("x", "ana", before), call("x", "ben", 0, 90, "won"), call("x", "ben", after, 90, "lost")
    )
    assert "ana" not in found
    assert (found["ben"].waited, found["ben"].calls, found["ben"].won) == (None, 1, 1), (
        "Ana's was the first call"
    )


def test_a_week_is_the_floors_own() -> None:
    assert week_of(datetime(2026, 3, 9, 3, tzinfo=UTC), "America/Denver") == "2026-W10"
    assert span_of("2026-W10", "America/Denver")[0] == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert span_of("2026-W10", "America/Denver")[1] == datetime(2026, 3, 9, 6, tzinfo=UTC), (
        "the clocks changed"
    )
    for wrong in ("2026-W54", "2026W10", "", "2026-W1", "١٢٣٤-W10", "2026-W-1"):
        with pytest.raises(Refused):
            span_of(wrong, "UTC")


# -- points


def lines(rep: str, n: int, *, good: int, contacts: int | None = None) -> list[Counted]:
    """A rep's week of `n` leads, `good` of them all that one could wish."""
    talked = good if contacts is None else contacts
    return [
        Counted(
            rep_id=rep, lead_id=f"{rep}{k}", waited=60 if k < good else 6000, met=int(k < good), missed=int(k >= good),
            calls=1, said=1, contacts=int(k < talked), talks=int(k < talked), booked=int(k < good // 2),
            won=int(k < good // 4),
        )
        for k in range(n)
    ]  # fmt: skip


def card(mine: list[Counted], others: list[Counted] | None = None, rule: Scorecard = RULE) -> Card:
    whole = [*mine, *(others or [])]
    return score(rule, "ana", "Ana", whole, shares(whole, rule))


def test_points_add_up_to_the_score_and_every_part_says_why() -> None:
    found = card(lines("ana", 40, good=30), lines("ben", 40, good=10))
    assert found.score is not None
    assert round(sum(part.points or 0 for part in found.parts), 1) == found.score
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low < found.score < found.high <= 100
    fast = found.parts[0]
    assert fast.share == Share(hits=30, n=40)
    assert fast.floor == 0.5
    assert fast.reckoned == (30 + 10 * 0.5) / 50
    assert fast.points == round(25 * (0.7 - 0.3) / 0.5, 1)
    assert fast.why.startswith(
        "30 of 40 first calls came within 5 min of working time. That is 75%, the floor's mean 50%"
    )


def test_with_few_leads_there_is_no_score() -> None:
    found = card(lines("ana", 14, good=14))
    assert (found.score, found.low, found.leads) == (None, None, 14)
    assert found.why[0] == "Too few: 14 leads were called, a score needs 15."
    assert card(lines("ana", 15, good=15)).score is not None


def test_a_measure_of_too_few_gives_its_weight_to_the_others() -> None:
    found = card(lines("ana", 30, good=4, contacts=4))
    parts = {part.measure: part for part in found.parts}
    assert parts[Measure.BOOKED].points is None
    assert "Too few: judged from 5 on." in parts[Measure.BOOKED].why
    assert round(sum(part.of for part in found.parts), 6) == 100


def test_speed_counts_half_where_quality_falls_short() -> None:
    quick = [replace(line, said=0, talks=0) for line in lines("ana", 40, good=30)]
    found, well = card(quick), card(lines("ana", 40, good=30))
    assert found.parts[0].of == 12.5
    assert well.parts[0].of == 25
    assert "so speed counts half" in " ".join(found.why)


def test_few_leads_lie_near_the_floors_mean() -> None:
    others = lines("ben", 200, good=100)
    few, many = card(lines("ana", 16, good=16), others), card(lines("ana", 160, good=160), others)
    first, second = few.parts[0].reckoned, many.parts[0].reckoned
    assert first is not None
    assert second is not None
    assert 0.5 < first < second < 1


@given(st.integers(15, 60), st.integers(0, 60), st.integers(0, 60))
def test_a_score_lies_between_0_and_100_and_more_good_leads_never_cost(n: int, good: int, more: int) -> None:
    low, high = sorted((min(good, n), min(more, n)))
    rule = replace(RULE, quality_least=0.0, prior=0, measures=RULE.measures[:3])
    rule = replace(
        rule,
        measures=tuple(replace(one, weight=w) for one, w in zip(rule.measures, (50, 30, 20), strict=True)),
    )
    a, b = card(lines("ana", n, good=low), rule=rule).score, card(lines("ana", n, good=high), rule=rule).score
    assert a is not None
    assert b is not None
    assert 0 <= a <= b <= 100


def test_wilson_as_printed() -> None:
    low, high = Share(hits=10, n=50).interval()
    assert (round(low, 4), round(high, 4)) == (0.1124, 0.3304)


def test_what_changed_is_told_lead_by_lead() -> None:
    was = (Counted(rep_id="ana", lead_id="x", calls=1), Counted(rep_id="ana", lead_id="y", calls=1))
    now = (
        Counted(rep_id="ana", lead_id="x", calls=1, won=1),
        Counted(rep_id="ben", lead_id="z", waited=61.2),
    )
    assert [(late.rep_id, late.lead_id, late.text) for late in later(was, now)] == [
        ("ana", "x", "won 0 → 1."),
        ("ana", "y", "It does not count any more."),
        ("ben", "z", "It counts since: wait for the first call 61 s."),
    ]
    assert later(was, was) == ()


# -- the rule in the rulebook


def test_an_older_rulebook_is_still_read_and_scores_by_the_usual_rule() -> None:
    import json

    told = json.loads(encode_text(DEFAULT))
    del told["scorecard"]
    assert decode(json.dumps(told), Rulebook) == DEFAULT


def test_the_rule_is_in_the_file_its_changes_are_told_and_its_flaws_found() -> None:
    other = replace(RULE, prior=20, measures=(replace(RULE.measures[0], weight=26), *RULE.measures[1:]))
    other = replace(other, review=replace(RULE.review, hour=24))
    draft = replace(DEFAULT, scorecard=other)
    assert from_toml(to_toml(draft, ()), ()) == draft
    assert [change.text for change in changes(DEFAULT, draft, ())] == [
        "The measure “First calls made soon”: weight was 25 and becomes 26.",
        "The scorecard's leads of the floor's mean was 10 and becomes 20.",
        "The weekly review's hour was 7 and becomes 24.",
    ]
    assert [(flaw.section, flaw.at) for flaw in flaws(draft, ())] == [
        ("scorecard", "scorecard.measures"),
        ("scorecard", "scorecard.review.hour"),
    ]
