"""Screen: inquiries that could not be understood. The screen itself is loaded when it is first shown."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.questions import InquiriesIn
from app.ui.context import Context

KEY = "review"
TITLE = "Review"
ICON = "review"
ORDER = 20
FOR = InquiriesIn


def build(context: Context) -> QWidget:
    from app.ui.review_screen import ReviewScreen

    return ReviewScreen(context)
