"""What a form asks about each thing of the rulebook: its fields, their labels, how they are read and written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.behaviour import Did
from app.domain.chain import StepKind, Way
from app.domain.lead import Role, Tier
from app.domain.routes import Loudness, News, Strategy
from app.domain.score import FIELDS
from app.domain.sla import ClockKind
from app.ui import rulebook_read as r
from app.ui import rulebook_words as w
from app.ui.rulebook_ask import Around, Ask, Picked, Shared, Ticked, typed, words

__all__ = [
    "alert_asks", "calendar_asks", "chain_asks", "clock_asks", "profile_asks", "route_asks", "rule_asks",
    "shift_asks", "step_asks", "team_asks",
]  # fmt: skip


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


def _tiers() -> list[tuple[object, str]]:
    return [(tier, tier.value) for tier in Tier]


def _calendars(around: Around, none: str) -> list[tuple[object, str]]:
    return [("", none), *((calendar.name, calendar.name) for calendar in around.rulebook.calendars)]


def _chains(around: Around) -> list[tuple[object, str]]:
    first = ("", _tr("The first chain"))
    return [first, *((chain.name, chain.name) for chain in around.rulebook.chains)]


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
            options=[(s, _first(w.strategy_name(s))) for s in Strategy],
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
            key="when.tiers", label=_tr("Tiers"), options=_tiers(), wide=True, note=_tr("None: every tier.")
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
        Picked(key="when.hours", label=_tr("While open"), options=_calendars(around, _tr("At any time"))),
    )


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def rule_asks(_around: Around) -> tuple[Ask, ...]:
    fields: list[tuple[object, str]] = [(field, _first(w.field_name(field))) for field in FIELDS]
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


def step_asks(_around: Around) -> tuple[Ask, ...]:
    return (
        Picked(
            key="kind", label=_tr("What happens"), options=[(kind, w.step_name(kind)) for kind in StepKind]
        ),
        typed(
            "after",
            _tr("When"),
            r.span_of,
            r.span_said,
            _tr("From the deadline: 30 s, 2 min; −30 s is before it."),
        ),
        Ticked(
            key="by",
            label=_tr("Told by"),
            options=[(way, _first(w.way_name(way))) for way in Way],
            wide=True,
            note=_tr("None: by desktop, and those above by e-mail too."),
        ),
    )


def alert_asks(around: Around) -> tuple[Ask, ...]:
    loud: list[tuple[object, str]] = [(one, _first(w.loudness_name(one))) for one in Loudness]
    roles: list[tuple[object, str]] = [(role.value, _first(w.role_name(role.value))) for role in Role]
    return (
        Picked(key="news", label=_tr("When"), options=[(news, w.news_name(news)) for news in News]),
        Picked(key="loudness", label=_tr("How loudly"), options=loud),
        Picked(key="on_call", label=_tr("To somebody on a call"), options=loud),
        Picked(
            key="quiet_hours",
            label=_tr("Quiet during"),
            options=_calendars(around, _tr("Never")),
            note=_tr("While these hours are open there is no sound, but for alarms."),
        ),
        Ticked(key="tiers", label=_tr("Tiers"), options=_tiers(), wide=True, note=_tr("None: every tier.")),
        Ticked(
            key="roles",
            label=_tr("Told are"),
            options=roles,
            wide=True,
            note=_tr("None: whoever it concerns."),
        ),
    )


def clock_asks(around: Around) -> tuple[Ask, ...]:
    every: list[tuple[object, str]] = [(None, _tr("Every tier")), *_tiers()]
    return (
        Picked(
            key="kind",
            label=_tr("What is promised"),
            options=[(kind, w.kind_name(kind)) for kind in ClockKind],
        ),
        Picked(key="tier", label=_tr("Tier"), options=every),
        typed(
            "seconds",
            _tr("Within"),
            r.span_of,
            r.span_said,
            shown=lambda v: v.kind is not ClockKind.FIRST_ATTEMPT,
        ),
        Picked(key="calendar", label=_tr("Counts"), options=_calendars(around, _tr("Around the clock"))),
        typed(
            "warnings", _tr("Warns at"), r.shares_of, r.shares_said, _tr("Shares of the time: 50 %, 80 %.")
        ),
        Picked(key="chain", label=_tr("A breach sets off"), options=_chains(around)),
    )


def calendar_asks(_around: Around) -> tuple[Ask, ...]:
    days = [
        typed(f"week.{number}", QLocale().dayName(number + 1), r.blocks_of, r.blocks_said)
        for number in range(7)
    ]
    return (
        typed("name", _tr("Name"), str.strip, str),
        typed("zone", _tr("Time zone"), str.strip, str, _tr("Such as Europe/Berlin.")),
        typed(
            "country",
            _tr("Public holidays of"),
            lambda text: text.strip().upper(),
            str,
            _tr("DE, DE-BY, US. Empty: none."),
        ),
        *days,
        typed(
            "days",
            _tr("Holidays and days with other hours"),
            r.days_of,
            r.days_said,
            _tr("A line each: 2026-12-24 Christmas Eve 08:00–12:00. Without hours it is a holiday."),
            lines=4,
            wide=True,
        ),
    )


def shift_asks(around: Around) -> tuple[Ask, ...]:
    return (
        typed("name", _tr("Name"), str.strip, str),
        Picked(key="calendar", label=_tr("Hours"), options=_calendars(around, _tr("not chosen"))),
        Ticked(key="reps", label=_tr("Who works them"), options=around.callers, wide=True),
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


def chain_asks(_around: Around) -> tuple[Ask, ...]:
    return (typed("name", _tr("Name"), str.strip, str),)
