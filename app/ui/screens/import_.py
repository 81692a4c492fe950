"""Screen: files into leads. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.commands import BeginImport
from app.ui.context import Context

KEY = "import"
TITLE = "Import"
ICON = "import"
ORDER = 40
FOR = BeginImport


def build(context: Context) -> QWidget:
    from app.ui.import_screen import ImportScreen

    return ImportScreen(context)
