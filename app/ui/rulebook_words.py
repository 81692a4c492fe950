"""A rulebook in words: what a route asks, whom it gives to and what then; rules of the score, teams and people.

Pure functions: values in, words out. A line of a list is a `Line`; names of people are handed in by their ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.lead import Tier
from app.domain.routes import Profile, Route, Strategy, Team, When
from app.domain.rulebook import Rulebook, ScoreRule
from app.ui.parts import tier_tint
from app.ui.rulebook_read import number_said, span_said
from app.ui.theme import Tint
from app.ui.wording import channel_name

__all__ = [
    "Chip", "Line", "Names", "few", "field_name", "language_name", "profile_line", "route_line", "rule_line",
    "strategy_name", "team_line", "tier_span", "when_chips",
]  # fmt: skip

Names = Mapping[str, str]
"""Of people, by id."""
Chip = tuple[str, Tint]
_FEW = 4
"""Of a longer list so many are named."""


class Line(NamedTuple):
    """One thing of the rulebook, as a row shows it."""

    title: str
    chips: tuple[Chip, ...] = ()
    detail: str = ""
    """Under the title, where no chip says it."""
    what: str = ""
    then: str = ""

    @property
    def spoken(self) -> str:
        parts = (self.title, *(text for text, _ in self.chips), self.detail, self.what, self.then)
        return ", ".join(part for part in parts if part)


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook_words", text)


def few(words: Sequence[str]) -> str:
    """ "DE, AT, CH": of a long list its beginning and how many more."""
    if len(words) <= _FEW + 1:
        return ", ".join(words)
    more = _tr("{n} more").format(n=len(words) - _FEW)
    return ", ".join((*words[:_FEW], more))


def _quoted(words: Sequence[str]) -> str:
    return few([f"“{word}”" for word in words])


# routes


def language_name(code: str) -> str:
    """German for "de"; a code that Qt does not know as it is."""
    language = QLocale.codeToLanguage(code)
    return QLocale.languageToString(language) if language != QLocale.Language.AnyLanguage else code


def when_chips(when: When) -> tuple[Chip, ...]:
    """The conditions of a route, one chip each."""
    chips: list[Chip] = [(tier.value, tier_tint(tier.value)) for tier in when.tiers]
    said = (
        (_tr("by {what}"), [channel_name(channel) for channel in when.channels]),
        (_tr("from {what}"), when.sources),
        (_tr("campaign {what}"), when.campaigns),
        (_tr("country {what}"), when.countries),
        (_tr("region {what}"), when.regions),
        (_tr("zip {what}"), [code.replace("-", "–") for code in when.postcodes]),
        (_tr("speaks {what}"), [language_name(code) for code in when.languages]),
        (_tr("asks for {what}"), [f"“{word}”" for word in when.words]),
    )
    chips += [(words.format(what=few(what)), "grey") for words, what in said if what]
    if when.least is not None:
        chips.append((_tr("score {n} or more").format(n=when.least), "grey"))
    if when.hours:
        chips.append((_tr("while “{hours}” is open").format(hours=when.hours), "grey"))
    return tuple(chips)


def strategy_name(strategy: Strategy) -> str:
    return {
        Strategy.ROUND_ROBIN: _tr("round robin"),
        Strategy.LEAST_BUSY: _tr("least busy"),
        Strategy.BEST_FIT: _tr("best fit"),
        Strategy.OWNER: _tr("stays with its owner"),
        Strategy.OFFER: _tr("offered to several, first to claim"),
        Strategy.PARTNER: _tr("to a partner"),
    }[strategy]


def route_line(route: Route, rulebook: Rulebook, names: Names) -> Line:
    """A route as a row."""
    chips = when_chips(route.when)
    detail = ""
    if not chips:
        known = route.strategy is Strategy.OWNER
        detail = _tr("whoever wrote before and has somebody here") if known else _tr("every lead")
    return Line(
        title=route.name,
        chips=chips,
        detail=detail,
        what=_goes_to(route, names),
        then=_afterwards(route, rulebook),
    )


def _goes_to(route: Route, names: Names) -> str:
    team = route.team or _tr("Everybody")
    able = " " + _tr("who can {skill}").format(skill=route.skill) if route.skill else ""
    match route.strategy:
        case Strategy.OWNER:
            return _tr("stays with its owner")
        case Strategy.PARTNER:
            return _tr("Partner {name}").format(name=names.get(route.partner, _tr("not chosen")))
        case Strategy.OFFER if route.team:
            words = _tr("offered to {n} of {team}, first to claim")
            return words.format(n=route.offer_to, team=team + able)
        case Strategy.OFFER:
            return _tr("offered to {n} free reps, first to claim").format(n=f"{route.offer_to}{able}")
    return f"{team}{able}, {strategy_name(route.strategy)}"


def _afterwards(route: Route, rulebook: Rulebook) -> str:
    parts: list[str] = []
    if route.strategy is Strategy.OWNER:
        parts.append(_tr("else goes on"))
    if route.strategy is Strategy.OFFER and route.seconds:
        parts.append(_tr("{time}, then goes on").format(time=span_said(route.seconds)))
    if route.strategy is Strategy.PARTNER and route.seconds:
        parts.append(_tr("accept in {time}, else back").format(time=span_said(route.seconds)))
    if route.strategy is Strategy.ROUND_ROBIN:
        team = next((team for team in rulebook.teams if team.name == route.team), None)
        weights = [member.weight for member in team.members] if team else []
        if len(set(weights)) > 1:
            parts.append(_tr("weights {list}").format(list=" · ".join(str(weight) for weight in weights)))
    if route.most_open is not None:
        parts.append(_tr("{n} open at most").format(n=route.most_open))
    return ", ".join(parts)


# score


def field_name(field: str) -> str:
    """What a rule looks at."""
    return {
        "ask": _tr("what they ask"), "answers": _tr("an answer"), "channel": _tr("the channel"),
        "source": _tr("the way in"), "medium": _tr("the medium"), "campaign": _tr("the campaign"),
        "ad": _tr("the ad"), "keyword": _tr("what they searched for"), "page": _tr("the page"),
        "phone": _tr("a valid phone number"), "email": _tr("a work e-mail"), "domain": _tr("the e-mail's domain"),
        "company": _tr("the company"), "title": _tr("the title"), "country": _tr("the country"),
        "region": _tr("the region"), "city": _tr("the city"), "postcode": _tr("the postcode"),
        "size": _tr("how many people work there"), "inquiries": _tr("asked again"),
        "page_view": _tr("looked at a page"), "download": _tr("downloaded"), "open": _tr("opened our mail"),
        "click": _tr("clicked in our mail"), "reply": _tr("answered our mail"),
        "call_asked": _tr("asked to be called"),
    }.get(field, field)  # fmt: skip


def rule_line(rule: ScoreRule) -> Line:
    """A rule of the score as a row: what it is for, what it looks at, what it gives."""
    said = field_name(rule.field)
    if rule.question:
        said = _tr("the answer to “{question}”").format(question=rule.question)
    if rule.words:
        said = _tr("{field} has {words}").format(field=said, words=_quoted(rule.words))
    if rule.least is not None or rule.most is not None:
        span = "–".join(number_said(end) if end is not None else "…" for end in (rule.least, rule.most))
        said += " " + span
    then = []
    if rule.cap:
        then.append(_tr("up to {n}").format(n=rule.cap))
    if rule.half_life is not None:
        then.append(_tr("half gone in {time}").format(time=span_said(rule.half_life)))
    points = f"{'−' if rule.points < 0 else '+'}{abs(rule.points)}"
    intent: Chip = (_tr("intent"), "select") if rule.is_intent else (_tr("fit"), "grey")
    return Line(title=rule.text, chips=(intent,), what=said, then=", ".join((points, *then)))


# teams and people


def team_line(team: Team, rulebook: Rulebook, names: Names) -> Line:
    who = [names.get(member.rep, _tr("somebody who has left")) for member in team.members]
    weights = [member.weight for member in team.members]
    then = ""
    if len(set(weights)) > 1:
        then = _tr("weights {list}").format(list=" · ".join(str(weight) for weight in weights))
    used = [route.name for route in rulebook.routes if route.team == team.name]
    detail = _tr("routes: {list}").format(list=few(used)) if used else _tr("no route gives to it yet")
    return Line(title=team.name, detail=detail, what=few(who) or _tr("nobody yet"), then=then)


def profile_line(profile: Profile, names: Names) -> Line:
    chips: list[Chip] = [(language_name(code), "grey") for code in profile.languages]
    chips += [(skill, "select") for skill in profile.skills]
    limits = [f"{limit} {tier.value}" for tier, limit in profile.most_open]
    then = []
    if limits:
        then.append(_tr("{limits} open at most").format(limits=", ".join(limits)))
    if profile.per_hour is not None:
        then.append(_tr("{n} an hour").format(n=profile.per_hour))
    return Line(
        title=names.get(profile.rep, _tr("Somebody who has left")),
        chips=tuple(chips),
        detail="" if chips else _tr("no language or skill said"),
        what=few(profile.territories) or _tr("every territory"),
        then=", ".join(then),
    )


def tier_span(rulebook: Rulebook, tier: Tier) -> str:
    """ "HOT 80+", "WARM 40–79", "COLD below 40": which scores a tier has."""
    tiers = rulebook.tiers
    at = next(number for number, rule in enumerate(tiers) if rule.tier == tier)
    if at == len(tiers) - 1:
        return _tr("{tier} below {n}").format(tier=tier.value, n=tiers[at - 1].at_least)
    if at == 0:
        return _tr("{tier} {n}+").format(tier=tier.value, n=tiers[at].at_least)
    return f"{tier.value} {tiers[at].at_least}–{tiers[at - 1].at_least - 1}"
