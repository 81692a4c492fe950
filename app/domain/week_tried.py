"""A frozen week scored once more, by another rule, beside the scores as they were frozen. Nothing of it is kept. Pure.

What was counted stays as it was counted: how long a call and a conversation must be (`dial_seconds`,
`contact_seconds`, `talk_seconds`) was decided then, and another bound shows only in the next week.
"""

from __future__ import annotations

from app.domain.report import Cell, Column, Table, Unit
from app.domain.scorecard import MEASURES, SHORT, Scorecard
from app.domain.scoring import Card, score, shares
from app.domain.week import WeekPage

__all__ = ["counts_otherwise", "tried", "tried_words"]

_COUNTED = ("dial_seconds", "contact_seconds", "talk_seconds")


def counts_otherwise(page: WeekPage, rule: Scorecard) -> bool:
    """Whether the rule would already have counted otherwise, which a frozen page can't tell."""
    return any(getattr(page.rule, name) != getattr(rule, name) for name in _COUNTED)


def tried(page: WeekPage, rule: Scorecard) -> Table:
    """Everybody of the floor's page, by name. The rule must be without flaws (`scorecard_flaws`)."""
    floor = shares(page.counted, rule)
    rows = []
    for was in page.cards:
        now = score(rule, was.rep_id, was.name, page.counted, floor)
        points = {part.measure: part.points for part in now.parts}
        rows.append(
            (
                Cell(value=was.name),
                Cell(value=now.leads),
                _score(was),
                _score(now),
                Cell(value=_moved(was, now)),
                *(Cell(value=points[target.measure]) for target in rule.measures),
            )
        )
    return Table(
        key="tried",
        title=f"Week {page.week} by this rule",
        columns=(
            Column(key="rep", title="Rep", unit=Unit.TEXT),
            Column(key="leads", title="Leads", unit=Unit.COUNT, tip="Leads called."),
            Column(key="was", title="Frozen", unit=Unit.SCORE, tip=f"By rulebook {page.rulebook}."),
            Column(key="now", title="By this rule", unit=Unit.SCORE),
            Column(key="moved", title="Change", unit=Unit.SCORE),
            *(
                Column(
                    key=target.measure.value,
                    title=SHORT[target.measure],
                    unit=Unit.SCORE,
                    tip=f"{MEASURES[target.measure]}: points by this rule.",
                )
                for target in rule.measures
            ),
        ),
        rows=tuple(rows),
    )


def tried_words(table: Table) -> str:
    """What the rule changes, in a sentence."""
    was, now, moved = ([row[place].value for row in table.rows] for place in (2, 3, 4))
    up = sum(isinstance(one, float) and one > 0 for one in moved)
    down = sum(isinstance(one, float) and one < 0 for one in moved)
    gained = sum(a is None and b is not None for a, b in zip(was, now, strict=True))
    lost = sum(b is None and a is not None for a, b in zip(was, now, strict=True))
    parts = [
        words.format(n=n)
        for n, words in (
            (up, "{n} would score more"),
            (down, "{n} less"),
            (gained, "{n} would have a score and had none"),
            (lost, "{n} would have none any more"),
        )
        if n
    ]
    return "; ".join(parts) + "." if parts else "Everybody's score would be as it was frozen."


def _score(card: Card) -> Cell:
    note = "" if card.score is not None else "too few"
    return Cell(value=card.score, low=card.low, high=card.high, n=card.leads, note=note)


def _moved(was: Card, now: Card) -> float | None:
    return None if was.score is None or now.score is None else round(now.score - was.score, 1)
