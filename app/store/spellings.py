"""How the sources of a floor are written: words that differ only in capital letters and blanks are one source.

A group is called as most of its leads have it, and whoever asks for one spelling means them all. Only where there are
several spellings of a word does any of this cost a look at the leads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, text

from app.domain.milestones import Also
from app.domain.report import By, Segment
from app.domain.tidy import folded

__all__ = ["Spellings", "as_most_write", "mediums"]

_COLUMNS: Mapping[str, str] = {
    By.MEDIUM: "medium",
    By.CAMPAIGN: "campaign",
    By.AD: "ad",
    Also.LAST_MEDIUM: "medium",
    Also.LAST_CAMPAIGN: "campaign",
    Also.LAST_AD: "ad",
}
"""By field of a segment, the column of `origins` whose words are people's own."""


class Spellings:
    """What there is of each word, looked up when it is first asked for."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._known: dict[str, dict[str, list[str]]] = {}

    def _of(self, column: str) -> dict[str, list[str]]:
        """By folded word, how it is written."""
        if column not in self._known:
            found = defaultdict(list)
            query = f"SELECT DISTINCT {column} FROM origins"  # noqa: S608 - words of this program
            for word in self._db.execute(text(query)).scalars():
                found[folded(word)].append(word)
            self._known[column] = dict(found)
        return self._known[column]

    def twins(self, key: str) -> tuple[str, ...]:
        """The words of a key of which there is another spelling."""
        if key not in _COLUMNS:
            return ()
        return tuple(word for ways in self._of(_COLUMNS[key]).values() if len(ways) > 1 for word in ways)

    def widened(self, segment: Segment) -> Segment:
        """The segment with each word in every spelling there is."""
        if not any(field in _COLUMNS for field, _ in segment.where):
            return segment
        return Segment(
            where=tuple(
                (field, self._every(_COLUMNS[field], values) if field in _COLUMNS else values)
                for field, values in segment.where
            )
        )

    def _every(self, column: str, values: Iterable[str]) -> tuple[str, ...]:
        known = self._of(column)
        return tuple(dict.fromkeys(way for value in values for way in (value, *known.get(folded(value), ()))))


def mediums(db: Connection) -> tuple[str, ...]:
    """What there is of mediums, one spelling of each, by letter."""
    ways = {folded(word): word for word in db.execute(text("SELECT DISTINCT medium FROM origins")).scalars()}
    return tuple(sorted((word for word in ways.values() if word), key=folded))


def as_most_write(leads: Mapping[str, int]) -> dict[str, str]:
    """By each word, with how many leads have it, what it is called: as most leads have it, of equals the first."""
    ways: dict[str, list[str]] = defaultdict(list)
    for word in leads:
        ways[folded(word)].append(word)
    called = {fold: min(some, key=lambda word: (-leads[word], word)) for fold, some in ways.items()}
    return {word: called[folded(word)] for word in leads}
