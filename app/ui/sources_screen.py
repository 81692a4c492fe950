"""The ways in: each with what came by it, its addresses, and what to paste where.

The list is asked for when the screen is shown, and again, a little later, when inquiries have come in.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.commands import AddSource, ChangeSource, EnterCosts, Made
from app.domain.errors import AppError
from app.domain.events import (
    InquiryPutAside,
    InquiryToReview,
    LeadAskedAgain,
    LeadCaptured,
    SourceAdded,
    SourceChanged,
)
from app.domain.lead import Source
from app.domain.questions import AllSources, SourceLine, SourceList
from app.floor.board import Changes
from app.floor.floor import Receipt
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.costs_sheet import CostsSheet
from app.ui.panes import Pane, Trouble
from app.ui.parts import Button, EmptyState, Scroller, Skeleton
from app.ui.plain import ask
from app.ui.rights import guard
from app.ui.rows import Row, RowList
from app.ui.sources_parts import SourcePage, SourceSheet, last_words
from app.ui.theme import SPACE
from app.ui.wording import channel_name

__all__ = ["SourcesScreen"]

LIST_WIDTH, NARROW_LIST = 312, 220
NARROW = 1000
REFRESH_MS = 1000
_EVENTS = (LeadCaptured, LeadAskedAgain, InquiryToReview, InquiryPutAside, SourceAdded, SourceChanged)


class SourcesScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._lines: dict[str, SourceLine] = {}
        self._wanted = ""
        self._asking = self._stale = False
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        left = self._side = Pane("right", self, pad=0)
        left.setFixedWidth(LIST_WIDTH)
        self.list = RowList(left, name=self.tr("Ways in"))
        self.list.chosen.connect(self._show)
        left.inside.addWidget(self.list, 1)
        whole.addWidget(left)
        middle = QWidget(self)
        self._pages = QStackedLayout(middle)
        loading = QWidget(middle)
        column = QVBoxLayout(loading)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, 0)
        column.addWidget(Skeleton(8, loading, name=self.tr("Loading")))
        column.addStretch(1)
        self.page = SourcePage(middle)
        self.page.change.connect(self._change)
        self.page.switch.connect(self._switch)
        self.page.copied.connect(self._tell_copied)
        self._scroller = Scroller(self.page)
        told = self.tr("Each way in has an address of its own: a web form, a connected system, Google Ads.")
        self._empty = EmptyState("sources", self.tr("No way in yet"), told, self.tr("Add a way in"), self.add)
        self._trouble = Trouble(self.refresh)
        for page in (loading, self._scroller, self._empty, self._trouble):
            self._pages.addWidget(page)
        whole.addWidget(middle, 1)
        self._tools = QWidget(self)
        self._tools.hide()
        self.add_button = Button(self.tr("Add a way in"), "primary", self._tools, key="A", press=self.add)
        guard(context, self.add_button, AddSource)
        for button in (self.page.change_button, self.page.switch_button):
            guard(context, button, ChangeSource)
        self.costs_button = Button(self.tr("Costs…"), "quiet", self._tools, key="C", press=self.costs)
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(SPACE.gap)
        tools.addWidget(self.costs_button)
        tools.addWidget(self.add_button)
        guard(context, self.costs_button, EnterCosts)
        self._refreshing = QTimer(self, singleShot=True)
        self._refreshing.setInterval(REFRESH_MS)
        self._refreshing.timeout.connect(self.refresh)
        context.board_changed.connect(self._changed)
        context.shell.screen_shown.connect(self._put_tools)
        group = self.tr("Sources")
        add = Action(
            id="sources.add",
            title=self.tr("Add a way in"),
            run=self.add,
            keys=("A",),
            group=group,
            where="sources",
            says=AddSource,
            hint=self.tr("add a way in"),
        )
        costs = Action(
            id="sources.costs",
            title=self.tr("Enter what leads cost"),
            run=self.costs,
            keys=("C",),
            group=group,
            where="sources",
            says=EnterCosts,
            hint=self.tr("enter costs"),
        )
        context.actions.while_shown(self, [add, costs])

    @Slot(str)
    def _put_tools(self, screen: str) -> None:
        if screen == "sources":
            self._context.shell.set_tools(self._tools)
            self._tell_totals()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._side.setFixedWidth(LIST_WIDTH if self.width() >= NARROW else NARROW_LIST)

    # what there is

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._refreshing.stop()

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        touched = changes.snapshot or any(isinstance(entry.event, _EVENTS) for entry in changes.entries)
        if touched and self.isVisible() and not self._refreshing.isActive():
            self._refreshing.start()

    def refresh(self) -> None:
        """Ask the floor for the ways in."""
        if self._asking:
            self._stale = True
            return
        self._asking, self._stale = True, False
        self._context.relay.ask(AllSources(), self._take, self._failed)

    def _take(self, found: SourceList) -> None:
        self._asking = False
        self._lines = {line.source.id: line for line in found.lines}
        now = self._context.now()
        self.list.set_rows(
            [
                Row(
                    key=line.source.id,
                    title=line.source.name,
                    detail=f"{channel_name(line.source.channel)} · {last_words(line, now)}",
                    right=f"{line.inquiries:,}",
                    chip=None if line.source.active else (self.tr("off"), "grey"),
                    faint=not line.source.active,
                )
                for line in found.lines
            ]
        )
        if self._wanted in self._lines:
            self.list.choose(self._wanted)
            self._wanted = ""
        self._show(self.list.key)
        self._tell_totals()
        if self._stale:
            self.refresh()

    def _failed(self, error: AppError) -> None:
        self._asking = False
        self._trouble.tell(error.message)
        self._pages.setCurrentWidget(self._trouble)

    def _tell_totals(self) -> None:
        if self._context.shell.shown == "sources" and self._lines:
            active = sum(line.source.active for line in self._lines.values())
            count = sum(line.inquiries for line in self._lines.values())
            words = self.tr("{n} switched on · {count} inquiries by now")
            self._context.shell.set_header(note=words.format(n=active, count=f"{count:,}"))

    @Slot(str)
    def _show(self, key: str) -> None:
        line = self._lines.get(key)
        if line is None:
            self._pages.setCurrentWidget(self._empty)
            return
        self.page.show_source(line, self._context.capture_url, self._context.now())
        self._pages.setCurrentWidget(self._scroller)

    @Slot(str)
    def _tell_copied(self, name: str) -> None:
        self._context.shell.notice(self.tr("Copied: {what}").format(what=name), milliseconds=3_000)

    # what is done with it

    def add(self) -> None:
        """Ask for a new way in."""
        sheet = SourceSheet(self)
        sheet.said.connect(self._add)
        sheet.open()

    def costs(self) -> None:
        """Open the sheet of what leads cost."""
        CostsSheet(self, self._context).open()

    @Slot(str, str, str, str)
    def _add(self, name: str, channel: str, secret: str, other: str) -> None:
        command = AddSource(name=name, channel=channel, secret=secret, other_secret=other)
        self._context.relay.do(command, self._done, owner=self)

    @Slot()
    def _change(self) -> None:
        line = self._lines.get(self.list.key)
        if line is not None:
            sheet = SourceSheet(self, line.source)
            sheet.said.connect(partial(self._save, line.source))
            sheet.open()

    def _save(self, source: Source, name: str, _channel: str, secret: str, other: str) -> None:
        self._send(replace(source, name=name, secret=secret, other_secret=other))

    @Slot()
    def _switch(self) -> None:
        line = self._lines.get(self.list.key)
        if line is None:
            return
        source = line.source
        if not source.active:
            self._send(replace(source, active=True))
            return
        title = self.tr("Switch “{name}” off?").format(name=source.name)
        text = self.tr("Whoever sends to it gets an error from then on, and their inquiries are not kept.")

        def then(yes: bool) -> None:
            if yes:
                self._send(replace(source, active=False))

        ask(self, title, text, self.tr("Switch off"), self.tr("Cancel"), then)

    def _send(self, source: Source) -> None:
        """Make the way in what it is here."""
        command = ChangeSource(
            source_id=source.id,
            name=source.name,
            secret=source.secret,
            other_secret=source.other_secret,
            per_minute=source.per_minute,
            active=source.active,
        )
        self._context.relay.do(command, self._done, owner=self)

    def _done(self, receipt: Receipt[Made]) -> None:
        self._wanted = receipt.value.id
        self.refresh()
