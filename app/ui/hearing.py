"""What reaches the program from below its window: Qt's own words, and the system's signals."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QSocketNotifier,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from app import VERSION
from app.ui import theme

log = logging.getLogger(__name__)
_MUST_GO = "firstring.must_go"
CANNOT = 3
"""The exit code for what can't be done here."""


def hear_qt(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Qt's own words go into the log; one of them would be followed by an abort, and ends here in peace."""
    calm = kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg)
    log.log(logging.DEBUG if calm else logging.WARNING, "Qt: %s", text)
    if kind is not QtMsgType.QtFatalMsg:
        return
    words = f"Firstring has to end. Qt says: {text.partition(chr(10))[0]}"
    if QCoreApplication.startingUp():
        display = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY") or "of this computer"
        words = f"Firstring can't open a window on the display {display}. Is it there, and may you use it?"
    print(f"firstring: {words}", file=sys.stderr, flush=True)  # noqa: T201
    os._exit(CANNOT)


def hear_signals(app: QApplication) -> None:
    """Let Ctrl+C and a polite kill close the window as a person would."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return
    import socket

    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    signal.set_wakeup_fd(writer.fileno())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, app)

    def heard() -> None:
        reader.recv(64)
        app.setProperty(_MUST_GO, True)
        app.closeAllWindows()
        app.quit()

    notifier.activated.connect(heard)
    app.setProperty("firstring.signals", (reader, writer))


def must_go() -> bool:
    """Whether the program is being ended from outside: by a signal, or because the whole session ends."""
    app = QApplication.instance()
    return isinstance(app, QApplication) and (bool(app.property(_MUST_GO)) or app.isSavingSession())


def application(look: str) -> QApplication:
    """The one Qt application, in a look, with its ears open."""
    qInstallMessageHandler(hear_qt)
    gc.disable()  # from here on garbage is collected on this thread only, by the desk's sweeper
    theme.prepare()
    app = QApplication.instance() or QApplication(["firstring"])
    assert isinstance(app, QApplication)
    app.setApplicationName("Firstring")
    app.setApplicationVersion(VERSION)
    app.setDesktopFileName("firstring")
    theme.choose(app, look)  # type: ignore[arg-type]
    hear_signals(app)
    return app
