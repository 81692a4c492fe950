"""A backup takes the place of a floor, and the offer of the last good one where a floor's file can't be opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.address import is_file
from app.clock import SystemClock
from app.domain.errors import AppError
from app.ui.backups_words import backup_line, when_words
from app.ui.parts_sheet import Sheet
from app.ui.plain import ask

if TYPE_CHECKING:
    from app.store.backup import Backup
    from app.ui.parts_say import BannerKind

__all__ = ["offer_last_good", "put_back"]


def put_back(backup: Backup, address: str) -> tuple[BannerKind, str]:
    """Restore it, on a thread without a window; what to say about it once the floor is open again."""
    from app.store.restore import restore

    now = SystemClock().now()
    tr = QCoreApplication.translate
    try:
        before = restore(backup.path, address, now)
    except AppError as error:
        return "danger", tr("restore", "Nothing was restored. {why}").format(why=error.message)
    said = tr("restore", "Restored: the floor is as it was at {when}.").format(
        when=when_words(backup.facts.at, now)
    )
    kept = tr("restore", "What stood there is kept as {name}.").format(name=before) if before else ""
    return "info", f"{said} {kept}".strip()


def offer_last_good(
    parent: QWidget, address: str, error: AppError, restore: Callable[[Backup], object]
) -> Sheet | None:
    """Offer the newest backup that passes its check for a file that can't be opened; None if there is none."""
    if not is_file(address):
        return None
    backup = _last_good(address)
    if backup is None:
        return None
    tr = QCoreApplication.translate
    text = tr(
        "restore",
        "{why}\n\nThe last good backup is of {line}. What came after it is not in it. "
        "The file that stands there is put aside and kept.",
    ).format(why=error.message, line=backup_line(backup, SystemClock().now()))

    def answered(yes: bool) -> None:
        if yes:
            restore(backup)

    return ask(
        parent,
        tr("restore", "Restore the last good backup?"),
        text,
        tr("restore", "Restore it"),
        tr("restore", "Not now"),
        answered,
    )


def _last_good(address: str) -> Backup | None:
    """The newest one whose file still is what was written; restoring reads all of it once more."""
    from app.store.backup import backups_in, digest_of, stem_of
    from app.workers.backups import backup_folder

    for backup in backups_in(backup_folder(address), stem_of(address)):
        try:
            if digest_of(backup.path) == backup.facts.sha256:
                return backup
        except OSError:
            continue
    return None
