"""Screen: the people of the floor. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.context import Context

KEY = "team"
TITLE = "Team"
ICON = "people"
ORDER = 50


def build(context: Context) -> QWidget:
    from app.ui.team_screen import TeamScreen

    return TeamScreen(context)
