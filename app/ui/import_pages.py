"""The faces of the import screen: choose a file, wait, look at the columns, see what came of it.

They show what they are told and say by signals what a person did; `import_screen` stands between them and
the work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.channels.table import Wishes
from app.domain.mapping import Mapping
from app.ui import theme
from app.ui.import_table import ColumnTable
from app.ui.import_words import how_far, rows_of, what_came, what_will_happen
from app.ui.parts import Banner, Bar, Button, Card, IconSpot, SectionHead
from app.ui.plain import PlainLabel
from app.ui.theme import RADIUS, SPACE, TEXT, Ink
from app.workers.importer import Progress, Report, Stage
from app.workers.preview import Preview, said_before

__all__ = ["ChoosePage", "DonePage", "FailedPage", "PreviewPage", "WorkPage"]

_CENTRE = Qt.AlignmentFlag.AlignHCenter


class _DropZone(QWidget):
    """A dashed frame to let a file fall into."""

    def __init__(self, choose: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._over = False
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, 2 * SPACE.page, SPACE.page, 2 * SPACE.page)
        column.setSpacing(SPACE.gap)
        text = self.tr(
            "A CSV file of any kind or an Excel workbook. Nothing is imported before you have seen it."
        )
        column.addWidget(IconSpot("import", "ink_soft", side=40), 0, _CENTRE)
        column.addWidget(PlainLabel(self.tr("Drop a file here"), size=TEXT.card, weight=600, align=_CENTRE))
        column.addWidget(PlainLabel(text, ink="ink_soft", wrap=True, lines=3, align=_CENTRE))
        column.addSpacing(SPACE.snug)
        self.button = Button(self.tr("Choose a file…"), "primary", height=40, press=choose)
        column.addWidget(self.button, 0, _CENTRE)

    def set_over(self, over: bool) -> None:
        """Whether a file hangs above it."""
        self._over = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(look.select if self._over else look.check_line, 1.6 if self._over else 1.2)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(look.select_tint if self._over else look.card)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS.hero, RADIUS.hero)


class ChoosePage(QWidget):
    """Nothing is chosen yet."""

    wanted = Signal()
    """A person wants to choose a file."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        column.setSpacing(SPACE.pad)
        self.zone = _DropZone(self.wanted.emit, self)
        self.zone.setMaximumWidth(860)
        facts = QWidget(self)
        facts.setMaximumWidth(860)
        row = QHBoxLayout(facts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.pad)
        for icon, title, text in (
            (
                "search",
                self.tr("Columns are guessed"),
                self.tr("You see each one with examples and can change it."),
            ),
            (
                "check",
                self.tr("All or nothing"),
                self.tr("Cancel at any moment, and nothing of the file is left."),
            ),
            (
                "undo",
                self.tr("Nothing gets lost"),
                self.tr("Refused rows come back in a file, with their line and the reason."),
            ),
        ):
            card = Card(facts)
            card.inside.addWidget(IconSpot(icon, "ink_faint"))
            card.inside.addWidget(PlainLabel(title, weight=600))
            card.inside.addWidget(PlainLabel(text, ink="ink_soft", wrap=True, lines=3))
            card.inside.addStretch(1)
            row.addWidget(card, 1)
        column.addStretch(2)
        for part in (self.zone, facts):
            across = QHBoxLayout()
            across.addStretch(1)
            across.addWidget(part, 12)
            across.addStretch(1)
            column.addLayout(across)
        column.addStretch(3)


class WorkPage(QWidget):
    """A file is being read or imported."""

    cancelled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.file = PlainLabel("", ink="ink_soft", align=_CENTRE)
        self.doing = PlainLabel("", size=TEXT.lead, weight=700, align=_CENTRE)
        self.bar = Bar(name=self.tr("How far it is"))
        self.figures = PlainLabel("", ink="ink_soft", align=_CENTRE)
        self.cancel = Button(self.tr("Cancel"), "quiet", key="Esc", press=self.cancelled.emit)
        card = _centred(self, 560)
        for part in (self.doing, self.file, self.bar, self.figures):
            card.inside.addWidget(part)
        card.inside.addSpacing(SPACE.snug)
        card.inside.addWidget(self.cancel, 0, _CENTRE)

    def begin(self, file: str, doing: str) -> None:
        self.file.setText(file)
        self.doing.setText(doing)
        self.figures.setText("")
        self.bar.set(0.0)
        self.cancel.setEnabled(True)
        self.cancel.set_words(self.tr("Cancel"))

    def show_progress(self, progress: Progress) -> None:
        doing, figures = how_far(progress)
        if self.cancel.isEnabled():
            self.doing.setText(doing)
        if figures:
            self.figures.setText(figures)
        self.bar.set(1.0 if progress.stage == Stage.FINISHING else progress.share or 0.0)

    def show_cancelling(self) -> None:
        """The person cancelled; it takes a moment."""
        self.doing.setText(self.tr("Cancelling…"))
        self.cancel.setEnabled(False)


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
        column = QVBoxLayout(self)
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


class DonePage(QWidget):
    """A file came in."""

    other_wanted = Signal()
    queue_wanted = Signal()
    rejects_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = PlainLabel("", size=TEXT.lead, weight=700, align=_CENTRE)
        self.text = PlainLabel("", ink="ink_mid", wrap=True, lines=5, align=_CENTRE)
        self.where = PlainLabel("", size=TEXT.small, ink="ink_faint", copyable=True, align=_CENTRE)
        self.rejects = Button(self.tr("Open the rejects file"), "link", press=self.rejects_wanted.emit)
        self.other = Button(self.tr("Import another file"), "quiet", press=self.other_wanted.emit)
        self.queue = Button(self.tr("Go to the queue"), "dark", press=self.queue_wanted.emit)
        card = _centred(self, 560)
        card.inside.addWidget(IconSpot("check", "good", side=40), 0, _CENTRE)
        for part in (self.title, self.text, self.where):
            card.inside.addWidget(part)
        card.inside.addWidget(self.rejects, 0, _CENTRE)
        card.inside.addSpacing(SPACE.snug)
        _buttons(card, self.other, self.queue)

    def show_report(self, report: Report) -> None:
        title, text = what_came(report)
        self.title.setText(title)
        self.text.setText(text)
        self.where.setText(str(report.rejects_path or ""))
        self.where.setVisible(report.rejects_path is not None)
        self.rejects.setVisible(report.rejects_path is not None)


class FailedPage(QWidget):
    """It ended without anything being imported."""

    other_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.spot = IconSpot("warn", "warm", side=40)
        self.title = PlainLabel("", size=TEXT.lead, weight=700, align=_CENTRE)
        self.text = PlainLabel("", ink="ink_mid", wrap=True, lines=6, align=_CENTRE, copyable=True)
        self.back = Button(self.tr("Back to the columns"), "quiet", press=self.back_wanted.emit)
        self.other = Button(self.tr("Choose another file…"), "dark", press=self.other_wanted.emit)
        card = _centred(self, 560)
        card.inside.addWidget(self.spot, 0, _CENTRE)
        card.inside.addWidget(self.title)
        card.inside.addWidget(self.text)
        card.inside.addSpacing(SPACE.snug)
        _buttons(card, self.back, self.other)

    def show_error(self, title: str, text: str, *, may_go_back: bool, is_wanted: bool) -> None:
        """`is_wanted`: the person cancelled, so nothing is wrong."""
        ink: Ink = "ink_soft" if is_wanted else "warm"
        self.spot.set("info" if is_wanted else "warn", ink)
        self.title.setText(title)
        self.text.setText(text)
        self.back.setVisible(may_go_back)


def _centred(page: QWidget, width: int) -> Card:
    """A card in the middle of a page."""
    column = QVBoxLayout(page)
    column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
    card = Card(page, pad=2 * SPACE.pad)
    card.setMaximumWidth(width)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(card, 8)
    row.addStretch(1)
    column.addStretch(2)
    column.addLayout(row)
    column.addStretch(3)
    return card


def _buttons(card: Card, *buttons: Button) -> None:
    row = QHBoxLayout()
    row.setSpacing(SPACE.gap)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    card.inside.addLayout(row)
