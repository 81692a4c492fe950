"""A trial of a rulebook on the leads of a past period."""

from __future__ import annotations

from app.domain.errors import Refused
from app.domain.questions_rulebook import DryRun, Tried
from app.store.reading import Reading


def dry_run(r: Reading, question: DryRun) -> Tried:
    raise Refused("A trial of a rulebook can't be made yet.", "Not tried")
