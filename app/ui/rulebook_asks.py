"""What a form asks about routes, rules of the score, teams and people: fields, labels, how each is read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.behaviour import Did
from app.domain.lead import Tier
from app.domain.routes import Strategy
from app.domain.score import FIELDS
from app.ui import rulebook_read as r
from app.ui import rulebook_words as w
from app.ui.rulebook_ask import Around, Ask, Picked, Shared, Ticked, typed, words

__all__ = ["calendars", "first", "profile_asks", "route_asks", "rule_asks", "team_asks", "tiers"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook_asks", text)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(word.upper() for word in r.words_of(text))


def _languages(text: str) -> tuple[str, ...]:
    """Codes, or names of languages in English or in their own words."""
    found = []
    for word in r.words_of(text):
        if len(word) <= 3:
            found.append(word.lower())
            continue
        known = [
            one
            for one in QLocale.Language
            if word.casefold() in (QLocale.languageToString(one).casefold(), _own_name(one))
        ]
        if not known:
            raise ValueError(_tr("Write languages such as German, or de."))
        found.append(QLocale.languageToCode(known[0]))
    return tuple(dict.fromkeys(found))


def _own_name(language: QLocale.Language) -> str:
    return QLocale(language).nativeLanguageName().casefold()


def _languages_said(codes: Sequence[str]) -> str:
    return ", ".join(w.language_name(code) for code in codes)


def _limits(text: str) -> tuple[tuple[Tier, int], ...]:
    found = []
    for part in r.words_of(text):
        tier, _, number = part.partition(" ")
        try:
            found.append((Tier(tier.upper()), r.whole_of(number)))
        except ValueError:
            raise ValueError(_tr("Write tiers with a number, such as HOT 3, WARM 20.")) from None
    return tuple(found)


def _limits_said(limits: Sequence[tuple[Tier, int]]) -> str:
    return ", ".join(f"{tier.value} {number}" for tier, number in limits)


def tiers() -> list[tuple[object, str]]:
    return [(tier, tier.value) for tier in Tier]


def calendars(around: Around, none: str) -> list[tuple[object, str]]:
    return [("", none), *((calendar.name, calendar.name) for calendar in around.rulebook.calendars)]


def route_asks(around: Around) -> tuple[Ask, ...]:
    teams: list[tuple[object, str]] = [
        ("", _tr("Everybody")),
        *((t.name, t.name) for t in around.rulebook.teams),
    ]
    partners: list[tuple[object, str]] = [("", _tr("not chosen")), *around.partners]
    timed = (Strategy.OFFER, Strategy.PARTNER)
    return (
        typed("name", _tr("Name"), str.strip, str),
        Picked(
            key="strategy",
            label=_tr("What happens"),
            options=[(s, first(w.strategy_name(s))) for s in Strategy],
        ),
        Picked(
            key="team",
            label=_tr("Among whom"),
            options=teams,
            shown=lambda v: v.strategy is not Strategy.PARTNER,
        ),
        Picked(
            key="partner",
            label=_tr("Partner"),
            options=partners,
            shown=lambda v: v.strategy is Strategy.PARTNER,
        ),
        typed(
            "offer_to",
            _tr("To how many at once"),
            r.whole_of,
            r.whole_said,
            shown=lambda v: v.strategy is Strategy.OFFER,
        ),
        typed(
            "seconds",
            _tr("They have"),
            r.span_of,
            r.span_said,
            _tr("Then it goes on to the next route. 0: no end."),
            shown=lambda v: v.strategy in timed,
        ),
        typed(
            "skill",
            _tr("Only who can"),
            str.strip,
            str,
            _tr("A skill that stands under Teams & territories."),
            shown=lambda v: v.strategy is not Strategy.PARTNER,
        ),
        typed(
            "most_open",
            _tr("Open leads at most"),
            r.maybe_whole_of,
            r.whole_said,
            _tr("Empty: no limit."),
            shown=lambda v: v.strategy is not Strategy.PARTNER,
        ),
        Ticked(
            key="when.tiers", label=_tr("Tiers"), options=tiers(), wide=True, note=_tr("None: every tier.")
        ),
        words("when.sources", _tr("Ways in"), _tr("By name, with commas between them.")),
        words("when.campaigns", _tr("Campaigns")),
        typed("when.countries", _tr("Countries"), _codes, r.words_said, _tr("Two letters each: DE, AT, CH.")),
        words("when.regions", _tr("Regions")),
        words("when.postcodes", _tr("Zip or postcode"), _tr("Beginnings or spans: 80, 90-96.")),
        typed("when.languages", _tr("They speak"), _languages, _languages_said),
        words("when.words", _tr("They ask for"), _tr("Whole words or phrases.")),
        typed("when.least", _tr("Score at least"), r.maybe_whole_of, r.whole_said),
        words("when.channels", _tr("Channels"), _tr("form, google, json, import …")),
        Picked(key="when.hours", label=_tr("While open"), options=calendars(around, _tr("At any time"))),
    )


def first(text: str) -> str:
    return text[:1].upper() + text[1:]


def rule_asks(_around: Around) -> tuple[Ask, ...]:
    fields: list[tuple[object, str]] = [(field, first(w.field_name(field))) for field in FIELDS]
    deeds = {kind.value for kind in Did}
    return (
        typed("text", _tr("Reason"), str.strip, str, _tr("As reps read it: “asked for pricing”.")),
        typed("points", _tr("Points"), r.whole_of, r.whole_said),
        Picked(key="field", label=_tr("Looks at"), options=fields),
        Picked(
            key="is_intent",
            label=_tr("Counts as"),
            options=((True, _tr("Intent: what they did")), (False, _tr("Fit: who they are"))),
        ),
        words("words", _tr("That has one of these words"), _tr("Empty: it is there, and valid."), wide=True),
        typed(
            "question", _tr("Of the question that has"), str.strip, str, shown=lambda v: v.field == "answers"
        ),
        typed(
            "least",
            _tr("Number at least"),
            r.maybe_number_of,
            r.number_said,
            shown=lambda v: v.field not in deeds,
        ),
        typed(
            "most",
            _tr("Number at most"),
            r.maybe_number_of,
            r.number_said,
            shown=lambda v: v.field not in deeds,
        ),
        typed(
            "cap",
            _tr("Several times, up to"),
            r.whole_of,
            r.whole_said,
            _tr("Points in all. 0: counts once."),
        ),
        typed(
            "half_life",
            _tr("Half gone in"),
            r.maybe_span_of,
            lambda v: "" if v is None else r.span_said(v),
            _tr("Empty: the points stay."),
        ),
    )


def team_asks(around: Around) -> tuple[Ask, ...]:
    reps = [pair for pair in around.callers if pair not in around.partners]
    return (
        typed("name", _tr("Name"), str.strip, str),
        Shared(
            key="members",
            label=_tr("People, and the weight of each"),
            options=reps,
            wide=True,
            note=_tr("A weight of 2 gets twice as many by turns as one of 1; 0 gets none."),
        ),
    )


def profile_asks(around: Around) -> tuple[Ask, ...]:
    return (
        Picked(key="rep", label=_tr("Who"), options=around.callers),
        typed("languages", _tr("Speaks"), _languages, _languages_said),
        words("skills", _tr("Can")),
        words("territories", _tr("Looks after"), _tr("DE, US CO, or postcodes: DE 80*. Empty: every place.")),
        typed("most_open", _tr("Open leads at most"), _limits, _limits_said, _tr("By tier: HOT 3, WARM 20.")),
        typed("per_hour", _tr("Leads an hour at most"), r.maybe_whole_of, r.whole_said),
    )
