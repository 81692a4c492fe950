"""The people of the floor: who is available, on a call or away, and for how long; add, rename, retire.

Times count with the floor's second. What is being typed about somebody is left alone while the floor goes on.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from app.domain.commands import AddRep, ChangeRep, Made
from app.domain.errors import AppError
from app.domain.lead import Rep, RepStatus, Role
from app.domain.presence import DeskState
from app.domain.roles import GIVES
from app.floor.board import Changes
from app.floor.floor import Receipt
from app.ui.actions import Action
from app.ui.context import Context
from app.ui.desk_head import status_tint, status_word
from app.ui.parts import Button, Card, Skeleton
from app.ui.plain import ask
from app.ui.rights import guard
from app.ui.rows import Row, RowList
from app.ui.team_parts import AddSheet, Person, Rights, desk_words, role_word
from app.ui.theme import SPACE
from app.ui.times import length_words

__all__ = ["TeamScreen"]


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
        self.person = Person(self)
        self.person.saved.connect(self._save)
        self.person.retired.connect(self._retire)
        self.person.invited.connect(self._invite)
        self.person.hide()
        whole.addWidget(self.person)
        self.add_button = Button(self.tr("Add somebody"), "primary", self, key="A", press=self.add)
        self.add_button.hide()
        guard(context, self.add_button, AddRep)
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
            says=AddRep,
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
        if self.isVisible() and (
            changes.reps or changes.desks or changes.added or changes.changed or changes.removed
        ):
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
        desk = self._context.board.desks.get(rep.id)
        told = desk_words(desk) if desk is not None and rep.active else ""
        mine = f" ({self.tr('you')})" if rep.id == self._context.me else ""
        return Row(
            key=rep.id,
            title=rep.name + mine,
            detail=" · ".join(filter(None, (role_word(rep.role), words, told))),
            right=length_words(int(seconds)) if rep.active else "",
            chip=(status_word(rep.status), status_tint(rep.status))
            if rep.active
            else (self.tr("retired"), "grey"),
            initials=rep.initials,
            dot=status_tint(rep.status) if rep.active else None,
            faint=not rep.active or (desk is not None and desk.state is DeskState.SUSPECT),
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
            self.person.show_rep(rep, self._owned[rep.id], self._context.now(), self._rights(rep))

    def _rights(self, rep: Rep) -> Rights:
        """What the person at this desk may change about somebody."""
        me = self._context.rep
        why = self._context.why_not(ChangeRep)
        if me is None or why:
            return Rights((rep.role,), why)
        if rep.role not in GIVES[me.role]:
            return Rights((rep.role,), self.tr("Only somebody with more rights may change this person."))
        if rep.id == me.id and me.role is not Role.OWNER:
            return Rights((rep.role,))
        return Rights(tuple(role for role in Role if role in GIVES[me.role]))

    # what is done

    def add(self) -> None:
        """Ask for somebody new."""
        me = self._context.rep
        sheet = AddSheet(self, GIVES.get(me.role, ()) if me is not None else ())
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

    @Slot(object)
    def _invite(self, rep: Rep) -> None:
        from app.ui.computers_sheet import ComputersSheet

        ComputersSheet(self, self._context, rep).open()

    def _change(self, rep: Rep, name: str, role: Role, active: bool) -> None:
        command = ChangeRep(rep_id=rep.id, name=name, role=role, active=active)
        self._context.relay.do(command, None, self._refused)

    def _refused(self, error: AppError) -> None:
        self._context.shell.notice(f"{error.title}: {error.message}")
