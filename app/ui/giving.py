"""Hands a lead to somebody else, or lets an offer go by; each for a reason that stands in the lead's history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from app.domain.commands import Command, DeclineLead, RedirectLead
from app.domain.errors import AppError
from app.domain.lead import Lead, Rep, Role
from app.domain.roles import LEADING
from app.ui.context import Context
from app.ui.desk_head import status_word
from app.ui.panes import Form
from app.ui.parts import Sheet
from app.ui.wording import who

__all__ = ["GiveSheet", "Giving"]

_LONGEST = 200


def _tr(text: str) -> str:
    return QCoreApplication.translate("giving", text)


class GiveSheet(Sheet):
    """Asks why, and to whom where there are `people` to choose from."""

    said = Signal(str, str)
    """A rep's id, or "" where nobody was to be chosen; and the reason."""

    def __init__(self, parent: QWidget, title: str, text: str, people: Sequence[Rep], deed: str) -> None:
        super().__init__(parent, title, text)
        form = Form(self)
        self.person = QComboBox(self)
        for rep in people:
            self.person.addItem(f"{rep.name} · {status_word(rep.status)}", rep.id)
        if people:
            form.add(_tr("To whom"), self.person)
        else:
            self.person.hide()
        self.why: QLineEdit = form.line(_tr("Why"), longest=_LONGEST)
        self.body.addWidget(form)
        self.add_button(_tr("Cancel"), "quiet", self.reject)
        self.ok = self.add_button(deed, "primary", self._say, key="Enter", default=True)
        self.ok.setEnabled(False)
        self.why.textChanged.connect(lambda typed: self.ok.setEnabled(bool(typed.strip())))
        (self.person if people else self.why).setFocus()

    def _say(self) -> None:
        self.said.emit(str(self.person.currentData() or ""), self.why.text().strip())
        self.accept()


class Giving(QObject):
    """Says these commands for one desk. Lives on the GUI thread."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.sheet: GiveSheet | None = None
        """The sheet that asks, while it is open."""

    def can_give(self, lead_id: str) -> bool:
        """Whether this lead can be handed to somebody else from here."""
        lead, rep = self._lead(lead_id), self._context.rep
        if lead is None or rep is None or lead.on_call or self._context.why_not(RedirectLead):
            return False
        return rep.role in LEADING or lead.owner in ("", rep.id)

    def can_decline(self, lead_id: str) -> bool:
        """Whether this lead is offered to whoever sits here."""
        lead = self._lead(lead_id)
        return (
            lead is not None and self._context.me in lead.offered and not self._context.why_not(DeclineLead)
        )

    def give(self, lead_id: str) -> None:
        """Ask to whom and why, and hand it over."""
        lead = self._lead(lead_id)
        if lead is None or not self.can_give(lead_id):
            return
        people = [
            rep
            for rep in self._context.board.reps.values()
            if rep.active and rep.role is not Role.ADMIN and rep.id != lead.owner
        ]
        if not people:
            self._context.shell.notice(_tr("There is nobody else on this floor."))
            return
        people.sort(key=lambda rep: rep.name.casefold())
        text = _tr("The lead rings there at once. Its deadline stays as it is.")
        title = _tr("Give {name} to…").format(name=who(lead)[:80])
        sheet = self._ask(title, text, people, _tr("Give"))
        sheet.said.connect(lambda rep, why: self._say(RedirectLead(lead_id=lead_id, to_rep=rep, reason=why)))

    def decline(self, lead_id: str) -> None:
        """Ask why, and let the offer go by."""
        lead = self._lead(lead_id)
        if lead is None or not self.can_decline(lead_id):
            return
        text = _tr("It stays with the others it is offered to, or goes on to the next route.")
        title = _tr("Decline {name}").format(name=who(lead)[:80])
        sheet = self._ask(title, text, (), _tr("Decline"))
        sheet.said.connect(lambda _rep, why: self._say(DeclineLead(lead_id=lead_id, reason=why)))

    def _lead(self, lead_id: str) -> Lead | None:
        lead = self._context.board.leads.get(lead_id)
        return lead if lead is not None and lead.is_open else None

    def _ask(self, title: str, text: str, people: Sequence[Rep], deed: str) -> GiveSheet:
        sheet = self.sheet = GiveSheet(self._context.shell, title, text, people, deed)
        sheet.finished.connect(self._forget_sheet)
        sheet.open()
        return sheet

    def _forget_sheet(self) -> None:
        self.sheet = None

    def _say(self, command: Command[Any]) -> None:
        def failed(error: AppError) -> None:
            self._context.shell.notice(f"{error.title}: {error.message}")

        self._context.relay.do(command, failed=failed, owner=self)
