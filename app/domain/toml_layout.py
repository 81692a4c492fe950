"""How a rulebook is laid out in a TOML file: its tables, their words of explanation, and how values are written.

The writer (`rulebook_toml.to_toml`) and the reader (`toml_reading`) both go by this, so that a field that is added
to a value is written and read without another word. A test holds the layout against the rulebook's fields.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from app.domain.chain import Chain
from app.domain.hours import Calendar
from app.domain.routes import Alert, Profile, Route, Team
from app.domain.rulebook import ScoreRule, TierRule
from app.domain.shifts import Shift
from app.domain.sla import ClockRule

__all__ = ["DAYS", "DURATIONS", "HEAD", "KEYS", "NOUNS", "PEOPLE", "TABLES", "Table"]


class Table(NamedTuple):
    """A section of the file. `name` is a table of single values, `many` the tables that may stand several times."""

    name: str
    why: str
    fields: tuple[str, ...] = ()
    """Of the rulebook, in this table."""
    many: tuple[tuple[str, str, type[Any]], ...] = ()
    """(name of the table, the rulebook's field, what each is)"""


HEAD = """\
A rulebook of Firstring. Change it, see what is wrong with it, try it on past leads, then put it in force:
  main.py rulebook check FILE
  main.py rulebook dryrun FILE --since 2026-03-01 --until 2026-04-01
  main.py rulebook publish FILE
Times are written with their units: "60 s", "15 min", "1 h 30 min", "3 d". People are written by their names, and by
their ids where two have the same name. What is left out of a table has its usual value."""

TABLES = (
    Table(
        "score",
        "How good a lead is. Each rule gives its points when its field holds one of its words (none: when the field\n"
        "is there), or a number from `least` to `most`. `is_intent = false` says that it is about who they are.\n"
        "`cap`: what happens several times counts several times, up to so many points; `half_life`: it fades.",
        ("fit_most", "intent_most"),
        (("rule", "rules", ScoreRule),),
    ),
    Table(
        "tiers",
        "HOT, WARM and COLD: from which score on, and how soon the first call is promised. `hysteresis`: a lead\n"
        "keeps its tier until it is so many points below it. `default_country`: of numbers without a country code.",
        ("hysteresis", "default_country"),
        (("tier", "tiers", TierRule),),
    ),
    Table(
        "routes",
        "Who gets a lead. The first route whose conditions (`route.when`) fit, and that finds somebody, decides.\n"
        "Strategies: round_robin, least_busy, best_fit, owner, offer, partner. Without routes: whoever's turn it is.",
        (),
        (("route", "routes", Route),),
    ),
    Table(
        "teams",
        "Who is in which team, with what share in its turns (`weight`), and what people are good at: languages,\n"
        'territories ("DE", "US CO", "DE 80*"), skills, how many open leads they can have and be given an hour.',
        (),
        (("team", "teams", Team), ("person", "people", Profile)),
    ),
    Table(
        "hours",
        "Calendars: working hours by the clock on the wall of their zone, with other hours or none on some days.\n"
        "The first one is the floor's own. Shifts: who works by which calendar.",
        (),
        (("calendar", "calendars", Calendar), ("shift", "shifts", Shift)),
    ),
    Table(
        "clocks",
        "How clocks run: on the hours of a calendar or on all time, when they warn (shares of the promise), and\n"
        "which chain a breach sets off. `pause_limit`: the longest pause; `release_after`: when leads of somebody\n"
        "whose desk is gone go to others.",
        ("pause_limit", "release_after"),
        (("clock", "clocks", ClockRule),),
    ),
    Table(
        "escalation",
        "What a breach sets off, so long after the deadline (or before it: a time with a minus). `chain` is the one\n"
        "that clocks have unless they name another. `hold_seconds`: how long it rests once somebody has the lead.",
        ("hold_seconds", "chain"),
        (("chain", "chains", Chain),),
    ),
    Table(
        "alerts",
        "How loudly whom is told of what: the first alert that fits. Loudness: silent, quiet, normal, loud.",
        (),
        (("alert", "alerts", Alert),),
    ),
    Table(
        "order",
        "The order of the queue: by `worth` (what waiting costs), `arrival`, `deadline` or `score`; and the figures\n"
        "that the worth is reckoned by. `guard_seconds` or `guard_share` of the promise before it, a deadline goes\n"
        "first. `retry_after`: when a call without an answer is tried again.",
        ("guard_seconds", "guard_share", "retry_after", "order"),
    ),
    Table(
        "scorecard",
        "How a week's work is scored, 0 to 100. Each measure gives none of its points (`weight`, 100 in all) up to\n"
        "the share `none_at` and all from `full_at` on. Below `least` it is not judged, below `least_leads` nobody\n"
        "is. `prior`: leads of the floor's mean that are put to each share; `quality_least`: below this share of\n"
        "quality, speed counts half. `scorecard.review`: when the week before is frozen and sent, and who gets the\n"
        "floor's page.",
        ("scorecard",),
    ),
)
"""In the order in which they are written."""

KEYS = {"rep": "person", "reps": "people", "text": "reason"}
"""Fields that are called otherwise in a file."""
PEOPLE = {"rep", "reps", "partner"}
"""Fields that hold people."""
DURATIONS = {
    "sla", "half_life", "seconds", "hold_seconds", "pause_limit", "release_after", "retry_after", "guard_seconds",
    "after", "ahead", "tried_seconds", "talked_seconds", "qualified_seconds", "shift", "fast_seconds",
    "dial_seconds", "contact_seconds", "talk_seconds",
}  # fmt: skip
"""Fields that hold seconds."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NOUNS = {
    "ScoreRule": "a rule", "TierRule": "a tier", "Calendar": "a calendar", "ClockRule": "a clock",
    "Profile": "a person",
    "Order": "the order", "Curve": "the curve", "When": "the conditions of a route", "Day": "a day",
    "Target": "a measure", "Scorecard": "the scorecard", "Review": "the weekly review",
}  # fmt: skip
"""What a value is called; others by the name of their class."""
