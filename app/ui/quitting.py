"""Quitting while something is unsent: say that it is kept, and let the person choose."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.ui.curtain import ABOVE
from app.ui.hearing import must_go
from app.ui.plain import ask

__all__ = ["Quitting"]


class Quitting:
    """One window's way out."""

    def __init__(self) -> None:
        self._told = False
        self._asking = False

    def waits(self, window: QWidget, unsent: int) -> bool:
        """Whether the window stays for now: something is unsent, and the person is asked first.

        Nobody is asked twice, nor when the program is ended from outside.
        """
        if not unsent or self._told or must_go():
            return False
        if not self._asking:
            self._asking = True
            self._ask(window, unsent)
        return True

    def _ask(self, window: QWidget, unsent: int) -> None:
        tr = QCoreApplication.translate
        text = tr(
            "quitting",
            "{what} you did here did not reach the floor yet. Nothing is lost: it is kept on this computer and "
            "sent when Firstring is open and the floor is there. Until then nobody else sees it.",
        )
        what = tr("quitting", "One thing") if unsent == 1 else tr("quitting", "{n} things").format(n=unsent)
        window.show()  # from the tray, the window may be out of sight
        title = tr("quitting", "Quit with unsent work?")
        quit_words, stay = tr("quitting", "Quit"), tr("quitting", "Stay")
        sheet = ask(window, title, text.format(what=what), quit_words, stay, partial(self._answered, window))
        sheet.setProperty(ABOVE, True)  # counts only, and a locked desk may be closed

    def _answered(self, window: QWidget, quits: bool) -> None:
        self._asking = False
        if quits:
            self._told = True
            window.close()
