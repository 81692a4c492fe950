"""Where a floor's file may lie, and that only one program has it open.

SQLite is safe for programs of one computer on a disk of that computer. A network share or a folder that a
sync service rewrites is refused, by name and with what to do instead. The lock is the operating system's, on a
file beside the floor, so that it ends with the program however that ends.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from app.domain.errors import AppError, Damaged, Unavailable

RESTORED = ".restored"
"""What a verified backup is called beside the floor whose name it is to get."""
LEAST_FREE = 64 * 1024 * 1024
"""Bytes that must be free to open a floor."""
_SHARES = {
    "9p", "afs", "ceph", "cifs", "drvfs", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs", "glusterfs", "nfs", "nfs4",
    "prl_fs", "smb3", "smbfs", "vboxsf", "vmhgfs", "fuse.vmhgfs-fuse",
}  # fmt: skip
_SYNCED = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "icloud drive",
    "mobile documents",
    "nextcloud",
)


class FloorInUse(AppError):
    """Another Firstring on this computer has the floor open."""

    def __init__(self, path: Path) -> None:
        super().__init__("Already open", f"Another Firstring on this computer has {path.name} open.")


class FloorLock:
    """Held from `take` to `release`."""

    def __init__(self, floor: Path) -> None:
        self._floor = floor
        self._file: IO[bytes] | None = None

    def take(self) -> None:
        """Raises FloorInUse, or Unavailable where the folder can't be written. What is held stays held."""
        if self._file is not None:
            return
        try:
            file = Path(f"{self._floor}.lock").open("a+b")  # noqa: SIM115 - held for the life of the program
        except OSError as error:
            raise unwritable(self._floor.parent, error) from error
        try:
            if sys.platform == "win32":
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise FloorInUse(self._floor) from error
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def hold(floor: Path) -> FloorLock:
    """The lock of a floor's file, taken once the file is known to lie well and to be whole. Raises AppError with a
    clear sentence."""
    from app.store.start_check import look_over

    if Path(f"{floor}{RESTORED}").exists():
        from app.store.restore_file import finish

        finish(floor)
    if not floor.exists():  # before anything is put beside it
        raise Damaged(f"There is no floor at {floor}.", "No such floor")
    check_place(floor)
    lock = FloorLock(floor)
    lock.take()
    try:
        look_over(floor)
    except BaseException:
        lock.release()
        raise
    return lock


def unwritable(folder: Path, error: OSError) -> Unavailable:
    """The sentence for a folder that can't be written."""
    if isinstance(error, FileNotFoundError):
        return Unavailable(f"There is no folder {folder}.", "No such folder")
    if error.errno == 28:
        return Unavailable(f"The disk with {folder} is full. Free some space and start again.", "Disk full")
    return Unavailable(
        f"Firstring can't write in {folder}. Choose another folder with FIRSTRING_HOME, or change its permissions.",
        "Read-only folder",
    )


def check_place(floor: Path) -> None:
    """Refuse a place where a floor's file would come to harm; raises Unavailable with the reason."""
    folder = floor.resolve().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    kind = file_system(folder)
    if kind in _SHARES:
        raise Unavailable(
            f"{folder} is on a network share ({kind}), where a floor's file would be damaged. "
            "Keep it on this computer, or join a shared PostgreSQL floor.",
            "Not on a network share",
        )
    lowered = str(folder).lower()
    synced = next((name for name in _SYNCED if name in lowered), "")
    if synced:
        raise Unavailable(
            f"{folder} is kept in step by a sync service ({synced}), which would damage a floor's file. "
            "Choose a folder outside it.",
            "Not in a synced folder",
        )
    if not os.access(folder, os.W_OK) or (floor.exists() and not os.access(floor, os.W_OK)):
        raise unwritable(folder, PermissionError())
    check_free(folder)


def check_free(folder: Path) -> None:
    import shutil

    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise Unavailable(
            f"The disk with {folder} has only {free // 2**20} MB left; Firstring needs {LEAST_FREE // 2**20} MB. "
            "Free some space and start again.",
            "Disk full",
        )


def file_system(folder: Path) -> str:
    """The kind of file system a folder is on; "" where that can't be told."""
    if sys.platform != "linux":
        return ""
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    best, kind = "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        mount = before.split()[4].encode().decode("unicode_escape")
        inside = str(folder) == mount or str(folder).startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, after.split()[0]
    return kind
