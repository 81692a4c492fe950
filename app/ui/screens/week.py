"""Screen: the weekly review. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.questions import FrozenWeeks
from app.ui.context import Context

KEY = "week"
TITLE = "Week"
ICON = "calendar"
ORDER = 27
FOR = FrozenWeeks


def build(context: Context) -> QWidget:
    from app.ui.week_screen import WeekScreen

    return WeekScreen(context)
