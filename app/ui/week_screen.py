"""The weekly review: the frozen pages of a week, what was scored and why, and what stands beside them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.commands import AnswerDispute, DisputeScore, FreezeWeek, Made
from app.domain.errors import AppError
from app.domain.events import DisputeAnswered, ScoreDisputed, WeekFrozen
from app.domain.questions import FrozenPage, FrozenWeek, FrozenWeeks, WeekShelf
from app.domain.week import Dispute, WeekPage, page_of
from app.domain.week_count import week_of
from app.floor.board import Changes
from app.floor.floor import Receipt
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.panes import Trouble
from app.ui.parts import Button, EmptyState, Scroller, Skeleton
from app.ui.reports_files import write_report
from app.ui.reports_page import ReportPage
from app.ui.rights import guard
from app.ui.rows import Row, RowList
from app.ui.theme import SPACE
from app.ui.week_beside import Beside
from app.ui.week_sheets import AnswerSheet, DisputeSheet
from app.workers import payroll

__all__ = ["WeekScreen"]

_PAGES = 230
FLOOR = "floor"
"""Key of the floor's page in the list."""


class WeekScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.shelf: WeekShelf | None = None
        self.kept: FrozenPage | None = None
        self.page: WeekPage | None = None
        self._wanted = ("", "")
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        left = QWidget(self)
        left.setFixedWidth(_PAGES)
        column = QVBoxLayout(left)
        column.setContentsMargins(SPACE.page, SPACE.page, 0, SPACE.page)
        self.list = RowList(left, name=self.tr("Pages"))
        self.list.chosen.connect(self._choose)
        column.addWidget(self.list)
        whole.addWidget(left)
        middle = QWidget(self)
        self._pages = QStackedLayout(middle)
        self._loading = Skeleton(8, middle, name=self.tr("Loading"))
        self.report = ReportPage()
        self._scroller = Scroller(self.report, middle)
        told = self.tr("A week is frozen once it is over, by itself or with the button above.")
        self._empty = EmptyState("calendar", self.tr("No week is frozen yet"), told)
        self._trouble = Trouble(self.refresh)
        for page in (self._loading, self._scroller, self._empty, self._trouble):
            self._pages.addWidget(page)
        whole.addWidget(middle, 1)
        self.beside = Beside(self)
        self.beside.dispute_wanted.connect(self.dispute)
        self.beside.answer_wanted.connect(self.answer)
        self.beside.lead_wanted.connect(context.show_lead)
        self.beside.hide()
        whole.addWidget(self.beside)
        self._tools()
        context.board_changed.connect(self._changed)

    def _tools(self) -> None:
        context = self._context
        self.tools = QWidget(self)
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.gap)
        self.weeks = QComboBox(self.tools)
        self.weeks.setAccessibleName(self.tr("Week"))
        self.weeks.setMinimumWidth(130)
        self.weeks.activated.connect(self._show_week)
        row.addWidget(self.weeks)
        self.freeze_button = Button(self.tr("Freeze"), "quiet", self.tools, key="Z", press=self.freeze)
        self.export_button = Button(self.tr("Export…"), "primary", self.tools, key="E", press=self.export)
        row.addWidget(self.freeze_button)
        row.addWidget(self.export_button)
        guard(context, self.freeze_button, FreezeWeek)
        self.tools.hide()
        context.shell.screen_shown.connect(self._put_tools)
        group = self.tr("Weekly review")
        freeze = Action(
            id="week.freeze", title=self.tr("Freeze the week that is over"), run=self.freeze, keys=("Z",),
            group=group, where="week", says=FreezeWeek, hint=self.tr("freeze"),
        )  # fmt: skip
        export = Action(
            id="week.export", title=self.tr("Export the page"), run=self.export, keys=("E",), group=group,
            where="week", hint=self.tr("export"),
        )  # fmt: skip
        dispute = Action(
            id="week.dispute", title=self.tr("Dispute my score"), run=self.dispute, keys=("P",), group=group,
            where="week", says=DisputeScore, enabled=self._is_mine,
        )  # fmt: skip
        context.actions.while_shown(self, [freeze, export, dispute])

    @Slot(str)
    def _put_tools(self, screen: str) -> None:
        if screen == "week":
            self._context.shell.set_tools(self.tools)

    # what there is

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        news = (WeekFrozen, ScoreDisputed, DisputeAnswered)
        if self.isVisible() and (changes.snapshot or any(isinstance(e.event, news) for e in changes.entries)):
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Ask for the weeks there are, and the page that is shown."""
        self._context.relay.ask(FrozenWeeks(), self._take_shelf, self._failed, owner=self)

    def _take_shelf(self, shelf: WeekShelf) -> None:
        self.shelf = shelf
        before = self.weeks.currentText()
        self.weeks.clear()
        self.weeks.addItems([line.week for line in shelf.weeks])
        self.weeks.setCurrentIndex(max(self.weeks.findText(before), 0) if shelf.weeks else -1)
        over = self._over()
        is_frozen = over in [line.week for line in shelf.weeks]
        self.freeze_button.setVisible(shelf.may_freeze and not is_frozen)
        self.freeze_button.set_words(self.tr("Freeze {week}").format(week=over))
        self.weeks.setVisible(bool(shelf.weeks))
        self.export_button.setVisible(bool(shelf.weeks))
        if not shelf.weeks:
            self.list.set_rows([])
            self.beside.hide()
            self._pages.setCurrentWidget(self._empty)
            return
        self._show_week()

    def _over(self) -> str:
        """The newest week that is over."""
        assert self.shelf is not None
        return week_of(self._context.now() - timedelta(days=7), self.shelf.zone)

    @Slot()
    def _show_week(self) -> None:
        assert self.shelf is not None
        line = next(line for line in self.shelf.weeks if line.week == self.weeks.currentText())
        rows = [
            Row(
                key=rep_id or FLOOR,
                title=name or self.tr("The floor"),
                detail=self.tr("rulebook {n}").format(n=line.rulebook),
                initials="".join(word[0] for word in name.split()[:2]).upper(),
            )
            for rep_id, name in sorted(line.pages, key=lambda page: (page[1].casefold(), page[0]))
        ]
        self.list.set_rows(rows)
        if rows and self.list.key not in [row.key for row in rows]:
            self.list.choose(rows[0].key)
        self._choose(self.list.key)

    @Slot(str)
    def _choose(self, key: str) -> None:
        if not key or not self.weeks.currentText():
            return
        self._wanted = (self.weeks.currentText(), "" if key == FLOOR else key)
        week, rep_id = self._wanted
        question = FrozenWeek(week=week, rep_id=rep_id)
        take = lambda kept: self._take((week, rep_id), kept)  # noqa: E731
        self._context.relay.ask(question, take, self._failed, owner=self)

    def _take(self, wanted: tuple[str, str], kept: FrozenPage) -> None:
        if wanted != self._wanted:
            return
        self.kept, self.page = kept, page_of(kept.body)
        self.report.show_report(self.page.report)
        names = {rep.id: rep.name for rep in self._context.board.reps.values()}
        answers = self._context.me if self.shelf is not None and self.shelf.may_answer else ""
        self.beside.show_page(kept, names, self._context.now(), is_mine=self._is_mine(), answers=answers)
        self.beside.show()
        self._pages.setCurrentWidget(self._scroller)
        if self._context.shell.shown == "week":
            self._context.shell.set_header(note=self.page.report.about)

    def _failed(self, error: AppError) -> None:
        self._trouble.tell(error.message)
        self.beside.hide()
        self._pages.setCurrentWidget(self._trouble)

    def _is_mine(self) -> bool:
        return self.page is not None and self.page.rep_id == self._context.me

    # what is done

    @Slot()
    def freeze(self) -> None:
        """Freeze the newest week that is over."""
        if self.shelf is not None:
            self._context.relay.do(FreezeWeek(week=self._over()), self._done, self._not_done, owner=self)

    @Slot()
    def dispute(self) -> None:
        """Ask what is wrong with one's own score, and say it."""
        page = self.page
        if page is None or not self._is_mine():
            return
        sheet = DisputeSheet(self, page.week)
        sheet.said.connect(
            lambda about, text: self._say(
                DisputeScore(week=page.week, rep_id=page.rep_id, about=about, text=text)
            )
        )
        sheet.open()

    @Slot(object)
    def answer(self, dispute: Dispute) -> None:
        """Ask for the answer to a dispute, and give it."""
        sheet = AnswerSheet(self, dispute)
        sheet.said.connect(
            lambda text, accepted, points: self._say(
                AnswerDispute(dispute_id=dispute.id, text=text, accepted=accepted, points=points)
            )
        )
        sheet.open()

    def _say(self, command: DisputeScore | AnswerDispute) -> None:
        self._context.relay.do(command, self._done, self._not_done, owner=self)

    def _done(self, receipt: Receipt[Made]) -> None:
        self.refresh()

    def _not_done(self, error: AppError) -> None:
        self._context.shell.notice(f"{error.title}: {error.message}")

    @Slot()
    def export(self) -> None:
        """Ask for a file, then write the page that is shown; the floor's scores also for the payroll."""
        if self.page is None:
            return
        dialog = QFileDialog(self, self.tr("Export the page"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        filters = [self.tr("Page (*.pdf)")]
        if not self.page.rep_id:
            filters += [self.tr("Scores for the payroll (*.csv)"), self.tr("Scores for the payroll (*.xlsx)")]
        dialog.setNameFilters(filters)
        dialog.setDirectory(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        )
        dialog.selectFile(f"{self.page.week}.pdf")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write what is shown into a file, by the ending of its name."""
        assert self.page is not None
        assert self.kept is not None
        way = path.suffix.lower().lstrip(".")
        try:
            if way in ("csv", "xlsx") and not self.page.rep_id:
                payroll.write(payroll.rows_of(self.kept), way, path)
            else:
                write_report(self.page.report, way if way in ("csv", "xlsx") else "pdf", path)
        except AppError as error:
            self._not_done(error)
            return
        self._context.shell.notice(self.tr("{file} is written.").format(file=path.name))
