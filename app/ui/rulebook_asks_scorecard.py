"""What is asked about the scorecard: its measures, the guards against chance and haste, the weekly review."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.lead import Role
from app.domain.scorecard import MEASURES, QUALITY, SPEED, Measure, Scorecard, Target, Weekday
from app.ui import rulebook_read as r
from app.ui import rulebook_words_clocks as w
from app.ui.rulebook_ask import Around, Ask, Picked, Ticked, typed
from app.ui.rulebook_asks import first
from app.ui.rulebook_words import Chip, Line

__all__ = ["another", "bound_asks", "guard_asks", "measure_asks", "measure_line", "review_asks"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook_asks", text)


def _does(measure: Measure, card: Scorecard) -> str:
    """What a measure counts, in a sentence."""
    return {
        Measure.FAST: _tr("First calls made within {fast} of working time, of all first calls."),
        Measure.PROMISE: _tr("Promises of a first call that were kept, of those that ended."),
        Measure.CONTACT: _tr("Leads talked to, of leads called."),
        Measure.BOOKED: _tr("Leads with a first appointment, of leads talked to."),
        Measure.WON: _tr("Leads won, of leads talked to."),
        Measure.LOGGED: _tr("Calls whose outcome was said, of all calls."),
        Measure.TALKED: _tr("Leads talked to for {talk} or longer, of leads talked to."),
    }[measure].format(fast=r.span_said(card.fast_seconds), talk=r.span_said(card.talk_seconds))


def measure_line(target: Target, card: Scorecard) -> Line:
    """A measure as a row: what it counts, between which shares, how many points."""
    chips: tuple[Chip, ...] = ()
    if target.measure in SPEED:
        chips = ((_tr("speed"), "select"),)
    elif target.measure in QUALITY:
        chips = ((_tr("quality"), "good"),)
    return Line(
        title=MEASURES[target.measure],
        chips=chips,
        detail=_does(target.measure, card),
        what=_tr("no points up to {low}, all from {high} on").format(
            low=r.share_said(target.none_at), high=r.share_said(target.full_at)
        ),
        then=_tr("{points} points, judged from {n} on").format(points=target.weight, n=f"{target.least:,}"),
    )


def another(around: Around) -> Target:
    """One more measure: the first that is not scored yet, for the points that are left."""
    scored = around.rulebook.scorecard.measures
    known = {target.measure for target in scored}
    left = max(100 - sum(target.weight for target in scored), 0)
    measure = next((one for one in Measure if one not in known), Measure.FAST)
    return Target(measure=measure, weight=left, none_at=0.0, full_at=1.0)


def measure_asks(_around: Around) -> tuple[Ask, ...]:
    return (
        Picked(
            key="measure",
            label=_tr("What is measured"),
            options=[(measure, MEASURES[measure]) for measure in Measure],
        ),
        typed(
            "weight",
            _tr("Points at most"),
            r.whole_of,
            r.whole_said,
            _tr("Those of all measures are 100 together."),
        ),
        typed(
            "none_at",
            _tr("No points up to"),
            r.share_of,
            r.share_said,
            _tr("A share: at this or less there is nothing."),
        ),
        typed(
            "full_at",
            _tr("All points from"),
            r.share_of,
            r.share_said,
            _tr("Between the two, points rise with the share."),
        ),
        typed(
            "least",
            _tr("Judged from so many on"),
            r.whole_of,
            r.whole_said,
            _tr("With fewer it is chance: the other measures share its points."),
        ),
    )


def guard_asks(_around: Around) -> tuple[Ask, ...]:
    return (
        typed(
            "scorecard.least_leads",
            _tr("A score needs so many leads called"),
            r.whole_of,
            r.whole_said,
            _tr("Who called fewer in the week has no score: it would be chance."),
        ),
        typed(
            "scorecard.prior",
            _tr("Leads of the floor's mean put to each share"),
            r.whole_of,
            r.whole_said,
            _tr("They draw somebody with few leads towards the mean, for better and worse. 0: none."),
        ),
        typed(
            "scorecard.quality_least",
            _tr("Speed counts whole from this much quality"),
            r.share_of,
            r.share_said,
            _tr("Below this share of the points for quality, those for speed are halved: nobody is paid "
                "for dialling and hanging up."),
            wide=True,
        ),
    )  # fmt: skip


def bound_asks(_around: Around) -> tuple[Ask, ...]:
    return (
        typed(
            "scorecard.fast_seconds",
            _tr("A first call is soon within"),
            r.span_of,
            r.span_said,
            _tr("Of working time since the lead came."),
        ),
        typed(
            "scorecard.dial_seconds",
            _tr("A call lasts at least"),
            r.span_of,
            r.span_said,
            _tr("A shorter one is none: it keeps no promise here, and is no contact."),
        ),
        typed(
            "scorecard.contact_seconds",
            _tr("A conversation lasts at least"),
            r.span_of,
            r.span_said,
            _tr("A shorter one is no contact, whatever outcome is said."),
        ),
        typed(
            "scorecard.talk_seconds",
            _tr("One at length lasts at least"),
            r.span_of,
            r.span_said,
            _tr("What “{measure}” counts.").format(measure=MEASURES[Measure.TALKED]),
        ),
    )


def review_asks(_around: Around) -> tuple[Ask, ...]:
    days: list[tuple[object, str]] = [
        (day, QLocale().dayName(number)) for number, day in enumerate(Weekday, 1)
    ]
    roles: list[tuple[object, str]] = [(role, first(w.role_name(role.value))) for role in Role]
    return (
        Picked(key="scorecard.review.weekday", label=_tr("The week before is frozen on"), options=days),
        Picked(
            key="scorecard.review.hour",
            label=_tr("At"),
            options=[(hour, f"{hour:02}:00") for hour in range(24)],
            note=_tr("By the floor's own hours' zone."),
        ),
        Picked(
            key="scorecard.review.is_sent",
            label=_tr("Then"),
            options=[
                (True, _tr("everybody gets their page by e-mail")),
                (False, _tr("it is only frozen, and sent to nobody")),
            ],
            wide=True,
        ),
        Ticked(
            key="scorecard.review.floor_to",
            label=_tr("Who gets the floor's page"),
            options=roles,
            wide=True,
            shown=lambda book: bool(book.scorecard.review.is_sent),
        ),
    )
