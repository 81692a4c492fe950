"""What happened to the lead on show: its history, why its deadline was missed, and why whoever has it has it.

Asks the floor for the history; while that is on its way a skeleton stands in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.events import Entry
from app.domain.lead import Lead
from app.domain.questions import History, LeadHistory
from app.ui.context import Context
from app.ui.giving import Giving
from app.ui.lag_words import why_missed
from app.ui.parts import Button, SectionHead, Skeleton
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE
from app.ui.timeline import Timeline

if TYPE_CHECKING:
    from app.ui.why_sheet import WhySheet

__all__ = ["Past", "why_title"]

_SKELETON_AFTER_MS = 120
"""A history that comes sooner shows no skeleton, so that moving through the list does not flicker."""


def why_title(lead: Lead, me: str) -> str:
    """What the person here asks of this lead."""
    tr = QCoreApplication.translate
    if lead.owner == me:
        return tr("why", "Why me?")
    return tr("why", "Why not me?") if lead.owner else tr("why", "Why nobody?")


class Past(QWidget):
    """The lower part of the lead card."""

    told = Signal(object)
    """The `History` of the lead on show is here."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._lead_id = ""
        self._entries: Sequence[Entry] = ()
        self._asked = ""
        self._stale = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.snug)
        self.head = SectionHead(self.tr("Timeline"), "", self)
        self.missed = PlainLabel("", self, ink="danger", wrap=True, lines=3)
        self.why = Button("", "link", self, key="W", height=24, press=self.ask_why)
        self.timeline = Timeline(self)
        self.skeleton = Skeleton(5, self, row_height=29, name=self.tr("The history is loading"))
        self.trouble = PlainLabel("", self, ink="danger", wrap=True, lines=3)
        column.addWidget(self.head)
        column.addWidget(self.missed)
        self.giving = Giving(context, self)
        self.give = Button(self.tr("Give to…"), "link", self, key="G", height=24)
        self.give.clicked.connect(lambda: self.giving.give(self._lead_id))
        self.decline = Button(self.tr("Decline…"), "link", self, key="D", height=24)
        self.decline.clicked.connect(lambda: self.giving.decline(self._lead_id))
        row = QHBoxLayout()
        row.setSpacing(SPACE.gap)
        for button in (self.why, self.give, self.decline):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        for part in (self.timeline, self.skeleton, self.trouble):
            column.addWidget(part)
        self.why_sheet: WhySheet | None = None
        """What `ask_why` opened last."""
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SKELETON_AFTER_MS)
        self._slow.timeout.connect(lambda: self._show("skeleton"))

    def show_lead(self, lead_id: str) -> None:
        """Show the history of another lead."""
        self._lead_id, self._entries = lead_id, ()
        if not lead_id:
            return
        self.timeline.show_entries((), self._context.now())
        self.head.set(self.tr("Timeline"), "")
        self.missed.hide()
        for button in (self.why, self.give, self.decline):
            button.hide()
        self._show("timeline")
        self._slow.start()
        self.ask()

    def ask(self) -> None:
        """Ask for the history of the lead on show, or once more when the answer to the last question is here."""
        if self._asked:
            self._stale = True
            return
        self._asked, self._stale = self._lead_id, False
        self._context.relay.ask(LeadHistory(lead_id=self._lead_id), self._answered, self._failed)

    def ask_why(self) -> None:
        """Why me, why not me: the decisions about whose this lead is."""
        lead = self._context.board.leads.get(self._lead_id) or self._lead
        if lead is not None and self._entries:
            from app.ui.why_sheet import WhySheet

            context, entries = self._context, self._entries
            title, now = why_title(lead, context.me), context.now()

            def made(over: QWidget) -> WhySheet:
                self.why_sheet = WhySheet(over, title, lead, entries, context.me, now)
                return self.why_sheet

            context.shell.open_over(made)

    _lead: Lead | None = None
    """The lead as its history had it."""

    def _answered(self, history: History) -> None:
        asked, self._asked = self._asked, ""
        if asked == self._lead_id:
            self._slow.stop()
            self._entries, self._lead = history.entries, history.lead
            self.told.emit(history)
            self.timeline.show_entries(history.entries, self._context.now(), history.lag)
            missed = why_missed(history.lag) if history.lag is not None else ""
            self.missed.setText(self.tr("Missed: {why}").format(why=missed))
            self.missed.setVisible(bool(missed))
            self.why.set_words(why_title(history.lead, self._context.me))
            self.why.show()
            self.give.setVisible(self.giving.can_give(asked))
            self.decline.setVisible(self.giving.can_decline(asked))
            count = len(history.entries)
            words = self.tr("1 event") if count == 1 else self.tr("{n} events").format(n=count)
            self.head.set(self.tr("Timeline"), words)
            self._show("timeline")
        if self._lead_id and (asked != self._lead_id or self._stale):
            self.ask()

    def _failed(self, error: AppError) -> None:
        asked, self._asked = self._asked, ""
        if asked == self._lead_id:
            self._slow.stop()
            self.trouble.setText(error.message)
            self._show("trouble")
        elif self._lead_id:
            self.ask()

    def _show(self, what: str) -> None:
        parts = {"timeline": self.timeline, "skeleton": self.skeleton, "trouble": self.trouble}
        for name, part in parts.items():
            part.setVisible(name == what)
