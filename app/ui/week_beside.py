"""What stands beside a frozen page: what was disputed and answered, and what changed since."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.scorecard import MEASURES, Measure
from app.domain.week import Dispute, FrozenPage
from app.domain.week_count import Late
from app.ui.panes import Pane
from app.ui.parts import Banner, Button, Card, Scroller
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.ui.times import day_and_time

__all__ = ["Beside"]

WIDTH = 340
_MOST = 100
"""Changes that are listed; more are counted."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("week", text)


class Beside(Pane):
    """The pane."""

    dispute_wanted = Signal()
    answer_wanted = Signal(object)
    lead_wanted = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("left", parent, pad=0)
        self.setFixedWidth(WIDTH)
        inside = QWidget(self)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(SPACE.pad, SPACE.page, SPACE.pad, SPACE.page)
        self._column.setSpacing(SPACE.gap)
        self.inside.addWidget(Scroller(inside, self))
        self.disputes: list[QWidget] = []
        self.changes: list[QWidget] = []

    def show_page(
        self, kept: FrozenPage, names: dict[str, str], now: datetime, *, is_mine: bool, answers: str
    ) -> None:
        """Show what stands beside a page. `answers`: who answers here, by id; empty: nobody."""
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.disputes, self.changes = [], []
        if not kept.is_whole:
            self._add(
                Banner("danger", _tr("This page is not the one that the journal tells of."), parent=self)
            )
        self._head(_tr("Disputes"))
        for dispute in kept.disputes:
            self.disputes.append(self._add(self._dispute(dispute, now, answers)))
        if not kept.disputes:
            self._quiet(_tr("Nothing is disputed."))
        if is_mine:
            self._add(Button(_tr("Dispute…"), "quiet", self, key="P", press=self.dispute_wanted.emit))
        self._head(_tr("Changed since"))
        for late in kept.late[:_MOST]:
            self.changes.append(self._add(self._late(late, names)))
        if len(kept.late) > _MOST:
            self._quiet(_tr("and {n} more").format(n=f"{len(kept.late) - _MOST:,}"))
        if not kept.late:
            self._quiet(_tr("All counts as it was frozen."))
        self._quiet(f"SHA-256 {kept.sha256[:16]}… · {day_and_time(kept.frozen_at, now)}")
        self._column.addStretch(1)

    def _add(self, widget: QWidget) -> QWidget:
        self._column.addWidget(widget)
        return widget

    def _head(self, words: str) -> None:
        self._add(PlainLabel(words, size=TEXT.small, weight=700, ink="ink_mid"))

    def _quiet(self, words: str) -> None:
        self._add(PlainLabel(words, size=TEXT.small, ink="ink_faint", wrap=True, lines=3))

    def _dispute(self, dispute: Dispute, now: datetime, answers: str) -> Card:
        card = Card(self, pad=SPACE.gap)
        about = dispute.about
        if about in tuple(Measure):
            about = MEASURES[Measure(about)]
        head = " · ".join(
            part for part in (dispute.rep_name, about, day_and_time(dispute.said_at, now)) if part
        )
        card.inside.addWidget(PlainLabel(head, size=TEXT.caption, ink="ink_faint", wrap=True, lines=2))
        card.inside.addWidget(PlainLabel(dispute.text, size=TEXT.body, wrap=True, lines=12))
        if dispute.answered_at is not None:
            verdict = _tr("accepted, {points} points") if dispute.accepted else _tr("not accepted")
            said = f"{dispute.answered_by} · {verdict.format(points=f'{dispute.points:+.1f}')}"
            card.inside.addWidget(
                PlainLabel(said, size=TEXT.caption, weight=600, ink="ink_mid", wrap=True, lines=2)
            )
            card.inside.addWidget(
                PlainLabel(dispute.answer, size=TEXT.body, ink="ink_mid", wrap=True, lines=12)
            )
        elif answers and answers != dispute.rep_id:
            button = Button(_tr("Answer…"), "quiet", card, press=lambda: self.answer_wanted.emit(dispute))
            card.inside.addWidget(button)
        return card

    def _late(self, late: Late, names: dict[str, str]) -> Card:
        card = Card(self, pad=SPACE.gap)
        who = names.get(late.rep_id, "") or _tr("Nobody's")
        card.inside.addWidget(PlainLabel(who, size=TEXT.caption, ink="ink_faint"))
        card.inside.addWidget(PlainLabel(late.text, size=TEXT.small, wrap=True, lines=4))
        show = Button(_tr("Show the lead"), "link", card, press=lambda: self.lead_wanted.emit(late.lead_id))
        card.inside.addWidget(show)
        return card
