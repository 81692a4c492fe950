"""Screen: the floor in numbers. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.report import Reports
from app.ui.context import Context

KEY = "reports"
TITLE = "Reports"
ICON = "reports"
ORDER = 25
FOR = Reports


def build(context: Context) -> QWidget:
    from app.ui.reports_screen import ReportsScreen

    return ReportsScreen(context)
