"""Screen: the journal, for whoever answers for the floor. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.questions import ReadJournal
from app.ui.context import Context

KEY = "audit"
TITLE = "Audit"
ICON = "audit"
ORDER = 80
FOR = ReadJournal


def build(context: Context) -> QWidget:
    from app.ui.audit_screen import AuditScreen

    return AuditScreen(context)
