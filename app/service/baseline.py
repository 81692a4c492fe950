"""The baseline is frozen: thirty days, counted once, kept for good."""

from __future__ import annotations

from app.clock import new_id
from app.domain.baseline import LENGTH
from app.domain.commands import FreezeBaseline, Made
from app.domain.errors import Refused
from app.domain.events import BaselineFrozen
from app.domain.report import Asked
from app.store import baselines
from app.store.facts import Facts
from app.store.writing import Writing

_NO = "Not frozen"


def freeze(w: Writing, command: FreezeBaseline) -> Made:
    """Keep the figures of thirty days; Refused before they are over, or without leads."""
    facts = Facts(w, w.now)
    since = command.since or facts.first_capture
    if since is None:
        raise Refused("There is no lead yet to take a baseline of.", _NO)
    until = since + LENGTH
    if until > w.now:
        raise Refused("A baseline is of thirty days, and they are not over.", _NO)
    found = baselines.taken(facts, Asked(since=since, until=until))
    if not found.leads:
        raise Refused("No lead came in those thirty days.", _NO)
    baseline_id = new_id()
    sha256 = baselines.keep(w, baseline_id, found)
    w.record(
        BaselineFrozen(baseline_id=baseline_id, since=since, until=until, leads=found.leads, sha256=sha256)
    )
    return Made(id=baseline_id)
