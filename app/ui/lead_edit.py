"""Correct what is known of a person: a small form in the card. Enter keeps it, Esc leaves it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.lead import Lead
from app.ui.parts import Button, SectionHead
from app.ui.plain import PlainLabel
from app.ui.theme import SPACE
from app.ui.wording import corrected_field

__all__ = ["LeadEdit"]

FIELDS = ("name", "title", "company", "phone", "email", "city", "region", "country")
LONGEST = 500


class LeadEdit(QWidget):
    """The form. It shows the lead's own words and tells what was changed."""

    saved = Signal(object, object)
    """Tuple of (field, new text), only what differs, never empty; and of (field, text that was seen) for the same."""
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead: Lead | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE.gap)
        column.addWidget(SectionHead(self.tr("Correct details"), self.tr("Esc goes back"), self, strong=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE.gap)
        grid.setVerticalSpacing(SPACE.small)
        self.fields: dict[str, QLineEdit] = {}
        for row, name in enumerate(FIELDS):
            label = PlainLabel(corrected_field(name), self, ink="ink_soft")
            field = self.fields[name] = QLineEdit(self)
            field.setMaxLength(LONGEST)
            field.setAccessibleName(label.text())
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        row_of_buttons = QHBoxLayout()
        row_of_buttons.addStretch(1)
        self.cancel = Button(self.tr("Cancel"), "quiet", self, press=self.left.emit)
        self.save = Button(self.tr("Save"), "dark", self, key="Enter", press=self._save)
        row_of_buttons.addWidget(self.cancel)
        row_of_buttons.addWidget(self.save)
        column.addLayout(row_of_buttons)
        self.hide()

    def edit(self, lead: Lead) -> None:
        """Show the form for this lead."""
        self._lead = lead
        for name, field in self.fields.items():
            field.setText(str(getattr(lead, name)))
            field.setCursorPosition(0)
        self.show()
        self.fields["name"].setFocus(Qt.FocusReason.OtherFocusReason)
        self.fields["name"].selectAll()

    def set_busy(self, busy: bool) -> None:
        self.save.setEnabled(not busy)

    def _save(self) -> None:
        if self._lead is None or not self.save.isEnabled():
            return
        changes = []
        for name, field in self.fields.items():
            was = str(getattr(self._lead, name))
            # A field that could not show all of a long text, and was not touched, changes nothing.
            if field.isModified() and field.text() != was:
                changes.append((name, field.text().strip()))
        if changes:
            seen = tuple((name, str(getattr(self._lead, name))) for name, _text in changes)
            self.saved.emit(tuple(changes), seen)
        else:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._save()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
