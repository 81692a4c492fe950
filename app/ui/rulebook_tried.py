"""The draft tried on past leads, beside what is in force: figures, warnings, leads per rep, and who would have had
whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.questions_rulebook import Side, Tried
from app.domain.tier import Tier
from app.ui import theme
from app.ui.panes import Pane
from app.ui.parts import Button, EmptyState, Scroller, Sheet, Skeleton
from app.ui.parts_paint import paint_card
from app.ui.plain import PlainLabel, tip
from app.ui.rows import Row, RowList
from app.ui.theme import RADIUS, SPACE, TEXT, Ink
from app.ui.times import clock_face

__all__ = ["Figures", "TriedPane", "compared", "unserved_words"]

MINUS = "−"
_MOST_WARNINGS = 3
_MOST_LINES = 6
"""Of a reason; all of it stands in the tip."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("rulebook_tried", text)


class Figures(NamedTuple):
    """A row of the table: what, how much by the live rulebook, how much by the draft, and what that changes."""

    name: str
    live: str
    draft: str
    delta: str
    ink: Ink


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{round(share * 100)} %"


def _change(delta: float, shown: str, *, more_is_better: bool | None) -> tuple[str, Ink]:
    """What changed, and whether that is good (green) or not (red); grey where nothing did, or it is neither."""
    if not shown.strip("+−0. s%"):
        return "0", "ink_faint"
    if more_is_better is None:
        return shown, "ink_faint"
    return shown, "good" if (delta > 0) == more_is_better else "danger"


def _signed(number: float, unit: str = "") -> str:
    sign = MINUS if number < 0 else "+"
    return f"{sign}{abs(number):g}{unit}"


def _met(side: Side, tier: Tier) -> float | None:
    found = next((one for one in side.tiers if one.tier == tier), None)
    judged = found.met + found.missed if found else 0
    return found.met / judged if found and judged else None


def _median(side: Side) -> float | None:
    """Of the hottest tier that was called at all."""
    found = (tried.ttfc_median for tried in side.tiers if tried.ttfc_median is not None)
    return next(found, None)


def compared(tried: Tried) -> tuple[Figures, ...]:
    """The figures side by side."""
    rows = []
    for tier in Tier:
        live, draft = _met(tried.live, tier), _met(tried.draft, tier)
        if live is None and draft is None:
            continue
        gained = round(100 * draft) - round(100 * live) if live is not None and draft is not None else 0
        delta, ink = _change(gained, _signed(gained), more_is_better=True)
        rows.append(
            Figures(
                _tr("SLA met, {tier}").format(tier=tier.value), _percent(live), _percent(draft), delta, ink
            )
        )
    medians = _median(tried.live), _median(tried.draft)
    if medians[0] is not None and medians[1] is not None:
        seconds = round(medians[1]) - round(medians[0])
        delta, ink = _change(seconds, _signed(seconds, " s"), more_is_better=False)
        rows.append(Figures(_tr("Median TTFC"), clock_face(medians[0]), clock_face(medians[1]), delta, ink))
    if tried.leads:
        shares = [round(1000 * side.escalated / tried.leads) / 10 for side in (tried.live, tried.draft)]
        points = round(shares[1] - shares[0], 1)
        delta, ink = _change(points, _signed(points), more_is_better=False)
        rows.append(Figures(_tr("Escalated"), f"{shares[0]:g} %", f"{shares[1]:g} %", delta, ink))
    more = tried.draft.nobody - tried.live.nobody
    delta, ink = _change(more, _signed(more), more_is_better=False)
    rows.append(
        Figures(_tr("Nobody could take"), f"{tried.live.nobody:,}", f"{tried.draft.nobody:,}", delta, ink)
    )
    return tuple(rows)


def per_rep(tried: Tried) -> tuple[Figures, ...]:
    """Leads of each rep, by the live rulebook and by the draft."""
    live = {rep.rep_id: rep for rep in tried.live.reps}
    draft = {rep.rep_id: rep for rep in tried.draft.reps}
    rows = []
    for rep_id in dict.fromkeys((*live, *draft)):
        name = (live.get(rep_id) or draft[rep_id]).name
        was, now = (side[rep_id].leads if rep_id in side else 0 for side in (live, draft))
        delta, ink = _change(now - was, _signed(now - was), more_is_better=None)
        rows.append(Figures(name, f"{was:,}", f"{now:,}", delta, ink))
    return tuple(rows)


def unserved_words(tried: Tried) -> tuple[tuple[str, str], ...]:
    """Of each group of leads that nobody would have had how many, and why."""
    one, many = _tr("1 lead had no one:"), _tr("{n} leads had no one:")
    return tuple(
        (one if group.leads == 1 else many.format(n=f"{group.leads:,}"), group.why)
        for group in tried.unserved[:_MOST_WARNINGS]
    )


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()


class _Table(QWidget):
    """Rows of figures under a head, with a thin line under each."""

    def __init__(self, head: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._head = tuple(head)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(SPACE.tight, 0, SPACE.tight, 0)
        self._grid.setHorizontalSpacing(SPACE.pad)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._lines: list[QWidget] = []

    def show_rows(self, rows: Sequence[Figures]) -> None:
        empty(self._grid)
        for column, word in enumerate(self._head):
            self._put(0, column, word, "ink_faint", 600)
        for number, row in enumerate(rows, 1):
            for column, text in enumerate((row.name, row.live, row.draft, row.delta)):
                moved = column == 3 and row.ink != "ink_faint"
                self._put(number, column, text, row.ink if column == 3 else "ink", 600 if moved else 400)
        self.setAccessibleName("; ".join(", ".join((r.name, r.live, r.draft, r.delta)) for r in rows))
        self.update()

    def _put(self, row: int, column: int, text: str, ink: Ink, weight: int) -> None:
        side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
        label = PlainLabel(text, self, ink=ink, weight=weight, align=side, steady=column > 0)
        label.setFixedHeight(32)
        self._grid.addWidget(label, row, column)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = theme.current().line
        for row in range(self._grid.rowCount() - 1):
            y = self._grid.cellRect(row, 0).bottom()
            if y > 0:
                painter.fillRect(0, y, self.width(), 1, line)


class _Warning(QWidget):
    """How many leads had nobody, and why, in an amber frame."""

    def __init__(self, how_many: str, why: str, parent: QWidget) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE.snug, 9, SPACE.snug, 9)
        box.setSpacing(SPACE.hair)
        box.addWidget(PlainLabel(how_many, self, weight=600))
        box.addWidget(PlainLabel(why, self, wrap=True, lines=_MOST_LINES, copyable=True))
        tip(self, f"{how_many} {why}")

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        paint_card(QPainter(self), self.rect(), look.warm_tint, look.warm_line, RADIUS.control)


class _ElsewhereSheet(Sheet):
    """The leads that would have gone to somebody else."""

    def __init__(self, parent: QWidget, tried: Tried, when: Callable[[object], str]) -> None:
        shown = len(tried.leads_elsewhere)
        text = "" if shown == tried.elsewhere else _tr("The first {n} of {all}.")
        title = _tr("{n} leads would have gone to someone else").format(n=f"{tried.elsewhere:,}")
        super().__init__(parent, title, text.format(n=shown, all=f"{tried.elsewhere:,}"), width=640)
        self.list = RowList(self, name=title)
        nobody = _tr("nobody")
        self.list.set_rows(
            [
                Row(
                    key=lead.lead_id,
                    title=lead.lead,
                    detail=f"{lead.was or nobody} → {lead.now or nobody} · {lead.why}",
                    right=when(lead.captured_at),
                    chip=None
                    if lead.was_tier == lead.now_tier
                    else (f"{lead.was_tier.value} → {lead.now_tier.value}", "warm"),
                )
                for lead in tried.leads_elsewhere
            ]
        )
        self.list.setMinimumHeight(420)
        self.body.addWidget(self.list, 1)
        self.add_button(_tr("Close"), "primary", self.accept, default=True)


class TriedPane(Pane):
    """The pane at the right."""

    wanted = Signal()
    """Try the draft."""

    def __init__(self, when: Callable[[object], str], parent: QWidget) -> None:
        super().__init__("left", parent, pad=0)
        self._when = when
        self.tried: Tried | None = None
        place = QWidget(self)
        self._pages = QStackedLayout(place)
        self.inside.addWidget(place)
        told = self.tr(
            "The leads of last week are judged, routed and promised once more by the draft, beside what happened."
        )
        self.ask_page = EmptyState(
            "clock", self.tr("Not tried yet"), told, self.tr("Try on last week"), self.wanted.emit
        )
        waiting = QWidget(place)
        column = QVBoxLayout(waiting)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        column.addWidget(PlainLabel(self.tr("Trying…"), waiting, size=TEXT.title, weight=700))
        column.addWidget(Skeleton(7, waiting, row_height=34, name=self.tr("Trying the draft")))
        column.addStretch(1)
        self._waiting = waiting
        self.trouble = EmptyState(
            "warn", self.tr("That could not be tried"), "", self.tr("Try again"), self.wanted.emit
        )
        self._result = QWidget(place)
        self._column = QVBoxLayout(self._result)
        self._column.setContentsMargins(SPACE.page - 2, SPACE.page - 4, SPACE.pad, SPACE.page)
        self._column.setSpacing(SPACE.gap)
        self.title = PlainLabel("", self._result, size=TEXT.title, weight=700)
        self.span = PlainLabel("", self._result, ink="ink_soft", wrap=True, lines=3)
        self.stale = PlainLabel("", self._result, size=TEXT.small, ink="warm", wrap=True, lines=2)
        self.figures = _Table(("", self.tr("live"), self.tr("draft"), ""), self._result)
        self._warnings = QVBoxLayout()
        self._warnings.setSpacing(SPACE.gap)
        self._per_rep = PlainLabel(self.tr("Leads per rep"), self._result, weight=600, size=TEXT.strong)
        self.reps = _Table((self.tr("Rep"), self.tr("live"), self.tr("draft"), ""), self._result)
        self.show_button = Button("", "link", self._result, press=self.show_elsewhere)
        self.notes = PlainLabel("", self._result, size=TEXT.small, ink="ink_faint", wrap=True, lines=12)
        above: tuple[QWidget, ...] = (self.title, self.span, self.stale, self.figures)
        for widget in above:
            self._column.addWidget(widget)
        self._column.addLayout(self._warnings)
        self._column.addSpacing(SPACE.gap)
        below: tuple[QWidget, ...] = (self._per_rep, self.reps, self.show_button, self.notes)
        for widget in below:
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self._scroller = Scroller(self._result)
        for page in (self.ask_page, self._waiting, self.trouble, self._scroller):
            self._pages.addWidget(page)

    def may_try(self, why_not: str) -> None:
        """Offer to try, or say why not."""
        self.ask_page.action.setEnabled(not why_not)
        self.trouble.action.setEnabled(not why_not)

    def show_waiting(self) -> None:
        self._pages.setCurrentWidget(self._waiting)

    def show_trouble(self, sentence: str) -> None:
        self.trouble.text.setText(sentence)
        self._pages.setCurrentWidget(self.trouble)

    def set_stale(self, is_stale: bool) -> None:
        """The draft was changed since it was tried."""
        self.stale.setText(self.tr("The draft has been changed since. Try it again.") if is_stale else "")
        self.stale.setVisible(is_stale)

    def show_tried(self, tried: Tried, title: str, span: str) -> None:
        """Show how it went."""
        self.tried = tried
        self.title.setText(title)
        self.span.setText(span)
        self.set_stale(False)
        self.figures.show_rows(compared(tried))
        self.reps.show_rows(per_rep(tried))
        for shown in (self._per_rep, self.reps):
            shown.setVisible(bool(tried.live.reps or tried.draft.reps))
        empty(self._warnings)
        for how_many, why in unserved_words(tried):
            self._warnings.addWidget(_Warning(how_many, why, self._result))
        count = f"{tried.elsewhere:,}"
        words = self.tr("{n} would have gone to someone else. Show them ›")
        if tried.elsewhere == 1:
            words = self.tr("{n} would have gone to someone else. Show it ›")
        self.show_button.set_words(
            words.format(n=count) if tried.elsewhere else self.tr("Every lead goes to who had it.")
        )
        self.show_button.setEnabled(bool(tried.elsewhere))
        self.notes.setText("\n".join(tried.notes))
        self.notes.setVisible(bool(tried.notes))
        self._pages.setCurrentWidget(self._scroller)

    def show_elsewhere(self) -> None:
        """The leads that would have gone to somebody else."""
        if self.tried is not None:
            _ElsewhereSheet(self.window(), self.tried, self._when).open()
