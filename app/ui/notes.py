"""A place to write a note: opens where it stands, Ctrl+Enter keeps the note, Esc puts the field away.

What was typed and not kept stays with its lead while the program runs, and goes with the outcome when one is
said.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.parts import Button
from app.ui.theme import SPACE

__all__ = ["Drafts", "NoteBox"]

LONGEST = 20_000
"""Characters that the floor takes as one note."""

Drafts = dict[str, str]
"""What was typed and not kept, by lead id. Shared by all note fields of a screen."""


class _Field(QPlainTextEdit):
    """Plain text, with the two keys."""

    kept = Signal()
    put_away = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.kept.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.put_away.emit()
        elif event.key() == Qt.Key.Key_Tab and not event.modifiers():
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


class NoteBox(QWidget):
    """A link that opens the field; with `always` the field is open at all times."""

    kept = Signal(str)
    """The person wants this text kept as a note."""
    left = Signal()
    """Esc in the field."""
    opened = Signal(bool)
    """The field came or went."""

    def __init__(self, drafts: Drafts, parent: QWidget | None = None, *, always: bool = False) -> None:
        super().__init__(parent)
        self._drafts, self._always, self._lead_id = drafts, always, ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.small)
        self.link = Button(
            self.tr("Add a note"), "quiet", self, key="N", spread=True, press=self.open, height=34
        )
        self.field = _Field(self)
        self.field.setPlaceholderText(self.tr("What did they say?"))
        self.field.setAccessibleName(self.tr("Note"))
        self.field.setTabChangesFocus(True)
        self.field.setMinimumHeight(58)
        self.field.setMaximumHeight(120 if not always else 400)
        self.field.kept.connect(self.keep)
        self.field.put_away.connect(self._escape)
        self.field.textChanged.connect(self._typed)
        self.save = Button(self.tr("Keep note"), "quiet", self, key="Ctrl Enter", press=self.keep, height=28)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.save)
        column.addWidget(self.link)
        column.addWidget(self.field, 1)
        column.addLayout(row)
        self._show_field(always)

    def set_lead(self, lead_id: str) -> None:
        """Write about this lead from now on; its draft comes back."""
        if lead_id == self._lead_id:
            return
        self._lead_id = lead_id
        draft = self._drafts.get(lead_id, "")
        self._put(draft)
        self._show_field(self._always or bool(draft))

    def showEvent(self, event: QShowEvent) -> None:
        # The same draft may have been written in another field meanwhile.
        draft = self._drafts.get(self._lead_id, "")
        if draft != self.field.toPlainText():
            self._put(draft)

    def open(self) -> None:
        """Show the field and put the keyboard in it."""
        self._show_field(True)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keep(self) -> None:
        """Ask for the note to be kept."""
        text = self.field.toPlainText().strip()
        if text and self.save.isEnabled():
            self.kept.emit(text)

    def cleared(self) -> None:
        """The note is kept: the field is empty again."""
        self._drafts.pop(self._lead_id, None)
        self._put("")
        had_focus = self.field.hasFocus()
        self._show_field(self._always)
        if had_focus and not self._always:
            self.left.emit()

    def forget(self, lead_id: str) -> None:
        """That lead's draft went with its outcome."""
        if lead_id == self._lead_id:
            self._put("")
            self._show_field(self._always)

    def set_busy(self, busy: bool) -> None:
        self.save.setEnabled(not busy and bool(self.field.toPlainText().strip()))

    def _put(self, text: str) -> None:
        self.field.blockSignals(True)
        self.field.setPlainText(text)
        self.field.blockSignals(False)
        self.save.setEnabled(bool(text.strip()))

    def _typed(self) -> None:
        text = self.field.toPlainText()
        if len(text) > LONGEST:
            cursor = self.field.textCursor()
            place = min(cursor.position(), LONGEST)
            self._put(text[:LONGEST])
            cursor = self.field.textCursor()
            cursor.setPosition(place)
            self.field.setTextCursor(cursor)
            text = text[:LONGEST]
        if text.strip():
            self._drafts[self._lead_id] = text
        else:
            self._drafts.pop(self._lead_id, None)
        self.save.setEnabled(bool(text.strip()))

    def _escape(self) -> None:
        if not self._always:
            self._show_field(False)
        self.left.emit()

    def _show_field(self, shown: bool) -> None:
        if shown is self.field.isHidden():
            self.opened.emit(shown)
        self.link.setVisible(not shown)
        self.field.setVisible(shown)
        self.save.setVisible(shown)
