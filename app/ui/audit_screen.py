"""The journal on the screen: who did what when, filtered, checked by its chain, and taken away as a file.

Newest first, a page at a time. A check computes the chain over the whole journal anew and says the head, which
may be written down and compared another day. What is taken away is itself an entry.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.commands import ExportJournal
from app.domain.errors import AppError
from app.domain.events import Entry
from app.domain.journal import Part
from app.domain.questions import Facts, FloorFacts, JournalPage, ReadJournal
from app.floor.board import Changes
from app.ui.actions import Action
from app.ui.audit_job import AuditJob
from app.ui.audit_parts import EntryPane, Filters, who_words
from app.ui.context import Context
from app.ui.event_words import line_of
from app.ui.panes import Trouble
from app.ui.parts import Banner, Button, Card, EmptyState, Skeleton
from app.ui.rights import guard
from app.ui.rows import Row, RowList
from app.ui.theme import SPACE
from app.ui.times import day_and_time

__all__ = ["AuditScreen"]

PAGE = 200


class AuditScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._entries: list[Entry] = []
        self._leads: dict[str, str] = {}
        self._part = Part()
        self._asked = 0
        self.job = AuditJob(context.floor, self)
        self.job.finished.connect(self._exported)
        self.job.failed.connect(self._not_done)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        left.setSpacing(SPACE.snug)
        self.filters = Filters(self)
        self.filters.changed.connect(self.refresh)
        left.addWidget(self.filters)
        self.holds = Banner("info", "", parent=self, closable=True)
        self.broken = Banner("danger", "", parent=self, closable=True)
        for banner in (self.holds, self.broken):
            banner.hide()
            banner.closed.connect(banner.hide)
            left.addWidget(banner)
        middle = QWidget(self)
        self._pages = QStackedLayout(middle)
        self._loading = Skeleton(8, middle, name=self.tr("Loading"))
        self._card = Card(middle, pad=SPACE.small)
        self.list = RowList(self._card, name=self.tr("Journal"))
        self.list.chosen.connect(self._show)
        self._card.inside.addWidget(self.list, 1)
        self.older = Button(self.tr("Show older ones"), "quiet", self._card, press=self._more)
        self._card.inside.addWidget(self.older)
        told = self.tr("Nothing of this kind happened in this time. Choose another one above.")
        self._empty = EmptyState("audit", self.tr("Nothing here"), told)
        self._trouble = Trouble(self.refresh)
        for page in (self._loading, self._card, self._empty, self._trouble):
            self._pages.addWidget(page)
        left.addWidget(middle, 1)
        whole.addLayout(left, 1)
        self.pane = EntryPane(self)
        self.pane.lead_wanted.connect(self.filters.only_lead)
        self.pane.hide()
        whole.addWidget(self.pane)
        self._tools()
        context.board_changed.connect(self._changed)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.job.stop)
        self.destroyed.connect(self.job.stop)

    def _tools(self) -> None:
        context = self._context
        self.tools = QWidget(self)
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.gap)
        self.check_button = Button(self.tr("Check the chain"), "quiet", self.tools, key="C", press=self.check)
        self.export_button = Button(self.tr("Export…"), "primary", self.tools, key="E", press=self.export)
        for button, kind in ((self.check_button, FloorFacts), (self.export_button, ExportJournal)):
            row.addWidget(button)
            guard(context, button, kind)
        self.tools.hide()
        context.shell.screen_shown.connect(self._put_tools)
        group = self.tr("Audit")
        check = Action(
            id="audit.check",
            title=self.tr("Check the journal's chain"),
            run=self.check,
            keys=("C",),
            group=group,
            where="audit",
            says=FloorFacts,
            hint=self.tr("check the chain"),
        )
        export = Action(
            id="audit.export",
            title=self.tr("Export the journal"),
            run=self.export,
            keys=("E",),
            group=group,
            where="audit",
            says=ExportJournal,
            hint=self.tr("export"),
        )
        context.actions.while_shown(self, [check, export])

    @Slot(str)
    def _put_tools(self, screen: str) -> None:
        if screen == "audit":
            self._context.shell.set_tools(self.tools)

    # what there is

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.filters.set_people(self._context.board.reps.values())
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if changes.reps and self.isVisible():
            self.filters.set_people(self._context.board.reps.values())

    @Slot()
    def refresh(self) -> None:
        """Ask for the newest of the chosen part."""
        self._part = self.filters.part(self._context.now())
        self._ask(0)

    def _more(self) -> None:
        if self._entries:
            self.older.setEnabled(False)
            self._ask(self._entries[-1].seq)

    def _ask(self, before: int) -> None:
        self._asked += 1
        question = ReadJournal(part=self._part, before=before, limit=PAGE)
        take, fail = partial(self._take, self._asked, before), partial(self._failed, self._asked)
        self._context.relay.ask(question, take, fail, owner=self)

    def _take(self, number: int, before: int, page: JournalPage) -> None:
        if number != self._asked:
            return
        if not before:
            self._entries, self._leads = [], {}
        self._entries += page.entries
        self._leads |= dict(page.leads)
        names = self._names()
        self.list.set_rows([self._row(entry, names) for entry in self._entries])
        if not before and self._entries:
            self.list.choose(str(self._entries[0].seq))
        self.older.setVisible(page.more)
        self.older.setEnabled(True)
        self._pages.setCurrentWidget(self._card if self._entries else self._empty)
        self._show(self.list.key)
        words = self.tr("the newest {n}") if page.more else self.tr("{n} entries")
        if self._context.shell.shown == "audit":
            self._context.shell.set_header(note=words.format(n=f"{len(self._entries):,}"))

    def _failed(self, number: int, error: AppError) -> None:
        if number == self._asked:
            self._trouble.tell(error.message)
            self._pages.setCurrentWidget(self._trouble)
            self.pane.hide()

    def _names(self) -> dict[str, str]:
        return {rep.id: rep.name for rep in self._context.board.reps.values()}

    def _row(self, entry: Entry, names: dict[str, str]) -> Row:
        now = self._context.now()
        line = line_of(entry.event, now)
        lead = self._leads.get(entry.lead_id, "")
        detail = [who_words(entry.actor, names), lead]
        return Row(
            key=str(entry.seq),
            title=line.text,
            detail=" · ".join(word for word in detail if word),
            right=day_and_time(entry.at, now),
        )

    @Slot(str)
    def _show(self, key: str) -> None:
        entry = next((entry for entry in self._entries if str(entry.seq) == key), None)
        self.pane.setVisible(entry is not None)
        if entry is not None:
            lead = self._leads.get(entry.lead_id, "")
            self.pane.show_entry(entry, self._names(), lead, self._context.now())

    # the chain

    @Slot()
    def check(self) -> None:
        """Have the chain computed anew."""
        self.check_button.setEnabled(False)
        self._context.relay.ask(FloorFacts(), self._checked, self._not_checked, owner=self)

    def _checked(self, facts: Facts) -> None:
        self.check_button.setEnabled(True)
        self.holds.setVisible(facts.chain_holds)
        self.broken.setVisible(not facts.chain_holds)
        words = self.tr("The chain holds: {n} events, each follows on the one before. Head {head}: {hash}")
        self.holds.set_text(words.format(n=f"{facts.events:,}", head=facts.head, hash=facts.head_hash))
        fault = self.tr(
            "The chain is broken: {fault}. Keep this database as it is and compare it with a backup."
        )
        self.broken.set_text(fault.format(fault=facts.chain_fault))

    def _not_checked(self, error: AppError) -> None:
        self.check_button.setEnabled(True)
        self._not_done(error)

    # taking it away

    @Slot()
    def export(self) -> None:
        """Ask for a file, then write what is chosen into it."""
        if self.job.busy:
            return
        dialog = QFileDialog(self, self.tr("Export the journal"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Tables (*.csv)")])
        dialog.setDefaultSuffix("csv")
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        dialog.setDirectory(place)
        dialog.selectFile(f"journal-{self._context.now().astimezone():%Y-%m-%d}.csv")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write what is chosen into a file."""
        self.export_button.setEnabled(False)
        self.job.run(self.filters.part(self._context.now()), path, self._names())

    @Slot(object, int)
    def _exported(self, path: Path, count: int) -> None:
        self.export_button.setEnabled(True)
        words = self.tr("{n} entries written to {file}.")
        self._context.shell.notice(words.format(n=f"{count:,}", file=path.name))
        if self.isVisible():
            self.refresh()

    @Slot(object)
    def _not_done(self, error: AppError) -> None:
        self.export_button.setEnabled(not self._context.why_not(ExportJournal))
        self._context.shell.notice(f"{error.title}: {error.message}")
