"""Makes the machine ready for Firstring, then carries on inside the project's own interpreter.

`python3 main.py` and `python3 tests` come through here first. On a machine that has everything this costs
the comparison of two files and one exec. Otherwise `install` brings what is missing: the system packages (on
Debian and its kin), the folder `.venv`, and in it exactly the libraries of the lock file.

All this runs on the machine's bare Python, before anything is installed: the standard library only, and here
nothing but `os` and `sys`. So that an old Python can read this file far enough to be told that it is too old,
there is no `from __future__ import annotations` in it and no syntax younger than Python 3.6.
"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the reason why this line is here
    sys.stderr.write(f"Firstring needs Python 3.11 or newer; this is Python {sys.version.split()[0]}.\n")
    raise SystemExit(3)

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
if os.name == "nt":
    PYTHON = os.path.join(VENV, "Scripts", "python.exe")
else:
    PYTHON = os.path.join(VENV, "bin", "python")

QT_PACKAGES = (
    "libdbus-1-3",
    "libegl1",
    "libfontconfig1",
    "libgl1",
    "libglib2.0-0",
    "libgssapi-krb5-2",
    "libwayland-cursor0",
    "libwayland-egl1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-sync1",
    "libxcb-xfixes0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
)
"""What the Qt wheel expects of a Debian system; even a window that is never shown needs most of it."""

TEST_PACKAGES = ("dbus-daemon", "libnotify-bin", "openbox", "strace", "xdotool", "xfce4-notifyd", "xvfb")
"""A screen nobody sees, a hand to click on it, a notification daemon with real buttons, and somebody who
watches which files are opened."""


def ready(tests: bool = False) -> None:
    """Return inside the project's own interpreter, with every library there; install and re-exec if need be.

    `tests` asks for what the tests need, too. Ends the process with exit code 3 and one sentence on stderr
    when the machine cannot be made ready.
    """
    if getattr(sys, "frozen", False) or "__compiled__" in globals():
        return  # an installed program carries its libraries
    if os.environ.get("FIRSTRING_NO_BOOTSTRAP") == "1":
        return
    if os.path.exists(VENV) and os.path.samefile(sys.prefix, VENV):
        if stamped(tests, f"{sys.version_info.major}.{sys.version_info.minor}"):
            return
        # This interpreter is about to be changed or replaced: the one it was made from has to do that.
        os.environ["FIRSTRING_INSTALL"] = "1"
        _become(getattr(sys, "_base_executable", sys.executable))
    if os.environ.pop("FIRSTRING_INSTALL", "") or not (stamped(tests) and os.access(PYTHON, os.X_OK)):
        from app.bootstrap.install import install

        install(tests)
    _become(PYTHON)


def _become(python: str) -> None:
    """Start the same command again under `python`, in place of this process."""
    command = [python, *sys.orig_argv[1:]]
    if os.name == "nt":  # exec there returns to the shell at once, with the program still running
        import subprocess

        raise SystemExit(subprocess.call(command))  # noqa: S603 - this program's own interpreter and words
    os.execv(python, command)  # noqa: S606 - this program's own interpreter and words


# The stamp says what `.venv` was made for. It is written last and taken away first, so a folder without one
# is half-made. It holds the lock file's own text: as exact as a hash, and quicker to read than one to reckon.


def packages(tests: bool) -> "tuple[str, ...]":
    return QT_PACKAGES + TEST_PACKAGES if tests else QT_PACKAGES


def lock_path(tests: bool) -> str:
    return os.path.join(ROOT, "requirements-tests.lock" if tests else "requirements.lock")


def stamp_path(tests: bool) -> str:
    return os.path.join(VENV, "ready-for-tests" if tests else "ready")


def stamp(tests: bool, version: str) -> bytes:
    """What the stamp reads when Python `version` ("3.11") has everything that is asked for now."""
    with open(lock_path(tests), "rb") as lock:
        return "\n".join([version, *packages(tests), ""]).encode() + lock.read()


def stamped(tests: bool, version: str = "") -> bool:
    """Whether `.venv` has everything, and was made by Python `version` (when empty: by any)."""
    try:
        with open(stamp_path(tests), "rb") as file:
            have = file.read()
        return have == stamp(tests, version or have.partition(b"\n")[0].decode())
    except (OSError, UnicodeDecodeError):
        return False
