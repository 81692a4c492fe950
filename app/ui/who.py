"""Who sits at this desk? Asked once, on a shared floor whose database does not know it from the login."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.domain.lead import Rep
from app.ui.panes import Form
from app.ui.parts import Sheet

__all__ = ["WhoSheet"]


class WhoSheet(Sheet):
    """The people of the floor to choose from, and a line for somebody new."""

    said = Signal(str, str)
    """A rep's id, or "" and the name of somebody new."""

    def __init__(self, parent: QWidget, reps: Sequence[Rep]) -> None:
        tr = QCoreApplication.translate
        told = tr("who", "This desk works in that person’s name from now on. It is kept on this computer.")
        super().__init__(parent, tr("who", "Who are you on this floor?"), told)
        form = Form(self)
        self.person = QComboBox(self)
        for rep in reps:
            self.person.addItem(rep.name, rep.id)
        self.person.addItem(tr("who", "Somebody new…"), "")
        form.add(tr("who", "Person"), self.person)
        self.name = form.line(tr("who", "Your name"))
        self.name.setMaxLength(200)
        self.body.addWidget(form)
        self.add_button(tr("who", "Cancel"), "quiet", self.reject)
        self.ok = self.add_button(tr("who", "Start"), "primary", self._say, default=True)
        self.person.currentIndexChanged.connect(self._settle)
        self.name.textChanged.connect(self._settle)
        self._settle()
        (self.person if reps else self.name).setFocus()

    def _settle(self) -> None:
        """A name is asked of somebody new only."""
        new = not self.person.currentData()
        self.name.setEnabled(new)
        self.ok.setEnabled(not new or bool(self.name.text().strip()))

    def _say(self) -> None:
        rep_id = str(self.person.currentData())
        self.said.emit(rep_id, "" if rep_id else self.name.text().strip())
        self.accept()
