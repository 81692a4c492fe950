"""The card "Backups" of the settings: the last good one, the next, where they lie, and putting one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from app.ui.backups import FloorBackups
from app.ui.backups_words import size_words, verified_words, when_words
from app.ui.panes import titled
from app.ui.parts import Button, Card, Field

if TYPE_CHECKING:
    from app.workers.backups import State

__all__ = ["BackupsCard"]

LABEL = 120


class BackupsCard(Card):
    """Follows `FloorBackups`. It goes by this computer's own time, as the backups do."""

    def __init__(self, backups: FloorBackups, parent: QWidget) -> None:
        super().__init__(parent)
        self._backups = backups
        titled(self, self.tr("Backups"), self.tr("each one is restored once to verify it"))
        self.last = Field(self.tr("Last good one"), "…", label_width=LABEL)
        self.next = Field(self.tr("Next"), "…", label_width=LABEL)
        self.place = Field(self.tr("Kept in"), "…", label_width=LABEL)
        self.copied = Field(self.tr("Copies"), "…", label_width=LABEL)
        for field in (self.last, self.next, self.place, self.copied):
            self.inside.addWidget(field)
        self.now_button = Button(self.tr("Back up now"), "quiet", self, press=backups.back_up_now)
        self.here_button = Button(
            self.tr("Make backups on this computer"), "quiet", self, press=backups.make_here
        )
        self.folder_button = Button(self.tr("Copies to a folder…"), "quiet", self, press=self._choose)
        self.none_button = Button(self.tr("No copies"), "quiet", self, press=lambda: backups.copy_to(""))
        self.restore_button = Button(self.tr("Restore…"), "quiet", self, press=self._open_restore)
        row = QHBoxLayout()
        for button in (self.now_button, self.here_button, self.folder_button, self.none_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.restore_button)
        self.inside.addLayout(row)
        backups.changed.connect(self.refresh)
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say how it stands now."""
        state, copies = self._backups.state, self._backups.copies
        on = state is not None
        for widget in (self.now_button, self.folder_button, self.next, self.place, self.copied, self.last):
            widget.setVisible(on)
        self.here_button.setVisible(not on and not self._backups.is_file)
        self.none_button.setVisible(on and bool(copies))
        if state is None:
            return
        self.now_button.setEnabled(not state.running)
        self.last.set(self._last_words(state), ink="ink" if state.last else "warm")
        self.next.set(self._next_words(state), ink="danger" if state.trouble else "ink")
        self.place.set(str(state.folder))
        self.copied.set(copies or self.tr("none; a folder on another disk or a share outlives this computer"))
        self.restore_button.setEnabled(state.last is not None)

    def _last_words(self, state: State) -> str:
        if state.last is None:
            return self.tr("none yet")
        facts, now = state.last.facts, self._backups.now()
        said = f"{when_words(facts.at, now)} · {size_words(facts.size)} · {verified_words(facts)}"
        if state.checked_at is not None and (state.checked_at - facts.at).total_seconds() > 60:
            since = self.tr("nothing changed until {when}").format(when=when_words(state.checked_at, now))
            return f"{said} · {since}"
        return said

    def _next_words(self, state: State) -> str:
        if state.running:
            return self.tr("being made now…")
        now = self._backups.now()
        at = self.tr("in a moment") if state.next_at <= now else when_words(state.next_at, now)
        return f"{at} · {state.trouble}" if state.trouble else at

    def _choose(self) -> None:
        dialog = QFileDialog(self, self.tr("The folder for copies"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._backups.copy_to)
        dialog.open()

    def _open_restore(self) -> None:
        from app.ui.restore_sheet import RestoreSheet

        RestoreSheet(self._backups, self.window()).open()
