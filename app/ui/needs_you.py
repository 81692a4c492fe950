"""The *needs you* tray: decisions that no longer fitted when they reached the floor, both values side by side.

Nothing of it is carried out by itself. The rep puts a decision on top of what stands, keeps it as a note on the
lead, or drops it. Below stands what is only waiting for the floor to be back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.clash import Clashing
from app.ui.clash_words import cause_words, note_of, rows_of, work_words
from app.ui.parts import Button, Card, Scroller, SectionHead
from app.ui.parts_overlay import Overlay
from app.ui.plain import PlainLabel, tip
from app.ui.theme import SPACE, TEXT
from app.ui.wording import day_and_time

if TYPE_CHECKING:
    from app.store.journal import Kept
    from app.ui.unsent import Unsent

__all__ = ["NeedsYou"]

_WIDTH = 760
_MOST = 12
"""Unsent lines that are listed; the rest are counted."""


class NeedsYou(Overlay):
    """The tray over the window; it follows what changes while it is open."""

    def __init__(self, parent: QWidget, unsent: Unsent, now: Callable[[], datetime]) -> None:
        title = QCoreApplication.translate("NeedsYou", "Needs you")
        super().__init__(parent, title, _WIDTH)
        self._unsent, self._now = unsent, now
        head = QHBoxLayout()
        head.addWidget(PlainLabel(title, size=TEXT.card, weight=700))
        head.addStretch(1)
        self.close_button = Button(self.tr("Close"), "quiet", key="Esc", press=self.dismiss)
        head.addWidget(self.close_button)
        self.words = PlainLabel("", ink="ink_mid", wrap=True, lines=3)
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, SPACE.tight, 0)
        self._column.setSpacing(SPACE.gap)
        self._area = Scroller(self._page, self.panel)
        self._area.setAccessibleName(title)
        self.inside.setContentsMargins(SPACE.page, SPACE.pad, SPACE.page, SPACE.pad)
        self.inside.setSpacing(SPACE.snug)
        self.inside.addLayout(head)
        self.inside.addWidget(self.words)
        self.inside.addWidget(self._area, 1)
        self.cases: list[Case] = []
        unsent.changed.connect(self._fill)
        self._fill()

    def first(self) -> QWidget:
        return self.cases[0].buttons[0] if self.cases else self.close_button

    def wanted_height(self, most: int) -> int:
        width = _WIDTH - 2 * SPACE.page
        page = self._column.totalHeightForWidth(width)
        words = self.words.heightForWidth(width)
        return min(page + words + 32 + 2 * SPACE.pad + 2 * SPACE.snug + 4, most)

    def _fill(self) -> None:
        """Show what there is now; the keyboard stays in the tray."""
        held = self.isVisible() and self.panel.isAncestorOf(QApplication.focusWidget() or self)
        while self._column.count():
            item = self._column.takeAt(0)
            gone = item.widget() if item is not None else None
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        waiting, lines, now = self._unsent.waiting, self._unsent.lines, self._now()
        self.words.setText(self._summary(len(waiting), len(lines)))
        self.cases = [Case(line, self._unsent, now) for line in waiting]
        for case in self.cases:
            self._column.addWidget(case)
        if lines:
            count = self.tr("{n} · sent by itself when the floor is there").format(n=len(lines))
            self._column.addWidget(SectionHead(self.tr("Unsent"), count))
            for line in lines[:_MOST]:
                self._column.addWidget(_line(line, now))
            if len(lines) > _MOST:
                more = self.tr("and {n} more").format(n=len(lines) - _MOST)
                self._column.addWidget(PlainLabel(more, ink="ink_soft"))
        self._column.addStretch(1)
        if self.isVisible():
            self.place()
            if held:
                self.first().setFocus(Qt.FocusReason.OtherFocusReason)

    def _summary(self, waiting: int, lines: int) -> str:
        if waiting:
            return self.tr(
                "While this desk was without its floor, others decided too. Nothing was overwritten: "
                "say for each what shall stand."
            )
        if lines:
            return self.tr("Nothing needs a decision. What is unsent is kept on this computer.")
        return self.tr("Nothing needs a decision, and the floor has everything you did.")


class Case(Card):
    """One decision: why it was not carried out, both values, and what to do about it."""

    def __init__(self, line: Kept, unsent: Unsent, now: datetime) -> None:
        super().__init__(pad=SPACE.pad)
        from app.floor.keeping import on_top

        clash = line.clash
        assert clash is not None
        top = QHBoxLayout()
        top.addWidget(PlainLabel(line.who or self.tr("A lead"), size=TEXT.strong, weight=700), 1)
        said = self.tr("you, offline at {time}").format(time=day_and_time(line.said_at, now))
        top.addWidget(PlainLabel(said, ink="ink_soft", steady=True))
        self.inside.addLayout(top)
        self.inside.addWidget(PlainLabel(cause_words(clash), ink="warm", weight=500, wrap=True, lines=3))
        self.inside.addLayout(_values(line, clash, now))
        row = QHBoxLayout()
        row.setSpacing(SPACE.small)
        note = note_of(line.command, now, line.said_at)
        apply = Button(self.tr("Apply on top"), "dark", self, height=34)
        apply.clicked.connect(partial(self._decide, partial(unsent.put_on_top, line)))
        keep = Button(self.tr("Keep as note"), "quiet", self, height=34)
        keep.clicked.connect(partial(self._decide, partial(unsent.keep_as_note, line, note)))
        drop = Button(self.tr("Drop"), "quiet", self, height=34)
        drop.clicked.connect(partial(self._decide, partial(unsent.drop, line)))
        if on_top(line) is None:
            apply.setEnabled(False)
            tip(apply, self.tr("This can’t be said again. It can be kept as a note."))
        tip(keep, note)
        self.buttons = [button for button in (apply, keep, drop) if button.isEnabled()]
        row.addStretch(1)
        for button in (drop, keep, apply):
            row.addWidget(button)
        self.inside.addLayout(row)
        self.setAccessibleName(f"{line.who}. {cause_words(clash)}")

    def _decide(self, decide: Callable[[], None], _checked: bool = False) -> None:
        for button in self.buttons:
            button.setEnabled(False)
        decide()


def _values(line: Kept, clash: Clashing, now: datetime) -> QGridLayout:
    """Two columns: the floor's at the left, the rep's own at the right."""
    tr = QCoreApplication.translate
    grid = QGridLayout()
    grid.setHorizontalSpacing(SPACE.pad)
    grid.setVerticalSpacing(SPACE.hair)
    for column, words in enumerate((tr("NeedsYou", "On the floor now"), tr("NeedsYou", "What you said")), 1):
        grid.addWidget(PlainLabel(words, size=TEXT.small, weight=600, ink="ink_mid"), 0, column)
        grid.setColumnStretch(column, 1)
    grid.setColumnMinimumWidth(0, 96)
    for number, (name, stands, said) in enumerate(rows_of(line.command, clash, now), 1):
        grid.addWidget(PlainLabel(name, ink="ink_soft", wrap=True, lines=2), number, 0)
        grid.addWidget(PlainLabel(stands, ink="ink", wrap=True, lines=4), number, 1)
        grid.addWidget(PlainLabel(said, ink="ink", weight=600, wrap=True, lines=4), number, 2)
    return grid


def _line(line: Kept, now: datetime) -> QWidget:
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(2, 0, 2, 0)
    across.setSpacing(SPACE.gap)
    across.addWidget(PlainLabel(line.who, ink="ink", weight=500), 2)
    across.addWidget(PlainLabel(work_words(line.command, now), ink="ink_mid"), 3)
    across.addWidget(PlainLabel(day_and_time(line.said_at, now), ink="ink_faint", steady=True))
    return row
