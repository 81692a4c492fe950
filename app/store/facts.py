"""What a report asks the leads: how many of a cohort took which step, and how long it took, in any grouping.

One statement answers for all groups. PostgreSQL counts and takes percentiles itself; SQLite, which would sort a
million rows for a GROUP BY, is read once in the order of its index and counted by `facts_counted.py`. Both read
the index `leads_facts` alone for all groupings but those by country and by person. Time groups are steps: instants at
which one begins, worked out in the floor's zone, so that no database has to know of zones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import text

from app.domain.milestones import Also, Group, Moment, Span
from app.domain.report import Asked, By
from app.domain.rulebook import Rulebook
from app.store.facts_spoken import Spoken, Where, expand
from app.store.facts_time import begins
from app.store.reading import Reading

__all__ = ["Facts", "Key"]

Key = By | Also
"""By what leads are put together. Time keys name the first day of their day, week or month: "2026-11-16"."""


class Facts:
    """The leads of a floor, for reports, in one consistent look."""

    def __init__(self, r: Reading, now: datetime) -> None:
        self.r = r
        self.now = now
        rulebook = r.rulebook()
        self.zone = rulebook.calendars[0].zone if rulebook.calendars else "UTC"
        self.rulebook: Rulebook = rulebook
        self.head: int = r.head()[0]
        self.names = {rep.id: rep.name for rep in r.reps()}
        """Names by id of everybody who is or was on the floor."""
        self._first: datetime | None = None
        self._looked = False

    @property
    def first_capture(self) -> datetime | None:
        """Of the first lead of the cohort; None on an empty floor."""
        if not self._looked:
            self._looked, spoken = True, Spoken(self.r.db)
            where = Where(spoken, self.zone)
            query = f"SELECT min(l.captured_at) FROM leads l WHERE {where.cohort}"
            self._first = spoken.instant(self.r.db.execute(text(query)).scalar_one())
        return self._first

    # -- groups

    def groups(
        self, asked: Asked, *by: Key, spans: Sequence[Span] = (), at: Moment = Moment.CAPTURE
    ) -> dict[tuple[str, ...], Group]:
        """The cohort of a question by these keys (`By.SOURCE` is three: medium, campaign, ad), in order of the keys;
        groups without leads are left out. With `at` the leads are those whose milestone, not capture, lies within
        the question's span, and time keys say when that was. Without keys there is one group, "()".
        """
        keys = expand(by)
        asked = self._clamped(asked, at)
        if asked.since >= asked.until:
            return {} if keys else {(): Group()}
        made = _made_postgresql if not self.r.is_sqlite else _made_sqlite
        found = made(self, asked, keys, tuple(spans), at)
        return dict(sorted(found.items())) if keys else found or {(): Group()}

    def whole(self, asked: Asked, *, spans: Sequence[Span] = (), at: Moment = Moment.CAPTURE) -> Group:
        """The whole cohort of a question."""
        return self.groups(asked, spans=spans, at=at)[()]

    def times(self, asked: Asked, by: By) -> tuple[str, ...]:
        """Every day, week or month that a question touches since the first lead, by its first day, in order."""
        asked = self._clamped(asked, Moment.CAPTURE)
        return begins(by, self.zone, asked.since, asked.until)

    def before(self, asked: Asked) -> Asked | None:
        """The question of the span that this one is compared with; None where it is compared with nothing."""
        if asked.was_since is None or asked.was_until is None:
            return None
        return replace(asked, since=asked.was_since, until=asked.was_until, was_since=None, was_until=None)
