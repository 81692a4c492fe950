"""Files around the import: the one that is dropped, where refused rows and saved columns go."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent

from app.settings import Settings, home
from app.workers.rejects import beside

__all__ = ["dropped", "open_file", "place_for_mappings", "place_for_rejects"]


def place_for_mappings(settings: Settings) -> Path:
    """Beside a desk's profile."""
    profile = settings.path
    return (profile.parent if profile is not None else home()) / "mappings"


def dropped(event: QDropEvent) -> Path | None:
    """The one local file that hangs there or fell."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


def open_file(path: Path) -> None:
    """Open it as this computer does."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def place_for_rejects(path: Path) -> Path:
    """Beside the file; in the downloads where that folder can't be written."""
    if os.access(path.parent, os.W_OK):
        return beside(path)
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
    return beside(Path(place) / path.name)
