"""The line over a report: what it is put together by, the chips of which leads it is of, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.domain.lead import Rep
from app.domain.report import By, ReportTitle, Segment, Shelf
from app.domain.report_words import BY_WORDS, STEPS
from app.domain.tier import Tier
from app.ui.parts import Button
from app.ui.plain import PlainLabel, one_line
from app.ui.reports_choices import Chosen, entry, popup
from app.ui.theme import SPACE, TEXT
from app.ui.wording import channel_name

__all__ = ["FilterLine"]

CHANNELS = ("form", "json", "google", "meta", "linkedin", "chat", "phone", "email", "file")
MOST = 40
"""Mediums, campaigns or people that a menu offers."""


class FilterLine(QWidget):
    """What it is put together by, the chips of what it is of, and what is said about it at the right."""

    by_picked = Signal(object)
    segment_changed = Signal(object)
    refresh_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._segment = Segment()
        self._by: tuple[By, ...] = ()
        self._shelf: Shelf | None = None
        self._reps: tuple[Rep, ...] = ()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE.page, SPACE.snug, SPACE.page, SPACE.tight)
        row.setSpacing(SPACE.gap)
        self.by = Button("", "quiet", self, press=self.open_by, height=28, size=TEXT.small)
        row.addWidget(self.by)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(SPACE.small)
        row.addLayout(self._chips)
        self.add = Button(
            self.tr("Filter ▾"), "quiet", self, press=self.open_filter, height=28, size=TEXT.small
        )
        row.addWidget(self.add)
        row.addStretch(1)
        self.about = PlainLabel("", size=TEXT.small, ink="ink_soft", align=Qt.AlignmentFlag.AlignRight)
        row.addWidget(self.about, 4)
        self.fresh = Button("", "link", self, height=24, press=self.refresh_wanted.emit, size=TEXT.small)
        row.addWidget(self.fresh)
        self.chips: list[Button] = []

    def show_choice(
        self, chosen: Chosen, title: ReportTitle | None, shelf: Shelf, reps: Sequence[Rep]
    ) -> None:
        """What is chosen now, and what can be."""
        self._segment, self._shelf = chosen.segment, shelf
        self._reps = tuple(sorted(reps, key=lambda rep: (not rep.active, rep.name.casefold())))
        self._by = title.by if title is not None else ()
        self.by.set_words(self.tr("By {what} ▾").format(what=BY_WORDS[chosen.by]))
        self.by.setVisible(len(self._by) > 1)
        self._chosen_by = chosen.by
        for chip in self.chips:
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for place, (field, values) in enumerate(chosen.segment.where):
            words = " / ".join(self.value_words(field, value) for value in values)
            text = one_line(f"{field}: {words}", 44)
            chip = Button(
                f"{text}  ✕",
                "quiet",
                self,
                height=28,
                size=TEXT.small,
                name=self.tr("Without {filter}").format(filter=text),
            )
            chip.clicked.connect(partial(self._drop, place))
            self._chips.addWidget(chip)
            self.chips.append(chip)

    def value_words(self, field: str, value: str) -> str:
        """A value of a field as it is called."""
        if field == By.REP:
            return next((rep.name for rep in self._reps if rep.id == value), value)
        if field == By.CHANNEL:
            return channel_name(value)
        return value or self.tr("not given")

    def show_fresh(self, words: str) -> None:
        """That there is news, as a button; "" takes it away."""
        self.fresh.set_words(words)
        self.fresh.setVisible(bool(words))

    def _drop(self, place: int) -> None:
        where = self._segment.where
        self.segment_changed.emit(Segment(where=(*where[:place], *where[place + 1 :])))

    def open_by(self) -> None:
        """Offer what the report can be put together by."""
        menu = QMenu(self)
        for by in self._by:
            words = BY_WORDS[by]
            entry(
                menu, words[:1].upper() + words[1:], by is self._chosen_by, partial(self.by_picked.emit, by)
            )
        popup(menu, self.by)

    def open_filter(self) -> None:
        """Offer what it can be narrowed to."""
        if self._shelf is None:
            return
        menu = QMenu(self)
        fields: tuple[tuple[str, str, Sequence[str]], ...] = (
            (self.tr("Medium"), By.MEDIUM, self._shelf.mediums[:MOST]),
            (self.tr("Campaign"), By.CAMPAIGN, self._shelf.campaigns[:MOST]),
            (self.tr("Tier"), By.TIER, [tier.value for tier in Tier]),
            (self.tr("Rep"), By.REP, [rep.id for rep in self._reps][:MOST]),
            (self.tr("Channel"), By.CHANNEL, CHANNELS),
        )
        for title, field, values in fields:
            if values:
                into = menu.addMenu(title)
                for value in values:
                    entry(
                        into, self.value_words(field, value), False, partial(self._narrow, str(field), value)
                    )
        steps = menu.addMenu(self.tr("What came of them"))
        for step in STEPS:
            for answer in ("yes", "no"):
                entry(steps, f"{step}: {answer}", False, partial(self._narrow, step, answer))
        popup(menu, self.add)

    def _narrow(self, field: str, value: str) -> None:
        """Of one field several values are chosen between; of different fields all hold."""
        where = dict(self._segment.where)
        known = where.get(field, ())
        if field in STEPS:
            where[field] = (value,)
        elif value not in known:
            where[field] = (*known, value)
        self.segment_changed.emit(Segment(where=tuple(where.items())))
