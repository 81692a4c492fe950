"""Makes a sound when it is asked to, by what this computer has.

On Linux the first player that works (PulseAudio, PipeWire, libcanberra, ALSA) runs as a process of its own,
on macOS `afplay`; Windows plays by itself. Where there is none the desktop beeps. Nothing waits for a sound
to end. A sound that is playing is not cut short by a softer one, so that thirty leads at once ring once.
`FIRSTRING_SOUND=off` keeps the desk silent; what was asked for is told all the same.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from app.ui import theme

SOUNDS = ("warm", "hot", "breach")
"""From soft to loud."""
LENGTH_MS = 800
"""Longer than any of them lasts."""
LONGEST_MS = 5000
"""A player that has not ended by then hangs."""

PLAYERS: tuple[tuple[str, ...], ...] = (
    ("paplay",),
    ("pw-play",),
    ("canberra-gtk-play", "-f"),
    ("aplay", "-q"),
    ("afplay",),
)

log = logging.getLogger(__name__)


class Sounder(QObject):
    """Plays the sounds of the floor. Lives on the GUI thread and never blocks it."""

    asked = Signal(str)
    """A sound was asked for, whether or not it could be heard: warm, hot or breach."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.muted = os.environ.get("FIRSTRING_SOUND", "").lower() == "off"
        """Set by the person or by `FIRSTRING_SOUND`."""
        self._players: list[tuple[str, ...]] | None = None
        self._process: QProcess | None = None
        self._playing = ""
        self._ends = QTimer(self, singleShot=True)
        self._ends.timeout.connect(self._stop)

    @property
    def can_play(self) -> bool:
        """Whether there is something better than a beep."""
        return sys.platform == "win32" or bool(self._found())

    def play(self, sound: str) -> None:
        """Begin one of `SOUNDS`; returns at once."""
        log.info("sound asked for: %s", sound)
        self.asked.emit(sound)
        louder = not self._playing or SOUNDS.index(sound) > SOUNDS.index(self._playing)
        if self.muted or not louder:
            return
        if sys.platform == "win32":
            import winsound

            flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
            try:
                winsound.PlaySound(_file(sound), flags)
            except RuntimeError:
                QApplication.beep()
            self._playing = sound
            self._ends.start(LENGTH_MS)
        else:
            self._stop()
            self._begin(sound)

    def close(self) -> None:
        """Silence; the desk is closing."""
        self.muted = True
        self._stop()

    def _found(self) -> list[tuple[str, ...]]:
        """The players of this computer that have not failed yet."""
        if self._players is None:
            found = ((shutil.which(player[0]), player) for player in PLAYERS)
            self._players = [(path, *player[1:]) for path, player in found if path]
        return self._players

    def _begin(self, sound: str) -> None:
        players = self._found()
        if not players:
            QApplication.beep()
            return
        program, *options = players[0]
        self._playing = sound
        self._process = QProcess(self)
        self._process.finished.connect(self._ended)
        self._process.errorOccurred.connect(self._not_started)
        self._process.start(program, [*options, _file(sound)])
        self._ends.start(LONGEST_MS)

    @Slot(int, QProcess.ExitStatus)
    def _ended(self, code: int, how: QProcess.ExitStatus) -> None:
        sound = self._let_go()
        if code or how is not QProcess.ExitStatus.NormalExit:
            self._next_player(sound)

    @Slot(QProcess.ProcessError)
    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._next_player(self._let_go())

    def _next_player(self, sound: str) -> None:
        """This one has no sound server to speak to, or is broken; it would be the next time too."""
        gone = self._found().pop(0)
        log.info("sound: %s can't play here", gone[0])
        self._begin(sound)

    @Slot()
    def _stop(self) -> None:
        process = self._process
        self._let_go()
        if process and process.state() is not QProcess.ProcessState.NotRunning:
            process.kill()
            process.waitForFinished(200)

    def _let_go(self) -> str:
        """Forget the player that ran; returns what it played."""
        self._ends.stop()
        sound, self._playing = self._playing, ""
        if self._process:
            self._process.finished.disconnect(self._ended)
            self._process.errorOccurred.disconnect(self._not_started)
            self._process.deleteLater()
            self._process = None
        return sound


def _file(sound: str) -> str:
    return str(theme.resources("sounds", f"{sound}.wav"))
