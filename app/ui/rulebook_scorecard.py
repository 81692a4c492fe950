"""What the scorecard's rule would have made of the last frozen week, beside the scores as they were frozen.

The frozen page is asked for once; each change of the rule scores it again beside the window, a moment after the last
key. Frozen scores stay what they are.
"""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.errors import AppError
from app.domain.questions import FrozenPage, FrozenWeek, FrozenWeeks, WeekShelf
from app.domain.report import Table
from app.domain.scorecard import Scorecard, scorecard_flaws
from app.domain.week import WeekPage, page_of
from app.domain.week_tried import counts_otherwise, tried, tried_words
from app.ui.context import Context
from app.ui.panes import titled
from app.ui.plain import PlainLabel
from app.ui.reports_hover import Hover
from app.ui.reports_table import TableView
from app.ui.rulebook_cards import Part
from app.ui.rulebook_draft import RulebookDraft

__all__ = ["ScoredWeek"]

_WAIT_MS = 150
"""After the last key."""


class ScoredWeek(Part):
    """The card."""

    section = "scorecard"

    def __init__(self, draft: RulebookDraft, context: Context, parent: QWidget) -> None:
        super().__init__(draft, parent)
        self._context = context
        self.page: WeekPage | None = None
        self._scored: Scorecard | None = None
        self.head = titled(self, self.tr("The last frozen week by this rule"))
        self.words = PlainLabel("", self, ink="ink_soft", wrap=True, lines=3)
        self.table = TableView(self, Hover(self))
        self.table.hide()
        self.inside.addWidget(self.words)
        self.inside.addWidget(self.table)
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._score)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._context.relay.ask(FrozenWeeks(), self._take_shelf, self._failed, owner=self)

    def _take_shelf(self, shelf: WeekShelf) -> None:
        weeks = [line.week for line in shelf.weeks if any(not rep_id for rep_id, _ in line.pages)]
        if not weeks:
            self.words.setText(
                self.tr("No week is frozen yet. Once one is, everybody's score stands here: as it was frozen, "
                        "and as this rule would have it.")
            )  # fmt: skip
        elif self.page is None or self.page.week != weeks[0]:
            self._context.relay.ask(FrozenWeek(week=weeks[0]), self._take, self._failed, owner=self)

    def _take(self, kept: FrozenPage) -> None:
        self._context.relay.run(lambda: page_of(kept.body), self._take_page, self._failed, owner=self)

    def _take_page(self, page: WeekPage) -> None:
        self.page, self._scored = page, None
        self.head.set(
            self.tr("Week {week} by this rule").format(week=page.week),
            self.tr("frozen by rulebook {n}").format(n=page.rulebook),
        )
        self._score()

    def _failed(self, error: AppError) -> None:
        self.words.setText(error.message)

    def refresh(self) -> None:
        if self.draft.book is not None and self.page is not None:
            self._timer.start()

    @Slot()
    def _score(self) -> None:
        page, book = self.page, self.draft.book
        if page is None or book is None or book.scorecard == self._scored:
            return
        rule = self._scored = book.scorecard
        if any(scorecard_flaws(rule)):
            self.table.hide()
            self.words.setText(self.tr("Once what is marked is put right, the scores stand here again."))
            return
        self._context.relay.run(
            lambda: tried(page, rule), lambda table: self._show(rule, table), self._failed, owner=self
        )

    def _show(self, rule: Scorecard, table: Table) -> None:
        if rule != self._scored or self.page is None:
            return  # the rule has become another meanwhile
        said = tried_words(table)
        if counts_otherwise(self.page, rule):
            said += " " + self.tr(
                "How long a call and a conversation must be holds from the next week on: this one is counted."
            )
        self.words.setText(said)
        self.table.show_table(table)
        self.table.show()
