"""How it ended: seven outcomes on number keys, and what an outcome still needs, asked in place.

"No answer" and "voicemail" are said with one key. The others open a strip under the grid with the likely
answers as buttons, numbered; the marked one is taken by Enter, Esc goes back. Nothing here is a dialog, and
nothing is sent from here: `said` tells what the person said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, QTimeZone, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateTimeEdit, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.lead import Lead, Outcome
from app.ui.parts import Button, SectionHead
from app.ui.plain import PlainLabel
from app.ui.slots import Choice, call_backs, parse_amount, slots
from app.ui.theme import SPACE, TEXT
from app.ui.wording import CALL_FROM, CALL_UNTIL, day_and_time, local_place, outcome_name, zone_named

__all__ = ["OutcomeSheet", "Outcomes", "Said"]

_AT_ONCE = (Outcome.NO_ANSWER, Outcome.VOICEMAIL)
_GRID = 6
_NO_ZONE = QTimeZone.utc()
"""The field holds a time of day there; which instant that is is worked out here, not by this computer's zone.
"""


@dataclass(frozen=True, slots=True)
class Said:
    """An outcome with all it needs."""

    outcome: Outcome
    at: datetime | None = None
    reason: str = ""
    amount: int | None = None


class OutcomeSheet(QWidget):
    """The strip that asks when, why or how much."""

    said = Signal(object)
    left = Signal()
    """Esc: the person does not want this outcome."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.outcome: Outcome | None = None
        self._now: Callable[[], datetime] = lambda: datetime.fromtimestamp(0, UTC)
        self._zone: tzinfo | None = None
        self._place = ""
        self._choices: list[tuple[Button, Said]] = []
        self._marked = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE.tight, 0, 0)
        column.setSpacing(SPACE.small)
        self.head = SectionHead("", "", self, strong=True)
        column.addWidget(self.head)
        self._grid = QGridLayout()
        self._grid.setSpacing(SPACE.small)
        column.addLayout(self._grid)
        row = QHBoxLayout()
        row.setSpacing(SPACE.small)
        self.when = QDateTimeEdit(self)
        self.when.setDisplayFormat("ddd d MMM yyyy  HH:mm")
        self.when.setTimeZone(_NO_ZONE)
        self.when.setCalendarPopup(True)
        self.when.setAccessibleName(self.tr("Date and time, where they are"))
        self.when.dateTimeChanged.connect(self._exact_changed)
        self.amount = QLineEdit(self)
        self.amount.setPlaceholderText(self.tr("Amount"))
        self.amount.setAccessibleName(self.tr("Amount"))
        self.amount.setMaxLength(24)
        self.amount.textChanged.connect(self._amount_changed)
        self.why = QLineEdit(self)
        self.why.setMaxLength(400)
        self.why.setAccessibleName(self.tr("Reason"))
        self.why.textChanged.connect(self._settle)
        self.save = Button(self.tr("Save"), "dark", self, key="Enter", press=self.confirm)
        for field in (self.when, self.amount, self.why):
            row.addWidget(field, 1)
        row.addWidget(self.save)
        column.addLayout(row)
        self.words = PlainLabel("", self, size=TEXT.small, ink="ink_soft", wrap=True, lines=2)
        column.addWidget(self.words)
        self.hide()

    def ask(self, outcome: Outcome, lead: Lead, now: Callable[[], datetime]) -> None:
        """Ask what this outcome needs; `now` tells the floor's time."""
        self.outcome, self._now = outcome, now
        self._zone, self._place = zone_named(lead.zone), local_place(lead) if lead.zone else ""
        at = now()
        timed = outcome in (Outcome.BOOKED, Outcome.CALL_BACK)
        choices: list[tuple[str, Said]] = []
        if timed:
            offered = slots(at, self._zone) if outcome is Outcome.BOOKED else call_backs(at, self._zone)
            choices = [(choice.words, Said(outcome, at=choice.at)) for choice in offered]
            self._marked = 0 if outcome is Outcome.BOOKED else 1
            self._show_exact(offered[self._marked])
        elif outcome in (Outcome.UNFIT, Outcome.LOST):
            choices = [(why, Said(outcome, reason=why)) for why in self._whys(outcome)]
            self._marked = -1
        self._fill(choices)
        ask = (
            self.tr("when?") if timed else self.tr("how much?") if outcome is Outcome.WON else self.tr("why?")
        )
        theirs = (
            self.tr("their time, {place}").format(place=self._place) if self._place else self.tr("your time")
        )
        self.head.set(f"{outcome_name(outcome)}: {ask}", theirs if timed else self.tr("Esc goes back"))
        self.when.setVisible(timed)
        self.amount.setVisible(outcome is Outcome.WON)
        self.why.setVisible(not timed)
        self.why.setPlaceholderText(
            self.tr("Reason, if you like") if outcome is Outcome.WON else self.tr("Another reason")
        )
        self.amount.clear()
        self.why.clear()
        self.show()
        self._settle()
        first = self.amount if outcome is Outcome.WON else self
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Ask no more."""
        self.outcome = None
        self.hide()

    def choose(self, number: int) -> None:
        """Take the choice of that number, from 1; nothing happens where there is none."""
        if 1 <= number <= len(self._choices) and self.isEnabled():
            self.said.emit(self._choices[number - 1][1])

    @property
    def choices(self) -> list[str]:
        """The words on the numbered buttons."""
        return [button.words() for button, _said in self._choices]

    def confirm(self) -> None:
        """Enter: the marked choice, or what stands in the fields."""
        said = self._answer()
        if said is not None and self.isEnabled():
            self.said.emit(said)

    # -- within

    def _whys(self, outcome: Outcome) -> list[str]:
        if outcome is Outcome.UNFIT:
            return [
                self.tr("no budget"),
                self.tr("too small"),
                self.tr("not in our area"),
                self.tr("wrong product"),
                self.tr("private person"),
                self.tr("not serious"),
            ]
        return [
            self.tr("price"),
            self.tr("took another offer"),
            self.tr("no need any more"),
            self.tr("not now"),
            self.tr("can't be reached"),
            self.tr("does it in-house"),
        ]

    def _fill(self, choices: list[tuple[str, Said]]) -> None:
        for button, _said in self._choices:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._choices = []
        for number, (words, said) in enumerate(choices, 1):
            button = Button(words, "quiet", self, key=str(number), spread=True, chosen="select")
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, number=number: self.choose(number))
            self._grid.addWidget(button, (number - 1) // 2, (number - 1) % 2)
            self._choices.append((button, said))
            button.show()

    def _show_exact(self, choice: Choice) -> None:
        local = choice.at.astimezone(self._zone)
        self.when.blockSignals(True)
        day, clock = QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)
        self.when.setDateTime(QDateTime(day, clock, _NO_ZONE))
        self.when.blockSignals(False)

    def _exact_changed(self) -> None:
        self._marked = -1
        self._settle()

    def _amount_changed(self) -> None:
        self._settle()

    def _exact(self) -> datetime:
        typed = self.when.dateTime()
        day, clock = typed.date(), typed.time()
        local = datetime(day.year(), day.month(), day.day(), clock.hour(), clock.minute())  # noqa: DTZ001
        return (local.replace(tzinfo=self._zone) if self._zone else local).astimezone(UTC)

    def _answer(self) -> Said | None:
        """What Enter would say now; None while something is missing."""
        outcome = self.outcome
        if outcome is None:
            return None
        if 0 <= self._marked < len(self._choices):
            return self._choices[self._marked][1]
        if outcome in (Outcome.BOOKED, Outcome.CALL_BACK):
            at = self._exact()
            return Said(outcome, at=at) if at > self._now() else None
        why = self.why.text().strip()
        if outcome is Outcome.WON:
            typed = self.amount.text().strip()
            cents = parse_amount(typed)
            return None if typed and cents is None else Said(outcome, reason=why, amount=cents)
        return Said(outcome, reason=why) if why else None

    def _settle(self) -> None:
        """Mark what Enter takes, and say what it means."""
        answer = self._answer()
        for number, (button, _said) in enumerate(self._choices):
            button.setChecked(number == self._marked)
        self.save.setEnabled(answer is not None)
        words = ""
        if answer is not None and answer.at is not None and self._zone is not None:
            now = self._now()
            theirs, mine = day_and_time(answer.at, now, self._zone), day_and_time(answer.at, now)
            words = self.tr("{theirs} {place} is {mine} for you").format(
                theirs=theirs, place=self._place, mine=mine
            )
            if theirs == mine:
                words = self.tr("{theirs}, there and here").format(theirs=theirs)
            if not CALL_FROM <= answer.at.astimezone(self._zone).time() < CALL_UNTIL:
                words = self.tr("{words} · outside calling hours").format(words=words)
        elif answer is None and self.outcome in (Outcome.BOOKED, Outcome.CALL_BACK):
            words = self.tr("That time has passed.")
        elif answer is None and self.outcome is Outcome.WON:
            words = self.tr("This is no amount.")
        self.words.setText(words)
        self.words.setVisible(bool(words))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.confirm()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class Outcomes(QWidget):
    """The seven buttons, and the sheet under them."""

    said = Signal(object)
    """`Said`: what the person said, complete."""
    opened = Signal()
    """The sheet came up: it needs to be in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead: Lead | None = None
        self._now: Callable[[], datetime] = lambda: datetime.fromtimestamp(0, UTC)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        self.head = SectionHead(self.tr("Outcome"), self.tr("press a number"), self)
        column.addWidget(self.head)
        grid = QGridLayout()
        grid.setSpacing(SPACE.small)
        self.buttons: dict[Outcome, Button] = {}
        for number, outcome in enumerate(Outcome):
            button = Button(
                outcome_name(outcome),
                "quiet",
                self,
                key=str(number + 1),
                spread=True,
                chosen="good",
                height=34,
            )
            button.clicked.connect(lambda _checked=False, outcome=outcome: self.press(outcome))
            # Two, two and three short ones: a grid of six columns.
            row, place, wide = (number // 2, number % 2, 3) if number < 4 else (2, number - 4, 2)
            grid.addWidget(button, row, place * wide, 1, wide)
            self.buttons[outcome] = button
        for place in range(_GRID):
            grid.setColumnStretch(place, 1)
        column.addLayout(grid)
        self.sheet = OutcomeSheet(self)
        self.sheet.said.connect(self.said)
        self.sheet.left.connect(self.leave)
        column.addWidget(self.sheet)

    def set_lead(self, lead: Lead | None, now: Callable[[], datetime]) -> None:
        """Speak of this lead from now on; another lead closes the sheet."""
        other = lead is None or self._lead is None or lead.id != self._lead.id
        self._lead, self._now = lead, now
        if other:
            self.leave()
        self.setEnabled(lead is not None)

    @property
    def asking(self) -> bool:
        """Whether the sheet is up."""
        return self.sheet.outcome is not None

    def press(self, outcome: Outcome) -> None:
        """This outcome's button or key."""
        if self._lead is None or not self.isEnabled():
            return
        if outcome in _AT_ONCE:
            self.leave()
            self.said.emit(Said(outcome))
            return
        self.sheet.ask(outcome, self._lead, self._now)
        self._mark(outcome)
        self.opened.emit()

    def number(self, number: int) -> None:
        """A number key: a choice of the sheet while it asks, else the outcome of that number."""
        if self.asking:
            self.sheet.choose(number)
        elif 1 <= number <= len(self.buttons):
            self.press(list(self.buttons)[number - 1])

    def leave(self) -> None:
        """Close the sheet, nothing said."""
        self.sheet.leave()
        self._mark(None)

    def _mark(self, outcome: Outcome | None) -> None:
        for each, button in self.buttons.items():
            button.setChecked(each is outcome)
