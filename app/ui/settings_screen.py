"""What this desk remembers of its own: look, sounds, how it dials; and what it runs on.

Everything takes effect at once and is kept on this computer; nothing here belongs to the floor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import AppError
from app.domain.questions import Facts, FloorFacts
from app.settings import DIAL_SCHEMES, THEMES, home
from app.ui import theme
from app.ui.context import Context
from app.ui.panes import Choices, titled
from app.ui.parts import Button, Card, Field, Scroller
from app.ui.plain import PlainLabel
from app.ui.sound import SOUNDS
from app.ui.theme import SPACE
from app.ui.times import day_and_time
from app.ui.toasts import Toast

if TYPE_CHECKING:
    from app.ui.backups_card import BackupsCard
    from app.ui.lock_card import LockCard

__all__ = ["TRIAL", "SettingsScreen"]

TRIAL = "a trial notification"
"""Its lead id; no lead has one like it."""
WIDTH = 720
ON, OFF = "on", "off"
ANSWERABLE = ("owner", "admin")
"""Roles that decide on the backups of a shared database."""


class SettingsScreen(QWidget):
    """The screen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        inside = QWidget(self)
        across = QHBoxLayout(inside)
        across.setContentsMargins(SPACE.page, SPACE.page, SPACE.page, SPACE.page)
        column = QVBoxLayout()
        column.setSpacing(SPACE.snug)
        across.addStretch(1)
        across.addLayout(column, 100)
        across.addStretch(1)
        cards: list[Card] = [self._looks(), self._sounds(), self._notifications(), self._dialling()]
        self.lock = self._lock()
        if self.lock is not None:
            cards.append(self.lock)
        self.backups = self._backups()
        if self.backups is not None:
            cards.append(self.backups)
        for card in (*cards, self._about()):
            card.setMaximumWidth(WIDTH)
            column.addWidget(card)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroller(inside, self))
        context.toasts.native_changed.connect(self._tell_native)
        context.toasts.pressed.connect(self._pressed)

    # the cards

    def _looks(self) -> Card:
        card = Card(self)
        titled(card, self.tr("Look"), self.tr("this window only"))
        words = {
            "system": self.tr("As the system"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        self.look = Choices([(key, words[key]) for key in THEMES], card, name=self.tr("Look"))
        self.look.choose(self._context.settings.theme)
        self.look.picked.connect(self._pick_look)
        card.inside.addWidget(self.look)
        return card

    def _sounds(self) -> Card:
        card = Card(self)
        titled(card, self.tr("Sounds"), self.tr("when a lead rings"))
        row = QHBoxLayout()
        self.sound = Choices(((ON, self.tr("On")), (OFF, self.tr("Off"))), card, name=self.tr("Sounds"))
        self.sound.choose(ON if self._context.settings.sound else OFF)
        self.sound.picked.connect(self._pick_sound)
        self.play_button = Button(self.tr("Play one"), "quiet", card, press=self._play)
        self.play_button.setEnabled(self._context.settings.sound)
        row.addWidget(self.sound)
        row.addStretch(1)
        row.addWidget(self.play_button)
        card.inside.addLayout(row)
        return card

    def _notifications(self) -> Card:
        card = Card(self)
        titled(card, self.tr("Notifications"), self.tr("beside those in the window"))
        self.native = PlainLabel("", wrap=True, lines=2)
        self.refusals = PlainLabel("", wrap=True, lines=6, ink="ink_soft")
        self.trial_button = Button(self.tr("Send a test notification"), "quiet", card, press=self._send_trial)
        row = QHBoxLayout()
        row.addWidget(self.trial_button)
        row.addStretch(1)
        card.inside.addWidget(self.native)
        card.inside.addWidget(self.refusals)
        card.inside.addLayout(row)
        muting = self._context.muting
        if muting is not None:
            self.muted = PlainLabel("", wrap=True, lines=2, ink="ink_mid")
            self.mutes = Choices(
                (*muting.choices(), ("off", self.tr("Not muted"))), card, name=self.tr("Mute")
            )
            self.mutes.picked.connect(lambda key: muting.unmute() if key == "off" else muting.mute_for(key))
            muting.changed.connect(self._tell_muted)
            card.inside.addWidget(self.mutes)
            card.inside.addWidget(self.muted)
            self._tell_muted()
        self._tell_native()
        return card

    def _tell_muted(self) -> None:
        muting = self._context.muting
        if muting is None:
            return
        if muting.until is None:
            self.mutes.choose("off")
        now = self._context.now()
        words = self.tr("Until {time} leads show in the window only, however late they are.")
        self.muted.setText(
            words.format(time=day_and_time(muting.until, now))
            if muting.until is not None
            else self.tr("While muted, leads show in the window only. A mute always has an end.")
        )

    def _dialling(self) -> Card:
        card = Card(self)
        titled(card, self.tr("Dialling"), self.tr("which program is asked to call"))
        words = {
            "tel": self.tr("Telephone (tel:)"),
            "sip": self.tr("Internet phone (sip:)"),
            "callto": self.tr("Call program (callto:)"),
        }
        choices = [(key, words[key]) for key in DIAL_SCHEMES]
        self.scheme = Choices(choices, card, name=self.tr("Dialling"))
        self.scheme.choose(self._context.settings.dial_scheme)
        self.scheme.picked.connect(self._pick_scheme)
        card.inside.addWidget(self.scheme)
        return card

    def _lock(self) -> LockCard | None:
        if self._context.lock is None:
            return None
        from app.ui.lock_card import LockCard

        return LockCard(self._context.lock, self._context.settings, self)

    def _backups(self) -> BackupsCard | None:
        """Of a file anybody who sits at it; of a shared database whoever answers for the floor."""
        backups, rep = self._context.backups, self._context.rep
        if backups is None or not (backups.is_file or (rep is not None and rep.role.value in ANSWERABLE)):
            return None
        from app.ui.backups_card import BackupsCard

        return BackupsCard(backups, self)

    def _about(self) -> Card:
        card = Card(self)
        titled(card, self.tr("This floor and this program"))
        self.fields = {
            "floor": Field(self.tr("Floor"), "…", label_width=120),
            "address": Field(self.tr("Kept in"), self._context.settings.last_floor or "–", label_width=120),
            "database": Field(self.tr("Database"), "…", label_width=120),
            "capture": Field(self.tr("Takes inquiries"), label_width=120),
            "folder": Field(self.tr("Data folder"), str(home()), label_width=120),
            "version": Field(
                self.tr("Version"), QCoreApplication.applicationVersion() or "–", label_width=120
            ),
        }
        for field in self.fields.values():
            card.inside.addWidget(field)
        return card

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fields["capture"].set(self._context.capture_url or self.tr("not on this desk"))
        self._tell_native()
        self._context.relay.ask(FloorFacts(check_chain=False), self._take_facts, self._no_facts)

    def _take_facts(self, facts: Facts) -> None:
        self.fields["floor"].set(facts.name)
        counts = self.tr("{inquiries} inquiries, {leads} leads, {events} events")
        words = counts.format(
            inquiries=f"{facts.inquiries:,}", leads=f"{facts.leads:,}", events=f"{facts.events:,}"
        )
        self.fields["database"].set(f"{facts.database} · {words}")

    def _no_facts(self, error: AppError) -> None:
        self.fields["database"].set(error.message)

    # what is chosen

    @Slot(str)
    def _pick_look(self, key: str) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.choose(app, cast(theme.Choice, key))
        self._context.settings.theme = key
        self._context.settings.save()

    @Slot(str)
    def _pick_sound(self, key: str) -> None:
        self._context.settings.sound = key == ON
        self._context.settings.save()
        self._context.sounder.muted = key == OFF
        self.play_button.setEnabled(key == ON)

    def _play(self) -> None:
        self._context.sounder.play(SOUNDS[1])

    @Slot(str)
    def _pick_scheme(self, key: str) -> None:
        self._context.settings.dial_scheme = key
        self._context.settings.save()

    # notifications

    @Slot(str)
    def _tell_native(self, _name: str = "") -> None:
        toasts = self._context.toasts
        names = {
            "freedesktop": self.tr("this desktop's own notifications, with buttons"),
            "desktop_notifier": self.tr("the system's own notifications, with buttons"),
            "plyer": self.tr("the system's simple notifications, without buttons"),
        }
        if toasts.native:
            used = names.get(toasts.native, toasts.native)
            self.native.setText(self.tr("In use: {what}.").format(what=used))
        else:
            self.native.setText(self.tr("Only the toasts inside the window are in use."))
        why = "\n".join(f"{name}: {reason}" for name, reason in toasts.refusals.items())
        self.refusals.setText(why)
        self.refusals.setVisible(bool(why))

    def _send_trial(self) -> None:
        toast = Toast(
            lead_id=TRIAL,
            title=self.tr("A test notification"),
            body=self.tr("So a lead will ring here."),
            actions=(("open", self.tr("Seen")),),
        )
        self._context.toasts.withdraw(TRIAL)
        self._context.toasts.show(toast)

    @Slot(str, str)
    def _pressed(self, lead_id: str, _key: str) -> None:
        if lead_id == TRIAL:
            self._context.toasts.withdraw(TRIAL)
            self._context.shell.notice(self.tr("The test notification was pressed: it works."))
