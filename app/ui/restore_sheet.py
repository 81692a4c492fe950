"""Putting a backup back: the list of what there is, and in words what of today would be lost by the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QListWidget, QWidget

from app.domain.errors import AppError
from app.ui.backups import FloorBackups
from app.ui.backups_words import backup_line, loss_words
from app.ui.parts import Sheet
from app.ui.plain import PlainLabel

if TYPE_CHECKING:
    from app.store.backup import Backup
    from app.store.restore import Loss

__all__ = ["RestoreSheet"]

ROWS = 7
"""Backups shown at once."""


class RestoreSheet(Sheet):
    """The newest backup is chosen first; nothing can be restored before what it costs was said."""

    def __init__(self, backups: FloorBackups, parent: QWidget) -> None:
        tr = QCoreApplication.translate
        super().__init__(
            parent,
            tr("restore", "Restore a backup"),
            tr(
                "restore",
                "The floor becomes what it was then. What stands there now is put aside, whole, and kept; "
                "computers that were put out since stay out.",
            ),
            width=520,
        )
        self._backups = backups
        self._found = backups.all()
        self._sure: Backup | None = None
        now = backups.now()
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("restore", "Backups, newest first"))
        self.list.setUniformItemSizes(True)
        self.list.addItems([backup_line(backup, now) for backup in self._found])
        row = self.list.sizeHintForRow(0) if self._found else 28
        self.list.setFixedHeight(row * min(max(len(self._found), 2), ROWS) + 12)
        self.body.addWidget(self.list)
        self.cost = PlainLabel("", wrap=True, lines=5, weight=600)
        self.body.addWidget(self.cost)
        self.add_button(tr("restore", "Cancel"), "quiet", self.reject)
        self.restore_button = self.add_button(tr("restore", "Restore this one"), "danger", self._restore)
        self.restore_button.setEnabled(False)
        self.list.currentRowChanged.connect(self._choose)
        self.finished.connect(backups.forget_question)
        self.list.setFocus()
        if self._found:
            self.list.setCurrentRow(0)
        else:
            self.cost.setText(tr("restore", "There are no backups of this floor yet."))

    @Slot(int)
    def _choose(self, row: int) -> None:
        self._sure = None
        self.restore_button.setEnabled(False)
        self.cost.set_ink("ink_soft")
        self.cost.setText(QCoreApplication.translate("restore", "Looking what would be lost…"))
        self._backups.look_into(self._found[row], self._say)

    def _say(self, backup: Backup, found: Loss | AppError) -> None:
        if backup is not self._found[self.list.currentRow()]:
            return
        if isinstance(found, AppError):
            self.cost.set_ink("danger")
            self.cost.setText(found.message)
            return
        self.cost.set_ink("danger" if found.events else "ink")
        self.cost.setText(loss_words(found))
        self._sure = backup
        self.restore_button.setEnabled(True)

    def _restore(self) -> None:
        if self._sure is not None:
            self.accept()
            self._backups.restore_wanted.emit(self._sure)
