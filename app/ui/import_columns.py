"""What columns mean, kept for the next file of the same program: saved under a name, offered again, written to a file
that `main.py import --map` takes and read from one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from app.domain.errors import AppError
from app.domain.mapping import Mapping
from app.ui.panes import Form
from app.ui.parts import Sheet
from app.ui.plain import PlainLabel, one_line, say
from app.ui.reports_choices import entry, popup
from app.workers import mapping_file
from app.workers.preview import Preview
from app.workers.saved_mappings import LONGEST, SavedMappings, mapping_of

__all__ = ["NameSheet", "SavedColumns"]


class NameSheet(Sheet):
    """Asks under which name columns are saved."""

    def __init__(self, parent: QWidget, name: str, save: Callable[[str], None]) -> None:
        """`save` keeps them under a name; it raises AppError where that can't be."""
        super().__init__(
            parent,
            self.tr("Save these columns"),
            self.tr(
                "What they mean, and how dates, sums and words are read. A file with the same columns is read so."
            ),
        )
        self._save = save
        form = Form(self)
        self.name = form.line(self.tr("Name"), longest=LONGEST)
        self.name.setText(name)
        self.name.selectAll()
        self.body.addWidget(form)
        self.trouble = PlainLabel("", ink="danger", wrap=True, lines=3)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_button(self.tr("Cancel"), "quiet", self.reject)
        self.add_button(self.tr("Save"), "primary", self.keep, default=True)
        self.name.setFocus()

    def keep(self) -> None:
        """As if the button was pressed."""
        try:
            self._save(self.name.text())
        except AppError as error:
            self.trouble.setText(error.message)
            self.trouble.show()
        else:
            self.accept()


class SavedColumns(QObject):
    """The menu behind the button, and what it does. All is about the file that was shown last."""

    taken = Signal(object, str)
    """Read the file by this `Mapping`, which is saved under this name ("": it came from elsewhere)."""
    guess_wanted = Signal()
    """Read the file as the program proposes."""
    named = Signal(str)
    """The columns as they are were saved under this name; "" when they are no longer."""

    def __init__(self, saved: SavedMappings, parent: QWidget) -> None:
        super().__init__(parent)
        self.saved = saved
        self._over = parent
        self._preview: Preview | None = None
        self._mapping = Mapping(columns=())
        self._name = ""
        self.menu: QMenu | None = None
        self.sheet: NameSheet | None = None

    def open(self, button: QWidget, preview: Preview, mapping: Mapping, name: str) -> None:
        """Open the menu about a file that is read by `mapping`, which is saved under `name`."""
        self._preview, self._mapping, self._name = preview, mapping, name
        self.menu = menu = QMenu(self._over)
        entry(menu, self.tr("As proposed"), not name, self.guess_wanted.emit)
        for fitting, found in self.saved.fitting(preview):
            words = self.tr("As saved: “{name}”").format(name=fitting)
            entry(menu, words, fitting == name, partial(self.taken.emit, found, fitting))
        menu.addSeparator()
        menu.addAction(self.tr("Save under a name…")).triggered.connect(self.ask_name)
        menu.addAction(self.tr("Read from a file…")).triggered.connect(self._ask_file)
        menu.addAction(self.tr("Write to a file…")).triggered.connect(self._ask_place)
        if name:
            menu.addSeparator()
            forget = self.tr("Forget “{name}”").format(name=one_line(name, LONGEST)).replace("&", "&&")
            menu.addAction(forget).triggered.connect(self.forget)
        popup(menu, button)

    def forget(self) -> None:
        """Throw the saved columns away; the file is read on as it is."""
        self.saved.forget(self._name)
        self.named.emit("")

    def ask_name(self) -> None:
        """Ask for the name to save under."""
        assert self._preview is not None
        self.sheet = NameSheet(self._over, self._name or self._preview.path.stem[:LONGEST], self.keep)
        self.sheet.open()

    def keep(self, name: str) -> None:
        """Save under a name; raises AppError."""
        self.named.emit(self.saved.save(name, self._mapping))

    def _ask_file(self) -> None:
        dialog = QFileDialog(self._over, self.tr("Read columns from a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Columns (*.toml *.json)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(lambda name: self.read(Path(name)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def read(self, path: Path) -> None:
        """Take the columns of a mapping file."""
        assert self._preview is not None
        try:
            mapping = mapping_of(path, self._preview)
        except AppError as error:
            say(self._over, error.title, error.message)
        else:
            self.taken.emit(mapping, "")

    def _ask_place(self) -> None:
        assert self._preview is not None
        dialog = QFileDialog(self._over, self.tr("Write columns to a file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.selectFile(f"{self._name or self._preview.path.stem}.toml")
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def write(self, path: Path) -> None:
        """Write the columns to a mapping file."""
        try:
            mapping_file.save(path, self._mapping)
        except AppError as error:
            say(self._over, error.title, error.message)
