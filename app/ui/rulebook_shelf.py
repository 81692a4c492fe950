"""What else is done with rulebooks: the versions there were, and rulebooks as files.

Old versions are asked for when they are wanted. A file that is read becomes the draft, which is judged like any
other; a file that can't be read changes nothing.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.commands import SaveDraft
from app.domain.errors import AppError
from app.domain.questions import RulebookOf
from app.domain.rulebook import Rulebook
from app.domain.rulebook_diff import changes
from app.ui.context import Context
from app.ui.rulebook_draft import RulebookDraft
from app.ui.rulebook_sheets import ChangesSheet, HistorySheet

__all__ = ["Shelf"]


class Shelf(QObject):
    """The versions and the files of a screen."""

    def __init__(self, context: Context, draft: RulebookDraft, over: QWidget) -> None:
        super().__init__(over)
        self._context, self._draft, self._over = context, draft, over

    # versions

    def show_history(self) -> None:
        """Every version that was ever in force."""
        if self._draft.shelf is None:
            return
        why = self._context.why_not(SaveDraft)
        sheet = HistorySheet(self._over.window(), self._draft.shelf, self._context.now(), why)
        sheet.compared.connect(self._compare)
        sheet.started.connect(self._start)
        sheet.open()

    def _ask(self, version: int, then: object) -> None:
        self._context.relay.ask(RulebookOf(version=version), then, self._failed, owner=self)  # type: ignore[arg-type]

    def _compare(self, older: int, newer: int) -> None:
        self._ask(older, lambda first: self._ask(newer, lambda second: self._show(first, second)))

    def _show(self, older: Rulebook, newer: Rulebook) -> None:
        title = self.tr("From rulebook {a} to {b}").format(a=older.version, b=newer.version)
        ChangesSheet(self._over.window(), title, changes(older, newer, self._draft.reps)).open()

    def _start(self, version: int) -> None:
        self._ask(version, self._put)

    def _put(self, book: Rulebook) -> None:
        self._draft.replace_by(book)

    def _failed(self, error: AppError) -> None:
        self._context.shell.notice(f"{error.title}: {error.message}")

    # files

    def _dialog(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        dialog = QFileDialog(self._over.window(), title)
        dialog.setAcceptMode(mode)
        dialog.setNameFilters([self.tr("Rulebooks (*.toml)")])
        dialog.setDefaultSuffix("toml")
        dialog.setDirectory(
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        )
        dialog.finished.connect(dialog.deleteLater)
        return dialog

    def export(self) -> None:
        """Ask for a file, then write what is shown into it."""
        if self._draft.book is None:
            return
        dialog = self._dialog(self.tr("Export the rulebook"), QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"rulebook-{self._draft.shown_number}.toml")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write what is shown into a file."""
        book, reps = self._draft.book, self._draft.reps
        if book is None:
            return

        def write() -> str:
            from app.domain.rulebook_toml import to_toml

            try:
                path.write_text(to_toml(book, reps), encoding="utf-8")
            except OSError as error:
                raise AppError("Not exported", f"{path} can't be written: {error.strerror}.") from error
            return path.name

        self._context.relay.run(write, self._exported, self._failed, owner=self)

    def _exported(self, name: str) -> None:
        self._context.shell.notice(self.tr("Written to {file}.").format(file=name))

    def import_(self) -> None:
        """Ask for a file, then make it the draft."""
        if self._draft.book is None or self._context.why_not(SaveDraft):
            return
        dialog = self._dialog(self.tr("Import a rulebook"), QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.import_from(Path(name)))
        dialog.open()

    def import_from(self, path: Path) -> None:
        """Make the rulebook of a file the draft."""
        reps = self._draft.reps

        def read() -> Rulebook:
            from app.domain.rulebook_toml import from_toml

            try:
                text = path.read_bytes().decode("utf-8")
            except OSError as error:
                raise AppError("Not imported", f"{path} can't be read: {error.strerror}.") from error
            except UnicodeDecodeError as error:
                raise AppError("Not imported", f"{path.name} is no text in UTF-8.") from error
            return from_toml(text, reps)

        self._context.relay.run(read, partial(self._imported, path.name), self._failed, owner=self)

    def _imported(self, name: str, book: Rulebook) -> None:
        self._draft.replace_by(book)
        self._context.shell.notice(
            self.tr("{file} is the draft now. Ctrl+Z takes it back.").format(file=name)
        )
