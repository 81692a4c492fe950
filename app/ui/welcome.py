"""The first start: where are your leads? A practice floor, a floor on this computer, or the team's floor.

Only signals leave here. What is typed is checked for sense (a name, an address that can be one) and
answered in a sentence under the field; whether the floor can be reached is for the coordinator to find out,
who says so with `refuse`. Everything works by Tab, Enter and Esc.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.ui import icons
from app.ui.parts_button import Button
from app.ui.parts_show import Card, Dot
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE, TEXT
from app.ui.welcome_cards import Cards, Choice, Form
from app.ui.welcome_join import JoinForm, address_trouble, line

__all__ = ["FoundFloor", "Welcome", "address_trouble", "name_trouble"]

FoundFloor = tuple[str, str]
"""A floor found on the network: its name and its server's address."""

_WIDEST = 948


def name_trouble(text: str) -> str:
    """What is wrong with a name, as a sentence; "" when nothing is."""
    told = text.strip()
    if not told:
        return QCoreApplication.translate("Welcome", "Please fill in both names.")
    if len(told) > 80:
        return QCoreApplication.translate("Welcome", "That name is too long; 80 characters are enough.")
    return ""


def _countries() -> list[tuple[str, str]]:
    """Two letters and English name of every country Qt knows, by name."""
    found = {}
    for territory in QLocale.Country:
        code = QLocale.territoryToCode(territory)
        if len(code) == 2 and code.isalpha():
            found[code] = QLocale.territoryToString(territory)
    return sorted(found.items(), key=lambda entry: entry[1])


class _Mark(QWidget):
    """The app's tile."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(52)

    def sizeHint(self) -> QSize:
        return QSize(52 + SPACE.glow, 52)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint_mark(painter, QRect(SPACE.glow, 0, 52, 52))


class Welcome(QWidget):
    """The first screen, a window of its own or a widget in one."""

    practise = Signal()
    """Try a practice floor."""
    start = Signal(str, str, str)
    """Start a floor here: its name, the person's name, the country of phone numbers (two letters or "")."""
    join = Signal(str)
    """Join a floor: a file's path or a database's address, with the password that was asked for."""
    invited = Signal(str, str, str)
    """Join by invitation: a link or a server's address, the secret, this desk's passphrase, as `JoinForm` says."""

    def __init__(self, parent: QWidget | None = None, *, floors: Sequence[FoundFloor] = ()) -> None:
        """`floors` are those found on the network; without any that strip is not there."""
        super().__init__(parent)
        self.setWindowTitle("Firstring")
        self.resize(1100, 720)
        self.resize(1100, 720)
        self.setMinimumSize(360, 320)

        self.practice_button = Button(
            self.tr("Start practising"), "primary", height=39, size=TEXT.strong, press=self.practise.emit
        )
        practice = Choice(
            self.tr("Try a practice floor"),
            self.tr("Invented leads arrive as they would on a Tuesday. Claim, call, win. Nothing is kept."),
            lit=True,
        )
        practice.inside.addWidget(self.practice_button, 0, Qt.AlignmentFlag.AlignLeft)

        self.floor_name = line(self.tr("Name of the floor"))
        self.rep_name = line(self.tr("Your name"))
        self.country = QComboBox()
        self.country.setAccessibleName(self.tr("Country of phone numbers, optional"))
        self.country.setMinimumContentsLength(8)
        self.country.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.start_form = Form(
            self.tr("Start a floor ›"),
            self.tr("Start"),
            [self.floor_name, self.rep_name, self.country],
            self._start,
        )
        start = Choice(
            self.tr("Start a floor here"),
            self.tr(
                "For one desk, on this computer. Add a form, an ad account or a file of leads next. "
                "You can move it to a server later."
            ),
        )
        start.inside.addWidget(self.start_form)

        self.join_form = JoinForm()
        self.join_form.join.connect(self.join)
        self.join_form.invited.connect(self.invited)
        join = Choice(
            self.tr("Join my team’s floor"),
            self.tr("Paste the link or the address that you were sent, or choose the floor’s file."),
        )
        join.inside.addWidget(self.join_form)

        self.start_form.opened.connect(self._start_opened)
        self.join_form.opened.connect(self.start_form.close_form)
        self._lay_out((practice, start, join), floors)
        self.practice_button.setFocus()

    def _lay_out(self, choices: Sequence[Choice], floors: Sequence[FoundFloor]) -> None:
        inner = QWidget()
        inner.setMaximumWidth(_WIDEST + 2 * SPACE.glow)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 64, 0, 40)
        column.setSpacing(0)
        column.addWidget(_Mark())
        column.addSpacing(24)
        for text, size, weight, gap in (
            (self.tr("Be the first to call back."), TEXT.hero, 700, SPACE.gap),
            (self.tr("Where are your leads?"), TEXT.strong, 400, 39 - SPACE.glow),
        ):
            label = PlainLabel(text, size=size, weight=weight, ink="ink" if weight > 400 else "ink_soft")
            label.setContentsMargins(SPACE.glow, 0, SPACE.glow, 0)
            column.addWidget(label)
            column.addSpacing(gap)
        self.trouble = PlainLabel("", size=TEXT.strong, ink="danger", wrap=True, lines=5)
        self.trouble.setContentsMargins(SPACE.glow, 0, SPACE.glow, SPACE.gap)
        self.trouble.hide()
        column.addWidget(self.trouble)
        column.addWidget(Cards(choices))
        self._strips = QVBoxLayout()
        self._strips.setContentsMargins(SPACE.glow, 30 - SPACE.glow, SPACE.glow, 0)
        self._strips.setSpacing(SPACE.gap)
        column.addLayout(self._strips)
        self.show_found(floors)
        column.addStretch(1)
        page = QWidget()
        across = QHBoxLayout(page)
        across.setContentsMargins(SPACE.page, 0, SPACE.page, 0)
        across.addStretch(1)
        across.addWidget(inner, 1_000)
        across.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def show_found(self, floors: Sequence[FoundFloor]) -> None:
        """Show the floors that were found on the network, and only those."""
        while (item := self._strips.takeAt(0)) is not None:
            strip = item.widget()
            if strip is not None:
                strip.deleteLater()
        for name, address in floors:
            self._strips.addWidget(self._strip(name, address))

    def _strip(self, name: str, address: str) -> QWidget:
        strip = Card(pad=0)
        row = QHBoxLayout()
        row.setContentsMargins(18, 9, 14, 9)
        row.setSpacing(14)
        row.addWidget(Dot("good"))
        row.addWidget(PlainLabel(name, size=TEXT.strong, weight=600))
        found = self.tr("found on this network · {address}").format(address=address)
        row.addWidget(PlainLabel(found, size=TEXT.strong, ink="ink_soft"), 1)
        row.addWidget(
            Button(
                self.tr("Join…"),
                "link",
                height=28,
                size=TEXT.strong,
                name=self.tr("Join {floor}").format(floor=name),
                press=lambda: self.join_form.fill(address),
            )
        )
        strip.inside.addLayout(row)
        return strip

    def refuse(self, text: str) -> None:
        """Say under the open form, or above the cards, why it did not work, and let the person try again."""
        self.set_busy(False)
        self.trouble.hide()
        for form in (self.start_form, self.join_form):
            if form.is_open():
                form.say(text)
                return
        self.trouble.setText(text)
        self.trouble.setAccessibleName(text)
        self.trouble.setVisible(bool(text))

    def ask_password(self, address: str, text: str) -> None:
        """Ask for the password of a shared floor, or the passphrase of this desk, and say why."""
        self.set_busy(False)
        self.trouble.hide()
        self.join_form.ask_password(address, text)

    def set_busy(self, busy: bool) -> None:
        """While a floor is being opened nothing can be pressed."""
        self.setEnabled(not busy)

    def _start_opened(self) -> None:
        self.join_form.close_form()
        if self.country.count():
            return
        self.country.addItem(self.tr("Phone country (optional)"), "")
        here = QLocale.territoryToCode(QLocale.system().territory())
        for code, name in _countries():
            self.country.addItem(name, code)
            if code == here and QLocale.system().name() not in ("C", "en_US_POSIX"):
                self.country.setCurrentIndex(self.country.count() - 1)

    def _start(self) -> None:
        for field in (self.floor_name, self.rep_name):
            trouble = name_trouble(field.text())
            if trouble:
                self.start_form.say(trouble)
                field.setFocus()
                return
        self.start_form.say("")
        self.start.emit(
            self.floor_name.text().strip(), self.rep_name.text().strip(), self.country.currentData() or ""
        )
