"""Screen: the rulebook, read, changed and put in force. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.questions import Rulebooks
from app.ui.context import Context

KEY = "rulebook"
TITLE = "Rulebook"
ICON = "rulebook"
ORDER = 60
FOR = Rulebooks


def build(context: Context) -> QWidget:
    from app.ui.rulebook_screen import RulebookScreen

    return RulebookScreen(context)
