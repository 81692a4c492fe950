"""The form by which somebody joins: a link, a server's address with the secret of an invitation, a shared
database, or a floor's file, all in one line; what is needed besides is asked for when that line calls for it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit

from app.address import is_file, is_postgresql, with_password
from app.domain.device import tidy_secret
from app.domain.errors import Refused
from app.floor.link import address_of, is_link, read_link
from app.settings import is_served
from app.ui.parts_button import Button
from app.ui.welcome_cards import Form

__all__ = ["JoinForm", "address_trouble", "kind_of", "line"]

Kind = Literal["link", "seat", "server", "database", "file"]
_LONGEST = 2_000


def kind_of(text: str) -> Kind:
    """What somebody means by what they typed; "file" when it may be anything."""
    told = text.strip()
    if is_served(told):
        return "seat"
    if is_link(told):
        return "link"
    if is_postgresql(told):
        return "database"
    if told.lower().startswith("https://"):
        return "server"
    if not is_file(told) or told.endswith((".firstring", ".floor")) or Path(told).expanduser().exists():
        return "file"
    try:
        address_of(told)
    except Refused:
        return "file"
    return "server"


def address_trouble(text: str) -> str:
    """What is wrong with where a floor is said to be, as a sentence; "" when nothing is."""
    told = text.strip()
    if not told:
        return QCoreApplication.translate(
            "Welcome", "Please paste a link or an address, or choose the floor's file."
        )
    if len(told) > _LONGEST or any(ord(letter) < 32 for letter in told):
        return QCoreApplication.translate("Welcome", "That does not look like an address.")
    kind = kind_of(told)
    try:
        if kind == "link":
            read_link(told)
        elif kind == "server":
            address_of(told)
    except Refused as refused:
        return refused.message
    if kind == "database" and not told.partition("://")[2].strip("/ "):
        return QCoreApplication.translate("Welcome", "The address stops before the computer's name.")
    if kind == "file" and not is_file(told):
        return QCoreApplication.translate(
            "Welcome", "An address begins with firstring://, https:// or postgresql://."
        )
    if kind == "file" and not Path(told).expanduser().is_file():
        return QCoreApplication.translate("Welcome", "There is no such file on this computer.")
    return ""


class JoinForm(Form):
    """Where the floor is, and what else that takes."""

    join = Signal(str)
    """A file's path, or a database's address with the password that was asked for."""
    invited = Signal(str, str, str)
    """A link, a server's address or a floor that was joined before; the invitation's secret; this desk's
    passphrase. Empty where they are not needed."""

    def __init__(self) -> None:
        tr = QCoreApplication.translate
        self.address = line(tr("Welcome", "Link, address or file of the floor"))
        self.address.setMaxLength(_LONGEST)
        self.choose_button = Button(tr("Welcome", "Choose a file…"), "link", height=22, press=self._choose)
        self.secret = line(tr("Welcome", "Secret of the invitation, ABCD-EFGH-…"))
        self.password = line(tr("Welcome", "Password"))
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        fields = [self.address, self.choose_button, self.secret, self.password]
        super().__init__(tr("Welcome", "Join ›"), tr("Welcome", "Join"), fields, self._join)
        self.secret.hide()
        self.password.hide()
        self._asked_for = ""
        self.address.textChanged.connect(self._address_changed)

    def fill(self, address: str) -> None:
        """Open with a server's address that was found, and ask for the secret."""
        self.open_form()
        self.address.setText(address)
        self.say("")
        self.secret.setFocus()

    def ask_password(self, address: str, text: str) -> None:
        """Ask for the password of a shared floor, or the passphrase of this desk, and say why."""
        self.open_form()
        self.address.setText(address)
        self._asked_for = address
        word = self.tr("Password") if kind_of(address) == "database" else self.tr("Passphrase of this desk")
        self.password.setPlaceholderText(word)
        self.password.setAccessibleName(word)
        self.password.clear()
        self.password.show()
        self.say(text)
        self.password.setFocus()

    def _address_changed(self, text: str) -> None:
        """A password is for the address it was asked for, and for no other."""
        if self._asked_for and text.strip() != self._asked_for:
            self._asked_for = ""
            self.password.clear()
            self.password.hide()
        self.secret.setVisible(kind_of(text) == "server")

    def _join(self) -> None:
        told = self.address.text().strip()
        kind, trouble, field = kind_of(told), address_trouble(told), self.address
        if not trouble and kind == "server" and not tidy_secret(self.secret.text()):
            trouble = self.tr(
                "The secret of an invitation has 16 letters and digits, like ABCD-EFGH-IJKL-2345."
            )
            field = self.secret
        self.say(trouble)
        if trouble:
            field.setFocus()
        elif kind == "file":
            self.join.emit(str(Path(told).expanduser().resolve()))
        elif kind == "database":
            self.join.emit(with_password(told, self.password.text()))
        else:
            secret = tidy_secret(self.secret.text()) if kind == "server" else ""
            self.invited.emit(told, secret, self.password.text())

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("The floor’s file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.address.setText)
        dialog.open()


def line(prompt: str) -> QLineEdit:
    """A line to type in, named by its prompt."""
    field = QLineEdit()
    field.setPlaceholderText(prompt)
    field.setAccessibleName(prompt)
    field.setMaxLength(200)
    return field
