"""Installs what is missing on this machine: once on a fresh one, and again when the lock file has changed.

One start at a time does it, the others wait. Whatever is interrupted is made again from nothing by the next
start. Every failure is one sentence and exit code 3.
"""

import errno
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

from app.bootstrap import PYTHON, ROOT, VENV, lock_path, packages, stamp, stamp_path, stamped

CANNOT_START = 3
"""Exit code when the machine cannot be made ready."""

ROOM = 1_500_000_000
"""Bytes that must be free before `.venv` is made: for the libraries, and the downloads they come from."""

MARK = os.path.join(VENV, "made-by-firstring")
LOG = os.path.join(VENV, "install.log")


def install(tests: bool) -> None:
    """Return when everything is there; otherwise say why not and end the process."""
    try:
        _install_alone(tests)
    except KeyboardInterrupt:
        _say("stopped; the next start takes up where this one ended.")
        raise SystemExit(130) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_room() from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise _fail(f"cannot write to {ROOT}, where its libraries have to be installed.") from error
        raise _fail(f"cannot install its libraries: {error}.") from error


def _say(text: str) -> None:
    sys.stderr.write("Firstring: " + text + "\n")
    sys.stderr.flush()


def _fail(sentence: str) -> SystemExit:
    _say(sentence)
    return SystemExit(CANNOT_START)


def _no_room() -> SystemExit:
    room = f"{ROOM // 1_000_000} MB"
    return _fail(f"not enough disk space; {room} must be free in {ROOT}, and as much for temporary files.")


def _install_alone(tests: bool) -> None:
    """Install, while every other start waits.

    The lock is held by the child processes too: a start that was killed still counts as installing for as
    long as the pip it left behind is writing.
    """
    if not os.path.exists(lock_path(tests)):
        raise _fail(f"{lock_path(tests)} is missing; get a whole copy of Firstring.")
    with open(os.path.join(ROOT, ".venv.lock"), "ab") as lock:
        _wait_for(lock.fileno())
        version = _version_of_venv(lock.fileno())
        if version and stamped(tests, version):
            return  # another start did it while this one waited
        _install_system_packages(tests, lock.fileno())
        _install_libraries(tests, version, lock.fileno())


def _wait_for(lock: int) -> None:
    waiting = "another start is installing the libraries; waiting for it."
    if sys.platform == "win32":
        import msvcrt

        while True:
            try:
                msvcrt.locking(lock, msvcrt.LK_LOCK, 1)  # tries for ten seconds
                return
            except OSError:
                _say(waiting)
    else:
        import fcntl

        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(waiting)
            fcntl.flock(lock, fcntl.LOCK_EX)


def _run(command: list[str], lock: int, **more: str) -> tuple[int, list[str]]:
    """Run to the end; its exit code and its lines. What pip is at is shown on a terminal as it comes."""
    lines = []
    terminal = sys.stderr.isatty()
    with subprocess.Popen(  # noqa: S603 - pip, with words of the program's own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **more},
        pass_fds=() if os.name == "nt" else (lock,),
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            lines.append(line.rstrip())
            words = line.split()
            if terminal and words[:1] in (["Collecting"], ["Installing"]):
                sys.stderr.write(f"\r\033[KFirstring: {words[0].lower()} {words[1]} ")
                sys.stderr.flush()
        if terminal:
            sys.stderr.write("\r\033[K")
    return child.returncode, lines


def _install_system_packages(tests: bool, lock: int) -> None:
    wanted = list(packages(tests))
    if find_spec("ensurepip") is None:
        wanted.insert(0, f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    missing = _missing(wanted, lock)
    if missing is None:
        if find_spec("ensurepip") is None:
            raise _fail(
                f"{sys.executable} has no pip; install your system's package of Python's venv and pip."
            )
        return  # not a Debian: if Qt lacks a library, that is found below
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    if os.name == "nt" or os.geteuid() != 0:
        how = "run this once: sudo" if shutil.which("sudo") else "run this once as root:"
        raise _fail(f"some system packages are missing; {how} {' '.join(command)}")
    _say(f"installing {len(missing)} system packages with apt-get ...")
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    command[1:1] = ["-o", "DPkg::Lock::Timeout=300"]
    code, lines = _run(command, lock, **quiet)
    if code:  # a fresh machine has no list of packages yet, an old one has a stale one
        _run(["apt-get", "update"], lock, **quiet)
        code, lines = _run(command, lock, **quiet)
    if code:
        if any("No space left" in line or "enough free space" in line for line in lines):
            raise _no_room()
        errors = [line[3:] for line in lines if line.startswith("E: ")]
        if any("Failed to fetch" in error or "Unable to locate" in error for error in errors):
            raise _fail(f"apt-get cannot fetch {len(missing)} system packages; is there a network?")
        raise _fail("apt-get could not install the system packages: " + (errors or [f"exit code {code}"])[0])


def _missing(wanted: list[str], lock: int) -> list[str] | None:
    """Those of `wanted` that are not installed, under their own name or as what another package provides.

    None where there is no dpkg to ask.
    """
    ask = ["dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}, ${Provides}\n"]
    try:
        code, lines = _run(ask, lock)
    except FileNotFoundError:
        return None
    if code:
        return None
    have: set[str] = set()
    for line in lines:
        status, _, names = line.partition("\t")
        if status == "installed":
            have.update(name.partition(" (")[0].strip() for name in names.split(","))
    return [package for package in wanted if package not in have]


def _install_libraries(tests: bool, version: str, lock: int) -> None:
    """Bring `.venv`, now of Python `version` (empty: none that works), to what the lock asks for."""
    stamps = [path for path in (stamp_path(True), stamp_path(False)) if os.path.exists(path)]
    whole = any(_first_line(path) == version for path in stamps)
    for path in stamps:
        os.remove(path)
    if whole:
        _say("bringing the libraries up to date ...")
    else:  # never made, or stopped in the middle: what pip wrote by half it would take for installed
        _make_venv(lock)
        version = _version_of_venv(lock)
    pip = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--no-deps",
        "--no-input",
    ]
    code, lines = _run([*pip, "--no-compile", "--progress-bar", "off", "-r", lock_path(tests)], lock)
    with open(LOG, "w", encoding="utf-8") as log:
        log.write("\n".join(lines) + "\n")
    if code:
        raise _explain(lines)
    # On all cores, as pip does not; and also where PYTHONDONTWRITEBYTECODE would make every start slow.
    _run([PYTHON, "-m", "compileall", "-q", "-j", "0", VENV, os.path.join(ROOT, "app")], lock)
    _check_qt(lock)
    for kind in (True, False):
        if tests or not kind:  # the tests' lock holds all of the program's
            _write(stamp_path(kind), stamp(kind, version))
    _say("ready.")


def _first_line(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.readline().rstrip()


def _version_of_venv(lock: int) -> str:
    """The Python behind `.venv`, as "3.11"; empty when there is none that can use what lies in it."""
    ask = "import sys, pip; print('.'.join(map(str, sys.version_info[:2])))"
    try:
        code, lines = _run([PYTHON, "-c", ask], lock)
    except OSError:
        return ""
    return "" if code else lines[-1]


def _make_venv(lock: int) -> None:
    if os.path.isdir(VENV):
        if os.listdir(VENV) and not os.path.exists(MARK):
            raise _fail(f"{VENV} was not made by Firstring; move it out of the way.")
        for name in os.listdir(VENV):
            path = os.path.join(VENV, name)
            if path != MARK:  # so that the folder is known as ours until it is whole again
                shutil.rmtree(path) if os.path.isdir(path) and not os.path.islink(path) else os.remove(path)
    if shutil.disk_usage(ROOT).free < ROOM:
        raise _no_room()
    _say("fetching the libraries into .venv; the first time takes a minute or two ...")
    os.makedirs(VENV, exist_ok=True)
    _write(MARK, b"This folder may be deleted; the next start makes it again.\n")
    code, lines = _run([sys.executable, "-m", "venv", VENV], lock)
    if code:
        raise _fail("cannot make .venv: " + (lines[-1] if lines else f"exit code {code}"))


def _explain(lines: list[str]) -> SystemExit:
    """One sentence for what pip said on many lines."""
    text = "\n".join(lines)
    if "No space left" in text:
        return _no_room()
    if "DO NOT MATCH THE HASHES" in text:
        return _fail(
            "a library that was fetched is not the one this version was made with; it was not installed."
        )
    if "Retrying (" in text or "ConnectionError" in text or "name resolution" in text:
        return _fail("cannot reach the Python package index to fetch the libraries; is there a network?")
    errors = [line[7:] for line in lines if line.startswith("ERROR: ")]
    return _fail(f"pip could not install the libraries: {(errors or ['see'])[-1]} ({LOG})")


def _check_qt(lock: int) -> None:
    code, lines = _run([PYTHON, "-c", "import PySide6.QtWidgets, PySide6.QtNetwork"], lock)
    if code:
        raise _fail(f"Qt cannot be loaded: {lines[-1].partition(': ')[2] if lines else f'exit code {code}'}.")


def _write(path: str, content: bytes) -> None:
    """Whole or not at all."""
    with open(path + ".new", "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)
