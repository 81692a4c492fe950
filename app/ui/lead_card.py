"""The lead card at the right: who it is, ways to reach them, what they asked, facts, outcomes, notes,
history.

It shows the lead as the board has it, and its history below (`lead_past.py`). What the person does is told by
signals. A lead that is somebody else's, or closed, can be read but not worked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.domain.commands import AddNote, CorrectLead, StartAttempt
from app.domain.lead import Lead
from app.domain.order import Bucket, place
from app.domain.questions import History
from app.ui import theme
from app.ui.clock_strip import ClockStrip
from app.ui.clocks import Clocks
from app.ui.context import Context
from app.ui.lead_edit import LeadEdit
from app.ui.lead_facts import Answers, Facts
from app.ui.lead_past import Past
from app.ui.notes import Drafts, NoteBox
from app.ui.outcome_sheet import Outcomes
from app.ui.parts import Button, EmptyState, Quote, TierChip
from app.ui.parts_flow import Scroller
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.ui.wording import clock_cell, who

__all__ = ["LeadCard", "Room"]

Room = Literal["wide", "narrow", "whole"]
_WIDTHS: dict[Room, int] = {"wide": 452, "narrow": 384}
_ANY = 16_777_215


class LeadCard(QWidget):
    """One lead, or the place where one will be."""

    wanted = Signal(str)
    """A way to reach them: call, email, text."""
    said = Signal(object)
    note_kept = Signal(str)
    corrected = Signal(object, object)
    left = Signal()
    """Esc in one of the card's fields: the keyboard goes back to the list."""

    def __init__(
        self, context: Context, drafts: Drafts, clocks: Clocks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._clocks = context, clocks
        self._lead: Lead | None = None
        self._lead_id = ""
        self._read_only = False
        self._awaits: frozenset[str] = frozenset()
        self.setAccessibleName(self.tr("Lead"))
        self._pages = QStackedLayout(self)
        self._pages.addWidget(
            EmptyState(
                "queue", self.tr("No lead chosen"), self.tr("Choose one in the list to see who it is.")
            )
        )
        self._pages.addWidget(self._build(drafts))

    def _build(self, drafts: Drafts) -> QWidget:
        page = QWidget(self)
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        top = QVBoxLayout()
        top.setContentsMargins(20, 18, 20, 14)
        top.setSpacing(SPACE.hair)
        self.back = Button(self.tr("← Queue"), "link", page, height=24)
        self.back.hide()
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout()
        line.setSpacing(SPACE.gap)
        self.name = PlainLabel("", page, size=TEXT.card, weight=700, copyable=True)
        self.mark = TierChip("COLD", parent=page)
        line.addWidget(self.name, 1)
        line.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(line)
        self.role = PlainLabel("", page, ink="ink_soft")
        top.addWidget(self.role)
        self.whose = PlainLabel("", page, ink="warm", weight=500, wrap=True, lines=2)
        top.addWidget(self.whose)
        top.addSpacing(SPACE.snug)
        ways = QHBoxLayout()
        ways.setSpacing(SPACE.gap)
        self.ways: dict[str, Button] = {}
        for way, words, key in (
            ("call", self.tr("Call"), "C"),
            ("email", self.tr("Email"), "E"),
            ("text", self.tr("Text"), "T"),
        ):
            button = Button(words, "dark" if way == "call" else "quiet", page, key=key, height=39)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked=False, way=way: self.wanted.emit(way))
            ways.addWidget(button, 1)
            self.ways[way] = button
        top.addLayout(ways)
        self.clock = ClockStrip(self._clocks, page)
        top.addWidget(self.clock)
        whole.addLayout(top)
        whole.addWidget(self._build_scroll(page, drafts), 1)
        return page

    def _build_scroll(self, page: QWidget, drafts: Drafts) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 0, 20, 20)
        column.setSpacing(SPACE.snug)
        self.quote = Quote("", inner, lines=8)
        self.facts = Facts(inner)
        self.edit = LeadEdit(inner)
        self.outcomes = Outcomes(inner)
        self.notes = NoteBox(drafts, inner)
        self.answers = Answers(inner)
        self.past = Past(self._context, inner)
        self.correct = Button(
            self.tr("Correct details"),
            "quiet",
            inner,
            key="F2",
            spread=True,
            height=34,
            press=self.start_edit,
        )
        for part in (self.quote, self.facts, self.edit, self.outcomes):
            column.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(SPACE.small)
        row.addWidget(self.notes, 1)
        row.addWidget(self.correct, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(self.answers)
        column.addWidget(self.past)
        column.addStretch(1)
        self.scroller = Scroller(inner, page)
        # The bar takes its width out of the margin, so that nothing moves when it comes.
        bar = self.scroller.verticalScrollBar()
        bar.rangeChanged.connect(
            lambda _least, most: column.setContentsMargins(
                20, 0, 20 - (bar.sizeHint().width() if most else 0), 20
            )
        )
        self.past.told.connect(self._past_told)
        self._clocks.changed.connect(self._settle_clock)
        self.edit.saved.connect(self.corrected)
        self.edit.left.connect(self.end_edit)
        self.edit.left.connect(self.left)
        self.outcomes.said.connect(self.said)
        self.outcomes.sheet.left.connect(self.left)
        self.outcomes.opened.connect(self._show_sheet)
        self.notes.kept.connect(self.note_kept)
        self.notes.left.connect(self.left)
        self.notes.opened.connect(lambda opened: self.correct.setVisible(not opened))
        return self.scroller

    # -- what the screen says to it

    @property
    def lead(self) -> Lead | None:
        """The lead that is shown, as it is now; None before it is known."""
        return self._lead

    @property
    def lead_id(self) -> str:
        return self._lead_id

    def show_lead(self, lead_id: str) -> None:
        """Show this lead; the empty id shows that none is chosen."""
        if lead_id == self._lead_id:
            return
        self._lead_id, self._lead = lead_id, None
        self.end_edit()
        self.scroller.verticalScrollBar().setValue(0)
        if not lead_id:
            self._pages.setCurrentIndex(0)
            self.outcomes.set_lead(None, self._context.now)
            self.past.show_lead("")
            return
        self.notes.set_lead(lead_id)
        known = self._context.board.leads.get(lead_id)
        if known is not None:
            self._fill(known)
        self.past.show_lead(lead_id)

    def refresh(self, lead: Lead | None) -> None:
        """The lead on show has changed, or something was noted about it."""
        if lead is not None:
            self._fill(lead)
        self.past.ask()

    def relink(self) -> None:
        """The floor went away, or is back: what can be done has changed, and so may the history have."""
        if self._lead is not None:
            self._fill(self._lead)
            if self._context.live:
                self.past.ask()

    def tick(self, now: datetime, live: bool = True) -> None:
        """Time has passed."""
        lead = self._lead
        if lead is None:
            return
        self._mark(lead, now, live)
        self.facts.tick(now)

    def set_calling(self, calling: bool, alone: bool = False) -> None:
        """This lead's call runs or waits for its outcome: the outcomes end it. What they asked and the note
        have their own place then, unless the card stands alone.
        """
        here = not calling or alone
        self.notes.setVisible(here)
        self.quote.setVisible(here and bool(self._lead and self._lead.ask.strip()))
        words = self.tr("ends the call · press a number") if calling else self.tr("press a number")
        self.outcomes.head.set(self.tr("Outcome"), words)

    def set_busy(self, awaits: frozenset[str]) -> None:
        """Buttons wait whose answer is awaited: of "start", "outcome", "note", "correct"."""
        self._awaits = awaits
        self._settle_buttons()

    def _settle_buttons(self) -> None:
        lead, awaits = self._lead, self._awaits
        works = lead is not None and not self._read_only
        for way, button in self.ways.items():
            button.setEnabled(works and "start" not in awaits and lead is not None and _can(lead, way))
        self.outcomes.setEnabled(works and "outcome" not in awaits)
        self.notes.setEnabled(not self._context.why_not(AddNote))
        self.correct.setEnabled(not self._context.why_not(CorrectLead))
        self.notes.set_busy("note" in awaits)
        self.edit.set_busy("correct" in awaits)

    def start_edit(self) -> None:
        """Open the form for corrections."""
        if self._lead is not None and not self.edit.isVisible() and self.correct.isEnabled():
            self.facts.hide()
            self.edit.edit(self._lead)
            self.scroller.ensureWidgetVisible(self.edit)

    def end_edit(self) -> None:
        """Close the form."""
        self.edit.hide()
        self.facts.show()

    # -- filling

    def _fill(self, lead: Lead) -> None:
        now = self._context.now()
        self._lead = lead
        self._pages.setCurrentIndex(1)
        self.name.setText(who(lead))
        role = " · ".join(text for text in (lead.title, lead.company) if text.strip())
        self.role.setText(role)
        self.role.setVisible(bool(role))
        whose = self._whose(lead)
        self._read_only = bool(whose)
        self.whose.setText(whose)
        self.whose.setVisible(bool(whose))
        self._mark(lead, now, self._context.live)
        self.quote.set(f"“{lead.ask.strip()}”" if lead.ask.strip() else "")
        self.quote.setVisible(bool(lead.ask.strip()))
        self.facts.show_lead(lead, now)
        self.answers.show_answers(lead.answers)
        self.outcomes.set_lead(lead, self._context.now)
        self._settle_buttons()

    def _whose(self, lead: Lead) -> str:
        """Why this lead can't be worked here; empty when it can."""
        refusal = self._context.why_not(StartAttempt)
        if refusal:
            return refusal
        if not lead.is_open:
            return self.tr("This lead is closed.")
        if lead.owner and lead.owner != self._context.me:
            rep = self._context.board.reps.get(lead.owner)
            return self.tr("{name} has this lead.").format(name=rep.name if rep else self.tr("Somebody else"))
        if lead.offered and self._context.me not in lead.offered:
            return self.tr("This lead is offered to others.")
        return self._context.why_not_claimed(lead)

    def _settle_clock(self) -> None:
        self.clock.show_lead(self._lead, self._context.now())

    def _mark(self, lead: Lead, now: datetime, live: bool) -> None:
        self.clock.show_lead(lead, now)
        if not lead.is_open:
            self.mark.set_tier(lead.tier.value)
            return
        where = place(lead, now, self._context.board.rulebook, self._context.me)
        words, tone = clock_cell(lead, where, now)
        after = words if live and (tone != "quiet" or where.bucket is Bucket.WAITING) else ""
        self.mark.set_tier(lead.tier.value, after)
        if tone == "breached" and live:
            self.mark.set(f"{lead.tier.value} {words}", "danger")

    def _show_sheet(self) -> None:
        # After the layout has given the sheet its place.
        QTimer.singleShot(0, self, self._bring_sheet)

    def _bring_sheet(self) -> None:
        for part in (self.outcomes, self.outcomes.sheet):
            self.scroller.ensureWidgetVisible(part, 0, SPACE.gap)

    def set_room(self, room: Room) -> None:
        """Take a fixed width beside the list, or the whole window; then there is a way back to the list."""
        self.setMinimumWidth(_WIDTHS.get(room, 0))
        self.setMaximumWidth(_WIDTHS.get(room, _ANY))
        self.back.setVisible(room == "whole")

    def _past_told(self, history: History) -> None:
        self._clocks.learn(history.entries)
        if self._lead is None or history.lead.version > self._lead.version:
            self._fill(history.lead)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTHS["wide"], 700)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), look.card)
        painter.fillRect(0, 0, 1, self.height(), look.line)


def _can(lead: Lead, way: str) -> bool:
    """Whether there is such a way, and they did not ask not to be reached by it."""
    if way == "email":
        return bool(lead.email) and not lead.no_email
    return bool(lead.phone) and not lead.no_call
