"""Screen: the ways in by which inquiries come. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.questions import AllSources
from app.ui.context import Context

KEY = "sources"
TITLE = "Sources"
ICON = "sources"
ORDER = 30
FOR = AllSources


def build(context: Context) -> QWidget:
    from app.ui.sources_screen import SourcesScreen

    return SourcesScreen(context)
