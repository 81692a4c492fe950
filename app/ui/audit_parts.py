"""What the audit screen is made of: the row of filters, and the pane that shows one entry whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QWidget

from app.codec import pretty
from app.domain.events import KINDS, Entry
from app.domain.journal import GROUPS, Part, kinds_in
from app.domain.lead import Rep
from app.ui.event_words import line_of
from app.ui.panes import Pane, mono
from app.ui.parts import Button, Field
from app.ui.plain import PlainLabel, one_line
from app.ui.theme import SPACE, TEXT
from app.workers.journal_file import kind_of, who

__all__ = ["EntryPane", "Filters", "who_words"]

PANEL_WIDTH = 360
TODAY, WEEK, MONTH, EVER = "today", "week", "month", "ever"
MACHINES = ("keeper", "capture", "admin")


def _tr(text: str) -> str:
    return QCoreApplication.translate("audit", text)


def machine_words() -> dict[str, str]:
    """The journal's words for what no person did, as a person says them."""
    return {
        "keeper": _tr("The keeper"),
        "capture": _tr("The capture endpoints"),
        "admin": _tr("The terminal"),
    }


def who_words(actor: str, names: Mapping[str, str]) -> str:
    """Who did it, by name."""
    return one_line(machine_words().get(actor) or who(actor, names), 80)


class Filters(QWidget):
    """When, who, what, and of which lead."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE.gap)
        self.period, self.who, self.what = QComboBox(self), QComboBox(self), QComboBox(self)
        for key, word in (
            (TODAY, self.tr("Today")),
            (WEEK, self.tr("The last 7 days")),
            (MONTH, self.tr("The last 30 days")),
            (EVER, self.tr("Since the beginning")),
        ):
            self.period.addItem(word, key)
        self.period.setCurrentIndex(1)
        words = {
            "": self.tr("Everything"),
            "leads": self.tr("Leads"),
            "work": self.tr("Calls and notes"),
            "clocks": self.tr("Clocks and alarms"),
            "weeks": self.tr("Frozen weeks and disputes"),
            "people": self.tr("People and computers"),
            "floor": self.tr("The floor itself"),
        }
        for key in ("", *GROUPS):
            self.what.addItem(words[key], key)
        for box, name in (
            (self.period, self.tr("When")),
            (self.who, self.tr("Who")),
            (self.what, self.tr("What")),
        ):
            box.setAccessibleName(name)
            row.addWidget(box)
            box.currentIndexChanged.connect(self._picked)
        self._lead_id = ""
        self.lead = Button("", "quiet", self, press=self.any_lead)
        self.lead.hide()
        row.addWidget(self.lead)
        row.addStretch(1)
        self._filling = False

    def set_people(self, reps: Iterable[Rep]) -> None:
        """Offer everybody, people by name, then the machines; who was chosen stays chosen."""
        chosen = self.who.currentData() or ""
        self._filling = True
        self.who.clear()
        self.who.addItem(self.tr("Everybody"), "")
        for rep in sorted(reps, key=lambda rep: (not rep.active, rep.name.casefold())):
            self.who.addItem(one_line(rep.name, 60), rep.id)
        for machine, word in machine_words().items():
            self.who.addItem(word, machine)
        self.who.setCurrentIndex(max(self.who.findData(chosen), 0))
        self._filling = False

    def only_lead(self, lead_id: str, name: str) -> None:
        """Show one lead's entries, of any time."""
        self._lead_id = lead_id
        self.lead.set_words(self.tr("Only {name} ✕").format(name=one_line(name, 40)))
        self.lead.show()
        self._filling = True
        self.period.setCurrentIndex(self.period.findData(EVER))
        self._filling = False
        self.changed.emit()

    @Slot()
    def any_lead(self) -> None:
        """Every lead's entries again."""
        self._lead_id = ""
        self.lead.hide()
        self.changed.emit()

    def part(self, now: datetime) -> Part:
        """The part of the journal that is chosen. Today begins at this computer's midnight."""
        days = {TODAY: 0, WEEK: 6, MONTH: 29}.get(str(self.period.currentData()))
        midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        group = str(self.what.currentData())
        return Part(
            since=None if days is None else (midnight - timedelta(days=days)).astimezone(now.tzinfo),
            actor=str(self.who.currentData() or ""),
            kinds=kinds_in(group, tuple(KINDS)) if group else (),
            lead_id=self._lead_id,
        )

    @Slot()
    def _picked(self) -> None:
        if not self._filling:
            self.changed.emit()


class EntryPane(Pane):
    """One entry of the journal, whole."""

    lead_wanted = Signal(str, str)
    """Only the entries of this lead: its id and name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("left", parent)
        self.setFixedWidth(PANEL_WIDTH)
        self._lead = ("", "")
        self.title = PlainLabel("", size=TEXT.card, weight=700, wrap=True, lines=4)
        self.inside.addWidget(self.title)
        self.fields = {
            "number": Field(self.tr("Number"), label_width=80),
            "at": Field(self.tr("Time"), label_width=80),
            "who": Field(self.tr("Who"), label_width=80),
            "lead": Field(self.tr("Lead"), label_width=80),
            "kind": Field(self.tr("Kind"), label_width=80),
        }
        for field in self.fields.values():
            self.inside.addWidget(field)
        self.lead_button = Button(self.tr("Only this lead"), "quiet", self, press=self._want)
        self.inside.addWidget(self.lead_button)
        self.inside.addWidget(PlainLabel(self.tr("As it stands in the journal"), size=TEXT.small, weight=600))
        self.body = QPlainTextEdit(self)
        self.body.setReadOnly(True)
        self.body.setFont(mono())
        self.body.setTabChangesFocus(True)
        self.body.setAccessibleName(self.tr("As it stands in the journal"))
        self.inside.addWidget(self.body, 1)

    def show_entry(self, entry: Entry, names: Mapping[str, str], lead: str, now: datetime) -> None:
        """Show this one; `lead` is what its lead is called."""
        self._lead = (entry.lead_id, lead or entry.lead_id)
        self.title.setText(line_of(entry.event, now).text)
        self.fields["number"].set(f"{entry.seq:,}")
        self.fields["at"].set(f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}")
        self.fields["who"].set(who_words(entry.actor, names))
        self.fields["lead"].set(self._lead[1])
        self.fields["kind"].set(kind_of(entry))
        self.fields["lead"].setVisible(bool(entry.lead_id))
        self.lead_button.setVisible(bool(entry.lead_id))
        self.body.setPlainText(pretty(entry.event))

    def _want(self) -> None:
        self.lead_wanted.emit(*self._lead)
