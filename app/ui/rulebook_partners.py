"""The partners of the floor: what they take, which routes give to them, and how long they have."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from app.domain.lead import Rep, Role, Tier
from app.domain.routes import Profile
from app.domain.rulebook_check import Flaw
from app.domain.sla import ClockKind, rule_of
from app.ui.panes import titled
from app.ui.plain import PlainLabel
from app.ui.rulebook_ask import put
from app.ui.rulebook_asks import profile_asks
from app.ui.rulebook_cards import Part
from app.ui.rulebook_draft import RulebookDraft
from app.ui.rulebook_form import AskSheet
from app.ui.rulebook_read import span_said
from app.ui.rulebook_rows import Rows, Shown
from app.ui.rulebook_words import Line, profile_line

__all__ = ["PartnerCard"]


class PartnerCard(Part):
    """A row for each partner; Enter says what they take."""

    section = "partners"

    def __init__(self, draft: RulebookDraft, parent: QWidget) -> None:
        super().__init__(draft, parent)
        self.head = titled(self, self.tr("Partners"))
        self.rows = Rows(self)
        self.rows.opened.connect(self.open)
        self.rows.menu_wanted.connect(self._menu)
        self.empty = PlainLabel(
            self.tr(
                "Nobody on this floor is a partner yet. Give somebody the role Partner on the Team screen; then a "
                "route can lead to them."
            ),
            self,
            ink="ink_soft",
            wrap=True,
            lines=4,
        )
        self.note = PlainLabel("", self, ink="ink_soft", wrap=True, lines=3)
        for widget in (self.rows, self.empty, self.note):
            self.inside.addWidget(widget)

    @property
    def partners(self) -> tuple[Rep, ...]:
        return tuple(rep for rep in self.draft.reps if rep.role is Role.PARTNER and rep.active)

    def refresh(self) -> None:
        book, shelf = self.draft.book, self.draft.shelf
        if book is None or shelf is None:
            return
        partners = self.partners
        self.rows.show_lines([self._shown(rep) for rep in partners], self.draft.may_edit)
        self.empty.setVisible(not partners)
        self.head.set(self.tr("Partners"), str(len(partners)) if partners else "")
        rule = rule_of(book, ClockKind.PARTNER, Tier.COLD)
        words = (
            self.tr("Their first call is promised within {time}; see Clocks.").format(
                time=span_said(rule.seconds)
            )
            if rule
            else self.tr("No clock says when a partner has to call. Add one under Clocks.")
        )
        self.note.setText(words)
        self.note.setVisible(bool(partners))

    def _profile(self, rep: Rep) -> tuple[int, Profile]:
        people = self.draft.book.people if self.draft.book else ()
        found = ((at, profile) for at, profile in enumerate(people) if profile.rep == rep.id)
        return next(found, (len(people), Profile(rep=rep.id)))

    def _shown(self, rep: Rep) -> Shown:
        assert self.draft.book is not None
        assert self.draft.shelf is not None
        at, profile = self._profile(rep)
        known = profile_line(profile, {rep.id: rep.name})
        routes = [route.name for route in self.draft.book.routes if route.partner == rep.id]
        led = (
            self.tr("routes: {list}").format(list=", ".join(routes))
            if routes
            else self.tr("no route leads to them yet")
        )
        line = Line(rep.name, known.chips, led, known.what, known.then)
        changed = at < len(self.draft.book.people) and profile not in self.draft.shelf.live.people
        faults = [flaw.text for flaw in self.draft.flaws if flaw.at.startswith(f"people.{at}.")]
        return Shown(line, changed, " ".join(faults))

    def says(self, flaw: Flaw) -> bool:
        return flaw.section == self.section

    def open(self, at: int) -> None:
        """Say what a partner takes."""
        book = self.draft.book
        if book is None or not self.draft.may_edit or at >= len(self.partners):
            return
        rep = self.partners[at]
        place, profile = self._profile(rep)

        def with_it(new: Profile) -> tuple[Profile, ...]:
            people = self.draft.book.people if self.draft.book else ()
            return (*people[:place], new, *people[place + 1 :])

        def wrong(new: Profile) -> list[tuple[str, str]]:
            return self.draft.wrong_with(put(self.draft.book, "people", with_it(new)), f"people.{place}")

        asks = [one for one in profile_asks(self.around) if one.key != "rep"]
        sheet = AskSheet(self.window(), rep.name, asks, profile, wrong)
        sheet.said.connect(lambda new: self.draft.edit(put(self.draft.book, "people", with_it(new))))
        sheet.open()

    def _menu(self, at: int, _where: QPoint) -> None:
        self.open(at)
