"""The computers at which one person works: when each was last seen, let another in, let one in no more.

An invitation is made here, on this desk: its secret is in the link and the code that are shown, and nowhere else.
Who closes the sheet before it was used makes a new one.
"""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.commands import Invited, InviteDesk, RevokeDevice
from app.domain.device import Device, new_secret, secret_sha256
from app.domain.errors import AppError
from app.domain.events import DeskJoined, DeskRenamed, DeskRevoked
from app.domain.lead import Rep
from app.domain.questions import DeviceList, Devices
from app.floor.floor import Batch, Receipt
from app.floor.link import JoinLink, format_link
from app.ui.context import Context
from app.ui.panes import CopyLines
from app.ui.parts import Sheet
from app.ui.plain import PlainLabel, ask, tip
from app.ui.qr import Code
from app.ui.rows import Row, RowList
from app.ui.theme import SPACE
from app.ui.times import age, day_and_time

__all__ = ["ComputersSheet"]

_ROW = 58
_MOST_ROWS = 4


def _tr(text: str) -> str:
    return QCoreApplication.translate("computers", text)


class ComputersSheet(Sheet):
    """One person's computers, and an invitation for another."""

    def __init__(self, parent: QWidget, context: Context, rep: Rep) -> None:
        seat = context.seat
        told = (
            _tr("Whoever uses an invitation works as {name} from then on.")
            if seat is not None
            else _tr(
                "This floor has no server that other computers could join. "
                "Start one with “main.py serve”, and invite from a desk that is joined to it, or with “main.py invite”."
            )
        )
        title = _tr("Computers of {name}").format(name=rep.name)
        super().__init__(parent, title, told.format(name=rep.name), width=620)
        self._context = context
        self._rep = rep
        self._devices: dict[str, Device] = {}
        self.list = RowList(self, name=_tr("Computers"))
        self.list.chosen.connect(self._settle)
        self.body.addWidget(self.list)
        self.none = PlainLabel(_tr("No computer has joined for this person yet."), ink="ink_soft")
        self.body.addWidget(self.none)
        self._invitation = QWidget(self)
        self._lay_out_invitation()
        self.trouble = PlainLabel("", ink="danger", wrap=True, lines=4)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.add_button(_tr("Close"), "quiet", self.accept)
        self.revoke_button = self.add_button(_tr("Revoke…"), "quiet", self.revoke)
        self.invite_button = self.add_button(
            _tr("Make an invitation"), "primary", self.invite, default=seat is not None
        )
        why = context.why_not(InviteDesk)
        self.invite_button.setEnabled(seat is not None and rep.active and not why)
        if why and seat is not None:
            tip(self.invite_button, why)
        self._show(DeviceList(devices=(), invitations=()))
        context.relay.batch.connect(self._heard)
        self._ask()

    def _lay_out_invitation(self) -> None:
        row = QHBoxLayout(self._invitation)
        row.setContentsMargins(0, SPACE.gap, 0, 0)
        row.setSpacing(SPACE.pad)
        self.code = Code(self._invitation)
        row.addWidget(self.code)
        beside = QVBoxLayout()
        beside.setSpacing(SPACE.gap)
        self.expiry = PlainLabel("", wrap=True, lines=3)
        beside.addWidget(self.expiry)
        self._lines = beside
        beside.addStretch(1)
        row.addLayout(beside, 1)
        self._copy: CopyLines | None = None
        self._invitation.hide()
        self.body.addWidget(self._invitation)

    # what there is

    def _ask(self) -> None:
        self._context.relay.ask(Devices(rep_id=self._rep.id), self._show, self._refused)

    @Slot(object)
    def _heard(self, batch: Batch) -> None:
        kinds = DeskJoined | DeskRenamed | DeskRevoked
        if any(isinstance(entry.event, kinds) for entry in batch.entries):
            self._ask()

    def _show(self, told: DeviceList) -> None:
        self._devices = {device.id: device for device in told.devices}
        now = self._context.now()
        rows = sorted(told.devices, key=lambda device: device.revoked_at is not None)
        self.list.set_rows([_row(device, now) for device in rows])
        self.list.setFixedHeight(_ROW * min(max(len(rows), 1), _MOST_ROWS))
        self.list.setVisible(bool(rows))
        self.none.setVisible(not rows)
        self._settle()

    @Slot(str)
    def _settle(self, _key: str = "") -> None:
        chosen = self._devices.get(self.list.key)
        self.revoke_button.setEnabled(chosen is not None and chosen.revoked_at is None)

    def _refused(self, error: AppError) -> None:
        self.trouble.setText(f"{error.title}: {error.message}")
        self.trouble.setAccessibleName(error.message)
        self.trouble.show()

    # what is done

    def invite(self) -> None:
        """Make an invitation, and show it once the floor knows of it. One that was made before is void."""
        if not self.invite_button.isEnabled():
            return
        self.invite_button.setEnabled(False)
        self.trouble.hide()
        secret = new_secret()
        command = InviteDesk(rep_id=self._rep.id, secret_sha256=secret_sha256(secret))
        self._context.relay.do(
            command, lambda receipt: self._show_invitation(receipt, secret), self._not_invited, owner=self
        )

    def _not_invited(self, error: AppError) -> None:
        self.invite_button.setEnabled(True)
        self._refused(error)

    def _show_invitation(self, receipt: Receipt[Invited], secret: str) -> None:
        seat = self._context.seat
        self.invite_button.setEnabled(True)
        self.invite_button.set_words(_tr("Make another"))
        if seat is None:
            return
        link = format_link(JoinLink(addresses=seat.addresses, pins=seat.pins, secret=secret))
        self.code.show_text(link, _tr("The link as a QR code"))
        until = day_and_time(receipt.value.expires_at, self._context.now())
        self.expiry.setText(
            _tr(
                "Good once, until {time}. Open Firstring on the other computer, choose “Join my team’s floor” "
                "and paste the link."
            ).format(time=until)
        )
        if self._copy is not None:
            self._lines.removeWidget(self._copy)
            self._copy.hide()
            self._copy.deleteLater()
        self._copy = CopyLines(self._invitation, label_width=52)
        self._copy.add(_tr("Link"), link)
        self._copy.add(_tr("Server"), seat.addresses[0])
        self._copy.add(_tr("Secret"), secret)
        self._lines.insertWidget(1, self._copy)
        self._invitation.show()

    def revoke(self) -> None:
        """Ask, and then let the chosen computer in no more."""
        device = self._devices.get(self.list.key)
        if device is None or device.revoked_at is not None:
            return

        def then(yes: bool) -> None:
            if yes:
                command = RevokeDevice(device_id=device.id, why=_tr("by hand, on the Team screen"))
                self._context.relay.do(command, lambda _receipt: self._ask(), self._refused, owner=self)

        ask(
            self,
            _tr("Revoke {device}?").format(device=device.name),
            _tr("It loses the floor within seconds. To come back it needs a new invitation."),
            _tr("Revoke"),
            _tr("Cancel"),
            then,
        )


def _row(device: Device, now: datetime) -> Row:
    joined = _tr("joined {when}").format(when=day_and_time(device.joined_at, now))
    if device.revoked_at is not None:
        seen = _tr("revoked {when}").format(when=day_and_time(device.revoked_at, now))
        return Row(key=device.id, title=device.name, detail=seen, chip=(_tr("revoked"), "grey"), faint=True)
    seen = _tr("seen {when}").format(when=age(device.seen_at, now))
    return Row(key=device.id, title=device.name, detail=f"{seen} · {joined}")
