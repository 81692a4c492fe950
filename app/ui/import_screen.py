"""The import screen: from a file that is dropped here to leads, calls, results or costs, by way of its columns.

It holds one file at a time and goes from page to page: choose, wait, look at the columns, wait, see what
came of it. The work is `ImportJob`'s, on a thread of its own that ends with the screen or the program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QStackedLayout, QWidget

from app.channels.table import Wishes
from app.domain.commands import BeginImport, EnterCosts
from app.domain.errors import AppError
from app.domain.mapping import Mapping
from app.domain.past import ImportKind
from app.domain.report import RunReport
from app.domain.report_periods import Period
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.import_columns import SavedColumns
from app.ui.import_job import ImportJob
from app.ui.import_pages import ChoosePage, DonePage, FailedPage, WorkPage
from app.ui.import_places import dropped, open_file, place_for_mappings, place_for_rejects
from app.ui.import_preview import PreviewPage
from app.workers.importer import Cancelled, Progress, Report
from app.workers.preview import Preview
from app.workers.saved_mappings import SavedMappings

__all__ = ["ImportScreen"]


class ImportScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._path: Path | None = None
        self._wishes = Wishes()
        self._preview: Preview | None = None
        self._mappings: dict[ImportKind, Mapping] = {}
        """What a person made of this file's columns, by what its rows were taken for."""
        self._saved = ""
        self._keeps_columns = False
        self._report: Report | None = None
        self.open_file: Callable[[Path], object] = open_file
        self.job = ImportJob(context.floor, context.clock, self)
        self.choose_page = ChoosePage(self)
        self.work_page = WorkPage(self)
        self.preview_page = PreviewPage(self, self._barred)
        self.done_page = DonePage(self)
        self.failed_page = FailedPage(self)
        self.pages = QStackedLayout(self)
        for page in (self.choose_page, self.work_page, self.preview_page, self.done_page, self.failed_page):
            self.pages.addWidget(page)
        self.setAcceptDrops(True)

        self.choose_page.wanted.connect(self.choose)
        self.work_page.cancelled.connect(self.cancel)
        self.preview_page.confirmed.connect(self._run)
        self.preview_page.other_wanted.connect(self.choose)
        self.preview_page.wished.connect(self._wish)
        self.preview_page.kind_wanted.connect(self._take_as)
        self.columns = SavedColumns(SavedMappings(place_for_mappings(context.settings)), self)
        self.preview_page.columns_wanted.connect(self.open_columns)
        self.columns.taken.connect(self._take_columns)
        self.columns.guess_wanted.connect(self._take_guess)
        self.columns.named.connect(self._named)
        self.done_page.other_wanted.connect(self.start_over)
        self.done_page.queue_wanted.connect(lambda: context.shell.show_screen("queue"))
        self.done_page.report_wanted.connect(self._open_report)
        self.done_page.rejects_wanted.connect(self._open_rejects)
        self.failed_page.other_wanted.connect(self.choose)
        self.failed_page.back_wanted.connect(self._back)
        self.job.looked.connect(self._looked)
        self.job.progressed.connect(self._progressed)
        self.job.finished.connect(self._finished)
        self.job.failed.connect(self._failed)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.job.stop)
        self.destroyed.connect(self.job.stop)
        context.actions.while_shown(self, self._actions())

    def _barred(self, kind: ImportKind) -> str:
        return self._context.barred(EnterCosts if kind is ImportKind.COSTS else BeginImport)

    def _actions(self) -> list[Action]:
        group, page = self.tr("Import"), self.preview_page

        def action(
            id: str,
            key: str,
            title: str,
            run: Callable[[], object],
            enabled: Callable[[], bool],
            hint: str = "",
        ) -> Action:
            return Action(
                id=f"import.{id}",
                title=title,
                keys=(key,),
                run=run,
                group=group,
                where="import",
                hint=hint,
                enabled=enabled,
            )

        def idle() -> bool:
            return not self.job.busy

        def shown() -> bool:
            return self.pages.currentWidget() is page

        view, columns = (
            self.tr("Show the rows of the file another way"),
            self.tr("Save the columns, or take saved ones"),
        )
        return [
            action(
                "choose",
                "Ctrl+O",
                self.tr("Choose a file to import"),
                self.choose,
                idle,
                self.tr("choose a file"),
            ),
            action("run", "Ctrl+Return", self.tr("Import the file"), page.confirm, shown, self.tr("import")),
            action("turn", "V", view, page.turn, shown, self.tr("as it will be read")),
            action("columns", "M", columns, self.open_columns, shown),
            action("cancel", "Esc", self.tr("Cancel the import"), self.cancel, lambda: self.job.busy),
        ]

    # -- what a person does

    @Slot()
    def choose(self) -> None:
        """Ask for a file."""
        if self.job.busy:
            return
        dialog = QFileDialog(self, self.tr("Import a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Tables (*.csv *.tsv *.txt *.xlsx *.xlsm)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self.take(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take(self, path: Path) -> None:
        """Look at a file; what was open before is forgotten."""
        self._mappings, self._saved, self._keeps_columns = {}, "", False
        self._wishes = Wishes()
        self._look(path)

    @Slot()
    def start_over(self) -> None:
        self.pages.setCurrentWidget(self.choose_page)

    @Slot()
    def cancel(self) -> None:
        """Stop what is being done."""
        if self.job.busy:
            self.work_page.show_cancelling()
            self.job.cancel()

    @Slot(object)
    def _wish(self, wishes: Wishes) -> None:
        if self._path is not None and self._preview is not None:
            self._wishes = wishes
            self._keep_columns()
            self._look(self._path, self._preview.kind)

    @Slot(object)
    def _take_as(self, kind: ImportKind) -> None:
        preview = self._preview
        if preview is None or self.job.busy or kind is preview.kind:
            return
        self._keep_columns()
        self._saved = ""
        self.job.take_as(preview, kind)

    def _keep_columns(self) -> None:
        mapping = self.preview_page.mapping
        self._mappings[mapping.kind] = mapping
        self._keeps_columns = True

    # -- columns that were saved

    @Slot()
    def open_columns(self) -> None:
        """Offer to save the columns, and saved ones."""
        page = self.preview_page
        if self._preview is not None:
            self.columns.open(page.columns, self._preview, page.mapping, self._saved)

    @Slot()
    def _take_guess(self) -> None:
        if self._preview is not None:
            self._take_columns(self._preview.mapping, "")

    @Slot(object, str)
    def _take_columns(self, mapping: Mapping, name: str) -> None:
        preview = self._preview
        if preview is None or self.job.busy:
            return
        self._saved, self._keeps_columns = name, True
        self._mappings[mapping.kind] = mapping
        if mapping.kind is preview.kind:
            self.preview_page.show_file(preview, mapping, self._wishes, self._context.now(), name)
        else:
            self.job.take_as(preview, mapping.kind)

    @Slot(str)
    def _named(self, name: str) -> None:
        self._saved = name
        self.preview_page.show_saved(name)

    @Slot(object)
    def _run(self, mapping: Mapping) -> None:
        preview = self._preview
        if preview is None:
            return
        self.work_page.begin(preview.path.name, self.tr("Importing"), preview.kind)
        self.pages.setCurrentWidget(self.work_page)
        self.job.run(preview, mapping, place_for_rejects(preview.path))

    @Slot()
    def _back(self) -> None:
        if self._preview is not None:
            self.preview_page.kinds.choose(self._preview.kind.value)
        self.pages.setCurrentWidget(self.preview_page)

    @Slot(object)
    def _open_report(self, kind: ImportKind) -> None:
        """Show what came in, since the floor's first lead: it tells of long ago."""
        from app.ui.reports_screen import ReportsScreen

        self._context.shell.show_screen("reports")
        reports = self._context.shell.body.currentWidget()
        if isinstance(reports, ReportsScreen):
            reports.choose(replace(reports.chosen, name=_REPORTS[kind], period=Period.EVER))

    @Slot()
    def _open_rejects(self) -> None:
        if self._report is not None and self._report.rejects_path is not None:
            self.open_file(self._report.rejects_path)

    def _look(self, path: Path, kind: ImportKind | None = None) -> None:
        self._path, self._preview = path, None
        self.work_page.begin(path.name, self.tr("Reading the file"))
        self.pages.setCurrentWidget(self.work_page)
        self.job.look(path, self._wishes, kind)

    # -- what the work says

    @Slot(object)
    def _looked(self, preview: Preview) -> None:
        self._preview = preview
        if not self._keeps_columns:  # a file that is new here: its columns may have been saved
            name, mapping = next(self.columns.saved.fitting(preview), ("", preview.mapping))
            self._saved, self._keeps_columns = name, True
            self._mappings[mapping.kind] = mapping
            if mapping.kind is not preview.kind:
                self.job.take_as(preview, mapping.kind)
                return
        mapping = self._mappings.get(preview.kind, preview.mapping)
        if [header for header, _ in mapping.columns] != list(preview.reading.headers):
            mapping, self._saved = preview.mapping, ""  # read so differently that the columns are others
        self.preview_page.show_file(preview, mapping, self._wishes, self._context.now(), self._saved)
        self.pages.setCurrentWidget(self.preview_page)

    @Slot(object)
    def _progressed(self, progress: Progress) -> None:
        self.work_page.show_progress(progress)

    @Slot(object)
    def _finished(self, report: Report) -> None:
        self._report, self._preview = report, None
        self.done_page.show_report(report, has_reports=not self._context.barred(RunReport))
        self.pages.setCurrentWidget(self.done_page)
        if not self.isVisible():
            self._context.shell.notice(self.done_page.title.whole())

    @Slot(object)
    def _failed(self, error: AppError) -> None:
        is_wanted = isinstance(error, Cancelled)
        if is_wanted and self._preview is None:
            self.start_over()  # cancelled while looking: there is nothing to say
            return
        self.failed_page.show_error(
            error.title, error.message, may_go_back=self._preview is not None, is_wanted=is_wanted
        )
        self.pages.setCurrentWidget(self.failed_page)

    # -- files that are dropped

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self.job.busy and dropped(event) is not None:
            self.choose_page.zone.set_over(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.choose_page.zone.set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.choose_page.zone.set_over(False)
        path = dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.take(path)


_REPORTS = {
    ImportKind.LEADS: "funnel",
    ImportKind.CALLS: "response",
    ImportKind.RESULTS: "funnel",
    ImportKind.COSTS: "sources",
}
"""The report that shows best what came in."""
