"""What stands in the middle for each section of the rulebook: its cards, and over them what no card says is wrong."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.chain import Chain, Step, StepKind
from app.domain.hours import Block, Calendar, zone_of
from app.domain.lead import Role
from app.domain.routes import Alert, Loudness, News, Profile, Route, Team
from app.domain.rulebook import Rulebook, ScoreRule
from app.domain.shifts import Shift
from app.domain.sla import ClockKind, ClockRule
from app.ui import rulebook_asks as asks
from app.ui import rulebook_asks_clocks as timed
from app.ui import rulebook_asks_whole as whole
from app.ui import rulebook_words as words
from app.ui import rulebook_words_clocks as clock_words
from app.ui.context import Context
from app.ui.parts import Banner, Button
from app.ui.rulebook_ask import Around, put
from app.ui.rulebook_cards import FormCard, ListCard, Listing, Part
from app.ui.rulebook_chain import ChainCard
from app.ui.rulebook_draft import RulebookDraft
from app.ui.rulebook_partners import PartnerCard
from app.ui.rulebook_tiers import TierCard
from app.ui.theme import SPACE

__all__ = ["Page"]

_WORKDAY = (Block(start=9 * 3600, until=17 * 3600),)


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook", text)


def _fresh(name: str, used: list[str]) -> str:
    """The name, with a number behind it when it is taken."""
    found, number = name, 2
    while found in used:
        found, number = f"{name} {number}", number + 1
    return found


def _score() -> Listing:
    return Listing(
        section="score",
        path="rules",
        title=_tr("What gives points"),
        one=_tr("Rule"),
        line=lambda value, around: words.rule_line(value),
        asks=asks.rule_asks,
        blank=lambda around: ScoreRule(text="", field="ask", points=10),
        add=_tr("Add a rule"),
        empty=_tr("No rule gives points, so every lead has a score of 0. Add a rule."),
        moves=False,
    )


def _routes() -> Listing:
    return Listing(
        section="routes",
        path="routes",
        title=_tr("Routes"),
        one=_tr("Route"),
        line=lambda value, around: words.route_line(value, around.rulebook, around.names),
        asks=asks.route_asks,
        blank=lambda around: Route(name=_fresh(_tr("New route"), [r.name for r in around.rulebook.routes])),
        add=_tr("Add a route"),
        empty=_tr("Without routes every lead goes to whoever's turn it is. Add a route to say it otherwise."),
        note=lambda book: (
            _tr("first that fits decides · {n}").format(n=len(book.routes)) if book.routes else ""
        ),
        numbered=True,
    )


def _calendars() -> Listing:
    return Listing(
        section="hours",
        path="calendars",
        title=_tr("Hours"),
        one=_tr("Hours"),
        line=lambda value, around: clock_words.calendar_line(value, around.rulebook),
        asks=timed.calendar_asks,
        blank=lambda around: Calendar(
            name=_fresh(_tr("Office hours"), [c.name for c in around.rulebook.calendars]),
            zone=zone_of(around.rulebook.calendars),
            week=(*(_WORKDAY,) * 5, (), ()),
        ),
        add=_tr("Add hours"),
        empty=_tr("The floor never closes: clocks run day and night, and everybody is always on shift."),
        note=lambda book: _tr("the first are the floor's own") if book.calendars else "",
    )


def _shifts() -> Listing:
    return Listing(
        section="hours",
        path="shifts",
        title=_tr("Shifts"),
        one=_tr("Shift"),
        line=lambda value, around: clock_words.shift_line(value, around.names),
        asks=timed.shift_asks,
        blank=lambda around: Shift(
            name=_fresh(_tr("Shift"), [s.name for s in around.rulebook.shifts]),
            calendar=around.rulebook.calendars[0].name if around.rulebook.calendars else "",
        ),
        add=_tr("Add a shift"),
        empty=_tr("Everybody works the floor's own hours."),
        moves=False,
    )


def _clocks() -> Listing:
    return Listing(
        section="clocks",
        path="clocks",
        title=_tr("Clocks"),
        one=_tr("Clock"),
        line=lambda value, around: clock_words.clock_line(value),
        asks=timed.clock_asks,
        blank=lambda around: ClockRule(kind=ClockKind.FIRST_CONTACT, seconds=86400),
        add=_tr("Add a clock"),
        empty=_tr("Only the first call has a clock, and it runs around the clock."),
        note=lambda book: _tr("first that fits holds") if len(book.clocks) > 1 else "",
    )


def _alerts() -> Listing:
    return Listing(
        section="alerts",
        path="alerts",
        title=_tr("Who hears of what"),
        one=_tr("Alert"),
        line=lambda value, around: clock_words.alert_line(value),
        asks=timed.alert_asks,
        blank=lambda around: Alert(news=News.ARRIVED, loudness=Loudness.NORMAL),
        add=_tr("Add an alert"),
        empty=_tr(
            "HOT leads and warnings ring at the desk of whoever has them; everything else stays quiet."
        ),
        note=lambda book: _tr("first that fits holds") if len(book.alerts) > 1 else "",
    )


def _teams() -> Listing:
    return Listing(
        section="teams",
        path="teams",
        title=_tr("Teams"),
        one=_tr("Team"),
        line=lambda value, around: words.team_line(value, around.rulebook, around.names),
        asks=asks.team_asks,
        blank=lambda around: Team(name=_fresh(_tr("New team"), [t.name for t in around.rulebook.teams])),
        add=_tr("Add a team"),
        empty=_tr("No team yet. Routes give to everybody who works leads."),
        moves=False,
    )


def _profiles() -> Listing:
    return Listing(
        section="teams",
        path="people",
        title=_tr("Who is good at what"),
        one=_tr("What routing knows of somebody"),
        line=lambda value, around: words.profile_line(value, around.names),
        asks=asks.profile_asks,
        blank=_profile,
        add=_tr("Add somebody"),
        empty=_tr("Nothing is known of anybody: everybody can take any lead, as many as come."),
        moves=False,
    )


def _profile(around: Around) -> Profile:
    known = {profile.rep for profile in around.rulebook.people}
    left = [rep for rep in around.reps if rep.id not in known and rep.role is not Role.ADMIN]
    return Profile(rep=left[0].id if left else "")


class Page(QWidget):
    """The cards of a section."""

    def __init__(self, section: str, draft: RulebookDraft, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.section, self._draft, self._context = section, draft, context
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE.page, SPACE.page - 4, SPACE.page, SPACE.page)
        self._column.setSpacing(SPACE.snug)
        self.banner = Banner("danger", "", parent=self)
        self.banner.hide()
        self._column.addWidget(self.banner)
        self.parts: list[Part] = []
        self._make()
        self._column.addStretch(1)

    def _put(self, part: Part) -> None:
        self.parts.append(part)
        self._column.insertWidget(len(self.parts), part)

    def _list(self, listing: Listing) -> None:
        self._put(ListCard(self._draft, listing, self))

    def _make(self) -> None:
        draft = self._draft
        match self.section:
            case "score":
                self._list(_score())
                self._put(FormCard(draft, "score", _tr("At most"), whole.limit_asks, self))
            case "tiers":
                self._put(TierCard(draft, self._context, self))
                self._put(FormCard(draft, "tiers", _tr("Bounds and promises"), whole.tier_asks, self))
            case "routes":
                self._list(_routes())
                self._put(ChainCard(draft, -1, self))
                self._put(TierCard(draft, self._context, self))
            case "hours":
                self._list(_calendars())
                self._list(_shifts())
            case "clocks":
                self._list(_clocks())
                self._put(FormCard(draft, "clocks", _tr("Limits"), whole.limit_of_clocks_asks, self))
            case "escalation":
                self._put(ChainCard(draft, -1, self))
                self._put(FormCard(draft, "escalation", _tr("Somebody has it"), whole.hold_asks, self))
                row = QHBoxLayout()
                self._add_chain = Button(
                    _tr("Add a chain of its own for some clocks"), "link", self, press=self.add_chain
                )
                row.addWidget(self._add_chain)
                row.addStretch(1)
                self._column.addLayout(row)
            case "alerts":
                self._list(_alerts())
            case "teams":
                self._list(_teams())
                self._list(_profiles())
            case "partners":
                self._put(PartnerCard(draft, self))
            case "order":
                self._put(
                    FormCard(draft, "order", _tr("Who stands first in a queue"), whole.order_asks, self)
                )
                self._put(FormCard(draft, "order", _tr("Tries"), whole.retry_asks, self))

    def refresh(self) -> None:
        """Show what the draft holds now."""
        book = self._draft.book
        if book is None:
            return
        if self.section == "escalation":
            self._chains(book)
        for part in self.parts:
            part.refresh()
        said = [
            flaw.text
            for flaw in self._draft.flaws
            if flaw.section == self.section and not any(part.says(flaw) for part in self.parts)
        ]
        self.banner.set_text(" ".join(said))
        self.banner.setVisible(bool(said))

    def _chains(self, book: Rulebook) -> None:
        known = sum(isinstance(part, ChainCard) for part in self.parts) - 1
        for number in range(known, len(book.chains)):
            self._put(ChainCard(self._draft, number, self))
        self._add_chain.setVisible(self._draft.may_edit)

    def add_chain(self) -> None:
        """One more chain, for clocks that are not to have the first one."""
        book = self._draft.book
        if book is not None:
            name = _fresh(_tr("New chain"), [chain.name for chain in book.chains])
            chain = Chain(name=name, steps=(Step(kind=StepKind.LOUDER, after=0),))
            self._draft.edit(put(book, "chains", (*book.chains, chain)))

    def add(self) -> None:
        """One more of what this section is about."""
        if self.section == "escalation":
            first = next(part for part in self.parts if isinstance(part, ChainCard))
            first.add()
            return
        found = next((part for part in self.parts if isinstance(part, ListCard)), None)
        if found is not None:
            found.add()
