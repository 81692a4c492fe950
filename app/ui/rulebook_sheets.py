"""The sheets of the rulebook: what has changed, putting it in force, and the versions that were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.questions_rulebook import RulebookShelf
from app.domain.rulebook_diff import Change
from app.ui import theme
from app.ui.panes import Form
from app.ui.parts import Button, Scroller, SectionHead, Sheet
from app.ui.plain import PlainLabel
from app.ui.rows import Row, RowList
from app.ui.rulebook_sections import SECTIONS, section_name
from app.ui.theme import SPACE, TEXT
from app.ui.times import day_and_time

__all__ = ["ChangesSheet", "ChangesView", "HistorySheet", "PublishSheet"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook_sheets", text)


class _Entry(QWidget):
    """One change: the sentence, and what it was and is."""

    def __init__(self, change: Change, parent: QWidget) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, SPACE.small, 2, SPACE.small)
        column.setSpacing(SPACE.hair)
        column.addWidget(PlainLabel(change.text, self, wrap=True, lines=6))
        if change.was or change.now:
            words = f"{change.was or _tr('nothing')} → {change.now or _tr('nothing')}"
            column.addWidget(PlainLabel(words, self, size=TEXT.small, ink="ink_soft", wrap=True, lines=6))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, theme.current().line)


class ChangesView(Scroller):
    """Changes by their section."""

    def __init__(self, changes: Sequence[Change], parent: QWidget) -> None:
        inside = QWidget(parent)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE.snug, 0)
        column.setSpacing(SPACE.tight)
        known = [*SECTIONS, *(change.section for change in changes if change.section not in SECTIONS)]
        for section in dict.fromkeys(known):
            found = [change for change in changes if change.section == section]
            if found:
                name = section_name(section) if section in SECTIONS else section.capitalize()
                column.addWidget(SectionHead(name, str(len(found)), inside))
                for change in found:
                    column.addWidget(_Entry(change, inside))
        if not changes:
            column.addWidget(PlainLabel(_tr("Nothing differs."), inside, ink="ink_soft"))
        column.addStretch(1)
        super().__init__(inside, parent)
        self.setMinimumHeight(min(420, 80 + 56 * max(len(changes), 1)))


class ChangesSheet(Sheet):
    """What differs between two rulebooks."""

    def __init__(self, parent: QWidget, title: str, changes: Sequence[Change]) -> None:
        super().__init__(parent, title, width=640)
        self.body.addWidget(ChangesView(changes, self), 1)
        self.add_button(_tr("Close"), "primary", self.accept, default=True)


class PublishSheet(Sheet):
    """Asks once before the draft comes into force, and says what that changes."""

    said = Signal(str)
    """Publish it, under this name."""

    def __init__(self, parent: QWidget, number: int, name: str, changes: Sequence[Change]) -> None:
        title = _tr("Put rulebook {n} in force?").format(n=number)
        text = _tr(
            "From then on it decides about every lead that comes in. Leads that are here keep the rulebook that "
            "judged them."
        )
        super().__init__(parent, title, text, width=640)
        form = Form(self)
        self.name = form.line(_tr("Its name"), longest=120)
        self.name.setText(name)
        self.body.addWidget(form)
        self.body.addWidget(ChangesView(changes, self), 1)
        self.add_button(_tr("Not yet"), "quiet", self.reject)
        self.ok = self.add_button(_tr("Publish"), "primary", self._say, default=True)
        self.name.textChanged.connect(lambda text: self.ok.setEnabled(bool(text.strip())))
        self.ok.setEnabled(bool(name.strip()))

    def _say(self) -> None:
        self.said.emit(self.name.text().strip())
        self.accept()


class HistorySheet(Sheet):
    """The versions that were ever in force: show one, compare two, or start a draft from one."""

    compared = Signal(int, int)
    """The older and the newer one."""
    started = Signal(int)

    def __init__(self, parent: QWidget, shelf: RulebookShelf, now: datetime, why_not: str) -> None:
        title = _tr("Every rulebook of this floor")
        super().__init__(parent, title, _tr("A version that was in force is never changed."), width=640)
        self._numbers = [version.version for version in shelf.versions]
        self.list = RowList(self, name=title)
        self.list.set_rows(
            [
                Row(
                    key=str(one.version),
                    title=f"{one.version} · {one.name}",
                    detail=" ".join(
                        part
                        for part in (
                            _tr("since {when}").format(when=day_and_time(one.published_at, now)),
                            _tr("by {name}").format(name=one.by) if one.by else "",
                        )
                        if part
                    ),
                    chip=(_tr("live"), "good") if one.version == shelf.live.version else None,
                )
                for one in shelf.versions
            ]
        )
        self.list.setMinimumHeight(min(360, 60 * max(len(self._numbers), 2)))
        self.body.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE.gap)
        self.show_button = Button(_tr("Show what it changed"), "quiet", self, press=self._show)
        self.live_button = Button(_tr("Compare with live"), "quiet", self, press=self._with_live)
        self.start_button = Button(_tr("Start a draft from it"), "quiet", self, press=self._start)
        self.start_button.setEnabled(not why_not)
        for button in (self.show_button, self.live_button, self.start_button):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.add_button(_tr("Close"), "primary", self.accept, default=True)
        self._live = shelf.live.version
        self._may = not why_not
        self.list.chosen.connect(lambda _: self._settle())
        if self._numbers:
            self.list.choose(str(self._numbers[0]))
        self._settle()

    @property
    def _chosen(self) -> int:
        return int(self.list.key or 0)

    def _settle(self) -> None:
        at = self._chosen
        self.show_button.setEnabled(at > min(self._numbers, default=0))
        self.live_button.setEnabled(at not in (0, self._live))
        self.start_button.setEnabled(self._may and at > 0)

    def _show(self) -> None:
        earlier = [number for number in self._numbers if number < self._chosen]
        self.compared.emit(max(earlier), self._chosen)

    def _with_live(self) -> None:
        self.compared.emit(*sorted((self._chosen, self._live)))

    def _start(self) -> None:
        self.started.emit(self._chosen)
        self.accept()
