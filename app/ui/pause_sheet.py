"""Asks why a lead's clock is to stand still, and until when: no longer than the rulebook allows at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, Qt, QTime, QTimeZone, Signal
from PySide6.QtWidgets import QDateTimeEdit, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from app.domain.lead import Lead
from app.ui.parts import Button, Sheet
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.ui.times import day_and_time, length_of
from app.ui.wording import who

__all__ = ["PauseSheet"]

_OFFERED = (900, 1800, 3600, 7200, 14400)
_NO_ZONE = QTimeZone.utc()
"""The field holds a time of day here; which instant that is is worked out by this module."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("pause", text)


class PauseSheet(Sheet):
    """The sheet."""

    said = Signal(object, str)
    """Until when (aware UTC) and why."""

    def __init__(self, parent: QWidget, lead: Lead, limit: float, now: Callable[[], datetime]) -> None:
        """`limit`: seconds that a clock may be paused at a time."""
        text = _tr(
            "Until then nobody has to call {name}, and nobody is told that it is late. It goes on by itself. "
            "A clock may stand still for {limit} at a time."
        )
        super().__init__(
            parent,
            _tr("Pause the clock"),
            text.format(name=who(lead)[:80], limit=length_of(limit)),
            width=470,
        )
        self._now, self._limit = now, timedelta(seconds=limit)
        self.why = QLineEdit(self)
        self._span: timedelta | None = None
        """What was chosen; None: what stands in the field."""
        self._lay_out_reasons()
        self._lay_out_times(limit)
        self.words = PlainLabel("", size=TEXT.small, ink="ink_soft", wrap=True, lines=2)
        self.body.addWidget(self.words)
        self.add_button(_tr("Cancel"), "quiet", self.reject)
        self.ok = self.add_button(_tr("Pause"), "primary", self._say, key="Enter", default=True)
        self.take(min(1, len(self.spans) - 1))
        self.why.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out_reasons(self) -> None:
        self.body.addWidget(PlainLabel(_tr("Why?"), size=TEXT.small, weight=600, ink="ink_mid"))
        grid = QGridLayout()
        grid.setSpacing(SPACE.small)
        whys = (
            _tr("they are in a meeting"),
            _tr("they asked for a moment"),
            _tr("somebody else is to call"),
            _tr("an answer of ours is missing"),
        )
        for number, why in enumerate(whys):
            button = Button(why, "quiet", self, spread=True, height=34)
            button.clicked.connect(lambda _checked=False, why=why: self.why.setText(why))
            grid.addWidget(button, number // 2, number % 2)
        self.body.addLayout(grid)
        self.why.setMaxLength(200)
        self.why.setAccessibleName(_tr("Why"))
        self.why.setPlaceholderText(_tr("Another reason"))
        self.why.textChanged.connect(self._settle)
        self.body.addWidget(self.why)

    def _lay_out_times(self, limit: float) -> None:
        self.body.addWidget(PlainLabel(_tr("Until when?"), size=TEXT.small, weight=600, ink="ink_mid"))
        row = QHBoxLayout()
        row.setSpacing(SPACE.small)
        fitting = [seconds for seconds in _OFFERED if seconds < limit]
        self.spans: list[tuple[Button, timedelta]] = []
        for number, seconds in enumerate((*fitting[:4], limit)):
            button = Button(length_of(seconds), "quiet", self, chosen="select", height=34)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, number=number: self.take(number))
            row.addWidget(button)
            self.spans.append((button, timedelta(seconds=seconds)))
        row.addStretch(1)
        self.body.addLayout(row)
        self.when = QDateTimeEdit(self)
        self.when.setDisplayFormat("ddd d MMM yyyy  HH:mm")
        self.when.setTimeZone(_NO_ZONE)
        self.when.setCalendarPopup(True)
        self.when.setAccessibleName(_tr("Until when"))
        self.when.dateTimeChanged.connect(self._typed)
        self.body.addWidget(self.when)

    def take(self, number: int) -> None:
        """Choose one of the offered lengths, from 0."""
        self._span = self.spans[number][1]
        local = (self._now() + self._span).astimezone()
        self.when.blockSignals(True)
        day, clock = QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)
        self.when.setDateTime(QDateTime(day, clock, _NO_ZONE))
        self.when.blockSignals(False)
        self._settle()

    def _typed(self) -> None:
        self._span = None
        self._settle()

    def until(self) -> datetime:
        """What is said now, aware UTC."""
        if self._span is not None:
            return self._now() + self._span
        typed = self.when.dateTime()
        day, clock = typed.date(), typed.time()
        local = datetime(day.year(), day.month(), day.day(), clock.hour(), clock.minute())  # noqa: DTZ001
        return local.astimezone(UTC)

    def _settle(self) -> None:
        now, until = self._now(), self.until()
        for button, span in self.spans:
            button.setChecked(span == self._span)
        if until <= now:
            words = _tr("That time has passed.")
        elif until > now + self._limit:
            latest = day_and_time(now + self._limit, now)
            words = _tr("That is too long: at the latest {time}.").format(time=latest)
        else:
            words = ""
        self.words.setText(words or _tr("The clock goes on at {time}.").format(time=day_and_time(until, now)))
        self.words.set_ink("danger" if words else "ink_soft")
        self.ok.setEnabled(not words and bool(self.why.text().strip()))

    def _say(self) -> None:
        self.said.emit(self.until(), self.why.text().strip())
        self.accept()
