"""The team lead's hand on the wallboard: what can be done with a lead or a rep that stands on it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from app.domain.commands import Command, RaiseLead, TellRep
from app.domain.errors import AppError
from app.ui.context import Context
from app.ui.giving import Giving
from app.ui.panes import Form
from app.ui.parts import Sheet
from app.ui.wallboard_plan import Do
from app.ui.wording import who

__all__ = ["Hand", "TellSheet"]

LONGEST = 280


class TellSheet(Sheet):
    """Asks for a short message."""

    def __init__(self, parent: QWidget, title: str, text: str, deed: str) -> None:
        super().__init__(parent, title, text)
        form = Form(self)
        self.words: QLineEdit = form.line(self.tr("Message"), longest=LONGEST)
        self.body.addWidget(form)
        self.add_button(self.tr("Cancel"), "quiet", self.reject)
        self.ok = self.add_button(deed, "primary", self.accept, key="Enter", default=True)
        self.ok.setEnabled(False)
        self.words.textChanged.connect(lambda typed: self.ok.setEnabled(bool(typed.strip())))
        self.words.setFocus()


class Hand(QObject):
    """Says these commands for one desk. Lives on the GUI thread."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.giving = Giving(context, self)
        self.menu: QMenu | None = None
        """The menu that was opened last, while it is open."""
        self.sheet: TellSheet | None = None

    def open_menu(self, row: Do, at: QPoint, over: QWidget) -> None:
        """The menu of a row."""
        menu = self.menu = QMenu(over)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.destroyed.connect(self._forget_menu)
        lead = self._context.board.leads.get(row.lead_id)
        if lead is not None:
            self._add(menu, self.tr("Show in the queue"), lambda: self._context.show_lead(lead.id))
            give = self._add(menu, self.tr("Give to somebody else…"), lambda: self.giving.give(lead.id))
            give.setEnabled(self.giving.can_give(lead.id))
            self._add(menu, self.tr("Raise now"), lambda: self.raise_lead(lead.id), RaiseLead)
            menu.addSeparator()
        rep_id = row.rep_id or (lead.owner if lead is not None else "")
        rep = self._context.board.reps.get(rep_id)
        if rep is not None and rep.id != self._context.me:
            words = self.tr("Message to {name}…").format(name=rep.name)
            self._add(menu, words, lambda: self.tell(rep.id), TellRep)
        self._add(menu, self.tr("Message to all desks…"), lambda: self.tell(""), TellRep)
        menu.popup(at)

    def _add(self, menu: QMenu, words: str, run: Any, says: type[Any] | None = None) -> Any:
        entry = menu.addAction(words.replace("&", "&&"))
        entry.triggered.connect(lambda _checked=False: run())
        if says is not None:
            entry.setEnabled(not self._context.why_not(says))
        return entry

    def _forget_menu(self) -> None:
        self.menu = None

    def raise_lead(self, lead_id: str) -> None:
        """Have the next step of the chain taken now."""
        lead = self._context.board.leads.get(lead_id)
        name = who(lead)[:80] if lead is not None else ""
        self._say(RaiseLead(lead_id=lead_id), self.tr("{name} was raised.").format(name=name))

    def tell(self, rep_id: str) -> None:
        """Ask for a message, and put it on somebody's desk, or on all."""
        rep = self._context.board.reps.get(rep_id)
        title = self.tr("Message to {name}").format(name=rep.name) if rep else self.tr("Message to all desks")
        text = self.tr("It is shown on the desk at once, to whoever sits there.")
        sheet = self.sheet = TellSheet(self._context.shell, title, text, self.tr("Send"))
        said = self.tr("The message is on its way.")
        sheet.accepted.connect(lambda: self._say(TellRep(to=rep_id, text=sheet.words.text().strip()), said))
        sheet.finished.connect(self._forget_sheet)
        sheet.open()

    def _forget_sheet(self) -> None:
        self.sheet = None

    def _say(self, command: Command[Any], done: str) -> None:
        def failed(error: AppError) -> None:
            self._context.shell.notice(f"{error.title}: {error.message}")

        def told(_receipt: object) -> None:
            self._context.shell.notice(done)

        self._context.relay.do(command, told, failed, owner=self)
