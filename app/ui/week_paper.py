"""A frozen page on paper, drawn in a program of its own for whoever sends or saves it."""

from __future__ import annotations

import sys

from app.codec import Malformed
from app.domain.week import page_of

__all__ = ["serve"]


def serve() -> int:
    """Read a page's bytes from the standard input, write its PDF to the standard output; the exit code."""
    try:
        page = page_of(sys.stdin.buffer.read())
    except Malformed as error:
        sys.stderr.write(f"This is no page of a frozen week: {error}\n")
        return 2
    from PySide6.QtGui import QGuiApplication

    app = QGuiApplication(["firstring"])
    from app.ui.reports_files import as_pdf

    sys.stdout.buffer.write(as_pdf(page.report))
    app.shutdown()
    return 0
