"""Screen: the floor on the wall. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.questions import WallFigures
from app.ui.context import Context

KEY = "wallboard"
TITLE = "Wallboard"
ICON = "wallboard"
ORDER = 65
FOR = WallFigures


def build(context: Context) -> QWidget:
    from app.ui.wallboard_screen import WallboardScreen

    return WallboardScreen(context)
