"""The review: inquiries that could not be understood wait here until a person has seen to them.

At the left they stand in a list, newest first; in the middle is what came in; at the right it is set right
and becomes a lead. What was put aside is a switch away and can be brought back. Nothing is ever lost here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.commands import Captured, Made, PutInquiryAside, ReplayInquiry
from app.domain.errors import AppError
from app.domain.events import InquiryPutAside, InquiryReplayed, InquiryToReview
from app.domain.inquiry import Draft, InquiryState
from app.domain.questions import InquiriesIn, InReview, Waiting
from app.floor.board import Changes
from app.floor.floor import Receipt
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.panes import Choices, Pane, Trouble
from app.ui.parts import EmptyState, Scroller, Skeleton
from app.ui.plain import PlainLabel, one_line
from app.ui.review_parts import AsideSheet, Correction, Original, headline
from app.ui.rights import guard
from app.ui.rows import Row, RowList
from app.ui.theme import SPACE, TEXT
from app.ui.times import day_and_time
from app.ui.wording import channel_name

__all__ = ["ReviewScreen"]

LIMIT = 200
LIST_WIDTH, NARROW_LIST = 312, 220
NARROW = 1000
"""A narrower screen has the form below what came in."""
_EVENTS = (InquiryToReview, InquiryPutAside, InquiryReplayed)


class ReviewScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._state = InquiryState.REVIEW
        self._waiting: dict[str, Waiting] = {}
        self._shown = ""
        self._stale = True
        self._asking = False
        self._narrow = False
        whole = self._whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._side = self._left()
        whole.addWidget(self._side)
        middle = QWidget(self)
        self._pages = QStackedLayout(middle)
        loading = QWidget(middle)
        column = QVBoxLayout(loading)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, 0)
        column.addWidget(Skeleton(8, loading, name=self.tr("Loading")))
        column.addStretch(1)
        self._empty = EmptyState("check", "", "")
        self._trouble = Trouble(self.refresh)
        self.original = Original(middle)
        self._page = Scroller(self.original)
        for page in (loading, self._page, self._empty, self._trouble):
            self._pages.addWidget(page)
        whole.addWidget(middle, 1)
        self.correction = Correction(self)
        whole.addWidget(self.correction)
        self.correction.hide()
        self.correction.made.connect(self._make)
        self.correction.again.connect(self._read_again)
        self.correction.aside.connect(self._ask_why)
        guard(context, self.correction.aside_button, PutInquiryAside)
        context.board_changed.connect(self._changed)
        context.actions.while_shown(self, self._actions())

    def _left(self) -> QWidget:
        left = Pane("right", self, pad=0)
        left.setFixedWidth(LIST_WIDTH)
        head = QVBoxLayout()
        head.setContentsMargins(SPACE.pad, SPACE.pad, SPACE.pad, SPACE.gap)
        head.setSpacing(SPACE.gap)
        waiting, aside = InquiryState.REVIEW.value, InquiryState.ASIDE.value
        self.switch = Choices(
            ((waiting, self.tr("Waiting")), (aside, self.tr("Put aside"))), name=self.tr("Shown")
        )
        self.switch.choose(waiting)
        self.switch.picked.connect(self._switch)
        self._count = PlainLabel("", size=TEXT.small, ink="ink_soft")
        head.addWidget(self.switch)
        head.addWidget(self._count)
        left.inside.addLayout(head)
        self.list = RowList(left, name=self.tr("Inquiries"))
        self.list.chosen.connect(self._choose)
        left.inside.addWidget(self.list, 1)
        return left

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self._side.setFixedWidth(NARROW_LIST if narrow else LIST_WIDTH)
            self.correction.set_narrow(narrow)
            if narrow:
                self.original.column.addWidget(self.correction)
            else:
                self._whole.addWidget(self.correction)
            self.correction.setVisible(bool(self._shown))  # moving it has hidden it

    # what there is

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._stale:
            self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._stale = True  # the floor goes on while nobody looks

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        touched = any(isinstance(entry.event, _EVENTS) for entry in changes.entries)
        if not (changes.snapshot or changes.review or touched):
            return
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Ask the floor what waits."""
        if self._asking:
            self._stale = True
            return
        self._asking, self._stale = True, False
        question = InquiriesIn(state=self._state, limit=LIMIT)
        self._context.relay.ask(
            question, partial(self._take, self._state), partial(self._failed, self._state), owner=self
        )

    def _take(self, state: InquiryState, found: InReview) -> None:
        self._asking = False
        if state is not self._state:
            self.refresh()
            return
        self._waiting = {waiting.inquiry.id: waiting for waiting in found.waiting}
        now = self._context.now()
        self.list.set_rows(
            [
                Row(
                    key=waiting.inquiry.id,
                    title=headline(waiting),
                    detail=waiting.why or channel_name(waiting.inquiry.channel),
                    right=day_and_time(waiting.inquiry.received_at, now),
                    faint=state is InquiryState.ASIDE,
                )
                for waiting in found.waiting
            ]
        )
        self._count.setText(self._count_words(len(found.waiting), found.total))
        self._show(self.list.key)
        if self._stale:
            self.refresh()

    def _failed(self, state: InquiryState, error: AppError) -> None:
        self._asking = False
        self._stale = True
        if state is self._state:
            self._trouble.tell(error.message)
            self._pages.setCurrentWidget(self._trouble)
            self.correction.hide()

    def _count_words(self, shown: int, total: int) -> str:
        if total > shown:
            return self.tr("the newest {n} of {total}").format(n=shown, total=f"{total:,}")
        if self._state is InquiryState.ASIDE:
            return self.tr("{n} put aside").format(n=total)
        return self.tr("{n} waiting").format(n=total)

    @Slot(str)
    def _switch(self, key: str) -> None:
        state = InquiryState(key)
        if state is not self._state:
            self._state = state
            self._waiting = {}
            self.list.set_rows([])
            self._pages.setCurrentIndex(0)
            self.correction.hide()
            self.refresh()

    # the chosen one

    @Slot(str)
    def _choose(self, key: str) -> None:
        if key in self._waiting:
            self._show(key)

    def _show(self, key: str) -> None:
        waiting = self._waiting.get(key)
        self.correction.setVisible(waiting is not None)
        if waiting is None:
            self._shown = ""
            self._show_empty()
            return
        self._pages.setCurrentWidget(self._page)
        self.original.show_inquiry(waiting, self._context.now())
        if key != self._shown:  # what is being typed is left alone
            self._shown = key
            self.correction.show_draft(waiting)

    def _show_empty(self) -> None:
        if self._state is InquiryState.ASIDE:
            title = self.tr("Nothing was put aside")
            text = self.tr("Spam and robots' inquiries are kept here, with the reason.")
        else:
            title = self.tr("Nothing waits in review")
            text = self.tr("What can't be understood is kept here, byte for byte, until you see to it.")
        self._empty.title.setText(title)
        self._empty.text.setText(text)
        self._pages.setCurrentWidget(self._empty)

    # what is done with it

    @Slot(object)
    def _make(self, draft: Draft) -> None:
        self._replay(draft)

    @Slot()
    def _read_again(self) -> None:
        self._replay(None)

    def _replay(self, draft: Draft | None) -> None:
        if self._shown:
            self.correction.set_busy(True)
            command = ReplayInquiry(inquiry_id=self._shown, draft=draft)
            self._context.relay.do(command, self._replayed, self._refused)

    def _replayed(self, receipt: Receipt[Captured]) -> None:
        self.correction.set_busy(False)
        became, shell = receipt.value, self._context.shell
        show = partial(self._context.show_lead, became.lead_id)
        if became.state is InquiryState.LEAD:
            shell.notice(self.tr("It is a lead now."), self.tr("Open"), show)
        elif became.state in (InquiryState.JOINED, InquiryState.REPEAT):
            shell.notice(self.tr("It belongs to a lead that is here already."), self.tr("Open"), show)
        elif became.state is InquiryState.ASIDE:
            shell.notice(self.tr("It was put aside: {why}").format(why=one_line(became.why, 120)))
        else:
            shell.notice(self.tr("It still can't be read: {why}").format(why=one_line(became.why, 120)))
        if became.state is not self._state:
            self._shown = ""
        self.refresh()

    def _refused(self, error: AppError) -> None:
        self.correction.set_busy(False)
        self._context.shell.notice(f"{error.title}: {error.message}")
        self.refresh()

    @Slot()
    def _ask_why(self) -> None:
        """Ask for the reason first; it is kept with the inquiry."""
        if not self._shown or self._state is not InquiryState.REVIEW:
            return
        sheet = AsideSheet(self)
        sheet.said.connect(partial(self._put_aside, self._shown))
        sheet.open()

    def _put_aside(self, inquiry_id: str, why: str) -> None:
        self.correction.set_busy(True)
        command = PutInquiryAside(inquiry_id=inquiry_id, why=why)
        self._context.relay.do(command, self._was_put_aside, self._refused)

    def _was_put_aside(self, _receipt: Receipt[Made]) -> None:
        self.correction.set_busy(False)
        self._context.shell.notice(self.tr("It was put aside."))
        self._shown = ""
        self.refresh()

    # keys

    def _actions(self) -> list[Action]:
        group = self.tr("Review")

        def has_one() -> bool:
            return bool(self._shown)

        tr, make = self.tr, self.correction.make

        def action(
            name: str,
            title: str,
            run: Callable[[], object],
            key: str,
            hint: str,
            says: type[Any] = ReplayInquiry,
        ) -> Action:
            return Action(
                id=f"review.{name}",
                title=title,
                run=run,
                keys=(key,),
                group=group,
                where="review",
                enabled=has_one,
                hint=hint,
                says=says,
            )

        return [
            action("make", tr("Make a lead of it"), make, "Ctrl+Return", tr("make a lead")),
            action("again", tr("Read it again"), self._read_again, "R", tr("read again")),
            action("aside", tr("Put it aside"), self._ask_why, "A", tr("put aside"), PutInquiryAside),
        ]
