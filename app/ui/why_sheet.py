"""Why me, why not me: every decision about whose a lead is, newest first, with everybody who was looked at.

The line of whoever sits at this desk comes first. All of it is read from the lead's own journal: what was decided
then, by what was known then, whatever the rulebook says today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.domain.events import Considered, Entry, LeadClaimed, LeadReleased, LeadRouted
from app.domain.lead import Lead
from app.ui.event_words import line_of
from app.ui.parts import Button, Scroller, SectionHead
from app.ui.parts_overlay import Overlay
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.ui.wording import day_and_time, who

__all__ = ["WhySheet"]

_WIDTH = 620
_MOST = 60
"""Reasons that are told of one decision; the rest are counted."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("why", text)


class WhySheet(Overlay):
    """The sheet, over the window."""

    def __init__(
        self, parent: QWidget, title: str, lead: Lead, entries: Sequence[Entry], me: str, now: datetime
    ) -> None:
        super().__init__(parent, title, _WIDTH)
        self.close_button = Button(_tr("Close"), "quiet", key="Esc", press=self.dismiss)
        self.head = SectionHead(f"{title} · {who(lead)[:80]}", "", self.panel, strong=True)
        self.inside.setContentsMargins(SPACE.page, SPACE.pad, SPACE.page, SPACE.pad)
        self.inside.setSpacing(SPACE.snug)
        self.inside.addWidget(self.head)
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, SPACE.tight, 0)
        self._column.setSpacing(SPACE.tight)
        for entry in _deciding(entries):
            self._tell(entry, me, now)
        if not self._column.count():
            nothing = _tr("Nobody decided about this lead: it has lain in the pool since it came.")
            self._column.addWidget(PlainLabel(nothing, wrap=True, lines=3))
        self._column.addStretch(1)
        self.area = Scroller(self._page, self.panel)
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setAccessibleName(title)
        self.inside.addWidget(self.area, 1)
        self.inside.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignRight)

    def first(self) -> QWidget:
        return self.close_button

    def wanted_height(self, most: int) -> int:
        page = self._column.totalHeightForWidth(_WIDTH - 2 * SPACE.page)
        rest = self.head.sizeHint().height() + self.close_button.sizeHint().height()
        return min(page + rest + 2 * SPACE.pad + 2 * SPACE.snug + 4, most)

    @property
    def lines(self) -> list[str]:
        """What stands there, from the top."""
        return [label.whole() for label in self._page.findChildren(PlainLabel) if label.whole()]

    def _tell(self, entry: Entry, me: str, now: datetime) -> None:
        event = entry.event
        line = line_of(event, now)
        if self._column.count():
            self._column.addSpacing(SPACE.gap)
        if not isinstance(event, LeadRouted):
            self._column.addWidget(SectionHead(line.text, day_and_time(entry.at, now)))
            return
        to = _tr("To {name}").format(name=event.to_name) if event.to else _tr("To the pool")
        if event.offered:
            to = _tr("Offered to {n}").format(n=len(event.offered))
        self._column.addWidget(SectionHead(to, day_and_time(entry.at, now)))
        self._column.addWidget(PlainLabel(event.why, wrap=True, lines=4, ink="ink_mid"))
        for route in event.passed[:_MOST]:
            words = _tr("Route “{name}” did not: {why}").format(name=route.route, why=route.why)
            self._column.addWidget(PlainLabel(words, wrap=True, lines=4, ink="ink_soft"))
        self._column.addWidget(PlainLabel(_mine(event, me), wrap=True, lines=4, size=TEXT.strong, weight=600))
        others = [one for one in event.ledger if one.rep_id != me]
        if others:
            got = _tr("it is offered to them") if event.offered else _tr("got it")
            self._column.addLayout(_table(others, got))


def _deciding(entries: Iterable[Entry]) -> list[Entry]:
    kinds = (LeadRouted, LeadClaimed, LeadReleased)
    return sorted(
        (entry for entry in entries if isinstance(entry.event, kinds)), key=lambda entry: -entry.seq
    )


def _mine(event: LeadRouted, me: str) -> str:
    """The line of the person here."""
    mine = next((one for one in event.ledger if one.rep_id == me), None)
    if event.to == me:
        return _tr("You got it.")
    if me in event.offered:
        return _tr("It is offered to you.")
    if mine is None and not event.ledger:
        return _tr("A person decided, and nobody else was looked at.")
    if mine is None:
        return _tr("You were not among those who were looked at.")
    return _tr("You: {why}").format(why=mine.skipped or _tr("could have had it"))


def _table(others: Sequence[Considered], got: str) -> QGridLayout:
    """Names at the left, why not at the right; whom the same held for stand together."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(SPACE.pad)
    grid.setVerticalSpacing(SPACE.hair)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    groups: dict[str, list[str]] = {}
    for one in others:
        groups.setdefault(one.skipped or got, []).append(one.name)
    for row, (why, names) in enumerate(list(groups.items())[:_MOST]):
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(PlainLabel(", ".join(names), wrap=True, lines=12), row, 0, top)
        grid.addWidget(PlainLabel(why, wrap=True, lines=4, ink="ink_soft"), row, 1, top)
    if len(groups) > _MOST:
        more = _tr("and {n} more").format(n=sum(len(names) for names in list(groups.values())[_MOST:]))
        grid.addWidget(PlainLabel(more, ink="ink_soft"), _MOST, 0)
    return grid
