"""The people of the floor: who is available, on a call or away, and for how long; add, rename, retire.

Times count with the floor's second. What is being typed about somebody is left alone while the floor goes on.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.commands import AddRep, ChangeRep, Made
from app.domain.errors import AppError
from app.domain.lead import Rep, RepStatus, Role
from app.floor.board import Changes
from app.floor.floor import Receipt
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.desk_head import status_tint, status_word
from app.ui.panes import Form, Pane
from app.ui.parts import Button, Card, Field, Sheet, Skeleton
from app.ui.plain import PlainLabel, ask
from app.ui.rows import Row, RowList
from app.ui.theme import SPACE, TEXT
from app.ui.times import day_and_time, length_words

__all__ = ["TeamScreen"]

PANEL_WIDTH = 340


def role_word(role: Role) -> str:
    """A role as it is called on the floor."""
    tr = QCoreApplication.translate
    return {
        Role.REP: tr("team", "Rep"),
        Role.TEAM_LEAD: tr("team", "Team lead"),
        Role.MANAGER: tr("team", "Manager"),
        Role.OWNER: tr("team", "Owner"),
    }[role]


def _roles(parent: QWidget) -> QComboBox:
    box = QComboBox(parent)
    for role in Role:
        box.addItem(role_word(role), role.value)
    return box


class _AddSheet(Sheet):
    """Asks for somebody new."""

    said = Signal(str, str)
    """Name and role."""

    def __init__(self, parent: QWidget) -> None:
        tr = QCoreApplication.translate
        told = tr("team", "They begin away, and get leads as soon as they say that they are available.")
        super().__init__(parent, tr("team", "Add somebody"), told)
        form = Form(self)
        self.name = form.line(tr("team", "Name"))
        self.role = _roles(self)
        form.add(tr("team", "Role"), self.role)
        self.body.addWidget(form)
        self.add_button(tr("team", "Cancel"), "quiet", self.reject)
        self._ok = self.add_button(tr("team", "Add"), "primary", self._say, default=True)
        self._ok.setEnabled(False)
        self.name.textChanged.connect(lambda text: self._ok.setEnabled(bool(text.strip())))
        self.name.setFocus()

    def _say(self) -> None:
        self.said.emit(self.name.text().strip(), str(self.role.currentData()))
        self.accept()


class _Person(Pane):
    """One person: what they do now, and what can be changed about them."""

    saved = Signal(object)
    """The `Rep` as it should be."""
    retired = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("left", parent)
        self.setFixedWidth(PANEL_WIDTH)
        self._rep: Rep | None = None
        self.title = PlainLabel("", size=TEXT.card, weight=700)
        self.inside.addWidget(self.title)
        self.status = Field(self.tr("Now"), label_width=80)
        self.since = Field(self.tr("Since"), label_width=80)
        self.leads = Field(self.tr("Open leads"), label_width=80)
        for field in (self.status, self.since, self.leads):
            self.inside.addWidget(field)
        self.inside.addSpacing(SPACE.gap)
        form = Form(self)
        self.name = form.line(self.tr("Name"))
        self.role = _roles(self)
        note = self.tr("Team leads are told of leads that nobody took, managers and owners after them.")
        form.add(self.tr("Role"), self.role, note)
        self.inside.addWidget(form)
        row = QHBoxLayout()
        row.setSpacing(SPACE.gap)
        self.save_button = Button(self.tr("Save"), "primary", self, press=self.save)
        self.retire_button = Button("", "quiet", self, press=self._retire)
        row.addWidget(self.save_button, 1)
        row.addWidget(self.retire_button, 1)
        self.inside.addLayout(row)
        self.inside.addStretch(1)
        self.name.textChanged.connect(self._settle)
        self.name.returnPressed.connect(self.save)
        self.role.currentIndexChanged.connect(self._settle)

    def show_rep(self, rep: Rep, open_leads: int, now: datetime) -> None:
        """Show this one; what is being typed about the same person stays."""
        before = self._rep
        self._rep = rep
        if before is None or before.id != rep.id or not self._is_changed(before):
            self.name.setText(rep.name)
            self.role.setCurrentIndex(self.role.findData(rep.role.value))
        self.title.setText(rep.name)
        self.status.set(status_word(rep.status) if rep.active else self.tr("retired"))
        self.since.set(day_and_time(rep.status_since, now))
        self.leads.set(f"{open_leads:,}")
        self.retire_button.set_words(self.tr("Retire…") if rep.active else self.tr("Bring back"))
        self._settle()

    def _is_changed(self, rep: Rep) -> bool:
        return (self.name.text().strip(), self.role.currentData()) != (rep.name, rep.role.value)

    def _settle(self) -> None:
        named = bool(self.name.text().strip())
        self.save_button.setEnabled(named and self._rep is not None and self._is_changed(self._rep))

    def save(self) -> None:
        """Have the change kept, if there is one."""
        if self._rep is not None and self.save_button.isEnabled():
            self.saved.emit((self._rep, self.name.text().strip(), Role(self.role.currentData())))

    def _retire(self) -> None:
        if self._rep is not None:
            self.retired.emit(self._rep)


class TeamScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._owned: Counter[str] = Counter()
        self._wanted = ""
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        middle = QWidget(self)
        self._pages = QStackedLayout(middle)
        loading, there = QWidget(middle), QWidget(middle)
        waiting = QVBoxLayout(loading)
        waiting.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, 0)
        waiting.addWidget(Skeleton(6, loading, name=self.tr("Loading")))
        waiting.addStretch(1)
        column = QVBoxLayout(there)
        column.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        self._card = Card(there, pad=SPACE.small)
        self.list = RowList(self._card, name=self.tr("People"))
        self.list.chosen.connect(self._show)
        self._card.inside.addWidget(self.list)
        column.addWidget(self._card, 1)
        for page in (loading, there):
            self._pages.addWidget(page)
        whole.addWidget(middle, 1)
        self.person = _Person(self)
        self.person.saved.connect(self._save)
        self.person.retired.connect(self._retire)
        self.person.hide()
        whole.addWidget(self.person)
        self.add_button = Button(self.tr("Add somebody"), "primary", self, key="A", press=self.add)
        self.add_button.hide()
        context.board_changed.connect(self._changed)
        context.ticked.connect(self._tick)
        context.shell.screen_shown.connect(self._put_tools)
        add = Action(
            id="team.add",
            title=self.tr("Add somebody"),
            run=self.add,
            keys=("A",),
            group=self.tr("Team"),
            where="team",
            hint=self.tr("add somebody"),
        )
        context.actions.while_shown(self, [add])

    @Slot(str)
    def _put_tools(self, screen: str) -> None:
        if screen == "team":
            self._context.shell.set_tools(self.add_button)
            self._tell_totals()

    # what there is

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._count()
        self._fill(self._context.now())

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if self.isVisible() and (changes.reps or changes.added or changes.changed or changes.removed):
            self._count()
            self._fill(self._context.now())

    @Slot(object)
    def _tick(self, now: datetime) -> None:
        if self.isVisible():
            self._fill(now)

    def _count(self) -> None:
        self._owned = Counter(lead.owner for lead in self._context.board.leads.values())

    def _fill(self, now: datetime) -> None:
        """Everybody at work first, those who retired last."""
        if self._context.board.cursor < 0:
            return
        self._pages.setCurrentIndex(1)
        reps = sorted(
            self._context.board.reps.values(), key=lambda rep: (not rep.active, rep.name.casefold())
        )
        self.list.set_rows([self._row(rep, now) for rep in reps])
        if self._wanted in self._context.board.reps:
            self.list.choose(self._wanted)
            self._wanted = ""
        self._show(self.list.key)
        self._tell_totals()

    def _row(self, rep: Rep, now: datetime) -> Row:
        seconds = max((now - rep.status_since).total_seconds(), 0)
        open_leads = self._owned[rep.id]
        words = self.tr("1 open lead") if open_leads == 1 else self.tr("{n} open leads").format(n=open_leads)
        mine = f" ({self.tr('you')})" if rep.id == self._context.me else ""
        return Row(
            key=rep.id,
            title=rep.name + mine,
            detail=f"{role_word(rep.role)} · {words}",
            right=length_words(int(seconds)) if rep.active else "",
            chip=(status_word(rep.status), status_tint(rep.status))
            if rep.active
            else (self.tr("retired"), "grey"),
            initials=rep.initials,
            dot=status_tint(rep.status) if rep.active else None,
            faint=not rep.active,
        )

    def _tell_totals(self) -> None:
        if self._context.shell.shown == "team":
            reps = [rep for rep in self._context.board.reps.values() if rep.active]
            free = sum(rep.status is RepStatus.AVAILABLE for rep in reps)
            words = self.tr("{n} people · {free} available").format(n=len(reps), free=free)
            self._context.shell.set_header(note=words)

    @Slot(str)
    def _show(self, key: str) -> None:
        rep = self._context.board.reps.get(key)
        self.person.setVisible(rep is not None)
        if rep is not None:
            self.person.show_rep(rep, self._owned[rep.id], self._context.now())

    # what is done

    def add(self) -> None:
        """Ask for somebody new."""
        sheet = _AddSheet(self)
        sheet.said.connect(self._add)
        sheet.open()

    @Slot(str, str)
    def _add(self, name: str, role: str) -> None:
        self._context.relay.do(AddRep(name=name, role=Role(role)), self._added, self._refused)

    def _added(self, receipt: Receipt[Made]) -> None:
        self._wanted = receipt.value.id
        self._fill(self._context.now())

    @Slot(object)
    def _save(self, said: tuple[Rep, str, Role]) -> None:
        rep, name, role = said
        self._change(rep, name, role, rep.active)

    @Slot(object)
    def _retire(self, rep: Rep) -> None:
        if not rep.active:
            self._change(rep, rep.name, rep.role, True)
            return
        title = self.tr("Retire {name}?").format(name=rep.name)
        text = self.tr(
            "They get no more leads. What they have can be taken by everybody; nothing is deleted."
        )

        def then(yes: bool) -> None:
            if yes:
                self._change(rep, rep.name, rep.role, False)

        ask(self, title, text, self.tr("Retire"), self.tr("Cancel"), then)

    def _change(self, rep: Rep, name: str, role: Role, active: bool) -> None:
        command = ChangeRep(rep_id=rep.id, name=name, role=role, active=active)
        self._context.relay.do(command, None, self._refused)

    def _refused(self, error: AppError) -> None:
        self._context.shell.notice(f"{error.title}: {error.message}")
