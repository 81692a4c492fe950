"""The leads behind a number: a pane at the right with who they are, from which each can be opened."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QWidget

from app.domain.errors import AppError
from app.domain.lead import Lead
from app.domain.report import Asked, Behind, LeadsBehind, Segment
from app.ui.context import Context
from app.ui.panes import Pane
from app.ui.parts import Button, EmptyState, Skeleton
from app.ui.plain import PlainLabel
from app.ui.rows import Row, RowList
from app.ui.theme import SPACE, TEXT, Tint
from app.ui.times import day_and_time
from app.ui.wording import source_words, who

__all__ = ["BehindPane"]

WIDTH = 340
_STAGES: dict[str, Tint] = {"won": "good", "prospect": "cold", "lost": "grey", "unfit": "grey"}


class BehindPane(Pane):
    """The pane."""

    closed = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__("left", parent, pad=0)
        self.setFixedWidth(WIDTH)
        self._context = context
        self._asked_at = 0
        head = QHBoxLayout()
        head.setContentsMargins(SPACE.pad, SPACE.snug, SPACE.gap, 0)
        self.title = PlainLabel("", size=TEXT.strong, weight=700, wrap=True, lines=3)
        head.addWidget(self.title, 1)
        shut = Button("✕", "link", self, press=self.closed.emit, height=28, name=self.tr("Close"))
        head.addWidget(shut, 0, Qt.AlignmentFlag.AlignTop)
        self.inside.addLayout(head)
        self.count = PlainLabel("", size=TEXT.small, ink="ink_soft")
        self.count.setContentsMargins(SPACE.pad, 0, SPACE.pad, SPACE.tight)
        self.inside.addWidget(self.count)
        middle = QWidget(self)
        self._pages = QStackedLayout(middle)
        self._loading = Skeleton(8, middle, row_height=58, name=self.tr("Loading"))
        self.list = RowList(middle, name=self.tr("Leads behind the number"))
        self._empty = EmptyState("reports", self.tr("Nobody"), "")
        for page in (self._loading, self.list, self._empty):
            self._pages.addWidget(page)
        self.inside.addWidget(middle, 1)
        self.list.doubleClicked.connect(lambda _index: self._open())
        self.open_button = Button(self.tr("Open the lead"), "dark", self, press=self._open)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACE.pad, SPACE.gap, SPACE.pad, SPACE.pad)
        foot.addWidget(self.open_button)
        self.inside.addLayout(foot)
        self.hide()

    def show_leads(self, title: str, asked: Asked, segment: Segment) -> None:
        """Ask for those of a number, and show them; a question before it is left."""
        self._asked_at += 1
        number = self._asked_at
        self.title.setText(title)
        self.count.setText("")
        self.open_button.setEnabled(False)
        self._pages.setCurrentWidget(self._loading)
        self.show()
        self._context.relay.ask(
            LeadsBehind(asked=asked, segment=segment),
            lambda behind: self._take(number, behind),
            lambda error: self._fail(number, error),
            owner=self,
        )

    def _take(self, number: int, behind: Behind) -> None:
        if number != self._asked_at:
            return
        shown, total = len(behind.leads), behind.total
        words = self.tr("{n} leads") if shown == total else self.tr("the latest {shown} of {n} leads")
        self.count.setText(words.format(n=f"{total:,}", shown=f"{shown:,}"))
        self.list.set_rows([self._row(lead) for lead in behind.leads])
        self.open_button.setEnabled(bool(behind.leads))
        self._empty.text.setText(self.tr("No lead is counted here any more."))
        self._pages.setCurrentWidget(self.list if behind.leads else self._empty)
        if behind.leads:
            self.list.choose(behind.leads[0].id)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail(self, number: int, error: AppError) -> None:
        if number == self._asked_at:
            self._empty.text.setText(error.message)
            self._pages.setCurrentWidget(self._empty)

    def _row(self, lead: Lead) -> Row:
        now = self._context.now()
        company = lead.company.strip()
        return Row(
            key=lead.id,
            title=who(lead) + (f" · {company}" if company else ""),
            detail=source_words(lead),
            right=day_and_time(lead.captured_at, now),
            chip=(lead.stage.value, _STAGES.get(lead.stage.value, "warm")),
        )

    def _open(self) -> None:
        if self.list.key:
            self._context.show_lead(self.list.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
