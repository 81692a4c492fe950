"""Whether a rulebook could be followed: every flaw at once, each in a sentence that says what to change.

The screens show them while somebody edits, the terminal prints them, and a rulebook that has any is not put in
force. Pure; the people of the floor are handed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from math import isfinite

from app.domain.clock_check import clock_flaws
from app.domain.flaw import SECTIONS, Flaw
from app.domain.lead import Rep
from app.domain.places import country_code
from app.domain.route_check import alert_flaws, people_flaws, route_flaws
from app.domain.rulebook import Rulebook, ScoreRule
from app.domain.score import FIELDS
from app.domain.scorecard import scorecard_flaws
from app.domain.tier import Tier

__all__ = ["SECTIONS", "Flaw", "flaws"]

_YEAR = 366 * 86400
_FLOOR = -(10**6)
"""No score is lower."""


def flaws(rulebook: Rulebook, reps: Iterable[Rep]) -> tuple[Flaw, ...]:
    """Every flaw, in the order of the sections. `reps` are the floor's people, whoever has left among them."""
    people = tuple(reps)
    found = chain(
        _score(rulebook),
        _tiers(rulebook),
        route_flaws(rulebook, people),
        clock_flaws(rulebook),
        alert_flaws(rulebook),
        people_flaws(rulebook, people),
        _order(rulebook),
        scorecard_flaws(rulebook.scorecard),
    )
    return tuple(sorted(found, key=lambda flaw: SECTIONS.index(flaw.section)))


def _score(rulebook: Rulebook) -> Iterator[Flaw]:
    if not rulebook.name.strip():
        yield Flaw(section="score", text="Give the rulebook a name.", at="name")
    for at, rule in enumerate(rulebook.rules):
        for field, text in _rule(rule):
            called = f"The rule “{rule.text}”" if rule.text.strip() else f"Rule {at + 1}"
            yield Flaw(section="score", text=f"{called} {text}", at=f"rules.{at}.{field}")
    twice = Counter(rule for rule in rulebook.rules)
    for at, rule in enumerate(rulebook.rules):
        if twice[rule] > 1 and rule in rulebook.rules[:at]:
            text = f"The rule “{rule.text}” stands twice. Take one of them out."
            yield Flaw(section="score", text=text, at=f"rules.{at}")
    for field, what in (("fit_most", "who they are"), ("intent_most", "what they did")):
        most = getattr(rulebook, field)
        if most is not None and most < 0:
            text = f"The most that counts for {what} must be 0 points or more."
            yield Flaw(section="score", text=text, at=field)


def _rule(rule: ScoreRule) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of a rule."""
    if not rule.text.strip():
        yield "text", "needs a few words: they are the reason that people see."
    if rule.field not in FIELDS:
        known = ", ".join(FIELDS)
        yield "field", f"looks at “{rule.field}”, which there is not. Choose one of {known}."
    if any(not word.strip() for word in rule.words):
        yield "words", "has an empty word, which would stand everywhere. Take it out."
    if rule.question and rule.field != "answers":
        yield "question", "names a question, which only a rule on answers can. Let it look at answers."
    for field in ("least", "most"):
        number = getattr(rule, field)
        if number is not None and not isfinite(number):
            yield field, f"has no number as its {field}. Write one, or leave it out."
    if rule.least is not None and rule.most is not None and rule.least > rule.most:
        yield (
            "least",
            f"asks for no less than {rule.least:g} and no more than {rule.most:g}. Turn them round.",
        )
    if rule.cap < 0:
        yield "cap", "has a cap below 0. A cap is a number of points; 0 counts it once."
    elif 0 < rule.cap < abs(rule.points):
        yield "cap", f"gives {rule.points} points and is capped at {rule.cap}. Raise the cap, or give fewer."
    if rule.half_life is not None and not (isfinite(rule.half_life) and rule.half_life > 0):
        yield "half_life", "has a half-life of 0 or less. Give it a time, or none, and its points stay."
    elif rule.half_life is not None and rule.half_life > 10 * _YEAR:
        yield "half_life", "has a half-life of more than ten years. Leave it out: then its points stay."
    if rule.half_life is not None and not rule.is_intent:
        yield "half_life", "is about who they are, which does not fade. Take its half-life out."
    if abs(rule.points) > 10_000:
        yield "points", "gives more than 10,000 points. Give fewer."


def _tiers(rulebook: Rulebook) -> Iterator[Flaw]:
    tiers = rulebook.tiers
    if [rule.tier for rule in tiers] != [Tier.HOT, Tier.WARM, Tier.COLD]:
        text = "A rulebook has the tiers HOT, WARM and COLD, in this order."
        yield Flaw(section="tiers", text=text, at="tiers")
        return
    for at, (higher, lower) in enumerate(pairwise(tiers), 1):
        if higher.at_least <= lower.at_least:
            text = (
                f"{lower.tier.value} begins at {lower.at_least}, where {higher.tier.value} is already (from "
                f"{higher.at_least}): they overlap. Let {lower.tier.value} begin below {higher.at_least}."
            )
            yield Flaw(section="tiers", text=text, at=f"tiers.{at}.at_least")
    if tiers[-1].at_least > _FLOOR:
        text = f"COLD must take every score: let it begin at {_FLOOR}, so that no lead falls through."
        yield Flaw(section="tiers", text=text, at="tiers.2.at_least")
    for at, rule in enumerate(tiers):
        if not 1 <= rule.sla <= _YEAR:
            text = f"{rule.tier.value} needs a time of 1 second to 1 year."
            yield Flaw(section="tiers", text=text, at=f"tiers.{at}.sla")
    room = min(abs(higher.at_least - lower.at_least) for higher, lower in pairwise(tiers))
    if rulebook.hysteresis < 0:
        text = "A lead keeps its tier until it is so many points below it: that is 0 or more."
        yield Flaw(section="tiers", text=text, at="hysteresis")
    elif rulebook.hysteresis >= room > 0:
        text = f"A lead keeps its tier for {rulebook.hysteresis} points, as much as a tier is wide. Make it less."
        yield Flaw(section="tiers", text=text, at="hysteresis")
    if country_code(rulebook.default_country) != rulebook.default_country:
        text = f"“{rulebook.default_country}” is no country. Write two letters, such as US or DE."
        yield Flaw(section="tiers", text=text, at="default_country")


def _order(rulebook: Rulebook) -> Iterator[Flaw]:
    """What the queue's order is reckoned by; see `worth.py` for what each figure is."""
    order, curve = rulebook.order, rulebook.order.curve
    ranges: tuple[tuple[str, float, float, float, str], ...] = (
        ("order.curve.odds", curve.odds, 0.01, 100, "The odds of an answer at once"),
        ("order.curve.shift", curve.shift, 1, 86400, "The seconds by which the chance falls"),
        ("order.curve.power", curve.power, 0.01, 10, "The power by which the chance falls"),
        ("order.curve.retry", curve.retry, 0.01, 1, "What an earlier call leaves of the odds"),
        ("order.ahead", order.ahead, 1, 86400, "The seconds that are looked ahead"),
        ("order.every", order.every, 0, 1000, "The pick that goes to who waits longest"),
        ("order.tried_seconds", order.tried_seconds, 1, 86400, "The seconds of a call without an answer"),
        ("order.talked_seconds", order.talked_seconds, 1, 86400, "The seconds of a conversation"),
        ("order.qualified_seconds", order.qualified_seconds, 1, 86400, "The seconds of a good conversation"),
        ("guard_seconds", rulebook.guard_seconds, 0, 86400, "The seconds before a deadline that go by it"),
        ("guard_share", rulebook.guard_share, 0, 1, "The share of a promise that goes by its deadline"),
    )
    for place, value, least, most, called in ranges:
        if not least <= value <= most:
            text = f"{called} must lie between {least:g} and {most:g}; it is {value:g}."
            yield Flaw(section="order", text=text, at=place)
    if not order.tried_seconds <= order.talked_seconds <= order.qualified_seconds:
        text = "A call that is answered takes no less than one that is not, and a good one no less than that."
        yield Flaw(section="order", text=text, at="order.talked_seconds")
    if any(later[0] <= earlier[0] for earlier, later in pairwise(order.chances)):
        text = "The chances to qualify must stand in the order of their scores, each score once."
        yield Flaw(section="order", text=text, at="order.chances")
    if any(not 0 <= chance <= 1 for _, chance in order.chances):
        text = "A chance to qualify lies between 0 and 1, such as 0.22."
        yield Flaw(section="order", text=text, at="order.chances")
    if any(value < 0 for _, value in order.values):
        yield Flaw(section="order", text="The value of a deal can't be below 0.", at="order.values")
    names = [name for name, _ in order.values]
    if len(names) != len(set(names)):
        yield Flaw(section="order", text="Say the value of a deal once for each way in.", at="order.values")
    if len(rulebook.retry_after) > 50 or any(not 1 <= wait <= _YEAR for wait in rulebook.retry_after):
        text = "A retry comes 1 second to 1 year after the call before it, and there are 50 at most."
        yield Flaw(section="order", text=text, at="retry_after")
