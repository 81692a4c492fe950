"""A backup takes the place of a floor, and the offer of the last good one where a floor's file can't be opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.address import is_file
from app.clock import SystemClock
from app.domain.errors import AppError, Damaged
from app.settings import Settings

if TYPE_CHECKING:
    from app.store.backup import Backup
    from app.ui.backups import FloorBackups
    from app.ui.desk import Desk
    from app.ui.parts_say import BannerKind
    from app.ui.parts_sheet import Sheet
    from app.ui.sessions import OpenFloor, OpenSession
    from app.ui.shell import Shell

__all__ = ["Restoring", "offer_last_good", "put_back"]


class Restoring(QObject):
    """What a window's start does about backups, from one floor to the next."""

    wanted = Signal(object, str)
    """A `Backup` is to be put in the place of the floor at an address."""

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._backups: FloorBackups | None = None
        self._news: tuple[BannerKind, str] | None = None

    def attend(self, session: OpenSession, desk: Desk) -> None:
        """Give a desk the backups of its floor."""
        from app.ui.backups import FloorBackups

        self._backups = desk.context.backups = FloorBackups(session, self._settings, SystemClock(), desk)
        self._backups.restore_wanted.connect(lambda backup: self.wanted.emit(backup, session.told))

    def start_backups(self) -> None:
        """Begin to make them; on any thread."""
        if self._backups is not None:
            self._backups.start()

    def leave(self) -> None:
        """Before the desk goes."""
        if self._backups is not None:
            self._backups.stop()
            self._backups = None

    def put_back(self, backup: Backup, address: str, open_floor: OpenFloor) -> OpenSession:
        """Restore a backup and open what stands there then, restored or not; on the opener's thread."""
        self._news = put_back(backup, address)
        return open_floor(address)

    def tell(self, shell: Shell) -> None:
        """Say how the restore went, if there was one."""
        if self._news is not None:
            shell.banner("restored", *self._news, closable=True)
            self._news = None

    def offer(self, parent: QWidget, address: str, error: AppError) -> None:
        """Offer the last good backup where the floor at an address can't be opened because of its file."""
        if address and isinstance(error, Damaged):
            offer_last_good(parent, address, error, lambda backup: self.wanted.emit(backup, address))


def put_back(backup: Backup, address: str) -> tuple[BannerKind, str]:
    """Restore it, on a thread without a window; what to say about it once the floor is open again."""
    from app.store.restore import restore
    from app.ui.backups_words import when_words

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
    from app.ui.backups_words import backup_line
    from app.ui.plain import ask

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
