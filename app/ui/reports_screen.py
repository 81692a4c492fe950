"""The floor in numbers: one report at a time, of chosen days, beside others, put together and narrowed as one likes.

The screen draws whatever report there is and knows nothing of a single one. One question runs at a time; who chooses
something else meanwhile leaves it, and what was chosen last is asked next. What is shown stands still while leads
arrive: a button says how many are new and refreshes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.events import LeadCaptured
from app.domain.report import Asked, By, Report, Reports, ReportTitle, RunReport, Segment, Shelf
from app.domain.report_periods import Days, Period, days_words
from app.floor.board import Changes
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.costs_actions import report_actions
from app.ui.panes import Trouble
from app.ui.parts import EmptyState, Scroller, Skeleton
from app.ui.reports_behind import BehindPane
from app.ui.reports_choices import Chosen, DaysSheet, Tools, asked_for, own_days
from app.ui.reports_filter import FilterLine
from app.ui.reports_page import ReportPage
from app.ui.theme import SPACE
from app.ui.times import time_of_day, zone_named

__all__ = ["ReportsScreen"]

_ENDINGS = {"pdf": "PDF", "xlsx": "XLSX", "csv": "CSV", "json": "JSON", "png": "PNG", "svg": "SVG"}


class ReportsScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.shelf: Shelf | None = None
        self.chosen = Chosen()
        self.report: Report | None = None
        self._asked: Asked | None = None
        self._running = self._again = False
        self._new = 0
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        self.filter = FilterLine(self)
        left.addWidget(self.filter)
        middle = QWidget(self)
        self._pages = QStackedLayout(middle)
        loading = QWidget(middle)
        column = QVBoxLayout(loading)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, 0)
        column.addWidget(Skeleton(8, loading, name=self.tr("Loading")))
        column.addStretch(1)
        self.page = ReportPage(middle)
        self._scroller = Scroller(self.page)
        told = self.tr("No lead was captured in these days. Choose others above.")
        self._empty = EmptyState("reports", self.tr("Nothing to count"), told)
        self._trouble = Trouble(self.refresh)
        self._scroller.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._scroller)
        for page in (loading, self._scroller, self._empty, self._trouble):
            self._pages.addWidget(page)
        left.addWidget(middle, 1)
        whole.addLayout(left, 1)
        self.behind = BehindPane(context, self)
        whole.addWidget(self.behind)
        self.tools = Tools(self)
        self.tools.hide()
        self._listen()

    def _listen(self) -> None:
        context = self._context
        self.page.wanted.connect(self._show_behind)
        self.page.taken.connect(self._take_table)
        self.behind.closed.connect(self._close_behind)
        self.filter.by_picked.connect(self._pick_by)
        self.filter.segment_changed.connect(self._narrow)
        self.filter.refresh_wanted.connect(self.refresh)
        self.tools.picked.connect(self.open_report)
        self.tools.changed.connect(self.choose)
        self.tools.own_wanted.connect(self._ask_days)
        self.tools.export_wanted.connect(self._export)
        context.board_changed.connect(self._changed)
        context.shell.screen_shown.connect(self._put_tools)
        context.actions.while_shown(self, self._actions())

    def _actions(self) -> list[Action]:
        group, tools, line = self.tr("Reports"), self.tools, self.filter

        def action(id: str, key: str, title: str, run: Callable[[], object], hint: str = "") -> Action:
            return Action(
                id=f"reports.{id}", title=title, run=run, keys=(key,), group=group, where="reports", hint=hint
            )

        close = action("close", "Esc", self.tr("Close the list of leads"), self._close_behind)
        return [
            action("next", "]", self.tr("Next report"), partial(self._step, 1), self.tr("next report")),
            action("previous", "[", self.tr("Report before"), partial(self._step, -1)),
            action("days", "D", self.tr("Choose days"), tools.open_days, self.tr("days")),
            action("by", "B", self.tr("Choose what it is put together by"), line.open_by),
            action("filter", "F", self.tr("Filter the leads"), line.open_filter, self.tr("filter")),
            action("large", "L", self.tr("Open a chart large"), self.page.open_large, self.tr("large")),
            action("refresh", "R", self.tr("Refresh the report"), self.refresh, self.tr("refresh")),
            action("export", "E", self.tr("Export the report"), tools.open_export, self.tr("export")),
            *report_actions(self._context, self, self.refresh),
            replace(close, enabled=self.behind.isVisible, listed=False),
        ]

    @Slot(str)
    def _put_tools(self, screen: str) -> None:
        if screen == "reports":
            self._context.shell.set_tools(self.tools)

    # asking

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._context.relay.ask(Reports(), self._take_shelf, self._failed, owner=self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.page.hover.hide()

    def _take_shelf(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.tools.show_shelf(shelf.reports)
        if not shelf.reports:
            self._pages.setCurrentWidget(self._empty)
            return
        if self._title() is None:
            self.chosen = replace(self.chosen, name=shelf.reports[0].name)
        self.choose(self.chosen)

    @property
    def is_settled(self) -> bool:
        """Whether what is chosen was answered."""
        return not self._running and self.shelf is not None

    def _title(self) -> ReportTitle | None:
        titles = self.shelf.reports if self.shelf is not None else ()
        return next((title for title in titles if title.name == self.chosen.name), None)

    @Slot(object)
    def choose(self, chosen: Chosen) -> None:
        """Show what is chosen now."""
        self.chosen = chosen
        title = self._title()
        if title is None or self.shelf is None:
            return
        if title.by and chosen.by not in title.by:
            self.chosen = chosen = replace(chosen, by=title.by[0])
        self.tools.show_chosen(chosen)
        self.filter.show_choice(chosen, title, self.shelf, tuple(self._context.board.reps.values()))
        self.refresh()

    @Slot(str)
    def open_report(self, name: str) -> None:
        """Show the report of that name."""
        if name != self.chosen.name:
            self._close_behind()
            self._scroller.verticalScrollBar().setValue(0)
        self.choose(replace(self.chosen, name=name))

    def _step(self, step: int) -> None:
        names = [title.name for title in self.shelf.reports] if self.shelf is not None else []
        if self.chosen.name in names:
            self.open_report(names[(names.index(self.chosen.name) + step) % len(names)])

    @Slot(object)
    def _pick_by(self, by: By) -> None:
        self.choose(replace(self.chosen, by=by))

    @Slot(object)
    def _narrow(self, segment: Segment) -> None:
        self.choose(replace(self.chosen, segment=segment))

    def _ask_days(self) -> None:
        assert self.shelf is not None
        asked = self._asked or asked_for(self.chosen, self.shelf, self._context.now())
        sheet = DaysSheet(self, own_days(asked, self.shelf.zone))
        sheet.chosen.connect(self._own_days)
        sheet.open()

    @Slot(object)
    def _own_days(self, days: Days) -> None:
        self.choose(replace(self.chosen, period=Period.OWN, own=days))

    @Slot()
    def refresh(self) -> None:
        """Ask anew for what is chosen; while a question runs, as soon as it is answered."""
        if self.shelf is None:
            if self.isVisible():
                self._context.relay.ask(Reports(), self._take_shelf, self._failed, owner=self)
            return
        if self._running:
            self._again = True
            return
        self._asked = asked_for(self.chosen, self.shelf, self._context.now())
        self._running, self._again = True, False
        question = RunReport(name=self.chosen.name, asked=self._asked)
        self._context.relay.ask(question, self._take, self._failed, owner=self)

    def _take(self, report: Report) -> None:
        self._running = False
        if self._again:  # left meanwhile
            self.refresh()
            return
        self.report = report
        self._new = 0
        self.filter.show_fresh("")
        self.page.show_report(report)
        self._pages.setCurrentWidget(self._scroller if report.tables or report.figures else self._empty)
        asked = report.asked
        at = time_of_day(report.made_at, zone_named(report.zone))
        words = self.tr("captured {days} · {zone} · as of {at}")
        days = days_words(asked.since, asked.until, report.zone)
        self.filter.about.setText(words.format(days=days, zone=report.zone, at=at))

    def _failed(self, error: AppError) -> None:
        self._running = False
        if self._again:
            self.refresh()
            return
        self._trouble.tell(error.message)
        self._pages.setCurrentWidget(self._trouble)

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if self.report is None:
            return
        if changes.snapshot or changes.went_back:
            if self.isVisible():
                self.refresh()
            return
        came = sum(
            isinstance(entry.event, LeadCaptured) and entry.seq > self.report.head
            for entry in changes.entries
        )
        if came:
            self._new += came
            words = (
                self.tr("{n} new since, refresh") if self._new > 1 else self.tr("1 new lead since, refresh")
            )
            self.filter.show_fresh(words.format(n=f"{self._new:,}"))

    # the leads behind

    @Slot(str, object)
    def _show_behind(self, title: str, segment: Segment) -> None:
        if self.report is not None:
            self.behind.show_leads(title, self.report.asked, segment)

    @Slot()
    def _close_behind(self) -> None:
        self.behind.hide()

    # taking it away

    @Slot(str)
    def _export(self, way: str) -> None:
        if self.report is not None:
            self._ask_place(way, "", partial(self.export_to, way))

    @Slot(str, str)
    def _take_table(self, key: str, way: str) -> None:
        if self.report is not None:
            self._ask_place(way, key, partial(self.table_to, key, way))

    def _ask_place(self, way: str, key: str, then: Callable[[Path], None]) -> None:
        from app.workers.report_files import safe_name

        assert self.report is not None
        table = self.report.table(key) if key else None
        dialog = QFileDialog(self, self.tr("Export"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{_ENDINGS[way]} (*.{way})"])
        dialog.setDefaultSuffix(way)
        dialog.setDirectory(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        )
        dialog.selectFile(safe_name(self.report, way, table))
        dialog.fileSelected.connect(lambda name: then(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, way: str, path: Path) -> None:
        """Write the report that is shown into a file: "pdf", "xlsx", "csv" or "json"."""
        from app.ui.reports_files import write_report

        assert self.report is not None
        self._write(path, partial(write_report, self.report, way, path))

    def table_to(self, key: str, way: str, path: Path) -> None:
        """Write one table into a file: "csv", or as a picture "png" or "svg"."""
        from app.ui.reports_files import write_table

        assert self.report is not None
        self._write(path, partial(write_table, self.report, key, way, path))

    def _write(self, path: Path, write: Callable[[], object]) -> None:
        try:
            write()
        except AppError as error:
            self._context.shell.notice(f"{error.title}: {error.message}")
            return
        self._context.shell.notice(self.tr("Written to {file}.").format(file=path.name))
