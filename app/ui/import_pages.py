"""The plain faces of the import screen: choose a file, wait, see what came of it.

They show what they are told and say by signals what a person did; `import_screen` stands between them and
the work.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.past import ImportKind
from app.ui import theme
from app.ui.import_words import how_far, what_came
from app.ui.parts import Bar, Button, Card, IconSpot, Scroller
from app.ui.plain import PlainLabel
from app.ui.theme import RADIUS, SPACE, TEXT, Ink
from app.workers.importer import Progress, Report, Stage

__all__ = ["ChoosePage", "DonePage", "FailedPage", "WorkPage"]

_CENTRE = Qt.AlignmentFlag.AlignHCenter
_REFUSED = 5
"""Refused rows that are shown with their reasons; all of them stand in the rejects file."""


class _DropZone(QWidget):
    """A dashed frame to let a file fall into."""

    def __init__(self, choose: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._over = False
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE.page, 2 * SPACE.page, SPACE.page, 2 * SPACE.page)
        column.setSpacing(SPACE.gap)
        text = self.tr(
            "Leads, calls, results or costs, as a CSV file of any kind or an Excel workbook. Nothing is imported "
            "before you have seen it."
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
        inside = QWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroller(inside))
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        column.setSpacing(SPACE.pad)
        self.zone = _DropZone(self.wanted.emit, inside)
        self.zone.setMaximumWidth(860)
        facts = QWidget(inside)
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
        self._kind = ImportKind.LEADS
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

    def begin(self, file: str, doing: str, kind: ImportKind = ImportKind.LEADS) -> None:
        self._kind = kind
        self.file.setText(file)
        self.doing.setText(doing)
        self.figures.setText("")
        self.bar.set(0.0)
        self.cancel.setEnabled(True)
        self.cancel.set_words(self.tr("Cancel"))

    def show_progress(self, progress: Progress) -> None:
        doing, figures = how_far(progress, self._kind)
        if self.cancel.isEnabled():
            self.doing.setText(doing)
        if figures:
            self.figures.setText(figures)
        self.bar.set(1.0 if progress.stage == Stage.FINISHING else progress.share or 0.0)

    def show_cancelling(self) -> None:
        """The person cancelled; it takes a moment."""
        self.doing.setText(self.tr("Cancelling…"))
        self.cancel.setEnabled(False)


class DonePage(QWidget):
    """A file came in."""

    other_wanted = Signal()
    queue_wanted = Signal()
    report_wanted = Signal(object)
    """The report that shows best what came in, by the `ImportKind`."""
    rejects_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = PlainLabel("", size=TEXT.lead, weight=700, align=_CENTRE)
        self.text = PlainLabel("", ink="ink_mid", wrap=True, lines=5, align=_CENTRE)
        self.refused = PlainLabel("", size=TEXT.small, ink="ink_mid", wrap=True, lines=12, copyable=True)
        self.where = PlainLabel("", size=TEXT.small, ink="ink_faint", copyable=True, align=_CENTRE)
        self._kind = ImportKind.LEADS
        self.rejects = Button(self.tr("Open the rejects file"), "link", press=self.rejects_wanted.emit)
        self.other = Button(self.tr("Import another file"), "quiet", press=self.other_wanted.emit)
        self.queue = Button(self.tr("Go to the queue"), "quiet", press=self.queue_wanted.emit)
        self.report = Button(self.tr("See the report"), "dark", press=self._want_report)
        card = _centred(self, 560)
        card.inside.addWidget(IconSpot("check", "good", side=40), 0, _CENTRE)
        for part in (self.title, self.text, self.refused, self.where):
            card.inside.addWidget(part)
        card.inside.addWidget(self.rejects, 0, _CENTRE)
        card.inside.addSpacing(SPACE.snug)
        _buttons(card, self.other, self.queue, self.report)

    def _want_report(self) -> None:
        self.report_wanted.emit(self._kind)

    def show_report(self, report: Report, *, has_reports: bool) -> None:
        """`has_reports`: the person at this desk sees the floor's reports."""
        self._kind = report.kind
        self.queue.setVisible(report.kind is ImportKind.LEADS)
        self.queue.set_kind("quiet" if has_reports else "dark")
        self.report.setVisible(has_reports)
        lines = [
            self.tr("Line {line}: {why}").format(line=f"{number:,}", why=why)
            for number, why in report.refused[:_REFUSED]
        ]
        if report.rejected > len(lines):
            lines.append(self.tr("and {n} more").format(n=f"{report.rejected - len(lines):,}"))
        self.refused.setText("\n".join(lines))
        self.refused.setVisible(bool(lines))
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
    inside = QWidget()
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(Scroller(inside))
    column = QVBoxLayout(inside)
    column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
    card = Card(inside, pad=2 * SPACE.pad)
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
