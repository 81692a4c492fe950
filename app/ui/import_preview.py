"""The page on which a file is looked at before it comes in: as what, its columns, how they are read, what would happen.

The table shows the first rows as they stand in the file, under the fields that say what each column is; or as they will
be read; or those that can't be, each with its reason. Beside it stands how dates, sums and words are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from app.channels.table import Wishes
from app.domain.guessing import completed
from app.domain.mapping import Mapping
from app.domain.past import ImportKind
from app.ui.import_read_table import ReadTable
from app.ui.import_reads import ReadsPane
from app.ui.import_table import ColumnTable
from app.ui.import_words import kind_name, rows_of, what_will_happen, why_not
from app.ui.panes import Choices
from app.ui.parts import Banner, Button, Card, Scroller
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.workers.preview import Preview, said_before
from app.workers.preview_rows import RowRead, RowsRead, read_rows

__all__ = ["PreviewPage"]

_SIDE = 364
_FILE, _READ, _UNREAD = "file", "read", "unread"


class PreviewPage(QWidget):
    """What is in the file, what its columns are taken for, and what would happen."""

    confirmed = Signal(object)
    """Import, with this `Mapping`."""
    other_wanted = Signal()
    wished = Signal(object)
    """Read the file differently: `Wishes`."""
    kind_wanted = Signal(object)
    """Take the rows as something else: `ImportKind`."""
    columns_wanted = Signal()
    """Save the columns or take saved ones."""

    def __init__(self, parent: QWidget, barred: Callable[[ImportKind], str]) -> None:
        """`barred` says why the person here may not bring in rows of a kind; "" if they may."""
        super().__init__(parent)
        self._barred = barred
        self._preview: Preview | None = None
        self._mapping = Mapping(columns=())
        self._wishes = Wishes()
        self._now = datetime.min.replace(tzinfo=UTC)
        self._saved: tuple[str, Mapping] = "", self._mapping
        self._read = RowsRead()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, SPACE.pad, SPACE.page, SPACE.pad)
        column.setSpacing(SPACE.snug)
        column.addWidget(self._head())
        self.before = Banner("info", "", parent=self)
        self.odd = Banner("warn", "", parent=self)
        column.addWidget(self.before)
        column.addWidget(self.odd)
        below = QHBoxLayout()
        below.setSpacing(SPACE.snug)
        below.addWidget(self._rows(), 1)
        self.reads = ReadsPane(self, self.table)
        self.reads.changed.connect(self._aim)
        self.side = Scroller(self.reads)
        self.side.setFixedWidth(_SIDE)
        below.addWidget(self.side)
        column.addLayout(below, 1)

    def _head(self) -> Card:
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
        self.columns = Button(self.tr("Columns ▾"), "quiet", height=40, press=self.columns_wanted.emit)
        self.other = Button(self.tr("Another file…"), "quiet", height=40, press=self.other_wanted.emit)
        self.go = Button("", "primary", height=40, press=self.confirm)
        for button in (self.reading, self.columns, self.other, self.go):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        head.inside.addLayout(row)
        kinds = QHBoxLayout()
        kinds.setSpacing(SPACE.gap)
        kinds.addWidget(PlainLabel(self.tr("Its rows are"), ink="ink_soft"))
        name = self.tr("What the rows are")
        self.kinds = Choices([(kind.value, kind_name(kind)) for kind in ImportKind], self, name=name)
        self.kinds.picked.connect(lambda key: self.kind_wanted.emit(ImportKind(key)))
        kinds.addWidget(self.kinds)
        self.saved = PlainLabel("", ink="ink_soft", align=Qt.AlignmentFlag.AlignRight)
        kinds.addWidget(self.saved, 1)
        head.inside.addLayout(kinds)
        self.sentence = PlainLabel("", wrap=True, lines=3, ink="ink_mid")
        head.inside.addWidget(self.sentence)
        return head

    def _rows(self) -> Card:
        card = Card(self, pad=1)
        inset = QWidget(card)
        line = QHBoxLayout(inset)
        line.setContentsMargins(SPACE.snug, SPACE.snug, SPACE.snug, 0)
        self.views = Choices(
            (
                (_FILE, self.tr("As in the file")),
                (_READ, self.tr("As it will be read")),
                (_UNREAD, self.tr("Can't be read")),
            ),
            self,
            name=self.tr("Rows"),
        )
        self.views.choose(_FILE)
        self.views.picked.connect(self.show_view)
        self.hint = PlainLabel("", size=TEXT.small, ink="ink_soft", align=Qt.AlignmentFlag.AlignRight)
        line.addWidget(self.views)
        line.addWidget(self.hint, 1)
        card.inside.addWidget(inset)
        self.table = ColumnTable(card)
        self.table.setMinimumHeight(180)
        self.table.aimed.connect(self._aim)
        self.read_table = ReadTable(card)
        tables = QWidget(card)
        self._tables = QStackedLayout(tables)
        self._tables.addWidget(self.table)
        self._tables.addWidget(self.read_table)
        card.inside.addWidget(tables, 1)
        card.inside.setContentsMargins(1, 1, 1, SPACE.gap)
        return card

    def show_file(
        self, preview: Preview, mapping: Mapping, wishes: Wishes, now: datetime, saved: str = ""
    ) -> None:
        """Show a file; `saved` is the name of the saved columns that it is read by."""
        is_other = self._preview is None or self._preview.sha256 != preview.sha256
        self._preview, self._wishes, self._now = preview, wishes, now
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
        words = self.tr("Import again") if again else self.tr("Import {rows}").format(rows=about)
        self.go.set_words(words)
        self.kinds.choose(preview.kind.value)
        self.table.fill(mapping, preview.sample)
        self._aim(mapping)
        self.show_saved(saved)
        if is_other:
            self.views.choose(_FILE)
            self.show_view(_FILE)
            self.table.setFocus()
        else:
            self.show_view(self.views.chosen)

    def show_saved(self, name: str) -> None:
        """Say that the columns as they are now are saved under a name; "" for none."""
        self._saved = name, self._mapping
        self._say_saved()

    def _say_saved(self) -> None:
        name, mapping = self._saved
        words = (
            self.tr("Columns as saved: “{name}”")
            if mapping == self._mapping
            else self.tr("“{name}”, changed")
        )
        self.saved.setText(words.format(name=name) if name else "")

    @property
    def mapping(self) -> Mapping:
        """What a person made of the guess."""
        return self._mapping

    def confirm(self) -> None:
        """As if the button was pressed."""
        if self.go.isEnabled() and self._preview is not None:
            self.confirmed.emit(self._mapping)

    def turn(self) -> None:
        """Show the rows another way."""
        ways = (_FILE, _READ, _UNREAD)
        way = ways[(ways.index(self.views.chosen) + 1) % len(ways)]
        self.views.choose(way)
        self.show_view(way)

    def show_view(self, way: str) -> None:
        """Show the rows "file": as they stand there, "read": as they will be read, "unread": those that can't be."""
        preview = self._preview
        if preview is None:
            return
        self._tables.setCurrentWidget(self.table if way == _FILE else self.read_table)
        first = self.tr("the first {rows}").format(rows=rows_of(len(preview.sample)))
        hints = {
            _FILE: self.tr("{first} · press a column's field to say what it is").format(first=first),
            _READ: first,
            _UNREAD: self.tr("of {first}, and broken ones of the whole file").format(first=first),
        }
        self.hint.setText(hints[way])
        zone = ZoneInfo(self._mapping.zone or preview.before.zone)
        if way == _READ:
            self.read_table.fill(self._read, zone)
        elif way == _UNREAD:
            self.read_table.fill(RowsRead(rows=self._unread()), zone)

    def _unread(self) -> tuple[RowRead, ...]:
        assert self._preview is not None
        broken = [RowRead(line=row.line, why=row.why) for row in self._preview.refusals]
        unread = [row for row in self._read.rows if row.why]
        return tuple(sorted((*broken, *unread), key=lambda row: row.line))

    def _aim(self, mapping: Mapping) -> None:
        preview = self._preview
        assert preview is not None
        self._mapping = mapping = completed(mapping, preview.columns)
        self.table.aim(mapping)
        self._read = read_rows(preview, mapping, self._now)
        unread = self._read.unread
        barred = self._barred(mapping.kind)
        self.sentence.setText(barred or what_will_happen(preview, mapping, unread))
        self.go.setEnabled(not barred and not why_not(preview, mapping))
        self._say_saved()
        self.reads.show_mapping(preview, mapping)
        self.side.setVisible(not self.reads.isHidden())
        count = unread + len(preview.refusals)
        words = self.tr("Can't be read")
        self.views.set_words(_UNREAD, f"{words} · {count}" if count else words)
        self.show_view(self.views.chosen)

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
