"""One person of the floor: the pane that shows and changes them, and the sheet that asks for a new one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.domain.lead import Rep, Role
from app.domain.presence import DeskSeen, DeskState
from app.ui.desk_head import status_word
from app.ui.panes import Form, Pane
from app.ui.parts import Button, Field, Sheet
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.ui.times import day_and_time

__all__ = ["AddSheet", "Person", "Rights", "desk_words", "role_word"]

PANEL_WIDTH = 340


class Rights(NamedTuple):
    """What whoever looks may change about a person."""

    roles: tuple[Role, ...]
    """That they may be given; the role they have is among them."""
    why: str = ""
    """Why nothing can be changed; "" if it can."""


def role_word(role: Role) -> str:
    """A role as it is called on the floor."""
    tr = QCoreApplication.translate
    return {
        Role.REP: tr("team", "Rep"),
        Role.TEAM_LEAD: tr("team", "Team lead"),
        Role.MANAGER: tr("team", "Manager"),
        Role.OWNER: tr("team", "Owner"),
        Role.ADMIN: tr("team", "Admin"),
        Role.PARTNER: tr("team", "Partner"),
    }[role]


def desk_words(desk: DeskSeen) -> str:
    """How somebody's desk stands; "" for one that is simply there."""
    tr = QCoreApplication.translate
    return {
        DeskState.HERE: "",
        DeskState.IDLE: tr("team", "desk left alone"),
        DeskState.LOCKED: tr("team", "screen locked"),
        DeskState.SUSPECT: tr("team", "desk not heard of"),
        DeskState.GONE: tr("team", "desk closed"),
    }[desk.state]


def _fill_roles(box: QComboBox, roles: Collection[Role]) -> None:
    """Offer these roles, in the order of the floor."""
    box.clear()
    for role in Role:
        if role in roles:
            box.addItem(role_word(role), role.value)


class AddSheet(Sheet):
    """Asks for somebody new."""

    said = Signal(str, str)
    """Name and role."""

    def __init__(self, parent: QWidget, roles: Collection[Role] = tuple(Role)) -> None:
        """`roles` are those that whoever adds may give."""
        tr = QCoreApplication.translate
        told = tr("team", "They begin away, and get leads as soon as they say that they are available.")
        super().__init__(parent, tr("team", "Add somebody"), told)
        form = Form(self)
        self.name = form.line(tr("team", "Name"))
        self.role = QComboBox(self)
        _fill_roles(self.role, roles)
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


class Person(Pane):
    """One person: what they do now, and what can be changed about them."""

    saved = Signal(object)
    """The `Rep` as it should be."""
    retired = Signal(object)
    invited = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("left", parent)
        self.setFixedWidth(PANEL_WIDTH)
        self._rep: Rep | None = None
        self._rights: Rights | None = None
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
        self.role = QComboBox(self)
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
        self.invite_button = Button(self.tr("Computers and invitation…"), "quiet", self, press=self._invite)
        self.inside.addWidget(self.invite_button)
        self.why = PlainLabel("", size=TEXT.small, ink="ink_soft", wrap=True, lines=4)
        self.inside.addWidget(self.why)
        self.inside.addStretch(1)
        self.name.textChanged.connect(self._settle)
        self.name.returnPressed.connect(self.save)
        self.role.currentIndexChanged.connect(self._settle)

    def show_rep(self, rep: Rep, open_leads: int, now: datetime, rights: Rights) -> None:
        """Show this one; what is being typed about the same person stays."""
        before = self._rep
        self._rep = rep
        if rights != self._rights:
            self._rights, before = rights, None
            _fill_roles(self.role, rights.roles or (rep.role,))
        self.why.setText(rights.why)
        self.why.setVisible(bool(rights.why))
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
        named, may = bool(self.name.text().strip()), self._rights is not None and not self._rights.why
        self.save_button.setEnabled(may and named and self._rep is not None and self._is_changed(self._rep))
        self.retire_button.setEnabled(may)
        self.name.setReadOnly(not may)
        self.role.setEnabled(may and self.role.count() > 1)

    def save(self) -> None:
        """Have the change kept, if there is one."""
        if self._rep is not None and self.save_button.isEnabled():
            self.saved.emit((self._rep, self.name.text().strip(), Role(self.role.currentData())))

    def _retire(self) -> None:
        if self._rep is not None:
            self.retired.emit(self._rep)

    def _invite(self) -> None:
        if self._rep is not None:
            self.invited.emit(self._rep)
