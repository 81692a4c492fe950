"""A trial beside what happened, in figures and sentences: values in, words out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.domain.questions_rulebook import RepTried, Side, TierTried, Tried, Unserved
from app.domain.tier import Tier
from app.ui.rulebook_tried import compared, per_rep, unserved_words

UNTIL = datetime(2026, 11, 23, tzinfo=UTC)


def side(met: int, missed: int, median: float | None, escalated: int, nobody: int, *reps: int) -> Side:
    tier = TierTried(
        tier=Tier.HOT, leads=met + missed, met=met, missed=missed, open=0, ttfc_median=median, called=met
    )
    names = ("Mara", "Jonas", "Racks")
    given = tuple(RepTried(rep_id=name, name=name, leads=n) for name, n in zip(names, reps, strict=False))
    return Side(version=1, name="", tiers=(tier,), escalated=escalated, nobody=nobody, reps=given)


def tried(live: Side, draft: Side, leads: int = 100) -> Tried:
    return Tried(
        since=UNTIL - timedelta(days=7),
        until=UNTIL,
        leads=leads,
        live=live,
        draft=draft,
        elsewhere=0,
        leads_elsewhere=(),
        unserved=(
            Unserved(why="Pacific Racks was closed.", leads=8, lead_ids=()),
            Unserved(why="Everybody was full.", leads=1, lead_ids=()),
        ),
        recorded=0,
        reproduced=0,
    )


def test_what_is_better_is_green_and_what_is_worse_is_red() -> None:
    found = compared(tried(side(91, 9, 52.2, 6, 3, 5), side(94, 6, 47.4, 4, 11, 5)))
    assert [(row.name, row.live, row.draft, row.delta, row.ink) for row in found] == [
        ("SLA met, HOT", "91 %", "94 %", "+3", "good"),
        ("Median TTFC", "0:52", "0:47", "−5 s", "good"),
        ("Escalated", "6 %", "4 %", "−2", "good"),
        ("Nobody could take", "3", "11", "+8", "danger"),
    ]


def test_nothing_to_compare_is_said_so() -> None:
    found = compared(tried(side(0, 0, None, 0, 0), side(0, 0, None, 0, 0), leads=0))
    assert [(row.name, row.delta, row.ink) for row in found] == [("Nobody could take", "0", "ink_faint")]


def test_leads_per_rep_stand_side_by_side_and_are_neither_good_nor_bad() -> None:
    found = per_rep(tried(side(0, 0, None, 0, 0, 118, 96), side(0, 0, None, 0, 0, 109, 96, 62)))
    assert [(row.name, row.live, row.draft, row.delta, row.ink) for row in found] == [
        ("Mara", "118", "109", "−9", "ink_faint"),
        ("Jonas", "96", "96", "0", "ink_faint"),
        ("Racks", "0", "62", "+62", "ink_faint"),
    ]


def test_leads_that_nobody_would_have_had_are_told_with_the_reason() -> None:
    empty = side(0, 0, None, 0, 0)
    assert unserved_words(tried(empty, empty)) == (
        ("8 leads had no one:", "Pacific Racks was closed."),
        ("1 lead had no one:", "Everybody was full."),
    )
