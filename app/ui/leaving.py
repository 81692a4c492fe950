"""Logging this desk out of its floor, behind the first question that is asked again meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication

from app.domain.errors import AppError
from app.settings import Settings
from app.ui.sessions import tried

__all__ = ["Leaving"]


class Leaving:
    """Used on the GUI thread, save for `wait`."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def begin(self, address: str, settings: Settings, failed: Callable[[AppError], object]) -> str:
        """Remove what lets this desk into the floor of an address, which is closed by now; what to say meanwhile.

        `failed` hears on another thread why something could not be removed."""
        from app.workers.leaving import leave

        settings.last_floor = ""
        settings.me.pop(address, None)
        settings.save()
        work = partial(tried, partial(leave, address), failed)
        self._thread = threading.Thread(target=work, name="leaving", daemon=True)
        self._thread.start()
        return QCoreApplication.translate(
            "leaving", "This desk was logged out, and its PIN is gone. Join again to come back."
        )

    def wait(self) -> None:
        """Until it is done; nothing is opened before."""
        if self._thread is not None:
            self._thread.join()
