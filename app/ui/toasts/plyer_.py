"""The last native backend: a plain bubble by plyer, without buttons and without a way back.

plyer waits for `notify-send` to end and does little about odd text, so it is called on a thread of its own
and with text prepared for each system: a title that begins with a dash is an option to `notify-send`, a
backslash in the body an escape, `<` markup; Windows takes short texts only. A bubble can't be replaced or
taken away, so that each lead gets a new one only when it is louder, and the summing one shows once.
"""

from __future__ import annotations

import html
import importlib.util
import logging
import os
import queue
import shutil
import sys
import threading
import warnings
from typing import TYPE_CHECKING

from app.ui.toasts._bus import SessionBus
from app.ui.toasts._toast import SUMMARY, Backend, CannotToast, Site, Toast

if TYPE_CHECKING:
    from plyer.facades import Notification

NAME = "plyer"
ORDER = 90
SYSTEMS: tuple[str, ...] = ("linux", "freebsd", "win32", "darwin")

WINDOWS_TITLE, WINDOWS_BODY = 63, 255
"""UTF-16 units that a balloon holds."""

log = logging.getLogger(__name__)


def build(site: Site) -> Backend:
    return PlyerToasts(site)


class PlyerToasts:
    """Hands toasts to a thread that hands them to plyer."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._loudness: dict[str, tuple[int, int]] = {}
        self._jobs: queue.SimpleQueue[Toast | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        _look_for_a_way()
        self._plyer = _plyer()

    def show(self, toast: Toast) -> None:
        before = self._loudness.get(toast.lead_id)
        self._loudness[toast.lead_id] = toast.loudness
        if before == toast.loudness or (before and toast.lead_id == SUMMARY):
            return
        if not self._thread:
            self._thread = threading.Thread(target=self._work, name="toasts-plyer", daemon=True)
            self._thread.start()
        self._jobs.put(toast)

    def withdraw(self, lead_id: str) -> None:
        self._loudness.pop(lead_id, None)

    def close(self) -> None:
        self._jobs.put(None)
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(2)

    def _work(self) -> None:
        while toast := self._jobs.get():
            title, body = _prepared(toast)
            try:
                self._plyer.notify(title=title, message=body, app_name="Firstring", timeout=10)
            except Exception as error:  # plyer passes on whatever the system threw
                log.info("notifications: plyer", exc_info=True)
                self._site.failed(f"plyer could not show a bubble ({error})")
                return


def _look_for_a_way() -> None:
    """`CannotToast` where plyer would do nothing and not say so, or would do it dangerously."""
    if importlib.util.find_spec("plyer") is None:
        raise CannotToast("the library plyer is not installed")
    if sys.platform == "darwin" and importlib.util.find_spec("pyobjus") is None:
        raise CannotToast("plyer needs pyobjus here")
    if sys.platform in ("win32", "darwin"):
        return
    if os.path.isdir("/app"):
        # In a Flatpak plyer builds a command from the text by joining strings; a name could add to it.
        raise CannotToast("plyer is not safe inside a Flatpak")
    if not shutil.which("notify-send"):
        raise CannotToast("the program notify-send is not installed")
    if importlib.util.find_spec("jeepney"):
        SessionBus().close()  # without a bus notify-send shows nothing, and plyer does not ask it how it went


def _plyer() -> Notification:
    """plyer's notification for this system."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of the bindings it could have used
        from plyer import notification
        from plyer.facades import Notification as Nothing

        if notification.__class__ is Nothing:
            raise CannotToast("plyer knows no way to notify here")
    return notification


def _prepared(toast: Toast) -> tuple[str, str]:
    """Title and body as the system's own tool takes them literally."""
    title, body = toast.headline, toast.body
    if sys.platform == "win32":
        return _utf16(title, WINDOWS_TITLE), _utf16(body, WINDOWS_BODY)
    if sys.platform == "darwin":
        return title, body
    body = html.escape(body, quote=False).replace("\\", "\\\\")
    return _no_option(title), _no_option(body)


def _no_option(text: str) -> str:
    return f" {text}" if text.startswith("-") else text


def _utf16(text: str, units: int) -> str:
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
