"""The page on which a file is looked at before it comes in: its columns, its oddities, what would happen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.channels.table import Wishes
from app.domain.mapping import Mapping
from app.ui.import_table import ColumnTable
from app.ui.import_words import rows_of, what_will_happen
from app.ui.parts import Banner, Button, Card, Scroller, SectionHead
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.workers.preview import Preview, said_before

__all__ = ["PreviewPage"]


class PreviewPage(QWidget):
    """What is in the file, what its columns are taken for, and what would happen."""

    confirmed = Signal(object)
    """Import, with this `Mapping`."""
    other_wanted = Signal()
    wished = Signal(object)
    """Read the file differently: `Wishes`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._preview: Preview | None = None
        self._mapping = Mapping(columns=())
        self._wishes = Wishes()
        inside = QWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroller(inside))
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE.page, SPACE.pad, SPACE.page, SPACE.pad)
        column.setSpacing(SPACE.snug)

        head = Card(self)
        row = QHBoxLayout()
        row.setSpacing(SPACE.gap)
        names = QVBoxLayout()
        names.setSpacing(SPACE.hair)
        self.file = PlainLabel("", size=TEXT.card, weight=700)
        self.about = PlainLabel("", ink="ink_soft")
        names.addWidget(self.file)
        names.addWidget(self.about)
        row.addLayout(names, 1)
        self.reading = Button(self.tr("How it is read ▾"), "quiet", height=40, press=self.open_reading)
        self.other = Button(self.tr("Another file…"), "quiet", height=40, press=self.other_wanted.emit)
        self.go = Button("", "primary", height=40, press=self.confirm)
        for button in (self.reading, self.other, self.go):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        head.inside.addLayout(row)
        self.sentence = PlainLabel("", wrap=True, lines=3, ink="ink_mid")
        head.inside.addWidget(self.sentence)
        column.addWidget(head)

        self.before = Banner("info", "", parent=self)
        self.odd = Banner("warn", "", parent=self)
        column.addWidget(self.before)
        column.addWidget(self.odd)

        below = Card(self, pad=1)
        inset = QWidget(below)
        line = QVBoxLayout(inset)
        line.setContentsMargins(SPACE.snug, SPACE.snug, SPACE.snug, 0)
        self.rows = SectionHead(self.tr("First rows"), self.tr("press a column's field to say what it is"))
        line.addWidget(self.rows)
        below.inside.addWidget(inset)
        self.table = ColumnTable(below)
        self.table.setMinimumHeight(180)
        below.inside.addWidget(self.table, 1)
        below.inside.setContentsMargins(1, 1, 1, SPACE.gap)
        column.addWidget(below, 1)
        self.table.aimed.connect(self._aim)

    def show_file(self, preview: Preview, mapping: Mapping, wishes: Wishes) -> None:
        self._preview, self._wishes = preview, wishes
        self.file.setText(preview.path.name)
        rows = rows_of(preview.rows)
        about = rows if preview.is_exact else self.tr("about {rows}").format(rows=rows)
        self.about.setText(
            self.tr("{how} · {rows} · {columns} columns").format(
                how=preview.reading.described, rows=about, columns=preview.reading.width
            )
        )
        again = said_before(preview.before)
        self.before.set_text(again)
        self.before.setVisible(bool(again))
        self.odd.set_text("\n".join(preview.problems))
        self.odd.setVisible(bool(preview.problems))
        self.rows.set(self.tr("The first {rows}").format(rows=rows_of(len(preview.sample))))
        words = self.tr("Import again") if again else self.tr("Import {rows}").format(rows=about)
        self.go.set_words(words)
        self.table.fill(mapping, preview.sample)
        self._aim(mapping)
        self.table.setFocus()

    @property
    def mapping(self) -> Mapping:
        """What a person made of the guess."""
        return self._mapping

    def confirm(self) -> None:
        """As if the button was pressed."""
        if self.go.isEnabled() and self._preview is not None:
            self.confirmed.emit(self._mapping)

    def _aim(self, mapping: Mapping) -> None:
        assert self._preview is not None
        self._mapping = mapping
        self.sentence.setText(what_will_happen(self._preview, mapping))
        self.go.setEnabled(mapping.names_somebody)

    # -- how the file is read

    def open_reading(self) -> None:
        """Offer what may be said about the file instead of the guesses."""
        if self._preview is None:
            return
        reading, wishes = self._preview.reading, self._wishes
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def offer(into: QMenu, text: str, chosen: bool, wish: Wishes) -> QAction:
            act = into.addAction(text)
            act.setCheckable(True)
            act.setChecked(chosen)
            act.triggered.connect(lambda: self.wished.emit(wish))
            return act

        header = replace(wishes, header=not reading.has_header)
        offer(menu, self.tr("The first row names the columns"), reading.has_header, header)
        if reading.is_workbook:
            for name in reading.sheets:
                text = self.tr("Sheet “{name}”").format(name=name.replace("&", "&&"))
                offer(menu, text, name == reading.sheet, replace(wishes, sheet=name))
        else:
            text = self.tr("Rows that end early have blank cells there")
            offer(menu, text, reading.pad_short, replace(wishes, pad_short=not reading.pad_short))
            between = menu.addMenu(self.tr("Between cells"))
            for text, mark in (
                (self.tr("Comma"), ","),
                (self.tr("Semicolon"), ";"),
                (self.tr("Tab"), "\t"),
                (self.tr("Bar"), "|"),
            ):
                offer(between, text, reading.delimiter == mark, replace(wishes, delimiter=mark))
            encodings = menu.addMenu(self.tr("Encoding"))
            for text, name in _ENCODINGS:
                offer(encodings, text, reading.encoding == name, replace(wishes, encoding=name))
        menu.popup(self.reading.mapToGlobal(QPoint(0, self.reading.height() + 2)))


_ENCODINGS = (
    ("UTF-8", "utf-8"),
    ("UTF-16", "utf-16"),
    ("Western (Windows-1252)", "cp1252"),
    ("Central European (Windows-1250)", "cp1250"),
    ("Cyrillic (Windows-1251)", "cp1251"),
    ("Greek (Windows-1253)", "cp1253"),
    ("Turkish (Windows-1254)", "cp1254"),
    ("Hebrew (Windows-1255)", "cp1255"),
    ("Arabic (Windows-1256)", "cp1256"),
    ("Baltic (Windows-1257)", "cp1257"),
    ("Japanese (Shift JIS)", "cp932"),
    ("Chinese (GB 18030)", "gb18030"),
    ("Chinese (Big5)", "big5"),
    ("Korean (Windows-949)", "cp949"),
    ("DOS (850)", "cp850"),
    ("Macintosh", "mac_roman"),
)
