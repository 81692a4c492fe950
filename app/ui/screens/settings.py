"""Screen: what this desk remembers of its own. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.context import Context

KEY = "settings"
TITLE = "Settings"
ICON = "settings"
ORDER = 90


def build(context: Context) -> QWidget:
    from app.ui.settings_screen import SettingsScreen

    return SettingsScreen(context)
