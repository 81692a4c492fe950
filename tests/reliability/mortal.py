"""A PostgreSQL server that is killed and started again on the same data, with its settings as they come: what it has
acknowledged it must still have."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.postgres import LOCALE, NOBODY, _as, _can_run, _copy_to, _free_port, _plain_speech, binaries

_UP_S = 60.0


class Mortal:
    """Running once it is made. `end` it when done."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="firstring-mortal-"))
        self._run_as = NOBODY if os.geteuid() == 0 else None
        self._bin = binaries()
        self._server: subprocess.Popen[bytes] | None = None
        try:
            if self._run_as is not None:
                os.chown(self._folder, self._run_as, self._run_as)
                if not _can_run(self._bin / "postgres", self._folder, self._run_as):
                    self._bin = _copy_to(self._folder, self._bin, self._run_as)
            subprocess.run(
                [self._bin / "initdb", "-D", self._folder / "data", "-U", "firstring", "-A", "trust"]  # noqa: RUF005
                + ["--encoding=UTF8", f"--locale={LOCALE}", "--no-sync"],
                cwd=self._folder,
                env=_plain_speech(),
                capture_output=True,
                check=True,
                **_as(self._run_as),
            )
            self.port = _free_port()
            self.start()
        except BaseException:
            self.end()
            raise

    @property
    def address(self) -> str:
        return f"postgresql://firstring@127.0.0.1:{self.port}/postgres"

    def start(self) -> float:
        """Start it on what is there; the moment at which it let somebody in."""
        began = time.monotonic()
        self._server = self._launched()
        while True:
            try:
                psycopg.connect(self.address, connect_timeout=5).close()
            except psycopg.OperationalError:
                said = (self._folder / "said").read_text(errors="replace")
                assert time.monotonic() - began < _UP_S, (
                    f"PostgreSQL did not start on what the kill left: {said}"
                )
                time.sleep(0.05)
                if self._server.poll() is not None:
                    # One of its dying children may still hold its memory; whoever looks after it tries again.
                    self._server = self._launched()
            else:
                return time.monotonic()

    def _launched(self) -> subprocess.Popen[bytes]:
        settings = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": ""}
        with (self._folder / "said").open("ab") as said:
            return subprocess.Popen(
                [self._bin / "postgres", "-D", self._folder / "data"]
                + [f"--{name}={value}" for name, value in settings.items()],
                cwd=self._folder,
                env=_plain_speech(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,  # so that it and its children can be killed at one blow
                **_as(self._run_as),
            )

    def kill(self) -> None:
        """The server and everything that belongs to it, with a signal that none of them sees coming."""
        assert self._server is not None
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

    def end(self) -> None:
        if self._server is not None and self._server.poll() is None:
            self.kill()
        shutil.rmtree(self._folder, ignore_errors=True)
