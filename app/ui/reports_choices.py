"""What a person chooses a report by: which one, which days, beside which, put together how, of which leads.

`Chosen` is the choice as a value. The tabs and the two buttons lie in the window's header; the line over the page
(`reports_filter`) has the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QDate, QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QDateEdit, QMenu, QSizePolicy, QWidget

from app.domain.frozen import dataclass
from app.domain.report import Asked, By, ReportTitle, Segment, Shelf
from app.domain.report_periods import BASELINE_DAYS, Compare, Days, Period, asked_of, days_of
from app.ui.panes import Form
from app.ui.parts import Button, Sheet
from app.ui.plain import one_line
from app.ui.theme import SPACE

__all__ = [
    "Chosen",
    "DaysSheet",
    "Tools",
    "asked_for",
    "entry",
    "own_days",
    "period_words",
    "popup",
    "today_in",
]


def _tr(text: str) -> str:
    return QCoreApplication.translate("reports", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is asked for, as a person chose it."""

    name: str = ""
    period: Period = Period.LAST_30
    own: Days | None = None
    compare: Compare = Compare.BEFORE
    by: By = By.SOURCE
    segment: Segment = Segment()


def today_in(zone: str, now: datetime) -> Days:
    """The day it is in a zone."""
    day = now.astimezone(ZoneInfo(zone)).date()
    return days_of(Period.TODAY, day)


def asked_for(chosen: Chosen, shelf: Shelf, now: datetime) -> Asked:
    """The choice as a question's value, with the days it means now."""
    there = ZoneInfo(shelf.zone)
    first = shelf.first_capture.astimezone(there).date() if shelf.first_capture is not None else None
    days = days_of(chosen.period, today_in(shelf.zone, now).since, first)
    if chosen.period is Period.OWN and chosen.own is not None:
        days = chosen.own
    baseline: Days | None = None
    if shelf.baseline is not None:
        since, until = (at.astimezone(there).date() for at in shelf.baseline)
        baseline = Days(since, until)
    elif first is not None:
        baseline = Days(first, type(first).fromordinal(first.toordinal() + BASELINE_DAYS))
    return asked_of(
        days,
        shelf.zone,
        period=chosen.period,
        compare=chosen.compare,
        baseline=baseline,
        by=chosen.by,
        segment=chosen.segment,
    )


def period_words(period: Period) -> str:
    """A period as it is called."""
    return {
        Period.TODAY: _tr("Today"),
        Period.WEEK: _tr("This week"),
        Period.LAST_WEEK: _tr("Last week"),
        Period.MONTH: _tr("This month"),
        Period.LAST_MONTH: _tr("Last month"),
        Period.LAST_30: _tr("Last 30 days"),
        Period.LAST_90: _tr("Last 90 days"),
        Period.QUARTER: _tr("This quarter"),
        Period.EVER: _tr("Since the first lead"),
        Period.OWN: _tr("Own dates"),
    }[period]


def compare_words(compare: Compare) -> str:
    """What it stands beside, as it is called."""
    return {
        Compare.BEFORE: _tr("the span before"),
        Compare.YEAR: _tr("the same last year"),
        Compare.BASELINE: _tr("30-day baseline"),
        Compare.NONE: _tr("nothing"),
    }[compare]


def _chosen_words(chosen: Chosen) -> str:
    words = period_words(chosen.period)
    if chosen.period is Period.OWN and chosen.own is not None:
        last = chosen.own.until.fromordinal(chosen.own.until.toordinal() - 1)
        words = f"{chosen.own.since} – {last}"
    beside = {
        Compare.BEFORE: _tr("before"),
        Compare.YEAR: _tr("last year"),
        Compare.BASELINE: _tr("30-day baseline"),
    }
    return f"{words} vs {beside[chosen.compare]}" if chosen.compare in beside else words


def popup(menu: QMenu, button: QWidget) -> None:
    """Open a menu under a button; it goes when it is closed. The keyboard stands on what is chosen, else on the
    first."""
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))
    chosen = next((act for act in menu.actions() if act.isChecked()), None)
    if chosen is not None:
        menu.setActiveAction(chosen)
    else:  # as a key would: a submenu stays shut
        QCoreApplication.postEvent(
            menu, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
        )


def entry(menu: QMenu, words: str, checked: bool, run: Callable[[], object]) -> None:
    """Offer something in a menu, with a tick where it is so."""
    act = menu.addAction(one_line(words, 60).replace("&", "&&"))
    act.setCheckable(True)
    act.setChecked(checked)
    act.triggered.connect(lambda _checked=False: run())


class Tools(QWidget):
    """In the header: the reports as tabs, then days and export at the right. Tabs without room go into a menu."""

    picked = Signal(str)
    """Another report; its name."""
    changed = Signal(object)
    """Other days, or others beside: `Chosen`."""
    own_wanted = Signal()
    """Own dates are to be asked for."""
    export_wanted = Signal(str)
    """The report is to be taken away: "pdf", "xlsx", "csv", "json"."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.chosen = Chosen()
        self.tabs: dict[str, Button] = {}
        self._titles: tuple[ReportTitle, ...] = ()
        self.more = Button(self.tr("More ▾"), "quiet", self, press=self._open_more)
        self.days = Button("", "quiet", self, press=self.open_days)
        self.take = Button(
            self.tr("Export ▾"), "quiet", self, press=self.open_export, name=self.tr("Export this report")
        )

    def show_shelf(self, titles: Sequence[ReportTitle]) -> None:
        """The reports there are."""
        if tuple(titles) == self._titles:
            return
        self._titles = tuple(titles)
        for button in self.tabs.values():
            button.hide()
            button.deleteLater()
        self.tabs = {}
        for title in titles:
            button = Button(title.title, "quiet", self, chosen="dark")
            button.clicked.connect(partial(self._pick, title.name))
            self.tabs[title.name] = button
        self._arrange()

    def show_chosen(self, chosen: Chosen) -> None:
        """What is chosen."""
        self.chosen = chosen
        self.days.set_words(_chosen_words(chosen) + " ▾")
        for name, button in self.tabs.items():
            button.setChecked(name == chosen.name)
        self._arrange()

    def _pick(self, name: str) -> None:
        self.show_chosen(self.chosen)  # a click on the tab in front must not take it back
        self.picked.emit(name)

    def sizeHint(self) -> QSize:
        return QSize(600, SPACE.control)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        right = self.width()
        for button in (self.take, self.days):
            wide = button.sizeHint().width()
            right -= wide
            button.setGeometry(right, 0, wide, SPACE.control)
            right -= SPACE.gap
        order = sorted(self.tabs, key=lambda name: name != self.chosen.name)
        need = {name: button.sizeHint().width() + SPACE.gap for name, button in self.tabs.items()}
        room = right - SPACE.gap
        fits = sum(need.values()) <= room
        if not fits:
            room -= self.more.sizeHint().width() + SPACE.gap
        shown: set[str] = set()
        for name in [*order[:1], *(name for name in self.tabs if name != self.chosen.name)]:
            if need[name] > room and shown:
                break
            shown.add(name)
            room -= need[name]
        x = 0
        for name, button in self.tabs.items():
            button.setVisible(name in shown)
            if name in shown:
                button.setGeometry(x, 0, need[name] - SPACE.gap, SPACE.control)
                x += need[name]
        self.more.setVisible(len(shown) < len(self.tabs))
        self.more.setGeometry(x, 0, self.more.sizeHint().width(), SPACE.control)

    def _open_more(self) -> None:
        menu = QMenu(self)
        for title in self._titles:
            if self.tabs[title.name].isHidden():
                entry(menu, title.title, False, partial(self.picked.emit, title.name))
        popup(menu, self.more)

    def open_days(self) -> None:
        """Offer the periods, and what they can stand beside."""
        menu = QMenu(self)
        for period in Period:
            if period is Period.OWN:
                entry(menu, self.tr("Own dates…"), self.chosen.period is period, self.own_wanted.emit)
            else:
                entry(menu, period_words(period), self.chosen.period is period, partial(self._period, period))
        menu.addSeparator()
        beside = menu.addMenu(self.tr("Compare with"))
        for compare in Compare:
            words, is_so = compare_words(compare), self.chosen.compare is compare
            entry(beside, words, is_so, partial(self._compare, compare))
        popup(menu, self.days)

    def _period(self, period: Period) -> None:
        from dataclasses import replace

        self.changed.emit(replace(self.chosen, period=period))

    def _compare(self, compare: Compare) -> None:
        from dataclasses import replace

        self.changed.emit(replace(self.chosen, compare=compare))

    def open_export(self) -> None:
        """Offer the kinds of file."""
        menu = QMenu(self)
        for way, words in (
            ("pdf", self.tr("PDF, to print and send…")),
            ("xlsx", self.tr("XLSX, a sheet for each table…")),
            ("csv", self.tr("CSV…")),
            ("json", self.tr("JSON, with all that stands behind…")),
        ):
            menu.addAction(words).triggered.connect(
                lambda _checked=False, way=way: self.export_wanted.emit(way)
            )
        popup(menu, self.take)


class DaysSheet(Sheet):
    """Asks for a first and a last day."""

    chosen = Signal(object)
    """`Days`."""

    def __init__(self, parent: QWidget | None, days: Days) -> None:
        super().__init__(
            parent, _tr("Own dates"), _tr("Leads that were captured from the first day to the last.")
        )
        form = Form(self)
        self.first, self.last = QDateEdit(self), QDateEdit(self)
        last = days.until.fromordinal(days.until.toordinal() - 1)
        for label, field, day in (
            (_tr("First day"), self.first, days.since),
            (_tr("Last day"), self.last, last),
        ):
            field.setCalendarPopup(True)
            field.setDisplayFormat("yyyy-MM-dd")
            field.setDate(QDate(day.year, day.month, day.day))
            form.add(label, field)
        self.body.addWidget(form)
        self.add_button(_tr("Cancel"), "quiet", self.reject)
        self.go = self.add_button(_tr("Show"), "primary", self._take, default=True)
        self.first.dateChanged.connect(self._settle)
        self.last.dateChanged.connect(self._settle)

    def _settle(self) -> None:
        self.go.setEnabled(self.first.date() <= self.last.date())

    def _take(self) -> None:
        first, last = (field.date().toPython() for field in (self.first, self.last))
        self.chosen.emit(Days(first, last.fromordinal(last.toordinal() + 1)))  # type: ignore[attr-defined, arg-type]
        self.accept()


def own_days(asked: Asked, zone: str) -> Days:
    """The days that are asked for, to begin with when own ones are chosen."""
    since, until = (at.astimezone(ZoneInfo(zone)).date() for at in (asked.since, asked.until))
    return Days(since, max(until, since))
