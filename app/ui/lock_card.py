"""The card "Lock" of the settings: a PIN for this desk, when it locks itself, and the sheet in which a PIN is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.errors import AppError
from app.domain.pin import LONGEST, pin_trouble
from app.settings import Settings
from app.ui.panes import Choices, Form, titled
from app.ui.parts import Button, Card, Sheet
from app.ui.plain import PlainLabel

if TYPE_CHECKING:
    from app.ui.locking import DeskLock

__all__ = ["LockCard", "PinSheet"]

MINUTES = (2, 5, 10, 30, 0)


def _tr(text: str) -> str:
    return QCoreApplication.translate("lock", text)


class LockCard(Card):
    """Follows the desk's lock."""

    def __init__(self, lock: DeskLock, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._lock, self._settings = lock, settings
        titled(self, _tr("Lock"), _tr("this desk only"))
        self.words = PlainLabel("", wrap=True, lines=3)
        self.inside.addWidget(self.words)
        choices = [(str(m), _tr("{n} min").format(n=m) if m else _tr("By key only")) for m in MINUTES]
        self.after = Choices(choices, self, name=_tr("Locks itself after"))
        if settings.lock_after in MINUTES:
            self.after.choose(str(settings.lock_after))
        self.after.picked.connect(self._pick)
        self.inside.addWidget(self.after)
        self.set_button = Button(_tr("Set a PIN…"), "quiet", self, press=self._set)
        self.change_button = Button(_tr("Change the PIN…"), "quiet", self, press=self._set)
        self.remove_button = Button(_tr("Remove the PIN…"), "quiet", self, press=self._remove)
        self.lock_button = Button(_tr("Lock now"), "quiet", self, key="Ctrl+L", press=lock.lock)
        row = QHBoxLayout()
        for button in (self.set_button, self.change_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.lock_button)
        self.inside.addLayout(row)
        lock.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say how it stands now."""
        on = self._lock.is_set
        self.words.setText(
            _tr(
                "With its PIN this desk can be locked, and is asked for it at each start. Locked, it shows nothing of "
                "any lead, and you are away. It locks itself when nobody has touched it for:"
            )
            if on
            else _tr(
                "This desk has no PIN: whoever sits down at it sees your leads and works in your name. With one it "
                "locks itself when nobody touches it, and by Ctrl+L."
            )
        )
        self.after.setVisible(on)
        self.set_button.setVisible(not on)
        for button in (self.change_button, self.remove_button, self.lock_button):
            button.setVisible(on)

    @Slot(str)
    def _pick(self, key: str) -> None:
        self._settings.lock_after = int(key)
        self._settings.save()

    def _set(self) -> None:
        PinSheet(self._lock, self.window()).open()

    def _remove(self) -> None:
        PinSheet(self._lock, self.window(), removes=True).open()


class PinSheet(Sheet):
    """Asks for the PIN that is, where there is one, and twice for the one to be."""

    def __init__(self, lock: DeskLock, parent: QWidget, *, removes: bool = False) -> None:
        if removes:
            title, text = _tr("Remove the PIN?"), _tr("Whoever sits down at this desk then sees your leads.")
        else:
            title = _tr("Change the PIN") if lock.is_set else _tr("A PIN for this desk")
            text = _tr(
                "At least four digits or letters. Only its hash is kept, on this computer. It keeps out who passes by; "
                "it does not encrypt anything."
            )
        super().__init__(parent, title, text)
        self._lock, self._removes = lock, removes
        form = Form(self)
        self.old, self.new, self.again = (
            form.line(label, longest=LONGEST) if wanted else QLineEdit()
            for label, wanted in (
                (_tr("PIN that is set now"), lock.is_set),
                (_tr("New PIN"), not removes),
                (_tr("New PIN, once more"), not removes),
            )
        )
        for field in (self.old, self.new, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
        self.body.addWidget(form)
        self.trouble = PlainLabel("", ink="danger", wrap=True, lines=3)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_button(_tr("Cancel"), "quiet", self.reject)
        word = _tr("Remove") if removes else _tr("Set the PIN")
        self.done_button = self.add_button(word, "primary", self._done, default=True)
        (self.old if lock.is_set else self.new).setFocus()

    def _done(self) -> None:
        new = "" if self._removes else self.new.text()
        trouble = "" if self._removes else pin_trouble(new)
        if not trouble and not self._removes and new != self.again.text():
            trouble = _tr("The two new PINs are not the same.")
        self._say(trouble)
        if not trouble:
            self.done_button.setEnabled(False)
            self._lock.change(self.old.text(), new, self._told)

    def _told(self, error: AppError | None) -> None:
        if error is None:
            self.accept()
            return
        self.done_button.setEnabled(True)
        self.old.clear()
        self._say(error.message)

    def _say(self, text: str) -> None:
        self.trouble.setText(text)
        self.trouble.setAccessibleName(text)
        self.trouble.setVisible(bool(text))
